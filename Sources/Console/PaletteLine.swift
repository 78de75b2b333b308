import BankCore
import Screen

/// A whole instruction typed into the palette: `d 2378 1200 rent`.
enum PaletteLine: Hashable, Sendable {
  case entry(EntryKind, account: String, counterAccount: String?, amount: String, memo: String)
  case goTo(String)
  case theme(String)

  /// Nil for what is not a whole instruction (yet).
  init?(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    guard let verb = parts.first?.lowercased(), parts.count > 1 else { return nil }
    switch verb {
    case "d", "deposit": self.init(.deposit, parts)
    case "w", "withdraw": self.init(.withdrawal, parts)
    case "t", "transfer": self.init(transfer: parts)
    case "goto", "g": self = .goTo(parts[1])
    case "theme": self = .theme(parts[1].lowercased())
    default: return nil
    }
  }

  private init?(_ kind: EntryKind, _ parts: [String]) {
    guard parts.count > 2 else { return nil }
    let memo = parts.dropFirst(3).joined(separator: " ")
    self = .entry(kind, account: parts[1], counterAccount: nil, amount: parts[2], memo: memo)
  }

  private init?(transfer parts: [String]) {
    guard parts.count > 3 else { return nil }
    let memo = parts.dropFirst(4).joined(separator: " ")
    self = .entry(
      .transfer, account: parts[1], counterAccount: parts[2], amount: parts[3], memo: memo)
  }

  /// What will happen, before it does.
  var inWords: String {
    switch self {
    case .entry(let kind, let account, let counter, let amount, let memo):
      let to = counter.map { " to \($0)" } ?? ""
      let note = memo.isEmpty ? "" : ", memo \"\(memo)\""
      return "\(kind.title) of \(amount), account \(account)\(to)\(note)"
    case .goTo(let number): return "Open account \(number)"
    case .theme(let name): return "Paint in the theme \(name)"
    }
  }
}

extension PaletteLine {
  /// What enter does with it.
  var enterInWords: String {
    switch self {
    case .entry: "enter goes on to the review"
    case .goTo: "enter opens the account"
    case .theme: "enter paints in it"
    }
  }
}

extension PaletteLine {
  func run(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .entry(let kind, let account, let counter, let amount, let memo):

      if let objection = console.context.objectionToEntering(kind) {
        console.message = .objection(objection)
        return []
      }
      var form = EntryForm(kind: kind, currency: console.context.defaultCurrency)
      form.account.field = TextField(account)
      form.counterAccount.field = TextField(counter ?? "")
      form.amount = TextField(amount)
      form.memo = TextField(memo)
      return console.grant(form.openFilled(&console.context))
    case .goTo(let text):
      console.overlay = nil
      return console.grant([
        console.context.ask(
          .accounts(AccountQuery(filter: text, limit: 8)), for: CommonQuestion.lookUp(text))
      ])
    case .theme(let name):
      console.overlay = nil
      guard console.options.themes.contains(name) else {
        console.message = .cannot(
          "No theme '\(name)'. "
            + (nearestName(to: name, among: console.options.themes).map { "Did you mean '\($0)'? " }
              ?? "")
            + "The themes are: \(console.options.themes.joined(separator: ", ")).")
        return []
      }
      return [.setTheme(name)]
    }
  }
}

extension EntryForm {
  /// Opens the form with everything typed already: it goes on to the review as soon as the accounts
  /// are known, and stops at the first thing that is wrong.
  fileprivate func openFilled(_ context: inout Context) -> [Wish] {
    var form = self
    form.focus = .memo
    form.wantsReview = true
    let picks = [FieldName.account, .counterAccount].filter(fields.contains)
    return [.openForm(form)]
      + picks.map { field in
        let query = AccountQuery(filter: self[field].trimmed, limit: 8)
        return context.ask(.accounts(query), for: Question.pick(field))
      }
  }
}

import BankCore
import Screen

/// A whole instruction typed into the palette: `d 2378 1200 rent`.
enum PaletteLine: Hashable, Sendable {
  case entry(EntryKind, account: String, counterAccount: String?, amount: String, memo: String)
  /// The amount is still to be typed, and of a transfer perhaps the second account.
  case begun(EntryKind, accounts: [String])
  case goTo(String)
  case theme(String)
  /// An entry by its number.
  case receipt(String)

  /// Nil for what is no instruction, or none yet.
  init?(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    guard let verb = parts.first?.lowercased(), parts.count > 1 else { return nil }
    switch verb {
    case "d", "deposit": self.init(.deposit, parts)
    case "w", "withdraw": self.init(.withdrawal, parts)
    case "t", "transfer": self.init(transfer: parts)
    case "goto", "g": self = .goTo(parts[1])
    case "theme": self = .theme(parts[1].lowercased())
    case "receipt", "r": self = .receipt(parts[1].lowercased())
    default: return nil
    }
  }

  private init(_ kind: EntryKind, _ parts: [String]) {
    guard parts.count > 2 else {
      self = .begun(kind, accounts: [parts[1]])
      return
    }
    let memo = parts.dropFirst(3).joined(separator: " ")
    self = .entry(kind, account: parts[1], counterAccount: nil, amount: parts[2], memo: memo)
  }

  private init(transfer parts: [String]) {
    guard parts.count > 3 else {
      self = .begun(.transfer, accounts: Array(parts[1...]))
      return
    }
    let memo = parts.dropFirst(4).joined(separator: " ")
    self = .entry(
      .transfer, account: parts[1], counterAccount: parts[2], amount: parts[3], memo: memo)
  }

  /// Nothing is missing that enter needs.
  var isWhole: Bool { if case .begun = self { false } else { true } }

  /// What is typed for accounts, in order.
  var accounts: [String] {
    switch self {
    case .entry(_, let account, let counter, _, _): [account] + [counter].compactMap(\.self)
    case .begun(_, let accounts): accounts
    case .goTo(let number): [number]
    case .theme, .receipt: []
    }
  }

  /// What will happen, before it does.
  var inWords: String {
    switch self {
    case .entry(let kind, let account, let counter, let amount, let memo):
      let to = counter.map { " to \($0)" } ?? ""
      let note = memo.isEmpty ? "" : ", memo \"\(memo)\""
      return "\(kind.title) of \(amount), account \(account)\(to)\(note)"
    case .begun(.transfer, let accounts) where accounts.count < 2:
      return "Transfer from account \(accounts[0]): type the other account, then the amount"
    case .begun(let kind, let accounts):
      return "\(kind.title), account \(accounts.joined(separator: " to ")): type the amount"
    case .goTo(let number): return "Open account \(number)"
    case .theme(let name): return "Paint in the theme \(name)"
    case .receipt(let entry): return "Show the receipt of entry \(entry)"
    }
  }
}

extension PaletteLine {
  /// What enter does with it, and whether that is what was meant.
  ///
  /// - Parameter found: what is known of the accounts that are typed.
  func enterInWords(_ found: PaletteLookups, _ context: Context) -> (text: String, role: Role) {
    switch self {
    case .entry(let kind, let account, _, let amount, _):
      if let objection = context.objectionToEntering(kind) { return (objection, .warning) }
      if let error = amountError(amount, found[account], context) { return (error, .warning) }
      let isClear = accounts.allSatisfy { found[$0]?.isClear ?? true }
      return isClear
        ? ("enter goes on to the review", .dim)
        : ("enter opens the form, where the account can be chosen", .dim)
    case .begun(let kind, _):
      return context.objectionToEntering(kind).map { ($0, .warning) } ?? ("", .dim)
    case .goTo(let number):
      return found[number]?.isClear ?? true ? ("enter opens the account", .dim) : ("", .dim)
    case .theme(let name):
      return context.options.themes.contains(name)
        ? ("enter paints in it", .dim) : (Self.noTheme(name, context.options), .warning)
    case .receipt(let entry):
      return EntryNumber(entry, at: context.status.terminal) == nil
        ? (Self.noNumber, .warning) : ("enter shows it", .dim)
    }
  }

  private func amountError(
    _ amount: String, _ found: PaletteLookups.Answer?, _ context: Context
  ) -> String? {
    guard case .one(let view)? = found else { return nil }
    do {
      _ = try Money(parsing: amount, view.account.currency, notation: context.options.notation)
      return nil
    } catch {
      return error.text
    }
  }

  private static let noNumber = "Type an entry's number, such as till-1/0024 or 24."

  private static func noTheme(_ name: String, _ options: ConsoleOptions) -> String {
    let near = nearestName(to: name, among: options.themes).map { "Did you mean '\($0)'? " } ?? ""
    return "No theme '\(name)'. \(near)The themes are: \(options.themes.joined(separator: ", "))."
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
    case .begun:
      console.message = .cannot("\(inWords).")
      return []
    case .goTo(let text):
      console.context.uncover()
      return console.grant([
        console.context.ask(
          .accounts(AccountQuery(filter: text, limit: 8)), for: CommonQuestion.lookUp(text))
      ])
    case .theme(let name):
      console.context.uncover()
      guard console.options.themes.contains(name) else {
        console.message = .cannot(Self.noTheme(name, console.options))
        return []
      }
      return [.setTheme(name)]
    case .receipt(let entry):
      console.context.uncover()
      guard let number = EntryNumber(entry, at: console.status.terminal) else {
        console.message = .cannot(Self.noNumber)
        return []
      }
      return console.grant([
        console.context.ask(.receiptNumbered(number), for: CommonQuestion.receipt)
      ])
    }
  }
}

extension EntryForm {
  /// Opens the form with everything typed already: it goes on to the review as soon as the accounts
  /// are known, and stops at the first thing that is wrong.
  func openFilled(_ context: inout Context) -> [Wish] {
    var form = self
    form.focus = .memo
    form.wantsReview = true
    return form.openAsLeft(&context)
  }
}

import BankCore
import Screen

/// Whose account is meant by what is typed into the palette, before enter. One question is open at a
/// time; the next one is about what is typed by then.
struct PaletteLookups: Sendable {
  enum Answer: Sendable {
    case one(AccountView)
    case several
    /// - Parameter isFromBooks: the bank itself says so; what the snapshot does not have may be there.
    case none(isFromBooks: Bool)
    case failed(Failure)

    /// The form would take that account without asking.
    var isClear: Bool { if case .one = self { true } else { false } }
  }

  private var answers: [String: Answer] = [:]

  subscript(typed: String) -> Answer? { answers[typed] }

  /// Forgets what is not typed any more.
  ///
  /// - Returns: what is to be asked for next; nil where all is known.
  mutating func next(for typed: [String]) -> String? {
    answers = answers.filter { typed.contains($0.key) }
    return typed.first { answers[$0] == nil }
  }

  mutating func receive(_ reply: Reply, for typed: String) {
    switch reply {
    case .accounts(let view):
      switch AccountMatch(typed, among: view.accounts) {
      case .one(let found): answers[typed] = .one(found)
      case .several: answers[typed] = .several
      case .none: answers[typed] = Answer.none(isFromBooks: view.provenance.isLive)
      }
    case .failed(let failure): answers[typed] = .failed(failure)
    default: break
    }
  }

  /// Whose account it is, in a line.
  func inWords(_ typed: String) -> (text: String, role: Role) {
    switch answers[typed] {
    case nil: return ("Looking for \(typed)…", .dim)
    case .one(let view)?:
      let account = view.account
      // A long name is cut, and nothing before it.
      let isOpen = account.status == .open
      let status = isOpen ? "" : "\(account.status.rawValue) "
      return ("\(account.number) \(status)\(account.holder)", isOpen ? .heading : .warning)
    case .several?: return ("Several accounts match '\(typed)'.", .dim)
    case .none(let isFromBooks)?:
      return ("\(AccountChoice.noMatch(isFromBooks: isFromBooks)) (\(typed))", .warning)
    case .failed(let failure)?: return (failure.text, .warning)
    }
  }
}

/// Whose account is meant by what was typed.
struct PaletteQuestion: Question {
  let typed: String

  // One at a time, so that fast typing asks no more than the bank can answer.
  var slot: String { "palette" }

  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    guard var palette = console.overlay as? Palette else { return [] }
    palette.lookups.receive(reply, for: typed)
    let wishes = palette.look(&console.context)
    console.overlay = palette
    return console.grant(wishes)
  }
}

extension Palette {
  /// Asks whose accounts are typed, where that is not known and not being asked.
  mutating func look(_ context: inout Context) -> [Wish] {
    let typed = PaletteLine(field.trimmed)?.accounts ?? []
    guard let next = lookups.next(for: typed),
      !context.questions.isOpen(PaletteQuestion(typed: next))
    else { return [] }
    return [
      context.ask(
        .accounts(AccountQuery(filter: next, limit: 8)), for: PaletteQuestion(typed: next))
    ]
  }
}

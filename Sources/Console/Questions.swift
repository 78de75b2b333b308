import BankCore

/// What a question is asked for. At most one question of each slot is open: the next one abandons
/// the one before, and its late answer is ignored.
enum Purpose: Hashable, Sendable {
  case accounts(Load)
  case countAll
  case countMatching(filter: String)
  case statement(AccountNumber, Load)
  case journal(Load)
  case ledger(Load)
  case plan
  case exceptions
  case reconcile
  case outages
  case drillScore
  case writeReport
  case examination
  case stopExamining
  case suspect
  case goBack
  case review
  /// Never abandoned: every capture has a slot of its own.
  case capture(serial: Int)
  case pick(FieldName)
  case receipt
  case void(EntryID)
  case keep(EntryID)
  case settle(EntryID)
  case noticeDone(EntryID)
  /// Whether the bank would refuse to settle an exception in that way.
  case foretell(EntryID, Resolution)
  /// What a reversal would do, asked before its reason is typed.
  case foreseeReversal(EntryID)
  /// The receipt of an entry whose outcome became known late.
  case lateReceipt(EntryID)
  /// The journal, for the booked entries that an exception may be the same as.
  case matches
  /// The accounts that an exception may be re-pointed to.
  case settlePick
  /// The account of what is selected on screen 5.
  case beside(AccountNumber)
  case change(ChangePanel.Change)
  /// What was asked for, in words for the message line.
  case control(String)
  /// `goto` and the like: the account that a typed number means.
  case lookUp(String)

  fileprivate var slot: Slot {
    switch self {
    case .accounts: .named("accounts")
    case .countAll: .named("count all")
    case .countMatching: .named("count matching")
    case .statement: .named("statement")
    case .journal: .named("journal")
    case .ledger: .named("ledger")
    case .plan: .named("plan")
    case .exceptions: .named("exceptions")
    case .reconcile: .named("reconcile")
    case .outages: .named("outages")
    case .drillScore: .named("drill score")
    case .writeReport: .named("write report")
    case .examination: .named("examination")
    case .stopExamining: .named("stop examining")
    case .suspect: .named("suspect")
    case .goBack: .named("go back")
    case .review: .named("review")
    case .capture(let serial): .capture(serial)
    case .pick(let field): .pick(field)
    case .receipt: .named("receipt")
    case .void(let entry), .keep(let entry), .settle(let entry), .noticeDone(let entry):
      .entry(entry)
    case .foretell(_, let resolution): .foretell(resolution)
    case .lateReceipt(let entry): .lateReceipt(entry)
    case .foreseeReversal: .named("foresee reversal")
    case .change: .named("change")
    case .matches: .named("matches")
    case .settlePick: .named("settle pick")
    case .beside: .named("beside")
    case .control: .named("control")
    case .lookUp: .named("look up")
    }
  }
}

private enum Slot: Hashable {
  case named(String)
  case capture(Int)
  case pick(FieldName)
  case entry(EntryID)
  case foretell(Resolution)
  case lateReceipt(EntryID)
}

/// Which part of a paged list a question asks for.
enum Load: Hashable, Sendable {
  /// The list from its beginning; the selection stays where it can.
  case first
  /// The list from its beginning, with its first element selected.
  case top
  /// The list's end.
  case last
  /// The page above what is loaded, or the one below.
  case above, below
  /// What is loaded, read again.
  case again

  /// The page next to what is loaded can wait for the question before it; all others replace it.
  var isNextPage: Bool { self == .above || self == .below }
}

/// The questions that are still open.
struct Questions: Sendable {
  private var open: [(token: Token, purpose: Purpose)] = []
  private var lastNumber: UInt64 = 0

  /// Opens a question and abandons the open one of the same slot.
  mutating func ask(_ purpose: Purpose) -> Token {
    abandon(purpose)
    lastNumber += 1
    let token = Token(number: lastNumber)
    open.append((token, purpose))
    return token
  }

  /// Closes the question of that token; nil when it was abandoned or never asked.
  mutating func close(_ token: Token) -> Purpose? {
    guard let index = open.firstIndex(where: { $0.token == token }) else { return nil }
    return open.remove(at: index).purpose
  }

  /// Forgets the open question of the same slot.
  mutating func abandon(_ purpose: Purpose) {
    let slot = purpose.slot
    open.removeAll { $0.purpose.slot == slot }
  }

  /// Whether a question of that slot is open.
  func isOpen(_ purpose: Purpose) -> Bool {
    let slot = purpose.slot
    return open.contains { $0.purpose.slot == slot }
  }

  /// How many questions are open.
  var count: Int { open.count }
}

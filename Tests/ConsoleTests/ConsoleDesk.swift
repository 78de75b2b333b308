import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// 2026-11-23, twelve o'clock.
let noon = Instant("2026-11-23T12:00:00Z")!
let today = BusinessDay("2026-11-23")!

func money(_ minorUnits: Int64, _ currency: String = "CZK") -> Money {
  Money(minorUnits: minorUnits, Currency(currency)!)
}

func entry(
  _ kind: EntryKind, _ account: String, to counter: String? = nil, _ minorUnits: Int64,
  number: Int64 = 412, memo: String = "", currency: String = "CZK", statedHolder: String? = nil
) -> Entry {
  let till = OwnAccount.till(TerminalName("till-1")!).number(Currency(currency)!)
  let customer = AccountNumber(account)!
  let other = counter.flatMap { AccountNumber($0) } ?? till
  let isCredit = kind == .deposit
  return Entry(
    id: identifier(number), number: number, terminal: TerminalName("till-1")!,
    operatorName: "ana", kind: kind, debit: isCredit ? other : customer,
    credit: isCredit ? customer : other, amount: money(minorUnits, currency), memo: memo,
    capturedAt: noon.advanced(byMilliseconds: number * 1000), valueDate: today,
    statedHolder: statedHolder)
}

func identifier(_ number: Int64) -> EntryID {
  EntryID(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
}

func written(
  _ entry: Entry, _ state: LedgerEntryView.State = .waiting, reason: Reason? = nil,
  wasSent: Bool = false
) -> LedgerEntryView {
  LedgerEntryView(
    entry: entry, state: state, reason: reason,
    released: state == .untold ? nil : Standing(released: entry.kind), wasSent: wasSent)
}

func status(_ mode: Mode = .online, waiting: Int = 0) -> ServiceStatus {
  var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db.branch:5432")
  status.mode = mode
  status.bank = BankIdentity(
    id: Identifier(high: 1, low: 2), name: "Riverside Bank", environment: "production",
    currency: Currency("CZK")!, timeZone: "Europe/Prague", epoch: 1, schema: 1)
  status.roundTripMilliseconds = 3.2
  status.snapshotAsOf = noon.advanced(byMilliseconds: -120_000)
  status.waiting = waiting
  status.oldestWaiting = waiting > 0 ? noon.advanced(byMilliseconds: 240_000) : nil
  if mode == .manual || mode == .suspect {
    status.cause = Cause(
      .connect, "Nothing listens at db.branch:5432: server stopped or wrong port.",
      since: noon.advanced(byMilliseconds: -61_000))
    status.caps = [.init(perEntry: money(50_000), left: money(920_000))]
  }
  if mode == .quarantined {
    status.cause = Cause(
      .wrongBank, "db.branch:5432 answers as another bank, Hillside Bank.", since: noon)
    status.caps = [.init(perEntry: money(50_000), left: money(920_000))]
  }
  return status
}

/// A teller's desk: the console, a bank that answers, and everything that was asked for.
struct ConsoleDesk {
  var console: ConsoleState
  var bank: ConsoleBank
  var effects: [ConsoleEffect] = []
  /// Questions that were not answered because `answers` was off.
  var unanswered: [(request: Asked, token: Token)] = []
  var answers = true

  /// Desks that are made meanwhile are heard, not seen.
  @TaskLocal static var isHeard = false

  init(
    _ status: ServiceStatus = ConsoleTests.status(), bank: ConsoleBank = ConsoleBank(),
    size: Size = Size(columns: 80, rows: 24), options: ConsoleOptions = ConsoleOptions()
  ) {
    self.bank = bank
    var options = options
    if Self.isHeard {
      options.isPlain = true
      options.currencyName = { ["CZK": "Czech Koruna", "JPY": "Japanese Yen"][$0] }
    }
    console = ConsoleState(options: options, size: size, status: status, now: noon)
    carryOut(console.start())
    paint()
  }

  var frame: Frame { render(console, size: console.size) }
  var text: String { frame.text }
  var rows: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
  var footer: String { rows.last ?? "" }
  var message: String { withoutRule(rows.dropLast().last ?? "") }
  /// The line above the message: the last one of the screen's own.
  var aboveMessage: String { rows.dropLast(2).last ?? "" }
  /// Empty where a rule stands.
  private func withoutRule(_ row: String) -> String {
    row.allSatisfy { "─┬┴".contains($0) } ? "" : row
  }
  /// The mode, and who works here.
  var mode: String { rows[0] }
  /// Of the block of an outage: why, what the customer is told, and what may be taken.
  var cause: String { rows[1] }
  var saying: String { rows[2] }
  var offer: String { rows[3] }
  /// What must be said while the bank answers.
  var notice: String {
    console.layout.hasNotice ? withoutRule(rows[console.layout.notice.row]) : ""
  }
  /// The title or filter of the list, and where its figures come from.
  var head: String { rows[console.layout.head.row] }
  /// What tells of the selected thing, in one line.
  var detail: String {
    guard let area = console.layout.detail else { return "" }
    return (area.row..<area.row + area.rows).map { row in
      rows[row].dropFirst(area.column).trimmingPrefix { $0 == " " }
    }.joined(separator: " ")
  }

  var bells: Int {
    effects.reduce(0) { if case .bell(let count) = $1 { $0 + count } else { $0 } }
  }

  /// Tells the console something and answers what it asks.
  mutating func tell(_ action: Action) {
    carryOut(console.update(action))
  }

  mutating func carryOut(_ new: [ConsoleEffect]) {
    effects += new
    for effect in new {
      let question: (request: Asked, token: Token)
      switch effect {
      case .ask(let request, let token): question = (.bank(request), token)
      case .askBranch(let request, let token): question = (.branch(request), token)
      case .bell, .setTheme, .setMouse, .redraw, .suspend, .quit: continue
      }
      if answers { answer(question) } else { unanswered.append(question) }
    }
  }

  /// Answers a question as the sample bank and its branch do.
  mutating func answer(_ question: (request: Asked, token: Token)) {
    switch question.request {
    case .bank(let request): tell(.replied(question.token, bank.reply(to: request)))
    case .branch(let request): tell(.branchReplied(question.token, bank.reply(to: request)))
    }
  }

  /// Answers a question with a failure.
  mutating func fail(_ question: (request: Asked, token: Token), _ failure: Failure) {
    switch question.request {
    case .bank: tell(.replied(question.token, .failed(failure)))
    case .branch: tell(.branchReplied(question.token, .failed(failure)))
    }
  }

  /// Answers what is still open, in order.
  mutating func answerAll() {
    answers = true
    while !unanswered.isEmpty { answer(unanswered.removeFirst()) }
    paint()
  }

  mutating func paint() { tell(.painted(generation: console.generation)) }

  /// Presses keys, painting after each as a quick terminal does.
  mutating func press(_ keys: Key...) {
    for key in keys {
      for one in heard(key) {
        tell(.key(one))
        paint()
      }
    }
  }

  /// Where a review is heard, a word stands for the key that posts.
  private func heard(_ key: Key) -> [Key] {
    guard console.form?.reviewPanel?.word != nil,
      let word = ["p": "post", "P": "next", "o": "supervisor"][key]
    else { return [key] }
    return word.map(Key.character) + [.enter]
  }

  /// Types text, painting after each character.
  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  /// Types without giving the screen a chance to be painted.
  mutating func typeAhead(_ keys: Key...) {
    for key in keys { tell(.key(key)) }
  }

  /// Takes a deposit to the selected account, as far as `posting` says.
  mutating func deposit(_ amount: String, posting: Key = "p") {
    press("d")
    type(amount)
    press(.enter, .enter, posting)
  }

  /// Answers one of the open questions, perhaps out of order.
  mutating func answerSome(_ chance: inout SeededRandom) {
    guard !unanswered.isEmpty else { return }
    answer(unanswered.remove(at: chance.next(below: unanswered.count)))
  }

  /// Answers one of the open questions with a failure.
  mutating func failSome(_ failure: Failure, _ chance: inout SeededRandom) {
    guard !unanswered.isEmpty else { return }
    fail(unanswered.remove(at: chance.next(below: unanswered.count)), failure)
  }

  /// The row with the `>` of the selection.
  var selectedRow: String { rows.first { $0.hasPrefix(" >") } ?? "" }

  /// How many captures were asked for.
  var captureCount: Int {
    asked.count { if case .capture = $0 { true } else { false } }
  }

  var asked: [Request] {
    effects.compactMap { if case .ask(let request, _) = $0 { request } else { nil } }
  }

  /// Whether the bank was to be held away, for whatever reason.
  var askedToHold: Bool {
    askedBranch.contains { if case .hold = $0 { true } else { false } }
  }

  var askedBranch: [BranchRequest] {
    effects.compactMap { if case .askBranch(let request, _) = $0 { request } else { nil } }
  }
}

/// What a console has asked for, and whom.
enum Asked: Equatable {
  case bank(Request)
  case branch(BranchRequest)
}

extension Key: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .character(Character(value)) }
}

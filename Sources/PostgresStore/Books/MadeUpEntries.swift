import BankCore
import BankService

/// What a rehearsal writes: a terminal and an account of its own, a deposit that is posted, one that
/// goes to suspense, and the settlement of that. Ids and names are random, so that two rehearsals
/// and the real entries never wait for one another.
struct MadeUpEntries {
  let terminal: TerminalIdentity
  let batch: PostingBatch
  private let account: Account
  private let words: AccountWords
  private let posted: Entry
  private let suspended: Entry

  /// As long as the longest that people write.
  private static let longText = String(repeating: "rehearsal ", count: 30)

  /// - Parameter currency: any; the bank's own.
  init(in currency: Currency) {
    func id() -> Identifier {
      Identifier(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max))
    }
    let mark = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    // Neither can be anything else: letters, digits and a dash, and short enough.
    let name = TerminalName("x-\(mark)") ?? .imports
    let terminal = TerminalIdentity(id: id(), name: name)
    let own = OwnAccount.till(name).number(currency)
    func number(_ part: String) -> AccountNumber {
      AccountNumber("X-\(part)-\(mark.uppercased())-REHEARSAL") ?? own
    }
    let now = Instant(millisecondsSince1970: 0)
    let today = BusinessDay(daysSince1970: 0)
    let amount = Money(minorUnits: 4_000_000_000_000, currency)
    func deposit(_ position: Int64, to account: AccountNumber) -> Entry {
      Entry(
        id: id(), number: position, terminal: name, operatorName: "rehearsal", kind: .deposit,
        debit: own, credit: account, amount: amount, memo: Self.longText, capturedAt: now,
        valueDate: today, statedHolder: Self.longText)
    }
    func submission(_ entry: Entry) -> Submission {
      Submission(
        entry: entry, standing: .advice, contentHash: String(repeating: "0", count: 64),
        secondID: id(), wasReleased: true, lineHash: String(repeating: "0", count: 64))
    }
    account = Account(number: number("A"), holder: Self.longText, currency: currency)
    words = AccountWords(account)
    posted = deposit(1, to: account.number)
    suspended = deposit(2, to: number("B"))
    batch = PostingBatch(
      terminal: terminal.id, submissions: [submission(posted), submission(suspended)],
      today: today, decidedAt: now,
      settlements: [
        SettlementRequest(
          exception: suspended.id,
          settlement: Settlement(
            resolution: .match(posted.id), by: "rehearsal", note: Self.longText, at: now),
          through: nil)
      ])
    self.terminal = terminal
  }

  /// Whether the rules saw in the books what was put there: the account, and nothing of the other.
  func areDecided(by writes: PostingWrites) -> Bool {
    let outcomes = writes.decisions.map { decision -> String? in
      if case .decided(let outcome, _) = decision.verdict { outcome.word } else { nil }
    }
    return outcomes == [Outcome.posted.word, Outcome.suspense(.unknownAccount).word]
  }

  /// Before the facts are read.
  var openings: [Call] {
    [
      Identity.enrolment(of: terminal, at: batch.decidedAt),
      AccountChanging.row(of: account, words),
    ]
  }

  /// How the rows are read again that were written.
  var readings: [Call] {
    let ids = [posted.id, suspended.id]
    return [
      FactReading.inboxCall(ids), FactReading.targetCall(ids),
      Call(
        "SELECT \(ExceptionRecord.columns) FROM daybook.exception WHERE entry_id = $1::uuid",
        [.identifier(suspended.id)]),
      Call(
        "SELECT \(Account.columns) FROM daybook.account WHERE number = $1::text",
        [.text(account.number.text)]),
      Call(
        """
        SELECT \(StatementLine.columns) FROM daybook.line
        JOIN daybook.booking ON booking.entry_id = line.entry_id
        WHERE line.account = $1::text AND line.share = ''
        """, [.text(account.number.text)]),
    ]
  }

  /// - Throws: C15 where a value is not of the kind that Daybook reads there.
  func check(_ answers: [Rows]) throws(StoreFault) {
    _ = try FactReading.inbox(answers[0])
    _ = try FactReading.targets(answers[1])
    _ = try answers[2].read { cells throws(StoreFault) in try ExceptionRecord(&cells) }
    _ = try answers[3].read { cells throws(StoreFault) in try Account(&cells) }
    _ = try answers[4].read { cells throws(StoreFault) in try StatementLine(&cells) }
  }

  /// Opening an account, a new status, and the end of a period, which changes no row here.
  ///
  /// - Returns: first the record of it, which no till may read: it is only counted.
  var administration: [Call] {
    var frozen = account
    frozen.status = .frozen
    let rows = AccountChangeRows(id: posted.id, account: frozen, places: words.places.sorted())
    let instruction = AccountInstruction(
      .status(account.number, .frozen), id: posted.id, by: Self.longText, at: batch.decidedAt)
    return [
      AccountChanging.record(of: instruction, word: "open"),
      AccountChanging.row(of: account, words),
      WordIndex.insertion(of: account.number, words),
      AccountChanging.inboxRow(of: instruction, .posted),
      AccountChanging.statusChange(of: frozen),
      Call("UPDATE daybook.bank SET closed_through = closed_through, epoch = epoch WHERE false"),
    ] + ReadBack.calls(rows)
  }
}

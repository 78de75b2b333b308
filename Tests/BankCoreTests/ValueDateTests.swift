import BankCore
import BankTesting
import Testing

/// From when an entry counts, and what is said where no outage explains its day.
@Suite("Value dates") struct ValueDateTests {
  private let ruling = Ruling()
  private var make: Fixtures { ruling.make }

  private func entry(_ kind: EntryKind, _ days: Int32) -> Entry {
    let (debit, credit): (AccountNumber, AccountNumber) =
      switch kind {
      case .deposit: (make.till(), ruling.ana)
      case .withdrawal: (ruling.ana, make.till())
      default: (ruling.ana, ruling.petr)
      }
    return make.entry(
      kind, debit: debit, credit: credit, make.money("1.00"),
      valueDate: make.today.advanced(byDays: days))
  }

  private func decide(
    _ entry: Entry, _ standing: Standing = .advice, _ late: LateDebitValue = .booking
  ) -> PostingWrites {
    PostingRules.decide(
      PostingBatch(
        terminal: make.terminal.id, submissions: [make.submission(entry, standing)],
        today: make.today, decidedAt: make.now, lateDebitValue: late), given: ruling.facts)
  }

  @Test(
    "A day in the future, or more than seven days back: posted, flagged, and an exception",
    arguments: [-4_000, -400, -8, -7, -3, -1, 0, 1, 2, 400, 1_131],
    [EntryKind.deposit, .withdrawal])
  func strange(days: Int32, kind: EntryKind) {
    let writes = decide(entry(kind, days))
    let isStrange = days > 0 || days < -7
    #expect(writes.verdicts == [isStrange ? .posted(.valueDate) : .posted])
    #expect(writes.exceptions.map(\.owner) == (isStrange ? ["ana"] : []))
    #expect(writes.exceptions.first?.need.contains("clock") == (isStrange ? true : nil))
    // Nothing counts from a day that has not come.
    #expect(writes.lines.allSatisfy { $0.valueDate <= make.today })
    #expect(writes.transactions.allSatisfy { $0.entry.valueDate <= make.today })
  }

  @Test("A request with such a day is posted too, and never refused for it")
  func request() {
    #expect(decide(entry(.transfer, 400), .request).verdicts == [.posted(.valueDate)])
  }

  @Test("History from elsewhere is as old as it is")
  func history() {
    let writes = decide(entry(.deposit, -4_000), .history)
    #expect(writes.verdicts == [.posted])
    #expect(writes.lines.map(\.valueDate) == [-4_000, -4_000].map(make.today.advanced))
  }

  @Test(
    "In a late transfer each side follows its own rule",
    arguments: [LateDebitValue.booking, .capture])
  func late(_ rule: LateDebitValue) {
    let writes = decide(entry(.transfer, -2), .request, rule)
    let days = Dictionary(
      uniqueKeysWithValues: writes.lines.map { ($0.account.account, $0.valueDate) })
    let captured = make.today.advanced(byDays: -2)
    #expect(days[ruling.petr] == captured)
    #expect(days[ruling.ana] == (rule == .booking ? make.today : captured))
  }

  @Test("A credit counts from its capture, a debit that is booked at once from that day")
  func sides() {
    #expect(
      decide(entry(.deposit, -2)).lines.map(\.valueDate.daysSince1970).max()
        == make.today.daysSince1970 - 2)
    #expect(decide(entry(.withdrawal, 0)).lines.allSatisfy { $0.valueDate == make.today })
  }

  @Test("After a closed period the value date is kept, for a debit of the same day too")
  func closed() {
    var facts = ruling.facts
    facts.closedThrough = make.today
    let writes = PostingRules.decide(
      make.batch([make.request(entry(.withdrawal, 0))]), given: facts)
    #expect(writes.transactions.first?.bookingDate == make.today.advanced(byDays: 1))
    #expect(writes.lines.allSatisfy { $0.valueDate == make.today })
  }
}

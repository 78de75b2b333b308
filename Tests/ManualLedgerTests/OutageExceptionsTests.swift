import BankCore
import BankTesting
import Testing

@testable import ManualLedger

/// The report counts what the bank's worklist counts: by the same rule, and no longer than it is open.
@Suite("The exceptions of an outage") struct OutageExceptionsTests {
  /// One entry of an outage that is over, as the bank has decided it.
  private func story(
    _ outcome: Outcome, _ flags: Set<Flag> = [], as kind: EntryKind = .deposit,
    isReleased: Bool = true
  ) -> (Story, Entry) {
    var story = Story()
    story.mode(.outageBegan, .connect, "gone", failed: 0)
    story.at(1)
    let entry = story.enter("3.00", as: kind, isReleased: isReleased)
    story.at(9)
    story.mode(.outageEnded)
    story.at(10)
    story.decide(entry, outcome, flags)
    return (story, entry)
  }

  @Test("What was refused and never told as taken is no exception, and makes none the severity")
  func rule() throws {
    let outcomes: [(Outcome, Set<Flag>)] = [
      (.posted, []), (.posted, [.overdrawn]), (.posted, [.backValue, .probableDuplicate]),
      (.suspense(.accountClosed), []), (.refused(.insufficientFunds), []),
    ]
    for (outcome, flags) in outcomes {
      for isReleased in [true, false] {
        let report = try story(outcome, flags, as: .transfer, isReleased: isReleased).0.report()
        let needsPerson = outcome.needsPerson(flags: flags, wasReleased: isReleased)
        #expect(report.exceptions.isEmpty == !needsPerson, "\(outcome) \(flags) \(isReleased)")
        #expect((report.suggestedSeverity == .exceptions) == needsPerson)
        #expect(report.entries == 1)
      }
    }
  }

  @Test("Settled by a decision that moves nothing, at another till or by somebody else: settled")
  func decisions() throws {
    let booked = SettledRecord.Standing.booked(Acknowledgement(counter: 9, epoch: 1))
    let account = try #require(AccountNumber("0000003818"))
    let cases: [(Outcome, Set<Flag>, Resolution, SettledRecord.Standing, String?)] = [
      (.refused(.accountClosed), [], .refuse, booked, "eve: customer told"),
      (.posted, [.overdrawn], .post, booked, "eve: accepted"),
      (.suspense(.accountClosed), [], .to(account), .elsewhere, "eve: moved to another account"),
      (
        .refused(.accountClosed), [], .refuse, .tooLate(Acknowledgement(counter: 9, epoch: 1)),
        "somebody else"
      ),
      // The bank has not answered yet: it is still on its worklist.
      (.refused(.accountClosed), [], .refuse, .decided, nil),
    ]
    for (outcome, flags, resolution, standing, words) in cases {
      var (story, entry) = story(outcome, flags, as: .transfer)
      #expect(try story.report().exceptions.map(\.settledBy) == [nil])
      let settlement = Settlement(resolution: resolution, by: "eve", note: "x", at: story.now)
      story.write(.settled(SettledRecord(entry.id, settlement, standing)))
      #expect(try story.report().exceptions.map(\.settledBy) == [words], "\(standing)")
    }
  }

  @Test("A settlement whose answer was lost is no capture, in the impact as in the totals")
  func lostSettlement() throws {
    var story = Story()
    let entry = story.enter("3.00")
    story.decide(entry, .suspense(.accountClosed))
    story.at(10)
    let fixtures = story.books.fixtures
    let settlement = fixtures.entry(
      .settlement, debit: OwnAccount.suspense.number(fixtures.euro), credit: story.books.ana,
      entry.amount, number: story.state.nextNumber, replaces: entry.id)
    story.write(.entry(EntryRecord(settlement)))
    story.mode(.outageBegan, .connect, "gone", failed: 9)
    story.at(11)
    _ = story.enter("4.00")
    let report = try story.report()
    let impact = try #require(report.impact.first)
    #expect(impact.captured.amount == 400 && impact.unknown.count == 0 && report.entries == 1)
    #expect(report.control.first?.captured == 700 && report.isAgreeing)
  }

  @Test("While an entry waits, none of them is known to have become no exception")
  func notKnownYet() throws {
    var story = Story()
    story.mode(.outageBegan, .connect, "gone", failed: 0)
    #expect(try story.report().mayHaveExceptions)
    story.at(1)
    let entry = story.enter("3.00")
    story.mode(.outageEnded)
    #expect(try story.report().mayHaveExceptions)
    story.decide(entry)
    #expect(try !story.report().mayHaveExceptions)
  }
}

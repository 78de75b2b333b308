import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("The report of an outage")
struct OutageReportTests {
  /// The outage that Daybook grew from, shortened: 9 s unnoticed, an hour away.
  private func wrongPort() -> Story {
    var story = Story()
    let before = story.enter("5.00", isReleased: false)
    story.at(1)
    story.decide(before)
    story.at(109)
    story.mode(.outageBegan, .latency, "db.branch:5432 does not answer", failed: 100)
    story.at(110)
    story.mode(.causeChanged, .connect, "nothing listens at db.branch:5433")
    story.at(200)
    let deposit = story.enter("12.00")
    story.at(300)
    let transfer = story.enter("7.00", as: .transfer)
    story.at(400)
    let withdrawal = story.enter("3.00", as: .withdrawal)
    story.at(410)
    story.write(.void(story.books.void(withdrawal)))
    story.at(3_709)
    story.mode(.outageEnded)
    story.at(3_720)
    story.mode(.reconciliationBegan, nil, "2 waiting")
    story.at(3_730)
    story.decide(deposit, .posted, [.overdrawn])
    story.decide(transfer, .refused(.insufficientFunds))
    story.mode(.reconciliationEnded, nil, "0 waiting")
    return story
  }

  @Test("A console that is started again in one outage changes no cause")
  func sameCauseAgain() throws {
    var story = Story()
    story.at(100)
    story.mode(.outageBegan, .connect, "nothing listens at db:5432", failed: 95)
    for second in [130.0, 160, 190] {
      story.at(second)
      story.mode(.outageBegan, .connect, "nothing listens at db:5432, tried \(second) times")
    }
    story.at(200)
    story.mode(.causeChanged, .notReady, "db:5432 is starting up")
    story.at(210)
    story.mode(.outageBegan, .notReady, "db:5432 is starting up")
    story.at(220)
    story.mode(.outageEnded)
    let report = try story.report(1)
    #expect(
      report.timeline.map(\.kind) == [.firstFailure, .detected, .causeChanged, .online])
    #expect(report.causes.map(\.cause) == [.connect, .notReady])
  }

  @Test("What was captured while the answer was lost is of the outage, undecided or decided late")
  func undecided() throws {
    var story = Story()
    story.at(99)
    let answered = story.enter("5.00", isReleased: false)
    story.at(100)
    story.decide(answered)
    _ = story.enter("700.00", as: .withdrawal, isReleased: false)
    story.at(102)
    story.mode(.outageBegan, .latency, "db does not answer", failed: 101)
    story.at(110)
    story.mode(.outageEnded)
    let report = try story.report(1)
    #expect(report.entries == 1 && report.waiting == 1)
    #expect(report.impact.first?.unknown.count == 1)
  }

  @Test("Whom it reached, whose answers were lost, and when the bank was lost again")
  func reach() throws {
    var story = Story()
    story.at(10)
    let lost = story.enter("4.00", isReleased: false)
    story.mode(.outageBegan, .connect, "gone", failed: 10)
    story.release(lost, wasSent: true)
    let unknown = story.enter("5.00", as: .withdrawal, isReleased: false)
    _ = story.enter("6.00", as: .transfer)
    story.at(20)
    story.mode(.outageEnded)
    story.decide(lost)
    story.decide(unknown, .refused(.insufficientFunds))
    let first = try story.report()
    #expect(first.operators == 1 && first.customerAccounts == 2)
    #expect(first.ambiguous.booked == 1 && first.ambiguous.refused == 1)
    #expect(first.ambiguous.count == 2, "what was never sent has no answer to lose")
    #expect(first.lostAgainAfter == nil)
    #expect(first.ledgerHead == LineHash.none.description)
    story.at(65)
    story.mode(.outageBegan, .connect, "gone", failed: 65)
    #expect(try story.report().lostAgainAfter == 45_000)
    #expect(try story.report(2).lostAgainAfter == nil)
  }

  @Test("Times and spans are those of the records")
  func times() throws {
    let story = wrongPort()
    let report = try story.report()
    #expect(report.id.description == "till-1-1")
    #expect(report.times.firstFailure == story.moment(100))
    #expect(report.times.detected == story.moment(109))
    #expect(report.times.causeShown == story.moment(109))
    #expect(report.times.firstEntry == story.moment(200))
    #expect(report.times.lastEntry == story.moment(400))
    #expect(report.times.online == story.moment(3_709))
    #expect(report.times.reconciled == story.moment(3_730))
    #expect(report.times.change == nil && report.times.rollback == nil)
    #expect(report.toDetect == 9_000 && report.toDiagnose == 0)
    #expect(report.toRecover == 3_600_000 && report.toReconcile == 21_000)
    #expect(
      report.timeline.map(\.kind) == [
        .firstFailure, .detected, .causeChanged, .firstEntry, .lastEntry, .online,
        .reconciliationBegan, .reconciliationEnded, .reconciled,
      ])
  }

  @Test("The first failing layer, and every change of cause after it")
  func evidence() throws {
    let report = try wrongPort().report()
    #expect(report.causes.map(\.cause) == [.latency, .connect])
    #expect(report.causes.map(\.text).last == "nothing listens at db.branch:5433")
    #expect(!report.isOnPurpose)
  }

  @Test("Each of its entries is counted once, by how it was told and by what became of it")
  func impact() throws {
    let report = try wrongPort().report()
    let impact = try #require(report.impact.first)
    #expect(report.impact.count == 1)
    #expect(impact.captured.count == 3 && impact.captured.amount == 2_200)
    #expect(impact.recorded.amount == 1_500 && impact.taken.amount == 700)
    #expect(impact.posted.amount == 1_200 && impact.refused.amount == 700)
    #expect(impact.voided.amount == 300 && impact.waiting.count == 0)
    #expect(report.longestDelay == 3_530_000 && report.medianDelay == 3_530_000)
    #expect(report.isAgreeing)
    #expect(report.control.first?.captured == 2_700)
    #expect(report.captures.count == 3)
  }

  @Test("An exception names its account by four characters, and nothing names the customer")
  func exceptions() throws {
    let report = try wrongPort().report()
    #expect(report.exceptions.map(\.account) == ["••••2378", "••••2378"])
    #expect(report.exceptions.map(\.outcome) == [.posted, .refused(.insufficientFunds)])
    #expect(report.exceptions.map(\.flags) == [[.overdrawn], []])
    #expect(report.exceptions.allSatisfy { $0.settledBy == nil })
    let everything = String(reflecting: report)
    #expect(!everything.contains("Benešová") && !everything.contains("0000002378"))
    #expect(report.suggestedSeverity == .exceptions)
  }

  @Test("What the records do not know is not known")
  func unknown() throws {
    var story = Story()
    // As Daybook wrote it before it kept the first failure.
    story.mode(.outageBegan, .connect, "nothing listens")
    story.at(10)
    _ = story.enter("12.00")
    let report = try story.report()
    #expect(report.times.firstFailure == nil && report.toDetect == nil)
    #expect(report.times.online == nil && report.toRecover == nil && !report.isOver)
    #expect(report.times.reconciled == nil && report.toReconcile == nil)
    #expect(report.longestDelay == nil && report.waiting == 1)
    #expect(report.suggestedSeverity == .long)
  }

  @Test("Without an entry there is nothing to reconcile")
  func empty() throws {
    var story = Story()
    story.mode(.outageBegan, .notReady, "starting up", failed: 0)
    story.at(5)
    story.mode(.outageEnded)
    let report = try story.report()
    #expect(report.entries == 0 && report.impact.isEmpty && report.times.reconciled == nil)
    #expect(report.toRecover == 5_000 && report.suggestedSeverity == .unnoticed)
  }

  @Test("Entries released before the outage was declared belong to it, those before do not")
  func suspectPhase() throws {
    var story = Story()
    let slow = story.enter("1.00")
    story.at(2)
    story.decide(slow)
    story.at(50)
    let answered = story.enter("2.00", isReleased: false)
    story.at(51)
    story.decide(answered)
    story.at(100)
    let lost = story.enter("4.00", isReleased: false)
    story.at(101)
    _ = story.enter("8.00")
    story.at(107)
    story.mode(.outageBegan, .latency, "no answer", failed: 100)
    story.at(120)
    _ = story.enter("16.00")
    story.at(130)
    story.mode(.outageEnded)
    story.at(131)
    story.decide(lost)
    story.at(132)
    let after = story.enter("32.00", isReleased: false)
    story.decide(after)
    let impact = try #require(try story.report().impact.first)
    #expect(impact.captured.amount == 2_800)
    #expect(impact.unknown.amount == 400)
    #expect(impact.recorded.amount == 2_400)
    #expect(impact.waiting.count == 2)
  }

  @Test("Two outages keep their entries apart, and each currency its own sums")
  func apart() throws {
    var story = Story()
    let yen = try #require(Currency("JPY"))
    story.mode(.outageBegan, .connect, "first", failed: 0)
    story.at(1)
    let first = story.enter("1.00")
    story.at(2)
    story.mode(.outageEnded)
    story.at(3)
    story.decide(first)
    story.at(60)
    story.mode(.outageBegan, .diskFull, "second", failed: 60)
    story.at(61)
    _ = story.enter("2.00")
    _ = story.enter("300", yen)
    #expect(try story.report(1).impact.map(\.captured.amount) == [100])
    #expect(try story.report(2).impact.map(\.currency.code) == ["EUR", "JPY"])
    #expect(try story.report(2).impact.map(\.captured.amount) == [200, 300])
    let terminal = try #require(TerminalName("till-1"))
    #expect(OutageReport(of: 3, in: story.state, at: terminal) == nil)
  }

  @Test("A hold and a drill are outages on purpose; a console started again goes on with its own")
  func onPurpose() throws {
    var story = Story()
    story.mode(.held, .drill, "A drill by ana", failed: 0)
    #expect(story.state.isInOutage)
    story.at(5)
    story.mode(.outageBegan, .drill, "A drill by ana")
    story.at(9)
    story.mode(.holdReleased)
    story.mode(.outageEnded)
    #expect(story.state.outages.map(\.number) == [1])
    let report = try story.report()
    #expect(report.isDrill && report.isOnPurpose && report.suggestedSeverity == .onPurpose)
    #expect(report.toRecover == 9_000)
    #expect(report.timeline.first?.text == "the drill began")
    #expect(
      report.drillScore?.words(Wording())
        == "noticed in 0.0 s, 0 entries recorded, nothing left to do")
    #expect(
      report.timeline.map(\.kind) == [.firstFailure, .held, .holdReleased, .online])
  }

  @Test("Changes that are supplied become leadup, change and rollback")
  func leadup() throws {
    let story = wrongPort()
    let changes = [
      OutageReport.Leadup(at: story.moment(3_600), kind: .rollback, text: "back to 1"),
      OutageReport.Leadup(at: story.moment(60), text: "port 5432 → 5433", author: "jan"),
      OutageReport.Leadup(at: story.moment(9_999), text: "the next day"),
    ]
    let report = try story.report(leadup: changes)
    #expect(report.times.change == story.moment(60))
    #expect(report.times.rollback == story.moment(3_600))
    #expect(report.leadup.map(\.text) == ["port 5432 → 5433", "back to 1"])
    #expect(report.timeline.first?.kind == .change)
  }

  @Test("Five changes before the first failure are looked back at; the newest is in the course")
  func longLeadup() throws {
    let story = wrongPort()
    var changes = (1...8).map {
      OutageReport.Leadup(at: story.moment(Double($0)), text: "change \($0)")
    }
    changes.append(.init(at: story.moment(99), kind: .found, text: "found"))
    changes.append(.init(at: story.moment(500), text: "meanwhile"))
    changes.append(.init(at: story.moment(600), kind: .rollback, text: "back"))
    let report = try story.report(leadup: changes.reversed())
    #expect(
      report.leadup.map(\.text)
        == ["change 5", "change 6", "change 7", "change 8", "found", "meanwhile", "back"])
    #expect(report.times.change == story.moment(8))
    let course = report.timeline.filter { [.change, .rollback].contains($0.kind) }
    #expect(course.map(\.text) == ["change 8", "meanwhile", "back"])
    let old = [OutageReport.Leadup(at: story.moment(-90_000), text: "long ago")]
    #expect(try story.report(leadup: old).times.change == story.moment(-90_000))
    #expect(try story.report(leadup: old).timeline.first?.kind == .firstFailure)
  }

  @Test("An exception that this till settled says by which entry")
  func settled() throws {
    var story = Story()
    story.mode(.outageBegan, .connect, "first", failed: 0)
    story.at(1)
    let lost = story.enter("1.00")
    story.at(2)
    story.mode(.outageEnded)
    story.at(3)
    story.decide(lost, .suspense(.accountClosed))
    let fixtures = story.books.fixtures
    let settlement = fixtures.entry(
      .settlement, debit: OwnAccount.suspense.number(fixtures.euro), credit: story.books.ana,
      lost.amount, number: story.state.nextNumber, replaces: lost.id)
    story.write(.entry(EntryRecord(settlement)))
    story.decide(settlement)
    #expect(try story.report().exceptions.map(\.settledBy) == [settlement.label])
  }

  @Test("An outage is called by its terminal and its number")
  func identity() throws {
    let id = try #require(OutageID("till-1-3"))
    #expect(id.terminal.text == "till-1" && id.number == 3 && id.description == "till-1-3")
    for text in ["", "3", "till-1-", "till-1-0", "till-1-03", "TILL-3", "-3"] {
      #expect(OutageID(text) == nil, "\(text)")
    }
  }
}

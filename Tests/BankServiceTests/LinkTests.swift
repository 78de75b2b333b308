import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// The link to the bank alone: no entry, no ledger, no disk.
@Suite("The link") struct LinkTests {
  private let make = Fixtures()
  private var now: Instant { make.now }

  private func link() -> Link {
    Link(
      DeskConfiguration(terminal: make.terminal, operatorName: "ana"), endpoint: "bank",
      expectedBank: nil)
  }

  private func after(_ milliseconds: Int64) -> Instant {
    now.advanced(byMilliseconds: milliseconds)
  }

  private func cause(_ code: CauseCode) -> Cause { Cause(code, "away", since: now) }

  private func silence() -> StoreFault {
    StoreFault(.latency, "no answer", missedDeadline: true)
  }

  @Test("A bank that is away has a cause, and one that answers has none")
  func causes() {
    var link = link()
    #expect(link.mode == .starting && link.cause == nil)
    for code in CauseCode.allCases {
      let departure = link.leave(for: cause(code), now)
      #expect(departure.wasAway == (code != CauseCode.allCases.first))
      #expect(link.cause?.code == code && !link.isLive)
      #expect(link.mode == (code.quarantines ? .quarantined : .manual))
      #expect(link.readsLive == (code.stillReads && !code.quarantines), "\(code)")
    }
    let wasAway = link.comeBack()
    #expect(wasAway && link.mode == .online && link.cause == nil && link.readsLive)
    let isBackAgain = link.comeBack()
    #expect(!isBackAgain, "it was there already")
  }

  @Test("Three missed deadlines make an outage; fewer make none")
  func misses() {
    var link = link()
    _ = link.comeBack()
    let fault = silence()
    guard case .suspect = link.failed(fault, as: cause(.latency), isFresh: false) else {
      Issue.record("the first failure is a suspicion")
      return
    }
    link.suspect(cause(.latency), missedDeadline: true)
    guard case .askAgain(let wait) = link.failed(fault, as: cause(.latency), isFresh: true) else {
      Issue.record("two are not enough")
      return
    }
    #expect(wait == Detector.retryWhileSuspect)
    guard case .leave = link.failed(fault, as: cause(.latency), isFresh: true) else {
      Issue.record("three are enough")
      return
    }
    link.suspect(cause(.connect), missedDeadline: false)
    guard case .leave = link.failed(StoreFault(.connect, "no"), as: cause(.connect), isFresh: true)
    else {
      Issue.record("what is refused is no silence")
      return
    }
  }

  @Test("A console believes a bank after two good answers and the dwell; a command at once")
  func dwell() {
    var link = link()
    _ = link.leave(for: cause(.connect), now)
    let waits = [100, 3_000, 5_000].map { link.welcome(make.identity, isPatient: true, after($0)) }
    #expect(waits == [4_900, 2_000, nil])
    var command = self.link()
    _ = command.leave(for: cause(.connect), now)
    let waitOfCommand = command.welcome(make.identity, isPatient: false, now)
    #expect(waitOfCommand == nil)
    var mended = self.link()
    _ = mended.leave(for: cause(.databaseForgot), now)
    mended.endDwell(now)
    let afterMending = (0..<2).map { _ in mended.welcome(make.identity, isPatient: true, now) }
    #expect(afterMending == [Detector.secondSuccessAfter, nil])
  }

  @Test("Good answers count in a row: one with an objection between them begins anew")
  func inARow() {
    var link = link()
    _ = link.leave(for: cause(.connect), now)
    link.endDwell(now)
    let first = link.welcome(make.identity, isPatient: true, now)
    _ = link.leave(for: cause(.readOnly), now)
    let later = (0..<2).map { _ in link.welcome(make.identity, isPatient: true, now) }
    #expect(first == Detector.secondSuccessAfter)
    #expect(later == [Detector.secondSuccessAfter, nil])
  }

  @Test("An outage keeps its beginning when its cause changes, and says whether that is news")
  func beginning() {
    var link = link()
    let first = link.leave(for: cause(.connect), now)
    #expect(!first.wasAway && first.isNews)
    let later = Cause(.login, "refused", since: after(9_000))
    let second = link.leave(for: later, after(9_000))
    #expect(second.wasAway && second.isNews && link.cause?.since == now)
    let third = link.leave(for: later, after(9_500))
    #expect(!third.isNews && link.cause?.since == now)
  }

  @Test("A bank that is kept away is neither greeted nor tried again, until it is given back")
  func held() {
    var link = link()
    let hold = Hold(.hold, by: "sue", since: now)
    let departure = link.keepAway(hold, now)
    let tries = link.probe(fresh: true, last: nil, acknowledged: nil) + link.retry(now)
    #expect(departure?.isNews == true && tries.isEmpty && link.nextProbeAt == nil)
    #expect(link.hold == hold && link.mode == .manual && link.cause?.code == .held)
    let again = link.keepAway(hold, after(10))
    #expect(again == nil, "it is known already")
    // The books contradict this till meanwhile: it is kept away all the same.
    _ = link.leave(for: cause(.terminalCloned), after(20))
    #expect(link.hold == hold && link.mode == .quarantined)
    let wasHeld = (0..<2).map { _ in link.giveBack(after(30)) }
    let greetings = link.probe(fresh: true, last: nil, acknowledged: nil)
    #expect(wasHeld == [true, false] && link.hold == nil && greetings.count == 1)
  }

  @Test("The answer of a greeting that was abandoned counts for nothing")
  func abandoned() throws {
    var link = link()
    _ = link.probe(fresh: true, last: nil, acknowledged: nil)
    let first = try #require(link.greeting)
    _ = link.keepAway(Hold(.hold, by: "sue", since: now), now)
    let isGivenBack = link.giveBack(after(10))
    _ = link.probe(fresh: true, last: nil, acknowledged: nil)
    let second = try #require(link.greeting)
    #expect(isGivenBack && second != first)
    let late = link.greetingEnded(first)
    #expect(late == nil && link.greeting == second, "the second one is still under way")
    let answered = [second, second].map { link.greetingEnded($0) }
    #expect(answered == [false, nil])
  }

  @Test("An alarm stays until the bank is healed")
  func alarm() {
    var link = link()
    link.distrust(cause(.terminalCloned))
    _ = link.leave(for: cause(.terminalCloned), now)
    _ = link.comeBack()
    #expect(link.alarm?.code == .terminalCloned)
    link.heal(make.identity, after(10))
    #expect(link.alarm == nil && link.bank == make.identity)
  }

  @Test("What the link does not allow is refused with its cause; a bank to be healed can be")
  func refusals() {
    var link = link()
    _ = link.leave(for: cause(.databaseForgot), now)
    #expect(link.refusal.code == CauseCode.databaseForgot.description)
    func runs(_ operation: BankService.Operation) -> Bool {
      if case .operate? = link.operate(1, operation).first { true } else { false }
    }
    #expect(runs(.heal(planOnly: true)) && !runs(.closePeriod(make.today)))
    func reads(_ question: BookQuestion) -> ReadSource? {
      if case .read(_, _, let source)? = link.read(1, question).first { source } else { nil }
    }
    #expect(reads(.account(make.number("000000101"))) == .snapshot)
    #expect(reads(.journal(JournalQuery())) == nil)
    _ = link.comeBack()
    #expect(reads(.journal(JournalQuery())) == .live)
    #expect(runs(.closePeriod(make.today)))
  }

  @Test("One greeting is under way at a time, and only the newest timer counts")
  func probing() {
    var link = link()
    let greetings = (0..<2).map { _ in
      link.probe(fresh: true, last: nil, acknowledged: nil).count
    }
    #expect(greetings == [1, 0])
    let wentOn = link.greeting.flatMap { link.greetingEnded($0) }
    #expect(wentOn == false, "nobody has gone on without it")
    let timers = [100, 200].map { link.probeLater($0, now) }
    let generations = timers.flatMap { $0 }.map { effect in
      if case .setTimer(.probe(let generation), _) = effect { generation } else { -1 }
    }
    #expect(generations.map(link.isDue) == [false, true])
    #expect(link.nextProbeAt == after(200))
  }

  @Test("A command that goes on unanswered is told so by the greeting's end, once")
  func unanswered() {
    var link = link()
    _ = link.probe(fresh: true, last: nil, acknowledged: nil)
    link.goOnUnanswered(700, now)
    #expect(link.isUnanswered && link.mode == .suspect && link.cause?.code == .latency)
    #expect(link.cause?.since == after(-700))
    let wentOn = (0..<2).map { _ in
      defer { _ = link.probe(fresh: true, last: nil, acknowledged: nil) }
      return link.greeting.flatMap { link.greetingEnded($0) }
    }
    #expect(wentOn == [true, false] && !link.isUnanswered)
  }

  @Test("Tries get rarer up to a cap, and a refused password is hardly tried by itself")
  func pace() {
    for seed in UInt64(1)...20 {
      var configuration = DeskConfiguration(terminal: make.terminal, operatorName: "ana")
      configuration.seed = seed
      var link = Link(configuration, endpoint: "bank", expectedBank: nil)
      for failures in 1...12 {
        _ = link.leave(for: cause(.connect), now)
        let most = min(Detector.backOffCap, Detector.backOffBase << Int64(min(failures, 6)))
        let wait = delay(link.retry(now))
        #expect(wait >= Detector.backOffBase / 2 && wait < Detector.backOffBase / 2 + most)
      }
      _ = link.leave(for: cause(.login), now)
      #expect(delay(link.retry(now)) == Detector.configurationRetry)
      _ = link.leave(for: cause(.privileges), now)
      #expect(delay(link.retry(now)) == Detector.blindRetry)
    }
  }

  private func delay(_ effects: [Effect]) -> Int64 {
    for case .setTimer(_, let milliseconds) in effects { return milliseconds }
    return -1
  }
}

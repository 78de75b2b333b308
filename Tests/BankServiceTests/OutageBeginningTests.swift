import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Since when the bank is away is one moment for everybody who says so: the banner, `status`, the list
/// of outages and the report, however often programs are started meanwhile.
@Suite("Since when an outage lasts") struct OutageBeginningTests {
  /// The bank is lost for that cause, or its words change to it.
  private func lose(_ cause: CauseCode, _ hold: Hold, _ world: inout World) {
    switch cause {
    case .held, .drill: world.step(.holdChanged(HoldState(standing: hold)))
    default:
      // A first failure while it was online may be a slip: the second one is an outage.
      for _ in 0..<2 {
        world.pending.removeAll { if case .greet = $0 { true } else { false } }
        let fault = StoreFault(cause, "\(cause)")
        world.hear(.failure(fault))
      }
    }
    // What is written is written; what the bank would answer now is not asked.
    while let next = world.pending.firstIndex(where: {
      if case .append = $0 { true } else { false }
    }) {
      world.carryOut(world.pending.remove(at: next))
    }
  }

  private func began(_ world: World) throws -> Instant {
    let all = try LedgerReading(
      of: world.fixtures.terminal.name, on: world.volume, scope: .everything)
    let outage = try #require(all.state.outages.last)
    let report = OutageReport(
      of: outage.number, in: all.state, at: world.fixtures.terminal.name)
    let began = try #require(report?.began)
    #expect(outage.beganAt == began)
    return began
  }

  @Test(
    "it is told by its beginning, through restarts and changes of the cause",
    arguments: CauseCode.allCases)
  func beginning(_ cause: CauseCode) throws {
    var world = World.calm()
    world.isUp = false
    world.now = world.now.advanced(byMilliseconds: 60_000)
    let lost = world.now
    let hold = Hold(
      cause == .drill ? .drill : .hold, by: "sue",
      since: lost.advanced(byMilliseconds: -20_000))
    lose(cause, hold, &world)
    let since = try began(world)
    #expect(since == (cause == .held || cause == .drill ? hold.since : lost))
    #expect(world.machine.status.cause?.since == since)

    for (restart, next) in [cause, cause, .connect, .login].enumerated() {
      world.now = world.now.advanced(byMilliseconds: 60_000)
      if restart != 1 { world.crash(.process) }
      lose(next, hold, &world)
      #expect(world.machine.mode.isLive == false)
      #expect(try began(world) == since, "\(restart)")
      #expect(world.machine.status.cause?.since == since, "\(restart) \(next)")
    }
  }

  @Test("the next outage begins when it begins")
  func next() throws {
    var world = World.calm()
    world.goAway()
    let first = try began(world)
    world.comeBack()
    #expect(world.machine.status.cause == nil)
    world.now = world.now.advanced(byMilliseconds: 3_600_000)
    world.goAway()
    let second = try began(world)
    #expect(second.milliseconds(since: first) >= 3_600_000)
    #expect(world.machine.status.cause?.since == second)
  }
}

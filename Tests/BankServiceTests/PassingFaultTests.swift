import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What a server says while it starts or stops is no cause by itself before it lasts, and a bank that
/// is back is taken at its next answers.
@Suite("Faults that pass") struct PassingFaultTests {
  private static let notReady = StoreFault(.serverNotReady, "the server is shutting down")
  private static let gone = StoreFault(.nothingListens, "nothing listens")

  /// The greeting that is under way fails so.
  private func fail(_ world: inout World, _ fault: StoreFault) {
    world.pending.removeAll { if case .greet = $0 { true } else { false } }
    world.hear(.failure(fault))
    write(&world)
  }

  /// What is written meanwhile reaches the disk; greetings wait.
  private func write(_ world: inout World) {
    while let next = world.pending.firstIndex(where: \.isAppend) {
      world.carryOut(world.pending.remove(at: next))
    }
  }

  private func causes(_ world: World) -> [CauseCode?] {
    world.machine.backlog.ledger.outages.flatMap(\.records).map(\.cause)
  }

  @Test("A server that stops is one outage with one cause")
  func stops() throws {
    var world = World.calm()
    world.step(.connectionLost(StoreFault(.serverNotReady, "terminating connection")))
    #expect(world.machine.mode == .suspect)
    fail(&world, Self.notReady)
    #expect(world.machine.mode == .suspect)
    let next = try #require(world.machine.status.nextProbeAt)
    #expect(next.milliseconds(since: world.now) == 500)
    fail(&world, Self.gone)
    #expect(world.machine.mode == .manual && world.machine.status.cause?.code == .connect)
    #expect(causes(world) == [.connect])
  }

  @Test("A server that restarts within the second is no outage at all")
  func restarts() {
    var world = World.calm()
    world.step(.connectionLost(StoreFault(.serverNotReady, "terminating connection")))
    fail(&world, Self.notReady)
    world.settle()
    #expect(world.machine.mode == .online && world.machine.backlog.ledger.outages.isEmpty)
  }

  @Test("One that stays not ready is an outage with that cause after the third answer")
  func stays() {
    var world = World.calm()
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    for _ in 0..<3 { fail(&world, Self.notReady) }
    #expect(world.machine.mode == .manual && causes(world) == [.notReady])
  }

  @Test("A server that starts again in an outage is no second cause, unless it stays so")
  func startsAgain() {
    var world = World.calm()
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    fail(&world, Self.gone)
    for _ in 0..<2 { fail(&world, Self.notReady) }
    #expect(causes(world) == [.connect])
    fail(&world, Self.notReady)
    #expect(causes(world) == [.connect, .notReady])
    fail(&world, Self.notReady)
    #expect(causes(world) == [.connect, .notReady])
  }

  @Test(
    "Whatever can pass by itself is tried again within 5.5 s, however long it lasts",
    arguments: [
      FaultKind.nothingListens, .noAnswer, .silentService, .serverNotReady, .noFreeSlot,
      .loginUnanswered, .poolerWithoutServer,
    ])
  func soon(kind: FaultKind) throws {
    for seed in 0..<20 {
      var world = World.calm(seed: UInt64(seed))
      world.step(.connectionLost(StoreFault(.connect, "closed")))
      for _ in 0..<20 {
        fail(&world, StoreFault(kind, "away", missedDeadline: kind == .silentService))
        let next = try #require(world.machine.status.nextProbeAt)
        #expect(next.milliseconds(since: world.now) <= 5_500, "\(kind.name)")
      }
    }
  }

  @Test("After a long silence the till is back with the second good answer, a second later")
  func thawed() throws {
    var world = World.calm()
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    for _ in 0..<40 {
      fail(&world, StoreFault(.silentService, "says nothing", missedDeadline: true))
      world.ringNext()
    }
    #expect(world.machine.mode == .manual)
    let thawed = world.now
    world.settle()
    #expect(world.machine.mode == .online)
    #expect(world.now.milliseconds(since: thawed) <= 5_500 + 1_000)
  }
}

extension BankService.Effect {
  fileprivate var isAppend: Bool {
    if case .append = self { true } else { false }
  }
}

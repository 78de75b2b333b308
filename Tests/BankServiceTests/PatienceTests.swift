import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A command beside a bank that says nothing: it need not have found the mode to record.
@Suite("A command that does not wait") struct PatienceTests {
  /// A till that knows its bank, run by commands, at the moment when the bank has been silent.
  private func silent(_ prepare: (inout World) -> Void = { _ in }) -> World {
    var world = World(seed: 1, patience: 500)
    world.isUnlucky = false
    world.settle()
    world.setBalance("900.00")
    world.ask(.capture(world.deposit("1.00")))
    world.settle()
    prepare(&world)
    world.start()
    // The greeting is under way, and stays there.
    world.pending.removeAll()
    world.now = world.now.advanced(byMilliseconds: 500)
    world.step(.timer(.greeting))
    return world
  }

  @Test("Within the policy it is recorded at once, and the outage with it")
  func records() throws {
    var world = silent()
    #expect(world.machine.mode == .suspect)
    world.ask(.capture(world.withdrawal("20.00")))
    while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
    #expect(world.slips.last?.state == .recorded)
    let outage = try #require(world.machine.backlog.ledger.outages.last)
    #expect(outage.ended == nil && outage.records.last?.cause == .latency)
    // The greeting ends after all: the same outage gets its true cause.
    let fault = StoreFault(.connect, "closed")
    world.hear(.failure(fault))
    while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
    #expect(world.machine.mode == .manual)
    #expect(world.machine.backlog.ledger.outages.count == 1)
    #expect(
      world.machine.backlog.ledger.outages.last?.records.map(\.cause) == [.latency, .connect])
  }

  @Test(
    "What only the bank can allow waits for its answer: posted, or told why not",
    arguments: [true, false])
  func beyondThePolicy(answers: Bool) throws {
    var world = silent()
    world.ask(.capture(world.withdrawal("600.00")))
    while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
    #expect(world.failures.isEmpty && world.slips.count == 1)
    world.isUp = answers
    let number = try #require(world.machine.link.greeting)
    let last = world.machine.backlog.ledger.lastAcknowledged
    world.pending.append(.greet(isFresh: true, last: last, number: number))
    world.settle(rounds: 20)
    if answers {
      #expect(world.slips.last?.state == .posted)
    } else {
      #expect(world.failures.map(\.code) == [Reason.overOfflineLimit.code])
    }
    #expect(world.machine.backlog.ledger.outages.isEmpty == answers)
  }

  @Test("A reversal of what only the bank knows waits for its answer")
  func reversal() throws {
    var world = silent()
    let unknown = world.fixtures.id()
    world.ask(.capture(Draft(kind: .reversal, reverses: unknown)))
    #expect(world.failures.isEmpty)
    let number = try #require(world.machine.link.greeting)
    let last = world.machine.backlog.ledger.lastAcknowledged
    world.pending.append(.greet(isFresh: true, last: last, number: number))
    world.settle(rounds: 20)
    #expect(world.failures.map(\.code) == [Reason.unknownTarget.code])
  }

  @Test("Any order of answer, silence and capture: told is booked, once")
  func anyOrder() throws {
    for seed in 0..<60 {
      var world = World(seed: UInt64(seed), patience: 500)
      for _ in 0..<4 {
        world.settle()
        world.isUp = !world.random.chance(3)
        world.start()
        if world.random.chance(2) { world.step(.timer(.greeting)) }
        world.ask(.capture(world.deposit("5.00")))
        for _ in 0..<12 { world.carryOutSomething() }
        world.crash(.process)
      }
      world.comeToRest()
      try world.checkTruths(seed: seed)
    }
  }
}

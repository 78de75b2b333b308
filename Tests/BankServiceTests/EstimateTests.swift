import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

@Suite("Estimates from a snapshot")
struct EstimateTests {
  @Test("An entry that its account's copy shows already is not added again")
  func copiedOneByOne() throws {
    var world = World(seed: 1)
    world.isUnlucky = false
    world.settle()
    let account = world.accounts[0]
    func deposit(_ minorUnits: Int64, in world: inout World) throws -> EntryID {
      let amount = Money(minorUnits: minorUnits, world.fixtures.euro)
      world.ask(.capture(Draft(kind: .deposit, account: account, amount: amount)))
      world.settle()
      return try #require(world.slips.last).entry.id
    }
    let first = try deposit(10_00, in: &world)
    let second = try deposit(5_00, in: &world)
    #expect(world.copies[account]?.balanceMinorUnits == 15_00)

    // Another run of the program, while the bank is away: all it has is the copy and its mark,
    // which says nothing of the two.
    world.isUp = false
    func restarted(_ lines: Set<EntryID>) -> Int64 {
      var run = world
      run.start()
      let shown = run.machine.backlog.shown(on: account, .snapshot, lines: lines)
      return run.machine.backlog.effect(
        on: account, isLive: false, Elsewhere(shownHere: [account: shown])
      ).minorUnits
    }
    #expect(restarted([first, second]) == 0)
    // The newest line alone proves that all before it were copied.
    #expect(restarted([second]) == 0)
    #expect(restarted([first]) == 5_00)
    #expect(restarted([]) == 15_00)
  }

  @Test("An untold entry that is voided takes nothing from those that wait")
  func untold() throws {
    var world = World.calm()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    world.ask(.capture(world.deposit("10.00")))
    world.settle(rounds: 10)
    let untold = try world.recordUntold("5.00")
    #expect(untold.amount == world.fixtures.money("5.00"))
    let account = world.accounts[0]
    #expect(world.machine.backlog.effect(on: account, isLive: true).minorUnits == 10_00)
    world.ask(.void(untold.id, note: "nobody was told"))
    world.settle(rounds: 10)
    #expect(world.machine.backlog.ledger[untold.id]?.state == .voided)
    #expect(world.machine.backlog.effect(on: account, isLive: true).minorUnits == 10_00)
    #expect(world.machine.backlog.effect(on: account, isLive: true).entries == 1)
  }
}

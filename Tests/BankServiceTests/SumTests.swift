import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// One mistyped amount must not spoil the sums of a terminal for ever.
@Suite("Sums of a terminal") struct SumTests {
  @Test("An amount that no sum could hold is not taken, online and away", arguments: [true, false])
  func tooLarge(_ isUp: Bool) throws {
    var world = World.calm()
    if !isUp { _ = world.recordOffline(1) }
    let before = world.machine.backlog.ledger.entries.count
    for amount in ["92233720368547758.07", "10000000000000.00"] {
      world.ask(.capture(world.deposit(amount)))
      world.settle(rounds: 20)
      #expect(world.failures.last?.code == Reason.amountTooLarge.code)
    }
    #expect(world.machine.backlog.ledger.entries.count == before)
    #expect(world.machine.status.control.allSatisfy { $0.agrees })

    world.ask(.capture(world.deposit("9999999999999.99")))
    world.settle(rounds: 20)
    #expect(world.machine.backlog.ledger.entries.count == before + 1)
    #expect(world.machine.status.control.allSatisfy { $0.agrees })
  }

  @Test("A deposit that the account's balance could not hold is not taken while the bank is away")
  func fullAccount() throws {
    var world = World.calm()
    world.setBalance("92233720368547758.00")
    world.ask(.capture(world.deposit("0.01")))
    world.settle()
    _ = world.recordOffline(1)
    world.ask(.capture(world.deposit("1.00")))
    world.settle(rounds: 10)
    #expect(world.failures.last?.code == Reason.amountTooLarge.code)
  }

  @Test("What waits is shown apart: unknown and blocked")
  func apart() throws {
    var world = World.calm()
    let receipts = world.recordOffline(3)
    world.knowOtherwise(receipts[1].entry.id)
    world.comeBack()
    let control = try #require(world.machine.status.control.first)
    #expect(control.waiting == 200 && control.blocked == 200 && control.unknown == 0)
    #expect(control.agrees)
  }
}

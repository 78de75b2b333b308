import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A disk that fails, seen from the machine.
@Suite("A failing disk") struct DiskTests {
  @Test("Two entries that the disk refused leave no gap, and the next one is written")
  func numbersGoOn() throws {
    var world = World.calm()
    world.volume.capacity = 0
    world.ask(.capture(world.deposit("1.00")))
    world.ask(.capture(world.deposit("2.00")))
    world.settle(rounds: 10)
    #expect(world.failures.count == 2)
    #expect(world.books.bookings.isEmpty)

    world.volume.capacity = .max
    world.ask(.capture(world.deposit("3.00")))
    world.comeToRest()
    #expect(world.slips.map(\.entry.number) == [1])
    try world.checkTruths(seed: 0)
  }

  @Test("The books contradict this terminal: quarantined until a supervisor has looked")
  func alarm() throws {
    var world = World.calm()
    world.fates = [.lostBeforeCommit]
    world.ask(.capture(world.deposit("12.00")))
    while world.slips.isEmpty { world.settle(rounds: 1) }
    let entry = try #require(world.slips.first?.entry)
    world.books.inbox[entry.id] = InboxRow(
      id: entry.id, contentHash: "another", terminal: "till-9", number: nil, outcome: .posted,
      flags: [], decidedAt: world.now)
    for _ in 0..<12 {
      world.settle(rounds: 10)
      world.ask(.reconcile)
    }
    #expect(world.machine.mode == .quarantined)
    #expect(world.books.bookings.isEmpty)
    #expect(world.machine.waitingCount == 1)
  }
}

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
}

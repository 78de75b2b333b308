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

  @Test("No further file can be opened: what is to be kept is not recorded, and kept later")
  func outOfDescriptors() throws {
    // The files of the run that found it, those of a later run, and a segment that is yet to begin.
    for (isLater, isSealed) in [(false, false), (true, false), (false, true), (true, true)] {
      var world = World.calm()
      world.loseBank()
      world.ask(.capture(world.deposit("10.00")))
      world.settle(rounds: 10)
      let untold = try world.recordUntold("5.00").id
      if isSealed { try world.writer?.seal(.dayEnd, at: world.now) }
      // Whoever starts later has written nothing yet.
      if isLater { world.crash(.process) }
      let story: Comment = "later \(isLater), sealed \(isSealed)"
      world.volume.isOutOfDescriptors = true
      world.ask(.keep(untold))
      world.settle(rounds: 10)
      if isLater || isSealed {
        #expect(world.failures.count == 1, story)
        #expect(world.failures.last?.text.contains("too many open files") == true, story)
        #expect(world.failures.last?.text.contains("Nothing was recorded") == true, story)
        #expect(world.machine.backlog.ledger[untold]?.state == .untold, story)
      } else {
        #expect(world.failures.isEmpty, story)
      }
      // What was said is so, also to whoever starts next; and nothing has stopped.
      let next = try LedgerReading(
        of: world.terminal.name, on: world.volume.copy(), scope: .everything
      ).state
      #expect(next[untold]?.state == world.machine.backlog.ledger[untold]?.state, story)
      world.volume.isOutOfDescriptors = false
      world.ask(.keep(untold))
      world.settle(rounds: 10)
      #expect(world.machine.backlog.ledger[untold]?.state == .waiting, story)
      #expect(world.forbidden.isEmpty, story)
    }
  }
}

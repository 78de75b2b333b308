import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A clock that is set back makes no snapshot young.
@Suite("The age of the snapshot") struct SnapshotAgeTests {
  /// A till with 900.00 on its account and a snapshot, whose bank is away.
  private func away() -> World {
    var world = World.calm()
    world.setBalance("900.00")
    world.ask(.capture(world.deposit("1.00")))
    world.settle()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    return world
  }

  private func withdraw(_ world: inout World, at moment: Instant) -> String? {
    let (slips, failures) = (world.slips.count, world.failures.count)
    world.now = moment
    world.ask(.capture(world.withdrawal("20.00")))
    while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
    if world.slips.count > slips { return world.slips.last?.state.rawValue }
    return world.failures.count > failures ? world.failures.last?.code : nil
  }

  private let hour: Int64 = 3_600_000

  @Test("Wherever the clock is set, nothing is paid that was too old once")
  func neverYounger() throws {
    for back in [1, 10, 23, 24, 25, 30, 100, 8_760] as [Int64] {
      var world = away()
      let taken = try #require(world.snapshot?.asOf)
      #expect(withdraw(&world, at: taken.advanced(byMilliseconds: hour)) == "recorded")
      // A deposit is always taken, and shows how late it is.
      let late = taken.advanced(byMilliseconds: 25 * hour)
      world.now = late
      world.ask(.capture(world.deposit("3.00")))
      while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
      let told = withdraw(&world, at: late.advanced(byMilliseconds: -back * hour))
      #expect(told == Reason.snapshotTooOld.code || told == Reason.clockBehind.code, "\(back)")
    }
  }

  @Test("A clock before the snapshot says nothing of its age; a small correction does")
  func behind() throws {
    var world = away()
    let taken = try #require(world.snapshot?.asOf)
    for hours in [1, 24, 8_760] as [Int64] {
      let told = withdraw(&world, at: taken.advanced(byMilliseconds: -hours * hour))
      #expect(told == Reason.clockBehind.code)
    }
    #expect(withdraw(&world, at: taken.advanced(byMilliseconds: -60_000)) == "recorded")
    world.now = taken.advanced(byMilliseconds: -24 * hour)
    world.ask(.capture(world.deposit("3.00")))
    while !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
    #expect(world.slips.last?.state == .recorded)
  }

  @Test("The next snapshot is as young as it is, whatever the clock has been")
  func nextOutage() throws {
    var world = away()
    let taken = try #require(world.snapshot?.asOf)
    world.now = taken.advanced(byMilliseconds: 4 * 8_760 * hour)
    world.ask(.capture(world.deposit("3.00")))
    world.settle(rounds: 10)
    world.now = taken.advanced(byMilliseconds: hour)
    world.comeToRest()
    #expect(world.machine.backlog.ledger.latestInOutage == nil)
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    let again = try #require(world.snapshot?.asOf)
    #expect(withdraw(&world, at: again.advanced(byMilliseconds: hour)) == "recorded")
  }
}

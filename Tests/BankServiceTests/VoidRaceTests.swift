import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A void is asked for while entries go out: the entry is either taken back or booked.
@Suite("A void and a batch at the same moment") struct VoidRaceTests {
  private func back(_ world: inout World) {
    world.isUp = true
    while world.machine.mode != .reconciling { world.ringOrCarryOut() }
  }

  @Test("Asked for first, it is not sent, though its line is not yet on the disk")
  func voidFirst() throws {
    var world = World.calm()
    let entries = world.recordOffline(3).map(\.entry)
    back(&world)
    world.ask(.void(entries[1].id, note: "the cash went back"))
    world.ask(.reconcile)
    world.settle()
    #expect(world.slips.last { $0.entry.id == entries[1].id }?.state == .voided)
    #expect(world.books.inbox[entries[1].id] == nil)
    #expect(world.books.bookings.map(\.entry.id) == [entries[0].id, entries[2].id])
    #expect(world.machine.backlog.waitingCount == 0 && world.machine.backlog.voiding.isEmpty)
    #expect(world.machine.status.control.allSatisfy { $0.agrees })
  }

  @Test("Asked for twice, it is voided once")
  func twice() throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    world.ask(.void(entry.id, note: "one"))
    world.ask(.void(entry.id, note: "two"))
    world.settle(rounds: 20)
    #expect(world.failures.map(\.code) == ["not-voidable"])
    #expect(world.machine.backlog.ledger[entry.id]?.state == .voided)
  }

  @Test("A void that the disk does not take changes nothing: the entry is booked")
  func failed() throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    back(&world)
    world.ask(.void(entry.id, note: "the cash went back"))
    let index = try #require(world.pending.firstIndex { $0.isVoid })
    guard case .append(let purpose, let records) = world.pending.remove(at: index) else { return }
    let failure = Failure(.fault, code: "ledger", text: "the disk is full", fix: "")
    world.step(.appended(purpose, records, .failure(failure)))
    world.ask(.reconcile)
    world.settle()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .posted)
  }

  @Test("In any order of asking, writing and sending: taken back, or booked, never both")
  func anyOrder() throws {
    for seed in 0..<300 {
      var world = World.calm(seed: UInt64(seed))
      let entries = world.recordOffline(7).map(\.entry)
      back(&world)
      var left = entries
      var hasAsked = false
      while !left.isEmpty || !hasAsked {
        switch world.random.next(6) {
        case 0 where !left.isEmpty:
          let index = Int(world.random.next(UInt64(left.count)))
          let entry = left.remove(at: index)
          if world.random.chance(2) { world.ask(.void(entry.id, note: "back")) }
        case 1:
          world.ask(.reconcile)
          hasAsked = true
        default: world.carryOutSomething()
        }
      }
      world.settle()
      world.ask(.reconcile)
      world.settle()
      for entry in entries {
        let isVoided = world.slips.contains { $0.entry.id == entry.id && $0.state == .voided }
        let isBooked = world.books.inbox[entry.id] != nil
        #expect(isVoided != isBooked, "seed \(seed), \(entry.label)")
      }
      #expect(world.machine.status.control.allSatisfy { $0.agrees }, "seed \(seed)")
    }
  }
}

extension World {
  /// One thing that is asked for or due.
  fileprivate mutating func ringOrCarryOut() {
    pending.isEmpty ? ringNext() : carryOut(pending.removeFirst())
  }
}

extension BankService.Effect {
  fileprivate var isVoid: Bool {
    if case .append(.void, _) = self { true } else { false }
  }
}

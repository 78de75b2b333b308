import BankCore
import Testing

@testable import BankService
@testable import BankTesting

@Suite("A refused password is not tried again by itself soon") struct RefusedPasswordTests {
  /// When the till asks again by itself, in milliseconds, after a fresh connection failed so.
  private func wait(after fault: StoreFault) throws -> Int64 {
    var world = World(seed: 1)
    world.isUnlucky = false
    world.settle()
    for _ in 0..<2 {
      world.pending.removeAll()
      world.step(.greeted(.failure(fault), isFresh: true, knowsLast: true))
    }
    #expect(world.machine.mode == .manual)
    let next = try #require(world.machine.status.nextProbeAt)
    return next.milliseconds(since: world.now)
  }

  @Test(
    "five minutes, at the server, at a pooler and behind one: it could lock the role",
    arguments: [FaultKind.loginRefused, .passwordMissing, .poolerLoginRefused])
  func refused(kind: FaultKind) throws {
    #expect(try wait(after: StoreFault(kind, "refused")) == 300_000)
  }

  @Test(
    "half a minute at most where nothing can be locked",
    arguments: [FaultKind.poolerWithoutServer, .nothingListens, .noFreeSlot, .valueUnusable])
  func away(kind: FaultKind) throws {
    #expect(try wait(after: StoreFault(kind, "away")) <= 30_500)
  }
}

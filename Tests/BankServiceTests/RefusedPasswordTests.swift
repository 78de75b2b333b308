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
      world.hear(.failure(fault))
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

  @Test("which value is to blame changes nothing in when it is tried again")
  func traced() throws {
    let user = ValueOrigin(setting: "user", value: "ghost", source: .variable("PGUSER"))
    let port = ValueOrigin(setting: "port", value: "5433", source: .variable("PGPORT"))
    let refused = StoreFault(.loginRefused, "knows no such role", sqlState: "28000")
    let stopped = StoreFault(.nothingListens, "nothing listens")
    #expect(refused.traced(to: [user]).cause == .valueMissing)
    #expect(stopped.traced(to: [port]).cause == .valueMissing)
    #expect(try wait(after: refused.traced(to: [user])) == 300_000)
    // A server that is started again is met soon, as if nobody were blamed.
    #expect(try wait(after: stopped.traced(to: [port])) < 5_000)
  }
}

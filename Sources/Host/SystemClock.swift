import BankCore
import Glibc

/// The machine's clocks.
public struct SystemClock: Sendable {
  public init() {}

  /// The time of day, as the machine knows it.
  public var now: Instant {
    Instant(millisecondsSince1970: Self.milliseconds(CLOCK_REALTIME))
  }

  /// Milliseconds that only ever grow, whoever sets the clock; for deadlines and ages.
  public var monotonicMilliseconds: Int64 { Self.milliseconds(CLOCK_MONOTONIC) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension Identifier {
  /// A new version 7 UUID with the system's randomness.
  public static func minted(at now: Instant) -> Identifier {
    var chance = SystemRandomNumberGenerator()
    return Identifier(version7: now, random: (chance.next(), chance.next()))
  }
}

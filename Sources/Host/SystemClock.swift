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

  /// Milliseconds since the machine was started, sleep included; the same for all processes.
  public var uptimeMilliseconds: Int64 { Self.milliseconds(CLOCK_BOOTTIME) }

  /// Names this run of the machine; empty where the system does not tell.
  public var boot: String {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 > 32 }, as: UTF8.self)
  }

  /// How far the wall clock of this machine is ahead of UTC at that moment, in seconds.
  public static func secondsAhead(at instant: Instant) -> Int {
    var seconds = time_t(instant.millisecondsSince1970 / 1000)
    var parts = tm()
    return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
  }

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

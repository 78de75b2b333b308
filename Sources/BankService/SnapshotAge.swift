import BankCore
import ManualLedger

/// How old the local copy of the books is. A clock that is set back never makes it younger.
extension Continuity {
  /// A clock is corrected by so much without anybody's doing.
  private static let toleratedMilliseconds: Int64 = 300_000

  /// The snapshot's age in seconds at least: older than anything where nobody knows it. It was taken
  /// before the outage that lasts, so what was written since then has seen it older.
  func snapshotAgeSeconds(asOf: Instant, at now: Instant) -> Int64 {
    guard !isClockBehind(asOf: asOf, at: now) else { return .max }
    let latest = max(now, ledger.latestInOutage ?? now)
    return max(0, latest.milliseconds(since: asOf) / 1000)
  }

  /// Whether the clock stands before the snapshot was taken: then nobody knows how old it is.
  func isClockBehind(asOf: Instant, at now: Instant) -> Bool {
    asOf.milliseconds(since: now) > Self.toleratedMilliseconds
  }
}

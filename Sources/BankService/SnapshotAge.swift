import BankCore
import ManualLedger

extension Continuity {
  /// How old a copy of that moment is now. It was taken before the outage that lasts.
  func snapshotAge(asOf: Instant?, at now: Instant) -> SnapshotAge {
    SnapshotAge(asOf: asOf, latestSeen: ledger.latestInOutage, at: now)
  }
}

import BankCore
import ManualLedger

extension LedgerEntry {
  /// Whether it belongs to what a person looks at today: captured today, open still, or of the outage
  /// that lasts.
  ///
  /// - Parameter today: at the bank; nil where nobody knows it, and then all of them are.
  public func isOfToday(_ today: BusinessDay?, in state: LedgerState) -> Bool {
    if !isSettled || hasOpenNotice { return true }
    if let outage = state.outages.last, outage.ended == nil, line > outage.began { return true }
    guard let today else { return true }
    return entry.valueDate >= today
  }

  private var isSettled: Bool { outcome != nil || void != nil }
}

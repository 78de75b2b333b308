import BankCore
import ManualLedger

/// Tells what a restored database has lost from what no bank ever gave.
///
/// A backup holds all transactions of a terminal up to one of them, and none behind it. So an outcome of
/// a transaction that the books have kept, or of an older one, cannot be missing there. Behind all that
/// they have kept nobody can tell: it may have been lost. The books' own counter says less, for an old
/// copy of the till may have advanced it since.
struct GivenOutcomes {
  /// By epoch, the newest transaction of which an entry is in the books as it was written then.
  private var newest: [Int64: Int64] = [:]

  mutating func note(_ outcome: OutcomeRecord, _ row: InboxRow?) {
    // Written after the outcome, it was given back by a healing. Without a booking date it was asked
    // about again, and with this reason a healing may have decided it: then it is of another
    // transaction than the lines around it.
    guard let row, let given = outcome.acknowledgement, row.decidedAt <= outcome.at,
      outcome.recorded.bookingDate != nil, outcome.sameAs == nil,
      outcome.recorded.outcome.reason != .unknownAccount
    else { return }
    newest[given.epoch] = max(newest[given.epoch] ?? 0, given.counter)
  }

  /// Whether a bank can have given it and lost it.
  func mayBeLost(_ outcome: OutcomeRecord) -> Bool {
    guard let given = outcome.acknowledgement else { return false }
    return given.counter > newest[given.epoch] ?? 0
  }
}

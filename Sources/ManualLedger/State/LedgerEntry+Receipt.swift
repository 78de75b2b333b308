@_spi(Receipts) import BankCore

extension Receipt {
  /// Of an entry whose line is durable: this and the books' own rows are all that a receipt can be made
  /// of.
  ///
  /// - Parameters:
  ///   - at: when its customer stood at the counter, or was told.
  ///   - balance: the customer's after it; only when the bank itself has said so.
  ///   - bookingDate: the day on which the bank has booked it.
  public init(
    _ known: LedgerEntry, _ state: State, reason: Reason? = nil, at: Instant,
    balance: Money? = nil, isOneCopyOnly: Bool = false, isCopy: Bool = false,
    takesBackUnknown: Bool = false, bookingDate: BusinessDay? = nil
  ) {
    self.init(
      entry: known.entry, state: state, reason: reason, code: known.code, at: at,
      balance: balance, isOneCopyOnly: isOneCopyOnly, isCopy: isCopy,
      released: known.release?.standing, takesBackUnknown: takesBackUnknown,
      bookingDate: bookingDate)
  }
}

import BankCore

extension LedgerState {
  /// What was told with this ledger, for the newest directory of the till to take over: what waits, and
  /// what the bank had booked. Nil where nobody can tell whose it is.
  ///
  /// A settlement is not taken over: its exception is open in the bank until somebody settles it. What was
  /// refused has moved nothing.
  public var adoption: Adoption? {
    owner.map {
      Adoption(bank: $0.bank, terminal: $0.terminal.id, items: entries.compactMap(\.adoptionItem))
    }
  }
}

extension LedgerEntry {
  fileprivate var adoptionItem: Adoption.Item? {
    guard void == nil, !isUntold, entry.kind != .settlement,
      outcome?.recorded.outcome.isBooked ?? true
    else { return nil }
    let acknowledgedAs = outcome?.recorded.bookedAs
    let told = acknowledgedAs.map { _ in Standing(released: entry.kind) }
    return Adoption.Item(
      entry, released: release?.standing ?? told, isOverLimit: release?.isOverLimit ?? false,
      mayHaveBeenSent: mayHaveBeenSent, isAdopted: isAdopted, acknowledgedAs: acknowledgedAs)
  }
}

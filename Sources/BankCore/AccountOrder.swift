extension BidirectionalCollection where Element == Entry {
  /// The chosen entries, and before them all that they must not overtake: what stands earlier on one of
  /// their accounts, and what stands before that on its accounts. In the order of the collection.
  ///
  /// The bank's own accounts have no such order: nothing is decided by what is on them.
  ///
  /// - Parameter chosen: ids that the collection does not have are passed over.
  public func withEarlier(of chosen: Set<EntryID>) -> [Entry] {
    // From the end: whatever is taken makes its accounts bind all that stands before it.
    var bound: Set<AccountNumber> = []
    var taken: [Entry] = []
    for entry in reversed() {
      let accounts = entry.customerAccounts
      guard chosen.contains(entry.id) || accounts.contains(where: bound.contains) else { continue }
      bound.formUnion(accounts)
      taken.append(entry)
    }
    return taken.reversed()
  }
}

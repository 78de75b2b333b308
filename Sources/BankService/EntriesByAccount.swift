import BankCore

/// The sum of what some entries do to one account.
struct AccountEffect: Sendable {
  private(set) var minorUnits: Int64 = 0
  /// The part of it that entries bring which the bank may still refuse.
  private(set) var uncertainMinorUnits: Int64 = 0
  private(set) var entries = 0

  mutating func add(_ entry: Entry, _ account: AccountNumber, mayBeRefused: Bool = false) {
    let effect = entry.effect(on: account)
    guard effect != 0 else { return }
    minorUnits = minorUnits.addingClamped(effect)
    entries += 1
    if mayBeRefused { addUncertain(max(0, effect)) }
  }

  mutating func remove(_ entry: Entry, _ account: AccountNumber, mayBeRefused: Bool = false) {
    let effect = entry.effect(on: account)
    guard effect != 0 else { return }
    minorUnits = minorUnits.addingClamped(-effect)
    entries -= 1
    if mayBeRefused { addUncertain(-max(0, effect)) }
  }

  /// The bank can no longer refuse it.
  mutating func confirm(_ entry: Entry, _ account: AccountNumber) {
    addUncertain(-max(0, entry.effect(on: account)))
  }

  private mutating func addUncertain(_ amount: Int64) {
    uncertainMinorUnits = uncertainMinorUnits.addingClamped(amount)
  }

  mutating func add(_ other: AccountEffect) {
    minorUnits = minorUnits.addingClamped(other.minorUnits)
    entries += other.entries
    addUncertain(other.uncertainMinorUnits)
  }
}

/// Which entries concern each customer's account, and what they do to it together. A question about
/// one account costs no walk over a hundred thousand entries of others.
struct EntriesByAccount: Sendable {
  private struct Share: Sendable {
    private(set) var effect = AccountEffect()
    private(set) var ids: Set<EntryID> = []
    private(set) var refusable: Set<EntryID> = []

    mutating func add(_ entry: Entry, _ account: AccountNumber, mayBeRefused: Bool) {
      guard ids.insert(entry.id).inserted else { return }
      effect.add(entry, account, mayBeRefused: mayBeRefused)
      if mayBeRefused { refusable.insert(entry.id) }
    }

    mutating func remove(_ entry: Entry, _ account: AccountNumber) {
      guard ids.remove(entry.id) != nil else { return }
      // Most of what is removed is certain: an empty set is not asked.
      let mayBeRefused = !refusable.isEmpty && refusable.remove(entry.id) != nil
      effect.remove(entry, account, mayBeRefused: mayBeRefused)
    }

    mutating func confirm(_ entry: Entry, _ account: AccountNumber) {
      if refusable.remove(entry.id) != nil { effect.confirm(entry, account) }
    }
  }

  private var shares: [AccountNumber: Share] = [:]

  var accounts: Set<AccountNumber> { Set(shares.keys) }

  func effect(on account: AccountNumber) -> AccountEffect {
    shares[account]?.effect ?? AccountEffect()
  }

  /// In no order.
  func ids(on account: AccountNumber) -> Set<EntryID> { shares[account]?.ids ?? [] }

  /// - Parameter mayBeRefused: what it brings to an account is not certain.
  mutating func add(_ entry: Entry, mayBeRefused: Bool) {
    for account in entry.customerAccounts {
      shares[account, default: Share()].add(entry, account, mayBeRefused: mayBeRefused)
    }
  }

  /// The cash of an entry has moved: the bank can no longer refuse it.
  mutating func confirm(_ entry: Entry) {
    for account in entry.customerAccounts {
      guard let index = shares.index(forKey: account) else { continue }
      shares.values[index].confirm(entry, account)
    }
  }

  /// Without one of them that the source of an answer shows already.
  func remove(_ entry: Entry, on account: AccountNumber, from total: inout AccountEffect) {
    let mayBeRefused = shares[account]?.refusable.contains(entry.id) ?? false
    total.remove(entry, account, mayBeRefused: mayBeRefused)
  }

  /// An entry that is not in it, such as one that nobody was told of, changes nothing.
  mutating func remove(_ entry: Entry) {
    for account in entry.customerAccounts {
      guard let index = shares.index(forKey: account) else { continue }
      shares.values[index].remove(entry, account)
      if shares.values[index].ids.isEmpty { shares.remove(at: index) }
    }
  }
}

/// Entries that the bank has booked, and that the snapshot perhaps does not show yet.
struct UnrefreshedEntries: Sendable {
  /// An entry that the bank has booked, and since when this terminal knows that.
  struct Acknowledged: Sendable {
    var entry: Entry
    var since: Instant
  }

  private var byID: [EntryID: Acknowledged] = [:]
  private(set) var byAccount = EntriesByAccount()

  subscript(id: EntryID) -> Entry? { byID[id]?.entry }

  mutating func add(_ entry: Entry, since: Instant) {
    byID[entry.id] = Acknowledged(entry: entry, since: since)
    byAccount.add(entry, mayBeRefused: false)
  }

  mutating func remove(_ id: EntryID) {
    byID.removeValue(forKey: id).map { byAccount.remove($0.entry) }
  }

  /// - Parameter accounts: only those that concern one of them are looked at; all when nil.
  mutating func removeAll(
    on accounts: Set<AccountNumber>? = nil, where isShown: (Acknowledged) -> Bool
  ) {
    guard let accounts else { return keepAll { !isShown($0) } }
    for id in Set(accounts.flatMap(byAccount.ids)) {
      if let known = byID[id], isShown(known) { remove(id) }
    }
  }

  /// After a copy of the whole bank hardly any are left: what stays is less to count than what goes.
  private mutating func keepAll(where isKept: (Acknowledged) -> Bool) {
    let kept = byID.filter { isKept($0.value) }
    guard kept.count < byID.count else { return }
    byID = kept
    byAccount = EntriesByAccount()
    for known in kept.values { byAccount.add(known.entry, mayBeRefused: false) }
  }
}

/// What may be released while the bank cannot be reached. Amounts are whole units of the account's
/// currency.
public struct OfflinePolicy: Hashable, Sendable {
  public var perEntryUnits: Int64
  public var perAccountUnits: Int64
  public var perTerminalUnits: Int64
  public var maximumSnapshotAgeSeconds: Int64
  public var allowedKinds: Set<EntryKind>

  /// The defaults of PRODUCT.md: 500 per entry, 2,000 per account and 10,000 per terminal and
  /// outage; a snapshot of up to 24 hours; all four kinds.
  public init(
    perEntryUnits: Int64 = 500, perAccountUnits: Int64 = 2_000, perTerminalUnits: Int64 = 10_000,
    maximumSnapshotAgeSeconds: Int64 = 86_400,
    allowedKinds: Set<EntryKind> = [.deposit, .withdrawal, .transfer, .reversal]
  ) {
    self.perEntryUnits = perEntryUnits
    self.perAccountUnits = perAccountUnits
    self.perTerminalUnits = perTerminalUnits
    self.maximumSnapshotAgeSeconds = maximumSnapshotAgeSeconds
    self.allowedKinds = allowedKinds
  }

  public func perEntry(_ currency: Currency) -> Money { units(perEntryUnits, currency) }
  public func perAccount(_ currency: Currency) -> Money { units(perAccountUnits, currency) }
  public func perTerminal(_ currency: Currency) -> Money { units(perTerminalUnits, currency) }

  private func units(_ count: Int64, _ currency: Currency) -> Money {
    let (minor, overflow) = count.multipliedReportingOverflow(by: currency.minorUnitsPerUnit)
    return Money(minorUnits: overflow ? .max : max(0, minor), currency)
  }

  /// What was paid out and is not booked yet, against which the caps count.
  public struct Usage: Hashable, Sendable {
    public private(set) var byAccount: [AccountNumber: Int64] = [:]
    public private(set) var byCurrency: [Currency: Int64] = [:]

    public init() {}

    public mutating func count(_ entry: Entry) {
      guard entry.kind == .withdrawal || entry.kind == .transfer else { return }
      byAccount[entry.debit] = (byAccount[entry.debit] ?? 0).addingClamped(entry.amount.minorUnits)
      byCurrency[entry.amount.currency] =
        (byCurrency[entry.amount.currency] ?? 0).addingClamped(entry.amount.minorUnits)
    }

    /// Takes an entry back that was counted: it is booked, refused or voided.
    public mutating func remove(_ entry: Entry) {
      guard entry.kind == .withdrawal || entry.kind == .transfer else { return }
      let amount = entry.amount.minorUnits
      let onAccount = (byAccount[entry.debit] ?? 0).addingClamped(-amount)
      byAccount[entry.debit] = onAccount > 0 ? onAccount : nil
      let onTerminal = (byCurrency[entry.amount.currency] ?? 0).addingClamped(-amount)
      byCurrency[entry.amount.currency] = onTerminal > 0 ? onTerminal : nil
    }

    /// Counts what another terminal has taken from that account: against the account's cap alone.
    public mutating func countElsewhere(_ entry: Entry, on account: AccountNumber) {
      guard entry.kind == .withdrawal || entry.kind == .transfer, entry.debit == account else {
        return
      }
      byAccount[account] = (byAccount[account] ?? 0).addingClamped(entry.amount.minorUnits)
    }
  }

  /// What is left of the terminal's cap in that currency.
  public func left(_ currency: Currency, _ usage: Usage) -> Money {
    let cap = perTerminal(currency).minorUnits
    return Money(minorUnits: max(0, cap - min(cap, usage.byCurrency[currency] ?? 0)), currency)
  }

  /// What the caps leave for one account at this terminal: whoever is refused by a cap is told.
  public struct Room: Hashable, Sendable {
    public let perEntry: Money
    public let perAccount: Money
    public let leftOnAccount: Money
    public let perTerminal: Money
    public let leftAtTerminal: Money

    /// `Up to 500.00 in one entry. Left: 1,900.00 of 2,000.00 from this account, …`
    public func sentence(_ notation: AmountNotation = .point) -> String {
      func text(_ money: Money) -> String { money.formatted(notation) }
      return "Up to \(text(perEntry)) \(perEntry.currency) in one entry. Left: "
        + "\(text(leftOnAccount)) of \(text(perAccount)) from this account, "
        + "\(text(leftAtTerminal)) of \(text(perTerminal)) at this till."
    }
  }

  /// What is left for an account that is debited in that currency.
  public func room(for account: AccountNumber, _ currency: Currency, _ usage: Usage) -> Room {
    let cap = perAccount(currency).minorUnits
    let left = max(0, cap - min(cap, usage.byAccount[account] ?? 0))
    return Room(
      perEntry: perEntry(currency), perAccount: perAccount(currency),
      leftOnAccount: Money(minorUnits: left, currency), perTerminal: perTerminal(currency),
      leftAtTerminal: self.left(currency, usage))
  }

  /// What is known locally about the account an entry takes money from or brings money to.
  public enum Knowledge: Hashable, Sendable {
    /// In the snapshot, with the balance estimated from it.
    case known(Account, SnapshotAge)
    case missing
  }

  /// Why nothing is paid out of any account on a snapshot of that age; nil where something may be.
  public func objection(toPayingOn age: SnapshotAge) -> Reason? {
    switch age {
    case .missing: .notInSnapshot
    case .notKnown: .clockBehind
    case .seconds(let seconds): seconds > maximumSnapshotAgeSeconds ? .snapshotTooOld : nil
    }
  }

  /// Why no entry of that kind is released now, whatever its account; nil where some are. What
  /// becomes of a reversal depends on what it reverses.
  public func objection(to kind: EntryKind, _ age: SnapshotAge) -> Reason? {
    guard allowedKinds.contains(kind) else { return .kindNotAllowedOffline }
    return kind == .withdrawal || kind == .transfer ? objection(toPayingOn: age) : nil
  }

  /// Why an entry may not be released now; nil when it may.
  ///
  /// - Parameter payer: what is known of the account that is debited, for kinds that take money
  ///   from a customer; `payee` likewise for the credited one.
  public func objection(
    to entry: Entry, payer: Knowledge?, payee: Knowledge?, usage: Usage
  ) -> Reason? {
    guard entry.debit != entry.credit else { return .sameAccount }
    guard allowedKinds.contains(entry.kind) else { return .kindNotAllowedOffline }
    if let payee, let no = objection(toSide: payee, isDebit: false, entry) { return no }
    guard let payer else { return nil }
    if let no = objection(toSide: payer, isDebit: true, entry) { return no }
    return isOverLimit(entry, usage: usage) ? .overOfflineLimit : nil
  }

  /// Whether a cap is exceeded by `entry` on top of `usage`.
  public func isOverLimit(_ entry: Entry, usage: Usage) -> Bool {
    guard entry.kind == .withdrawal || entry.kind == .transfer else { return false }
    let amount = entry.amount.minorUnits
    let currency = entry.amount.currency
    let onAccount = (usage.byAccount[entry.debit] ?? 0).addingClamped(amount)
    let onTerminal = (usage.byCurrency[currency] ?? 0).addingClamped(amount)
    return amount > perEntry(currency).minorUnits
      || onAccount > perAccount(currency).minorUnits
      || onTerminal > perTerminal(currency).minorUnits
  }

  private func objection(toSide side: Knowledge, isDebit: Bool, _ entry: Entry) -> Reason? {
    switch side {
    case .missing:
      guard entry.kind == .deposit else { return .notInSnapshot }
      return entry.statedHolder == nil ? .holderNeeded : nil
    case .known(let account, let age):
      guard account.currency == entry.amount.currency else { return .currencyDiffers }
      guard account.status != .closed else { return .accountClosed }
      guard isDebit else {
        let after = account.balanceMinorUnits.addingReportingOverflow(entry.amount.minorUnits)
        return after.overflow ? .amountTooLarge : nil
      }
      if account.status == .frozen { return .accountFrozen }
      if let no = objection(toPayingOn: age) { return no }
      return account.available.minorUnits < entry.amount.minorUnits ? .insufficientFunds : nil
    }
  }
}

extension Int64 {
  /// Sums that saturate: good for caps, never for books.
  public func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }
}

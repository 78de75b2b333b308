/// What healing found missing in a restored database, and what the database has made of it.
public struct HealingReport: Hashable, Sendable {
  /// Something that the manual ledger has on record as acknowledged and the database does not know as
  /// that: an entry with its outcome, or how an exception was settled, or both.
  public struct Item: Hashable, Sendable {
    /// The entry; of a settlement that moved nothing the exception.
    public let id: EntryID
    /// Nil for a settlement that moved nothing.
    public let entry: Entry?
    /// As it was recorded.
    public let outcome: Outcome?
    public let settles: EntryID?
    public let resolution: Resolution?
    /// What the database has decided now, or would decide; nil where it was not asked.
    public let verdict: Decision.Verdict?

    public init(
      _ entry: Entry, _ outcome: Outcome?, _ settlement: SettlementRequest?,
      _ verdict: Decision.Verdict?
    ) {
      id = entry.id
      self.entry = entry
      self.outcome = outcome
      settles = settlement?.exception
      resolution = settlement?.settlement.resolution
      self.verdict = verdict
    }

    public init(_ settlement: SettlementRequest, _ verdict: Decision.Verdict?) {
      id = settlement.exception
      entry = nil
      outcome = nil
      settles = settlement.exception
      resolution = settlement.settlement.resolution
      self.verdict = verdict
    }

    /// It is as it was; in a plan, it would be.
    public var isAsBefore: Bool {
      guard case .decided(let now, _) = verdict else { return false }
      return now == outcome ?? .posted
    }
  }

  /// What the database did not know.
  public let items: [Item]
  /// The epoch from now on; where nothing was changed the present one.
  public var epoch: Int64
  /// Nothing was changed: the verdicts are what would come of it.
  public let isPlan: Bool
  /// What is wrong with this terminal's ledger and was accepted, or would be; nil where nothing is.
  public var damage: String?
  /// The database has not come as far as this terminal knows it: it is an older copy, or its healing was
  /// cut off. Of a plan, and of a healing that had nothing to do.
  public var isBehind = false
  /// Entries that were told and whose lines are gone.
  public var missingEntries: [MissingEntry] = []

  public init(items: [Item] = [], epoch: Int64, isPlan: Bool = false) {
    self.items = items
    self.epoch = epoch
    self.isPlan = isPlan
  }

  public var missing: Int { items.count }
  /// Of those, in the database again now as they were; 0 for a plan.
  public var restored: Int { isPlan ? 0 : items.count(where: \.isAsBefore) }
}

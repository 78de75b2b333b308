/// What healing found missing in a restored database, and put back.
public struct HealingReport: Hashable, Sendable {
  /// Something that the manual ledger has on record as acknowledged and the database does not know: an
  /// entry with its outcome, or how an exception was settled, or both.
  public struct Item: Hashable, Sendable {
    /// The entry; of a settlement that moved nothing the exception.
    public let id: EntryID
    /// Nil for a settlement that moved nothing.
    public let entry: Entry?
    /// As it was recorded.
    public let outcome: Outcome?
    public let settles: EntryID?
    public let resolution: Resolution?
    /// It is in the database again; false in a plan.
    public let isRestored: Bool

    public init(
      _ entry: Entry, _ outcome: Outcome?, _ settlement: SettlementRequest?
    ) {
      self.init(
        id: entry.id, entry: entry, outcome: outcome, settles: settlement?.exception,
        resolution: settlement?.settlement.resolution, isRestored: false)
    }

    public init(_ settlement: SettlementRequest) {
      self.init(
        id: settlement.exception, entry: nil, outcome: nil, settles: settlement.exception,
        resolution: settlement.settlement.resolution, isRestored: false)
    }

    private init(
      id: EntryID, entry: Entry?, outcome: Outcome?, settles: EntryID?, resolution: Resolution?,
      isRestored: Bool
    ) {
      self.id = id
      self.entry = entry
      self.outcome = outcome
      self.settles = settles
      self.resolution = resolution
      self.isRestored = isRestored
    }

    public func restored(_ isRestored: Bool) -> Item {
      Item(
        id: id, entry: entry, outcome: outcome, settles: settles, resolution: resolution,
        isRestored: isRestored)
    }
  }

  /// What the database did not know.
  public let items: [Item]
  /// The epoch from now on; where nothing was changed the present one.
  public let epoch: Int64
  /// What is wrong with this terminal's ledger and was accepted, or would be; nil where nothing is.
  public var damage: String?
  /// Entries that were told and whose lines are gone.
  public var missingEntries: [MissingEntry] = []

  public init(items: [Item] = [], epoch: Int64) {
    self.items = items
    self.epoch = epoch
  }

  public var missing: Int { items.count }
  /// Of those, in the database again now; 0 for a plan.
  public var restored: Int { items.count(where: \.isRestored) }
}

/// What an old copy of a till's state directory has captured, to be taken over by the newest one.
public struct Adoption: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public let entry: Entry
    /// As what it was told; nil where its outcome was called unknown.
    public let released: Standing?
    public let isOverLimit: Bool
    /// It may have reached the bank under its own id.
    public let mayHaveBeenSent: Bool
    /// It had been taken over by that copy from another one.
    public let isAdopted: Bool
    /// The id under which the bank has acknowledged it to that copy; nil where it waits there.
    public let acknowledgedAs: EntryID?

    public init(
      _ entry: Entry, released: Standing?, isOverLimit: Bool, mayHaveBeenSent: Bool,
      isAdopted: Bool, acknowledgedAs: EntryID? = nil
    ) {
      self.acknowledgedAs = acknowledgedAs
      self.entry = entry
      self.released = released
      self.isOverLimit = isOverLimit
      self.mayHaveBeenSent = mayHaveBeenSent
      self.isAdopted = isAdopted
    }
  }

  /// Whose ledger the copy holds.
  public let bank: Identifier
  public let terminal: Identifier
  /// What was told there, in the order of the lines: what waits, and what the bank had booked.
  public let items: [Item]
  /// What the copy says was taken over from it, with the new ids; written there before anything is taken
  /// over, so that a new id may be known nowhere else yet.
  public var takenOver: [EntryID: EntryID] = [:]

  public init(bank: Identifier, terminal: Identifier, items: [Item]) {
    self.bank = bank
    self.terminal = terminal
    self.items = items
  }
}

/// An entry that was taken over: its new id, and the one it had.
public struct AdoptedEntry: Hashable, Sendable {
  public let entry: EntryID
  public let replaces: EntryID

  public init(entry: EntryID, replaces: EntryID) {
    self.entry = entry
    self.replaces = replaces
  }
}

/// What became of an old copy's entries.
public struct AdoptionReport: Hashable, Sendable {
  /// Taken over now; of a plan, what would be.
  public var entries: [AdoptedEntry]
  /// Of those, the old ids under which this directory has other entries.
  public var otherContent: Set<EntryID> = []
  /// Acknowledged to the old copy, and the bank cannot be asked whether it still knows them.
  public var unasked: [EntryID] = []
  /// Of a plan: what this directory holds of the copy's already. What both have from before, and what waits
  /// in the copy, has the same id here.
  public var held: [AdoptedEntry] = []

  public init(
    _ entries: [AdoptedEntry] = [], otherContent: Set<EntryID> = [], unasked: [EntryID] = []
  ) {
    self.entries = entries
    self.otherContent = otherContent
    self.unasked = unasked
  }
}

/// An entry of the manual ledger and what has become of it.
public struct LedgerEntryView: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// Taken, and not decided yet.
    case waiting
    /// Not decided yet either, and nothing was promised: pay nothing until it is known.
    case unknown
    /// The bank knows its id with other content: it waits for a person.
    case blocked
    case posted, suspense
    /// It was in suspense, and a person has settled that.
    case settled
    case refused, voided
    /// Written but never told to anybody: to keep or to void.
    case untold

    /// Not decided yet.
    public var isOpen: Bool { self == .waiting || self == .unknown || self == .blocked }
  }

  public let entry: Entry
  public let state: State
  public let reason: Reason?
  /// Set once the customer was told that it is taken.
  public let released: Standing?
  /// Sent to the database at least once: can no longer be voided.
  public let wasSent: Bool
  /// How it left suspense; nil for any state but *settled*.
  public let settledBy: Resolution?

  public init(
    entry: Entry, state: State, reason: Reason?, released: Standing?, wasSent: Bool,
    settledBy: Resolution? = nil
  ) {
    self.settledBy = settledBy
    self.entry = entry
    self.state = state
    self.reason = reason
    self.released = released
    self.wasSent = wasSent
  }
}

/// Which part of the manual ledger a page shows.
public struct LedgerQuery: Hashable, Sendable {
  public enum Part: Hashable, Sendable {
    case newest, oldest
    /// Next to this entry, without it.
    case olderThan(EntryID), newerThan(EntryID)
    /// This entry and older ones.
    case from(EntryID)

    /// Whether the next page follows at the newer end.
    public var reachesUp: Bool {
      switch self {
      case .oldest, .newerThan: true
      case .newest, .olderThan, .from: false
      }
    }
  }

  /// Of an entry that the ledger does not know any more the newest are shown.
  public var part: Part
  public var limit: Int

  public init(_ part: Part = .newest, limit: Int = 50) {
    self.part = part
    self.limit = limit
  }
}

/// A page of the manual ledger, newest first.
public struct LedgerPage: Hashable, Sendable {
  public var entries: [LedgerEntryView]
  /// Whether more follow in the direction of the question.
  public var hasMore: Bool
  /// Entries of the last day, of the outage that lasts and of all open matters, those of other pages
  /// included.
  public var total: Int
  /// Older entries, which no page shows.
  public var leftOut: Int

  public init(entries: [LedgerEntryView], hasMore: Bool, total: Int, leftOut: Int = 0) {
    self.entries = entries
    self.hasMore = hasMore
    self.total = total
    self.leftOut = leftOut
  }
}

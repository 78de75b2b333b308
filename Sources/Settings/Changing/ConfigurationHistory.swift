import BankCore

/// Everything the state directory knows about configurations, as it was read at one moment.
public struct ConfigurationHistory: Hashable, Sendable {
  /// A generation and its life.
  public struct Record: Hashable, Sendable {
    public let generation: Generation
    public var occurrences: [Occurrence.Kind: Occurrence]
    public var health: Health?

    public init(
      generation: Generation, occurrences: [Occurrence.Kind: Occurrence] = [:],
      health: Health? = nil
    ) {
      self.generation = generation
      self.occurrences = occurrences
      self.health = health
    }

    public var number: Int { generation.number }
    public var isActivated: Bool { occurrences[.activated] != nil }
    public var isConfirmed: Bool { occurrences[.confirmed] != nil }
    public var isReverted: Bool { occurrences[.reverted] != nil }
  }

  /// By number.
  public let records: [Record]
  public let pending: PendingChange?
  /// The files of the history that cannot be read, by name.
  public let unreadable: [String]
  /// Higher than every number that was ever used, those of unreadable files included.
  public let nextNumber: Int

  public init(
    records: [Record] = [], pending: PendingChange? = nil, unreadable: [String] = [],
    nextNumber: Int? = nil
  ) {
    self.records = records.sorted { $0.number < $1.number }
    self.pending = pending
    self.unreadable = unreadable
    self.nextNumber = nextNumber ?? (records.map(\.number).max() ?? 0) + 1
  }

  public subscript(number: Int) -> Record? { records.first { $0.number == number } }

  /// The generation of that file which should be in force; nil before the first one.
  public func inForce(_ file: String) -> Record? {
    records.last { $0.generation.file == file && $0.isActivated && !$0.isReverted }
  }

  /// The newest generation of that file that committed and stayed online for ten minutes. One that
  /// was never healthy cannot become it.
  public func lastKnownGood(_ file: String) -> Record? {
    records.last { $0.generation.file == file && $0.health?.isKnownGood == true }
  }

  /// Where a rollback leads unless a number is given: to the last known good configuration, else
  /// the newest confirmed one; never to what is in force already.
  public func wayBack(_ file: String) -> Record? {
    let present = inForce(file)
    let others = records.filter {
      $0.generation.file == file && $0.isConfirmed && !$0.isReverted
        && $0.generation.content != present?.generation.content
    }
    return others.last { $0.health?.isKnownGood == true } ?? others.last
  }

  /// Whether any of these configurations has led to a bank; also where that cannot be read.
  public var hasMetBank: Bool {
    !unreadable.isEmpty
      || records.contains { record in
        record.isConfirmed || record.generation.examined?.bankID != nil
          || record.health.map {
            $0.committedAt != nil || $0.onlineSince != nil || $0.longestSeconds > 0
          }
            == true
      }
  }

  /// The files that have a history.
  public var files: [String] {
    var seen: [String] = []
    for record in records where !seen.contains(record.generation.file) {
      seen.append(record.generation.file)
    }
    return seen
  }
}

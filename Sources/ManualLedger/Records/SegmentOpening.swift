import BankCore

/// Whose ledger it is. A ledger of another bank or terminal is never continued.
public struct LedgerOwner: Hashable, Sendable {
  public let bank: Identifier
  public let terminal: TerminalIdentity

  public init(bank: Identifier, terminal: TerminalIdentity) {
    self.bank = bank
    self.terminal = terminal
  }
}

/// A place between two lines of a segment.
public struct SegmentEnd: Hashable, Sendable {
  /// Lines before it.
  public let records: Int64
  /// Bytes before it.
  public let bytes: Int64
  /// The hash of the last line before it; of the predecessor's last line at the very beginning.
  public let head: LineHash

  public init(records: Int64, bytes: Int64, head: LineHash) {
    self.records = records
    self.bytes = bytes
    self.head = head
  }
}

/// How the segment before this one ended, as the writer of this one found it.
public struct Predecessor: Hashable, Sendable {
  public enum Ending: String, Hashable, Sendable, CaseIterable {
    /// Closed properly.
    case sealed
    /// Its disk failed, or its mark: lines after the last acknowledged one do not count.
    case abandoned
    case damaged
    case tampered
    case truncated

    /// Whether lines that somebody was told of are missing or doubtful.
    public var isLoss: Bool { self != .sealed && self != .abandoned }
  }

  public let segment: Int64
  public let ending: Ending
  /// The lines of it that count.
  public let end: SegmentEnd

  public init(segment: Int64, ending: Ending, end: SegmentEnd) {
    self.segment = segment
    self.ending = ending
    self.end = end
  }
}

/// The first line of a segment: whose it is, what came before and what is carried over.
public struct SegmentOpening: Hashable, Sendable {
  /// The last entry line so far; the books keep its hash with the terminal's highest number.
  public struct LastEntry: Hashable, Sendable {
    public let number: Int64
    public let hash: LineHash

    public init(number: Int64, hash: LineHash) {
      self.number = number
      self.hash = hash
    }
  }

  public let owner: LedgerOwner
  public let segment: Int64
  public let predecessor: Predecessor?
  /// The first segment that is still needed to know every waiting entry. Waiting entries are not
  /// copied: a segment full of them would be copied at every rotation.
  public let foldFrom: Int64
  public let nextNumber: Int64
  public let lastEntry: LastEntry?
  public let acknowledgement: Acknowledgement?
  /// The newest entry that the database acknowledged, by the id it is booked under.
  public let lastAcknowledged: EntryID?
  /// Outages begun so far.
  public let outages: Int64
  public let totals: [Currency: LedgerTotals]
  /// Losses of earlier segments that are on record.
  public let losses: [SegmentLoss]
  /// Entry numbers that are missing and that nobody has noted.
  public let missing: [ClosedRange<Int64>]
  public let at: Instant

  public init(
    owner: LedgerOwner, segment: Int64, predecessor: Predecessor?, foldFrom: Int64,
    nextNumber: Int64, lastEntry: LastEntry?, acknowledgement: Acknowledgement?,
    lastAcknowledged: EntryID?, outages: Int64, totals: [Currency: LedgerTotals],
    losses: [SegmentLoss] = [], missing: [ClosedRange<Int64>] = [], at: Instant
  ) {
    self.losses = losses
    self.missing = missing
    self.owner = owner
    self.segment = segment
    self.predecessor = predecessor
    self.foldFrom = foldFrom
    self.nextNumber = nextNumber
    self.lastEntry = lastEntry
    self.acknowledgement = acknowledgement
    self.lastAcknowledged = lastAcknowledged
    self.outages = outages
    self.totals = totals
    self.at = at
  }
}

extension SegmentOpening {
  /// The first line of a file, whatever the file is called; nil when it is no such line.
  public init?(ofFile name: String, on volume: any Volume) throws(VolumeFault) {
    guard let opening = try SegmentFile.opening(of: name, on: volume) else { return nil }
    self = opening
  }
}

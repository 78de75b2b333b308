import BankCore

/// Where a line stands.
public struct LineReference: Hashable, Sendable, Comparable {
  public let segment: Int64
  /// From 1, the segment's `open` line.
  public let record: Int64

  public init(segment: Int64, record: Int64) {
    self.segment = segment
    self.record = record
  }

  public static func < (a: LineReference, b: LineReference) -> Bool {
    (a.segment, a.record) < (b.segment, b.record)
  }
}

/// An entry with all that the ledger says of it.
public struct LedgerEntry: Hashable, Sendable {
  public let entry: Entry
  /// Of a settlement: how the exception that it names in `replaces` is settled by it.
  public let resolution: Resolution?
  /// Taken over from an old copy of this till's directory, where it had the id that it replaces.
  public let isAdopted: Bool
  /// Its own line says that its customer was told of what it takes back that nobody knows.
  public let takesBackUnknown: Bool
  /// The hash of its line: the receipt's code is made of it, and the books keep the highest one.
  public let lineHash: LineHash
  public let line: LineReference
  public internal(set) var release: ReleaseRecord?
  public internal(set) var outcome: OutcomeRecord?
  public internal(set) var void: VoidRecord?
  /// The bank knows the id or the number as another entry's.
  public internal(set) var blocked: BlockedRecord?
  /// The bank had decided, and cannot take that back since it was restored from a backup.
  public internal(set) var wasTakenBack = false
  /// A person has decided since that it is booked under its second id.
  public internal(set) var mayTakeSecondID = false
  /// How it left suspense; nil while it has not.
  public internal(set) var settledBy: Resolution?
  /// Who has seen to the notice of its late outcome; nil while nobody has.
  public internal(set) var notedBy: String?
  /// Written, but the writer died before anybody was told. It waits for *keep* or *void*, holds
  /// nothing back and counts in no total until then.
  public internal(set) var isUntold = false
  /// It may have reached the database, and can no longer be voided.
  public internal(set) var mayHaveBeenSent = true

  /// Whether it counts in the control totals: once kept, always.
  var isCounted = true
  var releaseLine: LineReference?

  init(_ record: EntryRecord, lineHash: LineHash, line: LineReference) {
    entry = record.entry
    resolution = record.resolution
    isAdopted = record.isAdopted
    takesBackUnknown = record.takesBackUnknown
    self.lineHash = lineHash
    self.line = line
  }

  public var state: LedgerEntryView.State {
    if void != nil { return .voided }
    switch outcome?.recorded.outcome {
    case .posted: return .posted
    case .suspense: return settledBy == nil ? .suspense : .settled
    case .refused: return .refused
    case nil:
      if isUntold { return .untold }
      if isBlocked { return .blocked }
      return release == nil ? .unknown : .waiting
    }
  }

  /// Told, and not decided yet: waiting, unknown or blocked.
  public var isWaiting: Bool { outcome == nil && void == nil && !isUntold }

  /// It waits for a person: nobody sends it.
  public var isBlocked: Bool { isWaiting && blocked != nil && !mayTakeSecondID }

  /// Why it is blocked; nil where it is not.
  public var blockedReason: Reason? { isBlocked ? blocked?.reason : nil }

  /// Its outcome came when nobody was waiting for it, and nobody has seen to that yet.
  public var hasOpenNotice: Bool { outcome?.needsNotice == true && notedBy == nil }

  /// Whether its customer was told that nobody knows, or nothing: no cash was to move then.
  public var wasToldUnknown: Bool { release == nil && (isWaiting || outcome?.needsNotice == true) }

  /// Whether the bank has made an exception of it, by the same rule as the books.
  public var isException: Bool {
    guard let recorded = outcome?.recorded, isCapture else { return false }
    return recorded.outcome.needsPerson(flags: recorded.flags, wasReleased: release != nil)
  }

  /// The exception that it has settled by moving its amount; nil for any other entry.
  var movedException: EntryID? {
    entry.kind == .settlement && outcome?.recorded.outcome == .posted ? entry.replaces : nil
  }

  /// The ids under which the bank may have booked it.
  public var ids: [EntryID] { [entry.id, release?.secondID].compactMap { $0 } }

  /// A settlement moves an amount from suspense to posted; it is no capture.
  var isCapture: Bool { entry.kind != .settlement }

  /// The short code on the receipt.
  public var code: String { lineHash.receiptCode }

  public var view: LedgerEntryView {
    LedgerEntryView(
      entry: entry, state: state,
      reason: outcome?.recorded.outcome.reason ?? (isBlocked ? blocked?.reason : nil),
      released: release?.standing, wasSent: mayHaveBeenSent, settledBy: settledBy)
  }
}

extension Entry {
  /// Lower-case hex SHA-256 of `content`: what the inbox compares.
  public var contentHash: String { LineHash(of: Array(content.utf8)).description }
}

/// Something in whole and well-chained lines that no writer of Daybook writes. It is shown to a
/// person; it never stops the ledger from being read.
public enum Irregularity: Hashable, Sendable {
  /// A rule forbids it; why, in words.
  case forbidden(String, LineReference)
  case duplicateEntry(EntryID, LineReference)
  case numberGap(expected: Int64, found: Int64, LineReference)
  case unknownEntry(EntryID, LineReference)
  case outcomeChanged(EntryID, LineReference)
  /// A void of an entry that the bank has decided, or a decision on one that was voided.
  case voidedAndDecided(EntryID, LineReference)
  case totalsDisagree(LineReference)

  /// Whether the line counts for nothing. Of a missing number the line behind it is not guilty.
  var isRefused: Bool {
    switch self {
    case .forbidden, .duplicateEntry, .unknownEntry: true
    case .numberGap, .outcomeChanged, .voidedAndDecided, .totalsDisagree: false
    }
  }

  /// Half a sentence for people.
  public var text: String {
    switch self {
    case .forbidden(let why, _): why
    case .duplicateEntry(let id, _): "the entry id \(id) is in the ledger already"
    case .numberGap(let expected, let found, _):
      "entry number \(found) comes where \(expected) is next"
    case .unknownEntry(let id, _): "the ledger holds no entry \(id)"
    case .outcomeChanged(let id, _): "the outcome of \(id) has changed"
    case .voidedAndDecided(let id, _): "\(id) is voided and decided"
    case .totalsDisagree: "the totals disagree"
    }
  }
}

extension LedgerState {
  /// The hash of the line of the entry with that number, where this state still knows it.
  public func lineHash(ofNumber number: Int64) -> LineHash? {
    if let lastEntry, lastEntry.number == number { return lastEntry.hash }
    guard areNumbersAscending else {
      return entries.first { $0.entry.number == number }?.lineHash
    }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].entry.number < number { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].entry.number == number else { return nil }
    return entries[low].lineHash
  }
}

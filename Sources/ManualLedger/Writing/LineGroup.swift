/// Lines that become durable together.
struct LineGroup {
  let segment: Int64
  private(set) var bytes: [UInt8] = []
  /// Where the group ends.
  private(set) var end: SegmentEnd
  private(set) var lines: [(record: LedgerRecord, place: LineReference, hash: LineHash)] = []

  init(in segment: Int64, after end: SegmentEnd) {
    self.segment = segment
    self.end = end
  }

  /// - Throws: `LedgerFault.recordTooLong`.
  mutating func append(_ record: LedgerRecord) throws(LedgerFault) {
    let json = record.json()
    let byteCount = LedgerLine.prefixCount + json.count + 1
    guard byteCount <= LedgerLine.maximumCount else { throw .recordTooLong }
    let hash = LedgerLine.append(json: json, after: end.head, to: &bytes)
    end = SegmentEnd(
      records: end.records + 1, bytes: end.bytes + Int64(byteCount), head: hash)
    lines.append((record, LineReference(segment: segment, record: end.records), hash))
  }
}

/// A record whose line survives a power cut. Only the writer can make one, and only after the disk has
/// said so.
public struct DurableLine: Hashable, Sendable {
  public let record: LedgerRecord
  public let place: LineReference
  public let hash: LineHash

  init(_ record: LedgerRecord, place: LineReference, hash: LineHash) {
    self.record = record
    self.place = place
    self.hash = hash
  }
}

/// Proof that records survive a power cut. Only the writer can make one, and only after the disk
/// has said so; what may be told to a customer is folded from its lines.
public struct DurableReceipt: Hashable, Sendable {
  public enum Copies: Hashable, Sendable {
    /// No second copy is configured.
    case single
    case both
    /// The second copy could not be written; it is caught up with later records.
    case oneCopy(VolumeFault)
  }

  /// One per record, in order.
  public let lines: [DurableLine]
  public let copies: Copies

  /// A second copy is configured and did not take the lines.
  public var isOneCopyOnly: Bool { if case .oneCopy = copies { true } else { false } }

  init(lines: [DurableLine], copies: Copies) {
    self.lines = lines
    self.copies = copies
  }
}

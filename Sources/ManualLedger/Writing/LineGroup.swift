/// Lines that become durable together.
struct LineGroup {
  let segment: Int64
  private(set) var bytes: [UInt8] = []
  /// Where the group ends.
  private(set) var end: SegmentEnd
  private(set) var lines: [(record: LedgerRecord, line: RecordedLine)] = []

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
    let place = LineReference(segment: segment, record: end.records)
    lines.append((record, RecordedLine(place: place, hash: hash)))
  }
}

/// A line that a record became.
public struct RecordedLine: Hashable, Sendable {
  public let place: LineReference
  public let hash: LineHash
}

/// Proof that records survive a power cut. Only the writer can make one, and only after the disk
/// has said so; what may be told to a customer is built from it.
public struct DurableReceipt: Hashable, Sendable {
  public enum Copies: Hashable, Sendable {
    /// No second copy is configured.
    case single
    case both
    /// The second copy could not be written; it is caught up with later records.
    case oneCopy(VolumeFault)
  }

  /// One per record, in order.
  public let lines: [RecordedLine]
  public let copies: Copies

  init(lines: [RecordedLine], copies: Copies) {
    self.lines = lines
    self.copies = copies
  }
}

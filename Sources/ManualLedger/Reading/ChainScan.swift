/// Why a scan went no further.
enum ScanStop: Hashable, Sendable {
  case endOfFile
  /// As far as the caller wanted to read.
  case limit
  /// The file ends in the middle of a line.
  case partialLine
  /// Bytes that are no line, or a line that is not what its own hash says.
  case badLine
  /// A line that is whole by its own hash but does not follow the line before it.
  case brokenChain
  /// Whole lines in order, but not the ones that the mark or the next segment vouches for.
  case headDiffers
  /// A whole line in its place that says nothing this code can read.
  case unreadable(RecordFault)
}

/// Follows the chain of lines through the bytes of one segment. A plain value: a copy made at any
/// line goes on from there.
struct ChainScan: Hashable, Sendable {
  /// The good lines so far.
  private(set) var end: SegmentEnd
  private(set) var stop: ScanStop?
  private let vouched: SegmentEnd?
  private let limit: Int64

  /// - Parameters:
  ///   - start: where the bytes begin, and the hash that the first line must name.
  ///   - vouched: where the mark or the next segment says that a line ends, and with which hash.
  ///   - limit: no line that ends after this offset is looked at.
  init(from start: SegmentEnd, vouched: SegmentEnd?, limit: Int64 = .max) {
    end = start
    self.vouched = vouched
    self.limit = limit
    checkHead()
  }

  /// Goes through the whole lines in `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: from `end.bytes` on.
  ///   - isLast: the file ends with them.
  ///   - each: sees each good line; what it throws stops the scan before that line.
  /// - Returns: how many bytes are behind it now; the rest is to be given again with more.
  mutating func advance(
    over bytes: UnsafeRawBufferPointer, isLast: Bool,
    each: (LedgerLine, UnsafeRawBufferPointer) throws(RecordFault) -> Void
  ) -> Int {
    var position = 0
    while stop == nil {
      if end.bytes >= limit {
        stop = .limit
        break
      }
      guard let newline = LedgerLine.newlineIndex(bytes, from: position) else {
        if bytes.count - position >= LedgerLine.maximumCount {
          stop = .badLine
        } else if isLast {
          stop = position == bytes.count ? .endOfFile : .partialLine
        }
        break
      }
      let line = UnsafeRawBufferPointer(rebasing: bytes[position...newline])
      if end.bytes + Int64(line.count) > limit {
        stop = .limit
      } else if accept(line, each) {
        position = newline + 1
      }
    }
    return position
  }

  private mutating func accept(
    _ bytes: UnsafeRawBufferPointer,
    _ each: (LedgerLine, UnsafeRawBufferPointer) throws(RecordFault) -> Void
  ) -> Bool {
    guard bytes.count <= LedgerLine.maximumCount, let line = LedgerLine(bytes) else {
      stop = .badLine
      return false
    }
    guard line.previous == end.head else {
      stop = .brokenChain
      return false
    }
    do {
      try each(line, LedgerLine.json(bytes))
    } catch {
      stop = .unreadable(error)
      return false
    }
    let before = end.bytes
    end = SegmentEnd(
      records: end.records + 1, bytes: before + Int64(bytes.count), head: line.hash)
    // A line that reaches across the vouched place: nobody wrote that one.
    if let vouched, before < vouched.bytes, end.bytes > vouched.bytes { stop = .headDiffers }
    checkHead()
    return true
  }

  private mutating func checkHead() {
    guard let vouched, end.bytes == vouched.bytes else { return }
    if end != vouched { stop = .headDiffers }
  }
}

/// Reads one segment from a volume in pieces, so that memory does not grow with the file.
enum SegmentFile {
  private static let chunkByteCount = 1 << 20

  /// Runs a scan to its end.
  ///
  /// - Returns: the size of the file when it was read.
  static func run(
    _ scan: inout ChainScan, over name: String, on volume: any Volume,
    each: (LedgerLine, UnsafeRawBufferPointer) throws(RecordFault) -> Void
  ) throws(VolumeFault) -> Int64 {
    let size = try volume.size(of: name)
    var buffer: [UInt8] = []
    var offset = scan.end.bytes
    while scan.stop == nil {
      let wanted = Int(clamping: min(Int64(chunkByteCount), max(0, size - offset)))
      let chunk = wanted > 0 ? try volume.read(name, from: offset, count: wanted) : []
      offset += Int64(chunk.count)
      if buffer.isEmpty { buffer = chunk } else { buffer.append(contentsOf: chunk) }
      let isLast = chunk.count < wanted || offset >= size
      let consumed = buffer.withUnsafeBytes { scan.advance(over: $0, isLast: isLast, each: each) }
      if consumed == buffer.count { buffer = [] } else { buffer.removeFirst(consumed) }
    }
    return size
  }

  /// The `open` record of a segment, if its first line is whole by its own hash and readable.
  static func opening(
    of name: String, on volume: any Volume
  ) throws(VolumeFault) -> SegmentOpening? {
    // An `open` line is mostly short; only one with very many currencies needs the second look.
    for count in [8192, LedgerLine.maximumCount] {
      let bytes = try volume.read(name, from: 0, count: count)
      let opening = bytes.withUnsafeBytes { bytes -> SegmentOpening? in
        guard let newline = LedgerLine.newlineIndex(bytes, from: 0) else { return nil }
        let line = UnsafeRawBufferPointer(rebasing: bytes[...newline])
        var decoder = RecordDecoder()
        guard LedgerLine(line) != nil,
          case .open(let opening) = try? decoder.record(LedgerLine.json(line))
        else { return nil }
        return opening
      }
      if let opening { return opening }
    }
    return nil
  }

  /// The lines from `offset` up to `limit` that are whole by their own hash, whatever surrounds
  /// them: what is left of a damaged segment.
  static func wholeLines(
    in name: String, on volume: any Volume, from offset: Int64, upTo limit: Int64
  ) throws(VolumeFault) -> [SalvagedLine] {
    let count = max(0, min(limit, try volume.size(of: name)) - offset)
    let bytes = try volume.read(name, from: offset, count: Int(clamping: count))
    return bytes.withUnsafeBytes { bytes in
      var salvaged: [SalvagedLine] = []
      var decoder = RecordDecoder()
      var position = 0
      while let newline = LedgerLine.newlineIndex(bytes, from: position) {
        let line = UnsafeRawBufferPointer(rebasing: bytes[position...newline])
        position = newline + 1
        guard let checked = LedgerLine(line),
          let record = try? decoder.record(LedgerLine.json(line))
        else { continue }
        salvaged.append(SalvagedLine(record: record, hash: checked.hash))
      }
      return salvaged
    }
  }
}

/// A whole line that was found after the damage in its segment.
struct SalvagedLine: Hashable, Sendable {
  let record: LedgerRecord
  let hash: LineHash
}

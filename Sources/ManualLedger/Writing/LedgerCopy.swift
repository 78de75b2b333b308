import BankCore

/// A second copy of the ledger in another directory, on another disk or host: the same segments,
/// byte for byte, with a mark of their own. It follows the first one and is never waited for
/// longer than its own disk takes; when it falls behind, it catches up with the next record.
final class LedgerCopy {
  let volume: any Volume
  private let names: LedgerNames
  private var generation: Int64 = 0
  /// Up to where the copy is known to be the same and durable; nil before it was compared, and
  /// after a fault.
  private var place: (segment: Int64, bytes: Int64)?

  private static let chunkByteCount = 1 << 20

  /// Why nothing is copied: before somebody has looked for the real copy, no other one takes its
  /// place.
  private let missing: VolumeFault?

  init(on volume: any Volume, names: LedgerNames, missing: VolumeFault? = nil) {
    self.volume = volume
    self.names = names
    self.missing = missing
  }

  /// What was lost in the first copy stays as it is here: the copy goes on with that segment.
  func skip(to segment: Int64) { place = (segment, 0) }

  /// Copies what is told and not here yet.
  ///
  /// - Returns: why it could not.
  func follow(_ original: any Volume, to mark: Mark) -> VolumeFault? {
    if let missing { return missing }
    do throws(VolumeFault) {
      let found = try MarkReading.read(names.mark, on: volume).mark
      // Marks are numbered on: an older one must never win over the one that is written now.
      generation = max(generation, found?.generation ?? 0)
      if place == nil { place = try compare(with: original, found) }
      try copy(original, to: mark)
      return nil
    } catch {
      place = nil
      volume.close(names.mark)
      return error
    }
  }

  /// Finds where the two agree. The last line of the copy binds all lines before it, so it is
  /// enough to compare that one.
  private func compare(
    with original: any Volume, _ mark: Mark?
  ) throws(VolumeFault) -> (segment: Int64, bytes: Int64) {
    guard let mark else {
      let here = try segments(on: volume)
      guard here.isEmpty else {
        throw VolumeFault(.other, "the second copy has lost its mark (\(names.mark))")
      }
      return (try segments(on: original).first ?? 1, 0)
    }
    let count = Int(min(mark.end.bytes, Int64(LedgerLine.maximumCount)))
    let from = mark.end.bytes - Int64(count)
    let name = names.segment(mark.segment)
    let here = try volume.read(name, from: from, count: count)
    guard here.count == count, here == (try original.read(name, from: from, count: count)) else {
      throw VolumeFault(.other, "the second copy of \(name) differs from the first")
    }
    return (mark.segment, mark.end.bytes)
  }

  private func segments(on volume: any Volume) throws(VolumeFault) -> [Int64] {
    try volume.fileNames().compactMap { names.segmentNumber($0) }.sorted()
  }

  private func copy(_ original: any Volume, to mark: Mark) throws(VolumeFault) {
    guard let start = place else { return }
    let sources = try start.segment == mark.segment ? [mark.segment] : segments(on: original)
    for segment in sources where segment >= start.segment && segment <= mark.segment {
      let name = names.segment(segment)
      let isLast = segment == mark.segment
      let end = isLast ? mark.end.bytes : try original.size(of: name)
      let begin = segment == start.segment ? start.bytes : 0
      try copy(original, name, begin, end)
      if !isLast { try? volume.makeReadOnly(name) }
    }
    try writeMark(mark)
    place = (mark.segment, mark.end.bytes)
  }

  private func copy(
    _ original: any Volume, _ name: String, _ begin: Int64, _ end: Int64
  ) throws(VolumeFault) {
    if begin == 0 { try createIfMissing(name) }
    var offset = begin
    while offset < end {
      let count = Int(min(Int64(Self.chunkByteCount), end - offset))
      let bytes = try original.read(name, from: offset, count: count)
      guard !bytes.isEmpty else {
        throw VolumeFault(.inputOutput, "\(name) became shorter while it was copied")
      }
      try volume.write(bytes, to: name, at: offset)
      offset += Int64(bytes.count)
    }
    // Lines that were written here and never told, or half of one.
    if try volume.size(of: name) > end { try volume.truncate(name, to: end) }
    try volume.synchronize(name)
  }

  private func createIfMissing(_ name: String) throws(VolumeFault) {
    do throws(VolumeFault) {
      try volume.create(name)
    } catch  where error.kind == .exists {
      return
    }
    try volume.synchronizeDirectory()
  }

  private func writeMark(_ original: Mark) throws(VolumeFault) {
    try createIfMissing(names.mark)
    let mark = Mark(
      generation: generation + 1, segment: original.segment, end: original.end,
      nextNumber: original.nextNumber)
    try volume.write(mark.block, to: names.mark, at: mark.offset)
    try volume.synchronize(names.mark)
    generation = mark.generation
  }
}

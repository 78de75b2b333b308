/// Up to where the ledger has been told: something outside the segment must know its head, for a
/// chain of hashes alone never shows that its end is missing.
struct Mark: Hashable, Sendable {
  /// Grows by one with each writing; its last bit chooses the slot.
  let generation: Int64
  let segment: Int64
  let end: SegmentEnd
  /// The next entry number, so that none is given twice even when lines are lost.
  let nextNumber: Int64

  private static let magic = "daybook-mark 1"

  /// Each slot has a block of its own, so that tearing one cannot touch the other.
  static let slotByteCount = 4096

  /// Where this generation is written.
  var offset: Int64 { generation % 2 * Int64(Self.slotByteCount) }

  /// The line, padded to a block.
  var block: [UInt8] {
    var bytes = line
    bytes.append(contentsOf: repeatElement(0x20, count: Self.slotByteCount - bytes.count - 1))
    bytes.append(LedgerLine.newline)
    return bytes
  }

  /// One line of text with its own SHA-256 at the end.
  var line: [UInt8] {
    var bytes = Array(
      """
      \(Self.magic) \(generation) \(segment) \(end.records) \(end.bytes) \(nextNumber) \
      \(end.head)
      """.utf8)
    let checksum = LineHash(of: bytes)
    bytes.append(0x20)
    checksum.write(to: &bytes)
    bytes.append(LedgerLine.newline)
    return bytes
  }

  /// The same place under another generation: with it a slot is written over whose mark must not
  /// count.
  func under(_ generation: Int64) -> Mark {
    Mark(generation: max(0, generation), segment: segment, end: end, nextNumber: nextNumber)
  }

  /// What the witness says; nil where there is none, or none that can be read. It only ever helps:
  /// without it the mark stands alone.
  static func witness(_ name: String, on volume: any Volume) throws(VolumeFault) -> Mark? {
    do throws(VolumeFault) {
      return Mark(block: try volume.read(name, from: 0, count: slotByteCount))
    } catch {
      guard error.kind == .noFile else { return nil }
      throw error
    }
  }

  /// Reads one slot; nil when it is torn, rotten or was never written.
  init?(block: [UInt8]) {
    guard let newline = block.firstIndex(of: LedgerLine.newline) else { return nil }
    let words = block[..<newline].split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 9, let last = words.last,
      let checksum = last.withUnsafeBytes({ LineHash(digits: $0) }),
      let head = words[7].withUnsafeBytes({ LineHash(digits: $0) }),
      LineHash(of: Array(block[..<(last.startIndex - 1)])) == checksum,
      block.starts(with: Self.magic.utf8)
    else { return nil }
    let counts = words[2..<7].compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
    guard counts.count == 5, counts.allSatisfy({ $0 >= 0 && $0 < 1 << 60 }) else { return nil }
    self.init(
      generation: counts[0], segment: counts[1],
      end: SegmentEnd(records: counts[2], bytes: counts[3], head: head), nextNumber: counts[4])
  }

  init(generation: Int64, segment: Int64, end: SegmentEnd, nextNumber: Int64) {
    self.generation = generation
    self.segment = segment
    self.end = end
    self.nextNumber = nextNumber
  }
}

/// What the mark's file says.
enum MarkReading: Hashable, Sendable {
  case missing
  /// - Parameter isDoubtful: the other slot should hold the generation before or after this one
  ///   and cannot be read: this mark may be one writing old.
  case readable(Mark, isDoubtful: Bool)
  case unreadable

  static func read(_ name: String, on volume: any Volume) throws(VolumeFault) -> MarkReading {
    let bytes: [UInt8]
    do {
      bytes = try volume.read(name, from: 0, count: 2 * Mark.slotByteCount)
    } catch  where error.kind == .missing {
      return .missing
    }
    return MarkReading(file: bytes)
  }

  init(file bytes: [UInt8]) {
    let slots = [0, Mark.slotByteCount].map { start in
      let block = Array(bytes.dropFirst(start).prefix(Mark.slotByteCount))
      return Mark(block: block).flatMap { Int($0.offset) == start ? $0 : nil }
    }
    switch (slots[0], slots[1]) {
    case (let even?, let odd?):
      // Neighbours, or one of them is a stray from another time.
      let isDoubtful = abs(even.generation - odd.generation) != 1
      self = .readable(even.generation > odd.generation ? even : odd, isDoubtful: isDoubtful)
    case (nil, let odd?):
      // The first generation is written alone.
      self = .readable(odd, isDoubtful: odd.generation != 1)
    case (let even?, nil):
      self = .readable(even, isDoubtful: true)
    case (nil, nil):
      self = .unreadable
    }
  }

  var mark: Mark? {
    if case .readable(let mark, _) = self { mark } else { nil }
  }

  /// Whether there may have been a later mark than the one that was read.
  var isDoubtful: Bool {
    switch self {
    case .readable(_, let isDoubtful): isDoubtful
    case .missing, .unreadable: true
    }
  }
}

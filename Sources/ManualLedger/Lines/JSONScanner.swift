/// Why a text is not JSON as the manual ledger writes it.
public enum JSONFault: Error, Hashable, Sendable {
  case unexpectedByte(at: Int)
  case unexpectedEnd
  case notUTF8(at: Int)
  case badEscape(at: Int)
  case notAnInteger(at: Int)
  case integerTooLarge(at: Int)
  case tooDeep(at: Int)
  case tooManyFields(at: Int)
  case duplicateKey(at: Int)
}

/// One value, or one key of an object, in the order of the text.
struct JSONNode {
  enum Kind: UInt8 { case string, integer, boolean, object, array }

  let kind: Kind
  /// Strings: whether any escape has to be resolved.
  var isEscaped = false
  /// Strings: the bytes between the quotes. Others: the whole value.
  let start: Int
  var end: Int
  /// The node after this one and everything inside it.
  var next: Int
  /// Integers: the value. Booleans: 0 or 1.
  var integer: Int64 = 0
}

/// A strict scanner by hand: valid UTF-8, integers within `Int64` only, no duplicate or escaped
/// keys, no null, bounded depth and fields. It leaves a flat list of nodes, and makes no string
/// that nobody asks for: opening a ledger is mostly this.
struct JSONScanner {
  private(set) var nodes: [JSONNode] = []
  private var position = 0

  static let maximumDepth = 8
  static let maximumFields = 64

  /// Scans one object that fills all the bytes.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) {
    nodes.removeAll(keepingCapacity: true)
    position = 0
    guard bytes.first == 0x7B else {
      throw bytes.isEmpty ? .unexpectedEnd : .unexpectedByte(at: 0)
    }
    try value(bytes, depth: 0)
    guard position == bytes.count else { throw .unexpectedByte(at: position) }
  }

  private mutating func value(_ bytes: UnsafeRawBufferPointer, depth: Int) throws(JSONFault) {
    switch try peek(bytes) {
    case 0x22: try string(bytes)
    case 0x7B: try object(bytes, depth: depth)
    case 0x5B: try array(bytes, depth: depth)
    case 0x2D, 0x30...0x39: try integer(bytes)
    case 0x74: try word(bytes, "true", 1)
    case 0x66: try word(bytes, "false", 0)
    default: throw .unexpectedByte(at: position)
    }
  }

  private func peek(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) -> UInt8 {
    guard position < bytes.count else { throw .unexpectedEnd }
    return bytes[position]
  }

  private mutating func skip(
    _ byte: UInt8, _ bytes: UnsafeRawBufferPointer
  ) throws(JSONFault) {
    guard try peek(bytes) == byte else { throw .unexpectedByte(at: position) }
    position &+= 1
  }

  private mutating func object(
    _ bytes: UnsafeRawBufferPointer, depth: Int
  ) throws(JSONFault) {
    guard depth < Self.maximumDepth else { throw .tooDeep(at: position) }
    let index = nodes.count
    nodes.append(JSONNode(kind: .object, start: position, end: 0, next: 0))
    position &+= 1
    if try peek(bytes) != 0x7D {
      var fields = 0
      while true {
        fields += 1
        guard fields <= Self.maximumFields else { throw .tooManyFields(at: position) }
        try key(bytes, of: index)
        try value(bytes, depth: depth + 1)
        guard try peek(bytes) == 0x2C else { break }
        position &+= 1
      }
    }
    try skip(0x7D, bytes)
    nodes[index].end = position
    nodes[index].next = nodes.count
  }

  private mutating func key(
    _ bytes: UnsafeRawBufferPointer, of object: Int
  ) throws(JSONFault) {
    guard try peek(bytes) == 0x22 else { throw .unexpectedByte(at: position) }
    let start = position
    try string(bytes)
    let key = nodes[nodes.count - 1]
    guard !key.isEscaped else { throw .badEscape(at: start) }
    var other = object + 1
    while other < nodes.count - 1 {
      if isEqual(nodes[other], key, bytes) { throw .duplicateKey(at: start) }
      other = nodes[other + 1].next
    }
    try skip(0x3A, bytes)
  }

  private func isEqual(_ a: JSONNode, _ b: JSONNode, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let count = a.end &- a.start
    guard count == b.end &- b.start else { return false }
    var offset = 0
    while offset < count {
      guard bytes[a.start &+ offset] == bytes[b.start &+ offset] else { return false }
      offset &+= 1
    }
    return true
  }

  private mutating func array(
    _ bytes: UnsafeRawBufferPointer, depth: Int
  ) throws(JSONFault) {
    guard depth < Self.maximumDepth else { throw .tooDeep(at: position) }
    let index = nodes.count
    nodes.append(JSONNode(kind: .array, start: position, end: 0, next: 0))
    position &+= 1
    if try peek(bytes) != 0x5D {
      while true {
        try value(bytes, depth: depth + 1)
        guard try peek(bytes) == 0x2C else { break }
        position &+= 1
      }
    }
    try skip(0x5D, bytes)
    nodes[index].end = position
    nodes[index].next = nodes.count
  }

  private mutating func integer(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) {
    let start = position
    let isNegative = bytes[position] == 0x2D
    if isNegative { position &+= 1 }
    let firstDigit = position
    // Counted downwards: the lowest Int64 has no positive counterpart.
    var value: Int64 = 0
    while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.subtractingReportingOverflow(Int64(bytes[position] &- 0x30))
      guard !overflow, !carry else { throw .integerTooLarge(at: start) }
      value = sum
      position &+= 1
    }
    let digits = position - firstDigit
    guard digits > 0, digits == 1 || bytes[firstDigit] != 0x30, !(isNegative && value == 0) else {
      throw .notAnInteger(at: start)
    }
    if position < bytes.count, [0x2E, 0x45, 0x65].contains(bytes[position]) {
      throw .notAnInteger(at: start)
    }
    if !isNegative {
      guard value != .min else { throw .integerTooLarge(at: start) }
      value = -value
    }
    var node = JSONNode(kind: .integer, start: start, end: position, next: nodes.count + 1)
    node.integer = value
    nodes.append(node)
  }

  private mutating func word(
    _ bytes: UnsafeRawBufferPointer, _ word: StaticString, _ value: Int64
  ) throws(JSONFault) {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      try skip(word.utf8Start[offset], bytes)
    }
    var node = JSONNode(kind: .boolean, start: start, end: position, next: nodes.count + 1)
    node.integer = value
    nodes.append(node)
  }

  private mutating func string(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) {
    position &+= 1
    let start = position
    var isEscaped = false
    while true {
      position = Self.endOfPlain(bytes, from: position)
      let byte = try peek(bytes)
      if byte == 0x22 { break }
      if byte == 0x5C {
        isEscaped = true
        try escape(bytes)
      } else if byte < 0x20 {
        throw .unexpectedByte(at: position)
      } else if byte < 0x80 {
        position &+= 1
      } else {
        position &+= try JSONText.sequenceCount(bytes, at: position)
      }
    }
    var node = JSONNode(kind: .string, start: start, end: position, next: nodes.count + 1)
    node.isEscaped = isEscaped
    nodes.append(node)
    position &+= 1
  }

  /// Passes over ASCII that stands for itself, eight bytes at a time; stops at or up to seven bytes
  /// before anything else.
  private static func endOfPlain(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = start
    while position &+ 8 <= bytes.count {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quotes = word ^ (0x22 &* ones)
      let backslashes = word ^ (0x5C &* ones)
      // The highest bit of a byte lights up: below 0x20, zero after the exclusive or, not ASCII.
      // A borrow may light bytes behind the first such one, never one before it.
      let found =
        (word | (word &- (0x20 &* ones)) | (quotes &- ones) | (backslashes &- ones))
        & (0x80 &* ones)
      if found != 0 { return position &+ found.trailingZeroBitCount / 8 }
      position &+= 8
    }
    return position
  }

  private mutating func escape(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) {
    guard let (_, count) = JSONText.escape(bytes, at: position) else {
      throw .badEscape(at: position)
    }
    position &+= count
  }
}

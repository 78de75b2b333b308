/// The inside of JSON strings: UTF-8 sequences and escapes.
enum JSONText {
  /// The length of the well-formed UTF-8 sequence at `start` (Unicode 15, table 3-7), whose first
  /// byte is not ASCII.
  static func sequenceCount(
    _ bytes: UnsafeRawBufferPointer, at start: Int
  ) throws(JSONFault) -> Int {
    let first = bytes[start]
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    let count: Int
    switch first {
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF:
      count = 3
      // No overlong forms, no surrogates.
      if first == 0xE0 { lowest = 0xA0 }
      if first == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      count = 4
      if first == 0xF0 { lowest = 0x90 }
      if first == 0xF4 { highest = 0x8F }
    default: throw .notUTF8(at: start)
    }
    guard start + count <= bytes.count else { throw .notUTF8(at: start) }
    guard bytes[start + 1] >= lowest, bytes[start + 1] <= highest else {
      throw .notUTF8(at: start)
    }
    for offset in 2..<max(count, 2) {
      guard bytes[start + offset] & 0xC0 == 0x80 else { throw .notUTF8(at: start) }
    }
    return count
  }

  /// The scalar that the escape at `start` stands for and how many bytes it takes; nil for a
  /// malformed one. A pair of surrogates is one escape of twelve bytes; half a pair is malformed.
  static func escape(
    _ bytes: UnsafeRawBufferPointer, at start: Int
  ) -> (scalar: Unicode.Scalar, count: Int)? {
    guard start + 1 < bytes.count else { return nil }
    switch bytes[start + 1] {
    case 0x22: return ("\"", 2)
    case 0x5C: return ("\\", 2)
    case 0x2F: return ("/", 2)
    case 0x62: return ("\u{8}", 2)
    case 0x66: return ("\u{C}", 2)
    case 0x6E: return ("\n", 2)
    case 0x72: return ("\r", 2)
    case 0x74: return ("\t", 2)
    case 0x75: break
    default: return nil
    }
    guard let unit = codeUnit(bytes, at: start) else { return nil }
    if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
    guard unit & 0xFC00 == 0xD800, let low = codeUnit(bytes, at: start + 6),
      low & 0xFC00 == 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF)))
    else { return nil }
    return (scalar, 12)
  }

  /// The four digits of a `\u` escape.
  private static func codeUnit(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt16? {
    guard start + 6 <= bytes.count, bytes[start] == 0x5C, bytes[start + 1] == 0x75 else {
      return nil
    }
    var unit: UInt16 = 0
    for offset in 2..<6 {
      switch bytes[start + offset] {
      case let byte where byte >= 0x30 && byte <= 0x39: unit = unit << 4 | UInt16(byte - 0x30)
      case let byte where byte >= 0x61 && byte <= 0x66: unit = unit << 4 | UInt16(byte - 0x57)
      case let byte where byte >= 0x41 && byte <= 0x46: unit = unit << 4 | UInt16(byte - 0x37)
      default: return nil
      }
    }
    return unit
  }

  /// The text of a string that has been scanned.
  static func text(_ bytes: UnsafeRawBufferPointer, isEscaped: Bool) -> String {
    guard isEscaped else { return String(decoding: bytes, as: UTF8.self) }
    var text = String.UnicodeScalarView()
    var position = 0
    var plainStart = 0
    while position < bytes.count {
      guard bytes[position] == 0x5C, let (scalar, count) = escape(bytes, at: position) else {
        position += 1
        continue
      }
      text += String(decoding: bytes[plainStart..<position], as: UTF8.self).unicodeScalars
      text.append(scalar)
      position += count
      plainStart = position
    }
    text += String(decoding: bytes[plainStart...], as: UTF8.self).unicodeScalars
    return String(text)
  }
}

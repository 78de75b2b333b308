import BankCore

/// Values in PostgreSQL's binary formats: big-endian integers, UUIDs as 16 bytes, text as UTF-8.
/// No value is ever quoted or escaped, so no text can break out of its place.
struct WireBytes {
  private(set) var bytes: [UInt8] = []

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ identifier: Identifier) {
    append(identifier.high)
    append(identifier.low)
  }

  /// PostgreSQL's text cannot hold a zero byte: a visible mark, U+FFFD, is kept in its place.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      if !utf8.contains(0) {
        bytes.append(contentsOf: utf8)
      } else {
        for byte in utf8 { bytes.append(contentsOf: byte == 0 ? [0xEF, 0xBF, 0xBD] : [byte]) }
      }
    }
  }

  mutating func append(raw other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Appends a value behind its length, as parameters, arrays and COPY carry it.
  mutating func appendField(_ write: (inout WireBytes) -> Void) {
    let place = bytes.count
    append(Int32(0))
    write(&self)
    setInt32(Int32(clamping: bytes.count - place - 4), at: place)
  }

  /// A NULL: a length of -1 and nothing behind it.
  mutating func appendNull() { append(Int32(-1)) }

  mutating func setInt32(_ value: Int32, at place: Int) {
    withUnsafeBytes(of: value.bigEndian) { source in
      for offset in 0..<4 { bytes[place + offset] = source[offset] }
    }
  }
}

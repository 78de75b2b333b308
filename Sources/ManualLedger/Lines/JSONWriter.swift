import BankCore

/// Writes the JSON of a line: no spaces, keys in the order they are given.
///
/// Hidden characters are written as `\u` escapes: the ledger is read with `less` when nothing else
/// works.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  init() { bytes.reserveCapacity(512) }

  mutating func object(_ fields: (inout JSONWriter) -> Void) {
    bytes.append(0x7B)
    needsComma = false
    fields(&self)
    bytes.append(0x7D)
    needsComma = true
  }

  mutating func array(_ elements: (inout JSONWriter) -> Void) {
    bytes.append(0x5B)
    needsComma = false
    elements(&self)
    bytes.append(0x5D)
    needsComma = true
  }

  /// Begins an element of an array.
  mutating func element() {
    if needsComma { bytes.append(0x2C) }
    needsComma = false
  }

  /// Begins a field of an object: the key and its colon.
  mutating func key(_ name: StaticString) {
    element()
    bytes.append(0x22)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(0x22)
    bytes.append(0x3A)
  }

  mutating func field(_ name: StaticString, _ text: String) {
    key(name)
    write(text)
  }

  mutating func field(_ name: StaticString, _ value: some CustomStringConvertible) {
    key(name)
    write(value.description)
  }

  mutating func field(_ name: StaticString, integer value: some FixedWidthInteger) {
    key(name)
    bytes.append(contentsOf: String(value).utf8)
    needsComma = true
  }

  mutating func field(_ name: StaticString, flag value: Bool) {
    key(name)
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
    needsComma = true
  }

  /// Writes the field only where there is a value: absent and null are not two spellings of one
  /// thing here.
  mutating func field<Value: CustomStringConvertible>(_ name: StaticString, ifAny value: Value?) {
    if let value { field(name, value) }
  }

  mutating func object(_ name: StaticString, _ fields: (inout JSONWriter) -> Void) {
    key(name)
    object(fields)
  }

  mutating func array(_ name: StaticString, _ elements: (inout JSONWriter) -> Void) {
    key(name)
    array(elements)
  }

  mutating func write(_ text: String) {
    bytes.append(0x22)
    let plain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    if plain {
      bytes.append(contentsOf: text.utf8)
    } else {
      for scalar in text.unicodeScalars { write(scalar) }
    }
    bytes.append(0x22)
    needsComma = true
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes.append(contentsOf: [0x5C, 0x22])
    case "\\": bytes.append(contentsOf: [0x5C, 0x5C])
    case "\n": bytes.append(contentsOf: [0x5C, 0x6E])
    case "\t": bytes.append(contentsOf: [0x5C, 0x74])
    case "\r": bytes.append(contentsOf: [0x5C, 0x72])
    default:
      if scalar.isHidden {
        for unit in UTF16.encode(scalar) ?? .init() { escape(unit) }
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
  }

  private mutating func escape(_ unit: UInt16) {
    bytes.append(contentsOf: [0x5C, 0x75])
    for shift in [12, 8, 4, 0] as [UInt16] {
      let nibble = UInt8(truncatingIfNeeded: unit >> shift) & 0xF
      bytes.append(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
    }
  }
}

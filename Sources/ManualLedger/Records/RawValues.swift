import BankCore

/// The values that every line carries, read from bytes without making strings. They accept what
/// the types' own readers accept, in the one spelling that Daybook writes.
enum RawValues {
  /// `8-4-4-4-12` lower-case hexadecimal digits.
  static func identifier(_ bytes: UnsafeRawBufferPointer) -> Identifier? {
    guard bytes.count == 36 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    var position = 0
    while position < 36 {
      let byte = bytes[position]
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == 0x2D else { return nil }
      } else {
        let digit: UInt8
        if byte >= 0x30, byte <= 0x39 {
          digit = byte &- 0x30
        } else if byte >= 0x61, byte <= 0x66 {
          digit = byte &- 0x57
        } else {
          return nil
        }
        high = high << 4 | low >> 60
        low = low << 4 | UInt64(digit)
      }
      position &+= 1
    }
    return Identifier(high: high, low: low)
  }

  static func accountNumber(_ bytes: UnsafeRawBufferPointer) -> AccountNumber? {
    guard bytes.count <= 34 else { return nil }
    return AccountNumber(String(decoding: bytes, as: UTF8.self))
  }

  static func kind(_ bytes: UnsafeRawBufferPointer) -> EntryKind? {
    EntryKind(rawValue: String(decoding: bytes, as: UTF8.self))
  }
}

/// Remembers the last day and the last currency it read: neighbouring lines mostly share them.
struct RecentValues {
  private var dayText: (UInt64, UInt16) = (0, 0)
  private var day: BusinessDay?
  private var currencyText: UInt32 = 0
  private var currency: Currency?

  mutating func currency(_ bytes: UnsafeRawBufferPointer) -> Currency? {
    guard bytes.count == 3 else { return nil }
    let text = UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
    if text != currencyText {
      currency = Currency(String(decoding: bytes, as: UTF8.self))
      currencyText = text
    }
    return currency
  }

  /// `2026-11-23`.
  mutating func day(_ bytes: UnsafeRawBufferPointer) -> BusinessDay? {
    guard bytes.count == 10 else { return nil }
    return leadingDay(bytes)
  }

  /// `2026-11-23T04:32:59.123Z`, with the milliseconds.
  mutating func instant(_ bytes: UnsafeRawBufferPointer) -> Instant? {
    guard bytes.count == 24, bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A,
      bytes[19] == 0x2E, bytes[23] == 0x5A,
      let day = leadingDay(bytes),
      let hours = Self.decimal(bytes, 11, 2), hours < 24,
      let minutes = Self.decimal(bytes, 14, 2), minutes < 60,
      let seconds = Self.decimal(bytes, 17, 2), seconds < 60,
      let milliseconds = Self.decimal(bytes, 20, 3)
    else { return nil }
    let inDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    return Instant(millisecondsSince1970: Int64(day.daysSince1970) * 86_400_000 + inDay)
  }

  private mutating func leadingDay(_ bytes: UnsafeRawBufferPointer) -> BusinessDay? {
    let text = (
      bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    )
    if text != dayText {
      day = BusinessDay(
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[..<10]), as: UTF8.self))
      dayText = text
    }
    return day
  }

  private static func decimal(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int
  ) -> Int64? {
    var value: Int64 = 0
    for position in start..<(start + count) {
      guard bytes[position] >= 0x30, bytes[position] <= 0x39 else { return nil }
      value = value * 10 + Int64(bytes[position] &- 0x30)
    }
    return value
  }
}

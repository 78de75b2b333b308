import BankCore

/// The values that every line carries, read from bytes without making strings. They accept what
/// the types' own readers accept, in the one spelling that Daybook writes.
enum RawValues {
  /// `8-4-4-4-12` lower-case hexadecimal digits.
  static func identifier(_ bytes: UnsafeRawBufferPointer) -> Identifier? {
    guard bytes.count == 36 else { return nil }
    for dash in [8, 13, 18, 23] where bytes[dash] != 0x2D { return nil }
    guard let first = HexadecimalDigits.eight(bytes, at: 0),
      let second = HexadecimalDigits.eight(bytes, at: 9, and: 14),
      let third = HexadecimalDigits.eight(bytes, at: 19, and: 24),
      let fourth = HexadecimalDigits.eight(bytes, at: 28)
    else { return nil }
    return Identifier(
      high: UInt64(first) << 32 | UInt64(second), low: UInt64(third) << 32 | UInt64(fourth))
  }

  static func kind(_ bytes: UnsafeRawBufferPointer) -> EntryKind? {
    EntryKind(rawValue: String(decoding: bytes, as: UTF8.self))
  }
}

/// Remembers the last value that was read, and its bytes: neighbouring lines mostly repeat them.
struct RecentValue<Value> {
  private var bytes: [UInt8] = []
  private var value: Value?

  mutating func value(
    _ text: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Value?
  ) -> Value? {
    if value == nil || !isLast(text) {
      value = read(text)
      bytes = Array(text)
    }
    return value
  }

  private func isLast(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count == bytes.count else { return false }
    var position = 0
    while position < text.count {
      guard text[position] == bytes[position] else { return false }
      position &+= 1
    }
    return true
  }
}

/// The values that neighbouring lines mostly share.
struct RecentValues {
  private var days = RecentValue<BusinessDay>()
  private var currencies = RecentValue<Currency>()
  private var terminals = RecentValue<TerminalName>()
  private var debits = RecentValue<AccountNumber>()
  private var credits = RecentValue<AccountNumber>()

  mutating func currency(_ bytes: UnsafeRawBufferPointer) -> Currency? {
    currencies.value(bytes) { Currency(String(decoding: $0, as: UTF8.self)) }
  }

  mutating func terminal(_ bytes: UnsafeRawBufferPointer) -> TerminalName? {
    terminals.value(bytes) { TerminalName(String(decoding: $0, as: UTF8.self)) }
  }

  mutating func debit(_ bytes: UnsafeRawBufferPointer) -> AccountNumber? {
    debits.value(bytes, AccountNumber.init(utf8:))
  }

  mutating func credit(_ bytes: UnsafeRawBufferPointer) -> AccountNumber? {
    credits.value(bytes, AccountNumber.init(utf8:))
  }

  /// `2026-11-23`.
  mutating func day(_ bytes: UnsafeRawBufferPointer) -> BusinessDay? {
    days.value(bytes) { BusinessDay(String(decoding: $0, as: UTF8.self)) }
  }

  /// `2026-11-23T04:32:59.123Z`, with the milliseconds.
  mutating func instant(_ bytes: UnsafeRawBufferPointer) -> Instant? {
    guard bytes.count == 24, bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A,
      bytes[19] == 0x2E, bytes[23] == 0x5A,
      let day = day(UnsafeRawBufferPointer(rebasing: bytes[..<10])),
      let hours = Self.decimal(bytes, 11, 2), hours < 24,
      let minutes = Self.decimal(bytes, 14, 2), minutes < 60,
      let seconds = Self.decimal(bytes, 17, 2), seconds < 60,
      let milliseconds = Self.decimal(bytes, 20, 3)
    else { return nil }
    let inDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    return Instant(millisecondsSince1970: Int64(day.daysSince1970) * 86_400_000 + inDay)
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

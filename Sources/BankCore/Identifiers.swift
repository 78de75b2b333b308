/// A UUID of any version: the identity of an entry, a bank or a terminal. Printed in lower case.
public struct Identifier: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads `8-4-4-4-12` hexadecimal digits in either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    guard bytes.count == 36 else { return nil }
    var digits: (UInt64, UInt64) = (0, 0)
    for (position, byte) in bytes.enumerated() {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.hexadecimalValue(byte) else { return nil }
      digits = (digits.0 << 4 | digits.1 >> 60, digits.1 << 4 | digit)
    }
    self.init(high: digits.0, low: digits.1)
  }

  /// Builds a version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then chance. Sorts
  /// by time of making.
  ///
  /// - Parameters:
  ///   - instant: when it is made; the clock is the caller's.
  ///   - random: 74 bits of it are used.
  public init(version7 instant: Instant, random: (UInt64, UInt64)) {
    let milliseconds = UInt64(clamping: instant.millisecondsSince1970) & 0xFFFF_FFFF_FFFF
    high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension Identifier: CustomStringConvertible, Comparable {
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { text in
      var position = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = digit < 16 ? high : low
        let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4)) & 0xF
        text[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        position += 1
      }
      return position
    }
  }

  public static func < (a: Identifier, b: Identifier) -> Bool {
    (a.high, a.low) < (b.high, b.low)
  }
}

/// The identity of an entry: minted by the client before anything is written, the same for ever.
public typealias EntryID = Identifier

/// An account number: 1 to 34 of `A`–`Z`, `0`–`9` and `-` (34 is the longest IBAN, ISO 13616).
public struct AccountNumber: Hashable, Sendable {
  public let text: String

  public init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    guard (1...34).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
    self.text = String(text)
  }

  /// The same from bytes of UTF-8, for those who read very many.
  public init?(utf8 bytes: UnsafeRawBufferPointer) {
    guard (1...34).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }

  init(unchecked text: String) { self.text = text }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The last four characters behind dots, for paper that leaves the branch.
  public var masked: String { "••••" + text.suffix(4) }
}

extension AccountNumber: CustomStringConvertible, Comparable {
  public var description: String { text }
  public static func < (a: AccountNumber, b: AccountNumber) -> Bool { a.text < b.text }
}

/// A terminal's name: 1 to 20 of `a`–`z`, `0`–`9` and `-`, and none of the names that the bank's
/// own accounts use. A label; the identity is the terminal's UUID.
public struct TerminalName: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    let allowed = bytes.allSatisfy {
      switch $0 {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard (1...20).contains(bytes.count), allowed,
      !OwnAccount.reservedNames.contains(String(text))
    else { return nil }
    self.text = String(text)
  }

  private init(known text: String) { self.text = text }

  /// Under which history from elsewhere is booked.
  public static let imports = TerminalName(known: "import")

  public var description: String { text }
}

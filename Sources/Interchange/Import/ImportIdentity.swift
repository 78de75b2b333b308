import BankCore

/// Lower-case hexadecimal SHA-256 of a text. Modules that do no cryptography are given it.
public typealias ContentDigest = @Sendable (String) -> String

/// Identities that are the same each time the same thing is imported, so that importing a file
/// again changes nothing.
enum ImportIdentity {
  enum Thing: String {
    case account
    case transaction
  }

  /// A version 8 UUID (RFC 9562, section 5.8): the first 128 bits of the digest of thing,
  /// namespace and name, one per line, with version and variant put in their places.
  ///
  /// This never changes: another text here would book every import a second time.
  static func make(
    _ thing: Thing, namespace: String, name: String, digest: ContentDigest
  ) -> EntryID {
    let text = "daybook import\n\(thing.rawValue)\n\(namespace)\n\(name)"
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for digit in digest(text).utf8.prefix(32).lazy.map(hexadecimalValue) {
      words = (words.high << 4 | words.low >> 60, words.low << 4 | digit)
    }
    return EntryID(
      high: words.high & ~0xF000 | 0x8000,
      low: words.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt64 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: 0
    }
  }
}

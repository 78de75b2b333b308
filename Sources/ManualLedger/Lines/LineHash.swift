import Cryptography

/// The SHA-256 of a line of the manual ledger; each line repeats the one before it.
public struct LineHash: Hashable, Sendable {
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// What the first line of the first segment names as its predecessor: 64 zeros.
  public static let none = LineHash(0, 0, 0, 0)

  /// Digits of a hash in a line.
  public static let digitCount = 64

  private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// The SHA-256 of the bytes.
  public init(of bytes: UnsafeRawBufferPointer) {
    self = SHA256.digest(of: bytes).span.withUnsafeBytes { digest in
      func word(_ offset: Int) -> UInt64 {
        UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      return LineHash(word(0), word(8), word(16), word(24))
    }
  }

  /// The SHA-256 of the bytes.
  public init(of bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { LineHash(of: $0) }
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else, upper case included, so that
  /// one hash has one spelling.
  init?(digits: UnsafeRawBufferPointer) {
    guard digits.count == Self.digitCount,
      let first = Self.word(digits, 0), let second = Self.word(digits, 16),
      let third = Self.word(digits, 32), let fourth = Self.word(digits, 48)
    else { return nil }
    self.init(first, second, third, fourth)
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard let hash = bytes.withUnsafeBytes({ LineHash(digits: $0) }) else { return nil }
    self = hash
  }

  private static func word(_ digits: UnsafeRawBufferPointer, _ start: Int) -> UInt64? {
    guard let high = HexadecimalDigits.eight(digits, at: start),
      let low = HexadecimalDigits.eight(digits, at: start + 8)
    else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Appends the 64 digits.
  func write(to bytes: inout [UInt8]) {
    for word in [first, second, third, fourth] {
      var shift: UInt64 = 60
      while true {
        let nibble = UInt8(truncatingIfNeeded: word >> shift) & 0xF
        bytes.append(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
        if shift == 0 { break }
        shift -= 4
      }
    }
  }

  /// The short code of a receipt: the first eight digits in two groups, `1A2B-3C4D`.
  public var receiptCode: String {
    let digits = description.prefix(8).uppercased()
    return "\(digits.prefix(4))-\(digits.suffix(4))"
  }
}

extension LineHash: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.digitCount)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Lower-case hexadecimal digits, eight at a time: every line begins with 128 of them.
enum HexadecimalDigits {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The value of eight digits, given as their bytes with the first digit highest; nil when one of
  /// them is anything else, upper case included.
  static func value(_ digits: UInt64) -> UInt32? {
    // Bit 6 tells letters (0x61 to 0x66) from decimal digits (0x30 to 0x39).
    let letters = digits >> 6 & ones
    var value = (digits & (0x0F &* ones)) &+ (letters &* 9)
    // What these values are written as, and that letters stand exactly for 10 to 15.
    guard value &+ (0x30 &* ones) &+ (letters &* 0x27) == digits,
      (value &+ (6 &* ones)) >> 4 & ones == letters, value & (0x10 &* ones) == 0
    else { return nil }
    value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
    value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: value | value >> 16)
  }

  /// The value of the eight digits at `offset`.
  static func eight(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
    value(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
  }

  /// The value of the four digits at `first` and the four at `second`.
  static func eight(_ bytes: UnsafeRawBufferPointer, at first: Int, and second: Int) -> UInt32? {
    let high = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: first, as: UInt32.self))
    let low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: second, as: UInt32.self))
    return value(UInt64(high) << 32 | UInt64(low))
  }
}

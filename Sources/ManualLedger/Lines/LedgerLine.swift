/// One line of the manual ledger: `HASH SP PREV SP JSON LF`.
///
/// `PREV` is the previous line's hash, `HASH` the SHA-256 of `PREV SP JSON LF` exactly as stored,
/// so that each line can be checked alone and in order with nothing but `sha256sum`.
struct LedgerLine: Hashable, Sendable {
  let hash: LineHash
  let previous: LineHash

  /// Where the JSON begins in a line: two hashes and two spaces.
  static let prefixCount = 2 * (LineHash.digitCount + 1)

  /// No line is longer, its newline included. A scanner that meets more bytes without a newline
  /// has left the ledger.
  static let maximumCount = 65_536

  private static let space: UInt8 = 0x20
  static let newline: UInt8 = 0x0A

  /// Checks a whole line, its newline included, against its own hash. Nil for a bad one.
  init?(_ bytes: UnsafeRawBufferPointer) {
    let afterHash = LineHash.digitCount
    guard bytes.count > Self.prefixCount + 1, bytes[bytes.count - 1] == Self.newline,
      bytes[afterHash] == Self.space, bytes[Self.prefixCount - 1] == Self.space,
      let hash = LineHash(digits: UnsafeRawBufferPointer(rebasing: bytes[..<afterHash])),
      let previous = LineHash(
        digits: UnsafeRawBufferPointer(rebasing: bytes[(afterHash + 1)..<(Self.prefixCount - 1)])),
      LineHash(of: UnsafeRawBufferPointer(rebasing: bytes[(afterHash + 1)...])) == hash
    else { return nil }
    self.hash = hash
    self.previous = previous
  }

  /// The JSON of a line that has been checked.
  static func json(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[prefixCount..<(bytes.count - 1)])
  }

  /// Appends the line that carries this JSON after `previous`.
  ///
  /// - Returns: the new line's hash.
  static func append(
    json: [UInt8], after previous: LineHash, to bytes: inout [UInt8]
  ) -> LineHash {
    var body: [UInt8] = []
    body.reserveCapacity(json.count + LineHash.digitCount + 2)
    previous.write(to: &body)
    body.append(space)
    body.append(contentsOf: json)
    body.append(newline)
    let hash = LineHash(of: body)
    hash.write(to: &bytes)
    bytes.append(space)
    bytes.append(contentsOf: body)
    return hash
  }

  /// The first newline at or after `start`, looked for eight bytes at a time.
  static func newlineIndex(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern = ones &* UInt64(newline)
    var position = start
    while position &+ 8 <= bytes.count {
      let word =
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        ^ pattern
      // A byte of `word` is zero where the newline stands; this lights its highest bit.
      let found = (word &- ones) & ~word & 0x8080_8080_8080_8080
      if found != 0 { return position &+ found.trailingZeroBitCount / 8 }
      position &+= 8
    }
    while position < bytes.count {
      if bytes[position] == newline { return position }
      position &+= 1
    }
    return nil
  }
}

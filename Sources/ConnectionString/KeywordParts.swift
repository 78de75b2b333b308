import BankCore

/// libpq's `host=db.branch dbname=books`: blanks around `=` allowed, values in single quotes,
/// backslashes before quotes and backslashes.
public struct KeywordParts: Sendable {
  struct Pair: Sendable {
    let word: String
    let value: String
    /// Where the word begins.
    let place: Int
  }

  private(set) var pairs: [Pair] = []

  /// - Throws: where a word has no value, or a quote is never closed.
  init(_ bytes: AddressBytes) throws(AddressMistake) {
    var place = bytes.afterBlanks(0)
    while place < bytes.end {
      let start = place
      let end =
        bytes.all[start...].firstIndex { $0 == UInt8(ascii: "=") || $0.isBlank }
        ?? bytes.end
      let equals = bytes.afterBlanks(end)
      guard bytes.has("=", at: equals) else {
        throw AddressMistake(
          "the word at \(bytes.at(start)) has no = behind it: a value with blanks in it stands "
            + "in single quotes")
      }
      guard start < end else {
        throw AddressMistake("the = at \(bytes.at(start)) has no word before it")
      }
      place = bytes.afterBlanks(equals + 1)
      let word = bytes.written(start..<end)
      let value = try Self.value(bytes, &place, of: word)
      pairs.append(Pair(word: word, value: value, place: start))
      place = bytes.afterBlanks(place)
    }
  }

  /// Takes a value, and moves the place behind it.
  private static func value(
    _ bytes: AddressBytes, _ place: inout Int, of word: String
  ) throws(AddressMistake) -> String {
    let start = place
    let isQuoted = bytes.has("'", at: start)
    var value: [UInt8] = []
    if isQuoted { place += 1 }
    while place < bytes.end {
      let byte = bytes.all[place]
      place += 1
      if byte == UInt8(ascii: "\\") {
        guard place < bytes.end else { break }
        value.append(bytes.all[place])
        place += 1
      } else if isQuoted ? byte == UInt8(ascii: "'") : byte.isBlank {
        return String(decoding: value, as: UTF8.self)
      } else {
        value.append(byte)
      }
    }
    guard isQuoted else { return String(decoding: value, as: UTF8.self) }
    let of = ConnectionKeyword.named(word) == nil ? "" : ", in the value of \(word),"
    throw AddressMistake("the quotation mark at \(bytes.at(start))\(of) is never closed")
  }

  func read(
    _ bytes: AddressBytes, into pieces: inout [AddressText.Piece]
  ) throws(AddressMistake) {
    for pair in pairs {
      pieces.append(
        try AddressText.Piece(word: pair.word, value: pair.value, place: pair.place, in: bytes))
    }
  }

  /// A value as it stands behind a word and its `=`. Sign by sign: a quotation mark and an accent behind
  /// it are one `Character`, and two signs for libpq.
  public static func inQuotes(_ value: String) -> String {
    var quoted = String.UnicodeScalarView()
    quoted.append("'")
    for scalar in value.unicodeScalars {
      if scalar == "'" || scalar == "\\" { quoted.append("\\") }
      quoted.append(scalar)
    }
    quoted.append("'")
    return String(quoted)
  }
}

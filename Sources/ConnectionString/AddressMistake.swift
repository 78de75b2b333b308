import BankCore

/// Which part of an address cannot be read, where, and what helps. It says positions, words of
/// libpq and the signs that must be escaped, never a value: that may be a piece of the password.
public struct AddressMistake: Error, Hashable, Sendable {
  /// Longer than any address; to look for mistakes in it would take long.
  static let byteLimit = 65_536

  /// To be read behind "the database address cannot be read:".
  public let text: String

  init(_ text: String) { self.text = text }

  /// What makes it no address, wherever one would begin to take it apart.
  static func checkWhole(_ text: String, _ bytes: AddressBytes) throws(AddressMistake) {
    guard bytes.end <= byteLimit else {
      throw AddressMistake("it is longer than \(byteLimit) bytes")
    }
    guard let first = text.first(where: { !$0.isWhitespace }) else {
      throw AddressMistake("it is empty")
    }
    if let place = bytes.all.firstIndex(of: 0) {
      throw AddressMistake("a zero byte stands at \(bytes.at(place))")
    }
    if "\"'`".contains(first) {
      throw AddressMistake(
        "it begins with a quotation mark, which belongs to the shell or the file around it")
    }
    try checkScheme(text, bytes)
  }

  /// The URL of something else. What may stand before `://` is named only where it is surely no part
  /// of a password.
  private static func checkScheme(
    _ text: String, _ bytes: AddressBytes
  ) throws(AddressMistake) {
    guard URLParts.start(of: bytes) == nil, let slashes = text.firstRange(of: "://"),
      !text[..<slashes.lowerBound].contains(where: { $0 == "=" || $0.isWhitespace })
    else { return }
    let known = [
      "ftp", "http", "https", "jdbc:postgresql", "jdbc:mysql", "mariadb", "mongodb", "mssql",
      "mysql", "oracle", "postgis", "postgresql+psycopg2", "postgresql+asyncpg", "redis",
      "sqlserver",
    ]
    let scheme = known.first { text.lowercased().hasPrefix("\($0)://") }
    let what = scheme.map { "the unknown scheme '\($0)'" } ?? "an unknown scheme"
    throw AddressMistake("it has \(what): only postgres:// and sqlite: are read")
  }

  /// A word that the libpq beside us does not know. Only one that is surely no piece of a password is
  /// repeated.
  static func checkWord(
    _ word: String, _ place: Int, _ bytes: AddressBytes
  ) throws(AddressMistake) {
    guard !LibraryWords.known.contains(word) else { return }
    let at = bytes.at(place)
    if let meaning = LibraryWords.meaning(of: word) {
      throw AddressMistake("the setting at \(at) does not fit: \(meaning)")
    }
    guard let meant = ConnectionKeyword.nearest(to: word) else {
      throw AddressMistake("libpq knows no setting like the one at \(at)")
    }
    throw AddressMistake("there is no setting like that at \(at); did you mean '\(meant)'?")
  }
}

extension ConnectionKeyword {
  /// The one that was meant by a misspelt one.
  static func nearest(to word: String) -> String? {
    nearestName(to: word, among: all.map(\.name).sorted())
  }

  /// As the word may be shown: one that is like none of libpq's may be a piece of a password.
  public static func shown(_ word: String) -> String {
    named(word) != nil || nearest(to: word) != nil ? word : Disclosure.mask
  }

  /// Whether its value is never shown.
  public static func isSecret(_ word: String) -> Bool {
    named(word.lowercased())?.shape == .secret
  }
}

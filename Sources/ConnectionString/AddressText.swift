import BankCore

/// A connection string taken apart as libpq takes it apart (`conninfo_parse` and
/// `conninfo_uri_parse` of its fe-connect.c): byte by byte, with the place of each piece. The one
/// reading of it: what a till uses, what is shown of it and what is said of its mistakes begin here.
public struct AddressText: Sendable {
  /// One value of it.
  struct Piece: Sendable {
    /// libpq's word for it.
    let keyword: String
    /// Without quotes, backslashes and percent signs. It may be a secret, and it may be empty: that
    /// keeps libpq from asking a variable.
    let value: String
    /// Where it begins, in bytes.
    let place: Int

    init(keyword: String, value: String, place: Int) {
      (self.keyword, self.value, self.place) = (keyword, value, place)
    }

    /// As somebody wrote it.
    ///
    /// - Throws: for a word that libpq does not know.
    init(
      word: String, value: String, place: Int, in bytes: AddressBytes
    ) throws(AddressMistake) {
      guard word != "requiressl" else {
        // What it was called in libpq's first versions.
        let mode = value.hasPrefix("1") ? "require" : "prefer"
        self.init(keyword: "sslmode", value: mode, place: place)
        return
      }
      try AddressMistake.checkWord(word, place, bytes)
      self.init(keyword: word, value: value, place: place)
    }
  }

  enum Form: Sendable {
    case url(URLParts)
    case keywords(KeywordParts)
    /// Neither, or with a mistake that leaves nothing of it certain.
    case nothing
  }

  let bytes: AddressBytes
  let form: Form
  /// In its order; those before the first mistake where there is one.
  private(set) var pieces: [Piece] = []
  /// Why it cannot be read as an address.
  public private(set) var mistake: AddressMistake?

  /// - Parameter text: a URL or a keyword string.
  public init(_ text: String) {
    bytes = AddressBytes(text)
    do throws(AddressMistake) {
      try AddressMistake.checkWhole(text, bytes)
      form = try Self.form(bytes)
    } catch {
      form = .nothing
      mistake = error
      return
    }
    var found: [Piece] = []
    do throws(AddressMistake) {
      switch form {
      case .url(let parts): try parts.read(bytes, into: &found)
      case .keywords(let parts): try parts.read(bytes, into: &found)
      case .nothing: break
      }
      try checkValues(found)
    } catch {
      mistake = error
    }
    pieces = found
  }

  private static func form(_ bytes: AddressBytes) throws(AddressMistake) -> Form {
    guard let start = URLParts.start(of: bytes) else { return .keywords(try KeywordParts(bytes)) }
    return .url(try URLParts(bytes, from: start))
  }

  /// What it says, keyword by keyword: the last counts. Empty where it cannot be read.
  public var said: [String: String] {
    guard mistake == nil else { return [:] }
    return Dictionary(pieces.map { ($0.keyword, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// What libpq would find out late, in the wrong layer, or while printing half a password.
  private func checkValues(_ pieces: [Piece]) throws(AddressMistake) {
    for (index, piece) in pieces.enumerated() {
      let isLast = !pieces[(index + 1)...].contains { $0.keyword == piece.keyword }
      guard isLast, let keyword = ConnectionKeyword.named(piece.keyword),
        let objection = ValueRules.objection(to: piece.value, of: keyword, in: .address)
      else { continue }
      throw AddressMistake(
        "the \(keyword.name) at \(bytes.at(piece.place)) \(objection.what)\(hint(keyword.name))")
    }
  }

  private func hint(_ keyword: String) -> String {
    guard case .url = form, ["host", "port", "dbname"].contains(keyword) else { return "" }
    return "; a password with @ : / ? or # in it must be percent-encoded"
  }
}

/// The bytes of an address, with the places and the signs in them.
struct AddressBytes: Sendable {
  let all: [UInt8]

  /// Of a text that is too long only so much that this shows.
  init(_ text: String) { all = Array(text.utf8.prefix(AddressMistake.byteLimit + 1)) }

  var end: Int { all.count }

  /// How people count: `character 8`.
  func at(_ place: Int) -> String {
    "character \(String(decoding: all[..<place], as: UTF8.self).count + 1)"
  }

  func written(_ range: Range<Int>) -> String { String(decoding: all[range], as: UTF8.self) }

  /// The first of these ASCII signs.
  func first(_ signs: String, in range: Range<Int>) -> Int? {
    all[range].firstIndex { byte in signs.utf8.contains(byte) }
  }

  func has(_ sign: Unicode.Scalar, at place: Int) -> Bool {
    place < end && all[place] == UInt8(ascii: sign)
  }

  func last(_ sign: Unicode.Scalar, in range: Range<Int>) -> Int? {
    all[range].lastIndex(of: UInt8(ascii: sign))
  }

  /// Behind the blanks at that place, as libpq's `isspace` knows them.
  func afterBlanks(_ place: Int) -> Int {
    all[place...].firstIndex { !$0.isBlank } ?? end
  }

  /// What the percent signs stand for.
  func decoded(_ range: Range<Int>) throws(AddressMistake) -> String {
    var bytes: [UInt8] = []
    var place = range.lowerBound
    var firstSign: Int?
    while place < range.upperBound {
      guard all[place] == UInt8(ascii: "%") else {
        bytes.append(all[place])
        place += 1
        continue
      }
      let digits = all[(place + 1)..<min(place + 3, range.upperBound)]
      guard digits.count == 2, let byte = Self.byte(digits) else {
        throw AddressMistake(
          "the % at \(at(place)) is not followed by two hexadecimal digits; a % itself is "
            + "written %25")
      }
      guard byte != 0 else { throw AddressMistake("the %00 at \(at(place)) is a zero byte") }
      bytes.append(byte)
      firstSign = firstSign ?? place
      place += 3
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AddressMistake("the % at \(at(firstSign ?? range.lowerBound)) makes no UTF-8")
    }
    return text
  }

  private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
    digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      ? UInt8(String(decoding: digits, as: UTF8.self), radix: 16) : nil
  }
}

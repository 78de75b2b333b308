/// The words under which an account is found, and those of a query: folded once, here, so that a
/// store needs only an index of words and no extension for text.
///
/// Accents, case, ł đ ø ß ı and their like do not matter, and neither does the order of names.
/// Chinese, Japanese and Korean text has no spaces to divide it, so it is cut into overlapping
/// pairs of characters.
public enum SearchWords {
  /// Longer words are cut, and further ones are dropped: a name from outside may be of any length.
  static let longestWord = 64
  static let mostWords = 48
  /// The words under which an account is found, sorted and without repetition.
  public static func words(of number: AccountNumber, holder: String) -> [String] {
    var words = Set(split(holder, isQuery: false).prefix(mostWords))
    if holder.unicodeScalars.contains(where: isApostrophe) {
      // O'Brien is found as obrien too.
      let joined = String(
        String.UnicodeScalarView(holder.unicodeScalars.filter { !isApostrophe($0) }))
      words.formUnion(split(joined, isQuery: false).prefix(mostWords))
    }
    for part in split(number.text, isQuery: false) {
      words.insert(part)
      // People leave out leading zeros.
      let short = part.drop { $0 == "0" }
      if !short.isEmpty { words.insert(String(short)) }
    }
    return words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The words of a query, each of which must begin a word of the account; nil when the query
  /// asks for every account, and empty when it can find none.
  public static func words(ofQuery text: String) -> [String]? {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
    return Array(split(text, isQuery: true).prefix(mostWords))
  }

  /// A text as words are compared: without accents, case and apostrophes.
  public static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x27 }) { return text.lowercased() }
    var plain = ""
    for scalar in text.unicodeScalars
    where !isMark(scalar.properties.generalCategory) && !isApostrophe(scalar) {
      plain += folded(scalar)
    }
    return plain
  }

  /// Whether each word of the query begins one of the account's words.
  public static func matches(_ words: [String], query: [String]) -> Bool {
    !query.isEmpty
      && query.allSatisfy { part in words.contains { $0.utf8.starts(with: part.utf8) } }
  }

  private static func split(_ text: String, isQuery: Bool) -> [String] {
    var words: [String] = []
    var word = ""
    var pairs: [Unicode.Scalar] = []
    func endWord() {
      if !word.isEmpty { words.append(String(word.prefix(longestWord))) }
      word = ""
    }
    func endPairs() {
      words.append(contentsOf: overlappingPairs(pairs, isQuery: isQuery))
      pairs = []
    }
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if isMark(properties.generalCategory) { continue }
      if isWrittenWithoutSpaces(scalar) {
        endWord()
        pairs.append(scalar)
        continue
      }
      endPairs()
      if properties.isAlphabetic || properties.numericType != nil {
        word += folded(scalar)
      } else {
        endWord()
      }
    }
    endWord()
    endPairs()
    return words
  }

  /// Pairs that overlap. The last character also stands alone in the index, so that a query of
  /// that one character finds it.
  private static func overlappingPairs(_ run: [Unicode.Scalar], isQuery: Bool) -> [String] {
    var words: [String] = []
    for index in run.indices.dropLast() {
      words.append(String(run[index]) + String(run[index + 1]))
    }
    if let last = run.last, !isQuery || run.count == 1 { words.append(String(last)) }
    return words
  }

  private static func folded(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return scalar.properties.lowercaseMapping }
    var text = ""
    for lower in scalar.properties.lowercaseMapping.unicodeScalars
    where !isMark(lower.properties.generalCategory) {
      text += FoldTable.plainLetters[lower] ?? String(lower)
    }
    return text
  }

  /// As people type them, and as typesetters and transliterations write them.
  private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x27, 0x60, 0xB4, 0x2BB, 0x2BC, 0x2BE, 0x2BF, 0x2018, 0x2019, 0x2032: true
    default: false
    }
  }

  private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
    category == .nonspacingMark || category == .enclosingMark
  }

  /// Han, kana and Hangul, by their blocks.
  private static func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3005...0x3007, 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

/// The way back from a folded letter: how it may be written in a text. A server that cannot fold finds
/// folded words with it.
public struct Spellings: Sendable {
  /// Blocks whose letters are all known here: Latin, Greek, Cyrillic, punctuation and full-width forms.
  static let folding: [ClosedRange<UInt32>] = [0x1...0x52F, 0x1E00...0x20CF, 0xFF00...0xFFEF]
  /// Blocks whose letters are read as they are: Chinese, Japanese and Korean, without their marks.
  static let plain: [ClosedRange<UInt32>] = [
    0x3000...0x3029, 0x3030...0x3098, 0x309B...0x9FFF, 0xAC00...0xD7A3,
  ]
  /// In all other blocks a letter may be read as anything.
  public static let known = folding + plain

  public static let all = Spellings()

  /// Read as nothing: marks and apostrophes.
  public let ignored: [Unicode.Scalar]
  /// The letters in whose place a folded letter may stand, alone or as one of several.
  public let letters: [Unicode.Scalar: [Unicode.Scalar]]
  /// Two folded letters that one letter may stand for.
  public let joined: Set<String>

  private init() {
    var ignored: [Unicode.Scalar] = []
    var letters: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    var joined: Set<String> = []
    for scalar in Self.folding.joined().compactMap({ Unicode.Scalar($0) }) {
      let folded = Array(SearchWords.folded(String(Character(scalar))).unicodeScalars)
      if folded.isEmpty { ignored.append(scalar) }
      for letter in Set(folded) where letter != scalar {
        letters[letter, default: []].append(scalar)
      }
      for (letter, next) in zip(folded, folded.dropFirst()) {
        joined.insert(String(letter) + String(next))
      }
    }
    self.ignored = ignored
    self.letters = letters
    self.joined = joined
  }
}

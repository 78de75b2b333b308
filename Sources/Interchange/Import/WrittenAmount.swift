/// An amount as a file writes it: a sign, marks of the currency, digits in groups.
enum WrittenAmount {
  enum Flaw: Error {
    /// What is left when the grouping is taken away is not what was written.
    case groups
    /// It is no number at all.
    case notANumber
  }

  /// The text without its grouping: an optional minus, digits and the decimal separator.
  ///
  /// Nothing is taken away that could change the value. Between digits only exact groups may have
  /// been parted, by one and the same character: groups of three (1,234,567), or of two before
  /// the last three (12,34,567). So a decimal separator that was taken for a grouping is found.
  ///
  /// - Parameter grouping: what the rules let stand there; `AmountRule` says what may be among it.
  static func plain(
    _ written: String, grouping: Set<Character>, decimal: Character
  ) throws(Flaw) -> String {
    var body = Substring(written)
    var sign: Character?
    while let character = body.first {
      if sign == nil, "+-\u{2212}".contains(character) {
        sign = character
      } else if !grouping.contains(character) || !isMargin(character) {
        break
      }
      body.removeFirst()
    }
    while let last = body.last, grouping.contains(last), isMargin(last) { body.removeLast() }
    guard let first = body.first, first.isASCII, first.isNumber else { throw .notANumber }
    let integer = body.prefix { $0 != decimal }
    let rest = body.dropFirst(integer.count)
    guard !rest.contains(where: grouping.contains) else { throw .notANumber }
    try check(integer, grouping)
    // U+2212 is the minus sign of typesetters, which some banks print.
    let minus = sign == "-" || sign == "\u{2212}" ? "-" : ""
    return minus + integer.filter { !grouping.contains($0) } + rest
  }

  private static func check(
    _ integer: Substring, _ grouping: Set<Character>
  ) throws(Flaw) {
    let separators = Set(integer.filter(grouping.contains).map(kind))
    guard !separators.isEmpty else { return }
    guard separators.count == 1, !separators.contains(where: \.isCurrencySymbol) else {
      throw .groups
    }
    let sizes = integer.split(omittingEmptySubsequences: false, whereSeparator: grouping.contains)
      .map(\.count)
    let (first, middle) = (sizes[0], sizes.dropFirst().dropLast())
    let areThrees = (1...3).contains(first) && middle.allSatisfy { $0 == 3 }
    let areLakhs = (1...2).contains(first) && middle.allSatisfy { $0 == 2 }
    // 0.500 is a half, not five hundred.
    guard sizes.last == 3, areThrees || areLakhs, integer.first != "0" else { throw .groups }
  }

  /// Blanks look alike, and so do apostrophes: they are one separator.
  private static func kind(_ character: Character) -> Character {
    if character.isWhitespace { return " " }
    return apostrophes.contains(character) ? "'" : character
  }

  /// What may stand before and behind a number without meaning anything to it.
  private static func isMargin(_ character: Character) -> Bool {
    character.isWhitespace || character.isCurrencySymbol
  }

  private static let apostrophes: Set<Character> = ["'", "\u{2019}", "\u{2018}", "\u{02BC}"]

  /// Whether rules may call it grouping: a separator of digits, a blank or the sign of a currency.
  /// Everything else could turn the amount round: dashes of every kind, parentheses, letters.
  static func mayGroup(_ character: Character) -> Bool {
    isMargin(character) || kind(character) == "'" || ".,_\u{00B7}\u{066C}".contains(character)
  }
}

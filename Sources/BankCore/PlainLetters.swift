/// One ASCII letter for a letter of another alphabet, for terminals that show no others: from the
/// table of the search for accounts, and a plain reading of Greek and Cyrillic.
public enum PlainLetters {
  /// The letter in the same case; nil for what has no likeness.
  public static func likeness(of scalar: Unicode.Scalar) -> Character? {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    guard let first = lower.first, let plain = plain(first) else { return nil }
    return first == scalar ? plain : Character(plain.uppercased())
  }

  private static func plain(_ lower: Unicode.Scalar) -> Character? {
    let folded = FoldTable.plainLetters[lower]?.unicodeScalars.first ?? lower
    if folded.isASCII { return Character(folded) }
    return romanized[folded]
  }

  private static let romanized: [Unicode.Scalar: Character] = Dictionary(
    zip(
      "αβγδεζηθικλμνξοπρστυφχψω".unicodeScalars, "abgdeziqiklmnxoprstufhpo"),
    uniquingKeysWith: { first, _ in first }
  ).merging(
    zip(
      "абвгдежзийклмнопрстуфхцчшщъыьэюяієґђјљњћџ".unicodeScalars,
      "abvgdejziyklmnoprstufhcqww'y'euaiegdjlncd"),
    uniquingKeysWith: { first, _ in first })
}

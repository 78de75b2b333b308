import Foundation

/// Text in ASCII letters, as the Unicode repository of locale data transliterates it (CLDR, by way of ICU).
public enum Transliteration {
  /// The text as it is read, `tian zhong` for 田中; what no letter is stays what it is.
  @Sendable public static func ascii(_ text: String) -> String {
    // The rules of all scripts take a third of a second to load: Latin ones do without.
    let latin = transformed(text, "Latin-ASCII")
    guard latin.unicodeScalars.contains(where: { !$0.isASCII && $0.properties.isAlphabetic })
    else { return latin }
    return transformed(text, "Any-Latin; Latin-ASCII").map { unread[$0] ?? String($0) }.joined()
  }

  /// What those rules leave: the signs of hamza and ayin, and the schwa of Azerbaijani and Armenian.
  private static let unread: [Character: String] = [
    "\u{2BE}": "'", "\u{2BF}": "'", "\u{259}": "e", "\u{18F}": "E",
  ]

  private static func transformed(_ text: String, _ name: String) -> String {
    text.applyingTransform(StringTransform(name), reverse: false) ?? text
  }
}

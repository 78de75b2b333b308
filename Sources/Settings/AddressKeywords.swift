import BankCore
import Screen

/// libpq's words for the parts of an address, as they are met in a text with mistakes.
enum AddressKeywords {
  static func isKnown(_ word: String) -> Bool { ConnectionKeyword.named(word) != nil }

  static func isSecret(_ word: String) -> Bool {
    ConnectionKeyword.named(word.lowercased())?.shape == .secret
  }

  /// The one that was meant by a misspelt one.
  static func nearest(to word: String) -> String? {
    nearestName(to: word, among: ConnectionKeyword.all.map(\.name).sorted())
  }

  /// As the word may be shown: one that is like none of them may be a piece of a password.
  static func shown(_ word: String) -> String {
    isKnown(word) || nearest(to: word) != nil ? word : Disclosure.mask
  }
}

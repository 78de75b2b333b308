import BankCore
import BankTesting

/// Accounts whose holders share a handful of words: words that repeat, begin one another, consist of
/// one letter, stand alone or are none, and numbers that begin as names do.
struct SmallTown {
  /// By number.
  let holders: [String: String]
  private let make = Fixtures()

  static let filters = [
    "a", "b", "ab", "abc", "ba", "1", "12", "01", "山", "a a", "a ab", "ab a b", "a b", "b a",
    "ab ba", "abc abd", "abd abc ba", "a b 1", "ab 1 ba", "1 a", "12 1", "12 13", "山 a", "山 ab b",
    "z", "z a", "b2", "b2 b", "b2 a", "c-1", "12 abc", "1200 b", "a b 1 12 山 bab", "abcd", "ab abe",
    "ba b2",
  ]
  private static let words = ["a", "ab", "abc", "abd", "b", "ba", "bab", "1", "12", "á", "山田"]

  init(accounts: Int, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var holders: [String: String] = [:]
    for position in 0..<accounts {
      let number = ["", "00", "B", "C-", "AB-0"][Int.random(in: 0..<5, using: &random)]
      let words = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
      }
      holders["\(number)\(1_000 + position)"] = "– \(words.joined(separator: " "))"
    }
    self.holders = holders
  }

  /// The numbers in order, one account looked at after the other; nil for a filter without words.
  func found(by filter: String) -> [String]? {
    guard let query = SearchWords.words(ofQuery: filter) else { return nil }
    return holders.filter { number, holder in
      SearchWords.matches(
        SearchWords.words(of: make.number(number), holder: holder), query: query)
    }.keys.sorted()
  }
}

import BankCore

/// The part of the list that a query asks for, and from which of its ends.
struct Stretch {
  let after: String?
  let before: String?

  init(_ query: AccountQuery) {
    after = query.after?.text
    before = query.before?.text
  }

  var isBackwards: Bool { before != nil && after == nil }
  var order: String { isBackwards ? "DESC" : "ASC" }
}

/// The pieces of a search by words, with their parameters in order.
struct WordSearch {
  private(set) var parameters: [Parameter] = []

  /// The numbers of a word's accounts, in the order of the index.
  mutating func entries(of word: String, in stretch: Stretch? = nil) -> String {
    let all = "SELECT number FROM daybook.account_word WHERE \(begins(with: word))"
    guard let stretch else { return all }
    return "\(all) AND \(lies("number", in: stretch))"
  }

  /// The same, but where the word can be the beginning of a number, the first `most` of those
  /// accounts by the list itself: as it is written, and behind leading zeros.
  mutating func accounts(of word: String, in stretch: Stretch, most: String) -> String {
    let entries = entries(of: word, in: stretch)
    guard let first = word.utf8.first, first < UInt8(ascii: ":"),
      word.utf8.allSatisfy({ $0 < 0x80 })
    else { return entries }
    let number = add(word.uppercased())
    let end = add(word.uppercased() + "\u{10FFFF}")
    return """
      SELECT numbered.number
      FROM generate_series(0, \(first == UInt8(ascii: "0") ? 0 : 33)) AS zeros (count)
      CROSS JOIN LATERAL (
        SELECT number FROM daybook.account
        WHERE number >= repeat('0', zeros.count) || \(number)
          AND number < repeat('0', zeros.count) || \(end) AND \(lies("number", in: stretch))
        ORDER BY number \(stretch.order) LIMIT \(most)) AS numbered
      UNION ALL
      \(entries) AND word < ':' AND NOT (starts_with(number, upper(word))
        OR starts_with(ltrim(number, '0'), upper(word)))
      """
  }

  /// Keeps the accounts of `source` that have a word. LIMIT asks each one by its key, where the
  /// planner might read all that have the word.
  mutating func check(_ word: String) -> String {
    let name = "word_\(parameters.count)"
    return """
      CROSS JOIN LATERAL (
        SELECT 1 FROM daybook.account_word AS w
        WHERE w.number = source.number AND \(begins(with: word)) LIMIT 1) AS \(name)
      """
  }

  /// U+10FFFF is the last of all characters: it comes after every word that begins so.
  mutating func begins(with word: String) -> String {
    "word >= \(add(word)) AND word < \(add(word + "\u{10FFFF}"))"
  }

  mutating func lies(_ number: String, in stretch: Stretch) -> String {
    var conditions: [String] = []
    if let after = stretch.after { conditions.append("\(number) > \(add(after))") }
    if let before = stretch.before { conditions.append("\(number) < \(add(before))") }
    return conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
  }

  /// The place of one more number, behind the others.
  func place() -> String { "$\(parameters.count + 1)::bigint" }

  /// A number and its place.
  mutating func place(for number: Int) -> String {
    defer { parameters.append(.integer(number)) }
    return place()
  }

  private mutating func add(_ text: String) -> String {
    parameters.append(.text(text))
    return "$\(parameters.count)::text"
  }
}

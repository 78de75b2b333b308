import BankCore
import BankService
import GRDB

/// Lists of accounts, by number and by the beginnings of words. The books and the local snapshot
/// have the same tables for these.
///
/// Every answer is read along one list in the order of numbers until the page is full: the accounts
/// with words that begin with a letter, or with two, as `AccountWords` lays them out. The marks
/// beside each entry pass over most accounts that lack a word; of the others the words themselves
/// are read. Only a word that few accounts have is followed to these instead. So words that are all
/// common and never meet cost no more than the list of their first letters, which do.
struct AccountSearch {
  let database: Database

  /// A word with fewer entries than this is rare.
  var commonFrom = 2_000
  /// Of a query with more words only the longest are asked for the best list.
  private static let mostRanked = 4

  func page(_ query: AccountQuery) throws -> AccountPage {
    let size = AccountReading.pageSize(query.limit)
    let stretch = Stretch(query)
    let found = try numbers(query.filter, stretch, limit: size + 1)
    let reading = AccountReading(database: database)
    let page = try found.prefix(size).compactMap { try reading.account($0) }
    return AccountPage(
      accounts: stretch.isBackwards ? page.reversed() : page, hasMore: found.count > size)
  }

  func count(_ filter: String, cap: Int) throws -> CappedCount {
    guard SearchWords.words(ofQuery: filter) != nil else {
      let all = try database.row("SELECT count(*) AS count FROM account")?.integer("count") ?? 0
      return CappedCount(count: Int(all), isCapped: false)
    }
    let cap = AccountReading.pageSize(cap)
    let found = try numbers(filter, Stretch(AccountQuery()), limit: cap + 1).count
    return CappedCount(count: min(found, cap), isCapped: found > cap)
  }

  // MARK: Finding

  /// The numbers of the first accounts that have all words of the filter: all of them in the index,
  /// or one at the beginning of the number and the others in the index.
  private func numbers(_ filter: String, _ stretch: Stretch, limit: Int) throws -> [String] {
    guard let query = SearchWords.words(ofQuery: filter) else {
      return try numbers(in: stretch, limit: limit)
    }
    if query.isEmpty { return [] }
    let words = try withoutRepetition(query).map(count)
    var found = Set(try numbers(words, stretch, limit: limit))
    for (index, word) in words.enumerated() {
      guard let near = stretch.beginning(with: word.text) else { continue }
      var others = words
      others.remove(at: index)
      found.formUnion(try numbers(others, near, limit: limit))
    }
    let sorted = found.sorted()
    return Array((stretch.isBackwards ? sorted.reversed() : sorted).prefix(limit))
  }

  /// Along one list, each of whose accounts is asked for all the words.
  private func numbers(
    _ words: [CountedWord], _ stretch: Stretch, limit: Int
  ) throws -> [String] {
    if words.isEmpty { return try numbers(in: stretch, limit: limit) }
    var condition = stretch.condition
    if let rarest = words.min(by: { $0.count < $1.count }), rarest.count < commonFrom {
      condition.add("word >= ? AND word < ?", rarest.text, rarest.end)
    } else {
      condition.add("word = ?", try sparsestList(of: words.map(\.text), stretch))
    }
    let marks = AccountWords.marks(of: words.map(\.text))
    condition.add("marks & ? = ?", marks, marks)
    for word in words {
      condition.add("instr(account.words, ?) > 0", AccountWords.beginning(of: word.text))
    }
    return try texts(
      """
      SELECT DISTINCT number FROM account_word CROSS JOIN account USING (number)
      WHERE \(condition.sql) ORDER BY number \(stretch.order) LIMIT \(limit)
      """, condition)
  }

  private func numbers(in stretch: Stretch, limit: Int) throws -> [String] {
    try texts(
      """
      SELECT number FROM account WHERE \(stretch.condition.sql)
      ORDER BY number \(stretch.order) LIMIT \(limit)
      """, stretch.condition)
  }

  private func texts(_ sql: String, _ condition: Condition) throws -> [String] {
    try database.rows(sql, StatementArguments(condition.arguments)).map { try $0.text("number") }
  }

  // MARK: Words

  private struct CountedWord {
    let text: String
    /// Of its entries in the index; further than to the common ones nobody counts.
    let count: Int
    /// U+10FFFF is the last of all characters: all words that begin so come before this.
    var end: String { text + "\u{10FFFF}" }
  }

  /// Without words that begin another one: an account that has that has them too. So an account
  /// has an entry for the first letters of each two of the others.
  private func withoutRepetition(_ query: [String]) -> [String] {
    query.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.reduce(into: []) { kept, word in
      if let last = kept.last, word.utf8.starts(with: last.utf8) { kept.removeLast() }
      kept.append(word)
    }
  }

  private func count(_ word: String) throws -> CountedWord {
    let row = try database.row(
      """
      SELECT count(*) AS count FROM (
        SELECT 1 FROM account_word WHERE word >= ? AND word < ? LIMIT \(commonFrom))
      """, [word, CountedWord(text: word, count: 0).end])
    return CountedWord(text: word, count: Int(try row?.integer("count") ?? 0))
  }

  /// The list of a word's first letter, or of two words' first letters, whichever two lead furthest
  /// with as many accounts.
  ///
  /// - Parameter words: in the order of their bytes.
  private func sparsestList(of words: [String], _ stretch: Stretch) throws -> String {
    let longest = words.indices.sorted { words[$0].utf8.count > words[$1].utf8.count }
    let initials = longest.prefix(Self.mostRanked).sorted().map {
      AccountWords.initial(of: words[$0])
    }
    let lists = AccountWords.pairs(initials)
    guard lists.count > 1 else { return lists.first ?? initials[0] }
    let reaches = try lists.map { (list: $0, number: try reach(of: $0, stretch)) }
    return reaches.min { stretch.isFurther($0.number, than: $1.number) }?.list ?? lists[0]
  }

  /// - Returns: the number up to which a list has so many entries; nil when it has fewer.
  private func reach(of list: String, _ stretch: Stretch) throws -> String? {
    var condition = stretch.condition
    condition.add("word = ?", list)
    return try texts(
      """
      SELECT number FROM account_word WHERE \(condition.sql)
      ORDER BY number \(stretch.order) LIMIT 1 OFFSET \(commonFrom)
      """, condition
    ).first
  }
}

/// The part of the list of accounts that is asked for, read from one of its ends.
private struct Stretch {
  /// The first number that may be in it, and the first that is behind it. SQLite goes by one bound
  /// on each side only, so there never are two.
  private var (from, to) = ("", last)
  let isBackwards: Bool

  /// Comes after each character of a number, as the space comes before each.
  private static let last = "~"

  init(_ query: AccountQuery) {
    if let after = query.after { from = after.text + " " }
    if let before = query.before { to = before.text }
    isBackwards = query.before != nil && query.after == nil
  }

  /// Its accounts whose numbers begin with a folded word; nil where none can.
  func beginning(with word: String) -> Stretch? {
    let beginning = word.uppercased()
    guard AccountNumber(beginning) != nil, beginning.lowercased() == word else { return nil }
    var narrowed = self
    narrowed.from = max(from, beginning)
    narrowed.to = min(to, beginning + Self.last)
    return narrowed.from < narrowed.to ? narrowed : nil
  }

  var condition: Condition {
    var condition = Condition()
    condition.add("number >= ? AND number < ?", from, to)
    return condition
  }

  var order: String { isBackwards ? "DESC" : "ASC" }

  /// Nil is beyond the end.
  func isFurther(_ one: String?, than other: String?) -> Bool {
    guard let one, let other else { return one == nil && other != nil }
    return isBackwards ? one < other : one > other
  }
}

import BankCore
import BankService

/// Lists of customers' accounts, by number and by the beginnings of words.
struct AccountSearch {
  let connection: Connection

  /// From how many accounts on a word is common. A rare word leads to its few accounts; for a
  /// common one it is quicker to walk the accounts in their order and ask each for its words.
  private static let commonFrom = 20_000
  /// How many accounts are walked before the other way is taken: about ten milliseconds' work. A word
  /// on one account in fifty fills a page within it, wherever its accounts do not stand together.
  private static let longestWalk = 3_000

  func page(_ query: AccountQuery) throws(StoreFault) -> AccountPage {
    let size = PageQuery.size(query.limit)
    guard let words = SearchWords.words(ofQuery: query.filter) else {
      return try list(query, [], size)
    }
    if words.isEmpty { return AccountPage(accounts: [], hasMore: false) }
    return try list(query, try byRarity(words), size)
  }

  func count(_ filter: String, cap: Int) throws(StoreFault) -> CappedCount {
    guard let words = SearchWords.words(ofQuery: filter) else { return try countAll() }
    if words.isEmpty { return CappedCount(count: 0, isCapped: false) }
    let ranked = try byRarity(words)
    let cap = PageQuery.size(cap)
    var search = WordSearch()
    let source = search.source(of: ranked[0].word, limit: Self.commonFrom)
    let others = ranked.dropFirst().map { search.check($0.word, of: "source.number") }
    let found =
      try connection.run(
        """
        SELECT count(*) FROM (
          SELECT DISTINCT source.number FROM \(source) \(others.joined(separator: " "))
          LIMIT \(search.place())) AS found
        """, search.parameters + [.integer(cap + 1)]
      ).first { cells throws(StoreFault) in Int(try cells.integer()) } ?? 0
    // Where even the rarest word is common, not all of its accounts were looked at.
    return CappedCount(count: min(found, cap), isCapped: found > cap || ranked[0].isCommon)
  }

  private func countAll() throws(StoreFault) -> CappedCount {
    let answers = try connection.run([
      .beginReading, SessionSettings.allowsWholeTables,
      Call("SELECT count(*) FROM daybook.account"), .commit,
    ])
    let count = try answers[2].first { cells throws(StoreFault) in try cells.integer() }
    return CappedCount(count: Int(count ?? 0), isCapped: false)
  }

  private struct RankedWord {
    let word: String
    let count: Int64
    var isCommon: Bool { count >= Int64(AccountSearch.commonFrom) }
  }

  /// The words of the query, the rarest first.
  private func byRarity(_ words: [String]) throws(StoreFault) -> [RankedWord] {
    let calls = words.map { word in
      Call(
        """
        SELECT count(*) FROM (
          SELECT 1 FROM daybook.account_word WHERE word >= $1::text AND word < $2::text
          LIMIT \(Self.commonFrom)) AS found
        """, [.text(word), .text(WordSearch.end(of: word))])
    }
    var ranked: [RankedWord] = []
    for (word, rows) in zip(words, try connection.run(calls)) {
      let count = try rows.first { cells throws(StoreFault) in try cells.integer() }
      ranked.append(RankedWord(word: word, count: count ?? 0))
    }
    return ranked.sorted { $0.count < $1.count }
  }

  private func list(
    _ query: AccountQuery, _ words: [RankedWord], _ size: Int
  ) throws(StoreFault) -> AccountPage {
    let backwards = query.before != nil && query.after == nil
    let order = backwards ? "DESC" : "ASC"
    var found: [Account] = []
    let isCommon = words.first?.isCommon ?? true
    if isCommon { found = try walk(query, words, size, order) }
    // The accounts of a common word may all stand further on: those whose numbers begin alike.
    if !isCommon || (found.count <= size && !words.isEmpty) {
      found = try follow(query, words, size, order)
    }
    let page = Array(found.prefix(size))
    return AccountPage(
      accounts: backwards ? page.reversed() : page, hasMore: found.count > size)
  }

  /// Walks the accounts in their order; where words are asked for, a stretch of them.
  private func walk(
    _ query: AccountQuery, _ words: [RankedWord], _ size: Int, _ order: String
  ) throws(StoreFault) -> [Account] {
    var search = WordSearch()
    let checks = words.map { search.check($0.word, of: "account.number") }
    let sql = """
      SELECT \(Account.columns) FROM (
        SELECT * FROM daybook.account \(search.range(of: "number", query))
        ORDER BY number \(order)
        LIMIT \(words.isEmpty ? search.place() : "\(Self.longestWalk)")) AS account
      \(checks.joined(separator: " "))
      ORDER BY account.number \(order) LIMIT \(search.place())
      """
    return try connection.run(sql, search.parameters + [.integer(size + 1)])
      .read { cells throws(StoreFault) in try Account(&cells) }
  }

  /// Takes all accounts that have the rarest word, and of those that have the others too the first.
  private func follow(
    _ query: AccountQuery, _ words: [RankedWord], _ size: Int, _ order: String
  ) throws(StoreFault) -> [Account] {
    guard let rarest = words.first else { return [] }
    var search = WordSearch()
    let source = search.source(of: rarest.word, limit: nil)
    let others = words.dropFirst().map { search.check($0.word, of: "source.number") }
    let sql = """
      SELECT \(Account.columns) FROM daybook.account JOIN (
        SELECT DISTINCT source.number FROM \(source) \(others.joined(separator: " "))
        \(search.range(of: "source.number", query))
        ORDER BY source.number \(order) LIMIT \(search.place())) AS found USING (number)
      ORDER BY number \(order)
      """
    return try connection.run(sql, search.parameters + [.integer(size + 1)])
      .read { cells throws(StoreFault) in try Account(&cells) }
  }
}

/// The pieces of a search by words, with their parameters in order.
private struct WordSearch {
  private(set) var parameters: [Parameter] = []

  /// Comes after every word that begins with `word`: U+10FFFF is the last of all characters.
  static func end(of word: String) -> String { word + "\u{10FFFF}" }

  /// The accounts that have a word. OFFSET keeps the planner from merging it with what stands
  /// around it, where it might walk all accounts to find a few.
  mutating func source(of word: String, limit: Int?) -> String {
    """
    (SELECT number FROM daybook.account_word WHERE \(range(of: word))
      \(limit.map { "LIMIT \($0)" } ?? "OFFSET 0")) AS source
    """
  }

  /// Keeps the accounts that have a word; LIMIT, for the same reason, asks each one by its key.
  mutating func check(_ word: String, of number: String) -> String {
    let name = "word_\(parameters.count)"
    return """
      CROSS JOIN LATERAL (
        SELECT 1 FROM daybook.account_word AS w WHERE w.number = \(number) AND \(range(of: word))
        LIMIT 1) AS \(name)
      """
  }

  /// The part of the list that the query asks for.
  mutating func range(of number: String, _ query: AccountQuery) -> String {
    var conditions: [String] = []
    if let after = query.after { conditions.append("\(number) > \(add(after.text))") }
    if let before = query.before { conditions.append("\(number) < \(add(before.text))") }
    return conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
  }

  /// The place of one more number, behind the others.
  func place() -> String { "$\(parameters.count + 1)::bigint" }

  private mutating func range(of word: String) -> String {
    "word >= \(add(word)) AND word < \(add(Self.end(of: word)))"
  }

  private mutating func add(_ text: String) -> String {
    parameters.append(.text(text))
    return "$\(parameters.count)::text"
  }
}

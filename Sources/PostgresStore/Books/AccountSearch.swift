import BankCore
import BankService

/// Lists of customers' accounts, by number and by the beginnings of words.
///
/// The list is ordered by number, and the accounts of a beginning stand in the index by word: no
/// index gives both. A page is therefore looked for in steps, each with a bound of its own, and the
/// first one that fills it or knows that there is no more ends the search.
///
/// 1. *Walk* a few thousand accounts in the order of the list. A word on one account in a hundred
///    fills a page there, unless its accounts stand together further on.
/// 2. *Follow* the rarest word to its accounts. The beginning of a number is a range of the list
///    itself. Of any other word each entry is read once, and only as many as a page may need are
///    kept, in a heap: nothing is sorted or grouped. Other words are asked of the first of
///    its accounts only.
/// 3. *Intersect* words that are all common and still hardly ever meet. Each entry is read once.
///
/// So a rare word costs what it finds, a common one and the beginning of a number next to nothing,
/// and the worst of all filters, two common words that never meet, a pass over their entries.
struct AccountSearch {
  let connection: Connection

  /// From how many entries on a word is common.
  private static let commonFrom = 5_000
  /// Of how many accounts of a common word the other words are asked one by one, which takes as long
  /// as reading ten times as many entries.
  private static let longestAsking = 1_500
  /// And of how many for the count, which is only an addition to the list: the list costs less, and a
  /// list that is whole needs no count.
  private static let longestCounting = 500
  /// How many entries are walked for each word of the filter; an account has about three.
  private static let longestWalk = 20_000
  /// An account has an entry for each of its words that begin alike, seldom more than these.
  private static let usualRepetitions = 4

  func page(_ query: AccountQuery) throws(StoreFault) -> AccountPage {
    let size = PageQuery.size(query.limit)
    let stretch = Stretch(query)
    let words = SearchWords.words(ofQuery: query.filter)
    let found =
      switch words {
      case nil: try all(stretch, size + 1)
      case let words? where words.isEmpty: [Account]()
      case let words? where words.count == 1: try find(words[0], stretch, size + 1)
      case let words?: try find(words, stretch, size + 1)
      }
    let page = Array(found.prefix(size))
    return AccountPage(
      accounts: stretch.isBackwards ? page.reversed() : page, hasMore: found.count > size)
  }

  // MARK: Counting

  func count(_ filter: String, cap: Int) throws(StoreFault) -> CappedCount {
    guard let words = SearchWords.words(ofQuery: filter) else { return try countAll() }
    guard let first = words.first else { return CappedCount(count: 0, isCapped: false) }
    let cap = PageQuery.size(cap)
    var ranked = [first]
    var most = Self.usualRepetitions * (cap + 1)
    if words.count > 1 {
      ranked = try byRarity(words).map(\.word)
      most = Self.longestCounting
    }
    var search = WordSearch()
    let source = search.entries(of: ranked[0])
    let checks = ranked.dropFirst().map { search.check($0) }
    let counts = try connection.run(
      """
      WITH source AS MATERIALIZED (\(source) LIMIT \(search.place()))
      SELECT (SELECT count(*) FROM source),
        (SELECT count(DISTINCT source.number) FROM source \(checks.joined(separator: " ")))
      """, search.parameters + [.integer(most)]
    ).first { cells throws(StoreFault) in (try cells.integer(), try cells.integer()) }
    let (looked, found) = counts ?? (0, 0)
    // Where even the rarest word is common, not all of its accounts were looked at.
    return CappedCount(
      count: min(Int(found), cap), isCapped: found > cap || looked == Int64(most))
  }

  private func countAll() throws(StoreFault) -> CappedCount {
    let answers = try connection.run([
      .beginReading, SessionSettings.allowsWholeTables,
      Call("SELECT count(*) FROM daybook.account"), .commit,
    ])
    let count = try answers[2].first { cells throws(StoreFault) in try cells.integer() }
    return CappedCount(count: Int(count ?? 0), isCapped: false)
  }

  // MARK: Finding

  private func all(_ stretch: Stretch, _ limit: Int) throws(StoreFault) -> [Account] {
    var search = WordSearch()
    return try read(
      """
      SELECT \(Account.columns) FROM daybook.account WHERE \(search.lies("number", in: stretch))
      ORDER BY number \(stretch.order) LIMIT \(search.place())
      """, search, limit)
  }

  private func find(
    _ word: String, _ stretch: Stretch, _ limit: Int
  ) throws(StoreFault) -> [Account] {
    let near = try walk([word], stretch, limit)
    guard near.count < limit else { return near }
    for repetitions in [Self.usualRepetitions, SearchWords.mostWordsOfAccount] {
      let found = try follow([word], stretch, keeping: repetitions * limit, limit)
      if found.accounts.count == limit || found.isAll { return found.accounts }
    }
    return []
  }

  private func find(
    _ words: [String], _ stretch: Stretch, _ limit: Int
  ) throws(StoreFault) -> [Account] {
    let ranked = try byRarity(words)
    let words = ranked.map(\.word)
    if ranked[0].isCommon {
      let near = try walk(words, stretch, limit)
      if near.count == limit { return near }
    }
    let found = try follow(words, stretch, keeping: ranked[0].entriesAsked, limit).accounts
    guard ranked[0].isCommon, found.count < limit else { return found }
    return try intersect(words, stretch, limit)
  }

  private struct RankedWord {
    let word: String
    let count: Int64
    var isCommon: Bool { count >= Int64(AccountSearch.commonFrom) }
    /// All of a rare word.
    var entriesAsked: Int {
      isCommon ? AccountSearch.longestAsking : AccountSearch.commonFrom
    }
  }

  /// The words of the query, the rarest first.
  private func byRarity(_ words: [String]) throws(StoreFault) -> [RankedWord] {
    let calls = words.map { word in
      var search = WordSearch()
      let entries = search.entries(of: word)
      return Call(
        "SELECT count(*) FROM (\(entries) LIMIT \(Self.commonFrom)) AS found", search.parameters)
    }
    var ranked: [RankedWord] = []
    for (word, rows) in zip(words, try connection.run(calls)) {
      let count = try rows.first { cells throws(StoreFault) in try cells.integer() }
      ranked.append(RankedWord(word: word, count: count ?? 0))
    }
    // Of common words nobody knows which is the rarest; the longest, most likely.
    return ranked.sorted { ($0.count, $1.word.utf8.count) < ($1.count, $0.word.utf8.count) }
  }

  // MARK: The steps

  private func walk(
    _ words: [String], _ stretch: Stretch, _ limit: Int
  ) throws(StoreFault) -> [Account] {
    var search = WordSearch()
    let entries = """
      SELECT number, word FROM daybook.account_word WHERE \(search.lies("number", in: stretch))
      ORDER BY number \(stretch.order), word \(stretch.order) LIMIT \(Self.longestWalk * words.count)
      """
    let has = search.begins(with: words[0])
    let checks = words.dropFirst().map { search.check($0) }
    return try read(
      """
      \(Self.accounts) (
        SELECT DISTINCT ON (source.number) source.number
        FROM (SELECT number FROM (\(entries)) AS entry WHERE \(has)) AS source
        \(checks.joined(separator: " "))
        ORDER BY source.number \(stretch.order) LIMIT \(search.place())) AS found USING (number)
      ORDER BY number \(stretch.order)
      """, search, limit)
  }

  /// - Parameter keeping: how many entries of the first word are kept, those that come first.
  /// - Returns: the first accounts, and whether there are no others.
  private func follow(
    _ words: [String], _ stretch: Stretch, keeping: Int, _ limit: Int
  ) throws(StoreFault) -> (accounts: [Account], isAll: Bool) {
    var search = WordSearch()
    let most = search.place(for: keeping)
    let entries = search.accounts(of: words[0], in: stretch, most: most)
    let checks = words.dropFirst().map { search.check($0) }
    var kept: Int64 = 0
    // DISTINCT ON goes along the order and ends with the page, where DISTINCT might group first.
    let accounts = try connection.run(
      """
      SELECT \(Account.columns), kept FROM daybook.account JOIN (
        SELECT DISTINCT ON (source.number) source.number, source.kept
        FROM (
          SELECT number, count(*) OVER () AS kept FROM (
            SELECT number FROM (\(entries) OFFSET 0) AS entry
            ORDER BY number \(stretch.order) LIMIT \(most)) AS near
          ORDER BY number \(stretch.order)) AS source
        \(checks.joined(separator: " "))
        ORDER BY source.number \(stretch.order) LIMIT \(search.place())) AS found USING (number)
      ORDER BY number \(stretch.order)
      """, search.parameters + [.integer(limit)]
    ).read { cells throws(StoreFault) in
      let account = try Account(&cells)
      kept = try cells.integer()
      return account
    }
    return (accounts, kept < Int64(keeping))
  }

  private func intersect(
    _ words: [String], _ stretch: Stretch, _ limit: Int
  ) throws(StoreFault) -> [Account] {
    var search = WordSearch()
    let entries = words.map { search.entries(of: $0, in: stretch) }
    return try read(
      """
      \(Self.accounts) (
        SELECT number FROM (\(entries.joined(separator: " INTERSECT "))) AS source
        ORDER BY number \(stretch.order) LIMIT \(search.place())) AS found USING (number)
      ORDER BY number \(stretch.order)
      """, search, limit)
  }

  private static let accounts = "SELECT \(Account.columns) FROM daybook.account JOIN"

  private func read(
    _ sql: String, _ search: WordSearch, _ limit: Int
  ) throws(StoreFault) -> [Account] {
    try connection.run(sql, search.parameters + [.integer(limit)])
      .read { cells throws(StoreFault) in try Account(&cells) }
  }
}

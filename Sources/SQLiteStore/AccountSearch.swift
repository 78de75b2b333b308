import BankCore
import BankService
import GRDB

/// Lists of accounts, by number and by the beginnings of words. The books and the local snapshot
/// have the same tables for these.
///
/// The list is ordered by number, and the accounts of a beginning stand in the index by word: no
/// index gives both. A rare word leads to its few accounts. For a common one a stretch of the list
/// is walked first, which fills a page unless the accounts of the word stand together further on;
/// then it is followed too, with only so many of its entries kept as a page may need. At worst,
/// for words that are all common and hardly ever meet, each entry of the rarest is looked at.
struct AccountSearch {
  let database: Database

  /// From how many entries on a word is common.
  private static let commonFrom = 2_000
  /// How many accounts are walked at most.
  private static let longestWalk = 3_000
  /// An account has an entry for each of its words that begin alike, seldom more than these.
  private static let usualRepetitions = 4

  func page(_ query: AccountQuery) throws -> AccountPage {
    let size = AccountReading.pageSize(query.limit)
    var stretch = Condition()
    if let after = query.after { stretch.add("number > ?", after.text) }
    if let before = query.before { stretch.add("number < ?", before.text) }
    let isBackwards = query.before != nil && query.after == nil
    let part = Part(stretch: stretch, order: isBackwards ? "DESC" : "ASC", limit: size + 1)
    let found =
      switch SearchWords.words(ofQuery: query.filter) {
      case nil: try walk([], part, longest: part.limit)
      case let words? where words.isEmpty: [Account]()
      case let words?: try find(words, part)
      }
    let page = Array(found.prefix(size))
    return AccountPage(
      accounts: isBackwards ? page.reversed() : page, hasMore: found.count > size)
  }

  func count(_ filter: String, cap: Int) throws -> CappedCount {
    guard let words = SearchWords.words(ofQuery: filter) else { return try countAll() }
    if words.isEmpty { return CappedCount(count: 0, isCapped: false) }
    let cap = AccountReading.pageSize(cap)
    let most = words.count == 1 ? Self.usualRepetitions * (cap + 1) : 10 * Self.commonFrom
    let ranked = try byRarity(words).map(\.word)
    let entries = Self.entries(of: ranked[0])
    let others = Self.have(ranked.dropFirst(), of: "source.number")
    let counts = try database.row(
      """
      WITH source AS MATERIALIZED (
        SELECT number FROM account_word WHERE \(entries.sql) LIMIT \(most))
      SELECT (SELECT count(*) FROM source) AS looked,
        (SELECT count(DISTINCT number) FROM source WHERE \(others.sql)) AS found
      """, StatementArguments(entries.arguments + others.arguments))
    let (looked, found) = (try counts?.integer("looked") ?? 0, try counts?.integer("found") ?? 0)
    // Where even the rarest word is common, not all of its accounts were looked at.
    return CappedCount(
      count: min(Int(found), cap), isCapped: found > cap || looked == Int64(most))
  }

  private func countAll() throws -> CappedCount {
    let all = try database.row("SELECT count(*) AS count FROM account")?.integer("count") ?? 0
    return CappedCount(count: Int(all), isCapped: false)
  }

  // MARK: Finding

  /// The part of the list that is asked for, read from one of its ends.
  private struct Part {
    let stretch: Condition
    let order: String
    let limit: Int
  }

  private func find(_ words: [String], _ part: Part) throws -> [Account] {
    let ranked = try byRarity(words)
    let words = ranked.map(\.word)
    if ranked[0].count >= Self.commonFrom {
      let near = try walk(words, part, longest: Self.longestWalk)
      if near.count == part.limit { return near }
    }
    let few =
      words.count == 1 ? Self.usualRepetitions * part.limit : max(Self.commonFrom, part.limit)
    let near = try follow(words, part, keeping: few)
    let isAll = near.isAll || ranked[0].count < min(few, Self.commonFrom)
    if near.accounts.count == part.limit || isAll { return near.accounts }
    let enough = words.count == 1 ? SearchWords.mostWordsOfAccount * part.limit : Int.max
    return try follow(words, part, keeping: enough).accounts
  }

  /// The words of the query, the rarest first.
  private func byRarity(_ words: [String]) throws -> [(word: String, count: Int)] {
    try words.map { word in
      let entries = Self.entries(of: word)
      let row = try database.row(
        """
        SELECT count(*) AS count FROM (
          SELECT 1 FROM account_word WHERE \(entries.sql) LIMIT \(Self.commonFrom))
        """, StatementArguments(entries.arguments))
      return (word, Int(try row?.integer("count") ?? 0))
    }.sorted { $0.count < $1.count }
  }

  private func walk(_ words: [String], _ part: Part, longest: Int) throws -> [Account] {
    let have = Self.have(words[...], of: "near.number")
    return try database.rows(
      """
      SELECT * FROM (
        SELECT * FROM account WHERE \(part.stretch.sql)
        ORDER BY number \(part.order) LIMIT \(longest)) AS near
      WHERE \(have.sql) ORDER BY number \(part.order) LIMIT \(part.limit)
      """, StatementArguments(part.stretch.arguments + have.arguments)
    ).map(AccountReading.account(from:))
  }

  /// - Parameter keeping: how many entries of the first word are kept, those that come first.
  /// - Returns: the first accounts, and whether it is certain that there are no others.
  private func follow(
    _ words: [String], _ part: Part, keeping: Int
  ) throws -> (accounts: [Account], isAll: Bool) {
    let entries = Self.entries(of: words[0])
    let others = Self.have(words.dropFirst(), of: "source.number")
    // The sign keeps the order from being had by reading the index by number from end to end.
    let rows = try database.rows(
      """
      WITH source AS MATERIALIZED (
        SELECT number FROM account_word WHERE \(entries.sql) AND \(part.stretch.sql)
        ORDER BY +number \(part.order) LIMIT \(keeping))
      SELECT account.*, (SELECT count(*) FROM source) AS kept FROM (
        SELECT DISTINCT number FROM source WHERE \(others.sql)
        ORDER BY number \(part.order) LIMIT \(part.limit)) AS found
      CROSS JOIN account ON account.number = found.number
      ORDER BY account.number \(part.order)
      """, StatementArguments(entries.arguments + part.stretch.arguments + others.arguments))
    let kept = try rows.first?.integer("kept") ?? 0
    let isAll = rows.isEmpty ? words.count == 1 : kept < keeping
    return (try rows.map(AccountReading.account(from:)), isAll)
  }

  // MARK: Words

  /// The entries of a word; U+10FFFF is the last of all characters and comes after all of them.
  private static func entries(of word: String) -> Condition {
    var condition = Condition()
    condition.add("word >= ?", word)
    condition.add("word < ?", word + "\u{10FFFF}")
    return condition
  }

  private static func have(_ words: ArraySlice<String>, of number: String) -> Condition {
    var condition = Condition()
    for word in words {
      condition.add(
        """
        EXISTS (SELECT 1 FROM account_word AS w
          WHERE w.number = \(number) AND w.word >= ? AND w.word < ?)
        """, word, word + "\u{10FFFF}")
    }
    return condition
  }
}

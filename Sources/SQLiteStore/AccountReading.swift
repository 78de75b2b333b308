import BankCore
import BankService
import GRDB

/// Reads of accounts and statements. The books and the local snapshot have the same tables for
/// these, so one reader serves both.
struct AccountReading {
  let database: Database

  /// A page never holds more than this, whatever is asked for.
  static let mostRows = 10_000

  static func pageSize(_ limit: Int) -> Int { min(max(0, limit), mostRows) }

  func account(_ number: AccountNumber) throws -> Account? {
    try database.row("SELECT * FROM account WHERE number = ?", [number.text])
      .map(Self.account(from:))
  }

  static func account(from row: Row) throws -> Account {
    Account(
      number: try row.accountNumber("number"), holder: try row.text("holder"),
      currency: try row.currency("currency"),
      status: try row.parsed("status") { AccountStatus(rawValue: $0) },
      overdraftMinorUnits: try row.integer("overdraft"),
      balanceMinorUnits: try row.integer("balance"),
      lastSequence: try row.integer("last_sequence"),
      reference: try row.optionalText("reference"))
  }

  // MARK: Lists

  func accounts(_ query: AccountQuery) throws -> AccountPage {
    let size = Self.pageSize(query.limit)
    let backwards = query.before != nil && query.after == nil
    var condition = SearchCondition(query.filter)
    if condition.findsNothing { return AccountPage(accounts: [], hasMore: false) }
    if let after = query.after {
      condition.add("account.number > ?", after.text)
    }
    if let before = query.before {
      condition.add("account.number < ?", before.text)
    }
    let source = try source(of: condition)
    let found = try database.rows(
      """
      SELECT account.* FROM \(source.sql) WHERE \(condition.sql)
      ORDER BY account.number \(backwards ? "DESC" : "ASC") LIMIT \(size + 1)
      """, StatementArguments(source.arguments + condition.arguments))
    let accounts = try found.prefix(size).map(Self.account(from:))
    return AccountPage(
      accounts: backwards ? accounts.reversed() : accounts, hasMore: found.count > size)
  }

  func count(_ filter: String, cap: Int) throws -> CappedCount {
    let condition = SearchCondition(filter)
    if condition.findsNothing { return CappedCount(count: 0, isCapped: false) }
    if condition.words.isEmpty {
      let all = try database.row("SELECT count(*) AS count FROM account")?.integer("count") ?? 0
      return CappedCount(count: Int(all), isCapped: false)
    }
    let cap = max(0, cap)
    let source = try source(of: condition)
    let row = try database.row(
      """
      SELECT count(*) AS count FROM (
        SELECT 1 FROM \(source.sql) WHERE \(condition.sql) LIMIT \(cap == .max ? cap : cap + 1))
      """, StatementArguments(source.arguments + condition.arguments))
    let count = Int(try row?.integer("count") ?? 0)
    return CappedCount(count: min(count, cap), isCapped: count > cap)
  }

  /// Where a search begins. A rare word leads to its few accounts; for a common one it is quicker
  /// to walk the accounts in their order and ask each for its words.
  private func source(of condition: SearchCondition) throws -> Source {
    guard let longest = condition.words.max(by: { $0.utf8.count < $1.utf8.count }) else {
      return Source(sql: "account", arguments: [])
    }
    let range = [longest, SearchCondition.end(of: longest)]
    let commonFrom = 2_000
    let row = try database.row(
      """
      SELECT count(*) AS count FROM (
        SELECT 1 FROM account_word WHERE word >= ? AND word < ? LIMIT \(commonFrom))
      """, StatementArguments(range))
    guard try row?.integer("count") ?? 0 < commonFrom else {
      return Source(sql: "account", arguments: [])
    }
    return Source(
      sql: """
        (SELECT DISTINCT number FROM account_word WHERE word >= ? AND word < ?) AS found
        CROSS JOIN account ON account.number = found.number
        """, arguments: range)
  }

  private struct Source {
    let sql: String
    let arguments: [any DatabaseValueConvertible]
  }

  // MARK: Statements

  func statement(_ query: StatementQuery) throws -> StatementPage {
    let size = Self.pageSize(query.limit)
    var condition = Condition()
    condition.add("account = ?", query.account.text)
    condition.add("share = ?", query.share)
    if let after = query.afterSequence { condition.add("sequence > ?", after) }
    if let before = query.beforeSequence { condition.add("sequence < ?", before) }
    if let from = query.from { condition.add("booking_date >= ?", Int64(from.daysSince1970)) }
    if let to = query.to { condition.add("booking_date <= ?", Int64(to.daysSince1970)) }
    let forwards = query.afterSequence != nil
    let found = try database.rows(
      """
      SELECT * FROM statement_line WHERE \(condition.sql)
      ORDER BY sequence \(forwards ? "ASC" : "DESC") LIMIT \(size + 1)
      """, StatementArguments(condition.arguments))
    let lines = try found.prefix(size).map(Self.line(from:))
    return StatementPage(lines: forwards ? lines : lines.reversed(), hasMore: found.count > size)
  }

  /// The newest lines of a customer's account, oldest first.
  func newestLines(of number: AccountNumber, limit: Int) throws -> [StatementLine] {
    try statement(StatementQuery(account: number, limit: limit)).lines
  }

  static func line(from row: Row) throws -> StatementLine {
    let balance = try row.optionalInteger("balance")
    let currency = try row.currency("currency")
    return StatementLine(
      entry: try row.identifier("entry_id"), label: try row.text("label"),
      sequence: try row.integer("sequence"), bookingDate: try row.day("booking_date"),
      valueDate: try row.day("value_date"), kind: try row.kind(),
      amount: try row.money("amount"),
      balance: balance.map { Money(minorUnits: $0, currency) },
      memo: try row.text("memo"), counterAccount: try row.accountNumber("counter_account"))
  }

  // MARK: What an incremental snapshot may have missed

  func bucketSums() throws -> [BucketSum] {
    try database.rows(
      """
      SELECT unicode(substr(number, -1)) AS bucket, count(*) AS accounts,
        sum(version) AS versions
      FROM account GROUP BY 1 ORDER BY 1
      """
    ).map { row in
      BucketSum(
        bucket: Int(try row.integer("bucket")), accounts: Int(try row.integer("accounts")),
        versions: try row.integer("versions"))
    }
  }
}

/// Conditions joined with AND, and their arguments in order.
struct Condition {
  private(set) var parts: [String] = []
  private(set) var arguments: [any DatabaseValueConvertible] = []

  var sql: String { parts.isEmpty ? "1" : parts.joined(separator: " AND ") }

  mutating func add(_ part: String, _ values: any DatabaseValueConvertible...) {
    parts.append(part)
    arguments.append(contentsOf: values)
  }
}

/// The accounts whose words begin with each word of a filter.
struct SearchCondition {
  let words: [String]
  /// The filter has signs but no words: nothing can match.
  let findsNothing: Bool
  private var condition = Condition()

  var sql: String { condition.sql }
  var arguments: [any DatabaseValueConvertible] { condition.arguments }

  init(_ filter: String) {
    let asked = SearchWords.words(ofQuery: filter)
    words = asked ?? []
    findsNothing = asked?.isEmpty ?? false
    for word in words {
      condition.add(
        """
        EXISTS (SELECT 1 FROM account_word
          WHERE account_word.number = account.number AND word >= ? AND word < ?)
        """, word, Self.end(of: word))
    }
  }

  mutating func add(_ part: String, _ value: String) { condition.add(part, value) }

  /// Comes after every word that begins with `word`: U+10FFFF is the last of all characters.
  static func end(of word: String) -> String { word + "\u{10FFFF}" }
}

/// Writes the words under which an account is found.
struct AccountIndexing {
  let database: Database

  func index(_ number: AccountNumber, holder: String) throws {
    try database.carryOut("DELETE FROM account_word WHERE number = ?", [number.text])
    for word in SearchWords.words(of: number, holder: holder) {
      try database.carryOut(
        "INSERT INTO account_word (word, number) VALUES (?, ?)", [word, number.text])
    }
  }
}

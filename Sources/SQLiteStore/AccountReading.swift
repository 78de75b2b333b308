import BankCore
import BankService
import GRDB

/// Reads of accounts and statements. The books and the local snapshot have the same tables for
/// these, so one reader serves both.
struct AccountReading {
  let database: Database

  func account(_ number: AccountNumber) throws -> Account? { try account(number.text) }

  func account(_ number: String) throws -> Account? {
    try database.row("SELECT * FROM account WHERE number = ?", [number])
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

  // MARK: Statements

  func statement(_ query: StatementQuery) throws -> StatementPage {
    let size = PageSize.bounded(query.limit)
    var condition = Condition()
    condition.add("account = ?", query.account.text)
    condition.add("share = ?", query.share)
    if let after = query.afterSequence { condition.add("sequence > ?", after) }
    if let before = query.beforeSequence { condition.add("sequence < ?", before) }
    if let from = query.from { condition.add("booking_date >= ?", Int64(from.daysSince1970)) }
    if let to = query.to { condition.add("booking_date <= ?", Int64(to.daysSince1970)) }
    let forwards = query.afterSequence != nil
    if !query.filter.isEmpty {
      let page = try FilteredReading(
        table: "statement_line", key: "sequence", condition: condition, forwards: forwards,
        most: query.mostLookedThrough
      ).page(query.filter, limit: size, database, read: Self.line(from:)) { $0.searchFields }
      return StatementPage(lines: page.lines, hasMore: page.hasMore, looked: page.looked)
    }
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

import BankCore
import BankService

/// Reads of single accounts and of their statements.
struct AccountReading {
  let connection: Connection

  func account(_ number: AccountNumber) throws(StoreFault) -> Account? {
    if number.isOwn { return try ownAccount(number) }
    return try connection.run(
      "SELECT \(Account.columns) FROM daybook.account WHERE number = $1::text",
      [.text(number.text)]
    ).first { cells throws(StoreFault) in try Account(&cells) }
  }

  private func ownAccount(_ number: AccountNumber) throws(StoreFault) -> Account? {
    // A share is made before its first line, to be locked: until then there is no account.
    let shares = try connection.run(
      """
      SELECT sequence, balance FROM daybook.own_account WHERE number = $1::text AND sequence > 0
      """, [.text(number.text)]
    ).read { cells throws(StoreFault) in
      ShareStanding(sequence: try cells.integer(), balanceMinorUnits: try cells.integer())
    }
    return Account(own: number, shares: shares)
  }

  func statement(_ query: StatementQuery) throws(StoreFault) -> StatementPage {
    let size = PageSize.bounded(query.limit)
    var conditions = PageQuery()
    conditions.add("line.account =", .text(query.account.text), "text")
    conditions.add("line.share =", .text(query.share), "text")
    if let after = query.afterSequence {
      conditions.add("line.sequence >", .integer(after), "bigint")
    }
    if let before = query.beforeSequence {
      conditions.add("line.sequence <", .integer(before), "bigint")
    }
    if let from = query.from { conditions.add("line.booking_date >=", .day(from), "integer") }
    if let to = query.to { conditions.add("line.booking_date <=", .day(to), "integer") }
    let forwards = query.afterSequence != nil
    if !query.filter.isEmpty { return try filtered(query, size, conditions, forwards) }
    let lines = try connection.run(
      """
      SELECT \(StatementLine.columns), \(ReversalMarks.columns)
      FROM daybook.line JOIN daybook.booking ON booking.entry_id = line.entry_id
      \(ReversalMarks.joins)
      \(conditions.whereClause)
      ORDER BY line.sequence \(forwards ? "ASC" : "DESC") LIMIT \(conditions.place())
      """, conditions.parameters + [.integer(size + 1)]
    ).read { cells throws(StoreFault) in try StatementLine(marked: &cells) }
    let page = Array(lines.prefix(size))
    return StatementPage(lines: forwards ? page : page.reversed(), hasMore: lines.count > size)
  }

  /// - Parameter conditions: the first two name the account and its share.
  private func filtered(
    _ query: StatementQuery, _ size: Int, _ conditions: PageQuery, _ forwards: Bool
  ) throws(StoreFault) -> StatementPage {
    let reading = FilteredReading(
      source: "daybook.line JOIN daybook.booking ON booking.entry_id = line.entry_id",
      key: "line.sequence", conditions: conditions, forwards: forwards,
      most: query.mostLookedThrough,
      numbers: "CASE line.account WHEN booking.debit THEN booking.credit ELSE booking.debit END")
    let page = try reading.page(
      query.filter, limit: size, columns: "\(StatementLine.columns), \(ReversalMarks.columns)",
      tables: """
        JOIN daybook.line ON line.account = $1::text AND line.share = $2::text
          AND line.sequence = found.place
        JOIN daybook.booking ON booking.entry_id = found.entry_id \(ReversalMarks.joins)
        """, connection, read: StatementLine.init(marked:), fields: \.searchFields)
    return StatementPage(lines: page.lines, hasMore: page.hasMore, looked: page.looked)
  }
}

/// Conditions joined with AND, with their parameters in order.
struct PageQuery {
  private(set) var conditions: [String] = []
  private(set) var parameters: [Parameter] = []

  mutating func add(_ condition: String, _ parameter: Parameter, _ type: String) {
    conditions.append("\(condition) \(take(parameter, type))")
  }

  /// Takes in a parameter that is named elsewhere in the statement.
  ///
  /// - Returns: its place.
  mutating func take(_ parameter: Parameter, _ type: String) -> String {
    parameters.append(parameter)
    return "$\(parameters.count)::\(type)"
  }

  var whereClause: String {
    conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
  }

  /// The place of one more parameter, behind those of the conditions.
  func place() -> String { "$\(parameters.count + 1)::bigint" }
}

import BankCore
import BankService

/// Reads of all transactions, and of those that a person must look at.
struct JournalReading {
  let connection: Connection

  func page(_ query: JournalQuery) throws(StoreFault) -> JournalPage {
    let size = PageSize.bounded(query.limit)
    var conditions = PageQuery()
    if let after = query.after { conditions.add("booking.position >", .integer(after), "bigint") }
    if let before = query.before {
      conditions.add("booking.position <", .integer(before), "bigint")
    }
    if let from = query.from { conditions.add("booking.booking_date >=", .day(from), "integer") }
    if let to = query.to { conditions.add("booking.booking_date <=", .day(to), "integer") }
    if let terminal = query.terminal {
      conditions.add("booking.terminal =", .text(terminal), "text")
    }
    if let operatorName = query.operatorName {
      conditions.add("booking.operator =", .text(operatorName), "text")
    }
    let forwards = query.after != nil
    if !query.filter.isEmpty { return try filtered(query, size, conditions, forwards) }
    let lines = try connection.run(
      """
      SELECT \(Self.columns)
      FROM daybook.booking \(ReversalMarks.joins)
      \(conditions.whereClause)
      ORDER BY booking.position \(forwards ? "ASC" : "DESC") LIMIT \(conditions.place())
      """, conditions.parameters + [.integer(size + 1)]
    ).read { cells throws(StoreFault) in try JournalLine(&cells) }
    let page = Array(lines.prefix(size))
    return JournalPage(lines: forwards ? page : page.reversed(), hasMore: lines.count > size)
  }

  private static let columns =
    "booking.position, \(BookedTransaction.columns), \(ReversalMarks.columns)"

  private func filtered(
    _ query: JournalQuery, _ size: Int, _ conditions: PageQuery, _ forwards: Bool
  ) throws(StoreFault) -> JournalPage {
    let customers = ["debit", "credit"].map {
      "CASE WHEN booking.\($0) LIKE 'BANK-%' THEN NULL ELSE booking.\($0) END"
    }
    let reading = FilteredReading(
      source: "daybook.booking", key: "booking.position", conditions: conditions,
      forwards: forwards, most: query.mostLookedThrough, numbers: customers.joined(separator: ", "))
    let page = try reading.page(
      query.filter, limit: size, columns: Self.columns,
      tables: """
        JOIN daybook.booking ON booking.entry_id = found.entry_id \(ReversalMarks.joins)
        """, connection, read: JournalLine.init, fields: { $0.transaction.searchFields })
    return JournalPage(lines: page.lines, hasMore: page.hasMore, looked: page.looked)
  }

  func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) throws(StoreFault) -> [ExceptionRecord] {
    try connection.run(
      """
      SELECT \(ExceptionRecord.columns) FROM daybook.exception
      WHERE \(includingSettled ? "label <> ''" : "resolution IS NULL") AND ($2::uuid IS NULL
        OR (opened_at, entry_id)
          > (SELECT opened_at, entry_id FROM daybook.exception WHERE entry_id = $2::uuid))
      ORDER BY opened_at, entry_id LIMIT $1::bigint
      """, [.integer(PageSize.bounded(limit)), .identifier(after)]
    ).read { cells throws(StoreFault) in try ExceptionRecord(&cells) }
  }

  func exceptions(_ ids: [EntryID]) throws(StoreFault) -> [EntryID: ExceptionRecord] {
    let found = try connection.run(
      """
      SELECT \(ExceptionRecord.columns) FROM daybook.exception WHERE entry_id = ANY ($1::uuid[])
      """, [.identifiers(ids)]
    ).read { cells throws(StoreFault) in try ExceptionRecord(&cells) }
    return Dictionary(found.map { ($0.entry, $0) }) { first, _ in first }
  }

  /// - Returns: whether there is such an exception, and nobody has settled it.
  func assign(_ id: EntryID, to owner: String) throws(StoreFault) -> Bool {
    try connection.run(
      """
      UPDATE daybook.exception SET owner = $2::text
      WHERE entry_id = $1::uuid AND resolution IS NULL
      """, [.identifier(id), .text(owner)]
    ).affected == 1
  }

  func countOpenExceptions() throws(StoreFault) -> Int {
    let count = try connection.run(
      "SELECT count(*) FROM daybook.exception WHERE resolution IS NULL"
    ).first { cells throws(StoreFault) in try cells.integer() }
    return Int(count ?? 0)
  }
}

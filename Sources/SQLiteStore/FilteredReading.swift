import BankCore
import GRDB

/// Reads of rows that answer a filter, along a key and within a bound. The database is in this process:
/// each row is asked itself.
struct FilteredReading {
  let table: String
  let key: String
  let condition: Condition
  let forwards: Bool
  /// Rows that are looked through at most.
  let most: Int

  struct Page<Line> {
    var lines: [Line] = []
    var hasMore = false
    var looked = LookedThrough(rows: 0, end: nil)
  }

  func page<Line>(
    _ filter: RowFilter, limit: Int, _ database: Database, read: (Row) throws -> Line,
    fields: (Line) -> SearchFields
  ) throws -> Page<Line> {
    let statement = try database.cachedStatement(
      sql: """
        SELECT * FROM \(table) WHERE \(condition.sql)
        ORDER BY \(key) \(forwards ? "ASC" : "DESC") LIMIT \(most + 1)
        """)
    let rows = try Row.fetchCursor(
      statement, arguments: StatementArguments(condition.arguments))
    var page = Page<Line>()
    while let row = try rows.next() {
      if page.lines.count >= limit || page.looked.rows == most {
        page.hasMore = true
        break
      }
      page.looked.rows += 1
      page.looked.end = try row.integer(key)
      let line = try read(row)
      if filter.matches(fields(line)) { page.lines.append(line) }
    }
    if !forwards { page.lines.reverse() }
    return page
  }
}

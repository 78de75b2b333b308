import BankCore

// What a filter finds among rows in memory, in the way of a store.

extension JournalQuery {
  /// - Parameter lines: those that its other conditions leave, oldest first.
  public func answers(among lines: [JournalLine]) -> JournalPage {
    let part = LookedPart(
      of: lines, filter, limit: limit, most: mostLookedThrough, fromEnd: after == nil,
      fields: \.transaction.searchFields)
    return JournalPage(
      lines: part.found, hasMore: part.hasMore,
      looked: LookedThrough(rows: part.rows, end: part.last?.position))
  }
}

extension StatementQuery {
  /// - Parameter lines: those that its other conditions leave, oldest first.
  public func answers(among lines: [StatementLine]) -> StatementPage {
    let part = LookedPart(
      of: lines, filter, limit: limit, most: mostLookedThrough, fromEnd: afterSequence == nil,
      fields: \.searchFields)
    return StatementPage(
      lines: part.found, hasMore: part.hasMore,
      looked: LookedThrough(rows: part.rows, end: part.last?.sequence))
  }
}

private struct LookedPart<Line> {
  private(set) var found: [Line] = []
  private(set) var rows = 0
  private(set) var last: Line?
  let hasMore: Bool

  init(
    of lines: [Line], _ filter: RowFilter, limit: Int, most: Int, fromEnd: Bool,
    fields: (Line) -> SearchFields
  ) {
    for line in fromEnd ? lines.reversed() : lines {
      guard found.count < limit, rows < most else { break }
      rows += 1
      last = line
      if filter.matches(fields(line)) { found.append(line) }
    }
    if fromEnd { found.reverse() }
    hasMore = rows < lines.count
  }
}

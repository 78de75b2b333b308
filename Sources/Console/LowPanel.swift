import Screen

/// Shows a panel in a window with fewer rows than it needs. Blank rows give way first; then what it
/// is about stays at the top, and of the rest the part that is being worked on is shown.
struct LowPanel {
  /// The border and the two lines that say what the panel is about.
  private static let pinnedRows = 3

  /// Whether the window is as low as that; else the panel is painted as it is.
  let isNeeded: Bool

  func paint(
    on frame: inout Frame, in area: Area, _ paint: (inout Frame, Area) -> Void
  ) {
    guard isNeeded else { return paint(&frame, area) }
    let room = Layout(Size(columns: frame.size.columns, rows: 24), isCutOff: true).panel.rows
    var whole = Frame(size: Size(columns: frame.size.columns, rows: room))
    paint(&whole, Area(column: 0, row: 0, columns: area.columns, rows: room))
    guard let border = (0..<room).last(where: { !whole.text(ofRow: $0).isEmpty }) else { return }
    let (rows, isWhole) = chosenRows(of: whole, through: border, atMost: area.rows)
    for (offset, row) in rows.enumerated() {
      frame.copy(row: row, of: whole, to: area.row + offset, columns: area.columnRange)
    }
    if let cursor = whole.cursor, let offset = rows.firstIndex(of: cursor.row) {
      frame.cursor = Position(column: cursor.column, row: area.row + offset)
    }
    guard !isWhole, let last = rows.indices.last else { return }
    frame.write(" more in a higher window ", at: area.position(4, last), role: .warning)
  }

  /// The rows that are shown, in their order; the last one is the border.
  private func chosenRows(
    of whole: Frame, through border: Int, atMost count: Int
  ) -> (rows: [Int], isWhole: Bool) {
    var rows = Array(0..<border)
    let cursor = whole.cursor?.row ?? 0
    while rows.count >= count,
      let blank = rows.lastIndex(where: { $0 != cursor && isBlank(whole, $0) })
    {
      rows.remove(at: blank)
    }
    guard rows.count >= count else { return (rows + [border], true) }
    let pinned = min(Self.pinnedRows, max(0, count - 3))
    let wanted = max(1, count - pinned - 1)
    // What belongs to the field under the cursor stands below it.
    let place = rows.firstIndex { $0 >= cursor } ?? pinned
    let start = max(pinned, min(place - 1, rows.count - wanted))
    let chosen = rows.prefix(pinned) + rows[start..<min(rows.count, start + wanted)]
    return (Array(chosen) + [border], false)
  }

  /// Nothing stands between the sides of the frame.
  private func isBlank(_ frame: Frame, _ row: Int) -> Bool {
    frame.text(ofRow: row).allSatisfy { " │|".contains($0) }
  }
}

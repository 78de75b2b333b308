import Screen

extension Frame {
  /// Stands the cursor before a line that no field takes part in: on a letter of it, a block in the
  /// letter's own colour would hide the key that is asked for.
  mutating func pointCursor(at area: Area, row: Int) {
    cursor = Position(column: max(0, area.column - 1), row: area.row + row)
  }
}

/// A framed panel over the screen: forms, reviews, receipts, help and the palette.
struct Panel {
  let title: String
  /// Columns inside the frame and its margins.
  let columns: Int
  let rows: Int

  /// Columns a panel takes around its contents: a border and two blanks on each side.
  static let sideColumns = 6

  /// The columns of a panel's contents on a screen of that width.
  static func contentColumns(for screenColumns: Int) -> Int {
    max(20, min(screenColumns - 4, 92) - sideColumns)
  }

  /// Draws the empty panel in the middle of an area, its top on the area's first row.
  ///
  /// - Returns: where its contents go.
  func draw(on frame: inout Frame, in area: Area) -> Area {
    let width = min(area.columns, columns + Self.sideColumns)
    let height = max(2, min(area.rows, rows + 2))
    let left = area.column + (area.columns - width) / 2
    let outer = Area(column: left, row: area.row, columns: width, rows: height)
    // The page beside it is bare: half a figure says something else than the whole.
    frame.lay(.text, rows: outer.row..<outer.row + height, columns: area.columnRange)
    frame.lay(.panel, rows: outer.row..<outer.row + height, columns: outer.columnRange)
    drawBorder(outer, on: &frame)
    return Area(
      column: left + 3, row: outer.row + 1, columns: width - Self.sideColumns, rows: height - 2)
  }

  private func drawBorder(_ outer: Area, on frame: inout Frame) {
    let glyphs = Array("┌─┐│└─┘")
    let inner = max(0, outer.columns - 2)
    let line = String(repeating: glyphs[1], count: inner)
    frame.write("\(glyphs[0])\(line)\(glyphs[2])", at: outer.position(0, 0), role: .border)
    for row in 1..<max(1, outer.rows - 1) {
      frame.write(String(glyphs[3]), at: outer.position(0, row), role: .border)
      frame.write(String(glyphs[3]), at: outer.position(outer.columns - 1, row), role: .border)
    }
    frame.write(
      "\(glyphs[4])\(line)\(glyphs[6])", at: outer.position(0, outer.rows - 1), role: .border)
    guard !title.isEmpty else { return }
    let text = clipped(" \(title) ", toColumns: max(0, inner - 2))
    frame.write(text, at: outer.position(2, 0), role: .panelTitle)
  }
}

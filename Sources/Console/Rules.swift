import Screen

/// The hair rules that part the panes, and the list from what stands above and below it.
struct Rules {
  func draw(on frame: inout Frame, in layout: Layout, notice: Bool, message: Bool) {
    if layout.hasNotice, !notice { draw(row: layout.notice.row, "┬", on: &frame, layout) }
    if let strip = layout.stripRule { draw(row: strip, "─", on: &frame, layout) }
    for column in layout.partings {
      frame.fill(
        rows: layout.partedRows, columns: column..<column + 1, with: "│", role: .rule)
    }
    if !message { draw(row: layout.message.row, "┴", on: &frame, layout) }
  }

  private func draw(row: Int, _ joint: String, on frame: inout Frame, _ layout: Layout) {
    frame.fill(
      rows: row..<row + 1, columns: 0..<layout.size.columns, with: "─", role: .rule)
    for column in layout.partings {
      frame.write(joint, at: Position(column: column, row: row), role: .rule)
    }
  }
}

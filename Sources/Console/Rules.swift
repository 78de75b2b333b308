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

  /// A rule has a joint only where the parting that it joins is still in sight: a panel may cover it.
  func part(on frame: inout Frame, in layout: Layout) {
    for (row, beside) in [
      (layout.notice.row, layout.partedRows.lowerBound),
      (layout.message.row, layout.partedRows.upperBound - 1),
    ] {
      for column in layout.partings {
        func letter(_ row: Int) -> String { frame.row(row).dropFirst(column).first?.text ?? "" }
        guard "┬┴".contains(letter(row)), !letter(row).isEmpty, letter(beside) != "│" else {
          continue
        }
        frame.write("─", at: Position(column: column, row: row), role: .rule)
      }
    }
  }

  private func draw(row: Int, _ joint: String, on frame: inout Frame, _ layout: Layout) {
    frame.fill(
      rows: row..<row + 1, columns: 0..<layout.size.columns, with: "─", role: .rule)
    for column in layout.partings {
      frame.write(joint, at: Position(column: column, row: row), role: .rule)
    }
  }
}

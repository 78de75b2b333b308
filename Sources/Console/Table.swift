import Screen

/// The one renderer of lists: columns, headings, the selected row and where the cursor is parked.
struct Table {
  struct Column {
    enum Width {
      case fixed(Int)
      /// Takes a share of what the fixed columns leave.
      case flexible(minimum: Int, share: Int)
    }

    let title: String
    let width: Width
    var alignment = Alignment.leading
    /// The column appears where the table has at least so many columns of the screen.
    var appearsAt = 0
  }

  /// What stands in one column of one row.
  struct Entry {
    let text: String
    var role: Role = .text

    init(_ text: String, _ role: Role = .text) {
      self.text = text
      self.role = role
    }
  }

  /// Marker, blank, and a margin on the right.
  private static let marginColumns = 3
  private static let gap = 2

  private let columns: [Column]
  private let area: Area
  /// First column and width of each table column; nil where it does not appear.
  private let spans: [(start: Int, width: Int)?]

  init(_ columns: [Column], in area: Area) {
    self.columns = columns
    self.area = area
    spans = Self.spans(columns, total: area.columns)
  }

  /// Rows for elements, below the headings.
  static func visibleRows(in area: Area) -> Int { max(0, area.rows - 1) }

  /// Draws the headings and the visible rows. The selected row carries a `>` and, where the table
  /// has the focus, the hardware cursor.
  func draw<Element: Listed>(
    _ list: ListWindow<Element>, on frame: inout Frame, hasFocus: Bool = true,
    emptyText: String, row entries: (Element) -> [Entry]
  ) {
    drawHeadings(on: &frame)
    let body = area.below(1)
    guard !list.elements.isEmpty else {
      frame.writeParagraph(emptyText, in: body.below(1).right(3), role: .dim)
      return
    }
    for (offset, index) in list.visible(rows: body.rows).enumerated() {
      let element = list.elements[index]
      let isSelected = element.listID == list.selected
      draw(entries(element), isSelected: isSelected, on: &frame, row: body.row + offset)
      guard isSelected else { continue }
      frame.assign(
        hasFocus ? .selection : .selectionInactive, row: body.row + offset,
        columns: area.columnRange)
      if hasFocus { frame.cursor = body.position(1, offset) }
    }
  }

  /// Draws the headings alone.
  func drawHeadings(on frame: inout Frame) {
    for (column, span) in zip(columns, spans) {
      guard let span else { continue }
      frame.write(
        column.title, at: area.position(span.start, 0), role: .columnHeading, width: span.width,
        alignment: column.alignment)
    }
  }

  /// Draws one row, at a row of the frame.
  func draw(_ entries: [Entry], isSelected: Bool = false, on frame: inout Frame, row: Int) {
    if isSelected {
      frame.write(">", at: Position(column: area.column + 1, row: row))
    }
    for (index, entry) in entries.enumerated() where index < columns.count {
      guard let span = spans[index] else { continue }
      frame.write(
        entry.text, at: Position(column: area.column + span.start, row: row), role: entry.role,
        width: span.width, alignment: columns[index].alignment)
    }
  }

  private static func spans(_ columns: [Column], total: Int) -> [(start: Int, width: Int)?] {
    let shown = columns.filter { $0.appearsAt <= total }
    let gaps = gap * max(0, shown.count - 1)
    var spare = total - marginColumns - 1 - gaps
    var shares = 0
    for column in shown {
      switch column.width {
      case .fixed(let width): spare -= width
      case .flexible(let minimum, let share):
        spare -= minimum
        shares += share
      }
    }
    var rest = max(0, spare)
    var start = marginColumns
    return columns.map { column in
      guard column.appearsAt <= total else { return nil }
      var width: Int
      switch column.width {
      case .fixed(let fixed): width = fixed
      case .flexible(let minimum, let share):
        let extra = shares == 0 ? 0 : rest * share / shares
        rest -= extra
        shares -= share
        width = minimum + extra
      }
      width = max(1, min(width, total - start - 1))
      defer { start += width + gap }
      return (start, width)
    }
  }
}

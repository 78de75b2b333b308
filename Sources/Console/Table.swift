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
    let role: Role
    /// What to write where the text does not fit: ever shorter, and still whole.
    let shorter: [String]

    init(_ text: String, _ role: Role = .text, short shorter: String?...) {
      self.text = text
      self.role = role
      self.shorter = shorter.compactMap(\.self)
    }

    func fitting(columns: Int) -> String {
      let texts = [text] + shorter
      return texts.first { displayWidth(of: $0) <= columns } ?? shorter.last ?? text
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

  /// Whether something of a row is not shown whole.
  func cuts(_ entries: [Entry]) -> Bool {
    zip(entries, spans).contains { entry, span in
      span.map { displayWidth(of: entry.text) > $0.width } ?? false
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
        entry.fitting(columns: span.width),
        at: Position(column: area.column + span.start, row: row), role: entry.role,
        width: span.width, alignment: columns[index].alignment)
    }
  }

  private static func spans(_ columns: [Column], total: Int) -> [(start: Int, width: Int)?] {
    let isShown = shown(columns, total: total)
    var spare = total - needed(columns, isShown)
    var shares = zip(columns, isShown).reduce(0) { $0 + ($1.1 ? $1.0.share : 0) }
    var start = marginColumns
    return zip(columns, isShown).map { column, isShown in
      guard isShown else { return nil }
      let extra = shares == 0 || spare <= 0 ? 0 : spare * column.share / shares
      spare -= extra
      shares -= column.share
      let width = max(1, min(column.least + extra, total - start - 1))
      defer { start += width + gap }
      return (start, width)
    }
  }

  // Optional columns make way, the least wanted first: a figure that is cut short helps nobody.
  private static func shown(_ columns: [Column], total: Int) -> [Bool] {
    var isShown = columns.map { $0.appearsAt <= total }
    while needed(columns, isShown) > total {
      let optional = columns.indices.filter { isShown[$0] && columns[$0].appearsAt > 0 }
      guard let least = optional.max(by: { columns[$0].appearsAt < columns[$1].appearsAt })
      else { break }
      isShown[least] = false
    }
    return isShown
  }

  private static func needed(_ columns: [Column], _ isShown: [Bool]) -> Int {
    let widths = zip(columns, isShown).filter(\.1).map(\.0.least)
    return marginColumns + 1 + widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }
}

extension Table.Column {
  fileprivate var least: Int {
    switch width {
    case .fixed(let columns): columns
    case .flexible(let minimum, _): minimum
    }
  }

  fileprivate var share: Int {
    if case .flexible(_, let share) = width { share } else { 0 }
  }
}

import BankCore
import Screen

/// A list painted into a part of a frame: columns, headings, the selected row and where the cursor
/// is parked.
///
/// Money is never cut: its columns are as wide as the widest amount that is shown. Other columns
/// give way first; where that is not enough, each row takes two lines.
struct ListTable {
  struct Column {
    enum Width {
      case fixed(Int)
      /// Takes a share of what the fixed columns leave.
      case flexible(minimum: Int, share: Int)
      /// Of an amount, wider where one needs it.
      case money(minimum: Int)
      /// The ISO code behind the amounts, on their line.
      case currency
    }

    let title: String
    let width: Width
    var alignment = Alignment.leading
    /// The column appears where the table has at least so many columns of the screen. It makes way
    /// for the others where that is not 0, the greatest first.
    var appearsAt = 0
    /// So few columns do where an amount needs the room; nil: as many as `width` says.
    var atLeast: Int?
    /// Its title without the arrow of an order; nil where that is all of it.
    var plainTitle: String?

    /// A column of amounts: on the right, and never cut.
    static func money(_ title: String, minimum: Int, appearsAt: Int = 0) -> Column {
      Column(
        title: title, width: .money(minimum: minimum), alignment: .trailing, appearsAt: appearsAt)
    }

    static let currency = Column(title: "", width: .currency)

    /// With the arrow of an order behind its title, which is seen whole.
    func sorted(_ order: SortOrder) -> Column {
      let text = "\(title) \(order.arrow)"
      let wanted = displayWidth(of: text)
      let width: Width =
        switch width {
        case .fixed(let columns): .fixed(max(columns, wanted))
        case .flexible(let minimum, let share):
          .flexible(minimum: max(minimum, wanted), share: share)
        case .money(let minimum): .money(minimum: max(minimum, wanted))
        case .currency: .currency
        }
      return Column(
        title: text, width: width, alignment: alignment, appearsAt: appearsAt,
        atLeast: atLeast.map { max($0, wanted) }, plainTitle: title)
    }
  }

  /// What stands in one column of one row.
  struct Entry {
    let text: String
    /// Of the text.
    let columns: Int
    let role: Role
    /// What to write where the text does not fit: ever shorter, and still whole.
    let shorter: [String]
    /// Numbers of one bank differ at their ends: the beginning is left out.
    let keepsEnd: Bool
    /// How many of its last letters are the decimals of an amount, the point included; nil for what is
    /// no amount.
    private(set) var decimals: Int?

    init(_ text: String, _ role: Role = .text, short shorter: String?..., keepsEnd: Bool = false) {
      self.text = text
      columns = displayWidth(of: text)
      self.role = role
      self.shorter = shorter.compactMap(\.self)
      self.keepsEnd = keepsEnd
    }

    /// An amount: in a column its point stands below that of the others, whatever their currencies.
    static func amount(_ money: Money, _ words: Wording, _ role: Role = .text) -> Entry {
      var entry = Entry(words.amount(money), role)
      entry.decimals = money.currency.decimalColumns
      return entry
    }

    /// What of it is written into so many columns, and how many it takes.
    func fitting(columns: Int) -> (text: String, columns: Int) {
      if self.columns <= columns { return (text, self.columns) }
      if let fitting = shorter.first(where: { displayWidth(of: $0) <= columns }) {
        return (fitting, displayWidth(of: fitting))
      }
      let cut = clipped(
        keepsEnd ? "…\(text.suffix(max(0, columns - 1)))" : shorter.last ?? text,
        toColumns: columns)
      return (cut, displayWidth(of: cut))
    }
  }

  private var columns: [Column]
  private let area: Area

  init(_ columns: [Column], in area: Area) {
    self.columns = columns
    self.area = area
  }

  /// Rows for elements, below the headings.
  static func visibleRows(in area: Area) -> Int { max(0, area.rows - 1) }

  /// Draws the headings and the visible rows. The selected row carries a `>` and, where the table
  /// has the focus, the hardware cursor.
  func draw<Element: Listed>(
    _ list: ListWindow<Element>, on frame: inout Frame, hasFocus: Bool = true,
    emptyText: String, matching filter: RowFilter? = nil, row entries: (Element) -> [Entry]
  ) {
    if let order = list.order, columns.contains(where: { $0.title == order.title }) {
      var table = self
      table.columns = columns.map { $0.title == order.title ? $0.sorted(order) : $0 }
      return table.drawRows(list, on: &frame, hasFocus, emptyText, filter, entries)
    }
    drawRows(list, on: &frame, hasFocus, emptyText, filter, entries)
  }

  private func drawRows<Element: Listed>(
    _ list: ListWindow<Element>, on frame: inout Frame, _ hasFocus: Bool, _ emptyText: String,
    _ filter: RowFilter?, _ entries: (Element) -> [Entry]
  ) {
    let filter = filter ?? list.rowFilter
    let body = area.below(1)
    let shown = list.visible(rows: body.rows).map { ($0, entries(list.elements[$0])) }
    let layout = ListTableLayout(columns, total: area.columns, rows: shown.map(\.1))
    drawHeadings(layout, on: &frame)
    guard !list.elements.isEmpty else {
      frame.writeParagraph(emptyText, in: body.below(1).right(3), role: .dim)
      return
    }
    let visible = list.visible(rows: body.rows / layout.linesPerRow)
    let selected = list.selectedIndex
    for (offset, row) in shown.filter({ visible.contains($0.0) }).enumerated() {
      let isSelected = row.0 == selected
      let lines = body.below(offset * layout.linesPerRow).top(layout.linesPerRow)
      if isSelected { frame.write(">", at: lines.position(1, 0)) }
      for piece in pieces(of: row.1, layout, in: lines) {
        piece.draw(on: &frame)
        piece.emphasize(filter, on: &frame)
      }
      frame.mark(
        .row(row.0 - (selected ?? 0)), rows: lines.row..<lines.row + lines.rows,
        columns: area.columnRange)
      if !list.marks.isEmpty, list.marks.contains(list.elements[row.0].listID) {
        frame.write("*", at: lines.position(0, 0), role: .accent)
      }
      guard isSelected else { continue }
      for line in lines.row..<lines.row + lines.rows {
        frame.assign(
          hasFocus ? .selection : .selectionInactive, row: line, columns: area.columnRange)
      }
      if hasFocus { frame.cursor = lines.position(1, 0) }
    }
  }

  private func drawHeadings(_ layout: ListTableLayout, on frame: inout Frame) {
    for (column, span) in zip(columns, layout.spans) {
      guard let span else { continue }
      let place = area.position(span.start, 0)
      frame.write(
        column.title, at: place, role: .columnHeading, width: span.width,
        alignment: column.alignment)
      frame.mark(
        .heading(column.plainTitle ?? column.title), rows: place.row..<place.row + 1,
        columns: place.column..<place.column + span.width)
    }
    guard layout.linesPerRow > 1 else { return }
    let titles = layout.moneyLine.map { columns[$0].title }.filter { !$0.isEmpty }
    let text = titles.joined(separator: ", ")
    let start = area.columns - 1 - displayWidth(of: text)
    let end = layout.spans.compactMap { $0 }.map { $0.start + $0.width }.max() ?? 0
    guard start > end else { return }
    frame.write(text, at: area.position(start, 0), role: .columnHeading)
  }

  // MARK: A row

  /// A text of a row, at the place where it is written. What is said of its letters later, as that they
  /// answer a filter, is said at the same place.
  private struct Piece {
    let text: String
    let role: Role
    let position: Position
    /// The columns that it may take; what is longer shows that it is cut.
    let columns: Int
    var decimals: Int?
    /// Of the row itself, and not a word beside it.
    var isContent = true

    func draw(on frame: inout Frame) {
      frame.write(text, at: position, role: role, width: columns)
      // Where no other role says something.
      guard let decimals, role == .text else { return }
      let end = position.column + displayWidth(of: text)
      frame.assign(.dim, row: position.row, columns: end - decimals..<end)
    }

    /// Shows which letters answer a filter. The letters themselves stay what they are.
    func emphasize(_ filter: RowFilter, on frame: inout Frame) {
      // What begins beside the frame was not written.
      guard isContent, !filter.isEmpty, frame.contains(position) else { return }
      let characters = Array(text)
      for place in filter.places(in: text) {
        let start = displayWidth(of: String(characters[..<place.lowerBound]))
        let end = start + displayWidth(of: String(characters[place]))
        guard end <= columns else { continue }
        frame.recolor(
          .match, row: position.row, columns: position.column + start..<position.column + end)
      }
    }
  }

  private func pieces(of entries: [Entry], _ layout: ListTableLayout, in lines: Area) -> [Piece] {
    var pieces: [Piece] = []
    for (index, entry) in entries.enumerated() where index < columns.count {
      guard let span = layout.spans[index] else { continue }
      guard !entry.text.isEmpty else { continue }
      let (text, width) = entry.fitting(columns: span.width)
      let end = span.start + span.width - layout.blanksBehind(entry, column: index)
      let isTrailing = columns[index].alignment == .trailing
      let start = isTrailing ? max(span.start, end - width) : span.start
      pieces.append(
        Piece(
          text: width <= end - start ? text : clipped(text, toColumns: end - start),
          role: entry.role,
          position: lines.position(start, 0), columns: end - start, decimals: entry.decimals))
    }
    return layout.linesPerRow > 1 ? pieces + moneyLine(entries, layout, in: lines) : pieces
  }

  /// The amounts of a row on a line of their own, from the right, each with its title where there
  /// is more than one and room for the titles.
  private func moneyLine(
    _ entries: [Entry], _ layout: ListTableLayout, in lines: Area
  ) -> [Piece] {
    let shown = layout.moneyLine.filter { $0 < entries.count && !entries[$0].text.isEmpty }
    let titles = shown.map { columns[$0].title }.map { $0.isEmpty ? "" : "\($0) " }
    func width(_ parts: [String]) -> Int { parts.reduce(-2) { $0 + displayWidth(of: $1) + 2 } }
    let texts = shown.map { entries[$0].text }
    let hasTitles =
      titles.count { !$0.isEmpty } > 1
      && width(zip(titles, texts).map { $0 + $1 }) <= lines.columns - 4
    var pieces: [Piece] = []
    var column = lines.columns - 1
    func add(_ text: String, _ role: Role, decimals: Int? = nil, isContent: Bool) {
      column -= displayWidth(of: text)
      pieces.append(
        Piece(
          text: text, role: role, position: lines.position(column, 1),
          columns: displayWidth(of: text), decimals: decimals, isContent: isContent))
    }
    for (title, index) in zip(titles, shown).reversed() {
      add(
        entries[index].text, entries[index].role, decimals: entries[index].decimals,
        isContent: true)
      if hasTitles, !title.isEmpty { add(title, .dim, isContent: false) }
      column -= 2
    }
    return pieces
  }
}

/// Where the columns of a table stand, for the rows that are shown.
struct ListTableLayout {
  /// Marker, blank, and a margin on the right.
  private static let marginColumns = 3
  private static let gap = 2

  /// First column and width of each table column; nil where it is not on the first line.
  private(set) var spans: [(start: Int, width: Int)?] = []
  /// The columns that stand on the second line of each row.
  private(set) var moneyLine: [Int] = []

  var linesPerRow: Int { moneyLine.isEmpty ? 1 : 2 }

  private let columns: [ListTable.Column]
  private let total: Int
  /// The widths that the rows want of the columns of amounts, and what the others begin with.
  private var widths: [Int]
  /// The most decimals of the amounts in each column: their points stand below one another.
  private let decimals: [Int]

  init(_ columns: [ListTable.Column], total: Int, rows: [[ListTable.Entry]]) {
    self.columns = columns
    self.total = total
    let decimals = columns.indices.map { index in
      rows.lazy.compactMap { index < $0.count ? $0[index].decimals : nil }.max() ?? 0
    }
    self.decimals = decimals
    widths = columns.indices.map { index in
      guard columns[index].isMoney else { return columns[index].least }
      let entries = rows.lazy.compactMap { index < $0.count ? $0[index] : nil }
      return entries.map { $0.columns + $0.blanks(upTo: decimals[index]) }
        .reduce(columns[index].least) { max($0, $1) }
    }
    place()
  }

  /// How many blanks stand behind an amount, so that its point is where those of its column are.
  func blanksBehind(_ entry: ListTable.Entry, column: Int) -> Int {
    guard let width = spans[column]?.width else { return 0 }
    let blanks = entry.blanks(upTo: decimals[column])
    return entry.columns + blanks <= width ? blanks : 0
  }

  private mutating func place() {
    let appear = columns.indices.filter { columns[$0].appearsAt <= total }
    var shown = appear
    while needed(shown) > total, let least = leastWanted(shown) { shown.removeAll { $0 == least } }
    giveWay(shown)
    if needed(shown) > total {
      // Of the amounts, those that appear at this width; the text has its line for itself.
      moneyLine = appear.filter { columns[$0].isMoney || columns[$0].isCurrency }
      widths = columns.indices.map { columns[$0].isMoney ? widths[$0] : columns[$0].least }
      shown = appear.filter { !moneyLine.contains($0) }
      while needed(shown) > total, let least = leastWanted(shown) {
        shown.removeAll { $0 == least }
      }
      giveWay(shown)
      while moneyWidth > total - Self.marginColumns - 1, let least = leastWanted(moneyLine) {
        moneyLine.removeAll { $0 == least }
      }
    }
    spread(shown)
  }

  private var moneyWidth: Int { moneyLine.reduce(-Self.gap) { $0 + widths[$1] + Self.gap } }

  /// Optional columns make way, the least wanted first: a figure that is cut short helps nobody.
  private func leastWanted(_ shown: [Int]) -> Int? {
    shown.filter { columns[$0].appearsAt > 0 }
      .max { columns[$0].appearsAt < columns[$1].appearsAt }
  }

  /// Takes from the columns of text what the amounts need, the widest first.
  private mutating func giveWay(_ shown: [Int]) {
    while needed(shown) > total,
      let widest = shown.filter({ widths[$0] > columns[$0].atLeast ?? widths[$0] })
        .max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
    }
  }

  private func needed(_ shown: [Int]) -> Int {
    Self.marginColumns + 1 + shown.reduce(0) { $0 + widths[$1] }
      + Self.gap * max(0, shown.count - 1)
  }

  private mutating func spread(_ shown: [Int]) {
    var spare = max(0, total - needed(shown))
    var shares = shown.reduce(0) { $0 + columns[$1].share }
    var start = Self.marginColumns
    spans = columns.indices.map { index in
      guard shown.contains(index) else { return nil }
      let share = columns[index].share
      let extra = shares == 0 ? 0 : spare * share / shares
      spare -= extra
      shares -= share
      let width = max(1, min(widths[index] + extra, total - start - 1))
      defer { start += width + Self.gap }
      return (start, width)
    }
  }
}

extension ListTable.Column {
  fileprivate var isMoney: Bool { if case .money = width { true } else { false } }
  fileprivate var isCurrency: Bool { if case .currency = width { true } else { false } }

  fileprivate var least: Int {
    switch width {
    case .fixed(let columns): columns
    case .flexible(let minimum, _): minimum
    case .money(let minimum): minimum
    case .currency: 3
    }
  }

  fileprivate var share: Int {
    if case .flexible(_, let share) = width { share } else { 0 }
  }
}

extension ListTable.Entry {
  /// The columns that the amount with the most decimals has behind the end of this one.
  fileprivate func blanks(upTo decimals: Int) -> Int {
    max(0, decimals - (self.decimals ?? decimals))
  }
}

extension Currency {
  /// The columns that the decimals of an amount take, the point included.
  var decimalColumns: Int { decimals == 0 ? 0 : decimals + 1 }
}

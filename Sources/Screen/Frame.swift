/// A whole screen as a value: what `render` returns and the terminal paints.
///
/// Writing outside the grid is not an error: a frame keeps what fits, so that a screen survives
/// any size. Everything written is made safe for a terminal first.
///
/// Each cell lies on a ground: the page, a panel, the bar over a selected row, the block of a mode.
/// What is written there later keeps it, whatever its role; so a panel is never a patchwork.
public struct Frame: Equatable, Sendable {
  public let size: Size
  /// Row by row, `size.columns` cells in each.
  private var cells: [Cell]
  /// Where the hardware cursor is parked, or nil to hide it. Braille lines and screen readers
  /// follow it, so it belongs on the selected row or the active field.
  public var cursor: Position?
  /// How many times to ring the bell when this frame is painted.
  public var bells = 0

  /// What stands where, for clicks; the last comes first.
  private var targets: [Marked] = []

  private struct Marked: Hashable {
    let rows: Range<Int>
    let columns: Range<Int>
    let target: ClickTarget
  }

  /// A blank frame.
  public init(size: Size, role: Role = .text) {
    self.size = size
    cells = Array(repeating: .blank(role), count: size.columns * size.rows)
  }

  /// Writes one line of text.
  ///
  /// - Parameters:
  ///   - position: the first cell, of the text or, with a `width`, of its field.
  ///   - width: the columns of the field, all of which are written; nil writes the text alone and
  ///     clips it at the right edge.
  /// - Returns: the columns written, 0 where the position is outside the frame.
  @discardableResult
  public mutating func write(
    _ text: String, at position: Position, role: Role = .text, attributes: Attributes = [],
    width: Int? = nil, alignment: Alignment = .leading
  ) -> Int {
    guard contains(position) else { return 0 }
    let room = size.columns - position.column
    let available = max(0, min(width ?? room, room))
    // Nearly all of it needs no search, and no list of glyphs.
    let isPlain = text.utf8.count <= available && text.isPlain
    let (glyphs, used) = isPlain ? ([], text.utf8.count) : clippedGlyphs(text, toColumns: available)
    let field = width == nil ? used : available
    guard field > 0 else { return 0 }
    let start = index(of: position)
    separateWideCharacters(at: start, position.row)
    separateWideCharacters(at: start + field, position.row)
    var at = start
    if alignment == .trailing { at = blank(at, count: field - used, role, attributes) }
    if isPlain {
      cells.withUnsafeMutableBufferPointer { cells in
        for byte in text.utf8 {
          let glyph = Glyph(Unicode.Scalar(byte), width: 1)
          cells[at] = Cell(glyph, role: role, attributes: attributes, ground: cells[at].ground)
          at += 1
        }
      }
    }
    for glyph in glyphs {
      put(glyph, at: at, role, attributes)
      if glyph.width == 2 { put(.continuation, at: at + 1, role, attributes) }
      at += glyph.width
    }
    _ = blank(at, count: start + field - at, role, attributes)
    return field
  }

  private mutating func put(_ glyph: Glyph, at index: Int, _ role: Role, _ attributes: Attributes) {
    let ground = cells[index].ground
    cells[index] = Cell(glyph, role: role, attributes: attributes, ground: ground)
  }

  /// Fills a rectangle, clipped to the frame, with one character.
  public mutating func fill(
    rows: Range<Int>, columns: Range<Int>, with character: Character = " ", role: Role = .text,
    attributes: Attributes = []
  ) {
    let columns = columns.clamped(to: 0..<size.columns)
    guard !columns.isEmpty, let glyph = GlyphSequence(String(character)).first(where: { _ in true })
    else { return }
    for row in rows.clamped(to: 0..<size.rows) {
      let start = index(of: Position(column: columns.lowerBound, row: row))
      separateWideCharacters(at: start, row)
      separateWideCharacters(at: start + columns.count, row)
      let whole = columns.count / glyph.width * glyph.width
      for offset in stride(from: 0, to: whole, by: glyph.width) {
        put(glyph, at: start + offset, role, attributes)
        if glyph.width == 2 { put(.continuation, at: start + offset + 1, role, attributes) }
      }
      _ = blank(start + whole, count: columns.count - whole, role, attributes)
    }
  }

  /// Empties a rectangle, clipped to the frame, and lays a ground there.
  public mutating func lay(_ ground: Role, rows: Range<Int>, columns: Range<Int>) {
    fill(rows: rows, columns: columns)
    for row in rows.clamped(to: 0..<size.rows) { assign(ground, row: row, columns: columns) }
  }

  /// Lays a ground under cells and keeps what stands in them: the bar over a selected row.
  public mutating func assign(_ ground: Role, row: Int, columns: Range<Int>? = nil) {
    change(row: row, columns: columns) { $0.ground = ground }
  }

  /// Gives what stands in cells another role, and keeps their letters and what they lie on.
  public mutating func recolor(_ role: Role, row: Int, columns: Range<Int>) {
    change(row: row, columns: columns) { $0.role = role }
  }

  /// Takes everything in a rectangle back: a panel comes before it.
  public mutating func recede(rows: Range<Int>, columns: Range<Int>? = nil) {
    for row in rows.clamped(to: 0..<size.rows) {
      change(row: row, columns: columns) {
        if $0.role != .rule { $0.role = .behind }
        ($0.attributes, $0.ground) = ([], .text)
      }
    }
  }

  /// Says what stands in a rectangle, for clicks.
  public mutating func mark(_ target: ClickTarget, rows: Range<Int>, columns: Range<Int>) {
    targets.append(Marked(rows: rows, columns: columns, target: target))
  }

  /// What was last said to stand in a cell.
  public func target(at position: Position) -> ClickTarget? {
    targets.last { $0.rows.contains(position.row) && $0.columns.contains(position.column) }?.target
  }

  /// Adds attributes to cells and keeps everything else.
  public mutating func emphasize(_ attributes: Attributes, row: Int, columns: Range<Int>? = nil) {
    change(row: row, columns: columns) { $0.attributes.formUnion(attributes) }
  }

  private mutating func change(row: Int, columns: Range<Int>?, _ change: (inout Cell) -> Void) {
    guard (0..<size.rows).contains(row) else { return }
    for column in (columns ?? 0..<size.columns).clamped(to: 0..<size.columns) {
      change(&cells[row * size.columns + column])
    }
  }

  /// Takes over some columns of one row of another frame of the same width.
  public mutating func copy(row: Int, of other: Frame, to target: Int, columns: Range<Int>) {
    guard other.size.columns == size.columns, (0..<size.rows).contains(target),
      (0..<other.size.rows).contains(row)
    else { return }
    for column in columns.clamped(to: 0..<size.columns) {
      cells[target * size.columns + column] = other.cells[row * size.columns + column]
    }
  }

  /// Whether a position lies on the frame.
  public func contains(_ position: Position) -> Bool {
    (0..<size.columns).contains(position.column) && (0..<size.rows).contains(position.row)
  }

  /// The cells of one row; none where there is no such row.
  public func row(_ row: Int) -> ArraySlice<Cell> {
    guard (0..<size.rows).contains(row) else { return [] }
    return cells[row * size.columns..<(row + 1) * size.columns]
  }

  /// The cell at a position, or nil outside the frame.
  public subscript(position: Position) -> Cell? {
    contains(position) ? cells[index(of: position)] : nil
  }

  /// The text of one row without its trailing blanks.
  public func text(ofRow row: Int) -> String {
    let text = self.row(row).reduce(into: "") { $0 += $1.text }
    guard let last = text.unicodeScalars.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text.unicodeScalars[...last])
  }

  /// All rows joined by line feeds, without trailing blanks: what golden tests compare.
  public var text: String {
    (0..<size.rows).map(text(ofRow:)).joined(separator: "\n")
  }

  private func index(of position: Position) -> Int {
    position.row * size.columns + position.column
  }

  // Half a wide character cannot be shown: when a write begins or ends inside one, the other half
  // becomes a blank.
  private mutating func separateWideCharacters(at boundary: Int, _ row: Int) {
    guard boundary < (row + 1) * size.columns, cells[boundary].isContinuation else { return }
    for half in boundary - 1...boundary {
      cells[half] = .blank(cells[half].role, cells[half].attributes, ground: cells[half].ground)
    }
  }

  private mutating func blank(
    _ start: Int, count: Int, _ role: Role, _ attributes: Attributes
  ) -> Int {
    guard count > 0 else { return start }
    let (role, attributes) = role.isOfWords ? (.text, []) : (role, attributes)
    cells.withUnsafeMutableBufferPointer { cells in
      for place in start..<start + count {
        cells[place] = .blank(role, attributes, ground: cells[place].ground)
      }
    }
    return start + count
  }
}

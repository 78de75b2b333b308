/// Reads a frame out as lines for a screen reader or a braille line: all of the first one, and of
/// each one after it what is new.
///
/// Borders and charts are left out, columns are parted by `; `, and the selected row begins with
/// `>`. A row that has only moved is not read again.
public struct PlainReader: Sendable {
  private var known: Set<String> = []
  private var selected: String?
  private var cursorLine: String?
  private var isInField = false
  /// What the open panel is called: a new one is read as a whole, the rows that it shares with the
  /// one before included.
  private var panel: String?
  /// What a panel covers, by row: it is not read again when the panel is gone.
  private var covered: [Int: String] = [:]
  private var shown: [Line] = []

  public init() {}

  /// Forgets what was read: the next frame is read as a whole.
  public mutating func forget() { self = PlainReader() }

  /// What is new in a frame.
  ///
  /// - Parameter answersKey: a key was pressed since the last frame. Where nothing is new, the
  ///   line with the cursor is read, so that no key stays without an answer; the line where the
  ///   console answers, the last but one, is read even if it says the same again.
  public mutating func changes(in frame: Frame, answersKey: Bool) -> [String] {
    let lines = (0..<frame.size.rows).map { Line(frame, row: $0) }
    let marked = lines.first { $0.isSelected }
    let title = lines.first(where: \.isPanelTitle)?.text
    let isNewPanel = title != nil && title != panel
    var news: [String] = []
    for (row, line) in lines.enumerated() where !line.text.isEmpty {
      let isNewlySelected = line.isSelected && line.text != selected
      let answers = answersKey && row == frame.size.rows - 2
      let isKnown = known.contains(line.text) || covered[row] == line.text
      let isOfNewPanel = isNewPanel && line.isPanel
      guard !isKnown || isOfNewPanel || isNewlySelected || answers else { continue }
      news.append(line.spoken)
    }
    let atCursor = frame.cursor.map { Line(frame, row: $0.row) }
    if answersKey, news.isEmpty, let atCursor, !atCursor.text.isEmpty { news = [atCursor.spoken] }
    cover(with: lines)
    known = Set(lines.map(\.text))
    selected = marked?.text
    cursorLine = atCursor?.spoken
    isInField = frame.cursor.flatMap { frame[$0]?.role.isField } ?? false
    panel = title
    return news
  }

  private mutating func cover(with lines: [Line]) {
    for (row, line) in lines.enumerated() {
      if !line.isPanel {
        covered[row] = nil
      } else if shown.indices.contains(row), !shown[row].isPanel {
        covered[row] = shown[row].text
      }
    }
    shown = lines
  }

  /// Whether the line with the cursor is all that is new: what was typed is echo enough.
  ///
  /// A letter that moves the selection is no text: its answer is the row.
  public func isEcho(_ news: [String]) -> Bool {
    isInField && news.count == 1 && news.first == cursorLine
  }

  private struct Line: Sendable {
    /// Without the mark of the selection.
    let text: String
    let isSelected: Bool
    let isPanel: Bool
    let isPanelTitle: Bool

    init(_ frame: Frame, row: Int) {
      var raw = ""
      var isMarked = false
      let cells = Self.foremost(frame.row(row))
      for cell in cells where !cell.isContinuation {
        raw += cell.role.isSeenOnly ? " " : cell.text
        if cell.ground == .selection || cell.ground == .selectionInactive { isMarked = true }
      }
      var parts: [String] = []
      var blanks = 2
      for character in raw {
        if character == " " {
          blanks += 1
        } else {
          if blanks > 1 { parts.append("") } else if blanks == 1 { parts[parts.count - 1] += " " }
          parts[parts.count - 1].append(character)
          blanks = 0
        }
      }
      var text = parts.joined(separator: "; ")
      let isStarred = text.hasPrefix(isMarked ? "*>" : "*; ")
      if isStarred { text.removeFirst(isMarked ? 1 : 3) }
      if isMarked, text.hasPrefix(">") {
        text.removeFirst()
        if text.hasPrefix(";") { text.removeFirst() }
        if text.hasPrefix(" ") { text.removeFirst() }
      }
      self.text = isStarred ? "marked; \(text)" : text
      isSelected = isMarked
      isPanelTitle = cells.contains { $0.role == .panelTitle }
      isPanel = cells.contains { $0.ground == .panel }
    }

    /// The part of a row that lies on a panel; without one, all of it.
    private static func foremost(_ cells: ArraySlice<Cell>) -> ArraySlice<Cell> {
      guard let first = cells.firstIndex(where: { $0.ground == .panel }),
        let last = cells.lastIndex(where: { $0.ground == .panel })
      else { return cells }
      return cells[first...last]
    }

    var spoken: String { isSelected ? "> \(text)" : text }
  }
}

extension Role {
  /// A field that takes text.
  fileprivate var isField: Bool {
    self == .field || self == .fieldActive || self == .fieldInvalid
  }

  /// Ornament and drawing: a line of text has no use for it.
  fileprivate var isSeenOnly: Bool {
    switch self {
    case .border, .rule, .chart, .chartNegative, .chartAxis, .tab, .tabCurrent, .tabCount: true
    default: false
    }
  }
}

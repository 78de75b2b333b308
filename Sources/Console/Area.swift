import Screen

/// A rectangle of the frame that something may draw in.
struct Area: Hashable, Sendable {
  var column: Int
  var row: Int
  var columns: Int
  var rows: Int

  var columnRange: Range<Int> { column..<column + max(0, columns) }

  func position(_ column: Int, _ row: Int) -> Position {
    Position(column: self.column + column, row: self.row + row)
  }

  /// The area without a blank at either side.
  var inset: Area {
    Area(column: column + 1, row: row, columns: max(0, columns - 2), rows: rows)
  }

  /// The area without its first rows.
  func below(_ rows: Int) -> Area {
    Area(column: column, row: row + rows, columns: columns, rows: max(0, self.rows - rows))
  }

  /// The area's first rows alone.
  func top(_ rows: Int) -> Area {
    Area(column: column, row: row, columns: columns, rows: max(0, min(rows, self.rows)))
  }

  /// The area's first columns alone.
  func left(_ columns: Int) -> Area {
    Area(column: column, row: row, columns: max(0, min(columns, self.columns)), rows: rows)
  }

  /// The area without its first columns.
  func right(_ columns: Int) -> Area {
    Area(
      column: column + columns, row: row, columns: max(0, self.columns - columns), rows: rows)
  }
}

extension Frame {
  /// Writes one line of an area: some text on the left and, as far as there is room, some on the
  /// right, which has at least half of them where both do not fit.
  mutating func write(
    _ left: String, right: String = "", in area: Area, row: Int = 0, role: Role = .text,
    rightRole: Role? = nil, attributes: Attributes = []
  ) {
    guard row < area.rows else { return }
    guard !right.isEmpty else {
      write(
        left, at: area.position(0, row), role: role, attributes: attributes, width: area.columns)
      return
    }
    let spare = area.columns - displayWidth(of: left) - 2
    let rightWidth = min(displayWidth(of: right), max(spare, area.columns / 2))
    write(
      left, at: area.position(0, row), role: role, attributes: attributes,
      width: max(0, area.columns - rightWidth - 2))
    write(
      right, at: area.position(area.columns - rightWidth, row), role: rightRole ?? role,
      attributes: attributes, width: rightWidth)
  }

  /// Writes a sentence over as many rows as it needs, broken between words. Where there are too few,
  /// the last one shows that something is missing.
  ///
  /// - Returns: how many rows it took.
  @discardableResult
  mutating func writeParagraph(_ text: String, in area: Area, role: Role = .text) -> Int {
    let lines = wrapped(text, columns: area.columns, rows: area.rows)
    for (row, line) in lines.enumerated() {
      write(line, at: area.position(0, row), role: role, width: area.columns)
    }
    return lines.count
  }
}

/// A text broken into lines, the last one of at most so many with all that finds no line of its own:
/// too long, so that it is shown cut.
func wrapped(_ text: String, columns: Int, rows: Int) -> [String] {
  let lines = wrapped(text, columns: columns)
  guard rows > 0, lines.count > rows else { return Array(lines.prefix(max(0, rows))) }
  return lines.prefix(rows - 1) + [lines.dropFirst(rows - 1).joined(separator: " ")]
}

/// A text broken between words into lines of at most so many columns; a word that is longer than a
/// line, as in scripts without blanks, is broken where the line ends.
func wrapped(_ text: String, columns: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ").flatMap({ pieces(of: $0, columns: columns) }) {
    let candidate = line.isEmpty ? String(word) : "\(line) \(word)"
    if line.isEmpty || displayWidth(of: candidate) <= columns {
      line = candidate
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  return line.isEmpty ? lines : lines + [line]
}

private func pieces(of word: Substring, columns: Int) -> [String] {
  guard columns > 1, displayWidth(of: String(word)) > columns else { return [String(word)] }
  var pieces = [""]
  for character in word {
    let longer = pieces[pieces.count - 1] + String(character)
    if displayWidth(of: longer) <= columns {
      pieces[pieces.count - 1] = longer
    } else {
      pieces.append(String(character))
    }
  }
  return pieces
}

import Screen

/// A table for standard output, whole however wide it becomes: a pipe has no width. Columns are as
/// wide as their widest cell, money and numbers stand to the right, everything from outside is made
/// harmless.
struct PrintedTable {
  private let columns: [(heading: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: (String, Alignment)...) {
    self.columns = columns.map { (heading: $0.0, alignment: $0.1) }
  }

  mutating func add(_ cells: String...) {
    rows.append(cells.map { sanitized($0) })
  }

  /// The lines, or `nothing` when there are no rows.
  func text(orElse nothing: String) -> String {
    guard !rows.isEmpty else { return nothing }
    let all = [columns.map(\.heading)] + rows
    let widths = columns.indices.map { column in
      displayWidth(ofWidest: all.map { $0.indices.contains(column) ? $0[column] : "" })
    }
    return all.map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let line = zip(cells, widths).enumerated().map { index, cell in
      padded(cell.0, toColumns: cell.1, columns[index].alignment)
    }.joined(separator: "  ")
    // Nothing is lost by leaving out the blanks at the end of a line.
    return String(line.reversed().drop(while: { $0 == " " }).reversed())
  }
}

/// Names and values under each other.
struct Facts {
  private var pairs: [(name: String, lines: [String])] = []

  /// A value from outside is one line, whatever stands in it: no name makes a line that looks like
  /// one of ours.
  mutating func add(_ name: String, _ value: String?) {
    add(name, lines: value.map { [$0] } ?? [])
  }

  /// Several lines under each other; nothing where all are empty.
  mutating func add(_ name: String, lines: [String]) {
    guard lines.contains(where: { !$0.isEmpty }) else { return }
    pairs.append((name, lines.map(sanitized)))
  }

  var text: String {
    let width = displayWidth(ofWidest: pairs.map(\.name))
    return pairs.map { name, lines in
      let indent = "\n" + padded("", toColumns: width + 2)
      return padded(name, toColumns: width + 2) + lines.joined(separator: indent)
    }.joined(separator: "\n")
  }
}

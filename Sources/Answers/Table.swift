import Screen

/// The one renderer of tables on standard output: columns as wide as their widest cell, money and
/// numbers to the right, everything from outside made harmless.
struct Table {
  enum Side {
    case left, right
  }

  private let columns: [(heading: String, side: Side)]
  private var rows: [[String]] = []

  init(_ columns: (String, Side)...) {
    self.columns = columns.map { (heading: $0.0, side: $0.1) }
  }

  mutating func add(_ cells: String...) {
    rows.append(cells.map { sanitized($0) })
  }

  /// The lines, or `nothing` when there are no rows.
  func text(orElse nothing: String) -> String {
    guard !rows.isEmpty else { return nothing }
    let all = [columns.map(\.heading)] + rows
    let widths = columns.indices.map { column in
      all.map { $0.indices.contains(column) ? displayWidth(of: $0[column]) : 0 }.max() ?? 0
    }
    return all.map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).enumerated().map { index, cell -> String in
      let blanks = String(repeating: " ", count: cell.1 - displayWidth(of: cell.0))
      return columns[index].side == .right ? blanks + cell.0 : cell.0 + blanks
    }
    let line = padded.joined(separator: "  ")
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
    let width = pairs.map { displayWidth(of: $0.name) }.max() ?? 0
    return pairs.map { name, lines in
      let blanks = String(repeating: " ", count: width - displayWidth(of: name) + 2)
      let indent = "\n" + String(repeating: " ", count: width + 2)
      return name + blanks + lines.joined(separator: indent)
    }.joined(separator: "\n")
  }
}

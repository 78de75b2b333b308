import Screen

/// `?`: what this screen is for and every key that acts on it, read from the table of screens.
struct HelpPanel {
  let state: ConsoleState
  let firstRow: Int

  private static let keyColumns = 15

  static let bindings: [Binding] = [
    Binding(
      .escape, .character("?"), .character("q"), .enter, word: "close", help: "Close the help"
    ) { state in
      state.overlay = nil
      return []
    },
    Binding(.down, .character("j"), .pageDown, word: "further down", help: "Further down") {
      state in
      state.scrollHelp(by: 1)
      return []
    },
    Binding(.up, .character("k"), .pageUp, word: "further up", help: "Further up") { state in
      state.scrollHelp(by: -1)
      return []
    },
  ]

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: state.size.columns)
    let lines = lines(columns: columns)
    let panel = Panel(
      title: title, columns: columns, rows: area.rows - 2, isASCIIOnly: state.options.isASCIIOnly)
    let inside = panel.draw(on: &frame, in: area)
    let first = max(0, min(firstRow, lines.count - inside.rows))
    for (row, line) in lines.dropFirst(first).prefix(inside.rows).enumerated() {
      frame.write(line.key, at: inside.position(0, row), role: .footerKey, width: Self.keyColumns)
      let indent = line.isIndented ? Self.keyColumns + 1 : 0
      frame.write(
        line.text, at: inside.position(indent, row), role: line.role,
        width: inside.columns - indent)
    }
    frame.cursor = inside.position(0, 0)
  }

  private struct Line {
    var key = ""
    var text: String
    var isIndented = false
    var role = Role.text
  }

  private var title: String {
    switch state.helpedContext {
    case .screen(let name): "Help: \(Screens.definition(name).title)"
    case .review: "Help: the review"
    default: "Help"
    }
  }

  private func lines(columns: Int) -> [Line] {
    let context = state.helpedContext
    var lines: [Line] = []
    if case .screen(let name) = context {
      lines += wrapped(Screens.definition(name).about, columns: columns).map { Line(text: $0) }
      lines.append(Line(text: ""))
    }
    for binding in Screens.bindings(in: context) {
      let keys = binding.keys.prefix(2).map(\.name).joined(separator: " ")
      let room = columns - Self.keyColumns - 1
      for (index, text) in wrapped(binding.help, columns: room).enumerated() {
        lines.append(Line(key: index == 0 ? keys : "", text: text, isIndented: true))
      }
      let reason = binding.objection(state).map { wrapped("now: \($0)", columns: room) } ?? []
      lines += reason.map { Line(text: $0, isIndented: true, role: .dim) }
    }
    return lines
  }

  /// Rows that there are to see.
  var count: Int { lines(columns: Panel.contentColumns(for: state.size.columns)).count }
}

extension ConsoleState {
  /// What the open help is about: what lies under it.
  var helpedContext: Context {
    var below = self
    below.overlay = nil
    return below.context
  }

  mutating func scrollHelp(by rows: Int) {
    guard case .help(let firstRow) = overlay else { return }
    let shown = Layout(size).body.rows - 2
    let last = max(0, HelpPanel(state: self, firstRow: 0).count - shown)
    overlay = .help(firstRow: max(0, min(last, firstRow + rows)))
  }
}

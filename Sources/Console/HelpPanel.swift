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
    scroll(.down, .character("j"), word: "further down", footer: .normal) { _ in 1 },
    scroll(.up, .character("k"), word: "further up", footer: .normal) { _ in -1 },
    scroll(.pageDown, .character(" "), word: "page down") { $0.helpRows - 1 },
    scroll(.pageUp, word: "page up") { 1 - $0.helpRows },
    scroll(.character("g"), .home, word: "first") { _ in -10_000 },
    scroll(.character("G"), .end, word: "last") { _ in 10_000 },
  ]

  private static func scroll(
    _ keys: Key..., word: String, footer: FooterRank = .absent,
    by rows: @escaping @Sendable (ConsoleState) -> Int
  ) -> Binding {
    Binding(keys: keys, word: word, help: word, footer: footer, isInPalette: false) { state in
      state.scrollHelp(by: rows(state))
      return []
    }
  }

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
    for binding in state.bindings(in: context) {
      let keys = keyNames(of: binding)
      let room = columns - Self.keyColumns - 1
      for (index, text) in wrapped(binding.help, columns: room).enumerated() {
        lines.append(Line(key: index == 0 ? keys : "", text: text, isIndented: true))
      }
      let reason = binding.objection(state).map { wrapped("now: \($0)", columns: room) } ?? []
      lines += reason.map { Line(text: $0, isIndented: true, role: .dim) }
    }
    return lines
  }

  /// As many of its keys as the column has room for.
  private func keyNames(of binding: Binding) -> String {
    var names = binding.keys.map(\.name)
    while names.count > 1, displayWidth(of: names.joined(separator: " ")) > Self.keyColumns {
      names.removeLast()
    }
    return names.joined(separator: " ")
  }

  /// Rows that there are to see.
  var count: Int { lines(columns: Panel.contentColumns(for: state.size.columns)).count }
}

extension ConsoleState {
  /// What the open help is about: what lies under it.
  var helpedContext: KeyContext {
    var below = self
    below.overlay = nil
    return below.keyContext
  }

  /// Rows of the help that are on the screen at once.
  fileprivate var helpRows: Int { Layout(size).panel.rows - 2 }

  mutating func scrollHelp(by rows: Int) {
    guard case .help(let firstRow) = overlay else { return }
    let last = max(0, HelpPanel(state: self, firstRow: 0).count - helpRows)
    overlay = .help(firstRow: max(0, min(last, firstRow + rows)))
  }
}

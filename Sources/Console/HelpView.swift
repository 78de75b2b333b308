import Screen

/// Draws the help: what the screen is for, then its own keys, those of entries, movements, the screens
/// by name and the rest.
struct HelpView {
  let console: ConsoleState
  let help: HelpPanel

  private static let keyColumns = 15

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: console.size.columns)
    let lines = lines(columns: columns)
    let panel = Panel(
      title: title, columns: columns, rows: area.rows - 2)
    let inside = panel.draw(on: &frame, in: area)
    frame.pointCursor(at: inside, row: 0)
    let first = max(0, min(help.firstRow, lines.count - inside.rows))
    for (row, line) in lines.dropFirst(first).prefix(inside.rows).enumerated() {
      frame.write(line.key, at: inside.position(0, row), role: .footerKey, width: Self.keyColumns)
      let indent = line.isIndented ? Self.keyColumns + 1 : 0
      frame.write(
        line.text, at: inside.position(indent, row), role: line.role,
        width: inside.columns - indent)
    }
    if help.isFiltering { frame.cursor = inside.position(caretColumn(inside.columns), 0) }
  }

  private func caretColumn(_ columns: Int) -> Int {
    min(columns - 1, 1 + help.filter.window(columns: columns - 1).caretColumn)
  }

  private struct Line {
    var key = ""
    var text: String
    var isIndented = false
    var role = Role.text
  }

  var title: String {
    if let panel = console.context.covered { return panel.helpTitle }
    if let form = console.form { return form.helpTitle }
    let screen = console.shownScreen
    return screen.fieldBindings == nil ? "Help: \(type(of: screen).title)" : "Help"
  }

  /// What is typed to find keys.
  private var words: [Substring] { help.filter.trimmed.lowercased().split(separator: " ") }

  /// What the screen is for, where its own keys are shown.
  var about: [String] {
    let isOfScreen =
      console.context.covered == nil && console.form == nil
      && console.shownScreen.fieldBindings == nil
    return isOfScreen ? [type(of: console.shownScreen).about] : []
  }

  /// What is shown, in the order in which it is.
  var bindings: [Binding] {
    let found = console.bindingsBelow.filter { answers($0, to: words) }
    return Binding.Group.allCases.flatMap { group in found.filter { $0.group == group } }
  }

  private func lines(columns: Int) -> [Line] {
    var lines: [Line] = []
    if help.isFiltering || !words.isEmpty {
      let text = help.filter.window(columns: columns - 1).text
      lines.append(Line(text: "/\(text)", role: help.isFiltering ? .fieldActive : .match))
    } else {
      lines += about.flatMap { wrapped($0, columns: columns) }.map { Line(text: $0) }
    }
    let bindings = bindings
    for group in Binding.Group.allCases {
      let members = bindings.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if !lines.isEmpty { lines.append(Line(text: "")) }
      lines.append(Line(text: heading(of: group), role: .heading))
      lines += members.flatMap { self.lines(about: $0, columns: columns) }
    }
    if bindings.isEmpty { lines.append(Line(text: "No key here does that.", role: .dim)) }
    return lines
  }

  private func lines(about binding: Binding, columns: Int) -> [Line] {
    let room = columns - Self.keyColumns - 1
    let keys = keyNames(of: binding)
    let reason = binding.objection(console).map { wrapped("now: \($0)", columns: room) } ?? []
    return wrapped(binding.help(in: console), columns: room).enumerated().map { index, text in
      Line(key: index == 0 ? keys : "", text: text, isIndented: true)
    } + reason.map { Line(text: $0, isIndented: true, role: .dim) }
  }

  private func heading(of group: Binding.Group) -> String {
    switch group {
    case .own: "Here"
    case .entries: "Entries"
    case .lists: "Lists"
    case .moving: "Moving"
    case .screens: "Screens"
    case .rest: "Everywhere"
    }
  }

  /// Each word that is looked for is somewhere in the keys, the name, the sentence or the reason.
  private func answers(_ binding: Binding, to words: [Substring]) -> Bool {
    guard !words.isEmpty else { return true }
    let text =
      ([binding.word, binding.help(in: console), binding.objection(console) ?? ""]
      + binding.keys.map(\.name))
      .joined(separator: " ").lowercased()
    return words.allSatisfy { text.contains($0) }
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
  /// A reader of lines is told one key at a time.
  var count: Int {
    console.options.isPlain ? bindings.count : rows
  }

  private var rows: Int { lines(columns: Panel.contentColumns(for: console.size.columns)).count }
}

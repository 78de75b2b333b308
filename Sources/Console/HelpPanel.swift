import Screen

/// `?`: what this screen is for and every key that acts on it, read from the table of screens.
struct HelpPanel: PanelModel {
  fileprivate var firstRow = 0

  private static let keys: [Binding] =
    CommonKeys.following([
      Binding(
        .escape, .character("?"), .character("q"), .enter, word: "close", help: "Close the help",
        HelpAction.close),
      scroll(.down, .character("j"), word: "further down", footer: .normal, .rows(1)),
      scroll(.up, .character("k"), word: "further up", footer: .normal, .rows(-1)),
      scroll(.pageDown, .character(" "), word: "page down", .pages(1)),
      scroll(.pageUp, word: "page up", .pages(-1)),
      scroll(.character("g"), .home, word: "first", .rows(-10_000)),
      scroll(.character("G"), .end, word: "last", .rows(10_000)),
    ])

  private static func scroll(
    _ keys: Key..., word: String, footer: FooterRank = .absent, _ action: HelpAction
  ) -> Binding {
    Binding(
      keys: keys, word: word, help: word, footer: footer, isInPalette: false, action: action)
  }

  var bindings: [Binding] { Self.keys }
  var scrolls: Bool { true }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    HelpView(console: console, firstRow: firstRow).draw(on: &frame, in: area)
  }
}

/// What the keys of the help do. It is about whatever lies below, so they ask the console.
enum HelpAction: ConsoleAction, Equatable {
  case close
  case rows(Int)
  case pages(Int)

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard let help = console.overlay as? HelpPanel else { return [] }
    // Rows of the help that are on the screen at once.
    let rows = console.layout.panel.rows - 2
    let distance =
      switch self {
      case .close: 0
      case .rows(let count): count
      case .pages(let count): count * (rows - 1)
      }
    let last = max(0, HelpView(console: console, firstRow: 0).count - rows)
    console.overlay =
      self == .close ? nil : HelpPanel(firstRow: max(0, min(last, help.firstRow + distance)))
    return []
  }
}

extension ConsoleState {
  /// The keys of what lies under the open panel: those that help and palette are about.
  var bindingsBelow: [Binding] { form?.bindings ?? screenBindings }
}

/// Draws the help.
struct HelpView {
  let console: ConsoleState
  let firstRow: Int

  private static let keyColumns = 15

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: console.size.columns)
    let lines = lines(columns: columns)
    let panel = Panel(
      title: title, columns: columns, rows: area.rows - 2, isASCIIOnly: console.options.isASCIIOnly)
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
    if let form = console.form { return form.helpTitle }
    let screen = console.shownScreen
    return screen.fieldBindings == nil ? "Help: \(type(of: screen).title)" : "Help"
  }

  private func lines(columns: Int) -> [Line] {
    let screen = console.shownScreen
    var lines: [Line] = []
    if console.form == nil, screen.fieldBindings == nil {
      lines += wrapped(type(of: screen).about, columns: columns).map { Line(text: $0) }
      lines.append(Line(text: ""))
    }
    for binding in console.bindingsBelow {
      let keys = keyNames(of: binding)
      let room = columns - Self.keyColumns - 1
      for (index, text) in wrapped(binding.help, columns: room).enumerated() {
        lines.append(Line(key: index == 0 ? keys : "", text: text, isIndented: true))
      }
      let reason = binding.objection(console).map { wrapped("now: \($0)", columns: room) } ?? []
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
  var count: Int { lines(columns: Panel.contentColumns(for: console.size.columns)).count }
}

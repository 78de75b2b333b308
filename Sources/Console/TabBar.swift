import BankCore
import Screen

/// The screens by name and digit, the shown one in brackets, with a number where something waits.
struct TabBar {
  private let state: ConsoleState

  init(_ state: ConsoleState) { self.state = state }

  private struct Tab {
    let digit: String
    let name: String
    let count: Int
    let isCurrent: Bool
  }

  /// From the roomiest to the narrowest: in the last one only the shown screen has its name.
  private enum Form: CaseIterable {
    case roomy, close, digits
  }

  func draw(on frame: inout Frame, in area: Area) {
    guard area.rows > 0 else { return }
    frame.fill(rows: area.row..<area.row + 1, columns: area.columnRange, role: .tab)
    let tabs = tabs
    let form = Form.allCases.first { width(tabs, $0) <= area.columns } ?? .digits
    var column = form == .roomy ? 0 : 1
    for (index, tab) in tabs.enumerated() {
      if form != .roomy, index > 0 { column += 1 }
      let begin = column
      column += draw(tab, form, at: area.position(column, 0), on: &frame)
      frame.mark(
        .tab(index), rows: area.row..<area.row + 1,
        columns: area.column + begin..<area.column + column)
    }
    let help = "? help"
    let start = area.columns - displayWidth(of: help) - 1
    guard start > column + 2 else { return }
    frame.write(help, at: area.position(start, 0), role: .tab)
  }

  private var tabs: [Tab] {
    Screens.all.map { screen in
      Tab(
        digit: screen.name.digit.name, name: screen.tab, count: screen.count(state.status),
        isCurrent: screen.name == state.screen)
    }
  }

  private func draw(_ tab: Tab, _ form: Form, at position: Position, on frame: inout Frame) -> Int {
    let role: Role = tab.isCurrent ? .tabCurrent : .tab
    let sides = tab.isCurrent ? ("[", "]") : form == .roomy ? (" ", " ") : ("", "")
    let count = count(tab)
    var column = position.column
    func write(_ text: String, _ role: Role) {
      column += frame.write(text, at: Position(column: column, row: position.row), role: role)
    }
    write(sides.0 + label(tab, form), role)
    if !count.isEmpty { write(count, tab.isCurrent ? role : .tabCount) }
    write(sides.1, role)
    return column - position.column
  }

  private func label(_ tab: Tab, _ form: Form) -> String {
    form == .digits && !tab.isCurrent ? tab.digit : "\(tab.digit) \(tab.name)"
  }

  private func count(_ tab: Tab) -> String {
    tab.count > 0 ? " \(state.words.count(tab.count))" : ""
  }

  private func width(_ tabs: [Tab], _ form: Form) -> Int {
    let texts = tabs.reduce(0) { $0 + displayWidth(of: label($1, form) + count($1)) }
    return texts + (form == .roomy ? 2 * tabs.count : tabs.count + 2)
  }
}

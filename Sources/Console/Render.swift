import BankCore
import Screen

/// The screen of a state, as a value. The same state gives the same frame.
public func render(_ state: ConsoleState, size: Size) -> Frame {
  var state = state
  state.context.size = size
  var frame = Frame(size: size)
  guard !state.isTooSmall else {
    Foreground(console: state, notice: nil).paintTooSmall(on: &frame)
    return frame
  }
  let layout = state.layout
  let notice = NoticeLine(state).line
  let foreground = Foreground(console: state, notice: notice)
  Header(state).draw(on: &frame, in: layout.header)
  TabBar(state).draw(on: &frame, in: layout.tabs)
  Rules().draw(
    on: &frame, in: layout, notice: notice != nil, message: foreground.saysSomething(in: layout))
  if let notice { frame.write(notice.text, in: layout.notice, role: notice.role) }
  state.shownScreen.paint(on: &frame, in: layout.body, state.context)
  if let area = layout.till, !state.shownScreen.hasOwnThirdPane {
    state.till.draw(on: &frame, in: area, state.context)
  }
  if !state.options.isPlain { PlaceMarker(state).draw(on: &frame, in: layout) }
  foreground.paintPanels(on: &frame, in: layout)
  Rules().part(on: &frame, in: layout)
  foreground.paintMessage(on: &frame, in: layout)
  Footer(state).draw(on: &frame, in: layout.footer)
  return frame
}

/// What lies over the screen or in its place.
private struct Foreground {
  let console: ConsoleState
  /// What stands below the tabs, where the window has a line for it.
  let notice: (text: String, role: Role)?

  private var status: ServiceStatus { console.status }
  private var message: Message? { console.message }

  func paintPanels(on frame: inout Frame, in layout: Layout) {
    let area = layout.panel
    guard console.form != nil || console.overlay != nil else { return }
    // What lies behind can be read, and asks for nothing.
    frame.recede(rows: area.row..<area.row + area.rows)
    if let form = console.form {
      LowPanel(isNeeded: layout.isLow && form.reviewPanel == nil)
        .paint(on: &frame, in: area) { form.paint(on: &$0, in: $1, console) }
    }
    guard let overlay = console.overlay else { return }
    // What scrolls by itself needs no help.
    LowPanel(isNeeded: layout.isLow && !overlay.scrolls)
      .paint(on: &frame, in: area) { overlay.paint(on: &$0, in: $1, console) }
  }

  /// Whether the message's line is taken; else a hair rule stands there.
  func saysSomething(in layout: Layout) -> Bool { message != nil || standing(layout) != nil }

  /// What stands there while no key has been answered: what a person must not overlook.
  private func standing(_ layout: Layout) -> (text: String, role: Role)? {
    if let notice = status.ledgerNotice { return (notice, .danger) }
    let line = layout.hasNotice ? nil : notice ?? console.context.noticeLine.map { ($0, .danger) }
    return line ?? console.markedInWords.map { ($0, .accent) }
  }

  // A message that is too long for its line takes the one above too, until the next key.
  func paintMessage(on frame: inout Frame, in layout: Layout) {
    let area = layout.message
    guard let message else {
      if let standing = standing(layout) {
        frame.write(standing.text, in: area, role: standing.role)
      }
      return
    }
    let lines = wrapped(message.text, columns: area.columns)
    let isLong = lines.count > 1
    let first = isLong ? layout.aboveMessage : area
    frame.fill(
      rows: first.row..<area.row + 1, columns: 0..<layout.size.columns, role: .text)
    frame.write(lines.first ?? "", in: first, role: message.role)
    if isLong {
      frame.write(lines.dropFirst().joined(separator: " "), in: area, role: message.role)
    }
  }

  // The mode stays in sight even here: it may be the one thing that matters.
  func paintTooSmall(on frame: inout Frame) {
    let size = console.size
    let needed = ConsoleState.smallestSize
    let lines = [
      (status.banner, status.modeRole),
      ("Window too small", Role.heading),
      ("\(size.columns)x\(size.rows), needs \(needed.columns)x\(needed.rows)", Role.dim),
      ("ctrl-c leaves", Role.dim),
      (message?.text ?? "", Role.warning),
    ]
    let shown = size.rows == 1 ? Array(lines[1...1]) : lines
    for (row, line) in shown.enumerated() where row < size.rows {
      frame.write(line.0, at: Position(column: 0, row: row), role: line.1)
    }
    frame.cursor = Position(column: 0, row: 0)
  }
}

import BankCore
import Screen

/// The screen of a state, as a value. The same state gives the same frame.
public func render(_ state: ConsoleState, size: Size) -> Frame {
  var state = state
  state.context.size = size
  var frame = Frame(size: size)
  guard !state.isTooSmall else {
    Foreground(console: state).paintTooSmall(on: &frame)
    return frame
  }
  let layout = Layout(size)
  Banner(state).draw(on: &frame, in: layout.banner)
  state.shownScreen.paint(on: &frame, in: layout.body, state.context)
  let foreground = Foreground(console: state)
  foreground.paintPanels(on: &frame, in: layout)
  foreground.paintMessage(on: &frame, in: layout)
  Footer(state).draw(on: &frame, in: layout.footer)
  return frame
}

/// What lies over the screen or in its place.
private struct Foreground {
  let console: ConsoleState

  private var status: ServiceStatus { console.status }
  private var message: Message? { console.message }

  func paintPanels(on frame: inout Frame, in layout: Layout) {
    let area = layout.panel
    if let form = console.form {
      LowPanel(isNeeded: layout.isLow && form.reviewPanel == nil)
        .paint(on: &frame, in: area) { form.paint(on: &$0, in: $1, console) }
    }
    guard let overlay = console.overlay else { return }
    // What scrolls by itself needs no help.
    LowPanel(isNeeded: layout.isLow && !overlay.scrolls)
      .paint(on: &frame, in: area) { overlay.paint(on: &$0, in: $1, console) }
  }

  // A message that is too long for its line takes the one above too, until the next key.
  func paintMessage(on frame: inout Frame, in layout: Layout) {
    let area = layout.message
    if let message {
      let lines = wrapped(message.text, columns: area.columns)
      guard lines.count > 1 else {
        frame.write(message.text, in: area, role: message.role)
        return
      }
      frame.fill(
        rows: layout.status.row..<area.row + 1, columns: 0..<layout.size.columns, role: .text)
      frame.write(lines[0], in: layout.status, role: message.role)
      frame.write(lines.dropFirst().joined(separator: " "), in: area, role: message.role)
    } else if let notice = status.ledgerNotice
      ?? (status.mode.isLive && layout.bannerRows > 1 ? nil : console.context.noticeLine)
    {
      frame.write(notice, in: area, role: .danger)
    }
  }

  // The mode stays in sight even here: it may be the one thing that matters.
  func paintTooSmall(on frame: inout Frame) {
    let size = console.size
    let needed = ConsoleState.smallestSize
    let lines = [
      (status.banner, status.mode.role),
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

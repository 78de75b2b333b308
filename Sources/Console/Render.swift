import BankCore
import Screen

/// The screen of a state, as a value. The same state gives the same frame.
public func render(_ state: ConsoleState, size: Size) -> Frame {
  var state = state
  state.size = size
  var frame = Frame(size: size)
  guard !state.isTooSmall else {
    state.paintTooSmall(on: &frame)
    return frame
  }
  let layout = Layout(size)
  Banner(state).draw(on: &frame, in: layout.banner)
  state.shownScreen.paint(on: &frame, in: layout.body, state.context)
  state.paintPanels(on: &frame, in: layout)
  state.paintMessage(on: &frame, in: layout)
  Footer(state).draw(on: &frame, in: layout.footer)
  return frame
}

extension ConsoleState {
  fileprivate func paintPanels(on frame: inout Frame, in layout: Layout) {
    let area = layout.panel
    if form != nil {
      LowPanel(isNeeded: layout.isLow && reviewPanel == nil)
        .paint(on: &frame, in: area) { paintForm(on: &$0, in: $1) }
    }
    // What scrolls by itself needs no help.
    let scrolls =
      switch overlay {
      case .help, .palette: true
      default: false
      }
    LowPanel(isNeeded: layout.isLow && overlay != nil && !scrolls)
      .paint(on: &frame, in: area) { paintOverlay(on: &$0, in: $1) }
  }

  fileprivate func paintForm(on frame: inout Frame, in area: Area) {
    guard let form else { return }
    switch form.phase {
    case .editing: EntryFormView(state: self, form: form).draw(on: &frame, in: area)
    case .review(let panel):
      ReviewView(state: self, form: form, panel: panel).draw(on: &frame, in: area)
    }
  }

  fileprivate func paintOverlay(on frame: inout Frame, in area: Area) {
    switch overlay {
    case nil: break
    case .help(let firstRow):
      HelpPanel(state: self, firstRow: firstRow).draw(on: &frame, in: area)
    case .palette(let palette): PaletteView(self, palette).draw(on: &frame, in: area)
    case .receipt(let receipt):
      let takesBack = captures.all.last { $0.receipt?.entry.id == receipt.entry.id }?.takesBack
      ReceiptPanel(self).draw(receipt, takesBack: takesBack, on: &frame, in: area)
    case .outcome(let serial):
      if let capture = captures[serial] { ReceiptPanel(self).draw(capture, on: &frame, in: area) }
    case .settle(let panel): SettleView(state: self, panel: panel).draw(on: &frame, in: area)
    case .change(let panel): ChangeView(state: self, panel: panel).draw(on: &frame, in: area)
    case .note(let panel): NoteView(state: self, panel: panel).draw(on: &frame, in: area)
    case .notice(let panel): NoticeView(state: self, panel: panel).draw(on: &frame, in: area)
    }
  }

  // A message that is too long for its line takes the one above too, until the next key.
  fileprivate func paintMessage(on frame: inout Frame, in layout: Layout) {
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
      ?? (status.mode.isLive && layout.bannerRows > 1 ? nil : context.noticeLine)
    {
      frame.write(notice, in: area, role: .danger)
    }
  }

  // The mode stays in sight even here: it may be the one thing that matters.
  fileprivate func paintTooSmall(on frame: inout Frame) {
    let needed = Self.smallestSize
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

import BankCore
import Screen

/// Draws the panel that opens an account, changes its status or closes a period.
struct ChangeView {
  private static let labelColumns = 11

  let context: Context
  let panel: ChangePanel

  func draw(on frame: inout Frame, in area: Area) {
    let box = Panel(
      title: title, columns: Panel.contentColumns(for: context.size.columns), rows: questionRow + 1)
    let inside = box.draw(on: &frame, in: area)
    if case .status(let view, _) = panel.change {
      drawAccount(view, on: &frame, in: inside)
    } else {
      for (index, field) in panel.fields.enumerated() {
        draw(field, on: &frame, in: inside.below(index * 2))
      }
    }
    let below = inside.below(consequenceRow)
    if let failure = panel.failure {
      let text = Wording.withCode(failure.text, failure.fix, code: failure.code)
      frame.writeParagraph(text, in: below.top(3), role: .danger)
    } else if panel.step != .typing {
      frame.writeParagraph(consequence, in: below.top(3), role: .warning)
    }
    drawQuestion(on: &frame, in: inside.below(questionRow))
  }

  /// What it is about has as many rows as it needs, and the panel too.
  private var consequenceRow: Int {
    if case .status = panel.change { return 6 }
    return panel.fields.isEmpty ? 0 : panel.fields.count * 2 + 1
  }

  /// Below the three rows of the consequence, or of a refusal.
  private var questionRow: Int { consequenceRow + 4 }

  var title: String {
    switch panel.change {
    case .open: "New account"
    case .status(_, let status): Self.verb(status, panel.change).title
    case .period: "Close a period"
    case .drill: "A drill"
    case .hold: "Hold the bank"
    case .release: "Give the bank back"
    }
  }

  /// The word of a change of status: at the head of the panel, and in the question.
  private static func verb(
    _ status: AccountStatus, _ change: ChangePanel.Change
  ) -> (title: String, question: String) {
    guard case .status(let view, _) = change else { return ("", "does it") }
    switch (view.account.status, status) {
    case (_, .frozen): return ("Freeze an account", "freezes it")
    case (_, .closed): return ("Close an account", "closes it")
    case (.frozen, .open): return ("Lift a freeze", "lifts the freeze")
    case (_, .open): return ("Reopen an account", "opens it again")
    }
  }

  var consequence: String {
    switch panel.change {
    case .drill:
      return "For ten minutes no till of this machine reaches the bank. Entries are real: they "
        + "wait in the manual ledger, and are booked when you reconcile."
    case .hold:
      return "From now on no till of this machine reaches the bank, until somebody gives it back "
        + "with H. Entries are real: they wait in the manual ledger."
    case .release:
      return "All tills of this machine reach the bank again. "
        + "What waits is booked when you reconcile."
    case .open:
      return "The account opens now with a balance of zero. The bank decides."
    case .status(_, .frozen):
      return "Nothing is paid in or out from now on. Entries that tills took in an outage are "
        + "still booked: credits on the account, debits in suspense."
    case .status(_, .closed):
      return
        "No more entries are booked on the account. Those that tills took in an outage go to suspense."
    case .status(_, .open): return "From now on, entries are booked on the account again."
    case .period:
      let day = panel.day.map(\.description) ?? ""
      return "All days through \(day) are closed for good. Later entries are booked in the open "
        + "period, and keep their value date."
    }
  }

  // MARK: Parts

  private func drawAccount(_ view: AccountView, on frame: inout Frame, in area: Area) {
    let account = view.account
    guard case .status(_, let status) = panel.change else { return }
    frame.write(account.holder, in: area, row: 0, role: .heading)
    frame.write(account.number.text, in: area, row: 1)
    let lines = [
      ("Status", "\(account.status.rawValue), then \(status.rawValue)"),
      (
        "Balance",
        "\(context.words.money(account.balance))  \(context.words.source(view.provenance, now: context.now))"
      ),
    ]
    for (row, line) in lines.enumerated() {
      frame.write(line.0, in: area.left(Self.labelColumns), row: 3 + row, role: .label)
      frame.write(line.1, in: area.right(Self.labelColumns), row: 3 + row)
    }
  }

  private func draw(_ field: ChangePanel.Field, on frame: inout Frame, in area: Area) {
    let isActive = panel.step == .typing && panel.focus == field
    let error = panel.errors[field]
    frame.write(label(field), at: area.position(0, 0), role: .label, width: Self.labelColumns)
    let width = min(area.columns - Self.labelColumns, [.holder, .reason].contains(field) ? 50 : 36)
    let (text, caret) = (panel.texts[field] ?? TextField()).window(columns: width)
    let role: Role = error != nil ? .fieldInvalid : isActive ? .fieldActive : .field
    frame.write(text, at: area.position(Self.labelColumns, 0), role: role, width: width)
    let hint = error ?? (isActive ? self.hint(field) : "")
    frame.write(
      hint, in: area.right(Self.labelColumns), row: 1, role: error == nil ? .dim : .danger)
    if isActive {
      frame.cursor = area.position(Self.labelColumns + min(caret, width - 1), 0)
    }
  }

  func label(_ field: ChangePanel.Field) -> String {
    switch field {
    case .number: "Number"
    case .holder: "Holder"
    case .currency: "Currency"
    case .overdraft: "Overdraft"
    case .day: "Through"
    case .reason: "Reason"
    }
  }

  func hint(_ field: ChangePanel.Field) -> String {
    switch field {
    case .number: "1 to 34 of A-Z, 0-9 and -"
    case .holder: "the name of the person or the firm"
    case .currency: "cannot be changed later"
    case .reason: "such as: new disk in the database server"
    case .overdraft: "how far below zero it may go; empty means none"
    case .day:
      "the last day that is closed; today is \(context.words.date(context.now))"
    }
  }

  /// What `y` does.
  var question: String {
    switch panel.change {
    case .open: "opens it"
    case .status(_, let status): Self.verb(status, panel.change).question
    case .period: "closes the period"
    case .drill: "begins the drill (a supervisor decides)"
    case .hold: "keeps the bank away (a supervisor decides)"
    case .release: "gives the bank back (a supervisor decides)"
    }
  }

  private func drawQuestion(on frame: inout Frame, in area: Area) {
    switch panel.step {
    case .typing: break
    case .asking: frame.write("Asking the bank…", in: area, role: .dim)
    case .confirm:
      let back = panel.fields.isEmpty ? "esc goes back" : "esc edits it"
      frame.write("y \(question)   \(back)", in: area, role: .accent)
      frame.pointCursor(at: area, row: 0)
    }
  }
}

import BankCore
import Screen

/// Draws the review panel: who, how much, before and after, and where the entry will go.
struct ReviewView {
  private static let labelColumns = 17

  let state: ConsoleState
  let form: EntryForm
  let panel: ReviewPanel

  private var words: Words { state.words }

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: state.size.columns)
    let box = Panel(
      title: "Review: \(form.kind.word)", columns: columns, rows: min(area.rows - 2, 16),
      isASCIIOnly: state.options.isASCIIOnly)
    let inside = box.draw(on: &frame, in: area)
    var row = drawParties(on: &frame, in: inside)
    row += drawFigures(on: &frame, in: inside.below(row))
    row += drawDestination(on: &frame, in: inside.below(row))
    drawPosting(on: &frame, in: inside)
    if let supervisor = panel.supervisor {
      draw(supervisor, on: &frame, in: inside)
    } else if state.overlay == nil {
      frame.cursor = inside.position(0, inside.rows - 1)
    }
  }

  // MARK: Who

  private func drawParties(on frame: inout Frame, in area: Area) -> Int {
    let draft = panel.draft
    guard let number = draft.account else {
      return drawReversed(on: &frame, in: area)
    }
    let isStated = panel.review?.holder == nil && draft.statedHolder != nil
    let holder = panel.review?.holder ?? draft.statedHolder ?? form.account.chosen?.account.holder
    frame.write(holder ?? "holder not known", in: area, role: .heading)
    frame.write(
      isStated ? "\(number)  as the customer states it, NOT VERIFIED" : number.text, in: area,
      row: 1, role: isStated ? .warning : .dim)
    guard let counter = draft.counterAccount else { return 3 }
    let counterHolder =
      panel.review?.counterHolder ?? form.counterAccount.chosen?.account.holder
      ?? "holder not known"
    frame.write("to \(counterHolder)", in: area, row: 2, role: .heading)
    frame.write("   \(counter)", in: area, row: 3, role: .dim)
    return 5
  }

  private func drawReversed(on frame: inout Frame, in area: Area) -> Int {
    frame.write(panel.review?.holder ?? "", in: area, role: .heading)
    guard let reversal = form.reversal else { return 2 }
    frame.write(
      "takes back \(reversal.label), \(reversal.kind.word) of \(reversal.date)", in: area, row: 1,
      role: .dim)
    return 3
  }

  // MARK: How much

  private func drawFigures(on frame: inout Frame, in area: Area) -> Int {
    var row = 0
    func line(_ label: String, _ text: String, _ note: String = "", _ role: Role = .text) {
      frame.write(label, in: area.left(Self.labelColumns), row: row, role: .label)
      let right = area.right(Self.labelColumns)
      frame.write(
        text, at: right.position(0, row), role: role, width: 22, alignment: .trailing)
      frame.write(note, at: right.position(24, row), role: .dim, width: right.columns - 24)
      row += 1
    }
    if let amount = panel.draft.amount ?? form.reversal?.amount {
      line("Amount", words.money(amount), "", .heading)
    }
    let review = panel.review
    let source = review?.provenance.map { words.source($0, now: state.now) } ?? ""
    line("Balance before", review?.before.map(words.money) ?? "not known", source)
    line("Balance after", review?.after.map(words.money) ?? "not known")
    if let before = review?.before, let provenance = review?.provenance,
      let estimate = words.estimate(before, provenance, now: state.now)
    {
      frame.write(estimate, in: area, row: row, role: .estimated)
      row += 1
    }
    if !panel.draft.memo.isEmpty {
      frame.write("Memo", in: area.left(Self.labelColumns), row: row, role: .label)
      // Whole if there is room, beside who allowed it, a blank row, where it goes and the keys.
      let others = (panel.draft.approvedBy == nil ? 0 : 1) + 5
      let memo = area.right(Self.labelColumns).below(row).top(max(1, area.rows - row - others))
      row += frame.writeParagraph(panel.draft.memo, in: memo.top(3))
    }
    if let supervisor = panel.draft.approvedBy {
      frame.write("Allowed by", in: area.left(Self.labelColumns), row: row, role: .label)
      frame.write(supervisor, in: area.right(Self.labelColumns), row: row)
      row += 1
    }
    return row + 1
  }

  // MARK: Where it goes

  private func drawDestination(on frame: inout Frame, in area: Area) -> Int {
    let mode = state.status.mode
    if let failure = panel.failure {
      return frame.writeParagraph("\(failure.text) \(failure.fix)", in: area, role: .danger)
    }
    guard let review = panel.review else {
      frame.write("\(mode.banner)  Asking what it would do…", in: area, role: mode.role)
      return 1
    }
    if let objection = review.objection {
      let text = "\(mode.banner)  \(objection.code) \(objection.text) \(objection.fix)"
      return frame.writeParagraph(text, in: area, role: .danger)
    }
    let cells = frame.write(" \(mode.banner) ", at: area.position(0, 0), role: mode.role)
    frame.write(
      destination(review), in: area.right(cells + 1), role: .text, attributes: .bold)
    return 1
  }

  private func destination(_ review: Review) -> String {
    switch review.destination {
    case .postedNow: "Posted now: the bank decides at once."
    case .manualLedger:
      review.draft.kind.movesCash
        ? "To the manual ledger: recorded now, booked later."
        : "To the manual ledger: taken now, may still be refused."
    }
  }

  private func drawPosting(on frame: inout Frame, in area: Area) {
    let last = area.rows - 1
    if panel.ignoredPost {
      frame.write(
        "A p typed before this panel could be read did not count.", in: area, row: last - 1,
        role: .warning)
    } else if panel.wasAskedAgain {
      frame.write(
        "The mode has changed: this was read again. Look once more.", in: area, row: last - 1,
        role: .warning)
    }
    guard panel.supervisor == nil else { return }
    let canPost = panel.review != nil && state.objectionToPosting == nil
    let supervisor = panel.review?.supervisorMayAllow == true ? "   o supervisor" : ""
    let next = form.kind == .reversal ? "" : "   P post, next \(form.kind.word)"
    let keys =
      canPost ? "p post\(next)" : "esc back to the fields"
    frame.write(keys + supervisor, in: area, row: last, role: canPost ? .accent : .dim)
  }

  private func draw(_ supervisor: TextField, on frame: inout Frame, in area: Area) {
    let row = area.rows - 1
    let label = "Supervisor's name: "
    let used = frame.write(label, at: area.position(0, row), role: .label)
    let (text, caret) = supervisor.window(columns: 30)
    frame.write(text, at: area.position(used, row), role: .fieldActive, width: 30)
    if state.overlay == nil { frame.cursor = area.position(used + min(caret, 29), row) }
  }
}

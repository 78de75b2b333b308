import BankCore
import Screen

/// Draws the panel that settles an exception.
struct SettleView {
  private static let labelColumns = 10
  private static let rows = 15

  let context: Context
  let panel: SettlePanel

  func draw(on frame: inout Frame, in area: Area) {
    let record = panel.record
    let words = context.words
    let box = Panel(
      title: title, columns: Panel.contentColumns(for: context.size.columns),
      rows: Self.rows)
    let inside = box.draw(on: &frame, in: area)
    guard panel.others.isEmpty else { return drawMany(on: &frame, in: inside) }
    let heading = "\(record.kind.title) of \(words.money(record.amount)), \(record.accountsInWords)"
    let used = frame.writeParagraph(heading, in: inside.top(2), role: .heading)
    let capturedAt = words.moment(record.facts.capturedAt, now: context.now)
    frame.write(
      "captured \(capturedAt) by \(record.maker) at \(record.terminal)", in: inside, row: used,
      role: .dim)
    let said = record.facts.said
    for (row, fact) in said.enumerated() {
      frame.write("\(fact.label): \(fact.text)", in: inside, row: used + 1 + row)
    }
    let rest = inside.below(used + 1 + said.count)
    frame.writeParagraph(record.need, in: rest.top(2), role: record.outcome.role)
    // What the customer said takes the place of the empty line first.
    drawStep(on: &frame, in: rest.below(said.isEmpty ? 3 : 2))
  }

  private func drawStep(on frame: inout Frame, in area: Area) {
    switch panel.step {
    case .way: drawWays(on: &frame, in: area)
    case .target: drawTarget(on: &frame, in: area)
    case .note, .confirm: drawNote(on: &frame, in: area)
    }
  }

  private var title: String {
    panel.others.isEmpty
      ? "Settle \(panel.record.label)"
      : "Settle \(context.words.count(panel.records.count)) exceptions"
  }

  /// Of many: how many, how much in each currency, and why they are open.
  private func drawMany(on frame: inout Frame, in area: Area) {
    let words = context.words
    let sums = words.sums(panel.records.lazy.map(\.amount))
    let used = frame.writeParagraph(
      "\(words.count(panel.records.count)) exceptions: \(sums)", in: area.top(2), role: .heading)
    frame.write(
      "Each is settled by itself. What the bank refuses stays marked.",
      in: area, row: used, role: .dim)
    let rest = area.below(used + 1)
    frame.writeParagraph(panel.record.need, in: rest.top(2), role: panel.record.outcome.role)
    drawStep(on: &frame, in: rest.below(3))
  }

  // MARK: The way

  private func drawWays(on frame: inout Frame, in area: Area) {
    for (row, way) in SettlePanel.Way.allCases.enumerated() {
      draw(way, isChosen: way == panel.way, on: &frame, in: area.below(row))
    }
    let row = SettlePanel.Way.allCases.firstIndex(of: panel.way) ?? 0
    frame.assign(.selection, row: area.row + row, columns: area.columnRange)
    frame.pointCursor(at: area, row: row)
    guard let refusal = panel.foretoldRefusal(of: panel.way) else { return }
    frame.writeParagraph(
      Wording.withCode(
        "It would be refused: \(refusal.text)", refusal.fix, code: refusal.code),
      in: area.below(SettlePanel.Way.allCases.count + 1), role: .danger)
  }

  private func draw(
    _ way: SettlePanel.Way, isChosen: Bool, on frame: inout Frame, in area: Area
  ) {
    let columns = area.columns - 20
    let reason = panel.objection(to: way)
    // Whole or not at all: the key says why it cannot act.
    let why = reason.map { [$0, "Press \(panel.key(way)) to see why not."] }
    let told = (why ?? [panel.explanation(way)]).first { displayWidth(of: $0) <= columns }
    frame.write(isChosen ? ">" : " ", at: area.position(0, 0))
    frame.write(
      String(panel.key(way)), at: area.position(2, 0), role: reason == nil ? .footerKey : .dim)
    frame.write(
      panel.word(way), at: area.position(5, 0), role: reason == nil ? .text : .dim, width: 14)
    frame.write(
      told ?? "", at: area.position(20, 0), role: reason == nil ? .text : .dim, width: columns)
  }

  // MARK: The target

  private func drawTarget(on frame: inout Frame, in area: Area) {
    draw(panel.way, isChosen: true, on: &frame, in: area)
    let isAccount = panel.way == .to
    drawField(
      isAccount ? "Account" : "Entry", isAccount ? panel.account.field : panel.booked.field,
      on: &frame, in: area.below(2))
    if isAccount {
      drawAccounts(on: &frame, in: area.below(4))
    } else {
      drawBooked(on: &frame, in: area.below(4))
    }
  }

  private func drawAccounts(on frame: inout Frame, in area: Area) {
    let choice = panel.account
    guard !choice.field.isEmpty else {
      frame.write(AccountChoice.nothingTyped, in: area, role: .dim)
      return
    }
    if let failure = choice.failure {
      frame.writeParagraph("\(failure.text) \(failure.fix)", in: area, role: .warning)
      return
    }
    guard choice.isAnswered else {
      frame.write("Looking for the account…", in: area, role: .dim)
      return
    }
    guard !choice.candidates.isEmpty else {
      frame.write(choice.noMatch, in: area, role: .warning)
      return
    }
    draw(choice.candidates, marked: choice.highlight, on: &frame, in: area) { view in
      let account = view.account
      return (
        "\(account.number)  \(account.holder)",
        "\(account.status.rawValue)  \(account.currency.code)"
      )
    }
  }

  private func drawBooked(on frame: inout Frame, in area: Area) {
    let choice = panel.booked
    frame.write(standing(of: choice), in: area, role: choice.failure == nil ? .dim : .warning)
    draw(choice.shown, marked: choice.highlight, on: &frame, in: area.below(1)) { booked in
      (line(booked), booked.entry.memo)
    }
  }

  private func line(_ booked: BookedTransaction) -> String {
    let entry = booked.entry
    let day = context.words.day(
      booked.bookingDate, now: context.words.today(context.now), isInColumn: true)
    return "\(day)  \(entry.label)  \(entry.kind.word)  \(entry.accountsInWords)"
  }

  func standing(of choice: BookedChoice) -> String {
    if let failure = choice.failure { return "\(failure.text) \(failure.fix)" }
    let looked = context.words.count(choice.lookedAt)
    guard !choice.shown.isEmpty else {
      return choice.isDone
        ? "No entry of \(context.words.money(panel.record.amount)) among the newest \(looked)."
        : "Reading…"
    }
    return "Booked with the same amount (\(looked) read). Type a part of one to find it:"
  }

  /// A list with a mark, as far as the area goes; it follows the mark.
  private func draw<Element>(
    _ elements: [Element], marked: Int, on frame: inout Frame, in area: Area,
    text: (Element) -> (left: String, right: String)
  ) {
    let first = max(0, min(marked - area.rows + 1, elements.count - area.rows))
    for (row, element) in elements.dropFirst(first).prefix(area.rows).enumerated() {
      let (left, right) = text(element)
      let isMarked = first + row == marked
      frame.write(isMarked ? ">" : " ", at: area.position(0, row))
      frame.write(left, right: right, in: area.right(2), row: row, rightRole: .dim)
      if isMarked { frame.assign(.selection, row: area.row + row, columns: area.columnRange) }
    }
  }

  // MARK: The note and the question

  private func drawNote(on frame: inout Frame, in area: Area) {
    draw(panel.way, isChosen: true, on: &frame, in: area)
    if panel.needsTarget {
      frame.write(panel.way == .to ? "Account" : "Entry", in: area, row: 2, role: .label)
      frame.write(targetInWords, in: area.right(Self.labelColumns), row: 2)
    }
    drawField("Note", panel.note, on: &frame, in: area.below(4))
    guard case .confirm = panel.step else { return }
    frame.write(
      "y settles \(panel.others.isEmpty ? "it" : "all"): \(panel.word(panel.way))   esc goes back",
      in: area, row: 7, role: .accent)
    frame.pointCursor(at: area, row: 7)
  }

  private var targetInWords: String {
    if panel.way == .to, let account = panel.account.chosen?.account {
      return "\(account.number)  \(account.holder)"
    }
    return panel.booked.chosen.map(line) ?? panel.booked.field.trimmed
  }

  private func drawField(
    _ label: String, _ field: TextField, on frame: inout Frame, in area: Area
  ) {
    frame.write(label, at: area.position(0, 0), role: .label, width: Self.labelColumns)
    let width = area.columns - Self.labelColumns
    let (text, caret) = field.window(columns: width)
    var isActive = true
    if case .confirm = panel.step { isActive = false }
    frame.write(
      text, at: area.position(Self.labelColumns, 0), role: isActive ? .fieldActive : .field,
      width: width)
    if isActive {
      frame.cursor = area.position(Self.labelColumns + min(caret, width - 1), 0)
    }
  }
}

extension ExceptionRecord {
  var accountsInWords: String { accounts.map(\.text).joined(separator: " > ") }
}

extension CaptureFacts {
  /// What the customer said.
  var said: [(label: String, text: String)] {
    [
      statedHolder.map { (label: "Stated holder", text: $0) },
      memo.isEmpty ? nil : (label: "Memo", text: memo),
    ].compactMap { $0 }
  }
}

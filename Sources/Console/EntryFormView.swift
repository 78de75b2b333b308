import BankCore
import Screen

/// Draws the form that is being typed.
struct EntryFormView {
  private static let labelColumns = 10
  /// The typed text and the line for its explanation, or for its error where one line is enough.
  private static let rowsPerField = 2

  let context: Context
  let form: EntryForm

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: context.size.columns)
    let panel = Panel(
      title: form.kind.title, columns: columns, rows: min(area.rows - 2, rows(columns: columns)))
    var inside = panel.draw(on: &frame, in: area)
    inside = inside.below(drawLastReceipt(on: &frame, in: inside))
    inside = inside.below(drawFixedLines(on: &frame, in: inside))
    for field in form.fields {
      draw(field, on: &frame, in: inside)
      inside = inside.below(rows(of: field, columns: inside.columns))
    }
    drawCandidates(on: &frame, in: inside)
  }

  /// The rows of one field: more where its error is a long one.
  private func rows(of field: FieldName, columns: Int) -> Int {
    1 + max(Self.rowsPerField - 1, errorLines(field, columns: columns).count)
  }

  /// An error whole, whatever it says: a sentence that does not fit beside the labels begins below
  /// them.
  private func errorLines(_ field: FieldName, columns: Int) -> [String] {
    guard let error = form.errors[field] else { return [] }
    let isShort = displayWidth(of: error) <= columns - Self.labelColumns
    return isShort ? [error] : wrapped(error, columns: columns)
  }

  /// Rows of the panel's contents: the same from the first key to the last, so that nothing moves.
  private func rows(columns: Int) -> Int {
    let batch = form.batch == nil ? 0 : 2 + batchLines(columns: columns).count
    let above = batch + (form.reversal == nil ? 0 : 5)
    let fixed = form.account.isPreset ? 3 : 0
    let asksForAccount = !form.account.isPreset || form.kind == .transfer
    var fields = form.fields.count
    if form.fields.contains(.holder) { fields -= 2 }
    let candidates = form.kind == .reversal || !asksForAccount ? 0 : 6
    let longErrors = form.fields.reduce(0) {
      $0 + rows(of: $1, columns: columns) - Self.rowsPerField
    }
    return above + fixed + fields * Self.rowsPerField + candidates + longErrors
  }

  // MARK: Above the fields

  private func drawLastReceipt(on frame: inout Frame, in area: Area) -> Int {
    guard let serial = form.followedCapture, let capture = context.sentDrafts[serial] else {
      return 0
    }
    let summary = ReceiptView(context).summary(capture)
    let rows = frame.writeParagraph(summary.text, in: area.top(2), role: summary.role)
    let batch = batchLines(columns: area.columns)
    for (row, line) in batch.enumerated() {
      frame.write(line, in: area, row: rows + row, role: .heading)
    }
    return rows + batch.count
  }

  /// What the entries that were posted one after the other come to. The line is there before the first
  /// receipt, so that nothing moves when it comes.
  private func batchLines(columns: Int) -> [String] {
    let text = form.batch?.inWords(form.kind, context.words) ?? ""
    return text.isEmpty ? [""] : wrapped(text, columns: columns)
  }

  /// What cannot be changed here: the account that was selected, or the entry to be reversed.
  private func drawFixedLines(on frame: inout Frame, in area: Area) -> Int {
    if let reversal = form.reversal {
      let amount = context.words.money(reversal.amount.magnitude)
      let right = area.right(Self.labelColumns)
      drawLabel("Reverses", on: &frame, in: area)
      frame.write(
        "\(reversal.label)  \(reversal.kind.word) of "
          + context.words.day(reversal.date, now: context.words.today(context.now)), in: right)
      frame.write("\(amount)  \(reversal.memo)", in: right, row: 1, role: .dim)
      frame.writeParagraph(
        form.cashWords(nil, context), in: right.below(2).top(2), role: .warning)
      return 5
    }
    guard form.account.isPreset, let view = form.account.chosen else { return 0 }
    drawLabel(FieldName.account.label(form.kind), on: &frame, in: area)
    frame.write(
      "\(view.account.number)  \(view.account.holder)", in: area.right(Self.labelColumns),
      role: .heading)
    frame.write(standing(of: view), in: area.right(Self.labelColumns), row: 1, role: .dim)
    return 3
  }

  private func standing(of view: AccountView) -> String {
    let words = context.words
    return "\(view.account.status.rawValue), \(words.money(view.account.balance)), "
      + words.source(view.provenance, now: context.now)
  }

  // MARK: Fields

  private func drawLabel(_ text: String, on frame: inout Frame, in area: Area) {
    frame.write(text, in: area.left(Self.labelColumns), role: .label)
  }

  private func draw(_ field: FieldName, on frame: inout Frame, in area: Area) {
    guard area.rows > 0 else { return }
    let isActive = field == form.focus
    let error = form.errors[field]
    drawLabel(field.label(form.kind), on: &frame, in: area)
    let right = area.right(Self.labelColumns)
    let width = min(right.columns - 6, fieldColumns(field))
    let (text, caret) = form[field].window(columns: width)
    let role: Role = error != nil ? .fieldInvalid : (isActive ? .fieldActive : .field)
    frame.write(text, at: right.position(0, 0), role: role, width: width)
    if isActive, context.overlay == nil { frame.cursor = right.position(min(caret, width - 1), 0) }
    if field == .amount, let currency = form.amountCurrency {
      frame.write(currency.code, at: right.position(width + 2, 0), role: .dim)
    }
    if let error {
      let lines = errorLines(field, columns: area.columns)
      let isShort = lines.count == 1 && displayWidth(of: error) <= right.columns
      for (row, line) in lines.enumerated() {
        frame.write(line, in: isShort ? right : area, row: 1 + row, role: .danger)
      }
    } else if let note = note(under: field, columns: right.columns) {
      frame.write(note, in: right, row: 1, role: .dim)
    }
  }

  private func fieldColumns(_ field: FieldName) -> Int {
    switch field {
    case .account, .counterAccount, .holder: 40
    case .currency: 4
    // The greatest amounts that can be booked, and their decimals, find room.
    case .amount: 30
    case .memo: 60
    }
  }

  /// What a field's line explains while nothing is wrong.
  func note(under field: FieldName, columns: Int) -> String? {
    if let choice = form[choice: field] {
      if let view = choice.chosen {
        return words(about: view, columns: columns)
      }
      if choice.isNotInSnapshot { return "Not in the snapshot: a deposit only, not verified." }
      if choice.field.isEmpty { return "Number or holder; the beginning of each word is enough." }
      if !choice.isAnswered { return "Looking…" }
      return choice.candidates.isEmpty ? "No account matches." : nil
    }
    if field == .currency, form.currency.isPrefilled {
      return "Press enter if it is right; what you type takes its place."
    }
    return nil
  }

  /// Number, holder, status and balance of a chosen account. Where there is no room for all, the
  /// name is cut rather than a figure or where it comes from; the review shows the name whole.
  private func words(about view: AccountView, columns: Int) -> String {
    let account = view.account
    let money = context.words.money(account.balance)
    let source = context.words.source(view.provenance, now: context.now)
    // Most accounts are open: that word goes before a name, and where the figure is from never goes.
    let short = account.status == .open ? ["\(money), \(source)"] : []
    let ends = [standing(of: view)] + short
    func fits(_ end: String, name: Int) -> Bool {
      account.number.text.count + 2 + name + 2 + displayWidth(of: end) <= columns
    }
    // The number whole, and the name, or so much of it that people are told apart.
    let end =
      [displayWidth(of: account.holder), 12, 0].lazy
      .compactMap { name in ends.first { fits($0, name: name) } }.first ?? money
    let room = columns - displayWidth(of: end) - 2
    return clipped("\(account.number)  \(account.holder)", toColumns: max(0, room)) + "  \(end)"
  }

  // MARK: Accounts to choose from

  private func drawCandidates(on frame: inout Frame, in area: Area) {
    guard let choice = form[choice: form.focus], choice.chosen == nil, !choice.candidates.isEmpty
    else { return }
    let inner = area.right(Self.labelColumns)
    let rows = max(0, area.rows)
    let first = max(0, min(choice.highlight - rows + 1, choice.candidates.count - rows))
    for (row, view) in choice.candidates.dropFirst(first).prefix(rows).enumerated() {
      let account = view.account
      let isHighlighted = first + row == choice.highlight
      let left = "\(isHighlighted ? ">" : " ") \(account.number)  \(account.holder)"
      let right = "\(account.status.rawValue)  \(account.currency)"
      frame.write(left, right: right, in: inner, row: row, role: .text, rightRole: .dim)
      if isHighlighted {
        frame.assign(.selection, row: inner.row + row, columns: inner.columnRange)
      }
    }
  }
}

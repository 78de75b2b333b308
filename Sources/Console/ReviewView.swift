import BankCore
import Screen

/// Draws the review panel: who, how much, before and after, and where the entry will go. While the
/// answer is on its way it says so, and nothing that was true before.
struct ReviewView {
  private static let labelColumns = 17

  let context: Context
  let form: EntryForm
  let panel: ReviewPanel

  private var words: Wording { context.words }
  /// Figures of usual size stand below one another; in a narrow window their source needs the room.
  private var figureColumns: Int { context.layout(hasDetail: false).isFull ? 22 : 14 }

  /// What stands on one row, and how soon it makes way where there are too few.
  private struct Line {
    enum Rank: Int { case essential, helpful, blank }

    var label = ""
    var text = ""
    var note = ""
    var role = Role.text
    var isFigure = false
    /// The mode is written before it, as on the first line of the screen.
    var hasMode = false
    var rank = Rank.essential

    static let blank = Line(rank: .blank)
  }

  func draw(on frame: inout Frame, in area: Area) {
    let box = Panel(
      title: "Review: \(form.kind.word)", columns: columns, rows: rows(in: area))
    let inside = box.draw(on: &frame, in: area)
    let room = inside.top(roomForLines(in: area))
    for (row, line) in fitting(lines(columns: inside.columns), rows: room.rows).enumerated() {
      draw(line, on: &frame, in: room.below(row))
    }
    drawPosting(on: &frame, in: inside)
    if let amount = panel.amountAgain {
      draw("Type the amount again: ", amount, on: &frame, in: inside)
    } else if let supervisor = panel.supervisor {
      draw("Supervisor's name: ", supervisor, on: &frame, in: inside)
    } else if context.overlay == nil {
      frame.pointCursor(at: inside, row: inside.rows - 1)
    }
  }

  private var columns: Int { Panel.contentColumns(for: context.size.columns) }

  /// As many as the text needs with its keys, and never fewer than most reviews: the panel does not
  /// grow when the answer comes.
  private func rows(in area: Area) -> Int {
    let needed = max(11, lines(columns: columns).count + (warning == nil ? 2 : 3))
    return max(0, min(area.rows - 2, needed, 16))
  }

  /// The last row has the keys, the one above it what a person should know of them. In a low window
  /// the footer alone has the keys.
  private func roomForLines(in area: Area) -> Int {
    let hasKeys = !context.layout(hasDetail: false).isLow || panel.isTyping
    return max(0, rows(in: area) - (hasKeys ? 1 : 0) - (warning == nil ? 0 : 1))
  }

  /// Whether all that must be known before posting is on the screen, whatever its size.
  var showsAll: Bool {
    let room = roomForLines(in: context.layout(hasDetail: false).panel)
    return fitting(lines(columns: columns), rows: room).count <= room
  }

  private func lines(columns: Int) -> [Line] {
    let who = form.kind == .reversal ? takenBack(columns) : parties(columns)
    if let failure = panel.failure {
      return who + [.blank] + paragraph("\(failure.text) \(failure.fix)", columns, .danger)
    }
    guard let review = panel.review, !panel.isAsking else {
      return who + [.blank, Line(text: "Asking what the entry would do…", role: .dim)]
    }
    return who + [.blank] + figures(review, columns) + [.blank] + twin(review, columns)
      + destination(review, columns)
  }

  /// That the same was entered just now: said, and nothing more. Two customers may well bring the same.
  private func twin(_ review: Review, _ columns: Int) -> [Line] {
    guard let twin = review.twin else { return [] }
    return paragraph(
      "The same \(twin.kind.word) was entered at \(words.time(twin.capturedAt)): \(twin.label). "
        + "Post this only if it is another one.", columns, .warning)
  }

  /// Leaves out what is least wanted until the rest fits.
  private func fitting(_ lines: [Line], rows: Int) -> [Line] {
    var lines = lines
    for rank in [Line.Rank.blank, .helpful] {
      while lines.count > rows, let index = lines.lastIndex(where: { $0.rank == rank }) {
        lines.remove(at: index)
      }
    }
    return lines
  }

  private func paragraph(_ text: String, _ columns: Int, _ role: Role) -> [Line] {
    wrapped(text, columns: columns, rows: 4).map { Line(text: $0, role: role) }
  }

  private func draw(_ line: Line, on frame: inout Frame, in area: Area) {
    guard area.rows > 0 else { return }
    if line.hasMode {
      let cells = frame.write(
        " \(context.status.banner) ", at: area.position(0, 0), role: context.status.modeRole)
      frame.write(line.text, in: area.right(cells + 1), role: .text, attributes: .bold)
      return
    }
    guard !line.label.isEmpty else { return frame.write(line.text, in: area, role: line.role) }
    frame.write(line.label, in: area.left(Self.labelColumns), role: .label)
    let right = area.right(Self.labelColumns)
    guard line.isFigure else { return frame.write(line.text, in: right, role: line.role) }
    // As wide as the figure needs: it is never cut.
    let width = max(figureColumns, displayWidth(of: line.text))
    frame.write(
      line.text, at: right.position(0, 0), role: line.role, width: width, alignment: .trailing)
    frame.write(line.note, in: right.right(width + 2), role: .dim)
  }

  // MARK: Who

  private func parties(_ columns: Int) -> [Line] {
    let draft = panel.draft
    guard let number = draft.account else { return [] }
    let known = panel.review?.holder ?? form.account.chosen?.account.holder
    let isStated = known == nil && draft.statedHolder != nil
    let holder = known ?? draft.statedHolder ?? "holder not known"
    let account = isStated ? "\(number)  as the customer states it, NOT VERIFIED" : number.text
    let lines = name(holder, account, isStated ? .warning : .dim, columns)
    guard let counter = draft.counterAccount else { return lines }
    let other =
      panel.review?.counterHolder ?? form.counterAccount.chosen?.account.holder
      ?? "holder not known"
    return lines + name("to \(other)", "   \(counter)", .dim, columns)
  }

  /// The name has a line of its own, but in a low window where the number fits beside it.
  private func name(
    _ text: String, _ number: String, _ role: Role, _ columns: Int
  ) -> [Line] {
    let together = "\(text)  \(number.trimmingPrefix { $0 == " " })"
    if context.layout(hasDetail: false).isLow, displayWidth(of: together) <= columns {
      return [Line(text: together, role: role == .warning ? role : .heading)]
    }
    return wrapped(text, columns: columns, rows: 2).map { Line(text: $0, role: .heading) }
      + (displayWidth(of: number) <= columns ? [number] : wrapped(number, columns: columns))
      .map { Line(text: $0, role: role) }
  }

  /// The entry that is taken back: which one, of whom, how much, when, and where the cash goes.
  private func takenBack(_ columns: Int) -> [Line] {
    guard let choice = form.reversal else { return [] }
    let original = panel.review?.original
    let amount = original?.amount ?? choice.amount
    var lines = paragraph(
      "Reverses \(choice.label), \(choice.kind.word) of \(words.money(amount.magnitude))",
      columns,
      .heading)
    let day = "booked \(words.day(choice.date, now: words.today(context.now)))"
    let taken = original.map {
      "captured \(words.moment($0.capturedAt, now: context.now)) by \($0.operatorName)"
    }
    lines += paragraph(taken.map { "\($0), \(day)" } ?? day, columns, .text)
    let accounts = original?.accountsInWords ?? panel.draft.account?.text ?? ""
    let holders = [panel.review?.holder, panel.review?.counterHolder].compactMap(\.self)
    if !holders.isEmpty || !accounts.isEmpty {
      lines += paragraph("\(holders.joined(separator: " > "))  \(accounts)", columns, .heading)
    }
    return lines + paragraph(form.cashWords(panel.review, context), columns, .warning)
  }

  // MARK: How much

  private func figures(_ review: Review, _ columns: Int) -> [Line] {
    var lines: [Line] = []
    if form.kind != .reversal, let amount = panel.draft.amount {
      lines.append(
        Line(label: "Amount", text: words.money(amount), role: .heading, isFigure: true))
      let room =
        columns - Self.labelColumns - 2 - max(figureColumns, displayWidth(of: words.money(amount)))
      if let day = countsFrom(review), displayWidth(of: day) <= room { lines[0].note = day }
    }
    lines += balances(review, columns)
    if !panel.draft.memo.isEmpty {
      let memo = wrapped(panel.draft.memo, columns: columns - Self.labelColumns)
      let label = form.kind == .reversal ? "Reason" : "Memo"
      lines += memo.enumerated().map { row, text in
        Line(label: row == 0 ? label : " ", text: text)
      }
    }
    if let supervisor = panel.draft.approvedBy {
      lines.append(Line(label: "Allowed by", text: supervisor))
    }
    return lines
  }

  /// From which day the money counts; nil where that is not decided at the counter.
  private func countsFrom(_ review: Review) -> String? {
    guard review.objection == nil, review.destination == .postedNow || form.kind == .deposit else {
      return nil
    }
    let today = words.today(context.now)
    return "counts from \(words.day(today, now: today))"
  }

  private func balances(_ review: Review, _ columns: Int) -> [Line] {
    guard let before = review.before, let provenance = review.provenance else {
      return [Line(label: "Balance", text: "not known here", rank: .helpful)]
    }
    let source = words.source(provenance, now: context.now)
    var lines = [Line(label: "Balance before", text: words.money(before), isFigure: true)]
    let room =
      columns - Self.labelColumns - 2
      - max(figureColumns, displayWidth(of: words.money(before)))
    if displayWidth(of: source) <= room {
      lines[0].note = source
    } else {
      lines.append(Line(label: " ", text: source, role: .dim))
    }
    if let after = review.after {
      lines.append(Line(label: "Balance after", text: words.money(after), isFigure: true))
    }
    if let estimate = words.estimate(before, provenance, now: context.now) {
      lines += wrapped(estimate, columns: columns, rows: 2).map {
        Line(text: $0, role: .estimated, rank: .helpful)
      }
    }
    return lines
  }

  // MARK: Where it goes

  private func destination(_ review: Review, _ columns: Int) -> [Line] {
    guard let objection = review.objection else {
      let text = Self.destination(review)
      let isShort = displayWidth(of: "\(context.status.banner) \(text)") + 2 <= columns
      return isShort
        ? [Line(text: text, hasMode: true)]
        : [Line(hasMode: true)] + wrapped(text, columns: columns).map { Line(text: $0) }
    }
    let limits = review.room.map { $0.sentence(words.notation) } ?? ""
    let fix = objection.fix(for: form.kind, isAway: review.destination == .manualLedger)
    return paragraph(
      Wording.withCode(
        "\(context.status.banner): \(objection.text)", limits, fix, code: objection.code), columns,
      .danger)
  }

  static func destination(_ review: Review) -> String {
    switch review.destination {
    case .postedNow: "Posted now: the bank decides at once."
    case .manualLedger:
      review.draft.kind.movesCash
        ? "To the manual ledger: recorded now, booked later."
        : "To the manual ledger: taken now, may still be refused."
    }
  }

  // MARK: The keys

  var warning: String? {
    if panel.ignoredPost {
      return panel.word == nil
        ? "A p typed before this panel was shown did not count."
        : "What was typed before this review was told did not count."
    }
    return panel.wasAskedAgain
      ? "The mode changed, so this review was read again. Check it again." : nil
  }

  private func drawPosting(on frame: inout Frame, in area: Area) {
    let last = area.rows - 1
    if let warning {
      let row = context.layout(hasDetail: false).isLow && !panel.isTyping ? last : last - 1
      frame.write(warning, in: area, row: row, role: .warning)
    }
    guard !panel.isTyping, !context.layout(hasDetail: false).isLow else { return }
    let canPost = panel.review != nil && !panel.isAsking && form.objectionToPosting(context) == nil
    let supervisor =
      panel.review?.supervisorMayAllow == true && !panel.isAsking ? "   o supervisor" : ""
    let next = form.kind == .reversal ? "" : "   P post, next \(form.kind.word)"
    let posting = panel.wantsAmountAgain ? "p \(ReviewPanel.amountAgainWord)" : "p post\(next)"
    let keys = canPost ? posting : "esc back to the fields"
    frame.write(keys + supervisor, in: area, row: last, role: canPost ? .accent : .dim)
  }

  private func draw(
    _ label: String, _ field: TextField, on frame: inout Frame, in area: Area
  ) {
    let row = area.rows - 1
    let used = frame.write(label, at: area.position(0, row), role: .label)
    let (text, caret) = field.window(columns: 30)
    frame.write(text, at: area.position(used, row), role: .fieldActive, width: 30)
    if context.overlay == nil { frame.cursor = area.position(used + min(caret, 29), row) }
  }
}

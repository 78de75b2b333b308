import BankCore
import Screen

/// Draws one outage: its course to scale with numbered events, what the numbers mean, and the
/// figures of a review.
struct OutageView {
  private let report: OutageReport
  private let words: Wording
  private let now: Instant
  /// What the report says is so up to then.
  private let readAt: Instant
  private let glyphs = (late: "░", away: "█", back: "▒")

  /// - Parameter readAt: when the report was read; nil for just now.
  init(_ report: OutageReport, readAt: Instant?, _ context: Context) {
    self.report = report
    words = context.words
    now = context.now
    self.readAt = readAt ?? context.now
  }

  /// The outage and its cause, in two lines at most: of a cause that is too long for them, the
  /// layer that failed.
  func heading(columns: Int) -> [String] {
    let cause = report.causes.first
    // The figures say the rest of a drill's score.
    let text = report.drillScore.map { "Drill: \($0.left)" } ?? cause?.text ?? ""
    let full = [
      report.id.description, Wording.withCode(text, code: cause?.cause?.description ?? ""),
    ].filter { !$0.isEmpty }.joined(separator: "  ")
    guard displayWidth(of: full) > columns else { return [full] }
    let lines = wrapped(full, columns: columns)
    guard lines.count > 2, let code = cause?.cause else { return Array(lines.prefix(2)) }
    return ["\(report.id)  \(code.failure): press s for the report"]
  }

  func draw(on frame: inout Frame, in area: Area, status: Area) {
    drawCourse(on: &frame, in: area.top(3))
    let sums = impact(columns: status.columns)
    let rest = area.below(area.rows > 13 ? 4 : 3)
    let room = rest.top(rest.rows - max(0, sums.count - 1))
    let figureColumns = 33
    drawEvents(on: &frame, in: room.left(room.columns - figureColumns))
    drawFigures(on: &frame, in: room.right(room.columns - figureColumns + 1))
    drawImpact(sums, on: &frame, in: status)
  }

  private var standing: String { report.isAgreeing ? "totals agree" : "TOTALS DO NOT AGREE" }

  /// A line or more for each currency: a sum that is cut short would be a lie.
  private func impact(columns: Int) -> [String] {
    guard !report.impact.isEmpty else { return ["Nothing was entered during the outage."] }
    // Beside the last one it says whether they agree.
    let room = columns - displayWidth(of: standing) - 2
    return report.impact.flatMap { impact in
      let parts = parts(of: impact)
      let full = parts.joined(separator: " ")
      let isLast = impact.currency == report.impact.last?.currency
      guard displayWidth(of: full) > (isLast ? room : columns) else { return [full] }
      return lines(of: parts, columns: room)
    }
  }

  /// Broken between two sums, never within one.
  private func lines(of parts: [String], columns: Int) -> [String] {
    parts.reduce(into: [String]()) { lines, part in
      if let line = lines.last, displayWidth(of: "\(line) \(part)") <= columns {
        lines[lines.count - 1] = "\(line) \(part)"
      } else {
        lines.append(lines.isEmpty ? part : "    \(part)")
      }
    }
  }

  /// Upwards from the last line of the screen's own.
  private func drawImpact(_ lines: [String], on frame: inout Frame, in area: Area) {
    let above = lines.dropLast()
    for (row, line) in above.enumerated() {
      frame.write(
        line, at: area.position(0, row - above.count), role: .text, width: area.columns)
    }
    frame.write(
      lines.last ?? "", right: standing, in: area, role: .text,
      rightRole: report.isAgreeing ? .success : .danger)
  }

  // MARK: The course

  private var start: Instant {
    report.began ?? report.timeline.first?.at ?? readAt
  }

  private var end: Instant {
    let last = report.timeline.last?.at ?? start
    return report.isOver && report.waiting == 0 ? last : max(last, readAt)
  }

  /// The column of a moment on a line of so many; what lies outside stands at its ends.
  private func column(_ instant: Instant, of columns: Int) -> Int {
    let length = max(1, end.milliseconds(since: start))
    let share = Double(instant.milliseconds(since: start)) / Double(length)
    return Int((max(0, min(1, share)) * Double(max(0, columns - 1))).rounded())
  }

  private func drawCourse(on frame: inout Frame, in area: Area) {
    for place in numberPlaces(columns: area.columns) {
      frame.write(place.text, at: area.position(place.column, 0), role: .accent)
    }
    let times = report.times
    let online = times.online ?? end
    let settled = times.reconciled ?? (report.waiting > 0 ? end : online)
    drawPhase(glyphs.back, .progress, from: online, to: settled, on: &frame, in: area)
    drawPhase(
      glyphs.away, .chart, from: times.detected ?? start, to: online, on: &frame, in: area)
    if let detected = times.detected, detected > start {
      drawPhase(glyphs.late, .dim, from: start, to: detected, on: &frame, in: area)
    }
    let row = area.below(2)
    frame.write(
      words.moment(start, now: now), right: words.moment(end, now: now), in: row, role: .dim)
    let legend = "\(glyphs.late) not noticed  \(glyphs.away) bank away  \(glyphs.back) reconciling"
    let column = max(0, (area.columns - displayWidth(of: legend)) / 2)
    frame.write(legend, at: row.position(column, 0), role: .dim)
  }

  // A phase that is too short to see still has its column.
  private func drawPhase(
    _ glyph: String, _ role: Role, from: Instant, to: Instant, on frame: inout Frame, in area: Area
  ) {
    guard to >= from, to > from || role != .progress else { return }
    let first = column(from, of: area.columns)
    let last = max(first, column(to, of: area.columns))
    frame.write(
      String(repeating: glyph, count: last - first + 1), at: area.position(first, 1), role: role,
      width: last - first + 1)
  }

  /// The numbers of the events above the course, moved aside where they would touch.
  private func numberPlaces(columns: Int) -> [(text: String, column: Int)] {
    var places: [(text: String, column: Int)] = []
    var free = 0
    for (index, event) in report.timeline.enumerated() {
      let text = "\(index + 1)"
      let column = max(free, column(event.at, of: columns))
      places.append((text, column))
      free = column + text.count + 1
    }
    var limit = columns + 1
    for index in places.indices.reversed() {
      places[index].column = min(places[index].column, limit - places[index].text.count - 1)
      limit = places[index].column
    }
    return places.filter { $0.column >= 0 }
  }

  // MARK: What the numbers mean

  /// A long event takes further rows where all of them have room; else it is told in short, since
  /// the last ones say how the outage ended.
  private func drawEvents(on frame: inout Frame, in area: Area) {
    let textColumn = 13
    let broken = report.timeline.map {
      wrapped(sentence($0), columns: area.columns - textColumn)
    }
    let fits = broken.reduce(0) { $0 + $1.count } <= area.rows
    let all =
      fits ? broken : report.timeline.map { [inShort($0, columns: area.columns - textColumn)] }
    let hidden = all.count > area.rows ? all.count - area.rows + 1 : 0
    var row = 0
    for (index, lines) in all.dropLast(hidden).enumerated() {
      frame.write(
        "\(index + 1)", at: area.position(0, row), role: .accent, width: 2, alignment: .trailing)
      frame.write(words.time(report.timeline[index].at), at: area.position(3, row))
      for line in lines {
        frame.write(
          line, at: area.position(textColumn, row), width: area.columns - textColumn)
        row += 1
      }
    }
    guard hidden > 0 else { return }
    frame.write("and \(hidden) more: press s for the report", at: area.position(3, row), role: .dim)
  }

  /// The event in one line: of a cause that is too long, what failed there.
  private func inShort(_ event: OutageReport.Event, columns: Int) -> String {
    let full = sentence(event)
    guard displayWidth(of: full) > columns, let cause = event.cause else { return full }
    let texts = cause.shorter.map { "\(event.kind.words): \($0)" }
    return texts.first { displayWidth(of: $0) <= columns } ?? texts.last ?? full
  }

  func sentence(_ event: OutageReport.Event) -> String {
    [event.kind.words, details(event)].filter { !$0.isEmpty }.joined(separator: ": ")
  }

  private func details(_ event: OutageReport.Event) -> String {
    switch event.kind {
    // The heading says it already.
    case .detected: event.cause?.description ?? ""
    case .causeChanged, .quarantined:
      Wording.withCode(event.text, code: event.cause?.description ?? "")
    case .held, .holdReleased, .quarantineLifted: event.operatorName.map { "by \($0)" } ?? ""
    default: event.text
    }
  }

  // MARK: Figures

  private func drawFigures(on frame: inout Frame, in area: Area) {
    for (row, figure) in figures.prefix(area.rows).enumerated() {
      frame.write(figure.label, at: area.position(0, row), role: .label, width: 15)
      frame.write(
        figure.value, at: area.position(15, row), width: area.columns - 15, alignment: .trailing)
    }
  }

  var figures: [(label: String, value: String)] {
    let all = [
      ("To notice", words.span(report.toDetect)),
      ("To diagnose", words.span(report.toDiagnose)),
      ("To recover", report.isOver ? words.span(report.toRecover) : "not over"),
      ("To reconcile", reconciling), ("Entries", words.count(report.entries)),
      (
        "Longest delay",
        report.longestDelay == nil ? "none booked" : words.span(report.longestDelay)
      ),
      (
        "Exceptions",
        report.mayHaveExceptions
          ? "not known yet" : words.count(report.exceptions.count)
      ),
      ("Rollback", report.times.rollback.map(words.time) ?? words.span(nil)),
    ]
    return all.filter { $0.0 != "To reconcile" || !report.hasNothingToReconcileYet }
  }

  private var reconciling: String {
    if report.entries == 0 { return "nothing entered" }
    if report.waiting > 0 {
      let open = report.open
      return "\(words.count(open.count)) \(open.waiting == open.count ? "waiting" : "not decided")"
    }
    return words.span(report.toReconcile)
  }

  /// `CZK captured 3,855.00`, `= posted 990.00`, `+ waiting 2,865.00`
  private func parts(of impact: OutageReport.Impact) -> [String] {
    func amount(_ sum: OutageReport.Sum) -> String {
      sum.amount.words(impact.currency, words.amount)
    }
    let outcomes = [
      ("posted", impact.posted), ("suspense", impact.suspense), ("refused", impact.refused),
      ("voided", impact.voided), ("not decided", impact.waiting),
    ].filter { $0.1.count > 0 }
    let signed = outcomes.enumerated().map { index, outcome in
      "\(index == 0 ? "=" : "+") \(outcome.0) \(amount(outcome.1))"
    }
    return ["\(impact.currency.code) captured \(amount(impact.captured))"] + signed
  }
}

extension CauseCode {
  /// `no connection to the server C05`
  var failed: String { Wording.withCode(failure, code: description) }

  /// What failed, ever shorter: `no connection to the server C05`, `no connection to the server`,
  /// `Network C05`. There is always room for the last one.
  var shorter: [String] { [failed, failure, Wording.withCode(name, code: description)] }
}

import BankCore
import Screen

/// What screen 5 tells of its selected row: what was captured, and beside or below it what the bank has,
/// or else the snapshot. In a strip of three rows the most needed of both.
struct SidesView {
  /// As many as the usual labels need; a longer one widens those of its side.
  private static let leastLabelColumns = 10
  /// From so many columns of a pane both stand side by side.
  private static let sideBySideAppearsAt = 76

  struct Line {
    let label: String
    let text: String
    var role = Role.text

    init(_ label: String, _ text: String, _ role: Role = .text) {
      self.label = label
      self.text = text
      self.role = role
    }
  }

  /// A heading with the lines below it.
  private struct Side {
    let title: String
    var lines: [Line]

    /// Each line on as many rows as it needs.
    func rows(columns: Int) -> [DetailLine] {
      [DetailLine([.init(title, .columnHeading, atLeast: 1)])]
        + lines.flatMap { rows(of: $0, columns: columns) }
    }

    private var labelColumns: Int {
      max(leastLabelColumns, displayWidth(ofWidest: lines.map(\.label)))
    }

    private func rows(of line: Line, columns: Int) -> [DetailLine] {
      let room = columns - labelColumns - DetailLine.gap
      // An id is not broken: it stands below its label.
      if displayWidth(of: line.text) > room, !line.text.contains(" ") {
        return [
          DetailLine([.init(line.label, .label)]),
          DetailLine([.init(line.text, line.role, atLeast: 1)]),
        ]
      }
      return wrapped(line.text, columns: room).enumerated().map { row, text in
        DetailLine([
          .init(padded(row == 0 ? line.label : "", toColumns: labelColumns), .label),
          .init(text, line.role, atLeast: 1),
        ])
      }
    }
  }

  let screen: ReconcileScreen
  let context: Context

  private var words: Wording { context.words }

  func draw(on frame: inout Frame, in area: Area, isPane: Bool) {
    if isPane { drawPane(on: &frame, in: area) } else { drawStrip(on: &frame, in: area) }
  }

  // MARK: The pane

  private func drawPane(on frame: inout Frame, in area: Area) {
    let sides = sides
    guard sides.count == 2, area.columns >= Self.sideBySideAppearsAt else {
      draw(fitted(sides, columns: area.columns, rows: area.rows), on: &frame, in: area)
      return
    }
    let half = (area.columns - 3) / 2
    for (index, side) in sides.enumerated() {
      let part = area.right(index * (half + 3)).left(half)
      draw(side.rows(columns: half), on: &frame, in: part)
    }
  }

  private func draw(_ lines: [DetailLine], on frame: inout Frame, in area: Area) {
    for (row, line) in lines.prefix(area.rows).enumerated() {
      line.draw(on: &frame, in: area, row: row)
    }
  }

  /// One below the other; what is dim makes way where there are too few rows, the last first.
  private func fitted(_ sides: [Side], columns: Int, rows: Int) -> [DetailLine] {
    var sides = sides
    while true {
      let lines = Array(
        sides.map { $0.rows(columns: columns) }.joined(separator: [DetailLine()]))
      guard lines.count > rows,
        let side = sides.lastIndex(where: { $0.lines.contains { $0.role == .dim } }),
        let line = sides[side].lines.lastIndex(where: { $0.role == .dim })
      else { return lines }
      sides[side].lines.remove(at: line)
    }
  }

  private var sides: [Side] {
    switch screen.pane {
    case .plan:
      guard let line = screen.lines.selectedElement else { return [] }
      let willBe = Line(line.predicted == nil ? "Now" : "Will be", line.sentence, line.role)
      return [
        Side(title: "Captured", lines: captured(line.entry)),
        Side(title: bankTitle, lines: [willBe] + account),
      ]
    case .exceptions:
      guard let record = screen.exceptions.selectedElement else { return [] }
      return [
        Side(title: "Captured", lines: captured(record)),
        Side(title: bankTitle, lines: outcome(record) + account),
      ]
    case .done:
      guard let row = screen.done.list.selectedElement else { return [] }
      return [Side(title: "Done", lines: done(row))]
    case .notices:
      guard let notice = screen.notices.selectedElement else { return [] }
      return [
        Side(title: "Captured", lines: captured(notice.entry)),
        Side(
          title: "Became known",
          lines: [
            Line("Notice", context.text(of: notice), .warning),
            Line("To do", "Press enter to mark it as done."),
          ]),
      ]
    }
  }

  private func captured(_ entry: Entry) -> [Line] {
    [
      Line(entry.kind.title, words.money(entry.amount), .heading),
      Line("Entry", entry.label), Line("Account", entry.accountsInWords),
      Line("Captured", "\(moment(entry.capturedAt)) by \(entry.operatorName)"),
    ] + CaptureFacts(entry).said.map { Line($0.label, $0.text) } + [
      Line("Value date", words.day(entry.valueDate, now: words.today(context.now)), .dim),
      Line("Entry id", entry.id.description, .dim),
    ]
  }

  private func captured(_ record: ExceptionRecord) -> [Line] {
    [
      Line(record.kind.title, words.money(record.amount), .heading),
      Line("Entry", record.label), Line("Account", record.accountsInWords),
      Line(
        "Captured",
        "\(moment(record.facts.capturedAt)) by \(record.maker) at \(record.terminal)"),
      Line("Owner", record.owner),
    ] + record.facts.said.map { Line($0.label, $0.text) } + [
      Line("Open since", moment(record.openedAt), .dim),
      Line("Entry id", record.entry.description, .dim),
    ]
  }

  private func outcome(_ record: ExceptionRecord) -> [Line] {
    let need = ReconcileView(screen: screen, context: context).need(of: record)
    var lines = [Line(record.isHeld ? "Held" : "Outcome", need.text, need.role)]
    if let other = record.probableDuplicateOf {
      lines.append(Line("Same as?", "\(other): m chooses it", .warning))
    }
    return lines
  }

  private func done(_ row: DoneRow) -> [Line] {
    [
      Line(row.kind.title, words.money(row.amount), .heading), Line("Entry", row.label),
      Line("Account", row.accounts), Line("Done", moment(row.at)),
      Line("Outcome", row.outcome, row.role), Line("Receipt", "Press r to see it."),
    ]
  }

  private func moment(_ instant: Instant) -> String { words.moment(instant, now: context.now) }

  // MARK: The bank's side

  private var bankTitle: String { isLive ? "In the bank" : "In the snapshot" }

  /// Whether it is the bank that says so.
  private var isLive: Bool {
    guard let beside = screen.accountBeside else { return context.status.readsLive }
    guard case .success(let view?) = beside.answer else { return beside.isLive }
    return view.provenance.isLive
  }

  /// The account as it is there now.
  private var account: [Line] {
    guard let beside = screen.accountBeside else { return [Line("Account", "reading…", .dim)] }
    guard let view = try? beside.answer.get() else {
      return [Line("Account", "\(beside.number) \(absence(beside))", .warning)]
    }
    let account = view.account
    return [
      Line("Account", "\(account.number)  \(account.holder)"),
      Line("Status", account.status.rawValue, account.status.role),
      Line("Balance", balance(view)),
    ] + base(view).map { [Line("Made of", $0, .estimated)] }.joined()
  }

  /// Why nothing is known of it.
  private func absence(_ beside: ReconcileScreen.Beside) -> String {
    switch beside.answer {
    case .success: beside.isLive ? "is not known to the bank" : "is not in the snapshot"
    case .failure(let failure): "could not be read: \(failure.text)"
    }
  }

  private func balance(_ view: AccountView) -> String {
    let source = base(view).isEmpty ? words.source(view.provenance, now: context.now) : "ESTIMATED"
    return "\(words.money(view.account.balance))  \(source)"
  }

  /// Of an estimate: which balance of which moment it was made from, and what was added.
  private func base(_ view: AccountView) -> [String] {
    guard case .estimated(let base, let effect, let more, let asOf, let isLive) = view.provenance
    else { return [] }
    let place =
      isLive ? "at the bank, read \(words.time(asOf))" : "in the snapshot of \(moment(asOf))"
    return [
      "\(words.amount(base)) \(place), \(words.signed(effect)) in \(words.moreEntries(more))"
    ]
  }

  // MARK: The strip

  private func drawStrip(on frame: inout Frame, in area: Area) {
    let strip: (head: DetailLine, account: DetailLine, sentence: String, role: Role)
    switch screen.pane {
    case .plan:
      guard let line = screen.lines.selectedElement else { return }
      let entry = line.entry
      strip = (
        head(
          entry.label, entry.kind, entry.amount,
          [
            "\(words.shortMoment(entry.capturedAt, now: context.now)) by \(entry.operatorName)",
            entry.memo,
          ]), stripAccount(entry.statedHolder, else: entry.accountsInWords), line.sentence,
        line.role
      )
    case .exceptions:
      guard let record = screen.exceptions.selectedElement else { return }
      let need = ReconcileView(screen: screen, context: context).need(of: record)
      strip = (
        head(
          record.label, record.kind, record.amount,
          [
            "\(words.shortMoment(record.facts.capturedAt, now: context.now)) by \(record.maker)",
            record.facts.memo,
          ]), stripAccount(record.facts.statedHolder, else: record.accountsInWords), need.text,
        need.role
      )
    case .done:
      guard let row = screen.done.list.selectedElement else { return }
      strip = (
        head(row.label, row.kind, row.amount, [moment(row.at)]),
        DetailLine([.init(row.accounts, atLeast: 8)]), "\(row.outcome). Press r for the receipt.",
        row.role
      )
    case .notices:
      guard let notice = screen.notices.selectedElement else { return }
      let rows = frame.writeParagraph(context.text(of: notice), in: area, role: .warning)
      guard rows < area.rows else { return }
      frame.write("Press enter to mark it as done.", in: area.below(rows), role: .dim)
      return
    }
    // What becomes of it is told whole: the account gives way where it needs both rows.
    let rows = wrapped(strip.sentence, columns: area.columns, rows: 2).count
    strip.head.draw(on: &frame, in: area)
    if rows == 1 { strip.account.draw(on: &frame, in: area, row: 1) }
    frame.writeParagraph(strip.sentence, in: area.below(3 - rows), role: strip.role)
  }

  private func head(
    _ label: String, _ kind: EntryKind, _ amount: Money, _ facts: [String]
  ) -> DetailLine {
    DetailLine(
      [.init(label, .heading, rank: 1, atLeast: 6), .init(kind.word, rank: 2)]
        + facts.filter { !$0.isEmpty }.map { .init($0, .dim, rank: 3, atLeast: 4) },
      right: [.hero(amount, words)])
  }

  /// The account as it is in the bank; without it what was captured.
  private func stripAccount(_ stated: String?, else accounts: String) -> DetailLine {
    let said = stated.map { ["\"\($0)\" as stated, NOT VERIFIED"] } ?? []
    guard let beside = screen.accountBeside else {
      return DetailLine([.init(accounts, atLeast: 8)], right: [.init("reading…", .dim, rank: 1)])
    }
    guard let view = try? beside.answer.get() else {
      return DetailLine(
        [.init("\(beside.number) \(absence(beside))", .warning, atLeast: 8)]
          + said.map { .init($0, .dim, rank: 1, atLeast: 8) })
    }
    let account = view.account
    let source = words.source(view.provenance, now: context.now)
    return DetailLine(
      [
        .init(account.holder, atLeast: 6), .init(account.number.text, .dim, rank: 2),
        .init(account.status.rawValue, account.status.role, rank: 1),
      ],
      right: [
        .init("Balance", .dim, rank: 3), .money(account.balance, words),
        .init(source, view.provenance.role, rank: 2, short: view.provenance.shortWord),
      ])
  }
}

import BankCore
import Screen

/// Screen 7: the outages of this machine's tills, and how the selected one went.
struct OutagesScreen: Sendable {
  var list = ListWindow<OutageReport>()
  var isLoaded = false
  var failure: Failure?
  /// When what is listed was read: an outage that goes on is drawn up to then.
  var readAt: Instant?
  /// When the ledgers were last asked for.
  var askedAt: Instant?

  static let bindings: [Binding] = [
    Binding(
      .character("s"), word: "save report",
      help: "Write the selected outage's report, as a page and as a text to complete",
      footer: .essential,
      objection: { $0.outages.list.selectedElement == nil ? "No outage is selected." : nil }
    ) { $0.writeOutageReport() }
  ]
}

extension OutageReport: Listed {
  var listID: OutageID { id }
}

extension ConsoleState {
  // MARK: Questions and replies

  /// Milliseconds after which the ledgers are read again. A long one costs more than a page of a list.
  private static let rereadOutagesAfter: Int64 = 10_000

  mutating func loadOutages() -> [Effect] {
    outages.askedAt = now
    return [ask(.outages, for: .outages)]
  }

  /// The other tills of this machine go on while their outages are looked at.
  mutating func rereadOutages() -> [Effect] {
    guard let askedAt = outages.askedAt, !questions.isOpen(.outages),
      now.milliseconds(since: askedAt) >= Self.rereadOutagesAfter
    else { return [] }
    return loadOutages()
  }

  mutating func receiveOutages(_ reply: Reply) {
    switch reply {
    case .outages(let reports):
      outages.list.replace(with: reports, hasMoreAbove: false, hasMoreBelow: false)
      outages.isLoaded = true
      outages.failure = nil
      outages.readAt = now
      context.stopTellingOfReading(.outages)
    case .failed(let failure):
      outages.failure = failure
      if !outages.list.elements.isEmpty { message = .failed(failure).about(.reading(.outages)) }
    default: break
    }
  }

  mutating func writeOutageReport() -> [Effect] {
    guard let id = outages.list.selected else { return [] }
    return [ask(.writeOutageReport(id), for: .writeReport)]
  }

  mutating func receiveReportWritten(_ reply: Reply) {
    switch reply {
    case .reportWritten(let paths):
      guard let first = paths.first else { return }
      let others = paths.dropFirst().compactMap { $0.split(separator: ".").last.map { ".\($0)" } }
      message = .good("Written: \(([first] + others).joined(separator: " and "))")
    case .failed(let failure): message = .failed(failure)
    default: break
    }
  }

  // MARK: Moving

  mutating func moveInOutages(_ motion: Motion) -> [Effect] {
    _ = outages.list.move(motion, rows: Table.visibleRows(in: outageListArea))
    return []
  }

  /// A quarter of the body, so that the chosen outage has room.
  private var outageListArea: Area {
    let body = Layout(size).body
    let rows = min(outages.list.elements.count + 1, max(4, body.rows / 4))
    return outages.list.elements.isEmpty ? body : body.top(rows)
  }

  // MARK: Painting

  func paintOutages(on frame: inout Frame, in area: Area) {
    let layout = Layout(size)
    frame.write(
      // Before they were read nothing is counted.
      "Outages" + (outages.isLoaded ? "  \(words.count(outages.list.elements.count))" : ""),
      right: outageSource, in: layout.title, role: .heading,
      rightRole: outages.failure == nil ? .dim : .warning)
    let list = outageListArea
    Table(
      [
        .init(title: "Outage", width: .flexible(minimum: 9, share: 1)),
        .init(title: "Began", width: .fixed(16)),
        .init(title: "Lasted", width: .fixed(12), alignment: .trailing),
        .init(title: "Entries", width: .fixed(7), alignment: .trailing),
        .init(title: "Cause", width: .flexible(minimum: 14, share: 9)),
      ], in: list
    ).draw(
      outages.list, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyOutagesText, row: outageEntries)
    guard let report = outages.list.selectedElement else { return }
    let view = OutageView(report, self)
    // A long cause takes the blank row between the list and the outage.
    let heading = view.heading(columns: area.columns - 2)
    let blank = max(0, 2 - heading.count)
    let below = Area(
      column: 1, row: list.row + list.rows + blank, columns: area.columns - 2,
      rows: area.rows - list.rows - blank)
    for (row, line) in heading.enumerated() {
      frame.write(line, in: below, row: row, role: .heading)
    }
    view.draw(on: &frame, in: below.below(heading.count), status: layout.status)
  }

  private var outageSource: String {
    guard let readAt = outages.readAt else { return "" }
    if let standing = context.standing(outages.failure, since: readAt) { return standing }
    // Read out, a time that moves would be told every few seconds.
    return options.isPlain
      ? "from the manual ledgers"
      : "from the manual ledgers, read \(words.moment(readAt, now: now))"
  }

  private var emptyOutagesText: String {
    if let failure = outages.failure { return "\(failure.text) \(failure.fix)" }
    guard outages.isLoaded else { return "Reading the manual ledgers…" }
    return status.mode.isCutOff
      ? "None is written down. The present one is, from its first entry on."
      : "No outage so far. :drill rehearses one."
  }

  private func outageEntries(_ report: OutageReport) -> [Table.Entry] {
    let began = report.began.map { "\(words.date($0)) \(words.shortTime($0))" } ?? ""
    let first = report.causes.first
    let cause = [first?.cause?.code ?? "", first?.text ?? ""].filter { !$0.isEmpty }
    return [
      .init(report.id.description), .init(began),
      report.isOver ? .init(words.span(report.lasted)) : .init("not over", .warning),
      .init(words.count(report.entries)),
      .init(cause.joined(separator: " "), short: first?.cause?.failed, first?.cause?.inShort),
    ]
  }
}

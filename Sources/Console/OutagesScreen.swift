import BankCore
import Screen

/// Screen 7: the outages of this machine's tills, and how the selected one went.
struct OutagesScreen: ScreenModel {
  static let name = ScreenName.outages
  static let title = "Outages"
  static let word = "outages"
  static let about =
    "The outages that the tills of this machine saw. The selected one is drawn to scale. "
    + "Press s to write its report: a page to print, and a text to complete."

  enum Action: ScreenAction {
    typealias Screen = OutagesScreen
    case saveReport
  }

  enum Question: ScreenQuestion {
    typealias Screen = OutagesScreen
    typealias Answer = BranchReply
    case reports, written
  }

  static let bindings: [Binding] = [
    Binding(
      .character("s"), word: "save report",
      help: "Write the selected outage's report, as a page and as a text to complete",
      footer: .essential, Action.saveReport)
  ]

  private(set) var list = ListWindow<OutageReport>()
  var dayField: DayField? = DayField()
  private(set) var failure: Failure?
  /// When what is listed was read: an outage that goes on is drawn up to then.
  private(set) var readAt: Instant?
  /// When the ledgers were last asked for.
  private var askedAt: Instant?

  init(_ options: ConsoleOptions) {}

  // MARK: Questions and replies

  /// Milliseconds after which the ledgers are read again. A long one costs more than a page of a list.
  private static let rereadAfter: Int64 = 10_000

  mutating func load(_ context: inout Context) -> [Wish] {
    askedAt = context.now
    return [context.ask(.outages, for: Question.reports)]
  }

  /// The other tills of this machine go on while their outages are looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    guard let askedAt, !context.questions.isOpen(Question.reports),
      context.now.milliseconds(since: askedAt) >= Self.rereadAfter
    else { return [] }
    return load(&context)
  }

  mutating func receive(
    _ reply: BranchReply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch (question, reply) {
    case (.reports, .outages(let reports)):
      list.replace(with: reports, hasMoreAbove: false, hasMoreBelow: false)
      failure = nil
      readAt = context.now
      context.stopTellingOfReading(Self.name)
    case (.reports, .failed(let failure)):
      self.failure = failure
      if !list.elements.isEmpty { context.message = .failed(failure).about(.reading(Self.name)) }
    case (.written, .reportWritten(let paths)):
      guard let first = paths.first else { break }
      let others = paths.dropFirst().compactMap { $0.split(separator: ".").last.map { ".\($0)" } }
      context.message = .good("Written: \(([first] + others).joined(separator: " and "))")
    case (.written, .failed(let failure)): context.message = .failed(failure)
    default: break
    }
    return []
  }

  // MARK: Moving and writing

  func objection(to action: Action, _ context: Context) -> String? {
    list.selectedElement == nil ? "No outage is selected." : nil
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    guard let id = list.selected else { return [] }
    return [context.ask(.writeOutageReport(id), for: Question.written)]
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    _ = list.move(motion, rows: ListTable.visibleRows(in: listArea(context)))
    return []
  }

  mutating func go(to day: BusinessDay, _ context: inout Context) -> [Wish] {
    let days = list.elements.map { $0.day(context.words) }
    let index = days.firstIndex { $0.map { $0 <= day } ?? false }
    list.select(at: index ?? max(0, days.count - 1))
    context.tellOf(day, found: index.flatMap { days[$0] }, oldest: days.last ?? nil)
    return []
  }

  /// A quarter of the body, so that the chosen outage has room.
  private func listArea(_ context: Context) -> Area {
    let whole = context.layout(of: Self.self).body
    let body = whole.top(whole.rows - 1)
    let rows = min(list.elements.count + 1, max(4, body.rows / 4))
    return list.elements.isEmpty ? body : body.top(rows)
  }

  // MARK: Painting

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let layout = context.layout(of: Self.self)
    ListHead(
      // Before they were read nothing is counted.
      title: "Outages" + (list.isLoaded ? "  \(place(context.words))" : ""),
      found: "", source: source(context), sourceRole: failure == nil ? .dim : .warning,
      day: dayField
    ).paint(nil, on: &frame, in: layout.head, context)
    let listArea = listArea(context)
    let isNarrow = listArea.columns < 100
    ListTable(
      [
        .init(title: "Outage", width: .flexible(minimum: 9, share: 1)),
        .init(title: "Began", width: .fixed(isNarrow ? 12 : 16)),
        .init(title: "Lasted", width: .fixed(isNarrow ? 11 : 12), alignment: .trailing),
        .init(title: "Entries", width: .fixed(7), alignment: .trailing),
        .init(title: "Cause", width: .flexible(minimum: isNarrow ? 26 : 14, share: 9), atLeast: 14),
      ], in: listArea
    ).draw(
      list, on: &frame, hasFocus: context.screenHasFocus, emptyText: emptyText(context)
    ) { entries($0, context) }
    guard let report = list.selectedElement else { return }
    let view = OutageView(report, readAt: readAt, context)
    // A long cause takes the blank row between the list and the outage.
    let heading = view.heading(columns: area.columns - 2)
    let blank = max(0, 2 - heading.count)
    let below = Area(
      column: 1, row: listArea.row + listArea.rows + blank, columns: area.columns - 2,
      rows: area.rows - 1 - listArea.rows - blank)
    for (row, line) in heading.enumerated() {
      frame.write(line, in: below, row: row, role: .heading)
    }
    view.draw(on: &frame, in: below.below(heading.count), status: area.inset.below(area.rows - 1))
  }

  private func place(_ words: Wording) -> String {
    list.placeInWords(total: nil, words) ?? words.count(list.elements.count)
  }

  func source(_ context: Context) -> String {
    guard let readAt else { return "" }
    if let standing = context.standing(failure, since: readAt) { return standing }
    // By ear, a time that moves would be told every few seconds.
    return context.options.isPlain
      ? "from the manual ledgers"
      : "from the manual ledgers, read \(context.words.moment(readAt, now: context.now))"
  }

  func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    guard list.isLoaded else { return "Reading the manual ledgers…" }
    if context.status.hasNoBankYet { return "No outage is recorded." }
    return context.status.isCutOff
      ? "No outage is recorded. This outage is recorded with its first entry."
      : "No outage so far. Type :drill to rehearse one."
  }

  private func entries(_ report: OutageReport, _ context: Context) -> [ListTable.Entry] {
    let words = context.words
    let began = report.began.map { words.shortMoment($0, now: context.now) } ?? ""
    let first = report.causes.first
    return [
      .init(report.id.description), .init(began),
      report.isOver ? .init(words.span(report.lasted)) : .init("not over", .warning),
      .init(words.count(report.entries)),
      .init(
        Wording.withCode(first?.text ?? "", code: first?.cause?.description ?? ""),
        // The name of a layer would be no cause.
        short: first?.cause?.failed, first?.cause?.failure),
    ]
  }
}

extension OutageReport: Listed {
  var listID: OutageID { id }

  func day(_ words: Wording) -> BusinessDay? { began.map(words.today) }
}

extension ScreenName {
  static let outages = ScreenName(rawValue: 7)
}

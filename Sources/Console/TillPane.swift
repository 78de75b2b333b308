import BankCore
import Screen

/// This till, in the third pane of a great window: what waits, what an outage allows, and the last slips.
struct TillPane: Sendable {
  /// More slips than any window shows.
  private static let greatestCount = 40

  /// Newest first; nil until they have been read.
  private var slips: [LedgerEntryView]?
  private var failure: Failure?
  /// How the till stood when its slips were asked for.
  private var asked: Mark?

  /// Changes with what the ledger has written, and with what became of it.
  private struct Mark: Equatable {
    let head: String?
    let waiting: Int
    let exceptions: Int
    let lastCapture: Int?
    let isWriting: Bool
  }

  enum Question: Console.Question {
    case slips

    func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
      console.till.receive(reply)
      return []
    }
  }

  /// Asks for the slips where they are shown and something was written since. While thousands of entries
  /// are reconciled it waits for the end.
  mutating func follow(_ context: inout Context) -> [Wish] {
    guard !context.options.isPlain, context.layout(hasDetail: true).hasTill,
      !context.questions.isOpen(Question.slips),
      asked == nil || context.status.progress == nil
    else { return [] }
    let mark = Mark(
      head: context.status.ledgerHead, waiting: context.status.waiting,
      exceptions: context.status.exceptions,
      lastCapture: context.sentDrafts.last?.serial, isWriting: context.sentDrafts.isWriting)
    guard mark != asked else { return [] }
    asked = mark
    return [context.ask(.ledger(LedgerQuery(limit: Self.greatestCount)), for: Question.slips)]
  }

  private mutating func receive(_ reply: Reply) {
    switch reply {
    case .ledger(let page):
      slips = page.entries
      failure = nil
    case .failed(let failed): failure = failed
    default: break
    }
  }

  // MARK: Painting

  func draw(on frame: inout Frame, in area: Area, _ context: Context) {
    var lines = head(context) + waiting(context, columns: area.columns)
    lines += caps(context, columns: area.columns)
    lines += slipLines(context, columns: area.columns)
    for (row, line) in lines.prefix(area.rows).enumerated() {
      line.draw(on: &frame, in: area, row: row)
    }
  }

  private func head(_ context: Context) -> [DetailLine] {
    let status = context.status
    return [
      DetailLine(
        [.init("This till", .heading)],
        right: [
          .init(status.terminal, .dim, atLeast: 4), .init(status.operatorName, .dim, rank: 1),
        ])
    ]
  }

  private func waiting(_ context: Context, columns: Int) -> [DetailLine] {
    let (status, words) = (context.status, context.words)
    guard status.waiting > 0 else {
      return [DetailLine(), DetailLine([.init("Nothing waits.", .dim)])]
    }
    let oldest = status.oldestWaiting.map { "oldest \(words.shortMoment($0, now: context.now))" }
    let count = DetailLine(
      [.init(status.open.text(words.count), .estimated, atLeast: 8)],
      right: oldest.map { [.init($0, .dim, rank: 1)] } ?? [])
    let sums = status.control.filter { $0.waiting != 0 }.map { totals in
      DetailLine(right: [
        .init("in sum", .dim, rank: 1),
        totals.waiting.minorUnits.map { .money(Money(minorUnits: $0, totals.currency), words) }
          ?? .init("\(totals.currency.code): too great to add", .danger),
      ])
    }
    return [DetailLine(), count] + sums
  }

  /// What may be paid out while the bank is away: now, or should it be lost.
  private func caps(_ context: Context, columns: Int) -> [DetailLine] {
    guard let currency = context.defaultCurrency, context.refusalToEnter == nil else { return [] }
    let caps =
      context.status.caps.isEmpty
      ? [context.status.capsLeft(in: currency)] : context.status.caps
    let title = context.status.isCutOff ? "Left to pay out or transfer" : "To pay out in an outage"
    guard context.offlineTerms.payments != nil else {
      let opening = context.offlineTerms.opening(namesAge: true)
      let text = context.status.isCutOff ? opening : "In an outage: \(opening)"
      return [DetailLine()] + DetailLine.wrapping(text, .dim, columns: columns, atMost: 3)
    }
    let words = context.words
    return [DetailLine(), DetailLine([.init(title, .columnHeading)])]
      + caps.map { caps in
        DetailLine(
          [.init("each \(words.amount(caps.perEntry))", .dim, rank: 1)],
          right: [.money(caps.left, words)])
      }
  }

  private func slipLines(_ context: Context, columns: Int) -> [DetailLine] {
    let title = [DetailLine(), DetailLine([.init("Last slips", .columnHeading)])]
    if let failure {
      return title + DetailLine.wrapping(failure.text, .warning, columns: columns, atMost: 3)
    }
    guard let slips else { return title }
    guard !slips.isEmpty else {
      return title + [DetailLine([.init("None yet.", .dim)])]
    }
    return title + slips.flatMap { line(of: $0, context) }
  }

  /// `0011  14:38  transfer   100.00 CZK`, and below it what it is not yet.
  private func line(of view: LedgerEntryView, _ context: Context) -> [DetailLine] {
    let (entry, words) = (view.entry, context.words)
    let name = context.otherTill(of: entry) == nil ? entry.shortLabel : entry.label
    let moment = words.shortMoment(entry.capturedAt, now: context.now)
    let first = DetailLine(
      [
        .init(name, rank: 1, atLeast: 4), .init(moment, .dim, rank: 3),
        .init(entry.kind.word, rank: 2, atLeast: 4),
      ], right: [.money(entry.amount, words)])
    guard view.state != .posted else { return [first] }
    // Below the moment, which is what the eye looks for beside the slip in the hand.
    let indent = String(repeating: " ", count: displayWidth(of: name))
    return [first, DetailLine([.init(indent), .init(view.standing.words, view.role, atLeast: 8)])]
  }
}

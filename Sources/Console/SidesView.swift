import BankCore
import Screen

/// On a wide screen 5: what was captured, and beside it what the bank has, or else the snapshot.
struct SidesView {
  static let rows = 8
  /// Where there is room for both sides below a list worth the name.
  static func fits(_ area: Area) -> Bool { area.columns >= 110 && area.rows >= rows + 8 }

  private static let labelColumns = 15

  let screen: ReconcileScreen
  let context: Context

  private typealias Line = (label: String, text: String, role: Role)
  private var words: Wording { context.words }

  func draw(on frame: inout Frame, in area: Area) {
    let sides = sides
    guard !sides.captured.isEmpty else { return }
    let half = (area.columns - 4) / 2
    draw("Captured", sides.captured, on: &frame, in: area.right(3).left(half))
    draw(
      isLive ? "In the bank" : "In the snapshot", sides.bank, on: &frame,
      in: area.right(3 + half + 1).left(half - 3))
  }

  private func draw(_ title: String, _ lines: [Line], on frame: inout Frame, in area: Area) {
    frame.write(title, in: area, role: .columnHeading)
    var below = area.below(1)
    for line in lines {
      frame.write(line.label, in: below.left(Self.labelColumns), role: .label)
      let rows = frame.writeParagraph(
        line.text, in: below.right(Self.labelColumns), role: line.role)
      below = below.below(max(1, rows))
    }
  }

  private var sides: (captured: [Line], bank: [Line]) {
    switch screen.pane {
    case .plan:
      guard let line = screen.lines.selectedElement else { return ([], []) }
      return (
        captured(line.entry), account + [("Will be", line.predicted.sentence, line.predicted.role)]
      )
    case .exceptions:
      guard let record = screen.exceptions.selectedElement else { return ([], []) }
      return (captured(record), account + outcome(record))
    case .done, .notices: return ([], [])
    }
  }

  private func captured(_ entry: Entry) -> [Line] {
    var lines: [Line] = [
      (entry.kind.title, words.money(entry.amount), .heading),
      ("Account", entry.accountsInWords, .text),
      (
        "Captured",
        "\(words.moment(entry.capturedAt, now: context.now)) by \(entry.operatorName)",
        .text
      ),
    ]
    lines += CaptureFacts(entry).said.map { ($0.label, $0.text, .text) }
    return lines + [
      ("Value date", words.day(entry.valueDate, now: words.today(context.now)), .text)
    ]
      + [("Entry id", entry.id.description, .dim)]
  }

  private func captured(_ record: ExceptionRecord) -> [Line] {
    [
      (record.kind.title, words.money(record.amount), .heading),
      ("Account", record.accountsInWords, .text),
      (
        "Captured",
        "\(words.moment(record.facts.capturedAt, now: context.now)) by \(record.maker) at \(record.terminal)",
        .text
      ),
      ("Owner", record.owner, .text),
    ] + record.facts.said.map { ($0.label, $0.text, .text) } + [
      ("Open since", words.moment(record.openedAt, now: context.now), .text),
      ("Entry id", record.entry.description, .dim),
    ]
  }

  private func outcome(_ record: ExceptionRecord) -> [Line] {
    var lines: [Line] = [(record.isHeld ? "Held" : "Outcome", record.need, record.outcome.role)]
    if let other = record.probableDuplicateOf {
      lines.append(("Same as?", "\(other): m chooses it", .warning))
    }
    return lines
  }

  /// Whether it is the bank that says so.
  private var isLive: Bool {
    guard let beside = screen.beside else { return context.status.readsLive }
    guard case .success(let view?) = beside.answer else { return beside.isLive }
    return view.provenance.isLive
  }

  /// The account as it is there now.
  private var account: [Line] {
    guard let beside = screen.beside else { return [("Account", "reading…", .dim)] }
    let view: AccountView
    switch beside.answer {
    case .success(let found?): view = found
    case .success(nil):
      let place = beside.isLive ? "not known to the bank" : "not in the snapshot"
      return [("Account", "\(beside.number) is \(place)", .warning)]
    case .failure(let failure):
      return [("Account", "\(beside.number) could not be read: \(failure.text)", .warning)]
    }
    let account = view.account
    return [
      ("Account", "\(account.number)  \(account.holder)", .text),
      ("Status", account.status.rawValue, account.status.role),
      (
        "Balance",
        "\(words.money(account.balance))  \(words.source(view.provenance, now: context.now))", .text
      ),
    ]
  }
}

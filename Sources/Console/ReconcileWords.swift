import BankCore
import Screen

/// Where things are on screen 5. The totals take as many rows as there are currencies.
struct ReconcileLayout {
  let totals: Area
  let progress: Area
  let panes: Area
  let list: Area
  /// What was captured and what the bank has, side by side; nil where there is no room for it.
  let sides: Area?
  /// What would become of the selected entry, or what is to be done about it.
  let sentence: Area

  init(_ screen: ReconcileScreen, _ body: Area, _ context: Context) {
    let inner = Area(column: 1, row: body.row, columns: body.columns - 2, rows: body.rows)
    let body = body.top(body.rows - 1)
    sentence = inner.below(body.rows).top(1)
    let wanted = ControlTotalsView(totals: screen.shownTotals(context.status), words: context.words)
      .rows(columns: inner.columns)
    let rows = min(wanted, max(2, body.rows - 7))
    totals = inner.top(rows)
    progress = inner.below(rows).top(1)
    panes = inner.below(rows + 1).top(1)
    let rest = body.below(rows + 2)
    let hasSides = SidesView.fits(rest)
    list = hasSides ? rest.top(rest.rows - SidesView.rows - 1) : rest
    sides = hasSides ? rest.below(rest.rows - SidesView.rows) : nil
  }
}

/// Draws the control totals: captured = posted + suspense + refused + voided + waiting.
struct ControlTotalsView {
  private static let columnColumns = 14

  let totals: [ControlTotals]
  let words: Wording
  /// What is said beside the verdict of those that wait.
  var apart = ""

  private let titles = ["Captured", "= Posted", "+ Suspense", "+ Refused", "+ Voided", "+ Waiting"]

  /// Rows the totals take: headings, one row for each currency or more where figures are long, and
  /// the verdict.
  func rows(columns: Int) -> Int {
    guard !totals.isEmpty else { return 2 }
    return 2 + totals.reduce(0) { $0 + rows(of: $1, columns) }
  }

  func draw(on frame: inout Frame, in area: Area) {
    guard !totals.isEmpty else {
      frame.write("No control totals yet: nothing was captured.", in: area, role: .dim)
      return
    }
    let width = columnWidth(area.columns)
    for (index, title) in titles.enumerated() {
      frame.write(
        title, at: area.position(4 + index * width, 0), role: .columnHeading, width: width - 1,
        alignment: .trailing)
    }
    var row = 1
    for (index, total) in totals.enumerated() {
      let isLast = index == totals.count - 1
      // The last row has the verdict; where currencies are left over, the one before counts them.
      guard row + rows(of: total, area.columns) <= area.rows - (isLast ? 1 : 2) else {
        let left = totals.count - index
        let text = words.count(left, "more currency", "more currencies")
        frame.write(
          "\(text): daybook reconcile --plan lists all", in: area, row: row, role: .warning)
        row += 1
        break
      }
      if fits(total, area.columns) {
        drawRow(total, width, on: &frame, in: area, row: row)
        row += 1
      } else {
        for line in lines(total, area.columns) {
          frame.write(line, in: area, row: row)
          row += 1
        }
      }
    }
    var verdict = verdict
    if displayWidth(of: verdict.text) + displayWidth(of: apart) + 2 > area.columns {
      // What is told apart stands beside the first half of the sentence.
      verdict.text = String(verdict.text.prefix { $0 != ":" }) + "."
    }
    frame.write(
      verdict.text, right: apart, in: area, row: min(row, area.rows - 1), role: verdict.role,
      rightRole: .warning)
  }

  private func rows(of total: ControlTotals, _ columns: Int) -> Int {
    fits(total, columns) ? 1 : lines(total, columns).count
  }

  private func drawRow(
    _ total: ControlTotals, _ width: Int, on frame: inout Frame, in area: Area, row: Int
  ) {
    frame.write(total.currency.code, at: area.position(0, row), role: .label)
    for (index, figure) in figures(total).enumerated() {
      frame.write(
        figure, at: area.position(4 + index * width, row), role: total.agrees ? .text : .danger,
        width: width - 1, alignment: .trailing)
    }
  }

  var verdict: (text: String, role: Role) {
    let impossible = totals.filter { !$0.isExact }.map(\.currency.code)
    if !impossible.isEmpty {
      return (
        "\(impossible.joined(separator: ", ")) CANNOT BE ADDED: call a supervisor.", .danger
      )
    }
    let wrong = totals.filter { !$0.agrees }.map(\.currency.code)
    return wrong.isEmpty
      ? ("Totals agree: everything captured is accounted for.", .success)
      : ("\(wrong.joined(separator: ", ")) DO NOT AGREE: call a supervisor.", .danger)
  }

  private func columnWidth(_ columns: Int) -> Int { min(20, (columns - 4) / titles.count) }

  private func figures(_ total: ControlTotals) -> [String] {
    [
      total.captured, total.posted, total.suspense, total.refused, total.voided, total.waiting,
    ].map { $0.words(total.currency, words.amount) }
  }

  private func fits(_ total: ControlTotals, _ columns: Int) -> Bool {
    let room = columnWidth(columns) - 1
    return figures(total).allSatisfy { $0.count <= room }
  }

  // Figures too long for their columns: a sum that is cut short would be a lie.
  private func lines(_ total: ControlTotals, _ columns: Int) -> [String] {
    // A term stays in one line: its word, its sign and its figure.
    var lines = [total.currency.code]
    for part in zip(titles, figures(total)).map({ "\($0) \($1)" }) {
      let longer = "\(lines.last ?? "") \(part)"
      if displayWidth(of: longer) <= columns {
        lines[lines.count - 1] = longer
      } else {
        lines.append(part)
      }
    }
    return lines.flatMap { wrapped($0, columns: columns) }
  }
}

extension Decision.Verdict {
  /// What the list says will become of an entry.
  var words: String {
    switch self {
    case .decided(.posted, let flags):
      flags.isEmpty ? "posted" : "posted, \(flags.sorted().map(\.word).joined(separator: ", "))"
    case .decided(.suspense(let reason), _): "suspense \(reason.code)"
    case .decided(.refused(let reason), _): "refused \(reason.code)"
    case .held(let reason): "held \(reason.code)"
    case .blocked(let reason): "BLOCKED \(reason.code)"
    case .alarm(let reason): "ALARM \(reason.code)"
    }
  }

  /// The same in a sentence.
  var sentence: String {
    switch self {
    case .decided(.posted, let flags):
      flags.isEmpty
        ? "Will be posted."
        : "Will be posted. \(flags.sorted().map(\.text).joined(separator: " "))"
    case .decided(.suspense(let reason), _):
      "Will be placed in suspense. \(reason.withCode)"
    case .decided(.refused(let reason), _): "Will be refused. \(reason.withCode)"
    case .held(let reason): "Will go on waiting. \(reason.withCode)"
    case .blocked(let reason): "Blocked until a person decides. \(reason.withCode)"
    case .alarm(let reason): "The books contradict this terminal. \(reason.withCode)"
    }
  }

  var role: Role {
    switch self {
    case .decided(.posted, let flags): flags.contains(where: \.needsPerson) ? .warning : .success
    case .decided(.suspense, _), .held: .estimated
    case .decided(.refused, _), .blocked, .alarm: .danger
    }
  }
}

extension Flag {
  /// One or two words for a list.
  var word: String {
    switch self {
    case .overdrawn: "overdrawn"
    case .overLimit: "over limit"
    case .probableDuplicate: "duplicate?"
    case .backValue: "back value"
    case .valueDate: "value date?"
    }
  }
}

extension Reason {
  /// Its sentence, and its code after it.
  var withCode: String { Wording.withCode(text, code: code) }
}

extension ExceptionRecord {
  /// What must be done, for a narrow column.
  var needInShort: String {
    switch outcome {
    case .suspense where held?.isBlocked == true: "decide: it is blocked"
    case .suspense where isHeld: "decide: held at till"
    case .suspense(.unknownAccount): "find the account"
    case .suspense(.accountClosed): "settle: closed"
    case .suspense(.accountFrozen): "settle: frozen"
    case .suspense(.currencyDiffers): "settle: currency"
    case .suspense: "settle it"
    case .refused: "tell the customer"
    case .posted: flags.filter(\.needsPerson).sorted().map(\.word).joined(separator: ", ")
    }
  }
}

extension ReconciliationReport {
  /// `13 posted, 1 already posted, 1 suspense`: what is not zero.
  func inWords(_ words: Wording) -> String {
    let parts = [
      (posted, "posted"), (alreadyPosted, "already posted"), (suspense, "in suspense"),
      (refused, "refused"), (waiting, "still waiting"), (untold.count, "to keep or to void"),
    ].filter { $0.0 > 0 }.map { "\(words.count($0.0)) \($0.1)" }
    return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
  }
}

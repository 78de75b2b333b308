import BankCore
import Screen

/// Where things are on screen 5, in the column of its list: the totals take as many rows as there are
/// currencies.
struct ReconcileLayout {
  let totals: Area
  let progress: Area
  let panes: Area
  let list: Area
  /// What would become of the selected entry, or what is to be done about it; nil where a detail says so.
  let sentence: Area?

  init(_ screen: ReconcileScreen, _ context: Context) {
    let layout = context.layout(of: ReconcileScreen.self)
    var column = layout.list
    if layout.detail == nil {
      sentence = column.inset.below(column.rows - 1).top(1)
      column = column.top(column.rows - 1)
    } else {
      sentence = nil
    }
    let inner = column.inset
    let wanted = ControlTotalsView(totals: screen.shownTotals(context.status), words: context.words)
      .rows(columns: inner.columns)
    let rows = min(wanted, max(2, column.rows - 7))
    totals = inner.top(rows)
    progress = inner.below(rows).top(1)
    panes = inner.below(rows + 1).top(1)
    list = column.below(rows + 2)
  }
}

/// Draws the control totals: captured = posted + suspense + refused + voided + waiting.
struct ControlTotalsView {
  let totals: [ControlTotals]
  let words: Wording
  /// What is said beside the verdict of those that wait.
  var apart = ""

  private let titles = ["Captured", "= Posted", "+ Suspense", "+ Refused", "+ Voided", "+ Waiting"]

  /// Over narrow columns all of them without their signs: a word is there whole.
  private func headings(_ columns: Int) -> [String] {
    guard displayWidth(ofWidest: titles) > columns else { return titles }
    return titles.map { $0.split(separator: " ").last.map(String.init) ?? $0 }
  }

  /// Rows the totals take: headings, one row for each currency or more where figures are long, and
  /// the verdict.
  func rows(columns: Int) -> Int {
    guard !totals.isEmpty else { return 2 }
    return headingRows(columns) + totals.reduce(1) { $0 + rows(of: $1, columns) }
  }

  /// Words in lines name their figures themselves.
  private func headingRows(_ columns: Int) -> Int {
    totals.contains { fits($0, columns) } ? 1 : 0
  }

  func draw(on frame: inout Frame, in area: Area) {
    guard !totals.isEmpty else {
      frame.write("No control totals yet: nothing was captured.", in: area, role: .dim)
      return
    }
    let width = columnWidth(area.columns)
    var row = headingRows(area.columns)
    for (index, title) in headings(width - 1).enumerated() where row > 0 {
      frame.write(
        title, at: area.position(4 + index * width, 0), role: .columnHeading, width: width - 1,
        alignment: .trailing)
    }
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

  /// The same for a narrow column: the first flag says that somebody has to look.
  var inShort: String {
    guard case .decided(.posted, let flags) = self, let first = flags.min() else { return words }
    return flags.count == 1 ? first.word : "\(first.word) +\(flags.count - 1)"
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

extension ReconciliationPlan.Line {
  /// What becomes of it; while the bank cannot be asked, what its customer was told.
  var willBe: String { predicted?.words ?? view.standing.words }
  /// The same in a word or two.
  var willBeInShort: String { predicted?.inShort ?? view.standing.word }
  var role: Role { predicted?.role ?? view.role }

  /// The same in a sentence.
  var sentence: String {
    predicted?.sentence
      ?? "\(view.standing.words). The rest is known once the bank can be asked."
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

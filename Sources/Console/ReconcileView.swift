import BankCore
import Screen

/// Draws screen 5.
struct ReconcileView {
  let screen: ReconcileScreen
  let context: Context

  private var status: ServiceStatus { context.status }
  private var words: Wording { context.words }

  func draw(on frame: inout Frame) {
    let window = context.layout(of: ReconcileScreen.self)
    let isFiltered = screen.filter?.field.isEmpty == false
    ListHead(
      title: "Reconcile", found: screen.found(words),
      source: isFiltered ? screen.foundSums(words) : standing, sourceRole: .text
    ).paint(screen.filter, on: &frame, in: window.head, context)
    let layout = ReconcileLayout(screen, context)
    ControlTotalsView(totals: screen.shownTotals(status), words: words, apart: undecidedApart)
      .draw(on: &frame, in: layout.totals)
    paintProgress(on: &frame, in: layout.progress)
    paintPanes(on: &frame, in: layout.panes)
    switch screen.pane {
    case .plan: paintPlan(on: &frame, in: layout.list)
    case .done: paintDone(on: &frame, in: layout.list)
    case .exceptions: paintExceptions(on: &frame, in: layout.list)
    case .notices: paintNotices(on: &frame, in: layout.list)
    }
    if let detail = window.detail {
      SidesView(screen: screen, context: context)
        .draw(on: &frame, in: detail, isPane: window.detailKind == .pane)
    }
    if let sentence = layout.sentence { paintSelectedInReconcile(on: &frame, in: sentence) }
    if let third = window.till, screen.hasOwnThirdPane { paintDonePane(on: &frame, in: third) }
  }

  /// Of what waits: what is of unknown outcome, and what the bank knows with other content.
  var undecidedApart: String {
    var apart = status.open
    apart.waiting = 0
    return apart.count == 0 ? "" : "of those waiting: \(apart.text(words.count))"
  }

  var standing: String {
    if screen.isRunning { return "reconciling…" }
    if let report = screen.report { return "last run: \(report.inWords(words))" }
    return status.waiting == 0 ? "nothing waits" : status.open.text(words.count)
  }

  private func paintProgress(on frame: inout Frame, in area: Area) {
    let settling = screen.settling?.isOfMany == true ? screen.settling?.progress : nil
    guard let progress = settling ?? status.progress, progress.total > 0 else {
      frame.write(silence(columns: area.columns), in: area, role: .warning)
      return
    }
    let act = settling == nil ? "" : "Settling "
    let label = "\(act)\(words.count(progress.done)) of \(words.count(progress.total)) "
    let used = frame.write(label, at: area.position(0, 0), role: .progress)
    let width = min(50, area.columns - used - 2)
    let filled = width * min(progress.done, progress.total) / progress.total
    let bar =
      String(repeating: "█", count: max(0, filled))
      + String(repeating: "░", count: max(0, width - filled))
    frame.write(bar, at: area.position(used + 1, 0), role: .progress)
  }

  /// As many names as there is room for, each of them whole, and how many there are.
  func silence(columns: Int) -> String {
    if screen.plan?.unasked != nil, !screen.lines.loaded.isEmpty {
      return "What becomes of them is known once the bank can be asked."
    }
    // Long after an outage nobody asks who has not reported since.
    guard !screen.lines.loaded.isEmpty || screen.report != nil,
      let names = screen.plan?.silentTerminals, !names.isEmpty
    else { return "" }
    let head = "Not heard from since the outage began: "
    let texts = (0...names.count).reversed().map { shown in
      let rest = names.count - shown
      let tail = rest == 0 ? [] : [shown == 0 ? "\(rest) tills" : "\(words.count(rest)) more"]
      return head + (names.prefix(shown) + tail).joined(separator: ", ")
    }
    return texts.first { displayWidth(of: $0) <= columns } ?? texts.last ?? head
  }

  /// The lists that there are, with how many each has.
  var titles: [(ReconcileScreen.Pane, String)] {
    [
      (.plan, hasPlan ? "Plan \(words.count(screen.lines.loaded.count))" : "Plan"),
      (.done, "Done \(words.count(screen.done.count))"),
      (
        .exceptions,
        knowsExceptions
          ? "Exceptions \(words.count(screen.exceptions.loaded.count))\(ofAllExceptions)"
          : "Exceptions"
      ),
      (.notices, "Notices \(words.count(screen.notices.loaded.count))"),
    ].filter { $0.0 != .notices || !screen.notices.loaded.isEmpty }
  }

  private func paintPanes(on frame: inout Frame, in area: Area) {
    var column = 0
    for (pane, title) in titles {
      let isOpen = pane == screen.pane
      let text = isOpen ? "[\(title)]" : " \(title) "
      column += frame.write(
        text, at: area.position(column, 0), role: isOpen ? .heading : .dim)
      column += 1
    }
  }

  /// The list shows so many of how many.
  private var ofAllExceptions: String {
    guard screen.exceptionsLeftOut > 0 else { return "" }
    let all = screen.exceptions.loaded.count + screen.exceptionsLeftOut
    return " of \(words.count(all))"
  }

  /// Without one nothing is counted: "0" would say that nothing waits.
  private var hasPlan: Bool { screen.plan != nil && screen.planFailure == nil }

  private var knowsExceptions: Bool {
    screen.exceptions.isLoaded && screen.exceptionsFailure == nil
  }

  private func paintPlan(on frame: inout Frame, in area: Area) {
    ListTable(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1), atLeast: 5),
        .init(title: "Captured", width: .fixed(8), appearsAt: 104),
        .init(title: "Kind", width: .fixed(10), appearsAt: area.columns < 64 ? 1 : 0),
        .init(
          title: "Accounts", width: .flexible(minimum: area.columns >= 120 ? 23 : 12, share: 2),
          atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 8), appearsAt: 96),
        .money("Amount", minimum: 8), .currency,
        .init(title: "Will be", width: .flexible(minimum: 17, share: 2), atLeast: 13),
      ], in: area
    ).draw(
      screen.lines, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyPlanText
    ) { line in
      let entry = line.entry
      return [
        .init(entry.label, short: entry.shortLabel), .init(words.time(entry.capturedAt), .dim),
        .init(entry.kind.word), .accounts(of: entry), .init(entry.memo, .dim),
        .amount(entry.amount, words), .init(entry.amount.currency.code, .dim),
        .init(line.willBe, line.role, short: line.willBeInShort),
      ]
    }
  }

  private func paintExceptions(on frame: inout Frame, in area: Area) {
    ListTable(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1)),
        .init(title: "Kind", width: .fixed(10), appearsAt: 96),
        .init(title: "Account", width: .flexible(minimum: 10, share: 1), atLeast: 8),
        .init(title: "Maker", width: .fixed(12), appearsAt: 110),
        .money("Amount", minimum: 8), .currency,
        .init(title: "What is to be done", width: .flexible(minimum: 20, share: 4), atLeast: 14),
      ], in: area
    ).draw(
      screen.exceptions, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyExceptionsText
    ) { record in
      [
        .init(record.label), .init(record.kind.word), .init(record.account.text, keepsEnd: true),
        .init(record.maker, .dim), .amount(record.amount, words),
        .init(record.amount.currency.code, .dim), need(of: record),
      ]
    }
  }

  /// What is to be done; where it was tried and refused, why.
  func need(of record: ExceptionRecord) -> ListTable.Entry {
    guard let failure = screen.done.refusals[record.entry] else {
      return .init(record.need, record.outcome.role, short: record.needInShort)
    }
    return .init("not settled: \(failure.text)", .danger, short: "not settled \(failure.code)")
  }

  private func paintSelectedInReconcile(on frame: inout Frame, in area: Area) {
    switch screen.pane {
    case .plan:
      guard let line = screen.lines.selectedElement else { return }
      frame.write(
        fitting(line.sentence, after: line.entry.label, in: area), in: area, role: .dim)
    case .exceptions:
      guard let record = screen.exceptions.selectedElement else { return }
      let need = need(of: record)
      frame.write(fitting(need.text, after: record.label, in: area), in: area, role: need.role)
    case .done:
      guard screen.done.list.selectedElement != nil else { return }
      frame.write("Press r for the receipt.", in: area, role: .dim)
    case .notices:
      guard screen.notices.selectedElement != nil else { return }
      frame.write("Press enter to mark it as done.", in: area, role: .dim)
    }
  }

  /// The selected row has the label too: it gives way to a long sentence.
  private func fitting(_ sentence: String, after label: String, in area: Area) -> String {
    let full = "\(label)  \(sentence)"
    return displayWidth(of: full) <= area.columns ? full : sentence
  }

  var emptyPlanText: String {
    if let noBankYet = context.noBankYet { return noBankYet }
    if let failure = screen.planFailure { return "\(failure.text) \(failure.fix)" }
    if status.progress != nil {
      return "Reconciling is under way. What is left is shown at the end."
    }
    if !screen.lines.loaded.isEmpty { return screen.lines.nothingFound("", words) }
    return screen.plan == nil ? "Reading what waits…" : "Nothing waits."
  }

  var emptyExceptionsText: String {
    if let failure = screen.exceptionsFailure { return "\(failure.text) \(failure.fix)" }
    if !screen.exceptions.loaded.isEmpty {
      return screen.exceptions.nothingFound("", leftOut: screen.exceptionsLeftOut, words)
    }
    return context.questions.isOpen(ReconcileScreen.Question.exceptions)
      ? "Reading the exceptions…" : "No exception waits for a person."
  }
}

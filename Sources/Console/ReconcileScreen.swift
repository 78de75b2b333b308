import BankCore
import Screen

/// Screen 5: whether everything captured is accounted for, what would become of what waits, and
/// the exceptions that a person must settle.
struct ReconcileScreen: Sendable {
  enum Pane: Hashable, Sendable { case plan, exceptions, notices }

  var pane = Pane.plan
  var plan: ReconciliationPlan?
  var planFailure: Failure?
  var lines = ListWindow<ReconciliationPlan.Line>()
  var exceptions = ListWindow<ExceptionRecord>()
  var notices = ListWindow<Notice>()
  var exceptionsFailure: Failure?
  var hasReadExceptions = false
  /// Open ones that the list does not show.
  var exceptionsLeftOut = 0
  var report: ReconciliationReport?
  /// What was settled last, until the bank has answered.
  var settling: SettlePanel?
  var isRunning = false
  /// The account of what is selected; nil until it has been read.
  var beside: Beside?
  /// Whether the bank itself was asked for it.
  var asksBankForBeside = false

  /// What was found of an account, and whether it is the bank that says so: what is not in the
  /// snapshot may well be in the bank.
  struct Beside: Sendable {
    let number: AccountNumber
    let answer: Result<AccountView?, Failure>
    let isLive: Bool
  }

  /// The account that what is selected was meant for.
  var selectedAccount: AccountNumber? {
    switch pane {
    case .plan: lines.selectedElement?.entry.customerAccounts.first
    case .exceptions: exceptions.selectedElement?.account
    case .notices: nil
    }
  }

  var selectedEntry: EntryID? {
    switch pane {
    case .plan: lines.selected
    case .exceptions: exceptions.selected
    case .notices: notices.selected
    }
  }

  /// The pane after the open one; that of the notices is there while one is open.
  var nextPane: Pane {
    switch pane {
    case .plan: .exceptions
    case .exceptions: notices.elements.isEmpty ? .plan : .notices
    case .notices: .plan
    }
  }

  static let bindings: [Binding] = [
    Binding(
      .character("s"), word: "start", help: "Send what waits to the bank, as the plan says",
      footer: .essential,
      objection: { $0.objectionToReconciling }
    ) { $0.startReconciling() },
    Binding(
      .tab, .backTab, word: "plan/exceptions", help: "The plan, the exceptions, the notices",
      footer: .essential
    ) { state in
      state.reconcile.pane = state.reconcile.nextPane
      return state.askBeside()
    },
    Binding(
      .enter, word: "settle", help: "Settle the selected exception, or see to the selected notice",
      footer: .essential,
      objection: {
        $0.reconcile.pane == .notices ? $0.objectionToSeeing : $0.objectionToSettling
      }
    ) { $0.reconcile.pane == .notices ? $0.openNotice() : $0.openSettlement() },
  ]
}

extension ReconciliationPlan.Line: Listed {
  var listID: EntryID { entry.id }
}

extension Request {
  /// The exceptions that the screen shows; it says how many there are besides.
  static let worklist = Request.exceptions(ExceptionQuery(limit: 1_000))
}

extension ExceptionRecord: Listed {
  var listID: EntryID { entry }
}

extension ConsoleState {
  // MARK: Questions and replies

  /// Opens where something is to be done: a notice first, then an exception beside an empty plan.
  mutating func chooseReconcilePane() {
    if !context.openNotices.isEmpty {
      reconcile.pane = .notices
    } else {
      reconcile.pane = status.waiting == 0 && status.exceptions > 0 ? .exceptions : .plan
    }
  }

  mutating func loadReconcile() -> [Effect] {
    reconcile.notices.replace(with: context.openNotices, hasMoreAbove: false, hasMoreBelow: false)
    if context.openNotices.isEmpty, reconcile.pane == .notices { reconcile.pane = .plan }
    reconcile.beside = nil
    let exceptions = ask(.worklist, for: .exceptions)
    // Of what is being booked nothing need be foretold; at its end the screen is read again.
    return status.progress == nil ? [ask(.plan, for: .plan), exceptions] : [exceptions]
  }

  /// Reads the account of what is selected, where the screen has room to show it.
  mutating func askBeside() -> [Effect] {
    let layout = ReconcileLayout(self, Layout(size).body)
    guard layout.sides != nil, let number = reconcile.selectedAccount,
      reconcile.beside?.number != number
    else { return [] }
    reconcile.beside = nil
    reconcile.asksBankForBeside = status.readsLive
    return [ask(.account(number), for: .beside(number))]
  }

  mutating func receiveBeside(_ reply: Reply, _ number: AccountNumber) {
    let answer: Result<AccountView?, Failure>
    switch reply {
    case .account(let view): answer = .success(view)
    case .failed(let failure): answer = .failure(failure)
    default: return
    }
    // An answer that the bank was asked for and lost over comes from the snapshot.
    let isLive = reconcile.asksBankForBeside && status.readsLive
    reconcile.beside = ReconcileScreen.Beside(number: number, answer: answer, isLive: isLive)
  }

  mutating func receivePlan(_ reply: Reply) -> [Effect] {
    switch reply {
    case .plan(let plan):
      reconcile.plan = plan
      reconcile.planFailure = nil
      reconcile.lines.replace(with: plan.lines, hasMoreAbove: false, hasMoreBelow: false)
    case .failed(let failure):
      // What would become of entries is true of the moment alone: no row outlives its answer.
      reconcile.plan = nil
      reconcile.planFailure = failure
      reconcile.lines.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
    default: break
    }
    return askBeside()
  }

  mutating func receiveExceptions(_ reply: Reply) -> [Effect] {
    switch reply {
    case .exceptions(let page):
      reconcile.exceptionsFailure = nil
      reconcile.hasReadExceptions = true
      reconcile.exceptionsLeftOut = page.leftOut
      reconcile.exceptions.replace(
        with: page.records.filter { $0.settlement == nil }, hasMoreAbove: false, hasMoreBelow: false
      )
    case .failed(let failure):
      // Others settle them meanwhile.
      reconcile.exceptionsFailure = failure
      reconcile.exceptionsLeftOut = 0
      reconcile.exceptions.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
    default: break
    }
    return askBeside()
  }

  var objectionToReconciling: String? {
    if reconcile.isRunning || status.progress != nil { return "It is under way." }
    switch status.mode {
    case .starting: return "The bank is still being checked."
    case .manual: return "The bank is away: nothing can be sent. Serve on."
    case .suspect: return "The bank is not answering in time: wait until it does."
    case .quarantined: return "Nothing is sent there until a supervisor decides."
    case .online, .reconciling: return status.waiting == 0 ? "Nothing waits." : nil
    }
  }

  mutating func startReconciling() -> [Effect] {
    reconcile.isRunning = true
    reconcile.report = nil
    return [ask(.reconcile, for: .reconcile)]
  }

  mutating func receiveReconciled(_ reply: Reply) -> [Effect] {
    reconcile.isRunning = false
    switch reply {
    case .reconciled(let report):
      reconcile.report = report
      let agree = report.control.allSatisfy(\.agrees)
      let isSettled = report.exceptions == 0 && report.waiting == 0 && report.untold.isEmpty
      let outcome = report.inWords(words)
      message =
        agree
        ? (isSettled ? .good("Reconciled: \(outcome).") : .cannot("Reconciled: \(outcome)."))
        : .alarm("Control totals DO NOT AGREE: \(outcome).")
      if report.exceptions > 0 { reconcile.pane = .exceptions }
    case .failed(let failure): message = .failed(failure)
    default: break
    }
    return refresh()
  }

  // MARK: Moving

  mutating func moveInReconcile(_ motion: Motion) -> [Effect] {
    let rows = Table.visibleRows(in: ReconcileLayout(self, Layout(size).body).list)
    switch reconcile.pane {
    case .plan: _ = reconcile.lines.move(motion, rows: rows)
    case .exceptions: _ = reconcile.exceptions.move(motion, rows: rows)
    case .notices: _ = reconcile.notices.move(motion, rows: rows)
    }
    return askBeside()
  }

  // MARK: Painting

  func paintReconcile(on frame: inout Frame, in area: Area) {
    let title = Layout(size).title
    frame.write("Reconcile", right: reconcileStanding, in: title, role: .heading, rightRole: .text)
    let layout = ReconcileLayout(self, area)
    ControlTotalsView(totals: shownTotals, words: words, apart: undecidedApart)
      .draw(on: &frame, in: layout.totals)
    paintProgress(on: &frame, in: layout.progress)
    paintPanes(on: &frame, in: layout.panes)
    switch reconcile.pane {
    case .plan: paintPlan(on: &frame, in: layout.list)
    case .exceptions: paintExceptions(on: &frame, in: layout.list)
    case .notices: paintNotices(on: &frame, in: layout.list)
    }
    if let sides = layout.sides { SidesView(state: self).draw(on: &frame, in: sides) }
    paintSelectedInReconcile(on: &frame, in: Layout(size).status)
  }

  /// The newest totals there are: the status follows every change.
  var shownTotals: [ControlTotals] {
    status.control.isEmpty
      ? reconcile.report?.control ?? reconcile.plan?.control ?? [] : status.control
  }

  /// Of what waits: what is of unknown outcome, and what the bank knows with other content.
  private var undecidedApart: String {
    var apart = status.open
    apart.waiting = 0
    return apart.count == 0 ? "" : "of those waiting: \(apart.text(words.count))"
  }

  private var reconcileStanding: String {
    if reconcile.isRunning { return "reconciling…" }
    if let report = reconcile.report { return "last run: \(report.inWords(words))" }
    return status.waiting == 0 ? "nothing waits" : status.open.text(words.count)
  }

  private func paintProgress(on frame: inout Frame, in area: Area) {
    guard let progress = status.progress, progress.total > 0 else {
      // Long after an outage nobody asks who has not reported since.
      guard !reconcile.lines.elements.isEmpty || reconcile.report != nil,
        let silent = reconcile.plan?.silentTerminals, !silent.isEmpty
      else { return }
      frame.write(silence(silent, columns: area.columns), in: area, role: .warning)
      return
    }
    let label = "\(words.count(progress.done)) of \(words.count(progress.total)) "
    let used = frame.write(label, at: area.position(0, 0), role: .progress)
    let width = min(50, area.columns - used - 2)
    let filled = width * min(progress.done, progress.total) / progress.total
    let glyph = options.isASCIIOnly ? "#" : "█"
    let empty = options.isASCIIOnly ? "." : "░"
    let bar =
      String(repeating: glyph, count: max(0, filled))
      + String(repeating: empty, count: max(0, width - filled))
    frame.write(bar, at: area.position(used + 1, 0), role: .progress)
  }

  /// As many names as there is room for, each of them whole, and how many there are.
  private func silence(_ names: [String], columns: Int) -> String {
    let head = "Not heard from since the outage began: "
    let texts = (0...names.count).reversed().map { shown in
      let rest = names.count - shown
      let tail = rest == 0 ? [] : [shown == 0 ? "\(rest) tills" : "\(words.count(rest)) more"]
      return head + (names.prefix(shown) + tail).joined(separator: ", ")
    }
    return texts.first { displayWidth(of: $0) <= columns } ?? texts.last ?? head
  }

  private func paintPanes(on frame: inout Frame, in area: Area) {
    let titles: [(ReconcileScreen.Pane, String)] = [
      (.plan, hasPlan ? "Plan \(words.count(reconcile.lines.elements.count))" : "Plan"),
      (
        .exceptions,
        knowsExceptions
          ? "Exceptions \(words.count(reconcile.exceptions.elements.count))\(ofAllExceptions)"
          : "Exceptions"
      ),
      (.notices, "Notices \(words.count(reconcile.notices.elements.count))"),
    ].filter { $0.0 != .notices || !reconcile.notices.elements.isEmpty }
    var column = 0
    for (pane, title) in titles {
      let isOpen = pane == reconcile.pane
      let text = isOpen ? "[\(title)]" : " \(title) "
      column += frame.write(
        text, at: area.position(column, 0), role: isOpen ? .heading : .dim)
      column += 1
    }
  }

  /// The list shows so many of how many.
  private var ofAllExceptions: String {
    guard reconcile.exceptionsLeftOut > 0 else { return "" }
    let all = reconcile.exceptions.elements.count + reconcile.exceptionsLeftOut
    return " of \(words.count(all))"
  }

  /// Without one nothing is counted: "0" would say that nothing waits.
  private var hasPlan: Bool { reconcile.plan != nil && reconcile.planFailure == nil }

  private var knowsExceptions: Bool {
    reconcile.hasReadExceptions && reconcile.exceptionsFailure == nil
  }

  private func paintPlan(on frame: inout Frame, in area: Area) {
    Table(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1)),
        .init(title: "Captured", width: .fixed(8), appearsAt: 104),
        .init(title: "Kind", width: .fixed(10)),
        .init(
          title: "Accounts", width: .flexible(minimum: area.columns >= 100 ? 23 : 12, share: 3),
          atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 3), appearsAt: 120),
        .money("Amount", minimum: 13), .currency,
        .init(title: "Will be", width: .flexible(minimum: 17, share: 3), atLeast: 13),
      ], in: area
    ).draw(
      reconcile.lines, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyPlanText
    ) { line in
      let entry = line.entry
      return [
        .init(entry.label), .init(words.time(entry.capturedAt), .dim), .init(entry.kind.word),
        .accounts(of: entry), .init(entry.memo, .dim), .init(words.amount(entry.amount)),
        .init(entry.amount.currency.code, .dim), .init(line.predicted.words, line.predicted.role),
      ]
    }
  }

  private func paintExceptions(on frame: inout Frame, in area: Area) {
    Table(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1)),
        .init(title: "Kind", width: .fixed(10), appearsAt: 96),
        .init(title: "Account", width: .flexible(minimum: 12, share: 1)),
        .init(title: "Maker", width: .fixed(12), appearsAt: 110),
        .money("Amount", minimum: 14), .currency,
        .init(title: "What is to be done", width: .flexible(minimum: 20, share: 4)),
      ], in: area
    ).draw(
      reconcile.exceptions, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyExceptionsText
    ) { record in
      [
        .init(record.label), .init(record.kind.word), .init(record.account.text, keepsEnd: true),
        .init(record.maker, .dim), .init(words.amount(record.amount)),
        .init(record.amount.currency.code, .dim),
        .init(record.need, record.outcome.role, short: record.needInShort),
      ]
    }
  }

  private func paintSelectedInReconcile(on frame: inout Frame, in area: Area) {
    switch reconcile.pane {
    case .plan:
      guard let line = reconcile.lines.selectedElement else { return }
      frame.write(
        fitting(line.predicted.sentence, after: line.entry.label, in: area), in: area, role: .dim)
    case .exceptions:
      guard let record = reconcile.exceptions.selectedElement else { return }
      frame.write(
        fitting(record.need, after: record.label, in: area), in: area, role: record.outcome.role)
    case .notices:
      guard objectionToSeeing == nil else { return }
      frame.write("enter notes it as seen to.", in: area, role: .dim)
    }
  }

  /// The selected row has the label too: it gives way to a long sentence.
  private func fitting(_ sentence: String, after label: String, in area: Area) -> String {
    let full = "\(label)  \(sentence)"
    return displayWidth(of: full) <= area.columns ? full : sentence
  }

  private var emptyPlanText: String {
    if let failure = reconcile.planFailure { return "\(failure.text) \(failure.fix)" }
    if status.progress != nil { return "It is under way. What stays is shown at its end." }
    return reconcile.plan == nil ? "Reading what waits…" : "Nothing waits."
  }

  private var emptyExceptionsText: String {
    if let failure = reconcile.exceptionsFailure { return "\(failure.text) \(failure.fix)" }
    return questions.isOpen(.exceptions)
      ? "Reading the exceptions…" : "No exception waits for a person."
  }
}

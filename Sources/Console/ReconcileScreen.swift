import BankCore
import Screen

/// Screen 5: whether everything captured is accounted for, what would become of what waits, and
/// the exceptions that a person must settle.
struct ReconcileScreen: ScreenModel {
  static let name = ScreenName.reconcile
  static let title = "Reconcile"
  static let word = "reconcile"
  static let hasDetail = true
  static let about =
    "The control totals of all that was captured stand above. The plan below says what "
    + "becomes of each waiting entry. A person settles the exceptions, and marks notices as done. "
    + "What was sent and settled stays to be read under Done."

  enum Pane: Hashable, Sendable, CaseIterable { case plan, done, exceptions, notices }

  enum Action: ScreenAction {
    typealias Screen = ReconcileScreen
    case start, nextPane, previousPane, open
    /// These, and before them what they must not overtake.
    case send(Set<EntryID>)
    case settle(SettlePanel)

    func word(in console: ConsoleState) -> String? {
      guard case .start = self else { return nil }
      return console[Screen.self].sendingInWords(console.context)
    }
  }

  enum Question: ScreenQuestion {
    typealias Screen = ReconcileScreen
    case plan, exceptions, run
    /// What has become of what was sent.
    case outcomes
    /// The account of what is selected.
    case beside(AccountNumber)

    var slot: String {
      switch self {
      case .plan: "plan"
      case .exceptions: "exceptions"
      case .run: "run"
      case .outcomes: "outcomes"
      case .beside: "beside"
      }
    }
  }

  /// The palette offers it on other screens too.
  static let starting = Binding(
    .character("s"), word: "start",
    help: "Start reconciling: send what is marked in the plan to the bank, or else all that waits",
    footer: .essential, Action.start)

  static let bindings: [Binding] = [
    starting,
    Binding(
      .tab, word: "next list",
      help: "Show the plan, what was done, the exceptions or the notices",
      footer: .essential, Action.nextPane),
    Binding(
      .backTab, word: "list before", help: "Show the list before this one", footer: .absent,
      Action.previousPane),
    Binding(
      .enter, word: "settle/done",
      help: "Settle the selected or the marked exceptions, or mark the notice as done",
      footer: .essential, Action.open),
  ]

  private(set) var pane = Pane.plan
  private(set) var plan: ReconciliationPlan?
  private(set) var planFailure: Failure?
  private(set) var lines = ListWindow<ReconciliationPlan.Line>()
  var exceptions = ListWindow<ExceptionRecord>()
  var notices = ListWindow<Notice>()
  /// What is typed of each list.
  private var filters: [Pane: ListFilter] = [:]
  private(set) var exceptionsFailure: Failure?
  /// Open ones that the list does not show.
  private(set) var exceptionsLeftOut = 0
  private(set) var report: ReconciliationReport?
  /// What is being settled, until the bank has answered.
  var settling: Settling?
  var done = WorkDone()
  private var run = Run.none
  private var besideReading = BesideReading()

  init(_ options: ConsoleOptions) {}

  private enum Run: Sendable {
    case none
    /// What is sent is to be told one by one under Done: it waits for the plan that is being read.
    case afterPlan
    case underWay
  }

  var isRunning: Bool { run != .none }

  static func count(_ status: ServiceStatus) -> Int {
    status.waiting + status.exceptions + status.notices.count(where: \.isOpen)
  }

  /// What was found of an account, and whether it is the bank that says so: what is not in the
  /// snapshot may well be in the bank.
  struct Beside: Sendable {
    let number: AccountNumber
    let answer: Result<AccountView?, Failure>
    let isLive: Bool
  }

  /// Which account is read beside the lists.
  private struct BesideReading: Sendable {
    /// The one that was read last, of what is or was selected.
    var newest: Beside?
    /// It is read again, whatever is known of it.
    var isOld = false
    /// The bank itself was asked, not the snapshot.
    var asksBank = false
  }

  /// The account that what is selected was meant for.
  var accountInQuestion: AccountNumber? {
    switch pane {
    case .plan: lines.selectedElement?.entry.customerAccounts.first
    case .exceptions: exceptions.selectedElement?.account
    case .done, .notices: nil
    }
  }

  /// The account of what is selected; nil until it has been read.
  var accountBeside: Beside? {
    besideReading.newest.flatMap { $0.number == accountInQuestion ? $0 : nil }
  }

  var selectedEntry: EntryID? {
    switch pane {
    case .plan: lines.selected
    case .done: done.list.selected?.entry
    case .exceptions: exceptions.selected
    case .notices: notices.selected
    }
  }

  /// The panes that there are now: that of the notices while one is open, and what was done once
  /// something was.
  private var panes: [Pane] {
    Pane.allCases.filter {
      switch $0 {
      case .plan, .exceptions: true
      case .done: done.count > 0
      case .notices: !notices.loaded.isEmpty
      }
    }
  }

  private mutating func turn(by step: Int, _ context: inout Context) -> [Wish] {
    let panes = panes
    let place = panes.firstIndex(of: pane) ?? 0
    pane = panes[(place + step + panes.count) % panes.count]
    return askBeside(&context)
  }

  // MARK: Questions and replies

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .plan: receivePlan(reply, &context)
    case .exceptions: receiveExceptions(reply, &context)
    case .run: receiveReport(reply, &context)
    case .outcomes: receiveOutcomes(reply, &context)
    case .beside(let number): receiveBeside(reply, number, &context)
    }
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    switch news {
    case .chosen: choosePane(context)
    case .status(let old):
      return followRun(since: old, &context) + receiveNotices(since: old, &context)
    default: break
    }
    return []
  }

  /// A run that began elsewhere at this till is followed too.
  private mutating func followRun(since old: ServiceStatus, _ context: inout Context) -> [Wish] {
    guard !isRunning else { return [] }
    switch (old.progress == nil, context.status.progress == nil) {
    case (true, false): noteSent()
    case (false, true): return askOutcomes(olderThan: nil, &context)
    default: break
    }
    return []
  }

  /// Opens where something is to be done: a notice first, then an exception beside an empty plan.
  private mutating func choosePane(_ context: Context) {
    if !context.openNotices.isEmpty {
      pane = .notices
    } else {
      pane = context.status.waiting == 0 && context.status.exceptions > 0 ? .exceptions : .plan
    }
  }

  mutating func load(_ context: inout Context) -> [Wish] {
    notices.replace(with: context.openNotices, hasMoreAbove: false, hasMoreBelow: false)
    if context.openNotices.isEmpty, pane == .notices { pane = .plan }
    besideReading.isOld = true
    // What is being settled changes the list with each answer; at its end it is read once.
    if settling?.isOfMany == true { return [] }
    let exceptions = context.ask(.worklist, for: Question.exceptions)
    // Of what is being booked nothing need be foretold; at its end the screen is read again.
    return context.status.progress == nil
      ? [context.ask(.plan, for: Question.plan), exceptions] : [exceptions]
  }

  /// Reads the account of what is selected, where the screen has room to show it: one at a time, so that
  /// a held key asks no more often than the answers come.
  private mutating func askBeside(_ context: inout Context) -> [Wish] {
    guard context.detailIsPane(of: Self.self) != nil, let number = accountInQuestion,
      besideReading.isOld || besideReading.newest?.number != number,
      !context.questions.isOpen(Question.beside(number))
    else { return [] }
    besideReading.isOld = false
    besideReading.asksBank = context.status.readsLive
    return [context.ask(.account(number), for: Question.beside(number))]
  }

  private mutating func receiveBeside(
    _ reply: Reply, _ number: AccountNumber, _ context: inout Context
  ) -> [Wish] {
    let answer: Result<AccountView?, Failure>
    switch reply {
    case .account(let view): answer = .success(view)
    case .failed(let failure): answer = .failure(failure)
    default: return []
    }
    // An answer that the bank was asked for and lost over comes from the snapshot.
    let isLive = besideReading.asksBank && context.status.readsLive
    besideReading.newest = Beside(number: number, answer: answer, isLive: isLive)
    return askBeside(&context)
  }

  private mutating func receivePlan(_ reply: Reply, _ context: inout Context) -> [Wish] {
    switch reply {
    case .plan(let plan):
      self.plan = plan
      planFailure = nil
      lines.replace(with: plan.lines, hasMoreAbove: false, hasMoreBelow: false)
    case .failed(let failure):
      // What would become of entries is true of the moment alone: no row outlives its answer.
      plan = nil
      planFailure = failure
      lines.forget()
    default: break
    }
    return (run == .afterPlan ? begin(&context) : []) + askBeside(&context)
  }

  private mutating func receiveExceptions(_ reply: Reply, _ context: inout Context) -> [Wish] {
    switch reply {
    case .exceptions(let page):
      exceptionsFailure = nil
      exceptionsLeftOut = page.leftOut
      exceptions.replace(
        with: page.records.filter { $0.settlement == nil }, hasMoreAbove: false, hasMoreBelow: false
      )
    case .failed(let failure):
      // Others settle them meanwhile.
      exceptionsFailure = failure
      exceptionsLeftOut = 0
      exceptions.forget()
    default: break
    }
    return askBeside(&context)
  }

  private func objectionToStarting(_ context: Context) -> String? {
    if isRunning || context.status.progress != nil { return "Reconciling is already under way." }
    if let noBankYet = context.noBankYet { return noBankYet }
    switch context.status.mode {
    case .starting: return "The bank is still being checked."
    case .manual: return "The bank is away, so nothing can be sent. Keep serving."
    case .suspect: return "The bank does not answer in time. Wait until it does."
    case .quarantined: return Wording.quarantined
    case .online, .reconciling:
      return context.status.waiting == 0 ? "Nothing waits." : objectionToSendingPart(context)
    }
  }

  private mutating func start(_ context: inout Context) -> [Wish] {
    if let part = SentPart(of: lines) {
      return [.open(SendPanel(part: part, since: context.generation))]
    }
    guard !context.questions.isOpen(Question.plan) else {
      report = nil
      run = .afterPlan
      return []
    }
    return begin(&context)
  }

  /// - Parameter chosen: these go, and before them what they must not overtake; all when nil.
  private mutating func begin(
    only chosen: Set<EntryID>? = nil, _ context: inout Context
  ) -> [Wish] {
    report = nil
    run = .underWay
    noteSent(only: chosen)
    return [context.ask(chosen.map(Request.send) ?? .reconcile, for: Question.run)]
  }

  private mutating func receiveReport(_ reply: Reply, _ context: inout Context) -> [Wish] {
    run = .none
    switch reply {
    case .reconciled(let report):
      self.report = report
      lines.clearMarks()
      let agree = report.control.allSatisfy(\.agrees)
      let isSettled = report.exceptions == 0 && report.waiting == 0 && report.untold.isEmpty
      let outcome = report.inWords(context.words)
      context.message =
        agree
        ? (isSettled ? .good("Reconciled: \(outcome).") : .cannot("Reconciled: \(outcome)."))
        : .alarm("Control totals DO NOT AGREE: \(outcome).")
      if report.exceptions > 0 { pane = .exceptions }
    case .failed(let failure): context.message = .failed(failure)
    default: break
    }
    return [.perform(CommonAction.reload)] + askOutcomes(olderThan: nil, &context)
  }

  // MARK: Settling

  private func objectionToOpening(_ context: Context) -> String? {
    switch pane {
    case .plan, .exceptions: objectionToSettling(context)
    case .done: "This is done. Press r for the receipt of the entry."
    case .notices: notices.selectedElement == nil ? "No notice is selected." : nil
    }
  }

  private func openSelected(_ context: inout Context) -> [Wish] {
    switch pane {
    case .plan, .done: return []
    case .exceptions: return openSettling(&context)
    case .notices:
      return notices.selectedElement.map {
        [.open(NoticePanel(notice: $0, since: context.generation))]
      } ?? []
    }
  }

  // MARK: Finding, sorting, marking

  var filter: ListFilter? {
    get { filters[pane] ?? ListFilter() }
    set { filters[pane] = newValue }
  }

  var arranged: (any ArrangedList)? {
    get {
      switch pane {
      case .plan: lines
      case .done: done.list
      case .exceptions: exceptions
      case .notices: notices
      }
    }
    set {
      switch newValue {
      case let changed as ListWindow<ReconciliationPlan.Line>: lines = changed
      case let changed as ListWindow<DoneRow>: done.list = changed
      case let changed as ListWindow<ExceptionRecord>: exceptions = changed
      case let changed as ListWindow<Notice>: notices = changed
      default: break
      }
    }
  }

  mutating func filterChanged(_ context: inout Context) -> [Wish] {
    let wanted = context.rowFilter(filter)
    switch pane {
    case .plan: lines.filter(by: wanted)
    case .done: done.list.filter(by: wanted)
    case .exceptions: exceptions.filter(by: wanted)
    case .notices: notices.filter(by: wanted)
    }
    return askBeside(&context)
  }

  /// What the filter of the open list has found; the list shows no more than it says.
  func found(_ words: Wording) -> String {
    switch pane {
    case .plan: filter?.inWords(lines, newest: "", words) ?? ""
    case .done: filter?.inWords(done.list, newest: "", words) ?? ""
    case .exceptions:
      filter?.inWords(exceptions, newest: "", leftOut: exceptionsLeftOut, words) ?? ""
    case .notices: filter?.inWords(notices, newest: "", words) ?? ""
    }
  }

  /// What the rows that a filter has found amount to.
  func foundSums(_ words: Wording) -> String {
    switch pane {
    case .plan: words.sums(lines.elements.lazy.map(\.entry.amount))
    case .done: words.sums(done.list.elements.lazy.map(\.amount))
    case .exceptions: words.sums(exceptions.elements.lazy.map(\.amount))
    case .notices: words.sums(notices.elements.lazy.map(\.entry.amount))
    }
  }

  // MARK: Moving and acting

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .start: objectionToStarting(context)
    case .open: objectionToOpening(context)
    case .nextPane, .previousPane, .send, .settle: nil
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .start: return start(&context)
    case .send(let chosen): return begin(only: chosen, &context)
    case .nextPane: return turn(by: 1, &context)
    case .previousPane: return turn(by: -1, &context)
    case .open: return openSelected(&context)
    case .settle(let panel): return settle(panel, &context)
    }
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    let rows = ListTable.visibleRows(in: ReconcileLayout(self, context).list)
    switch pane {
    case .plan: _ = lines.move(motion, rows: rows)
    case .done: _ = done.list.move(motion, rows: rows)
    case .exceptions: _ = exceptions.move(motion, rows: rows)
    case .notices: _ = notices.move(motion, rows: rows)
    }
    return askBeside(&context)
  }

  // MARK: Painting

  /// The newest totals there are: the status follows every change.
  func shownTotals(_ status: ServiceStatus) -> [ControlTotals] {
    status.control.isEmpty ? report?.control ?? plan?.control ?? [] : status.control
  }

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    ReconcileView(screen: self, context: context).draw(on: &frame)
  }

  /// What was done stands in the third pane, where it is not the list.
  var hasOwnThirdPane: Bool { pane != .done && done.count > 0 }
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

extension ScreenName {
  static let reconcile = ScreenName(rawValue: 5)
}

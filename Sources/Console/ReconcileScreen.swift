import BankCore
import Screen

/// Screen 5: whether everything captured is accounted for, what would become of what waits, and
/// the exceptions that a person must settle.
struct ReconcileScreen: ScreenModel {
  static let name = ScreenName.reconcile
  static let title = "Reconcile"
  static let word = "reconcile"
  static let about =
    "The control totals of all that was captured stand above. The plan below says what "
    + "becomes of each waiting entry. A person settles the exceptions, and marks notices as done."

  enum Pane: Hashable, Sendable { case plan, exceptions, notices }

  enum Action: ScreenAction {
    typealias Screen = ReconcileScreen
    case start, nextPane, open
    case settle(SettlePanel)
  }

  enum Question: ScreenQuestion {
    typealias Screen = ReconcileScreen
    case plan, exceptions, run
    /// The account of what is selected.
    case beside(AccountNumber)

    var slot: String {
      switch self {
      case .plan: "plan"
      case .exceptions: "exceptions"
      case .run: "run"
      case .beside: "beside"
      }
    }
  }

  /// The palette offers it on other screens too.
  static let starting = Binding(
    .character("s"), word: "start",
    help: "Start reconciling: send the waiting entries to the bank, as planned",
    footer: .essential, Action.start)

  static let bindings: [Binding] = [
    starting,
    Binding(
      .tab, .backTab, word: "next list", help: "Show the plan, the exceptions or the notices",
      footer: .essential, Action.nextPane),
    Binding(
      .enter, word: "settle/done",
      help: "Settle the selected exception, or mark the selected notice as done",
      footer: .essential, Action.open),
  ]

  private(set) var pane = Pane.plan
  private(set) var plan: ReconciliationPlan?
  private(set) var planFailure: Failure?
  private(set) var lines = ListWindow<ReconciliationPlan.Line>()
  private(set) var exceptions = ListWindow<ExceptionRecord>()
  var notices = ListWindow<Notice>()
  /// What is typed of each list.
  private var filters: [Pane: ListFilter] = [:]
  private(set) var exceptionsFailure: Failure?
  private(set) var hasReadExceptions = false
  /// Open ones that the list does not show.
  private(set) var exceptionsLeftOut = 0
  private(set) var report: ReconciliationReport?
  /// What was settled last, until the bank has answered.
  private var settling: SettlePanel?
  private(set) var isRunning = false
  /// The account of what is selected; nil until it has been read.
  private(set) var beside: Beside?
  /// Whether the bank itself was asked for it.
  private var asksBankForBeside = false

  init(_ options: ConsoleOptions) {}

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

  /// The account that what is selected was meant for.
  var accountInQuestion: AccountNumber? {
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
  private var nextPane: Pane {
    switch pane {
    case .plan: .exceptions
    case .exceptions: notices.loaded.isEmpty ? .plan : .notices
    case .notices: .plan
    }
  }

  // MARK: Questions and replies

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .plan: receivePlan(reply, &context)
    case .exceptions: receiveExceptions(reply, &context)
    case .run: receiveReport(reply, &context)
    case .beside(let number): receiveBeside(reply, number, context)
    }
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    switch news {
    case .chosen: choosePane(context)
    case .status(let old): return receiveNotices(since: old, &context)
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
    beside = nil
    let exceptions = context.ask(.worklist, for: Question.exceptions)
    // Of what is being booked nothing need be foretold; at its end the screen is read again.
    return context.status.progress == nil
      ? [context.ask(.plan, for: Question.plan), exceptions] : [exceptions]
  }

  /// Reads the account of what is selected, where the screen has room to show it.
  private mutating func askBeside(_ context: inout Context) -> [Wish] {
    let layout = ReconcileLayout(self, context.layout(of: Self.self).body, context)
    guard layout.sides != nil, let number = accountInQuestion,
      beside?.number != number
    else { return [] }
    beside = nil
    asksBankForBeside = context.status.readsLive
    return [context.ask(.account(number), for: Question.beside(number))]
  }

  private mutating func receiveBeside(
    _ reply: Reply, _ number: AccountNumber, _ context: Context
  ) -> [Wish] {
    let answer: Result<AccountView?, Failure>
    switch reply {
    case .account(let view): answer = .success(view)
    case .failed(let failure): answer = .failure(failure)
    default: return []
    }
    // An answer that the bank was asked for and lost over comes from the snapshot.
    let isLive = asksBankForBeside && context.status.readsLive
    beside = Beside(number: number, answer: answer, isLive: isLive)
    return []
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
      lines.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
    default: break
    }
    return askBeside(&context)
  }

  private mutating func receiveExceptions(_ reply: Reply, _ context: inout Context) -> [Wish] {
    switch reply {
    case .exceptions(let page):
      exceptionsFailure = nil
      hasReadExceptions = true
      exceptionsLeftOut = page.leftOut
      exceptions.replace(
        with: page.records.filter { $0.settlement == nil }, hasMoreAbove: false, hasMoreBelow: false
      )
    case .failed(let failure):
      // Others settle them meanwhile.
      exceptionsFailure = failure
      exceptionsLeftOut = 0
      exceptions.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
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
    case .online, .reconciling: return context.status.waiting == 0 ? "Nothing waits." : nil
    }
  }

  private mutating func start(_ context: inout Context) -> [Wish] {
    isRunning = true
    report = nil
    return [context.ask(.reconcile, for: Question.run)]
  }

  private mutating func receiveReport(_ reply: Reply, _ context: inout Context) -> [Wish] {
    isRunning = false
    switch reply {
    case .reconciled(let report):
      self.report = report
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
    return [.perform(CommonAction.reload)]
  }

  // MARK: Settling

  private var objectionToSeeing: String? {
    notices.selectedElement == nil ? "No notice is selected." : nil
  }

  private func objectionToSettling(_ context: Context) -> String? {
    if pane == .plan { return "Press tab for the exceptions, or s to send what waits." }
    if exceptions.selectedElement == nil { return "No exception is selected." }
    return context.status.isCutOff || context.status.mode == .starting
      ? "Exceptions are settled at the bank. Wait until it is back." : nil
  }

  private func openSelected(_ context: inout Context) -> [Wish] {
    switch pane {
    case .plan: return []
    case .exceptions:
      return exceptions.selectedElement.map { SettlePanel.open(on: $0, &context) } ?? []
    case .notices:
      return notices.selectedElement.map {
        [.open(NoticePanel(notice: $0, since: context.generation))]
      } ?? []
    }
  }

  private mutating func settle(_ panel: SettlePanel, _ context: inout Context) -> [Wish] {
    guard let resolution = panel.resolution else { return [] }
    settling = panel
    let entry = panel.record.entry
    return [
      context.ask(
        .resolve(entry, resolution, note: panel.note.trimmed), for: EntryDecision(entry, .settled))
    ]
  }

  /// Takes in what became of a settlement.
  mutating func receiveSettled(
    _ reply: Reply, _ entry: EntryID, _ context: inout Context
  ) -> [Wish] {
    var wishes: [Wish] = []
    switch reply {
    case .resolved(let record):
      context.message = .good(
        record.settlement == nil
          ? "\(record.label) is still open." : "\(record.label) is settled.")
      settling = nil
    case .failed(let failure):
      context.message = .failed(failure)
      wishes = resumeSettlement(of: entry, context)
    default: break
    }
    return wishes + [.perform(CommonAction.reload)]
  }

  /// What was typed for a settlement that came to nothing is there again, unless the person has gone
  /// on to something else.
  private mutating func resumeSettlement(of entry: EntryID, _ context: Context) -> [Wish] {
    guard var panel = settling, panel.record.entry == entry else { return [] }
    settling = nil
    guard context.screenHasFocus, context.screen == Self.name else { return [] }
    panel.step = .note
    return [.open(panel)]
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
      case .exceptions: exceptions
      case .notices: notices
      }
    }
    set {
      switch newValue {
      case let changed as ListWindow<ReconciliationPlan.Line>: lines = changed
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
    case .exceptions: exceptions.filter(by: wanted)
    case .notices: notices.filter(by: wanted)
    }
    return askBeside(&context)
  }

  /// What the filter of the open list has found; the list shows no more than it says.
  func found(_ words: Wording) -> String {
    switch pane {
    case .plan: filter?.inWords(lines, newest: "", words) ?? ""
    case .exceptions: filter?.inWords(exceptions, newest: "", words) ?? ""
    case .notices: filter?.inWords(notices, newest: "", words) ?? ""
    }
  }

  // MARK: Moving and acting

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .start: objectionToStarting(context)
    case .open: pane == .notices ? objectionToSeeing : objectionToSettling(context)
    case .nextPane, .settle: nil
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .start: return start(&context)
    case .nextPane:
      pane = nextPane
      return askBeside(&context)
    case .open: return openSelected(&context)
    case .settle(let panel): return settle(panel, &context)
    }
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    let rows = ListTable.visibleRows(
      in: ReconcileLayout(self, context.layout(of: Self.self).body, context).list)
    switch pane {
    case .plan: _ = lines.move(motion, rows: rows)
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
    ReconcileView(screen: self, context: context).draw(on: &frame, in: area)
  }
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

import BankCore
import Screen

/// Screen 6: what stands between this console and its bank: what the service says, what the doctor
/// finds layer by layer, and the change of the configuration that is suspected first.
struct ConnectionScreen: ScreenModel {
  static let name = ScreenName.connection
  static let title = "Connection"
  static let tab = "Bank"
  static let word = "connection"
  static let about =
    "The connection to the bank, and what to do when it fails. While the bank is away, "
    + "each layer is examined over a connection of its own."

  enum Action: ScreenAction {
    typealias Screen = ConnectionScreen
    case goBack, examine, toggleFacts
  }

  enum Question: ScreenQuestion {
    typealias Screen = ConnectionScreen
    typealias Answer = BranchReply
    case examination, stopExamining, suspect, goBack
  }

  static let bindings: [Binding] = [
    Binding(
      .character("b"), word: "go back",
      help: "Go back to the configuration that worked, if a test transaction commits",
      footer: .essential, Action.goBack),
    Binding(
      .character("e"), word: "examine", help: "Examine the connection layer by layer",
      footer: .essential, Action.examine),
    Binding(
      .enter, .control("r"), word: "look now", help: "Try the bank now, without waiting",
      CommonAction.probe),
    Binding(
      .tab, word: "facts", help: "Show the facts of the connection, or its examination",
      footer: .absent, Action.toggleFacts),
    Binding(
      .character("H"), word: "hold", help: "Keep the bank away on purpose, or give it back",
      CommonAction.toggleHold),
  ]

  private(set) var examination: DoctorRun?
  /// The cause while the examination was begun.
  private var examinedCause: CauseCode?
  private(set) var list = ListWindow<LayerRow>()
  /// The teller has chosen a layer; until then the one that matters is selected.
  private var isChosen = false
  /// The facts of the service, although there is an examination.
  private(set) var showsFacts = false
  private(set) var suspect: ConfigurationSuspect?
  private(set) var wayBack: WayBack?

  init(_ options: ConsoleOptions) {}

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    ConnectionView(screen: self, context: context).draw(on: &frame, in: area)
  }

  // MARK: Acting and answers

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .goBack: objectionToGoingBack(context)
    case .examine: isExamining(context) ? "The connection is being examined." : nil
    case .toggleFacts:
      examination == nil ? "Nothing was examined yet. Press e to examine the connection." : nil
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .goBack: return goBackToWorking(&context)
    case .examine: return examine(&context)
    case .toggleFacts: showsFacts.toggle()
    }
    return []
  }

  mutating func receive(
    _ reply: BranchReply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .examination: return receiveExamination(reply, &context)
    case .stopExamining: break
    case .suspect: receiveSuspect(reply, &context)
    case .goBack: return receiveWayBack(reply, &context)
    }
    return []
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    switch news {
    case .opened, .configuration: return askForSuspect(&context)
    case .chosen: dropOldExamination(context)
    case .left: return leaveExamination(&context)
    case .status(let old):
      let (was, now) = (old, context.status)
      if !was.isCutOff, now.isCutOff { wayBack = nil }
      let hasChanged =
        was.isCutOff != now.isCutOff || was.cause?.code != now.cause?.code
      return hasChanged && context.screen != Self.name ? askForSuspect(&context) : []
    case .captured, .accountChanged: break
    }
    return []
  }

  // MARK: The examination

  private func isExamining(_ context: Context) -> Bool {
    context.questions.isOpen(Question.examination)
  }

  /// While the bank is away the screen examines by itself, once for each cause; a refused login is
  /// not tried again without being asked: it may lock the account.
  mutating func load(_ context: inout Context) -> [Wish] {
    dropExamination(from: context.status.cause?.since, context)
    let looks = askForSuspect(&context)
    guard context.status.isCutOff, let cause = context.status.cause, !isExamining(context),
      cause.code.layer != nil, !cause.mayLockRole
    else { return looks }
    let isKnown =
      examinedCause == cause.code
      && examination.map { $0.isOver && $0.beganAt >= cause.since } ?? false
    return isKnown ? looks : looks + examine(&context)
  }

  /// Whoever opens the screen is shown no old result as the present state.
  private mutating func dropOldExamination(_ context: Context) {
    dropExamination(
      from: context.now.advanced(byMilliseconds: -Self.examinationLastsMilliseconds), context)
  }

  /// What was found before the cause changed is no answer to it.
  ///
  /// - Parameter oldest: what began before is outdated too.
  private mutating func dropExamination(from oldest: Instant?, _ context: Context) {
    guard let examination, examination.isOver, !isExamining(context),
      examinedCause != context.status.cause?.code
        || oldest.map({ examination.beganAt < $0 }) ?? false
    else { return }
    self.examination = nil
    list.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
  }

  /// How long a result stands for the present.
  private static var examinationLastsMilliseconds: Int64 { 60_000 }

  private mutating func examine(_ context: inout Context) -> [Wish] {
    examinedCause = context.status.cause?.code
    isChosen = false
    showsFacts = false
    return [context.ask(.examine(after: nil), for: Question.examination)]
  }

  private mutating func receiveExamination(_ reply: BranchReply, _ context: inout Context) -> [Wish]
  {
    switch reply {
    case .examination(let examination):
      self.examination = examination
      list.replace(
        // By ear, each layer would be told twice.
        with: LayerRow.all(of: examination).filter {
          !context.options.isPlain || !$0.isBeingLookedAt
        }, hasMoreAbove: false, hasMoreBelow: false)
      if !isChosen { selectWhatMatters() }
      return examination.isOver
        ? [] : [context.ask(.examine(after: examination.steps), for: Question.examination)]
    case .failed(let failure): context.message = .failed(failure)
    default: break
    }
    return []
  }

  /// The diagnosis, else what is being looked at, else the first thing to say, else the end.
  private mutating func selectWhatMatters() {
    let rows = list.elements
    let decisive = examination?.report.decisive
    let first = rows.first { row in
      row.place == decisive?.place && [.fail, .couldNotTest].contains(row.report.result)
    }
    let chosen =
      first ?? rows.first(where: \.isBeingLookedAt)
      ?? rows.first { $0.report.result == .warn } ?? rows.last
    if let chosen {
      list.selectLast(rows: rows.count)
      list.select(chosen.listID)
    }
  }

  /// Whoever has left the screen does not look at the examination any more.
  private mutating func leaveExamination(_ context: inout Context) -> [Wish] {
    guard isExamining(context) else { return [] }
    context.questions.abandon(Question.examination)
    examination = nil
    return [context.ask(.stopExamining, for: Question.stopExamining)]
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    guard examination != nil, !showsFacts else { return [] }
    isChosen = true
    _ = list.move(motion, rows: ConnectionView(screen: self, context: context).examinedRows)
    return []
  }

  // MARK: The way back

  /// Whether the fault may come from a change of the configuration, so that the history is asked.
  private func suspectsConfiguration(_ context: Context) -> Bool {
    context.status.isCutOff && context.status.cause?.code.suspectsConfiguration == true
  }

  private mutating func askForSuspect(_ context: inout Context) -> [Wish] {
    guard suspectsConfiguration(context) else {
      suspect = nil
      return []
    }
    return [context.ask(.suspect, for: Question.suspect)]
  }

  private mutating func receiveSuspect(_ reply: BranchReply, _ context: inout Context) {
    guard case .suspect(let suspect) = reply, suspectsConfiguration(context) else { return }
    let isNew = suspect != self.suspect
    self.suspect = suspect
    guard isNew, let suspect, context.screen != Self.name,
      !context.questions.isOpen(Question.goBack)
    else { return }
    context.message = .alarm(
      suspect.isInForce
        ? "The configuration changed since this console opened. Press 6 to see how, then b to "
          + "take it over."
        : "Keep serving. First suspect: \(suspect.differences.joined(separator: ", ")). "
          + "Press 6, then b to go back.")
  }

  private func objectionToGoingBack(_ context: Context) -> String? {
    if context.questions.isOpen(Question.goBack) {
      return "Going back is already under way."
    }
    guard suspect == nil else { return nil }
    return suspectsConfiguration(context)
      ? "No other configuration is known to have worked for ten minutes. "
        + "Run daybook config history to see all, or daybook config rollback to go back."
      : "The configuration is not suspected."
  }

  private mutating func goBackToWorking(_ context: inout Context) -> [Wish] {
    guard let suspect else { return [] }
    context.message = .plain(
      "Trying generation \(suspect.generation) with a test transaction before anything changes…"
    )
    return [context.ask(.goBack(to: suspect.generation), for: Question.goBack)]
  }

  private mutating func receiveWayBack(_ reply: BranchReply, _ context: inout Context) -> [Wish] {
    switch reply {
    case .wentBack(let wayBack):
      self.wayBack = wayBack
      self.suspect = nil
      examination = nil
      context.message = .good(wayBack.text)
      return []
    case .failed(let failure):
      context.message = .failed(failure)
      return askForSuspect(&context)
    default: return []
    }
  }
}

/// A layer of one host as a row of the list; of those behind the last one that was looked at, one
/// row tells.
struct LayerRow: Listed {
  struct ID: Hashable, Sendable {
    let host: Int
    let layer: Layer
  }

  let host: Int
  let place: String
  let report: LayerReport
  /// The last of those that were not reached, from this one on.
  let through: Layer?
  let isBeingLookedAt: Bool

  var listID: ID { ID(host: host, layer: report.layer) }

  static func all(of examination: DoctorRun) -> [LayerRow] {
    examination.report.hosts.enumerated().flatMap { index, host in
      rows(of: host, at: index, isOver: examination.isOver)
    }
  }

  private static func rows(of host: HostReport, at index: Int, isOver: Bool) -> [LayerRow] {
    let last = host.layers.lastIndex { $0.result != .notReached }
    // A layer before it may have been passed over: a later one proved it.
    let seen = host.layers.prefix(last.map { $0 + 1 } ?? 0)
    let hasEnded = isOver || seen.contains { $0.result == .fail || $0.result == .couldNotTest }
    var rows = seen.map {
      LayerRow(
        host: index, place: host.place, report: $0, through: nil, isBeingLookedAt: false)
    }
    if let next = host.layers.dropFirst(seen.count).first, let end = host.layers.last {
      rows.append(
        LayerRow(
          host: index, place: host.place, report: next,
          through: hasEnded && end.layer != next.layer ? end.layer : nil, isBeingLookedAt: !hasEnded
        ))
    }
    return rows
  }
}

extension ScreenName {
  static let connection = ScreenName(rawValue: 6)
}

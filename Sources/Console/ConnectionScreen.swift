import BankCore
import Screen

/// Screen 6: what stands between this console and its bank: what the service says, what the doctor
/// finds layer by layer, and the change of the configuration that is suspected first.
struct ConnectionScreen: Sendable {
  var examination: Examination?
  /// The cause while the examination was begun.
  var examinedCause: CauseCode?
  var list = ListWindow<ExaminedLayer>()
  /// The teller has chosen a layer; until then the one that matters is selected.
  var isChosen = false
  /// The facts of the service, although there is an examination.
  var showsFacts = false
  var suspect: ConfigurationSuspect?
  var wayBack: WayBack?

  static let bindings: [Binding] = [
    Binding(
      .character("b"), word: "go back",
      help: "Go back to the configuration that worked, once a transaction was committed under it",
      footer: .essential, objection: { $0.objectionToGoingBack }
    ) { $0.goBackToWorking() },
    Binding(
      .character("e"), word: "examine", help: "Examine the connection layer by layer",
      footer: .essential, objection: { $0.isExamining ? "It is being examined." : nil }
    ) { $0.examine() },
    Binding(
      .enter, .control("r"), word: "look now", help: "Look for the bank now, without waiting"
    ) { state in
      [state.ask(.probe, for: .control("Looked for the bank just now."))]
    },
    Binding(
      .tab, word: "facts", help: "What is known of the connection, or its examination",
      footer: .absent,
      objection: { $0.connection.examination == nil ? "Nothing was examined yet: e does." : nil }
    ) { state in
      state.connection.showsFacts.toggle()
      return []
    },
    Binding(
      .character("H"), word: "hold", help: "Take the bank away on purpose, or give it back",
      objection: { $0.context.objectionToHolding }
    ) { $0.toggleHold() },
  ]
}

/// A layer of one host as a row of the list; of those behind the last one that was looked at, one
/// row tells.
struct ExaminedLayer: Listed {
  struct ID: Hashable, Sendable {
    let host: Int
    let code: CauseCode
  }

  let host: Int
  let place: String
  let layer: LayerReport
  /// The last of those that were not reached, from this one on.
  let through: CauseCode?
  let isBeingLookedAt: Bool

  var listID: ID { ID(host: host, code: layer.code) }

  static func all(of examination: Examination) -> [ExaminedLayer] {
    examination.report.hosts.enumerated().flatMap { index, host in
      rows(of: host, at: index, isOver: examination.isOver)
    }
  }

  private static func rows(of host: HostReport, at index: Int, isOver: Bool) -> [ExaminedLayer] {
    let last = host.layers.lastIndex { $0.result != .notReached }
    // A layer before it may have been passed over: a later one proved it.
    let seen = host.layers.prefix(last.map { $0 + 1 } ?? 0)
    let hasEnded = isOver || seen.contains { $0.result == .fail || $0.result == .couldNotTest }
    var rows = seen.map {
      ExaminedLayer(host: index, place: host.place, layer: $0, through: nil, isBeingLookedAt: false)
    }
    if let next = host.layers.dropFirst(seen.count).first, let end = host.layers.last {
      rows.append(
        ExaminedLayer(
          host: index, place: host.place, layer: next,
          through: hasEnded && end.code != next.code ? end.code : nil, isBeingLookedAt: !hasEnded))
    }
    return rows
  }
}

extension ConsoleState {
  mutating func toggleHold() -> [Effect] {
    let words =
      context.isHeld
      ? "The bank is given back." : "The bank is held: entries go to the manual ledger."
    return [ask(.hold(!context.isHeld), for: .control(words))]
  }

  // MARK: The examination

  var isExamining: Bool { questions.isOpen(.examination) }

  /// While the bank is away the screen examines by itself, once for each cause; a refused login is
  /// not tried again without being asked: it may lock the account.
  mutating func loadConnection() -> [Effect] {
    dropExamination(from: status.cause?.since)
    let looks = askForSuspect()
    guard status.mode.isCutOff, let cause = status.cause, !isExamining,
      CauseCode.layers.contains(cause.code), !cause.mayLockRole
    else { return looks }
    let isKnown =
      connection.examinedCause == cause.code
      && connection.examination.map { $0.isOver && $0.beganAt >= cause.since } ?? false
    return isKnown ? looks : looks + examine()
  }

  /// Whoever opens the screen is shown no old result as the present state.
  mutating func dropOldExamination() {
    dropExamination(from: now.advanced(byMilliseconds: -Self.examinationLastsMilliseconds))
  }

  /// What was found before the cause changed is no answer to it.
  ///
  /// - Parameter oldest: what began before is outdated too.
  private mutating func dropExamination(from oldest: Instant?) {
    guard let examination = connection.examination, examination.isOver, !isExamining,
      connection.examinedCause != status.cause?.code
        || oldest.map({ examination.beganAt < $0 }) ?? false
    else { return }
    connection.examination = nil
    connection.list.replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
  }

  /// How long a result stands for the present.
  private static var examinationLastsMilliseconds: Int64 { 60_000 }

  mutating func examine() -> [Effect] {
    connection.examinedCause = status.cause?.code
    connection.isChosen = false
    connection.showsFacts = false
    return [ask(.examine(after: nil), for: .examination)]
  }

  mutating func receiveExamination(_ reply: Reply) -> [Effect] {
    switch reply {
    case .examination(let examination):
      connection.examination = examination
      connection.list.replace(
        // A reader of lines would hear of each layer twice.
        with: ExaminedLayer.all(of: examination).filter {
          !options.isPlain || !$0.isBeingLookedAt
        }, hasMoreAbove: false, hasMoreBelow: false)
      if !connection.isChosen { selectWhatMatters() }
      return examination.isOver
        ? [] : [ask(.examine(after: examination.steps), for: .examination)]
    case .failed(let failure): message = .failed(failure)
    default: break
    }
    return []
  }

  /// The diagnosis, else what is being looked at, else the first thing to say, else the end.
  private mutating func selectWhatMatters() {
    let rows = connection.list.elements
    let decisive = connection.examination?.report.decisive
    let first = rows.first { row in
      row.place == decisive?.place && [.fail, .couldNotTest].contains(row.layer.result)
    }
    let chosen =
      first ?? rows.first(where: \.isBeingLookedAt)
      ?? rows.first { $0.layer.result == .warn } ?? rows.last
    if let chosen {
      connection.list.selectLast(rows: rows.count)
      connection.list.select(chosen.listID)
    }
  }

  /// Whoever has left the screen does not look at the examination any more.
  mutating func leaveExamination() -> [Effect] {
    guard screen != .connection, isExamining else { return [] }
    questions.abandon(.examination)
    connection.examination = nil
    return [ask(.stopExamining, for: .stopExamining)]
  }

  mutating func moveInConnection(_ motion: Motion) -> [Effect] {
    guard connection.examination != nil, !connection.showsFacts else { return [] }
    connection.isChosen = true
    _ = connection.list.move(motion, rows: examinedRows)
    return []
  }

  // MARK: The way back

  /// Whether the fault may come from a change of the configuration, so that the history is asked.
  var suspectsConfiguration: Bool {
    status.mode.isCutOff && status.cause?.code.suspectsConfiguration == true
  }

  mutating func askForSuspect() -> [Effect] {
    guard suspectsConfiguration else {
      connection.suspect = nil
      return []
    }
    return [ask(.suspect, for: .suspect)]
  }

  mutating func receiveSuspect(_ reply: Reply) {
    guard case .suspect(let suspect) = reply, suspectsConfiguration else { return }
    let isNew = suspect != connection.suspect
    connection.suspect = suspect
    guard isNew, let suspect, screen != .connection, !questions.isOpen(.goBack) else { return }
    message = .alarm(
      suspect.isInForce
        ? "The configuration was changed since this console opened: 6 shows how, b there takes it "
          + "over."
        : "Serve on. First suspect: \(suspect.differences.joined(separator: ", ")). "
          + "6 tells more, and b there goes back.")
  }

  var objectionToGoingBack: String? {
    if questions.isOpen(.goBack) { return "The way back is being tried: once is enough." }
    guard connection.suspect == nil else { return nil }
    return suspectsConfiguration
      ? "No other configuration is known to have worked for ten minutes: "
        + "daybook config history lists all, daybook config rollback goes back."
      : "Nothing speaks against the configuration."
  }

  mutating func goBackToWorking() -> [Effect] {
    guard let suspect = connection.suspect else { return [] }
    message = .plain(
      "Trying generation \(suspect.generation): a transaction is committed before anything changes…"
    )
    return [ask(.goBack(to: suspect.generation), for: .goBack)]
  }

  mutating func receiveWayBack(_ reply: Reply) -> [Effect] {
    switch reply {
    case .wentBack(let wayBack):
      connection.wayBack = wayBack
      connection.suspect = nil
      connection.examination = nil
      message = .good(wayBack.text)
      return []
    case .failed(let failure):
      message = .failed(failure)
      return askForSuspect()
    default: return []
    }
  }
}

import BankCore
import Screen

/// The first three lines of every screen: the mode in words, why it is so, and what may be done.
struct Banner {
  private let state: ConsoleState
  private var status: ServiceStatus { state.status }
  private var words: Wording { state.words }

  init(_ state: ConsoleState) { self.state = state }

  func draw(on frame: inout Frame, in area: Area) {
    drawMode(on: &frame, in: area)
    // A line that must stay takes the place of the cause where there is only one for both.
    let isShort = Layout(state.size).bannerRows < 3
    let notice = isShort && status.mode.isLive ? state.context.noticeLine : nil
    let cause = notice.map { (text: $0, role: Role.danger) } ?? causeLine
    // The cause matters more than its beginning, which screen 6 shows too.
    let fits = displayWidth(of: cause.text) + displayWidth(of: since) + 2 <= area.columns
    frame.write(
      cause.text, right: fits ? since : "", in: area, row: 1, role: cause.role, rightRole: .dim)
    let advice = adviceLine
    frame.write(advice.text, in: area, row: 2, role: advice.role)
  }

  // MARK: The first line

  private func drawMode(on frame: inout Frame, in area: Area) {
    frame.fill(rows: area.row..<area.row + 1, columns: 0..<state.size.columns, role: .text)
    let mode = " \(status.banner) "
    let used = frame.write(
      mode, at: Position(column: 0, row: area.row), role: status.mode.role)
    let rest = Area(
      column: used + 1, row: area.row, columns: state.size.columns - used - 2, rows: 1)
    let waiting = waitingWords
    // Of a drill first: whoever looks up must know it, whatever else finds room.
    let left = [state.context.drillWords, waiting.isEmpty ? place : waiting]
      .filter { !$0.isEmpty }.joined(separator: "  ")
    let right = waiting.isEmpty ? endpoint : place
    // What waits is told whole; whose till it is gives way.
    let person = [status.terminal, status.operatorName].joined(separator: "  ")
    let fitting = [right, person, status.terminal].first {
      displayWidth(of: left + $0) + 2 <= rest.columns
    }
    frame.write(
      left, right: fitting ?? "", in: rest,
      role: waiting.isEmpty ? .text : .banner, rightRole: .dim)
  }

  private var place: String {
    [status.bank?.name ?? "", status.terminal, status.operatorName]
      .filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private var endpoint: String {
    guard let milliseconds = status.roundTripMilliseconds, status.mode == .online,
      !state.options.isPlain
    else {
      return status.endpoint
    }
    let figure = milliseconds < 1 ? "<1" : String(Int64(min(milliseconds, 99_999).rounded()))
    return "\(status.endpoint)  \(figure) ms"
  }

  /// `3 waiting, 1 UNKNOWN, oldest 12:04`; empty where nothing waits and nothing has to.
  private var waitingWords: String {
    guard status.waiting > 0 else { return status.mode.isCutOff ? "nothing waits" : "" }
    let oldest =
      status.oldestWaiting.map { ", oldest \(words.shortMoment($0, now: state.now))" } ?? ""
    return status.open.text(words.count) + oldest
  }

  // MARK: The second line: why

  private var causeLine: (text: String, role: Role) {
    switch status.mode {
    case .starting:
      return (cause ?? "Checking which bank answers, before anything is entered.", .dim)
    case .online:
      let isUrgent =
        status.exceptions > 0 || status.clock != nil
        || status.snapshotAsOf != nil
          && status.policy.objection(toPayingOn: state.context.offlineTerms.age) != nil
      return (readiness, isUrgent ? .warning : .dim)
    case .suspect:
      return (cause ?? "The bank has not answered in time. It is being asked again.", .banner)
    case .manual, .quarantined: return (cause ?? "The bank cannot be used.", .banner)
    case .reconciling:
      if let progress = status.progress {
        let done = "\(words.count(progress.done)) of \(words.count(progress.total))"
        return ("Reconciling \(done). Keep serving.", .banner)
      }
      return (
        "\(words.open(status)). Press \(state.context.reconcilingKey) to reconcile; keep serving.",
        .banner
      )
    }
  }

  /// The cause, whole: where its names are too long for the line, the layer that failed, and where
  /// to read the rest.
  private var cause: String? {
    status.cause.map { cause in
      if let suspect = state[ConnectionScreen.self].suspect { return suspicion(suspect, cause) }
      let full = "\(cause.code.code) \(cause.text)"
      guard displayWidth(of: full) > Layout(state.size).banner.columns else { return full }
      return
        "\(cause.code.code) \(cause.code.layer.failure)\(state.context.pointer(to: .connection, ". Press 6 for details"))."
    }
  }

  /// The layer that failed, what is suspected first, and the way back: whole where there is room, and
  /// without the layer's words where there is not.
  private func suspicion(_ suspect: ConfigurationSuspect, _ cause: Cause) -> String {
    let code = cause.code.code
    let failed = "\(code) \(cause.code.layer.failure)"
    let key = state.context.pointer(to: .connection, "6, then ") + "b"
    let way =
      suspect.isInForce
      ? "Changed meanwhile: press \(key)."
      : "\(suspect.differences.joined(separator: ", ")). Press \(key) to go back."
    let whole = "\(failed)\(suspect.isInForce ? "." : ":") \(way)"
    let room = Layout(state.size).banner.columns
    return [whole, "\(code) \(way)"].first { displayWidth(of: $0) <= room }
      ?? "\(failed)\(state.context.pointer(to: .connection, ". Press 6 to see what changed"))."
  }

  /// `since 12:03:41`, where a cause is shown; of a drill `until 12:13:41`.
  private var since: String {
    guard let cause = status.cause, status.mode != .online, status.mode != .reconciling else {
      return ""
    }
    if let until = status.hold?.until {
      return "until \(words.moment(until, now: state.now))"
    }
    return "since \(words.moment(cause.since, now: state.now))"
  }

  /// While all is well: what a person should see to, and whether an outage would find a snapshot.
  private var readiness: String {
    var parts = status.clock.map { [$0.sentence] } ?? []
    if status.exceptions > 0 {
      let noun = status.exceptions == 1 ? "exception needs" : "exceptions need"
      parts.append(
        "\(words.count(status.exceptions)) \(noun) a person\(state.context.pointer(to: .reconcile, ": press 5"))."
      )
    }
    if status.untold > 0 {
      parts.append(
        "\(words.count(status.untold)) to keep or to void\(state.context.pointer(to: .ledger, ": press 4"))."
      )
    }
    parts.append(snapshotReadiness)
    return parts.joined(separator: " ")
  }

  /// A snapshot that nothing could be paid from is not ready.
  private var snapshotReadiness: String {
    let age = state.context.offlineTerms.age
    guard let asOf = status.snapshotAsOf else { return "No snapshot for an outage yet." }
    switch status.policy.objection(toPayingOn: age) {
    case nil:
      return state.options.isPlain
        ? "A snapshot is ready for an outage."
        : "Snapshot of \(words.shortMoment(asOf, now: state.now)) is ready for an outage."
    case .snapshotTooOld? where state.options.isPlain:
      return "The snapshot is too old: an outage would allow deposits only."
    default: return "Deposits only in an outage: \(age.words)."
    }
  }

  // MARK: The third line: what may be done

  private var adviceLine: (text: String, role: Role) {
    switch status.mode {
    case .manual, .suspect, .quarantined: return (policy, .information)
    case .starting: return ("", .dim)
    case .online, .reconciling:
      if let notice = state.context.noticeLine { return (notice, .danger) }
      let isFirstScreen = state.screen == .accounts && state.form == nil
      guard state.options.isDemo, isFirstScreen || status.waiting > 0 else { return ("", .dim) }
      return (
        status.waiting > 0
          ? "A sample bank. Press "
            + state.context.pointer(to: .ledger, "4 to see what was recorded, then ")
            + "\(state.context.reconcilingKey) to reconcile."
          : "A sample bank. Press d for a deposit, or type :drill to rehearse an outage.",
        .information
      )
    }
  }

  /// What may be taken now, what the caps leave, and what the customer is told; shortened where the
  /// line is. The caps are of withdrawals and transfers alike.
  private var policy: String {
    let room = state.size.columns - 2
    if let refusal = state.context.refusalToEnter {
      return displayWidth(of: refusal) <= room ? refusal : "Nothing can be entered at this till."
    }
    let opening = state.context.offlineTerms.opening(namesAge: !state.options.isPlain)
    let texts = offers(opening)
    return texts.first { displayWidth(of: $0) <= room } ?? opening
  }

  /// The same offer, the longest first. Where it need not be the bank's currency it says which one.
  private func offers(_ opening: String) -> [String] {
    let terms = state.context.offlineTerms
    let say = terms.kinds.isEmpty ? "" : "Say: booked later"
    let counts = terms.kinds.contains(.deposit) ? "; a deposit counts from today" : ""
    guard let payments = terms.payments, let caps = capsShown else {
      return terms.kinds.isEmpty
        ? [opening] : ["\(opening)  \(say)\(counts)", "\(opening)  \(say)"]
    }
    let isOfOther = status.caps.count > 1 || caps.left.currency != state.context.defaultCurrency
    let each = isOfOther ? words.money(caps.perEntry) : words.amount(caps.perEntry)
    let left = "\(words.amount(caps.left)) left"
    let (pay, shortest) =
      switch (terms.kinds.contains(.withdrawal), terms.kinds.contains(.transfer)) {
      case (true, true): ("Pay out or transfer", "Pay or transfer")
      case (true, false): ("Pay out", "Pay")
      case (false, _): ("Transfer", "Transfer")
      }
    return [
      "\(opening) \(payments) to \(each) each, \(left) at this till.  \(say)\(counts)",
      "\(opening) \(payments) to \(each), \(left).  \(say)\(counts)",
      "\(opening) \(payments) to \(each), \(left).  \(say)",
      "\(opening) \(pay) to \(each), \(left). \(say)",
      "\(opening) \(shortest) to \(each), \(left). \(say)",
      "\(shortest) to \(each), \(left). \(say)",
      "\(opening)  \(say)",
    ]
  }

  /// The caps in the currency of what the teller is doing, else in the bank's own.
  private var capsShown: ServiceStatus.Caps? {
    let currency =
      state.form?.amountCurrency ?? state.selectedAccount?.account.currency
      ?? state.context.defaultCurrency
    return currency.map { status.capsLeft(in: $0) } ?? status.caps.first
  }
}

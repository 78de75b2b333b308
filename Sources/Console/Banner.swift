import BankCore
import Screen

/// The first three lines of every screen: the mode in words, why it is so, and what may be done.
struct Banner {
  private let state: ConsoleState
  private var status: ServiceStatus { state.status }
  private var words: Words { state.words }

  init(_ state: ConsoleState) { self.state = state }

  func draw(on frame: inout Frame, in area: Area) {
    drawMode(on: &frame, in: area)
    let cause = causeLine
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
    let mode = " \(status.mode.banner) "
    let used = frame.write(
      mode, at: Position(column: 0, row: area.row), role: status.mode.role)
    let rest = Area(
      column: used + 1, row: area.row, columns: state.size.columns - used - 2, rows: 1)
    let waiting = waitingWords
    // Of a drill first: whoever looks up must know it, whatever else finds room.
    let left = [state.drillWords, waiting.isEmpty ? place : waiting]
      .filter { !$0.isEmpty }.joined(separator: "  ")
    let right = waiting.isEmpty ? endpoint : place
    let hasRoom = !status.isDrill || displayWidth(of: left + right) + 2 <= rest.columns
    frame.write(
      left, right: hasRoom ? right : status.terminal, in: rest,
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

  /// `3 waiting, oldest 12:04`; empty where nothing waits and nothing has to.
  private var waitingWords: String {
    guard status.waiting > 0 else { return status.mode.isCutOff ? "nothing waits" : "" }
    let oldest =
      status.oldestWaiting.map { ", oldest \(words.shortMoment($0, now: state.now))" } ?? ""
    return "\(words.count(status.waiting)) waiting\(oldest)"
  }

  // MARK: The second line: why

  private var causeLine: (text: String, role: Role) {
    switch status.mode {
    case .starting:
      return (cause ?? "Checking which bank answers, before anything is entered.", .dim)
    case .online: return (readiness, status.exceptions > 0 ? .warning : .dim)
    case .suspect:
      return (cause ?? "The bank has not answered in time. It is being asked again.", .banner)
    case .manual, .quarantined: return (cause ?? "The bank cannot be used.", .banner)
    case .reconciling:
      if let progress = status.progress {
        let done = "\(words.count(progress.done)) of \(words.count(progress.total))"
        return ("DATABASE BACK, reconciling \(done): serve on", .banner)
      }
      return (
        "DATABASE BACK, \(words.count(status.waiting)) WAITING: serve on, 5 when free", .banner
      )
    }
  }

  /// The cause, whole: where its names are too long for the line, the layer that failed, and where
  /// to read the rest.
  private var cause: String? {
    status.cause.map { cause in
      if let suspect = state.connection.suspect { return suspicion(suspect, cause) }
      let full = "\(cause.code.code) \(cause.text)"
      guard displayWidth(of: full) > Layout(state.size).banner.columns else { return full }
      return "\(cause.code.code) \(cause.code.layer.failure): 6 tells the rest."
    }
  }

  /// The layer that failed and what is suspected first, as far as there is room for both.
  private func suspicion(_ suspect: ConfigurationSuspect, _ cause: Cause) -> String {
    let failed = "\(cause.code.code) \(cause.code.layer.failure)"
    let what = suspect.isInForce ? "" : "\(suspect.differences.joined(separator: ", ")). "
    let way = suspect.isInForce ? "Changed meanwhile: 6, then b" : "6, then b goes back"
    let full = "\(failed): \(what)\(way)."
    guard displayWidth(of: full) > Layout(state.size).banner.columns else { return full }
    return "\(failed): 6 tells what was changed."
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
    var parts: [String] = []
    if status.exceptions > 0 {
      let noun = status.exceptions == 1 ? "exception needs" : "exceptions need"
      parts.append("\(words.count(status.exceptions)) \(noun) a person: 5.")
    }
    if status.untold > 0 {
      parts.append("\(words.count(status.untold)) to keep or to void: 4.")
    }
    parts.append(
      status.snapshotAsOf.map {
        state.options.isPlain
          ? "A snapshot is ready for an outage."
          : "Snapshot of \(words.shortMoment($0, now: state.now)) is ready for an outage."
      } ?? "No snapshot for an outage yet.")
    return parts.joined(separator: " ")
  }

  // MARK: The third line: what may be done

  private var adviceLine: (text: String, role: Role) {
    switch status.mode {
    case .manual, .suspect, .quarantined: return (policy, .information)
    case .starting: return ("", .dim)
    case .online, .reconciling:
      let isFirstScreen = state.screen == .accounts && state.form == nil
      guard state.options.isDemo, isFirstScreen || status.waiting > 0 else { return ("", .dim) }
      return (
        status.waiting > 0
          ? "A sample bank. Now try 4 to see what was written down, and 5 to reconcile."
          : "A sample bank. Try d for a deposit, or :drill to take the database away.",
        .information
      )
    }
  }

  /// `Deposits open. Withdrawals to 500.00, 9,200.00 left.  Say: booked later, counts today`,
  /// shortened where the line is.
  private var policy: String {
    let limits =
      capsShown.map {
        // Of several currencies it says which one these are.
        let perEntry =
          status.caps.count > 1 ? words.money($0.perEntry) : words.amount($0.perEntry)
        return " Withdrawals to \(perEntry), \(words.amount($0.left)) left."
      } ?? ""
    let full = "Deposits open.\(limits)  Say: booked later, counts today"
    guard displayWidth(of: full) > state.size.columns - 2 else { return full }
    return "Deposits open.\(limits)  Say: booked later"
  }

  /// The caps in the currency of what the teller is doing, else in the bank's own.
  private var capsShown: ServiceStatus.Caps? {
    let currency =
      state.form?.amountCurrency ?? state.selectedAccount?.account.currency
      ?? state.defaultCurrency
    return status.caps.first { $0.left.currency == currency } ?? status.caps.first
  }
}

import BankCore
import Screen

/// Who and how, above everything: the mode in words, the bank, the till and the person. While the bank
/// cannot be asked it grows to a block that says why, what the customer is told, and what may be taken.
struct Header {
  private let state: ConsoleState
  private var status: ServiceStatus { state.status }
  private var words: Wording { state.words }

  init(_ state: ConsoleState) { self.state = state }

  func draw(on frame: inout Frame, in area: Area) {
    let isBlock = status.hasBlock || status.mode == .reconciling
    let role = isBlock ? status.modeRole : .text
    frame.fill(
      rows: area.row..<area.row + area.rows, columns: 0..<state.size.columns, role: role)
    let used = frame.write(
      " \(status.banner) ", at: Position(column: 0, row: area.row), role: status.modeRole,
      attributes: isBlock ? .bold : [])
    let rest = Area(
      column: used + 1, row: area.row, columns: state.size.columns - used - 2, rows: 1)
    drawFirstLine(on: &frame, in: rest, role, isHigh: area.rows > 2)
    guard status.hasBlock else { return }
    let code = status.cause?.code.description ?? ""
    let cause = CauseLine(state: state).text(columns: area.columns - displayWidth(of: code) - 2)
    frame.write(
      cause ?? unknownCause, right: code, in: area, row: 1, role: role, attributes: .bold)
    let saying = sayings.first {
      displayWidth(of: $0) + displayWidth(of: waitingWords) + 2 <= area.columns
    }
    frame.write(saying ?? "", right: waitingWords, in: area, row: 2, role: role)
    frame.write(offer(columns: area.columns), in: area, row: 3, role: role)
  }

  // MARK: The first line

  private func drawFirstLine(
    on frame: inout Frame, in area: Area, _ role: Role, isHigh: Bool
  ) {
    // Of a drill first: whoever looks up must know it, whatever else finds room.
    let drill = state.context.drillWords
    if status.hasBlock || status.mode == .reconciling {
      // What waits is told whole; whose till it is gives way.
      let told =
        status.hasBlock && isHigh
        ? [since(isLong: true), since(isLong: false)]
        : [waitingWords]
      let lefts = told.map { [drill, $0].filter { !$0.isEmpty }.joined(separator: "  ") }
      let rights = [place, person, status.terminal, ""]
      let fitting = lefts.flatMap { left in rights.map { (left, $0) } }.first {
        displayWidth(of: $0.0 + $0.1) + 2 <= area.columns
      }
      let (left, right) = fitting ?? (drill, "")
      frame.write(left, right: right, in: area, role: role)
      return
    }
    let left = [drill, place].filter { !$0.isEmpty }.joined(separator: "  ")
    let right = standings.first { displayWidth(of: left + $0) + 2 <= area.columns }
    frame.write(left, right: right ?? "", in: area, rightRole: .dim)
  }

  private var person: String {
    [status.terminal, status.operatorName].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private var place: String {
    [status.bank?.name ?? "", person].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// `Sun 29 Nov  14:33   bank ok`, the longest first.
  private var standings: [String] {
    guard status.mode == .online else { return [] }
    let time = words.shortTime(state.now)
    let today = words.today(state.now)
    let day = words.day(today, now: today)
    let year = today.yearMonthDay.year
    let wide =
      state.size.columns >= Layout.paneAppearsAt ? ["\(day) \(year)  \(time)   bank ok"] : []
    return wide + ["\(day)  \(time)   bank ok", "\(time)   bank ok", "bank ok"]
  }

  /// `bank away since 14:37, 22 min`; of a drill `until 12:13:41`.
  private func since(isLong: Bool) -> String {
    guard let cause = status.cause else { return "" }
    if let until = status.hold?.until {
      return "until \(words.moment(until, now: state.now))"
    }
    let verb =
      switch status.mode {
      case .manual: status.hold == nil ? "bank away since" : "held since"
      default: "since"
      }
    let isWide = state.size.columns >= Layout.paneAppearsAt
    let begin =
      isWide
      ? words.moment(cause.since, now: state.now) : words.shortMoment(cause.since, now: state.now)
    let minutes = state.now.milliseconds(since: cause.since) / 60_000
    guard isLong, minutes > 0 else { return "\(verb) \(begin)" }
    return "\(verb) \(begin), \(words.span(minutes * 60_000))"
  }

  /// `3 waiting, 1 UNKNOWN, oldest 12:04`
  var waitingWords: String {
    guard status.waiting > 0 else { return status.hasBlock ? "nothing waits" : "" }
    let oldest =
      status.oldestWaiting.map { ", oldest \(words.shortMoment($0, now: state.now))" } ?? ""
    return status.open.text(words.count) + oldest
  }

  var unknownCause: String {
    status.mode == .suspect
      ? "The bank has not answered in time. It is being asked again." : "The bank cannot be used."
  }

  // MARK: What the customer is told, and what may be taken

  var saying: String { sayings.first ?? "" }

  /// The same, ever shorter: what is said to a customer is never half a sentence.
  private var sayings: [String] {
    let terms = state.context.offlineTerms
    guard state.context.refusalToEnter == nil, !terms.kinds.isEmpty else { return [] }
    let short = "Say \"booked later\""
    return (terms.kinds.contains(.deposit) ? ["\(short); a deposit counts from today."] : [])
      + ["\(short)."]
  }

  /// What may be taken now and what the caps leave, shortened where the line is. The caps are of
  /// withdrawals and transfers alike.
  func offer(columns: Int) -> String {
    if let refusal = state.context.refusalToEnter {
      return displayWidth(of: refusal) <= columns
        ? refusal : "Nothing can be entered at this till."
    }
    let opening = state.context.offlineTerms.opening(namesAge: !state.options.isPlain)
    let texts = offers(opening)
    return texts.first { displayWidth(of: $0) <= columns } ?? opening
  }

  /// The same offer, the longest first. Where it need not be the bank's currency it says which one.
  private func offers(_ opening: String) -> [String] {
    let terms = state.context.offlineTerms
    guard let payments = terms.payments, let caps = capsShown else { return [opening] }
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
      "\(opening) \(payments) to \(each) each, \(left) at this till.",
      "\(opening) \(pay) to \(each) each, \(left) at this till.",
      "\(opening) \(pay) to \(each), \(left).",
      "\(opening) \(shortest) to \(each), \(left).",
      "\(shortest) to \(each), \(left).",
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

/// Why the bank cannot be asked, in one line.
struct CauseLine {
  let state: ConsoleState

  /// The cause, whole. Where its names are too long for the line, the layer that failed, and where to
  /// read the rest. What is suspected first, and the way back, go before it. Nil where there is none.
  func text(columns: Int) -> String? {
    guard let cause = state.status.cause else { return nil }
    let failure = cause.code.failure.capitalizedFirst
    let texts: [String]
    if let suspect = state[ConnectionScreen.self].suspect {
      let key = state.context.pointer(to: .connection, "6, then ") + "b"
      let way =
        suspect.isInForce
        ? "Changed meanwhile: press \(key)."
        : "\(suspect.differences.joined(separator: ", ")). Press \(key) to go back."
      texts = [
        "\(failure)\(suspect.isInForce ? "." : ":") \(way)", way,
        "\(failure)\(state.context.pointer(to: .connection, ". Press 6 to see what changed")).",
      ]
    } else {
      texts = [
        cause.text.capitalizedFirst,
        "\(failure)\(state.context.pointer(to: .connection, ". Press 6 for details")).",
      ]
    }
    return texts.first { displayWidth(of: $0) <= columns } ?? texts.last
  }
}

extension String {
  /// With a capital letter at its beginning, as a sentence has.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

import BankCore

extension OutageReport {
  /// What the ledger's records know of one of its outages.
  ///
  /// - Parameters:
  ///   - number: of the outage; nil is returned where the state knows none of that number.
  ///   - state: made of all kept segments, with settled entries.
  ///   - leadup: changes of configuration or program, in any order.
  ///   - examinations: what the doctor found, in any order.
  public init?(
    of number: Int64, in state: LedgerState, at terminal: TerminalName, leadup: [Leadup] = [],
    examinations: [DoctorFinding] = []
  ) {
    guard let position = state.outages.firstIndex(where: { $0.number == number }) else {
      return nil
    }
    let outage = state.outages[position]
    let previousEnd = position > 0 ? state.outages[position - 1].ended : nil
    self.init(OutageID(terminal: terminal, number: number))
    // A settlement is no capture: the control totals do not count it either.
    let entries = state.entries.filter {
      $0.isCapture && outage.holds($0, after: previousEnd)
    }
    fillLeadup(leadup, of: outage)
    self.examinations = examinations.sorted { $0.at < $1.at }
    fillTimes(of: outage, entries)
    causes = outage.causeEvents
    fillImpact(of: entries)
    fillExceptions(of: entries, in: state)
    fillReach(of: entries)
    if let ended = outage.endedAt, position + 1 < state.outages.count {
      lostAgainAfter = state.outages[position + 1].beganAt.map {
        max(0, $0.milliseconds(since: ended))
      }
    }
    ledgerHead = state.head.description
    captures = entries.map(\.entry.capturedAt).sorted()
    notes = entries.reduce(0) { $0 + (state.notes[$1.entry.id]?.count ?? 0) }
    control = state.totals.map { $1.control($0) }.sorted { $0.currency < $1.currency }
    irregularities = state.irregularities.count
    timeline = makeTimeline(of: outage, entries)
  }

  private mutating func fillTimes(of outage: LedgerOutage, _ entries: [LedgerEntry]) {
    let first = outage.records.first
    times.firstFailure = first?.firstFailureAt
    times.detected = first?.at
    times.causeShown = outage.records.first { $0.cause != nil }?.at
    let captured = entries.map(\.entry.capturedAt)
    times.firstEntry = captured.min()
    times.lastEntry = captured.max()
    times.online = outage.endedAt
    let settled = entries.compactMap(\.settledAt)
    if settled.count == entries.count { times.reconciled = settled.max() }
    let failed = times.firstFailure ?? times.detected
    guard let failed else { return }
    times.change = leadup.last { $0.kind == .change && $0.at <= failed }?.at
    times.rollback = leadup.first { $0.kind == .rollback && $0.at >= failed }?.at
  }

  private mutating func fillLeadup(_ changes: [Leadup], of outage: LedgerOutage) {
    let first = outage.records.first
    let inOrder = changes.filter { $0.at <= outage.endedAt ?? $0.at }.sorted { $0.at < $1.at }
    guard let failed = first?.firstFailureAt ?? first?.at else { return leadup = inOrder }
    leadup =
      inOrder.filter { $0.at <= failed }.suffix(Self.leadupLimit)
      + inOrder.filter { $0.at > failed }
  }

  /// Milliseconds: an older change is leadup, and no part of the outage's course.
  private static let courseBegins: Int64 = 86_400_000

  private mutating func fillImpact(of entries: [LedgerEntry]) {
    var sums: [Currency: Impact] = [:]
    for known in entries {
      let amount = known.entry.amount
      sums[amount.currency, default: Impact(amount.currency)].add(known)
    }
    impact = sums.values.sorted { $0.currency < $1.currency }
    let delays = entries.compactMap(\.bookingDelay).sorted()
    longestDelay = delays.last
    // The lower of the two in the middle: a delay that an entry really had.
    medianDelay = delays.isEmpty ? nil : delays[(delays.count - 1) / 2]
  }

  private mutating func fillReach(of entries: [LedgerEntry]) {
    operators = Set(entries.map(\.entry.operatorName)).count
    customerAccounts = Set(entries.flatMap(\.entry.customerAccounts)).count
    for known in entries where known.hadNoAnswer {
      switch known.state {
      case .posted, .suspense, .settled: ambiguous.booked += 1
      case .refused: ambiguous.refused += 1
      case .waiting, .unknown, .blocked: ambiguous.unsettled += 1
      case .voided, .untold: break
      }
    }
  }

  private mutating func fillExceptions(of entries: [LedgerEntry], in state: LedgerState) {
    var settlements: [EntryID: String] = [:]
    for known in state.entries where known.entry.kind == .settlement && known.state == .posted {
      if let settled = known.entry.replaces { settlements[settled] = known.entry.label }
    }
    exceptions = entries.compactMap { known in
      guard known.isException, let recorded = known.outcome?.recorded else { return nil }
      let flags = recorded.flags.filter(\.needsPerson).sorted()
      let entry = known.entry
      let decision = state.settlements[recorded.bookedAs].flatMap(\.settledBy)
      return Exception(
        label: entry.label, kind: entry.kind, amount: entry.amount,
        account: entry.customerAccounts.first?.masked ?? "", outcome: recorded.outcome,
        flags: flags,
        settledBy: settlements[recorded.bookedAs] ?? settlements[entry.id] ?? decision
          ?? known.settledBy?.inWords)
    }
  }

  private func makeTimeline(of outage: LedgerOutage, _ entries: [LedgerEntry]) -> [Event] {
    let failed = outage.beganAt
    let course = leadup.filter { change in
      guard let failed, change.kind != .found else { return false }
      return change.at >= failed
        || (change.at == times.change && failed.milliseconds(since: change.at) < Self.courseBegins)
    }
    var events = course.map {
      Event(
        $0.kind == .rollback ? .rollback : .change, at: $0.at, text: $0.text,
        operatorName: $0.author)
    }
    if let at = times.firstFailure {
      events.append(Event(.firstFailure, at: at, text: isDrill ? "the drill began" : ""))
    }
    events += outage.course.enumerated().map { $1.event(isFirst: $0 == 0) }
    let inOrder = entries.sorted { $0.entry.capturedAt < $1.entry.capturedAt }
    if let first = inOrder.first?.entry {
      events.append(Event(.firstEntry, at: first.capturedAt, text: first.label))
    }
    if let last = inOrder.last?.entry, inOrder.count > 1 {
      events.append(Event(.lastEntry, at: last.capturedAt, text: last.label))
    }
    if let at = times.reconciled { events.append(Event(.reconciled, at: at)) }
    // Stable: what has the same time keeps the order of its cause.
    return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
  }
}

extension OutageReport.Impact {
  fileprivate mutating func add(_ known: LedgerEntry) {
    let amount = known.entry.amount
    captured.add(amount)
    open.add(known.state)
    switch known.release?.standing {
    case .advice: recorded.add(amount)
    case .request: taken.add(amount)
    case .history, nil: unknown.add(amount)
    }
    switch known.state {
    case .posted, .settled: posted.add(amount)
    case .suspense: suspense.add(amount)
    case .refused: refused.add(amount)
    case .voided: voided.add(amount)
    case .waiting, .unknown, .blocked, .untold: waiting.add(amount)
    }
  }
}

extension SettledRecord {
  /// Who settled the exception, and how; nil while the bank has not answered.
  fileprivate var settledBy: String? {
    switch standing {
    case .decided: nil
    case .booked, .elsewhere: "\(settlement.by): \(settlement.resolution.inWords)"
    case .tooLate: "somebody else"
    }
  }
}

extension Resolution {
  /// Without the account or the entry that it names.
  fileprivate var inWords: String {
    switch self {
    case .post: "accepted"
    case .to: "moved to another account"
    case .match: "the same as another entry"
    case .refuse: "customer told"
    }
  }
}

extension LedgerEntry {
  /// When the bank decided it, or a person took it back.
  fileprivate var settledAt: Instant? { void?.at ?? outcome?.at }

  /// It may have reached the bank before the till decided alone. What was never released was sent:
  /// the till told it as unknown.
  fileprivate var hadNoAnswer: Bool { release?.wasSent ?? true }

  /// Neither released nor settled at this till: the bank alone knows what became of it.
  fileprivate var wasAsked: Bool {
    switch state {
    case .voided, .untold: false
    default: release == nil
    }
  }

  /// Milliseconds from capture to booking; nil where it is not booked.
  fileprivate var bookingDelay: Int64? {
    guard let outcome, outcome.recorded.outcome.isBooked else { return nil }
    return max(0, outcome.at.milliseconds(since: entry.capturedAt))
  }
}

extension LedgerOutage {
  /// Whether an entry belongs to this outage: it was taken while it lasted, or between the first
  /// failure and its declaration. Lines decide, because the clock may have been set meanwhile.
  fileprivate func holds(_ known: LedgerEntry, after previousEnd: LineReference?) -> Bool {
    let place = known.releaseLine ?? known.line
    if let ended, place > ended { return false }
    if let previousEnd, place < previousEnd { return false }
    if known.release == nil {
      // Asked while the bank still answered, and never released: only those whose answer was lost.
      // They were captured before anybody knew that the bank is away.
      if let decided = known.outcome?.at, records.first.map({ decided < $0.at }) ?? true {
        return false
      }
      if known.wasAsked { return true }
    }
    if place > began { return true }
    guard let failed = records.first?.firstFailureAt else { return false }
    return (known.release?.at ?? known.entry.capturedAt) >= failed
  }

  /// Its records without those that name the same cause once more, as each console does that is
  /// started meanwhile: nothing has changed by it.
  fileprivate var course: [ModeRecord] {
    var last: CauseCode?
    return records.enumerated().compactMap { index, record in
      let event = record.event(isFirst: index == 0)
      guard event.kind != .causeChanged || event.cause != last else { return nil }
      last = event.cause ?? last
      return record
    }
  }

  /// The first cause, and each one that differs from the one before.
  fileprivate var causeEvents: [OutageReport.Event] {
    var events: [OutageReport.Event] = []
    for (index, record) in records.enumerated() {
      guard let cause = record.cause, record.event != .quarantineLifted else { continue }
      if events.last?.cause == cause { continue }
      events.append(record.event(isFirst: index == 0))
    }
    return events
  }
}

extension ModeRecord {
  fileprivate func event(isFirst: Bool) -> OutageReport.Event {
    let kind: OutageReport.Event.Kind =
      switch event {
      case .outageBegan: isFirst ? .detected : .causeChanged
      case .causeChanged: .causeChanged
      case .outageEnded: .online
      case .held: .held
      case .holdReleased: .holdReleased
      case .quarantined: .quarantined
      case .quarantineLifted: .quarantineLifted
      case .reconciliationBegan: .reconciliationBegan
      case .reconciliationEnded: .reconciliationEnded
      }
    let isAct = kind == .held || kind == .holdReleased || kind == .quarantineLifted
    // An older version may have written an address with its password.
    return OutageReport.Event(
      kind, at: at, cause: cause, text: Disclosure.words(text),
      operatorName: isAct ? operatorName : nil)
  }
}

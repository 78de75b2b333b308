import BankCore
import ManualLedger
import OrderedCollections

/// What the machine knows of its connection.
struct Link: Sendable {
  var isProbing = false
  /// What the bank had acknowledged when it was last greeted. Its answer was read before what came
  /// meanwhile, and says nothing about that.
  var acknowledgedAtGreeting: Acknowledgement?
  /// A command has gone on before the greeting's end: what it records counts on no answer, and what
  /// only the bank can allow waits for it.
  var isUnanswered = false
  /// Counts probes asked for; a timer of an older generation means nothing.
  var generation = 0
  /// Deadlines missed in a row while suspect.
  var misses = 0
  /// Good answers in a row while manual.
  var successes = 0
  var manualSince: Instant?
  var suspectSince: Instant?
  var failures = 0
  /// What keeps the bank away on purpose.
  var hold: Hold?
  var isHeld: Bool { hold != nil }
  var hasAppendedOutage = false
  var random: UInt64 = 0
  /// What the bank said of the time when it was last greeted.
  var time: BankMoment?
}

/// The bank's time as this machine can count it from its last greeting.
enum BankMoment: Sendable {
  case clock(ClockDifference)
  case newestBooking(BusinessDay?)

  init(_ time: BankTime, _ roundTripMilliseconds: Double, at now: Instant) {
    self =
      switch time {
      case .clock(let bank):
        .clock(
          ClockDifference(bank: bank, here: now, roundTripMilliseconds: roundTripMilliseconds))
      case .newestBooking(let day): .newestBooking(day)
      }
  }

  /// A difference that matters; nil for a small one, and where there is no clock.
  var difference: ClockDifference? {
    guard case .clock(let difference) = self, difference.isTooLarge else { return nil }
    return difference
  }

  /// By the bank's clock, where it differs from this machine's.
  func now(at now: Instant) -> Instant? {
    difference.map { now.advanced(byMilliseconds: Int64($0.aheadMilliseconds)) }
  }

  var doubtedAfter: BusinessDay? {
    guard case .newestBooking(let day?) = self else { return nil }
    return day.advanced(byDays: BankTime.longestPauseInDays)
  }
}

/// The figures of the detector, in milliseconds. Argued in docs/decisions/offline.md: at the
/// very worst 2,000 + 3 × 1,500 + 2 × 500 = 7,500 until `manual` is on screen.
enum Detector {
  static let missesToManual = 3
  static let retryWhileSuspect: Int64 = 500
  static let secondSuccessAfter: Int64 = 1_000
  static let dwell: Int64 = 5_000
  static let backOffBase: Int64 = 500
  /// A till is back at most so much later than its bank, and half a second, and two good answers.
  static let backOffCap: Int64 = 5_000
  /// Where somebody must act first.
  static let blindRetry: Int64 = 30_000
  /// A configuration fault is not tried blindly: a wrong password may lock the account.
  static let configurationRetry: Int64 = 300_000
}

extension Continuity {
  var mode: Mode { status.mode }

  /// Whether entries go straight to the bank.
  var isLive: Bool { mode.isLive }

  /// Where reads are answered from.
  var readSource: ReadSource {
    status.readsLive ? .live : .snapshot
  }

  // MARK: Probing

  mutating func probe(fresh: Bool) -> [Effect] {
    guard !link.isProbing, !link.isHeld else { return [] }
    link.isProbing = true
    link.acknowledgedAtGreeting = ledger.acknowledgement
    link.generation += 1
    status.nextProbeAt = nil
    return [.greet(isFresh: fresh, last: ledger.lastAcknowledged)]
  }

  private mutating func probeLater(_ milliseconds: Int64, _ moment: Moment) -> [Effect] {
    link.generation += 1
    status.nextProbeAt = moment.now.advanced(byMilliseconds: milliseconds)
    return [.setTimer(.probe(generation: link.generation), afterMilliseconds: milliseconds)]
  }

  mutating func probeRang(_ generation: Int) -> [Effect] {
    guard generation == link.generation else { return [] }
    return probe(fresh: !isLive)
  }

  mutating func greeted(
    _ result: Result<Greeting, StoreFault>, isFresh: Bool, knowsLast: Bool, _ moment: Moment
  ) -> [Effect] {
    link.isProbing = false
    let wasUnanswered = link.isUnanswered
    link.isUnanswered = false
    guard !link.isHeld else { return [] }
    switch result {
    case .failure(let fault) where wasUnanswered:
      return leave(for: cause(of: fault, since: moment.now), moment)
    case .failure(let fault):
      return greetFailed(fault, isFresh: isFresh, moment)
    case .success(let greeting):
      status.roundTripMilliseconds = greeting.roundTripMilliseconds
      if let place = greeting.place { status.endpoint = place }
      link.time = BankMoment(greeting.time, greeting.roundTripMilliseconds, at: moment.now)
      status.clock = link.time?.difference
      if let cause = objection(to: greeting, knowsLast: knowsLast, moment) {
        return leave(for: cause, moment)
      }
      guard configuration.isReading || (greeting.terminal != nil && hasLedger) else {
        return [.enrol(greeting)]
      }
      return welcome(greeting.bank, moment)
    }
  }

  /// What speaks against believing this database; nil when it is the right one.
  private func objection(to greeting: Greeting, knowsLast: Bool, _ moment: Moment) -> Cause? {
    // A ledger that cannot tell whose it is has to be begun anew before anybody can lift the alarm.
    if let damage = damage(moment), hasLedger || configuration.isReading { return damage }
    if let alarm { return alarm }
    guard takenOver.isEmpty else {
      return Cause(
        .terminalCloned,
        "The newest directory of \(configuration.terminal.name) has taken over what this one held:"
          + " it is an old copy.", since: moment.now)
    }
    if let expectedBank, expectedBank != greeting.bank.id {
      return Cause(
        .wrongBank,
        "\(status.endpoint) is another bank: \(greeting.bank.name) (\(greeting.bank.id)).",
        since: moment.now)
    }
    guard greeting.isWritable else {
      return Cause(
        .readOnly, "\(status.endpoint) answers but is read-only: entries go to the manual ledger.",
        since: moment.now)
    }
    return objection(to: greeting.terminal, of: greeting.bank, knowsLast: knowsLast, moment)
      ?? greeting.hindrance.map { cause(of: $0, since: moment.now, stillReads: true) }
  }

  /// What keeps this ledger from the bank until a supervisor has accepted it, whether the bank
  /// answers or not.
  private func damage(_ moment: Moment) -> Cause? {
    guard isLedgerDamaged else { return nil }
    return Cause(
      .ledgerDamaged, ledgerNotice ?? "The manual ledger is damaged.", since: moment.now)
  }

  /// Compares what the database knows of this terminal with its own ledger.
  private func objection(
    to terminal: TerminalRecord?, of bank: BankIdentity, knowsLast: Bool, _ moment: Moment
  ) -> Cause? {
    guard hasLedger else { return nil }
    let forgot = Cause(
      .databaseForgot,
      "\(status.endpoint) does not know entries that it has acknowledged: restored from a backup.",
      since: moment.now)
    let acknowledged = link.acknowledgedAtGreeting
    let memory = TillMemory(
      bank: bank.id, terminal: configuration.terminal.id,
      counter: acknowledged?.counter ?? 0, epoch: acknowledged?.epoch ?? 0,
      lastAcknowledged: ledger.lastAcknowledged)
    let knowledge = TillKnowledge(
      counter: terminal?.counter ?? 0, epoch: bank.epoch, knowsLast: knowsLast)
    if memory.isForgotten(by: knowledge) { return forgot }
    guard let terminal else { return nil }
    let knownHash = ledger.lineHash(ofNumber: terminal.highestNumber)
    if terminal.highestNumber >= nextNumber
      || (knownHash.map { $0.description != terminal.highestLineHash } ?? false)
    {
      return Cause(
        .terminalCloned,
        "The bank knows \(configuration.terminal.name) up to entry \(terminal.highestNumber), this"
          + " ledger does not: its state is an old copy, or a second till runs under its name.",
        since: moment.now)
    }
    return nil
  }

  mutating func enrolled(_ result: Result<Enrolment, Failure>, _ moment: Moment) -> [Effect] {
    switch result {
    case .success(let enrolment):
      hasLedger = true
      expectedBank = enrolment.bank.id
      if let begun = enrolment.ledger { ledger = begun }
      if let damage = damage(moment) { return leave(for: damage, moment) }
      return welcome(enrolment.bank, moment)
    case .failure(let failure):
      let code = CauseCode(rawValue: failure.code) ?? .terminalCloned
      return leave(for: cause(of: StoreFault(code, failure.text), since: moment.now), moment)
    }
  }

  /// The right database has answered.
  private mutating func welcome(_ bank: BankIdentity, _ moment: Moment) -> [Effect] {
    // A till has given the bank back what it had forgotten: exceptions may be among it.
    let isHealed = self.bank.map { $0.epoch < bank.epoch } ?? false
    self.bank = bank
    link.failures = 0
    link.misses = 0
    guard mode == .manual || mode == .quarantined, !configuration.isCommand else {
      return ready(moment, asksAgain: isHealed)
    }
    link.successes += 1
    let dwelt = link.manualSince.map { moment.now.milliseconds(since: $0) } ?? .max
    guard link.successes >= 2, dwelt >= Detector.dwell else {
      let wait = max(Detector.secondSuccessAfter, min(Detector.dwell, Detector.dwell - dwelt))
      return probeLater(wait, moment)
    }
    return ready(moment)
  }

  /// Decisions that move nothing and are not in the books yet go to the bank again.
  var openDecisions: [Effect] {
    configuration.isReading ? [] : ledger.settlements.open.map { .settle(nil, $0) }
  }

  /// - Parameter asksAgain: what the bank could not decide before goes to it again, though it was there.
  private mutating func ready(_ moment: Moment, asksAgain: Bool = false) -> [Effect] {
    let wasAway = mode != .online && mode != .reconciling
    link.successes = 0
    link.suspectSince = nil
    status.cause = nil
    status.mode = hasBacklog ? .reconciling : .online
    var effects = probeLater(configuration.probeIntervalMilliseconds, moment)
    guard wasAway else { return effects + (asksAgain ? openDecisions : []) }
    // A command meets the outage that another process has recorded.
    if link.hasAppendedOutage || (ledger.isInOutage && !configuration.isReading) {
      link.hasAppendedOutage = false
      effects += remark(ModeRecord(.outageEnded, at: moment.now))
    }
    effects += [.refreshSnapshot(accounts: nil), .countExceptions]
    // What was asked and never answered is settled by asking again; nobody has to start that.
    if configuration.isReading { return effects }
    for known in waiting where known.release == nil { sendQueue.append(known.entry.id) }
    effects += openDecisions
    if configuration.reconcilesAutomatically, hasBacklog, run == nil {
      effects += startRun(ticket: nil, moment)
    }
    return effects
  }

  private mutating func greetFailed(
    _ fault: StoreFault, isFresh: Bool, _ moment: Moment
  ) -> [Effect] {
    let cause =
      damage(moment) ?? cause(of: fault, since: link.suspectSince ?? moment.now)
    link.successes = 0
    switch mode {
    case .online, .reconciling:
      return suspect(fault, moment)
    case .suspect where fault.missedDeadline || fault.isPassing || !isFresh:
      link.misses += fault.missedDeadline || fault.isPassing ? 1 : 0
      guard link.misses < Detector.missesToManual else { return leave(for: cause, moment) }
      return isFresh ? probeLater(Detector.retryWhileSuspect, moment) : probe(fresh: true)
    case .manual where fault.isPassing && status.cause?.isTransient == true:
      // It comes back, perhaps: that is no second cause of the outage before it lasts.
      guard status.cause?.code != cause.code, link.misses < Detector.missesToManual - 1 else {
        return leave(for: cause, moment)
      }
      link.misses += 1
      return probeLater(Detector.retryWhileSuspect, moment)
    case .starting, .suspect, .manual, .quarantined:
      return leave(for: cause, moment)
    }
  }

  /// Making a bank is advice for whoever never had one; a till that has one wants it back.
  func words(of fault: StoreFault) -> String {
    guard fault.kind == .schemaMissing || fault.kind == .bankMissing else { return fault.text }
    guard expectedBank != nil else { return "\(fault.text): run daybook init" }
    let name = bank?.name ?? "the bank of this till"
    return "\(fault.text): this till belongs to \(name); put its backup back"
  }

  /// Whether the new store is the right one, only its greeting tells; what the old one missed says
  /// nothing about it.
  mutating func storeTurned(_ endpoint: String) -> [Effect] {
    status.endpoint = endpoint
    status.roundTripMilliseconds = nil
    link.misses = 0
    link.successes = 0
    link.failures = 0
    return probe(fresh: true)
  }

  // MARK: Losing the database

  /// A read, a post or the idle connection has failed.
  mutating func noteFault(_ fault: StoreFault, _ moment: Moment) -> [Effect] {
    guard !link.isHeld, !fault.isRejection, isLive else { return [] }
    if fault.cause.stillReads || fault.cause.quarantines {
      return leave(for: cause(of: fault, since: moment.now), moment)
    }
    return suspect(fault, moment)
  }

  mutating func suspect(_ fault: StoreFault, _ moment: Moment) -> [Effect] {
    status.mode = .suspect
    status.cause = cause(of: fault, since: moment.now)
    link.suspectSince = moment.now
    link.misses = fault.missedDeadline ? 1 : 0
    return stopRun(moment) + probe(fresh: true)
  }

  /// Goes to `manual`, or to `quarantined` where a supervisor must decide.
  mutating func leave(for cause: Cause, _ moment: Moment) -> [Effect] {
    let wasAway = mode == .manual || mode == .quarantined
    let since = wasAway ? status.cause?.since ?? cause.since : cause.since
    let isSame = status.cause?.code == cause.code
    status.cause = cause
    status.cause?.since = since
    status.mode = cause.code.quarantines ? .quarantined : .manual
    if !wasAway { link.manualSince = moment.now }
    link.misses = 0
    link.failures += 1
    status.roundTripMilliseconds = nil
    var effects = stopRun(moment) + releaseAll()
    if !wasAway || !isSame { effects += recordOutage(cause, wasAway: wasAway, moment) }
    if !wasAway { effects.append(.lookAround) }
    if !link.isHeld { effects += probeLater(retryDelay(cause), moment) }
    return effects
  }

  private mutating func recordOutage(
    _ cause: Cause, wasAway: Bool, _ moment: Moment
  ) -> [Effect] {
    // A command that finds the bank away is a witness, not an outage of its own. That the bank must
    // not be trusted, or this ledger, is more than the outage says so far.
    let isOwn = link.hasAppendedOutage
    let isNews = cause.code.quarantines && ledger.outages.last?.cause != cause.code
    guard !configuration.isCommand || !ledger.isInOutage || isOwn || isNews else { return [] }
    let wasAway = wasAway || isOwn
    let event: ModeRecord.Event =
      switch (cause.code.quarantines, link.isHeld, wasAway) {
      case (true, _, _): .quarantined
      case (_, true, _): .held
      case (_, _, true): .causeChanged
      default: .outageBegan
      }
    link.hasAppendedOutage = true
    return remark(
      ModeRecord(
        event, cause: cause.code, text: cause.text,
        operatorName: link.hold?.by ?? configuration.operatorName,
        firstFailureAt: wasAway ? nil : firstFailure(cause, moment), at: moment.now))
  }

  // MARK: A command that does not wait

  /// The greeting has not ended in time: the command goes on without the bank, and the greeting goes
  /// on beside it.
  mutating func greetingOverdue(_ moment: Moment) -> [Effect] {
    guard mode == .starting, link.isProbing,
      let patience = configuration.greetingPatienceMilliseconds
    else { return [] }
    let since = moment.now.advanced(byMilliseconds: -patience)
    link.isUnanswered = true
    link.suspectSince = since
    status.mode = .suspect
    status.cause = Cause(
      .latency, "\(status.endpoint) has said nothing for \(patience) ms.", since: since)
    return []
  }

  /// What only the bank can allow waits for the greeting's end.
  mutating func askLater(_ draft: Draft, _ ticket: Ticket) -> [Effect] {
    deferred.append((ticket, .capture(draft)))
    return []
  }

  /// An entry is recorded before the bank has answered: that is an outage, however short. Nobody may
  /// be left to write it down later.
  mutating func recordSilence(_ moment: Moment) -> [Effect] {
    guard link.isUnanswered, !link.hasAppendedOutage, let cause = status.cause else { return [] }
    return recordOutage(cause, wasAway: false, moment)
  }

  /// A drill and a hold count from their beginning, wherever that was.
  private func firstFailure(_ cause: Cause, _ moment: Moment) -> Instant {
    min(cause.since, moment.now)
  }

  func remark(_ record: ModeRecord) -> [Effect] {
    hasLedger && !configuration.isReading ? [.append(.remark, [.mode(record)])] : []
  }

  /// Full jitter (Brooker, "Exponential Backoff And Jitter"): a random part of a doubling ceiling,
  /// so that tills do not come back all at once.
  private mutating func retryDelay(_ cause: Cause) -> Int64 {
    guard !cause.mayLockRole else { return Detector.configurationRetry }
    guard cause.isTransient else { return Detector.blindRetry }
    let ceiling = min(
      Detector.backOffCap, Detector.backOffBase << Int64(min(link.failures, 6)))
    link.random = link.random &* 6_364_136_223_846_793_005 &+ (configuration.seed | 1)
    return Detector.backOffBase / 2 + Int64(link.random >> 33) % ceiling
  }

  /// Between `online` and `reconciling`, by whether entries wait.
  mutating func settleMode(_ moment: Moment) -> [Effect] {
    guard isLive else { return [] }
    let shouldBe: Mode = hasBacklog ? .reconciling : .online
    guard shouldBe != mode else { return [] }
    status.mode = shouldBe
    return []
  }
}

extension StoreFault {
  /// A server that starts or stops is soon up or gone: what it says then is the cause, or that there
  /// is none.
  fileprivate var isPassing: Bool { (seen ?? kind) == .serverNotReady }
}

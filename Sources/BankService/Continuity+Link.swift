import BankCore
import ManualLedger

/// What a change of the link does to what waits, is sent and is written.
extension Continuity {
  /// What the console may promise: by the link, and by whether entries wait.
  var mode: Mode { link.isLive && till.hasBacklog ? .reconciling : link.mode }

  /// Whether entries go straight to the bank.
  var isLive: Bool { link.isLive }

  private func check(_ moment: Moment) -> BankCheck {
    BankCheck(
      configuration: configuration, link: link, ledger: backlog.ledger, hasLedger: health.hasLedger,
      damage: health.damage, isOldCopy: !health.takenOver.isEmpty,
      nextNumber: captures.nextNumber(after: backlog.ledger), now: moment.now)
  }

  // MARK: Probing

  mutating func probe(fresh: Bool) -> [Effect] {
    link.probe(
      fresh: fresh, last: backlog.ledger.lastAcknowledged,
      acknowledged: backlog.ledger.acknowledgement)
  }

  mutating func greeted(
    _ result: Result<Greeting, StoreFault>, isFresh: Bool, knowsLast: Bool, number: Int,
    _ moment: Moment
  ) -> [Effect] {
    guard let wasUnanswered = link.greetingEnded(number), !link.isHeld else { return [] }
    switch result {
    case .failure(let fault) where wasUnanswered:
      return leave(for: check(moment).cause(of: fault, since: moment.now), moment)
    case .failure(let fault):
      return greetFailed(fault, isFresh: isFresh, moment)
    case .success(let greeting):
      link.note(greeting, moment.now)
      if let cause = check(moment).objection(to: greeting, knowsLast: knowsLast) {
        return leave(for: cause, moment)
      }
      guard configuration.isReading || (greeting.terminal != nil && health.hasLedger) else {
        return [.enrol(greeting)]
      }
      return welcome(greeting.bank, moment)
    }
  }

  mutating func recognized(_ greeting: Greeting, number: Int, _ moment: Moment) {
    if link.greeting == number, check(moment).recognizes(greeting) { link.recognize() }
  }

  mutating func enrolled(_ result: Result<Enrolment, Failure>, _ moment: Moment) -> [Effect] {
    switch result {
    case .success(let enrolment):
      health.enrol()
      link.belong(to: enrolment.bank.id)
      if let begun = enrolment.ledger { backlog.begin(begun) }
      // Somebody keeps it away since it was asked.
      guard !link.isHeld else { return [] }
      if let damage = check(moment).damageCause { return leave(for: damage, moment) }
      return welcome(enrolment.bank, moment)
    case .failure(let failure):
      guard !link.isHeld else { return [] }
      let code = CauseCode(failure.code) ?? .terminalCloned
      return leave(
        for: check(moment).cause(of: StoreFault(code, failure.text), since: moment.now), moment)
    }
  }

  /// The right database has answered.
  private mutating func welcome(_ bank: BankIdentity, _ moment: Moment) -> [Effect] {
    // A till has given the bank back what it had forgotten: exceptions may be among it.
    let isHealed = link.bank.map { $0.epoch < bank.epoch } ?? false
    if let wait = link.welcome(bank, isPatient: !configuration.isCommand, moment.now) {
      return link.probeLater(wait, moment.now)
    }
    return ready(moment, asksAgain: isHealed)
  }

  /// - Parameter asksAgain: what the bank could not decide before goes to it again, though it was there.
  private mutating func ready(_ moment: Moment, asksAgain: Bool = false) -> [Effect] {
    let wasAway = link.comeBack()
    var effects = link.probeLater(configuration.probeIntervalMilliseconds, moment.now)
    guard wasAway else {
      return effects + (asksAgain ? worklist.openDecisions(backlog.ledger) : [])
    }
    // A command meets the outage that another process has recorded.
    if let line = outage.end(backlog.ledger, configuration, moment.now) {
      effects += health.remark(line)
    }
    effects += [.refreshSnapshot(accounts: nil), .countExceptions]
    // What was asked and never answered is settled by asking again; nobody has to start that.
    if configuration.isReading { return effects }
    for known in backlog.waiting where known.release == nil { dispatch.add(known.entry.id) }
    effects += worklist.openDecisions(backlog.ledger)
    if configuration.reconcilesAutomatically, till.hasBacklog, dispatch.run == nil {
      effects += dispatch.startRun(backlog, ticket: nil, moment)
    }
    return effects
  }

  private mutating func greetFailed(
    _ fault: StoreFault, isFresh: Bool, _ moment: Moment
  ) -> [Effect] {
    let check = check(moment)
    let cause =
      check.damageCause ?? check.cause(of: fault, since: link.faultySince(moment.now))
    switch link.failed(fault, as: cause, isFresh: isFresh) {
    case .suspect: return suspect(fault, moment)
    case .leave: return leave(for: cause, moment)
    case .askAgain(let wait?): return link.probeLater(wait, moment.now)
    case .askAgain(nil): return probe(fresh: true)
    }
  }

  mutating func storeTurned(_ endpoint: String) -> [Effect] {
    link.turn(to: endpoint)
    return probe(fresh: true)
  }

  // MARK: Losing the database

  /// A read, a post or the idle connection has failed.
  mutating func noteFault(_ fault: StoreFault, _ moment: Moment) -> [Effect] {
    guard !link.isHeld, !fault.isRejection, isLive else { return [] }
    if fault.cause.stillReads || fault.cause.quarantines {
      return leave(for: check(moment).cause(of: fault, since: moment.now), moment)
    }
    return suspect(fault, moment)
  }

  mutating func suspect(_ fault: StoreFault, _ moment: Moment) -> [Effect] {
    link.suspect(
      check(moment).cause(of: fault, since: moment.now), missedDeadline: fault.missedDeadline)
    return dispatch.stopRun(till) + probe(fresh: true)
  }

  /// Goes to `manual`, or to `quarantined` where a supervisor must decide.
  mutating func leave(for cause: Cause, _ moment: Moment) -> [Effect] {
    left(for: cause, link.leave(for: cause, moment.now), moment)
  }

  /// What waits for the bank is looked up here, and the outage is written down.
  private mutating func left(
    for cause: Cause, _ departure: Link.Departure, _ moment: Moment
  ) -> [Effect] {
    var effects = dispatch.stopRun(till) + captures.release(captures.askingIDs)
    if departure.isNews { effects += recordOutage(cause, wasAway: departure.wasAway, moment) }
    if !departure.wasAway { effects.append(.lookAround) }
    return effects + link.retry(moment.now)
  }

  private mutating func recordOutage(
    _ cause: Cause, wasAway: Bool, _ moment: Moment
  ) -> [Effect] {
    let line = outage.begin(
      cause, wasAway: wasAway, link.hold, backlog.ledger, configuration, moment.now)
    return line.map(health.remark) ?? []
  }

  // MARK: A bank that is kept away on purpose

  /// Somebody has taken the bank away or given it back, at this till or elsewhere; also how it
  /// stood when this till was opened. It goes through the same machine as every loss.
  mutating func holdChanged(_ state: HoldState, _ moment: Moment) -> [Effect] {
    if let hold = state.standing {
      guard let departure = link.keepAway(hold, moment.now) else { return [] }
      return left(for: hold.cause, departure, moment) + [.disconnect]
    }
    // It may have ended while nobody was here: the ledger is told all the same.
    let isUntold = link.isStarting && backlog.ledger.outages.last?.isHeld == true
    let wasHeld = link.giveBack(moment.now)
    guard wasHeld || isUntold else { return [] }
    let line = ModeRecord(
      .holdReleased, text: state.ended?.sentence ?? "", operatorName: state.ended?.by,
      at: moment.now)
    return health.remark(line) + (wasHeld ? probe(fresh: true) : [])
  }

  // MARK: A command that does not wait

  /// The greeting has not ended in time: the command goes on without the bank, and the greeting goes
  /// on beside it.
  mutating func greetingOverdue(_ moment: Moment) -> [Effect] {
    guard link.isStarting, link.greeting != nil,
      let patience = configuration.greetingPatienceMilliseconds
    else { return [] }
    link.goOnUnanswered(patience, moment.now)
    return []
  }

  /// An entry is recorded before the bank has answered: that is an outage, however short. Nobody may
  /// be left to write it down later.
  mutating func recordSilence(_ moment: Moment) -> [Effect] {
    guard link.isUnanswered, !outage.isOurs, let cause = link.cause else { return [] }
    return recordOutage(cause, wasAway: false, moment)
  }
}

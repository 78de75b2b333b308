import BankCore
import ManualLedger

extension Continuity {
  /// What the console may promise: by the link, and by whether entries wait.
  var mode: Mode { link.isLive && till.hasBacklog ? .reconciling : link.mode }

  /// Whether entries go straight to the bank.
  var isLive: Bool { link.isLive }

  /// Where reads are answered from.
  var readSource: ReadSource { link.readsLive ? .live : .snapshot }

  private func check(_ moment: Moment) -> BankCheck {
    BankCheck(
      configuration: configuration, link: link, ledger: backlog.ledger, hasLedger: health.hasLedger,
      damage: health.damage,
      alarm: alarm, isOldCopy: !health.takenOver.isEmpty, nextNumber: nextNumber, now: moment.now)
  }

  // MARK: Probing

  mutating func probe(fresh: Bool) -> [Effect] {
    link.probe(
      fresh: fresh, last: backlog.ledger.lastAcknowledged,
      acknowledged: backlog.ledger.acknowledgement)
  }

  mutating func probeRang(_ generation: Int) -> [Effect] {
    link.isDue(generation) ? probe(fresh: !isLive) : []
  }

  mutating func greeted(
    _ result: Result<Greeting, StoreFault>, isFresh: Bool, knowsLast: Bool, _ moment: Moment
  ) -> [Effect] {
    let wasUnanswered = link.greetingEnded()
    guard !link.isHeld else { return [] }
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

  mutating func enrolled(_ result: Result<Enrolment, Failure>, _ moment: Moment) -> [Effect] {
    switch result {
    case .success(let enrolment):
      health.enrol()
      link.belong(to: enrolment.bank.id)
      if let begun = enrolment.ledger { backlog.begin(begun) }
      if let damage = check(moment).damageCause { return leave(for: damage, moment) }
      return welcome(enrolment.bank, moment)
    case .failure(let failure):
      let code = CauseCode(rawValue: failure.code) ?? .terminalCloned
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

  /// Decisions that move nothing and are not in the books yet go to the bank again.
  var openDecisions: [Effect] {
    configuration.isReading ? [] : backlog.ledger.settlements.open.map { .settle(nil, $0) }
  }

  /// - Parameter asksAgain: what the bank could not decide before goes to it again, though it was there.
  private mutating func ready(_ moment: Moment, asksAgain: Bool = false) -> [Effect] {
    let wasAway = link.comeBack()
    var effects = link.probeLater(configuration.probeIntervalMilliseconds, moment.now)
    guard wasAway else { return effects + (asksAgain ? openDecisions : []) }
    // A command meets the outage that another process has recorded.
    if let line = outage.end(backlog.ledger, configuration, moment.now) {
      effects += remark(line)
    }
    effects += [.refreshSnapshot(accounts: nil), .countExceptions]
    // What was asked and never answered is settled by asking again; nobody has to start that.
    if configuration.isReading { return effects }
    for known in backlog.waiting where known.release == nil { dispatch.add(known.entry.id) }
    effects += openDecisions
    if configuration.reconcilesAutomatically, till.hasBacklog, dispatch.run == nil {
      effects += startRun(ticket: nil, moment)
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
      check(moment).cause(of: fault, since: moment.now), missedDeadline: fault.missedDeadline,
      moment.now)
    return stopRun(moment) + probe(fresh: true)
  }

  /// Goes to `manual`, or to `quarantined` where a supervisor must decide.
  mutating func leave(for cause: Cause, _ moment: Moment) -> [Effect] {
    let departure = link.leave(for: cause, moment.now)
    var effects = stopRun(moment) + releaseAll()
    if departure.isNews { effects += recordOutage(cause, wasAway: departure.wasAway, moment) }
    if !departure.wasAway { effects.append(.lookAround) }
    return effects + link.retry(moment.now)
  }

  // MARK: A command that does not wait

  /// The greeting has not ended in time: the command goes on without the bank, and the greeting goes
  /// on beside it.
  mutating func greetingOverdue(_ moment: Moment) -> [Effect] {
    guard link.isStarting, link.isProbing,
      let patience = configuration.greetingPatienceMilliseconds
    else { return [] }
    link.goOnUnanswered(patience, moment.now)
    return []
  }

  /// What only the bank can allow waits for the greeting's end.
  mutating func askLater(_ draft: Draft, _ ticket: Ticket) -> [Effect] {
    captures.deferUntilAnswered(ticket, .capture(draft))
    return []
  }

  /// An entry is recorded before the bank has answered: that is an outage, however short. Nobody may
  /// be left to write it down later.
  mutating func recordSilence(_ moment: Moment) -> [Effect] {
    guard link.isUnanswered, !outage.isOurs, let cause = link.cause else { return [] }
    return recordOutage(cause, wasAway: false, moment)
  }

  private mutating func recordOutage(
    _ cause: Cause, wasAway: Bool, _ moment: Moment
  ) -> [Effect] {
    let line = outage.begin(
      cause, wasAway: wasAway, link.hold, backlog.ledger, configuration, moment.now)
    return line.map(remark) ?? []
  }

  func remark(_ record: ModeRecord) -> [Effect] {
    health.hasLedger && !configuration.isReading ? [.append(.remark, [.mode(record)])] : []
  }
}

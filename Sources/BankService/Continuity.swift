import BankCore
import ManualLedger

/// The moment of a step, with what the outside provides for it.
struct Moment: Sendable {
  var now: Instant
  /// Today at the bank.
  var today: BusinessDay
  /// Two fresh ids; no step needs more.
  var ids: (Identifier, Identifier)
  /// The day at the bank when the ledger's newest line was written.
  var ledgerDay: BusinessDay?
  /// Today at the bank by the bank's own clock, where that is known and this machine's differs; nothing
  /// is booked by the clock of a till alone.
  var bankToday: BusinessDay?
  /// Where the bank has no clock: the last day that is believed without a person's word.
  var doubtedAfter: BusinessDay?

  /// The day on which entries are booked.
  var bookingDay: BusinessDay { bankToday ?? today }
}

/// The continuity machine: one path for every entry, in every mode.
///
/// A value without clock, chance or input and output. `step` takes what happened and returns what
/// is to be done; `BankDesk` does it and reports back. The simulator of the tests drives the same
/// code.
///
/// It decides little itself: it gives each event to the value that decides about it, and what one of them
/// wants of another to that one.
struct Continuity: Sendable {
  let configuration: DeskConfiguration

  var link: Link
  var backlog: Backlog
  var captures: Captures
  var dispatch: Dispatch
  var worklist: Worklist
  var health: LedgerHealth
  var outage = OutageLines()
  /// Asked before it was known whether the bank answers.
  var deferred: [(Ticket, Request)] = []
  /// When somebody asked for something last.
  private var lastAskedAt: Instant?

  init(_ configuration: DeskConfiguration, endpoint: String, contents: LedgerContents) {
    self.configuration = configuration
    backlog = Backlog(contents.state, policy: configuration.policy)
    captures = Captures(configuration)
    dispatch = Dispatch(configuration)
    worklist = Worklist(configuration)
    health = LedgerHealth(configuration, contents)
    link = Link(configuration, endpoint: endpoint, expectedBank: contents.bank)
  }

  /// What the local snapshot tells of the bank, before the bank itself has answered.
  mutating func remember(_ standing: SnapshotStanding) {
    link.know(standing.bank)
    backlog.remember(standing)
  }

  /// The first thing a desk does.
  mutating func begin() -> [Effect] {
    let effects = probe(fresh: true)
    // A terminal that was never enrolled can record nothing without the bank; it can be looked at.
    guard let patience = configuration.greetingPatienceMilliseconds,
      health.hasLedger || configuration.isReading
    else {
      return effects
    }
    return effects + [.setTimer(.greeting, afterMilliseconds: patience)]
  }

  /// Decides about one event.
  mutating func step(_ event: Event, at moment: Moment) -> [Effect] {
    var effects = decide(event, moment)
    effects += answerDeferred(moment)
    effects += sendNext(moment)
    return rotatingAtDayEnd(effects, moment)
  }

  private mutating func decide(_ event: Event, _ moment: Moment) -> [Effect] {
    switch event {
    case .asked(let ticket, let request):
      // Who asks for a reconciliation waits for its end, and for nothing else.
      if case .reconcile = request {} else { noteUse(at: moment.now) }
      return asked(ticket, request, moment)
    case .timer(let timer): return rang(timer, moment)
    case .greeted(let result, let isFresh, let knowsLast, let number):
      return greeted(result, isFresh: isFresh, knowsLast: knowsLast, number: number, moment)
    case .recognized(let greeting, let number): recognized(greeting, number: number, moment)
    case .enrolled(let result): return enrolled(result, moment)
    case .connectionLost(let fault): return noteFault(fault, moment)
    case .storeTurned(let endpoint): return storeTurned(endpoint)
    case .appended(let purpose, let records, let result):
      return appended(purpose, records, result, moment)
    case .posted(let result): return posted(result, moment)
    case .planned(let ticket, let result, let silent):
      return follow(dispatch.planned(ticket, result, silentTerminals: silent, till), moment)
    case .answered(let ticket, let question, let source, let result, let elsewhere):
      return answered(ticket, question, source, result, elsewhere, moment)
    case .lookedUp(let id, let accounts, let asOf, let elsewhere):
      return lookedUp(id, accounts, snapshotAsOf: asOf, elsewhere, moment)
    case .lookedAround(let notice): health.lookedAround(notice)
    case .targetFound, .ledgersSearched, .idChecked: return found(event, moment)
    case .snapshotRefreshed(let asOf, let accounts, let startedAt):
      return backlog.refreshed(asOf: asOf, accounts, startedAt: startedAt)
    case .exceptionsCounted(let count): worklist.counted(count)
    case .settlementsLearned, .settling, .settled, .adopting, .healingBegins, .gaveBack, .healed:
      return worked(event, moment)
    case .holdChanged(let state): return holdChanged(state, moment)
    case .operated(let ticket, let reply, let fault):
      return [.reply(ticket, reply)] + (fault.map { noteFault($0, moment) } ?? [])
    }
    return []
  }

  /// What was looked for on behalf of a capture.
  private mutating func found(_ event: Event, _ moment: Moment) -> [Effect] {
    switch event {
    case .targetFound(let ticket, let draft, let result, let row, let wasToldUnknown):
      backlog.rememberTarget(of: draft, wasToldUnknown: wasToldUnknown)
      let consequences = captures.targetFound(
        ticket, draft, result, knownAs: row, backlog, link, moment)
      return follow(consequences, moment)
    case .ledgersSearched(let ticket, let draft, let id, let result):
      return follow(
        captures.ledgersSearched(ticket, draft, id, result, backlog, link, moment), moment)
    case .idChecked(let ticket, let draft, let result):
      var effects: [Effect] = []
      var row: InboxRow?
      switch result {
      case .failure(let fault): effects = noteFault(fault, moment)
      case .success(let known): row = known
      }
      return effects
        + follow(captures.idChecked(ticket, draft, row, backlog, link, moment), moment)
    default: return []
    }
  }

  /// What a person does about the worklist.
  private mutating func worked(_ event: Event, _ moment: Moment) -> [Effect] {
    switch event {
    case .settlementsLearned(let learned):
      let records = worklist.learned(learned, backlog)
      return records.isEmpty || !health.hasLedger ? [] : [.append(.remark, records)]
    case .settling(let ticket, let exception, let resolution, let note, let move):
      let consequences = worklist.settle(
        ticket, exception, resolution, note, move, till, link, moment)
      return follow(consequences, moment)
    case .settled(let ticket, let record, let result):
      return follow(worklist.settled(ticket, record, result), moment)
    case .adopting(let ticket, let lines, let unasked, let note):
      if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
      let consequences = worklist.adopt(lines, unasked: unasked, note, ticket, till, moment)
      return follow(consequences, moment)
    case .healingBegins(let ticket, let acknowledgement):
      return backlog.writeOwed() + [worklist.healingBegins(acknowledgement, ticket, moment)]
    case .gaveBack(let ticket, let report, let lines):
      let consequences = worklist.gaveBack(lines, report, ticket, till, moment)
      let owed = lines.acknowledgement == nil ? [] : backlog.writeOwed()
      return owed + follow(consequences, moment)
    case .healed(let bank):
      link.heal(bank, moment.now)
      return probe(fresh: true) + (isLive ? worklist.openDecisions(backlog.ledger) : [])
    default: return []
    }
  }

  /// A read was answered, by the bank or by the snapshot.
  private mutating func answered(
    _ ticket: Ticket, _ question: BookQuestion, _ source: ReadSource,
    _ result: Result<ReadAnswer, StoreFault>, _ elsewhere: Elsewhere?, _ moment: Moment
  ) -> [Effect] {
    if let elsewhere { health.lookedAround(elsewhere.notice) }
    switch result {
    case .failure(let fault): return follow(link.unread(ticket, question, source, fault), moment)
    case .success(let answer):
      if case .review(let draft, _, _, _, let wasToldUnknown) = answer {
        backlog.rememberTarget(of: draft, wasToldUnknown: wasToldUnknown)
      }
      let footing = Footing(
        isLive: source == .live, asOf: answer.asOf ?? moment.now,
        elsewhere: elsewhere ?? Elsewhere())
      let answering = Answering(
        configuration: configuration, till: till, moment: moment, isLive: isLive)
      return [.reply(ticket, answering.dressed(answer, footing))]
    }
  }

  /// What is known locally of a capture's accounts was looked up.
  private mutating func lookedUp(
    _ id: EntryID, _ accounts: [AccountNumber: Account], snapshotAsOf: Instant?,
    _ elsewhere: Elsewhere, _ moment: Moment
  ) -> [Effect] {
    health.lookedAround(elsewhere.notice)
    if captures[id]?.phase == .lookingUp { backlog.found(snapshotAsOf: snapshotAsOf) }
    let consequences = captures.lookedUp(
      id, accounts, snapshotAsOf: snapshotAsOf, elsewhere, backlog, link, moment)
    return follow(consequences, moment)
  }

  private mutating func rang(_ timer: Timer, _ moment: Moment) -> [Effect] {
    switch timer {
    case .probe(let generation): return link.isDue(generation) ? probe(fresh: !isLive) : []
    case .greeting: return greetingOverdue(moment)
    case .decision(let id): return decisionOverdue(id, moment)
    case .snapshot: return isLive ? [.refreshSnapshot(accounts: nil), .countExceptions] : []
    case .rest: dispatch.goOn()
    case .told: return backlog.writeOwed()
    }
    return []
  }

  /// Somebody asked for something just now.
  mutating func noteUse(at now: Instant) { lastAskedAt = now }

  /// Somebody works at this till just now: what the desk does by itself leaves them a processor.
  func isInUse(at now: Instant) -> Bool {
    guard let lastAskedAt, !configuration.isCommand else { return false }
    return (0..<Self.pauseMilliseconds).contains(now.milliseconds(since: lastAskedAt))
  }

  /// Longer than between two keys of somebody who is typing.
  private static let pauseMilliseconds: Int64 = 1_000

  /// The first lines of a day at the bank go to a new segment.
  private mutating func rotatingAtDayEnd(_ effects: [Effect], _ moment: Moment) -> [Effect] {
    guard let first = effects.firstIndex(where: { if case .append = $0 { true } else { false } }),
      health.beginsDay(moment)
    else { return effects }
    var effects = effects
    effects.insert(.rotateLedger(.dayEnd), at: first)
    return effects
  }

  private mutating func answerDeferred(_ moment: Moment) -> [Effect] {
    guard !link.isUnanswered, deferred.contains(where: { !link.defers($0.1) }) else { return [] }
    let waiting = deferred
    deferred = []
    return waiting.flatMap { asked($0.0, $0.1, moment) }
  }

  /// How this till's entries stand.
  var till: TillView { TillView(backlog: backlog, captures: captures) }
}

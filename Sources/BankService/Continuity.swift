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
struct Continuity: Sendable {
  let configuration: DeskConfiguration

  /// When the snapshot was taken; nil while none can be read.
  var snapshotAsOf: Instant?

  var link: Link
  var backlog: Backlog
  var captures = Captures()
  var dispatch: Dispatch
  var health: LedgerHealth
  var outage = OutageLines()
  /// Of the bank, as last counted there, and what has come since; nil before the first count.
  var openExceptions: Int?
  /// The books contradict this terminal: nothing is sent until a supervisor has looked.
  var alarm: Cause?
  /// When somebody asked for something last.
  private var lastAskedAt: Instant?

  init(_ configuration: DeskConfiguration, endpoint: String, contents: LedgerContents) {
    self.configuration = configuration
    backlog = Backlog(contents.state, policy: configuration.policy)
    dispatch = Dispatch(configuration)
    health = LedgerHealth(contents)
    link = Link(configuration, endpoint: endpoint, expectedBank: contents.bank)
  }

  /// What the local snapshot tells of the bank, before the bank itself has answered.
  mutating func remember(_ standing: SnapshotStanding) {
    link.know(standing.bank)
    snapshotAsOf = standing.asOf
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
    var effects: [Effect]
    switch event {
    case .asked(let ticket, let request):
      // Who asks for a reconciliation waits for its end, and for nothing else.
      if case .reconcile = request {} else { lastAskedAt = moment.now }
      effects = asked(ticket, request, moment)
    case .timer(let timer): effects = rang(timer, moment)
    case .greeted(let result, let isFresh, let knowsLast):
      effects = greeted(result, isFresh: isFresh, knowsLast: knowsLast, moment)
    case .enrolled(let result): effects = enrolled(result, moment)
    case .connectionLost(let fault): effects = noteFault(fault, moment)
    case .storeTurned(let endpoint): effects = storeTurned(endpoint)
    case .appended(let purpose, let records, let result):
      effects = appended(purpose, records, result, moment)
    case .posted(let result): effects = posted(result, moment)
    case .planned(let ticket, let result, let silent):
      effects = planned(ticket, result, silent, moment)
    case .answered(let ticket, let question, let source, let result, let elsewhere):
      effects = answered(ticket, question, source, result, elsewhere, moment)
    case .lookedUp(let id, let accounts, let asOf, let elsewhere):
      effects = lookedUp(id, accounts, snapshotAsOf: asOf, elsewhere, moment)
    case .lookedAround(let notice):
      health.lookedAround(notice)
      effects = []
    case .targetFound(let ticket, let draft, let result, let row, let wasToldUnknown):
      captures.rememberTarget(of: draft, wasToldUnknown: wasToldUnknown)
      effects = targetFound(ticket, draft, result, knownAs: row, moment)
    case .ledgersSearched(let ticket, let draft, let id, let result):
      effects = ledgersSearched(ticket, draft, id, result, moment)
    case .idChecked(let ticket, let draft, let result):
      effects = idChecked(ticket, draft, result, moment)
    case .snapshotRefreshed(let asOf, let accounts, let startedAt):
      effects = snapshotRefreshed(asOf, accounts, startedAt)
    case .settlementsLearned(let learned): effects = settlementsLearned(learned)
    case .exceptionsCounted(let count):
      openExceptions = count
      effects = []
    case .settling(let ticket, let exception, let resolution, let note, let move):
      effects = settle(ticket, exception, resolution, note, move, moment)
    case .settled(let ticket, let record, let result):
      effects = settled(ticket, record, result, moment)
    case .adopting(let ticket, let lines, let unasked, let note):
      effects = adopt(lines, unasked: unasked, note, ticket, moment)
    case .healingBegins(let ticket, let acknowledgement):
      effects = healingBegins(acknowledgement, ticket, moment)
    case .gaveBack(let ticket, let report, let lines):
      effects = gaveBack(lines, report, ticket, moment)
    case .healed(let bank):
      effects = healed(bank, moment)
    case .holdChanged(let state): effects = holdChanged(state, moment)
    case .operated(let ticket, let reply, let fault):
      effects = [.reply(ticket, reply)]
      if let fault { effects += noteFault(fault, moment) }
    }
    effects += answerDeferred(moment)
    effects += sendNext(moment)
    return rotatingAtDayEnd(effects, moment)
  }

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
    guard !link.isStarting, !link.isUnanswered else { return [] }
    return captures.takeDeferred().flatMap { asked($0.0, $0.1, moment) }
  }

  func drafting(_ moment: Moment) -> Drafting {
    Drafting(configuration: configuration, till: till, moment: moment)
  }

  /// How this till's entries stand.
  var till: TillView { TillView(backlog: backlog, captures: captures) }

  private mutating func goOn() -> [Effect] {
    dispatch.goOn()
    return []
  }

  private mutating func rang(_ timer: Timer, _ moment: Moment) -> [Effect] {
    switch timer {
    case .probe(let generation): probeRang(generation)
    case .greeting: greetingOverdue(moment)
    case .decision(let id): decisionOverdue(id, moment)
    case .snapshot: snapshotRang()
    case .rest: goOn()
    case .told: captures.writeOwed()
    }
  }
}

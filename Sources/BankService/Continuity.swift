import BankCore
import ManualLedger
import OrderedCollections

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
  var status: ServiceStatus

  /// The fold over the manual ledger; what is durable, nothing else.
  var ledger: LedgerState
  var hasLedger: Bool
  /// Acknowledged lines were damaged or lost, and no supervisor has accepted that yet.
  var isLedgerDamaged: Bool
  /// What a newer directory of this till has taken over from this one, with the new ids.
  let takenOver: [EntryID: EntryID]
  /// What a person must know of this terminal's ledger, and of those of the other tills.
  var ledgerNotice: String?
  /// Why the second copy, which may have what is lost, cannot be asked.
  var missesCopy: String?
  var otherTillsNotice: String?
  /// Why the last lines could not be written; nil as soon as some were.
  var writingNotice: String?
  /// The day whose first lines have gone to a new segment.
  var rotatedOn: BusinessDay?
  /// The bank this terminal belongs to, from its ledger.
  var expectedBank: Identifier?
  var bank: BankIdentity?

  // Connection
  var link = Link()

  // Whoever is at the till
  private var lastAskedAt: Instant?

  // Entries
  /// Captures and waiting requests that somebody is still to be told about.
  var captures: OrderedDictionary<EntryID, Capture> = [:]
  /// Entries whose line is on its way to the disk; counted in no total yet.
  var writing: OrderedDictionary<EntryID, Entry> = [:]
  /// Numbers of entries whose line is on its way to the disk.
  var reservedNumbers: Set<Int64> = []
  /// Decided by the bank, their outcome line on its way to the disk.
  var decided: [EntryID: OutcomeRecord] = [:]
  /// Entries up to this number may be sent once a line is durable that is on its way.
  var lettingGo: Int64 = 0
  /// Blocked by the bank's answer, their line on its way to the disk.
  var blocking: [EntryID: Blocking] = [:]
  /// Of what is to be reversed and stands in older segments: those whose customers were told that nobody
  /// knows.
  var toldUnknown: Set<EntryID> = []
  /// Lines that say as told what is being told just now: they are written when that is over.
  var owed: [LedgerRecord] = []
  /// What the bank holds back, as it has said to this run of the program.
  var held: [EntryID: Reason] = [:]
  /// Requests beyond a limit: the bank holds them until a supervisor has decided, and whoever starts
  /// the program next knows that too.
  var beyondLimit: Set<EntryID> = []
  /// Somebody has asked for their void, its line is on its way to the disk: they are not sent.
  var voiding: Set<EntryID> = []
  /// Somebody keeps them, the line is on its way to the disk.
  var keeping: Set<EntryID> = []
  /// What waits for each account, and does to it.
  var pending = EntriesByAccount()
  var exposure = Exposure()
  /// Posted, but perhaps not in the snapshot yet.
  var unrefreshed = UnrefreshedEntries()

  // Sending
  var job: Job?
  /// Captures to be sent next, and entries to be asked about again.
  var sendQueue: OrderedSet<EntryID> = []
  var run: Run?
  /// Of the bank, as last counted there, and what has come since; nil before the first count.
  var openExceptions: Int?
  /// The books contradict this terminal: nothing is sent until a supervisor has looked.
  var alarm: Cause?
  /// Asked before it was known whether the bank answers.
  var deferred: [(Ticket, Request)] = []

  init(_ configuration: DeskConfiguration, endpoint: String, contents: LedgerContents) {
    self.configuration = configuration
    ledger = contents.state
    hasLedger = contents.bank != nil
    isLedgerDamaged = contents.isDamaged
    missesCopy = contents.missesCopy
    takenOver = contents.takenOver
    expectedBank = contents.bank
    status = ServiceStatus(
      terminal: configuration.terminal.name.text, operatorName: configuration.operatorName,
      endpoint: endpoint)
    ledgerNotice = contents.notice
    for known in ledger.waiting {
      if known.release != nil { exposure.count(known.entry) }
      pending.add(known.entry, mayBeRefused: known.mayBeRefused)
      if needsSupervisor(known) { beyondLimit.insert(known.entry.id) }
    }
  }

  /// What the local snapshot tells of the bank, before the bank itself has answered.
  mutating func remember(_ standing: SnapshotStanding) {
    bank = standing.bank
    status.bank = standing.bank
    status.snapshotAsOf = standing.asOf
    // Acknowledged after the snapshot was taken: perhaps not in it. The mark's counter says nothing:
    // another till of this directory may have taken it.
    for known in ledger.entries where known.isPosted(since: standing.asOf) {
      guard let outcome = known.outcome else { continue }
      unrefreshed.add(known.entry, since: outcome.at)
    }
  }

  /// The first thing a desk does.
  mutating func begin() -> [Effect] {
    refreshStatus()
    let effects = probe(fresh: true)
    // A terminal that was never enrolled can record nothing without the bank; it can be looked at.
    guard let patience = configuration.greetingPatienceMilliseconds,
      hasLedger || configuration.isReading
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
    case .answered(let ticket, let request, let source, let result, let elsewhere):
      effects = answered(ticket, request, source, result, elsewhere, moment)
    case .lookedUp(let id, let accounts, let asOf, let elsewhere):
      effects = lookedUp(id, accounts, snapshotAsOf: asOf, elsewhere, moment)
    case .lookedAround(let notice):
      otherTillsNotice = notice
      effects = []
    case .targetFound(let ticket, let draft, let result, let row, let wasToldUnknown):
      noteToldUnknown(draft, wasToldUnknown)
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
    effects += dispatch(moment)
    effects += settleMode(moment)
    effects = rotatingAtDayEnd(effects, moment)
    refreshStatus()
    return effects
  }

  /// Somebody works at this till just now: what the desk does by itself leaves them a processor.
  func isInUse(at now: Instant) -> Bool {
    guard let lastAskedAt, !configuration.isCommand else { return false }
    return (0..<Self.pauseMilliseconds).contains(now.milliseconds(since: lastAskedAt))
  }

  /// Longer than between two keys of somebody who is typing.
  private static let pauseMilliseconds: Int64 = 1_000
  /// How long the desk's own work stands still between two of its parts while the till is in use.
  static let restMilliseconds: Int64 = 200

  /// The first lines of a day at the bank go to a new segment.
  private mutating func rotatingAtDayEnd(_ effects: [Effect], _ moment: Moment) -> [Effect] {
    guard let day = moment.ledgerDay, day < moment.today, rotatedOn != moment.today,
      let first = effects.firstIndex(where: { if case .append = $0 { true } else { false } })
    else { return effects }
    rotatedOn = moment.today
    var effects = effects
    effects.insert(.rotateLedger(.dayEnd), at: first)
    return effects
  }

  private mutating func answerDeferred(_ moment: Moment) -> [Effect] {
    guard mode != .starting, !link.isUnanswered, !deferred.isEmpty else { return [] }
    let questions = deferred
    deferred.removeAll()
    return questions.flatMap { asked($0.0, $0.1, moment) }
  }

  // MARK: What waits

  /// Told entries that are not decided, oldest first. Costs a walk over all that wait.
  var waiting: [LedgerEntry] { ledger.waiting.filter { decided[$0.entry.id] == nil } }

  /// Entries of the ledger in the order of their lines.
  func inOrder(_ ids: some Sequence<EntryID>) -> [LedgerEntry] {
    ids.compactMap { ledger[$0] }.sorted { $0.line < $1.line }
  }

  /// Entries whose customer was told that nobody knows, or nothing; not those that somebody is
  /// waiting to hear about.
  var unknown: [LedgerEntry] {
    ledger.unknown.filter { captures[$0.entry.id] == nil && decided[$0.entry.id] == nil }
  }

  /// Nil for an entry without a late outcome.
  func notice(_ known: LedgerEntry) -> Notice? {
    guard let outcome = known.outcome, outcome.needsNotice else { return nil }
    return Notice(
      entry: known.entry, outcome: outcome.recorded.outcome, at: outcome.at,
      doneBy: known.notedBy, takenBack: takenBack(known), isSettled: known.state == .settled,
      takesBackUnknown: takesBackUnknown(known))
  }

  var waitingCount: Int { ledger.waitingCount - decided.count }

  func isWaiting(_ id: EntryID) -> Bool {
    ledger.isWaiting(id) && decided[id] == nil
  }

  /// Whether it waits for a person, and is not sent.
  func isBlocked(_ id: EntryID) -> Bool { ledger.isBlocked(id) || blocking[id] != nil }

  /// What the bank has blocked and a person has to end, also before its line is durable.
  var blockedIDs: Set<EntryID> {
    Set(ledger.blocked.map(\.entry.id)).union(blocking.filter { !$0.value.endsAtOnce }.keys)
  }

  var blockedCount: Int { ledger.blockedCount + blocking.values.count { !$0.endsAtOnce } }

  /// Whether the bank may be asked about it: nobody has to decide about it first, or is taking it back.
  func isSendable(_ id: EntryID) -> Bool {
    isWaiting(id) && !isBlocked(id) && !voiding.contains(id)
  }

  /// Whether there is something to reconcile: all that waits, but for what waits for a person, and
  /// for what somebody at this terminal is being told about at this moment.
  var hasBacklog: Bool {
    waitingCount - ledger.blockedCount - blocking.count
      > captures.keys.count { isWaiting($0) && !isBlocked($0) }
  }

  private mutating func refreshStatus() {
    status.bank = bank ?? status.bank
    // However often consoles and commands were started meanwhile, and whatever the cause is by now.
    if let began = ledger.ongoingOutage?.beganAt { status.cause?.since = began }
    status.waiting = waitingCount
    status.oldestWaiting = waitingCount == 0 ? nil : ledger.oldestWaiting?.entry.capturedAt
    status.unknown = unknown.count
    status.blocked = blockedCount
    status.notices = ledger.noticed.compactMap(notice)
    status.untold = ledger.untold.count
    status.missing = ledger.missing
    status.exceptions =
      (openExceptions ?? 0) + heldCount + blockedCount + status.missing.count
    status.knowsExceptions = openExceptions != nil
    status.objectionToEntering = objectionToWriting
    status.policy = configuration.policy
    status.isEnrolled = hasLedger
    status.latestSeen = ledger.latestInOutage
    status.ledgerHead = hasLedger ? ledger.head.description : nil
    status.control = controlTotals
    // What was paid out counts from its release on, before its line is on the disk.
    let currencies = Set(
      status.control.map(\.currency) + exposure.usage.byCurrency.keys
        + [bank?.currency].compactMap { $0 })
    status.caps = currencies.sorted().map {
      ServiceStatus.Caps(
        perEntry: configuration.policy.perEntry($0),
        left: configuration.policy.left($0, exposure.usage))
    }
    // The others' ledgers count while the bank is away, and only then must they be readable.
    let notices = [ledgerNotice, writingNotice, mode == .online ? nil : otherTillsNotice]
      .compactMap { $0 }
    status.ledgerNotice = notices.isEmpty ? nil : notices.joined(separator: " ")
    status.progress = run.map { ServiceStatus.Progress(done: $0.done, total: $0.total) }
  }

  private mutating func rang(_ timer: Timer, _ moment: Moment) -> [Effect] {
    switch timer {
    case .probe(let generation): probeRang(generation)
    case .greeting: greetingOverdue(moment)
    case .decision(let id): decisionOverdue(id, moment)
    case .snapshot: snapshotRang()
    case .rest: rested()
    case .told: told()
    }
  }
}

/// An entry that somebody at this terminal is waiting to hear about.
struct Capture: Sendable {
  enum Phase: Sendable {
    /// On its way to the bank: being written, queued or sent.
    case asking
    /// The bank did not decide in time: what is known locally is being looked up.
    case lookingUp
    /// The words that it is taken are being written.
    case releasing
  }

  var ticket: Ticket
  var entry: Entry
  /// What was asked for; nil for an entry that is asked about again.
  var draft: Draft?
  var phase: Phase
  /// Whether its line is in the ledger.
  var isDurable: Bool
  var isOneCopyOnly = false
}

/// The bank cannot book an entry, and the line that says so is on its way to the disk.
struct Blocking: Sendable {
  var reason: Reason
  /// Nobody was promised anything: it is voided in the same group of lines.
  var endsAtOnce: Bool
}

/// What was paid out on this terminal's word and is not settled yet: released entries that the
/// bank has not decided and nobody has voided.
struct Exposure: Sendable {
  private(set) var usage = OfflinePolicy.Usage()
  private var counted: Set<EntryID> = []

  mutating func count(_ entry: Entry) {
    if counted.insert(entry.id).inserted { usage.count(entry) }
  }

  mutating func remove(_ entry: Entry) {
    if counted.remove(entry.id) != nil { usage.remove(entry) }
  }
}

/// A batch on its way to the database.
struct Job: Sendable {
  var ids: [EntryID]
  /// Those that were released when the batch was made up.
  var released: Set<EntryID> = []
  /// Sent for the operator's reconciliation.
  var isReconciliation: Bool
  /// Its `sending` line is durable and the batch has gone out.
  var isUnderWay: Bool
  var sentAt: Instant?

  func wasReleased(_ id: EntryID) -> Bool { released.contains(id) }
}

/// A reconciliation that an operator (or the configuration) has started.
struct Run: Sendable {
  /// How long the bank should take for one batch.
  static let wantedMilliseconds: Int64 = 350
  static let leastPace = 500
  private static let firstPace = 1_000

  var ticket: Ticket?
  var report = ReconciliationReport()
  var done = 0
  /// What waited when it began, in order; `next` counts what has been chosen of it.
  let queue: [EntryID]
  var next = 0
  var total: Int { queue.count }
  /// How many go together.
  var pace: Int
  /// Chosen to be the next batch.
  var upcoming: [EntryID]?
  /// The next batch, made up.
  var ready: [Submission]?
  /// Whoever is at the till has the machine to themselves for a moment.
  var isResting = false
  /// Accounts of entries that were held in this run.
  var heldAccounts: Set<AccountNumber> = []

  init(ticket: Ticket?, queue: [EntryID], most: Int) {
    self.ticket = ticket
    self.queue = queue
    pace = min(Self.firstPace, most)
  }
}

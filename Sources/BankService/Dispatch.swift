import BankCore
import ManualLedger
import OrderedCollections

/// What is sent to the bank: in which order, how much together, and at what pace.
///
/// One of the values behind ``Continuity``. One batch is under way at a time. What was asked for at
/// the counter goes first; a reconciliation sends all that waits.
struct Dispatch: Sendable {
  /// What is to be done next.
  struct Next {
    /// Too many wait before them on their accounts: they are not sent now.
    var tooFarBehind: [EntryID] = []
    var job: Job?
    /// Nothing is left of the run.
    var endsRun = false
  }

  private let configuration: DeskConfiguration
  private(set) var job: Job?
  private(set) var run: Run?
  /// Captures to be sent next, and entries to be asked about again.
  private var queue: OrderedSet<EntryID> = []
  /// Entries up to this number may be sent once a line is durable that is on its way.
  private(set) var lettingGo: Int64 = 0
  /// Whoever is at the till has the machine to themselves for a moment.
  private var isResting = false

  init(_ configuration: DeskConfiguration) { self.configuration = configuration }

  func isSending(_ id: EntryID) -> Bool { job?.ids.contains(id) ?? false }

  /// Whether it may be with the bank, or on its way there; also before the line that lets it go is
  /// durable.
  func mayHaveLeft(_ known: LedgerEntry) -> Bool {
    known.mayHaveBeenSent || known.entry.number <= lettingGo || isSending(known.entry.id)
  }

  mutating func add(_ id: EntryID) { queue.append(id) }

  // MARK: The next batch

  /// Chooses what goes next; nothing while a batch is under way.
  mutating func next(from backlog: inout Backlog, isInUse: Bool) -> Next {
    var next = Next()
    guard job == nil else { return next }
    let asked = drainAsked(from: backlog, &next)
    if !asked.isEmpty {
      next.job = Job(ids: asked, isReconciliation: false, isUnderWay: false)
      return next
    }
    guard !isResting,
      let chunk = run?.nextChunk(from: &backlog, isInUse: isInUse)
    else { return next }
    if chunk.isEmpty {
      next.endsRun = true
    } else {
      next.job = Job(ids: chunk, isReconciliation: true, isUnderWay: false)
    }
    return next
  }

  /// The asked-for entries, and before them all that wait on the same accounts: nothing overtakes
  /// an earlier entry of its own account. One that would take too many along is not sent: whoever
  /// is at the counter is told that it is recorded, and it waits for its turn in a reconciliation.
  private mutating func drainAsked(from backlog: Backlog, _ next: inout Next) -> [EntryID] {
    queue = queue.filter { backlog.isSendable($0) }
    var chosen: Set<EntryID> = []
    while let id = queue.first, chosen.count < configuration.mostTakenAlong {
      queue.removeFirst()
      if let linked = withEarlier(of: id, in: backlog) {
        chosen.formUnion(linked)
      } else {
        next.tooFarBehind.append(id)
      }
    }
    return backlog.inOrder(chosen).map(\.entry.id)
  }

  /// The entry and all that wait before it on its accounts, and before those on theirs; nil when
  /// they are too many.
  private func withEarlier(of id: EntryID, in backlog: Backlog) -> Set<EntryID>? {
    var chosen: Set<EntryID> = [id]
    /// Up to which line each account's entries were looked at.
    var reached: [AccountNumber: LineReference] = [:]
    var open = [backlog[id]].compactMap { $0 }
    while let next = open.popLast() {
      for account in next.entry.customerAccounts {
        if let line = reached[account], next.line <= line { continue }
        reached[account] = next.line
        // A blocked entry goes nowhere, and holds nobody up who stands at the counter.
        for other in backlog.pending.ids(on: account)
        where !chosen.contains(other) && backlog.isSendable(other) {
          guard let known = backlog[other], known.line < next.line else { continue }
          guard chosen.count <= configuration.mostTakenAlong else { return nil }
          chosen.insert(other)
          open.append(known)
        }
      }
    }
    return chosen
  }

  // MARK: Sending

  /// The batch goes out, or first the line that lets it go.
  mutating func begin(_ job: Job, _ backlog: Backlog, _ moment: Moment, isInUse: Bool) -> [Effect] {
    self.job = job
    guard let note = letGo(job.ids, backlog, moment) else {
      return send(backlog, moment, isInUse: isInUse)
    }
    return [.append(.sending, [note])]
  }

  /// The line that must be durable before these go out; nil when it is there.
  private mutating func letGo(
    _ ids: [EntryID], _ backlog: Backlog, _ moment: Moment
  ) -> LedgerRecord? {
    // Not the last one: salvaged lines do not stand in the order of their numbers.
    let unsent = ids.filter { !backlog.ledger.mayHaveBeenSent($0) }
    guard let number = unsent.compactMap({ backlog[$0]?.entry.number }).max() else { return nil }
    lettingGo = max(lettingGo, number)
    return .sending(SendingRecord(through: number, at: moment.now))
  }

  /// The line that lets it go is durable.
  mutating func wasLetGo(_ backlog: Backlog, _ moment: Moment, isInUse: Bool) -> [Effect] {
    job?.isUnderWay == false ? send(backlog, moment, isInUse: isInUse) : []
  }

  private mutating func send(
    _ backlog: Backlog, _ moment: Moment, isInUse: Bool
  ) -> [Effect] {
    guard let job else { return [] }
    let ready = job.isReconciliation ? run?.drainReady(for: job) : nil
    let submissions = ready ?? backlog.submissions(of: job.ids)
    self.job?.isUnderWay = true
    self.job?.sentAt = moment.now
    self.job?.released = Set(submissions.lazy.filter(\.wasReleased).map(\.entry.id))
    let effects: [Effect] = [.post(batch(of: submissions, backlog, moment))]
    return job.isReconciliation
      ? effects + lookAhead(backlog, moment, isInUse: isInUse) : effects
  }

  /// A batch is with the bank: the next one is chosen, and the line that lets it go is written
  /// beside the bank's work.
  private mutating func lookAhead(
    _ backlog: Backlog, _ moment: Moment, isInUse: Bool
  ) -> [Effect] {
    guard let ids = run?.lookAhead(isInUse: isInUse), !ids.isEmpty else { return [] }
    return letGo(ids, backlog, moment).map { [.append(.remark, [$0])] } ?? []
  }

  /// Makes the next batch of a run up while the one before it is with the bank.
  mutating func makeReady(_ backlog: Backlog) {
    if job?.isUnderWay == true { run?.makeReady(backlog) }
  }

  /// A line is durable: what waits may have to be sent in another way than it was made up, or not at all.
  mutating func recorded(_ record: LedgerRecord) {
    switch record {
    case .released, .void, .keep, .blocked, .note: run?.makeUpAgain()
    default: break
    }
  }

  /// What the bank is sent, or asked about without being sent it.
  func batch(
    of submissions: [Submission], _ backlog: Backlog, _ moment: Moment
  ) -> PostingBatch {
    PostingBatch(
      terminal: configuration.terminal.id, submissions: submissions, today: moment.bookingDay,
      doubtedAfter: moment.doubtedAfter, decidedAt: moment.now,
      settlements: submissions.lazy.filter { $0.entry.kind == .settlement }
        .compactMap { backlog.settlementRequest($0.entry.id) },
      lateDebitValue: configuration.lateDebitValue)
  }

  // MARK: Answers

  /// What the bank's answer does beyond this till's entries.
  struct Answered {
    /// Whoever waits is told.
    var effects: [Effect] = []
    /// The lines that say what the bank has decided.
    fileprivate(set) var records: [LedgerRecord] = []
    /// Somebody is told of it at this moment.
    fileprivate(set) var isTelling = false
    /// Exceptions that the bank has made.
    fileprivate(set) var newExceptions = 0
    /// Whose balances have changed.
    fileprivate(set) var accounts: Set<AccountNumber> = []
    /// The books contradict this terminal.
    fileprivate(set) var alarm: Cause?
  }

  /// The bank has answered, or never will.
  ///
  /// - Returns: what it was sent; nil when nothing was under way.
  @discardableResult
  mutating func endJob() -> Job? {
    defer { job = nil }
    return job
  }

  /// Whether it was committed is not known: those that nobody is told about are asked again.
  mutating func lost(_ job: Job, _ backlog: Backlog) {
    for id in job.ids where backlog[id]?.release == nil { add(id) }
  }

  /// The bank has decided about a batch: entry by entry, for what becomes of one may tell of the next.
  mutating func answered(
    _ receipt: PostingReceipt, of job: Job, _ backlog: inout Backlog, _ captures: inout Captures,
    _ moment: Moment
  ) -> Answered {
    var answered = Answered()
    answered.isTelling = receipt.decisions.contains { captures.isOpen($0.id) }
    for decision in receipt.decisions {
      guard let known = backlog[decision.id] else { continue }
      switch decision.verdict {
      case .alarm(let reason):
        backlog.hold(decision.id, reason)
        answered.alarm = Cause(
          .terminalCloned, "\(known.entry.label): \(reason.text) Nothing more is sent.",
          since: moment.now)
      // Sent again, it would be said again: a person has to end it.
      case .held(let reason) where reason.staysUntilEnded:
        block(known, reason, &answered, &backlog, &captures, moment)
      case .held(let reason):
        backlog.hold(decision.id, reason)
        run?.holdBack(behind: known.entry)
        answered.effects += captures.release([decision.id])
      case .blocked(let reason): block(known, reason, &answered, &backlog, &captures, moment)
      case .decided(let outcome, let flags):
        guard !isOvertaken(decision, outcome, known, job, captures) else {
          add(decision.id)
          continue
        }
        let record = OutcomeRecord(
          entry: decision.id,
          recorded: RecordedOutcome(
            outcome: outcome, flags: flags, bookedAs: decision.bookedAs,
            bookingDate: decision.bookingDate),
          acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch),
          needsNotice: !captures.isOpen(decision.id) && known.leavesSomethingToDo(outcome),
          sameAs: decision.sameAs, at: moment.now)
        answered.records.append(.outcome(record))
        backlog.decide(known, record)
        count(record, wasKnown: decision.wasKnown, job, &answered)
        if !job.isReconciliation { answered.accounts.formUnion(known.entry.customerAccounts) }
        answered.effects += captures.tell(known, decision, outcome, backlog, moment)
      }
    }
    // A reversal that was made up beside the bank's work may name what has a second id since.
    if receipt.decisions.contains(where: { $0.bookedAs != $0.id }) { run?.makeUpAgain() }
    return answered
  }

  /// Released while the answer was on its way, and refused: an advice is booked under its second id, and
  /// a request's refusal goes on the worklist. Sent again, it says so.
  private func isOvertaken(
    _ decision: Decision, _ outcome: Outcome, _ known: LedgerEntry, _ job: Job,
    _ captures: Captures
  ) -> Bool {
    guard case .refused = outcome, decision.bookedAs == decision.id,
      !job.wasReleased(decision.id)
    else { return false }
    return known.release != nil || captures[decision.id]?.phase == .releasing
  }

  /// The bank cannot book it: it knows the id with other content, or rejects the data. Who is being
  /// told at this moment is told that nothing was taken, and the entry ends with that; any other waits
  /// for a person.
  private mutating func block(
    _ known: LedgerEntry, _ reason: Reason, _ answered: inout Answered, _ backlog: inout Backlog,
    _ captures: inout Captures, _ moment: Moment
  ) {
    let id = known.entry.id
    run?.holdBack(behind: known.entry)
    answered.records.append(.blocked(BlockedRecord(entry: id, reason: reason, at: moment.now)))
    let reply = captures.end(known, reason)
    backlog.block(id, Blocking(reason: reason, endsAtOnce: reply != nil))
    guard let reply else { return }
    answered.effects.append(reply)
    answered.records.append(
      .void(
        VoidRecord(
          entry: id, note: reason.text, operatorName: configuration.operatorName, at: moment.now)))
  }

  private mutating func count(
    _ record: OutcomeRecord, wasKnown: Bool, _ job: Job, _ answered: inout Answered
  ) {
    let needsPerson = record.recorded.outcome.needsPerson(
      flags: record.recorded.flags, wasReleased: job.wasReleased(record.entry))
    if needsPerson { answered.newExceptions += 1 }
    guard job.isReconciliation else { return }
    run?.count(record.recorded.outcome, wasKnown: wasKnown, needsPerson: needsPerson)
  }

  /// A batch is decided. A run goes on, and rests while somebody works at the till.
  mutating func advance(
    after job: Job, _ accounts: Set<AccountNumber>, _ moment: Moment, isInUse: Bool
  ) -> [Effect] {
    // The snapshot is brought up to date once, at the run's end; until then the entries count
    // as unrefreshed. Copying each account again with every batch takes longer than posting.
    guard job.isReconciliation else {
      return accounts.isEmpty ? [] : [.refreshSnapshot(accounts: accounts)]
    }
    guard run != nil else { return [] }
    run?.advance(after: job, moment.now)
    guard isInUse else { return [] }
    isResting = true
    return [.setTimer(.rest, afterMilliseconds: Self.restMilliseconds)]
  }

  /// How long the desk's own work stands still between two of its parts while the till is in use: where
  /// desk and bank share two processors, each key would otherwise wait for one of them.
  static let restMilliseconds: Int64 = 200

  mutating func goOn() { isResting = false }

  // MARK: Reconciliation

  /// What waits goes to the bank in batches, one after the other.
  ///
  /// - Parameters:
  ///   - chosen: these go, and before them what they must not overtake; all that waits when nil.
  ///   - ticket: who is told its end; nil when it begins by itself.
  mutating func startRun(
    _ backlog: Backlog, only chosen: Set<EntryID>? = nil, ticket: Ticket?, _ moment: Moment
  ) -> [Effect] {
    let waiting = backlog.waiting.map(\.entry)
    // What is blocked is taken along too: requests of its accounts wait behind it, as they do when
    // all goes.
    let queue = chosen.map(waiting.withEarlier(of:)) ?? waiting
    isResting = false
    run = Run(ticket: ticket, queue: queue.map(\.id), most: configuration.batchSize)
    guard !queue.isEmpty else { return [] }
    let part = queue.count == waiting.count ? "" : "\(queue.count) of "
    return [remark(.reconciliationBegan, "\(part)\(waiting.count) waiting", moment)]
  }

  /// Somebody asks for a reconciliation of all or of some that wait, and is told its end.
  mutating func reconcile(
    _ ticket: Ticket, only chosen: Set<EntryID>? = nil, _ backlog: Backlog, _ link: Link,
    _ moment: Moment
  ) -> [Effect] {
    guard link.isLive else { return [.reply(ticket, .failed(link.refusal))] }
    guard run == nil else {
      let failure = Failure(
        .fault, code: "under-way", text: "A reconciliation is under way already.",
        fix: "Watch it on screen 5.")
      return [.reply(ticket, .failed(failure))]
    }
    return startRun(backlog, only: chosen, ticket: ticket, moment)
  }

  private func remark(_ event: ModeRecord.Event, _ text: String, _ moment: Moment) -> Effect {
    .append(
      .remark,
      [
        .mode(
          ModeRecord(event, text: text, operatorName: configuration.operatorName, at: moment.now))
      ])
  }

  /// Nothing is left of the run.
  mutating func finishRun(_ till: TillView, _ moment: Moment) -> [Effect] {
    guard let finished = run else { return [] }
    run = nil
    let report = finished.report(till)
    var effects: [Effect] = [.countExceptions]
    if finished.total > 0 {
      effects.append(.runEnded(report))
      effects.append(.refreshSnapshot(accounts: nil))
      effects.append(remark(.reconciliationEnded, "\(report.waiting) waiting", moment))
      if report.waiting == 0 { effects.append(.rotateLedger(.reconciled)) }
    }
    if let ticket = finished.ticket { effects.append(.reply(ticket, .reconciled(report))) }
    return effects
  }

  /// The database was lost in the middle: what is posted is posted, the rest waits.
  mutating func stopRun(_ till: TillView) -> [Effect] {
    guard let stopped = run else { return [] }
    run = nil
    let report = stopped.report(till)
    let reply = stopped.ticket.map { Effect.reply($0, .reconciled(report)) }
    return [.runEnded(report)] + [reply].compactMap(\.self)
  }

  // MARK: The plan

  /// Asks the bank what it would make of all that waits. While it is away, what waits is told alone.
  func plan(_ ticket: Ticket, _ till: TillView, _ link: Link, _ moment: Moment) -> [Effect] {
    guard link.readsLive else {
      return [.reply(ticket, .plan(unasked(link.refusal, till)))]
    }
    let submissions = till.backlog.submissions(of: till.backlog.waiting.map(\.entry.id))
    return [.plan(ticket, batch(of: submissions, till.backlog, moment))]
  }

  func planned(
    _ ticket: Ticket, _ result: Result<[Decision], StoreFault>, silentTerminals: [String],
    _ till: TillView
  ) -> [Consequence] {
    switch result {
    case .failure(let fault):
      return [.fault(fault), .reply(ticket, .plan(unasked(Failure(fault: fault), till)))]
    case .success(let decisions):
      let lines = decisions.compactMap { decision in
        till.backlog[decision.id].map {
          ReconciliationPlan.Line(till.view($0), predicted: decision.verdict)
        }
      }
      let plan = ReconciliationPlan(
        lines: lines, control: till.controlTotals, silentTerminals: silentTerminals)
      return [.reply(ticket, .plan(plan))]
    }
  }

  /// What waits, and why nobody can say what becomes of it.
  private func unasked(_ failure: Failure, _ till: TillView) -> ReconciliationPlan {
    ReconciliationPlan(
      lines: till.backlog.waiting.map { .init(till.view($0), predicted: nil) },
      control: till.controlTotals, unasked: failure)
  }
}

extension Reason {
  /// Whether the bank would say the same of the same data for ever.
  fileprivate var staysUntilEnded: Bool { self == .rejectedByDatabase || self == .amountTooLarge }
}

extension LedgerEntry {
  /// Whether a decision that nobody waits for any more leaves somebody something to do: who was told
  /// that nobody knows hears of it, and cash that was to move once it is booked moves now.
  fileprivate func leavesSomethingToDo(_ outcome: Outcome) -> Bool {
    guard entry.kind != .settlement else { return false }
    guard let release = release else { return true }
    return release.standing == .request && outcome == .posted
      && entry.cashMove(.certain) != nil
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

import BankCore
import ManualLedger
import OrderedCollections

/// From the durable line to the books: batches, their answers, and reconciliation.
extension Continuity {
  // MARK: After the disk

  mutating func appended(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], _ result: Result<LedgerAppend, Failure>,
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let failure):
      return appendFailed(purpose, records, failure, moment)
    case .success(let append):
      writingNotice = nil
      for (record, line) in zip(records, append.lines) { take(record, line) }
      return appended(purpose, isOneCopyOnly: append.isOneCopyOnly, moment) + examinations(records)
    }
  }

  /// An outage stands in the ledger, and why: now the doctor has a look, for its report. Never where
  /// the bank is kept away on purpose, and never for what is no layer of the connection.
  private func examinations(_ records: [LedgerRecord]) -> [Effect] {
    guard !link.isHeld, let outage = ledger.outages.last, outage.ended == nil else { return [] }
    let id = OutageID(terminal: configuration.terminal.name, number: outage.number)
    return records.compactMap { record in
      guard case .mode(let mode) = record, let cause = mode.cause,
        [.outageBegan, .causeChanged, .quarantined].contains(mode.event),
        CauseCode.layers.contains(cause)
      else { return nil }
      return .examine(id, cause)
    }
  }

  private mutating func take(_ record: LedgerRecord, _ line: RecordedLine) {
    // What was untold held nothing and takes nothing with it.
    let wasWaiting = if case .void(let void) = record { isWaiting(void.entry) } else { false }
    ledger.apply(record, hash: line.hash, at: line.place)
    switch record {
    case .entry(let record):
      writing[record.entry.id] = nil
      reservedNumbers.remove(record.entry.number)
      pending.add(record.entry)
    case .keep(let keep): ledger[keep.entry].map { pending.add($0.entry) }
    case .void(let void):
      guard wasWaiting, let known = ledger[void.entry] else { break }
      pending.remove(known.entry)
      exposure.remove(known.entry)
    case .outcome(let outcome): decided[outcome.entry] = nil
    default: break
    }
  }

  private mutating func appended(
    _ purpose: AppendPurpose, isOneCopyOnly: Bool, _ moment: Moment
  ) -> [Effect] {
    switch purpose {
    case .capture(let id):
      captures[id]?.isDurable = true
      captures[id]?.isOneCopyOnly = isOneCopyOnly
      guard isLive else { return release(id) }
      sendQueue.append(id)
      return []
    case .release(let id):
      return told(id, isOneCopyOnly: isOneCopyOnly, moment)
    case .void(let id, let ticket):
      held[id] = nil
      return ledger[id].map { [.reply(ticket, .receipt(receipt($0, isCopy: false)))] } ?? []
    case .keep(let id, let ticket):
      guard let known = ledger[id] else { return [] }
      return ask(again: known, ticket)
    case .decision(let id, let ticket):
      return heldDecided(id, ticket)
    case .sending:
      guard job?.isUnderWay == false else { return [] }
      return sendJob(moment)
    case .outcomes, .remark:
      return []
    }
  }

  /// The words that it is taken are durable: now they may be said.
  private mutating func told(
    _ id: EntryID, isOneCopyOnly: Bool, _ moment: Moment
  ) -> [Effect] {
    guard let capture = captures.removeValue(forKey: id), let known = ledger[id] else {
      return []
    }
    return [
      .reply(
        capture.ticket,
        .receipt(receipt(known, isCopy: false, isOneCopyOnly: isOneCopyOnly)))
    ]
  }

  private mutating func appendFailed(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], _ failure: Failure, _ moment: Moment
  ) -> [Effect] {
    writingNotice = failure.text
    for case .entry(let record) in records {
      writing[record.entry.id] = nil
      reservedNumbers.remove(record.entry.number)
    }
    for case .released(let release) in records where ledger[release.entry]?.release == nil {
      captures[release.entry].map { exposure.remove($0.entry) }
    }
    switch purpose {
    case .capture(let id), .release(let id):
      guard let capture = captures.removeValue(forKey: id) else { return [] }
      guard capture.isDurable, let known = ledger[id] else {
        return [.reply(capture.ticket, .failed(failure))]
      }
      let receipt = Receipt(
        entry: known.entry, state: .unknown, reason: .ledgerUnwritable, code: known.code,
        at: moment.now)
      return [.reply(capture.ticket, .receipt(receipt))]
    case .void(_, let ticket), .keep(_, let ticket), .decision(_, let ticket):
      return [.reply(ticket, .failed(failure))]
    case .sending:
      job = nil
      return stopRun(moment)
    case .outcomes, .remark:
      // The database has decided and remembers; asking again under the same id gives the same.
      for case .outcome(let lost) in records where decided.removeValue(forKey: lost.entry) != nil {
        guard let known = ledger[lost.entry] else { continue }
        pending.add(known.entry)
        if known.release != nil { exposure.count(known.entry) }
      }
      return []
    }
  }

  // MARK: Sending

  /// Sends the next batch when none is under way.
  mutating func dispatch(_ moment: Moment) -> [Effect] {
    guard isLive, job == nil else { return [] }
    let queued = sendQueue.filter { isWaiting($0) }
    sendQueue = queued
    if !sendQueue.isEmpty {
      let ids = Set(sendQueue)
      sendQueue.removeAll()
      return begin(
        Job(ids: withEarlier(of: ids), isReconciliation: false, isUnderWay: false), moment)
    }
    guard run != nil else { return [] }
    let chunk = nextChunk()
    guard !chunk.isEmpty else { return finishRun(moment) }
    return begin(Job(ids: chunk, isReconciliation: true, isUnderWay: false), moment)
  }

  /// The asked-for entries, and before them all that wait on the same accounts: nothing overtakes
  /// an earlier entry of its own account.
  private func withEarlier(of ids: Set<EntryID>) -> [EntryID] {
    var chosen: Set<EntryID> = []
    /// Up to which line each account's entries were looked at.
    var reached: [AccountNumber: LineReference] = [:]
    var open = inOrder(ids)
    while let next = open.popLast() {
      guard chosen.insert(next.entry.id).inserted else { continue }
      for account in next.entry.customerAccounts {
        if let line = reached[account], next.line <= line { continue }
        reached[account] = next.line
        let others = pending.ids(on: account).subtracting(chosen)
        open += inOrder(others).filter { $0.line < next.line }
      }
    }
    return inOrder(chosen).map(\.entry.id)
  }

  private mutating func begin(_ job: Job, _ moment: Moment) -> [Effect] {
    self.job = job
    let unsent = job.ids.compactMap { ledger[$0] }.filter { !$0.mayHaveBeenSent }
    guard let last = unsent.last else { return sendJob(moment) }
    let note = SendingRecord(through: last.entry.number, at: moment.now)
    return [.append(.sending, [.sending(note)])]
  }

  private mutating func sendJob(_ moment: Moment) -> [Effect] {
    guard let job else { return [] }
    self.job?.isUnderWay = true
    self.job?.released = Set(job.ids.filter { ledger[$0]?.release != nil })
    return [.post(batch(of: job.ids, moment))]
  }

  func batch(of ids: [EntryID], _ moment: Moment) -> PostingBatch {
    let entries = ids.compactMap { ledger[$0] }
    return PostingBatch(
      terminal: configuration.terminal.id, submissions: entries.map(submission),
      today: moment.today, decidedAt: moment.now,
      settlements: entries.compactMap { settlementRequest($0.entry, moment) })
  }

  private func submission(_ known: LedgerEntry) -> Submission {
    let decision = ledger.decision(about: known.entry.id)
    return Submission(
      entry: known.entry, standing: known.release?.standing ?? .request,
      contentHash: known.entry.contentHash, secondID: known.release?.secondID,
      isOverLimit: isFlaggedOverLimit(known, decision),
      wasReleased: known.release != nil, lineHash: known.lineHash.description,
      recorded: decision == .refuse ? refusal(of: known.entry) : nil)
  }

  /// A payment beyond a limit stays flagged whoever allowed it, since its cash has moved; a request that
  /// a supervisor has allowed, at capture or later, needs no other.
  private func isFlaggedOverLimit(_ known: LedgerEntry, _ decision: NoteRecord.Decision?) -> Bool {
    guard let release = known.release, release.isOverLimit, decision != .allow else { return false }
    return release.standing == .advice || known.entry.approvedBy == nil
  }

  // MARK: The bank's answer

  mutating func posted(
    _ result: Result<PostingReceipt, StoreFault>, _ moment: Moment
  ) -> [Effect] {
    guard let finished = job else { return [] }
    job = nil
    switch result {
    case .failure(let fault):
      return postFailed(finished, fault, moment)
    case .success(let receipt):
      var effects: [Effect] = []
      var records: [LedgerRecord] = []
      var accounts: Set<AccountNumber> = []
      for decision in receipt.decisions {
        effects += take(decision, receipt, finished, &records, &accounts, moment)
      }
      if !records.isEmpty { effects.append(.append(.outcomes, records)) }
      if finished.isReconciliation {
        // The snapshot is brought up to date once, at the run's end; until then the entries count
        // as unrefreshed. Copying each account again with every batch takes longer than posting.
        run?.done += finished.ids.count
      } else if !accounts.isEmpty {
        effects.append(.refreshSnapshot(accounts: accounts))
      }
      return effects
    }
  }

  private mutating func take(
    _ decision: Decision, _ receipt: PostingReceipt, _ job: Job, _ records: inout [LedgerRecord],
    _ accounts: inout Set<AccountNumber>, _ moment: Moment
  ) -> [Effect] {
    guard let known = ledger[decision.id] else { return [] }
    switch decision.verdict {
    case .alarm(let reason): return alarm(known, reason, moment)
    case .held(let reason): return hold(known, reason, job, moment)
    case .decided(let outcome, let flags):
      // Released while the answer was on its way, and refused: an advice is booked under its
      // second id, and a request's refusal goes on the worklist. Sent again, it says so.
      if case .refused = outcome, known.release != nil, decision.bookedAs == decision.id,
        !job.wasReleased(decision.id)
      {
        sendQueue.append(decision.id)
        return []
      }
      let record = OutcomeRecord(
        entry: decision.id,
        recorded: RecordedOutcome(
          outcome: outcome, flags: flags, bookedAs: decision.bookedAs,
          bookingDate: decision.bookingDate),
        acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch),
        at: moment.now)
      records.append(.outcome(record))
      if decided.updateValue(record, forKey: decision.id) == nil { pending.remove(known.entry) }
      exposure.remove(known.entry)
      held[decision.id] = nil
      accounts.formUnion(known.entry.customerAccounts)
      // What went to suspense is on no customer's account.
      if outcome == .posted {
        unrefreshed.add(known.entry, since: moment.now)
      }
      count(outcome, flags, decision, job)
      return tell(known, outcome, decision, moment)
    }
  }

  private mutating func count(
    _ outcome: Outcome, _ flags: Set<Flag>, _ decision: Decision, _ job: Job
  ) {
    if flags.contains(where: \.needsPerson) || outcome != .posted { openExceptions += 1 }
    guard job.isReconciliation, run != nil else { return }
    switch outcome {
    case .posted where decision.wasKnown: run?.report.alreadyPosted += 1
    case .posted: run?.report.posted += 1
    case .suspense: run?.report.suspense += 1
    case .refused: run?.report.refused += 1
    }
    if outcome != .posted || flags.contains(where: \.needsPerson) { run?.report.exceptions += 1 }
  }

  private mutating func tell(
    _ known: LedgerEntry, _ outcome: Outcome, _ decision: Decision, _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    guard let capture = captures[id], capture.phase != .releasing else { return [] }
    captures[id] = nil
    return [
      .reply(
        capture.ticket,
        .receipt(
          Receipt(
            entry: known.entry, state: Receipt.State(outcome), reason: outcome.reason,
            code: known.code, at: moment.now, balance: decision.balance,
            isOneCopyOnly: capture.isOneCopyOnly)))
    ]
  }

  private mutating func hold(
    _ known: LedgerEntry, _ reason: Reason, _ job: Job, _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    held[id] = reason
    run?.heldAccounts.formUnion(known.entry.customerAccounts)
    guard captures[id] != nil else { return [] }
    return release(id)
  }

  private mutating func alarm(
    _ known: LedgerEntry, _ reason: Reason, _ moment: Moment
  ) -> [Effect] {
    held[known.entry.id] = reason
    let cause = Cause(
      .terminalCloned, "\(known.entry.label): \(reason.text) Nothing more is sent.",
      since: moment.now)
    alarm = cause
    return leave(for: cause, moment)
  }

  private mutating func postFailed(
    _ job: Job, _ fault: StoreFault, _ moment: Moment
  ) -> [Effect] {
    // Whether it was committed is not known: those that nobody is told about are asked again.
    for id in job.ids where ledger[id]?.release == nil { sendQueue.append(id) }
    var effects: [Effect] = []
    for id in job.ids { effects += release(id) }
    if job.isReconciliation { effects += stopRun(moment) }
    return effects + noteFault(fault, moment)
  }

  // MARK: Reconciliation

  mutating func reconcile(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard run == nil else {
      return [
        .reply(
          ticket,
          .failed(
            Failure(
              .fault, code: "under-way", text: "A reconciliation is under way already.",
              fix: "Watch it on screen 5.")))
      ]
    }
    return startRun(ticket: ticket, moment)
  }

  var cannotReconcile: Failure {
    Failure(
      status.cause?.code == .wrongBank ? .wrongBank : .fault,
      code: status.cause?.code.code ?? "away",
      text: status.cause?.sentence ?? "The database is not known to be the right one yet.",
      fix: "The entries stay safe in the manual ledger. Reconcile when the bank is back.")
  }

  mutating func startRun(ticket: Ticket?, _ moment: Moment) -> [Effect] {
    let queue = waiting.map(\.entry.id)
    let total = queue.count
    run = Run(ticket: ticket, queue: queue)
    guard total > 0 else { return [] }
    return [
      .append(
        .remark,
        [
          .mode(
            ModeRecord(
              .reconciliationBegan, text: "\(total) waiting",
              operatorName: configuration.operatorName, at: moment.now))
        ])
    ]
  }

  /// The next entries in their order; requests of accounts that an earlier entry holds wait on.
  private mutating func nextChunk() -> [EntryID] {
    var chunk: [EntryID] = []
    while let run, run.next < run.queue.count, chunk.count < configuration.batchSize {
      let id = run.queue[run.next]
      self.run?.next += 1
      guard isWaiting(id), let known = ledger[id] else {
        self.run?.done += 1
        continue
      }
      let isHeldBehind =
        known.release?.standing != .advice
        && known.entry.customerAccounts.contains(where: run.heldAccounts.contains)
      if isHeldBehind {
        held[id] = .heldBehind
        self.run?.heldAccounts.formUnion(known.entry.customerAccounts)
        self.run?.done += 1
      } else {
        chunk.append(id)
      }
    }
    return chunk
  }

  private mutating func finishRun(_ moment: Moment) -> [Effect] {
    guard let finished = run else { return [] }
    run = nil
    let report = completed(finished)
    var effects: [Effect] = [.countExceptions]
    if finished.total > 0 {
      effects.append(.refreshSnapshot(accounts: nil))
      effects.append(
        .append(
          .remark,
          [
            .mode(
              ModeRecord(
                .reconciliationEnded, text: "\(report.waiting) waiting",
                operatorName: configuration.operatorName, at: moment.now))
          ]))
      if report.waiting == 0 { effects.append(.rotateLedger(.reconciled)) }
    }
    if let ticket = finished.ticket { effects.append(.reply(ticket, .reconciled(report))) }
    return effects
  }

  /// The database was lost in the middle: what is posted is posted, the rest waits.
  mutating func stopRun(_ moment: Moment) -> [Effect] {
    guard let stopped = run else { return [] }
    run = nil
    guard let ticket = stopped.ticket else { return [] }
    return [.reply(ticket, .reconciled(completed(stopped)))]
  }

  private func completed(_ run: Run) -> ReconciliationReport {
    var report = run.report
    report.waiting = waitingCount
    report.exceptions += held.keys.count { isWaiting($0) }
    report.control = controlTotals
    report.untold = ledger.untold.map(\.entry.id)
    return report
  }

  /// The ledger's totals with what is decided but not yet written counted as decided.
  var controlTotals: [ControlTotals] {
    var totals: [Currency: ControlTotals] = [:]
    for (currency, total) in ledger.totals { totals[currency] = total.control(currency) }
    for (id, outcome) in decided {
      guard let amount = ledger[id]?.entry.amount else { continue }
      totals[amount.currency]?.move(amount.minorUnits, to: outcome.recorded.outcome)
    }
    return totals.values.sorted { $0.currency < $1.currency }
  }

  mutating func plan(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard readSource == .live else { return [.reply(ticket, .failed(cannotReconcile))] }
    return [.plan(ticket, batch(of: waiting.map(\.entry.id), moment))]
  }

  mutating func planned(
    _ ticket: Ticket, _ result: Result<[Decision], StoreFault>, _ silent: [String],
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let fault):
      return noteFault(fault, moment) + [.reply(ticket, .failed(Failure(fault: fault)))]
    case .success(let decisions):
      let lines = decisions.compactMap { decision in
        ledger[decision.id].map {
          ReconciliationPlan.Line(entry: $0.entry, predicted: decision.verdict)
        }
      }
      return [
        .reply(
          ticket,
          .plan(
            ReconciliationPlan(lines: lines, control: controlTotals, silentTerminals: silent)))
      ]
    }
  }
}

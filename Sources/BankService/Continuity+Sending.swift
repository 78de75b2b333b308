import BankCore
import ManualLedger
import OrderedCollections

/// From the durable line to the books: batches and their answers.
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
      let effects = appended(purpose, isOneCopyOnly: append.isOneCopyOnly, moment)
      makeReady()
      return effects + examinations(records)
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
    let wasWaiting =
      switch record {
      case .void(let void): isWaiting(void.entry)
      case .blocked(let blocked): isWaiting(blocked.entry)
      default: false
      }
    ledger.apply(record, hash: line.hash, at: line.place)
    if record.changesHowEntriesAreSent { run?.ready = nil }
    switch record {
    case .entry(let record):
      writing[record.entry.id] = nil
      reservedNumbers.remove(record.entry.number)
      pending.add(record.entry, mayBeRefused: true)
    case .released(let release):
      guard let known = ledger[release.entry] else { break }
      if release.standing == .advice { pending.confirm(known.entry) }
      if needsSupervisor(known) { beyondLimit.insert(release.entry) }
    case .keep(let keep):
      ledger[keep.entry].map { pending.add($0.entry, mayBeRefused: $0.mayBeRefused) }
    case .void(let void):
      beyondLimit.remove(void.entry)
      guard wasWaiting, let known = ledger[void.entry] else { break }
      pending.remove(known.entry)
      exposure.remove(known.entry)
    // A restored bank could not take it back: it waits for a person from now on.
    case .blocked(let blocked) where !wasWaiting:
      guard let known = ledger[blocked.entry], known.isWaiting else { break }
      pending.add(known.entry, mayBeRefused: known.mayBeRefused)
      if known.release != nil { exposure.count(known.entry) }
    case .outcome(let outcome):
      decided[outcome.entry] = nil
      beyondLimit.remove(outcome.entry)
    default: break
    }
    if case .blocked(let blocked) = record { blocking[blocked.entry] = nil }
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
      voiding.remove(id)
      return ledger[id].map { [.reply(ticket, .receipt(receipt($0, isCopy: false)))] } ?? []
    case .keep(let id, let ticket):
      keeping.remove(id)
      guard let known = ledger[id] else { return [] }
      return ask(again: known, ticket)
    case .decision(let id, let ticket):
      return heldDecided(id, ticket)
    case .noted(let id, let ticket):
      return [.reply(ticket, .notices(notices.filter { $0.entry.id == id }))]
    case .settlement(let record, let ticket):
      return [.settle(ticket, record)]
    case .healingBegins(let ticket): return [.giveBack(ticket)]
    case .healing(let ticket, let report): return [.raiseEpoch(ticket, report)]
    case .lifted(let ticket, let report): return damageAccepted(ticket, report, moment)
    case .missingNoted(let ticket): return [.reply(ticket, .done)]
    case .adoption(let report, let ticket):
      return adopted(report, ticket)
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
    if case .keep(let id, _) = purpose { keeping.remove(id) }
    if case .void(let id, _) = purpose {
      voiding.remove(id)
      // What nobody has promised anything about is asked for again, as if nothing had been.
      if isWaiting(id), ledger[id]?.release == nil { sendQueue.append(id) }
    }
    switch purpose {
    case .capture(let id), .release(let id):
      guard let capture = captures.removeValue(forKey: id) else { return [] }
      guard capture.isDurable, let known = ledger[id] else {
        return [.reply(capture.ticket, .failed(failure))]
      }
      // The bank has decided meanwhile, for this very customer.
      if decided[id] != nil {
        return [.reply(capture.ticket, .receipt(receipt(known, isCopy: false)))]
      }
      let receipt = Receipt(
        entry: known.entry, state: .unknown, reason: .ledgerUnwritable, code: known.code,
        at: moment.now)
      return [.reply(capture.ticket, .receipt(receipt))]
    case .void(_, let ticket), .keep(_, let ticket), .decision(_, let ticket),
      .noted(_, let ticket), .settlement(_, let ticket), .lifted(let ticket, _),
      .missingNoted(let ticket), .adoption(_, let ticket), .healingBegins(let ticket),
      .healing(let ticket, _):
      return [.reply(ticket, .failed(failure))]
    case .sending:
      job = nil
      return stopRun(moment)
    case .outcomes, .remark:
      // The database has decided and remembers; asking again under the same id gives the same.
      for case .blocked(let lost) in records { blocking[lost.entry] = nil }
      for case .outcome(let lost) in records where decided.removeValue(forKey: lost.entry) != nil {
        guard let known = ledger[lost.entry] else { continue }
        unrefreshed.remove(lost.entry)
        pending.add(known.entry, mayBeRefused: known.mayBeRefused)
        if known.release != nil { exposure.count(known.entry) }
      }
      return []
    }
  }

  // MARK: Sending

  /// Sends the next batch when none is under way.
  mutating func dispatch(_ moment: Moment) -> [Effect] {
    guard isLive, job == nil else { return [] }
    sendQueue = sendQueue.filter { isSendable($0) }
    var effects: [Effect] = []
    let asked = takeAsked(&effects)
    if !asked.isEmpty {
      return effects + begin(Job(ids: asked, isReconciliation: false, isUnderWay: false), moment)
    }
    guard let run, !run.isResting else { return effects }
    let chunk = nextChunk(moment)
    guard !chunk.isEmpty else { return effects + finishRun(moment) }
    return effects + begin(Job(ids: chunk, isReconciliation: true, isUnderWay: false), moment)
  }

  /// The asked-for entries, and before them all that wait on the same accounts: nothing overtakes
  /// an earlier entry of its own account. One that would take too many along is not sent: whoever
  /// is at the counter is told that it is recorded, and it waits for its turn in a reconciliation.
  private mutating func takeAsked(_ effects: inout [Effect]) -> [EntryID] {
    var chosen: Set<EntryID> = []
    while let id = sendQueue.first, chosen.count < configuration.mostTakenAlong {
      sendQueue.removeFirst()
      if let linked = withEarlier(of: id) {
        chosen.formUnion(linked)
      } else {
        effects += release(id)
      }
    }
    return inOrder(chosen).map(\.entry.id)
  }

  /// The entry and all that wait before it on its accounts, and before those on theirs; nil when
  /// they are too many.
  private func withEarlier(of id: EntryID) -> Set<EntryID>? {
    var chosen: Set<EntryID> = [id]
    /// Up to which line each account's entries were looked at.
    var reached: [AccountNumber: LineReference] = [:]
    var open = [ledger[id]].compactMap { $0 }
    while let next = open.popLast() {
      for account in next.entry.customerAccounts {
        if let line = reached[account], next.line <= line { continue }
        reached[account] = next.line
        // A blocked entry goes nowhere, and holds nobody up who stands at the counter.
        for other in pending.ids(on: account)
        where !chosen.contains(other) && isSendable(other) {
          guard let known = ledger[other], known.line < next.line else { continue }
          guard chosen.count <= configuration.mostTakenAlong else { return nil }
          chosen.insert(other)
          open.append(known)
        }
      }
    }
    return chosen
  }

  private mutating func begin(_ job: Job, _ moment: Moment) -> [Effect] {
    self.job = job
    guard let note = letGo(job.ids, moment) else { return sendJob(moment) }
    return [.append(.sending, [note])]
  }

  /// The line that must be durable before these go out; nil when it is there.
  mutating func letGo(_ ids: [EntryID], _ moment: Moment) -> LedgerRecord? {
    // Not the last one: salvaged lines do not stand in the order of their numbers.
    let unsent = ids.filter { !ledger.mayHaveBeenSent($0) }
    guard let number = unsent.compactMap({ ledger[$0]?.entry.number }).max() else { return nil }
    lettingGo = max(lettingGo, number)
    return .sending(SendingRecord(through: number, at: moment.now))
  }

  private mutating func sendJob(_ moment: Moment) -> [Effect] {
    guard let job else { return [] }
    let submissions = takeReady(for: job) ?? submissions(of: job.ids)
    self.job?.isUnderWay = true
    self.job?.sentAt = moment.now
    self.job?.released = Set(submissions.lazy.filter(\.wasReleased).map(\.entry.id))
    let effects: [Effect] = [.post(batch(of: submissions, moment))]
    return job.isReconciliation ? effects + lookAhead(moment) : effects
  }

  func batch(of submissions: [Submission], _ moment: Moment) -> PostingBatch {
    PostingBatch(
      terminal: configuration.terminal.id, submissions: submissions, today: moment.bookingDay,
      doubtedAfter: moment.doubtedAfter, decidedAt: moment.now,
      settlements: submissions.compactMap { settlementRequest($0.entry.id) },
      lateDebitValue: configuration.lateDebitValue)
  }

  func submissions(of ids: [EntryID]) -> [Submission] {
    ids.compactMap { id in
      ledger[id].map { submission($0, decision: ledger.decision(about: id)) }
    }
  }

  /// - Parameter decision: what a supervisor has said, or might say, about a held entry.
  func submission(_ known: LedgerEntry, decision: NoteRecord.Decision?) -> Submission {
    return Submission(
      entry: known.entry.reversing(known.entry.reverses.map(bookedID)),
      standing: known.release?.standing ?? .request,
      contentHash: known.entry.contentHash, secondID: known.release?.secondID,
      isOverLimit: isFlaggedOverLimit(known, decision),
      wasReleased: known.release != nil, lineHash: known.lineHash.description,
      recorded: decision == .refuse ? refusal(of: known.entry) : nil,
      mayTakeSecondID: known.mayTakeSecondID, isAdopted: known.isAdopted)
  }

  /// A payment beyond a limit stays flagged whoever allowed it, since its cash has moved; a request that
  /// a supervisor has allowed, at capture or later, needs no other.
  func isFlaggedOverLimit(_ known: LedgerEntry, _ decision: NoteRecord.Decision?) -> Bool {
    guard let release = known.release, release.isOverLimit || isBeyondCap(known.entry),
      decision != .allow
    else { return false }
    return release.standing == .advice || known.entry.approvedBy == nil
  }

  /// By the limit as it is now: a line, or a limit that somebody set for a moment, may say otherwise.
  private func isBeyondCap(_ entry: Entry) -> Bool {
    guard entry.kind == .withdrawal || entry.kind == .transfer else { return false }
    return entry.amount.minorUnits
      > configuration.policy.perEntry(entry.amount.currency).minorUnits
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
      let isTelling = receipt.decisions.contains { captures[$0.id] != nil }
      for decision in receipt.decisions {
        effects += take(decision, receipt, finished, &records, &accounts, moment)
      }
      // A reversal that was made up beside the bank's work may name what has a second id since.
      if receipt.decisions.contains(where: { $0.bookedAs != $0.id }) { run?.ready = nil }
      effects += write(records, isTelling: isTelling)
      if finished.isReconciliation {
        // The snapshot is brought up to date once, at the run's end; until then the entries count
        // as unrefreshed. Copying each account again with every batch takes longer than posting.
        run?.done += finished.ids.count
        setPace(after: finished, moment)
        effects += rest(moment)
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
    // Sent again, it would be said again: a person has to end it.
    case .held(let reason) where reason.staysUntilEnded:
      return block(known, reason, &records, moment)
    case .held(let reason): return hold(known, reason, job, moment)
    case .blocked(let reason): return block(known, reason, &records, moment)
    case .decided(let outcome, let flags):
      // Released while the answer was on its way, and refused: an advice is booked under its
      // second id, and a request's refusal goes on the worklist. Sent again, it says so.
      let isTaken = known.release != nil || captures[decision.id]?.phase == .releasing
      if case .refused = outcome, isTaken, decision.bookedAs == decision.id,
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
        needsNotice: captures[decision.id] == nil && leavesSomethingToDo(known, outcome),
        sameAs: decision.sameAs, at: moment.now)
      records.append(.outcome(record))
      if decided.updateValue(record, forKey: decision.id) == nil { pending.remove(known.entry) }
      exposure.remove(known.entry)
      held[decision.id] = nil
      if !job.isReconciliation { accounts.formUnion(known.entry.customerAccounts) }
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
    let needsPerson = outcome.needsPerson(
      flags: flags, wasReleased: job.wasReleased(decision.id))
    if needsPerson { openExceptions? += 1 }
    guard job.isReconciliation, run != nil else { return }
    switch outcome {
    case .posted where decision.wasKnown: run?.report.alreadyPosted += 1
    case .posted: run?.report.posted += 1
    case .suspense: run?.report.suspense += 1
    case .refused: run?.report.refused += 1
    }
    if needsPerson { run?.report.exceptions += 1 }
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
            isOneCopyOnly: capture.isOneCopyOnly, released: known.release?.standing,
            takesBackUnknown: takesBackUnknown(known))))
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

  /// The bank cannot book it: it knows the id with other content, or rejects the data. Who is being
  /// told at this moment is told that nothing was taken, and the entry ends with that; any other waits
  /// for a person.
  private mutating func block(
    _ known: LedgerEntry, _ reason: Reason, _ records: inout [LedgerRecord], _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    held[id] = nil
    run?.heldAccounts.formUnion(known.entry.customerAccounts)
    records.append(.blocked(BlockedRecord(entry: id, reason: reason, at: moment.now)))
    blocking[id] = Blocking(reason: reason, endsAtOnce: false)
    guard known.release == nil, let capture = captures[id], capture.phase != .releasing else {
      return []
    }
    captures[id] = nil
    blocking[id]?.endsAtOnce = true
    records.append(
      .void(
        VoidRecord(
          entry: id, note: reason.text, operatorName: configuration.operatorName, at: moment.now)))
    return [.reply(capture.ticket, .failed(Failure(atCounter: reason)))]
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
}

extension Reason {
  /// Whether the bank would say the same of the same data for ever.
  fileprivate var staysUntilEnded: Bool { self == .rejectedByDatabase || self == .amountTooLarge }
}

extension LedgerRecord {
  /// Whether a waiting entry may have to be sent in another way since this line, or not at all.
  fileprivate var changesHowEntriesAreSent: Bool {
    switch self {
    case .released, .void, .keep, .blocked, .note: true
    default: false
    }
  }
}

import BankCore
import ManualLedger

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
      health.wrote(nil)
      for (record, line) in zip(records, append.lines) { apply(record, line) }
      let effects = appended(purpose, isOneCopyOnly: append.isOneCopyOnly, moment)
      dispatch.makeReady(backlog)
      return link.isHeld
        ? effects
        : effects
          + OutageLines.examinations(
            after: records, backlog.ledger, at: configuration.terminal.name)
    }
  }

  private mutating func apply(_ record: LedgerRecord, _ line: RecordedLine) {
    backlog.apply(record, line)
    if case .entry(let record) = record { captures.endWriting(record.entry) }
    if record.changesHowEntriesAreSent { dispatch.makeUpAgain() }
  }

  private mutating func appended(
    _ purpose: AppendPurpose, isOneCopyOnly: Bool, _ moment: Moment
  ) -> [Effect] {
    switch purpose {
    case .capture(let id):
      captures.becameDurable(id, isOneCopyOnly: isOneCopyOnly)
      guard isLive else { return release(id) }
      dispatch.add(id)
      return []
    case .release(let id):
      return told(id, isOneCopyOnly: isOneCopyOnly, moment)
    case .void(let id, let ticket):
      backlog.unhold(id)
      backlog.endVoid(id)
      return backlog[id].map { [.reply(ticket, .receipt(till.receipt($0, isCopy: false)))] } ?? []
    case .keep(let id, let ticket):
      backlog.endKeeping(id)
      guard let known = backlog[id] else { return [] }
      return ask(again: known, ticket)
    case .decision(let id, let ticket):
      return heldDecided(id, ticket)
    case .noted(let id, let ticket):
      return [.reply(ticket, .notices(till.notices.filter { $0.entry.id == id }))]
    case .settlement(let record, let ticket):
      return [.settle(ticket, record)]
    case .healingBegins(let ticket): return [.giveBack(ticket)]
    case .healing(let ticket, let report): return [.raiseEpoch(ticket, report)]
    case .lifted(let ticket, let report): return damageAccepted(ticket, report, moment)
    case .missingNoted(let ticket): return [.reply(ticket, .done)]
    case .adoption(let report, let ticket):
      return adopted(report, ticket)
    case .sending:
      // The bank was left meanwhile: nothing is sent there. What was not released is asked for again
      // when it is back.
      guard isLive else {
        dispatch.endJob()
        return []
      }
      return dispatch.wasLetGo(backlog, moment, isInUse: isInUse(at: moment.now))
    case .outcomes, .remark:
      return []
    }
  }

  /// The words that it is taken are durable: now they may be said.
  private mutating func told(
    _ id: EntryID, isOneCopyOnly: Bool, _ moment: Moment
  ) -> [Effect] {
    guard let capture = captures.close(id), let known = backlog[id] else {
      return []
    }
    return [
      .reply(
        capture.ticket,
        .receipt(till.receipt(known, isCopy: false, isOneCopyOnly: isOneCopyOnly)))
    ]
  }

  private mutating func appendFailed(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], _ failure: Failure, _ moment: Moment
  ) -> [Effect] {
    health.wrote(failure)
    for case .entry(let record) in records { captures.endWriting(record.entry) }
    for case .released(let release) in records where backlog[release.entry]?.release == nil {
      captures[release.entry].map { backlog.unexpose($0.entry) }
    }
    if case .keep(let id, _) = purpose { backlog.endKeeping(id) }
    if case .void(let id, _) = purpose {
      backlog.endVoid(id)
      // What nobody has promised anything about is asked for again, as if nothing had been.
      if backlog.isWaiting(id), backlog[id]?.release == nil { dispatch.add(id) }
    }
    switch purpose {
    case .capture(let id), .release(let id):
      guard let capture = captures.close(id) else { return [] }
      guard capture.isDurable, let known = backlog[id] else {
        return [.reply(capture.ticket, .failed(failure))]
      }
      // The bank has decided meanwhile, for this very customer.
      if backlog.decided[id] != nil {
        return [.reply(capture.ticket, .receipt(till.receipt(known, isCopy: false)))]
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
      dispatch.endJob()
      return stopRun(moment)
    case .outcomes, .remark:
      backlog.lose(records)
      return []
    }
  }

  // MARK: Sending

  /// Sends the next batch when none is under way.
  mutating func sendNext(_ moment: Moment) -> [Effect] {
    guard isLive else { return [] }
    let isInUse = isInUse(at: moment.now)
    let next = dispatch.next(from: &backlog, isInUse: isInUse)
    let effects = next.tooFarBehind.flatMap { release($0) }
    if let job = next.job {
      return effects + dispatch.begin(job, backlog, moment, isInUse: isInUse)
    }
    return next.endsRun ? effects + finishRun(moment) : effects
  }

  // MARK: The bank's answer

  mutating func posted(
    _ result: Result<PostingReceipt, StoreFault>, _ moment: Moment
  ) -> [Effect] {
    guard let finished = dispatch.endJob() else { return [] }
    switch result {
    case .failure(let fault):
      return postFailed(finished, fault, moment)
    case .success(let receipt):
      var effects: [Effect] = []
      var records: [LedgerRecord] = []
      var accounts: Set<AccountNumber> = []
      let isTelling = receipt.decisions.contains { captures.isOpen($0.id) }
      for decision in receipt.decisions {
        effects += apply(decision, receipt, finished, &records, &accounts, moment)
      }
      // A reversal that was made up beside the bank's work may name what has a second id since.
      if receipt.decisions.contains(where: { $0.bookedAs != $0.id }) { dispatch.makeUpAgain() }
      effects += captures.writeOutcomes(records, isTelling: isTelling)
      if finished.isReconciliation {
        // The snapshot is brought up to date once, at the run's end; until then the entries count
        // as unrefreshed. Copying each account again with every batch takes longer than posting.
        effects += dispatch.advance(
          after: finished, moment, isInUse: isInUse(at: moment.now))
      } else if !accounts.isEmpty {
        effects.append(.refreshSnapshot(accounts: accounts))
      }
      return effects
    }
  }

  private mutating func apply(
    _ decision: Decision, _ receipt: PostingReceipt, _ job: Job, _ records: inout [LedgerRecord],
    _ accounts: inout Set<AccountNumber>, _ moment: Moment
  ) -> [Effect] {
    guard let known = backlog[decision.id] else { return [] }
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
        dispatch.add(decision.id)
        return []
      }
      let record = OutcomeRecord(
        entry: decision.id,
        recorded: RecordedOutcome(
          outcome: outcome, flags: flags, bookedAs: decision.bookedAs,
          bookingDate: decision.bookingDate),
        acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch),
        needsNotice: !captures.isOpen(decision.id) && known.leavesSomethingToDo(outcome),
        sameAs: decision.sameAs, at: moment.now)
      records.append(.outcome(record))
      backlog.decide(known, record)
      if !job.isReconciliation { accounts.formUnion(known.entry.customerAccounts) }
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
    dispatch.count(
      outcome, wasKnown: decision.wasKnown, needsPerson: needsPerson, job)
  }

  private mutating func tell(
    _ known: LedgerEntry, _ outcome: Outcome, _ decision: Decision, _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    guard let capture = captures[id], capture.phase != .releasing else { return [] }
    captures.close(id)
    return [
      .reply(
        capture.ticket,
        .receipt(
          Receipt(
            entry: known.entry, state: Receipt.State(outcome), reason: outcome.reason,
            code: known.code, at: moment.now, balance: decision.balance,
            isOneCopyOnly: capture.isOneCopyOnly, released: known.release?.standing,
            takesBackUnknown: till.takesBackUnknown(known))))
    ]
  }

  private mutating func hold(
    _ known: LedgerEntry, _ reason: Reason, _ job: Job, _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    backlog.hold(id, reason)
    dispatch.holdBack(behind: known.entry)
    guard captures.isOpen(id) else { return [] }
    return release(id)
  }

  /// The bank cannot book it: it knows the id with other content, or rejects the data. Who is being
  /// told at this moment is told that nothing was taken, and the entry ends with that; any other waits
  /// for a person.
  private mutating func block(
    _ known: LedgerEntry, _ reason: Reason, _ records: inout [LedgerRecord], _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    dispatch.holdBack(behind: known.entry)
    records.append(.blocked(BlockedRecord(entry: id, reason: reason, at: moment.now)))
    guard known.release == nil, let capture = captures[id], capture.phase != .releasing else {
      backlog.block(id, Blocking(reason: reason, endsAtOnce: false))
      return []
    }
    captures.close(id)
    backlog.block(id, Blocking(reason: reason, endsAtOnce: true))
    records.append(
      .void(
        VoidRecord(
          entry: id, note: reason.text, operatorName: configuration.operatorName, at: moment.now)))
    return [.reply(capture.ticket, .failed(Failure(atCounter: reason)))]
  }

  private mutating func alarm(
    _ known: LedgerEntry, _ reason: Reason, _ moment: Moment
  ) -> [Effect] {
    backlog.hold(known.entry.id, reason)
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
    for id in job.ids where backlog[id]?.release == nil { dispatch.add(id) }
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

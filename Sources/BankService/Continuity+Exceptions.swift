import BankCore
import ManualLedger

/// Settling exceptions takes the one path of every entry; held entries are decided here.
extension Continuity {
  /// The decision is durable before the bank is asked: sent again, by whatever run of the program, it is
  /// the same one.
  mutating func settle(
    _ ticket: Ticket, _ exception: ExceptionRecord, _ resolution: Resolution, _ note: String,
    _ move: SettlementMove, _ moment: Moment
  ) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    switch move {
    case .impossible(let reason):
      return [.reply(ticket, .failed(Failure(reason, for: exception.kind)))]
    case .nothingMoves:
      let record = SettledRecord(
        exception.entry,
        Settlement(
          resolution: resolution, by: configuration.operatorName, note: note, at: moment.now))
      return [.append(.settlement(record, ticket), [.settled(record)])]
    case .move(let debit, let credit):
      let underWay = backlog.waiting.first {
        $0.entry.replaces == exception.entry && $0.resolution == resolution
          && !captures.isOpen($0.entry.id)
      }
      if let underWay { return ask(again: underWay, ticket) }
      return settle(ticket, exception, resolution, note, debit, credit, moment)
    }
  }

  private mutating func settle(
    _ ticket: Ticket, _ exception: ExceptionRecord, _ resolution: Resolution, _ note: String,
    _ debit: AccountNumber, _ credit: AccountNumber, _ moment: Moment
  ) -> [Effect] {
    let entry = drafting(moment).settlementEntry(of: exception, note, debit, credit)
    captures.write(entry)
    captures.open(Capture(ticket: ticket, entry: entry, phase: .asking, isDurable: false))
    return [
      .setTimer(
        .decision(entry.id), afterMilliseconds: configuration.decisionDeadlineMilliseconds),
      .append(.capture(entry.id), [.entry(EntryRecord(entry, resolution: resolution))]),
    ]
  }

  /// What the bank would be sent to settle an exception so, to ask it beforehand what it would say.
  func batchToSettle(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ debit: AccountNumber,
    _ credit: AccountNumber, _ moment: Moment
  ) -> PostingBatch {
    let entry = drafting(moment).settlementEntry(of: exception, "", debit, credit)
    let settlement = Settlement(
      resolution: resolution, by: entry.operatorName, note: "", at: moment.now)
    return PostingBatch(
      terminal: configuration.terminal.id,
      submissions: [
        Submission(entry: entry, standing: .request, contentHash: entry.contentHash, lineHash: "")
      ], today: moment.bookingDay, doubtedAfter: moment.doubtedAfter, decidedAt: moment.now,
      settlements: [
        SettlementRequest(exception: exception.entry, settlement: settlement, through: entry.id)
      ], lateDebitValue: configuration.lateDebitValue)
  }

  /// The books have taken a decision that moves nothing, or one before it; or nobody knows yet, and
  /// the decision goes to them again when the bank is back. So it does when the books do not know the
  /// exception: a till has still to give it back to a restored bank.
  mutating func settled(
    _ ticket: Ticket?, _ record: SettledRecord, _ result: Result<SettlementAnswer, StoreFault>,
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let fault):
      let failure = Failure(
        .fault, code: fault.cause.code, text: fault.text,
        fix: "The decision is kept, and goes to the bank by itself when it is back.")
      return (ticket.map { [.reply($0, .failed(failure))] } ?? []) + noteFault(fault, moment)
    case .success(let answer):
      guard let exception = answer.exception, let onRecord = exception.settlement else {
        return ticket.map { [.reply($0, .failed(Failure(.exceptionForgotten)))] } ?? []
      }
      let isOurs = record.isOnRecord(as: onRecord)
      let standing: SettledRecord.Standing =
        isOurs ? .booked(answer.acknowledgement) : .tooLate(answer.acknowledgement)
      let line = SettledRecord(record.exception, record.settlement, standing)
      var effects: [Effect] = [.append(.remark, [.settled(line)]), .countExceptions]
      guard let ticket else { return effects }
      if isOurs {
        effects.append(.reply(ticket, .resolved(exception)))
      } else {
        effects.append(.reply(ticket, .failed(Failure(.alreadySettled))))
      }
      return effects
    }
  }

  /// One that this terminal settles itself has its own line, or will have it.
  mutating func settlementsLearned(_ learned: [EntryID: Settlement]) -> [Effect] {
    let underWay = backlog.decided.keys.compactMap { backlog[$0] } + backlog.waiting
    let ours = Set(
      underWay.filter { $0.entry.kind == .settlement }.compactMap(\.entry.replaces))
    let records = backlog.ledger.openExceptions.filter { !ours.contains($0) }.compactMap { id in
      learned[id].map { LedgerRecord.settled(SettledRecord(id, $0, .elsewhere)) }
    }
    return records.isEmpty || !health.hasLedger ? [] : [.append(.remark, records)]
  }

  /// A supervisor decides about an entry that this terminal holds back.
  mutating func resolveHeld(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard let known = backlog[id] else { return [.reply(ticket, .failed(.unknownEntry(id)))] }
    if let no = objection(to: resolution, of: known) { return [.reply(ticket, .failed(no))] }
    if backlog.isBlocked(id), resolution == .refuse { return void(id, note, ticket, moment) }
    let remark = NoteRecord(
      "\(resolution.word): \(note)", entry: id, decision: resolution == .post ? .allow : .refuse,
      operatorName: configuration.operatorName, at: moment.now)
    var records: [LedgerRecord] = [.note(remark)]
    if resolution == .post, backlog.isBlocked(id), known.release == nil {
      // It was told as booked: now it has a second id, like all that was told.
      let release = ReleaseRecord(
        entry: id, secondID: moment.ids.1, standing: Standing(released: known.entry.kind),
        wasSent: true, at: moment.now)
      records.insert(.released(release), at: 0)
    }
    return [.append(.decision(id, ticket), records)]
  }

  /// What the bank would make of such a decision, without taking it.
  func foretellHeld(
    _ id: EntryID, _ resolution: Resolution, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard let known = backlog[id] else { return [.reply(ticket, .failed(.unknownEntry(id)))] }
    if let no = objection(to: resolution, of: known) { return [.reply(ticket, .failed(no))] }
    guard resolution == .post else { return [.reply(ticket, .done)] }
    return [
      .foretell(
        ticket,
        dispatch.batch(of: [backlog.submission(known, decision: .allow)], backlog, moment))
    ]
  }

  private func objection(to resolution: Resolution, of known: LedgerEntry) -> Failure? {
    backlog.heldFacts(known).objection(to: resolution.way).map {
      Failure($0, for: known.entry.kind)
    }
  }

  /// The decision is durable: the bank is asked now, or when it is back.
  mutating func heldDecided(_ id: EntryID, _ ticket: Ticket) -> [Effect] {
    backlog.unhold(id)
    guard let known = backlog[id] else { return [] }
    guard isLive, backlog.isWaiting(id), !captures.isOpen(id) else {
      return [.reply(ticket, .receipt(till.receipt(known, isCopy: true)))]
    }
    captures.open(Capture(ticket: ticket, entry: known.entry, phase: .asking, isDurable: true))
    dispatch.add(id)
    return [.setTimer(.decision(id), afterMilliseconds: configuration.decisionDeadlineMilliseconds)]
  }

  /// What a supervisor is asked to accept.
  func planDamage(_ ticket: Ticket) -> [Effect] {
    [.reply(ticket, .healed(health.damageReport(link.bank, backlog.ledger)))]
  }

  /// On a supervisor's word: the loss is known, and work goes on with what is left. Not while a
  /// second copy may have what is lost.
  mutating func acceptDamage(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    if let no = health.objectionToAccepting { return [.reply(ticket, .failed(no))] }
    guard health.hasLedger else {
      return [.reply(ticket, .failed(cannotReconcile))]
    }
    let record = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, text: "The damage of the ledger is accepted.",
      operatorName: configuration.operatorName, at: moment.now)
    return [
      .append(.lifted(ticket, health.damageReport(link.bank, backlog.ledger)), [.mode(record)])
    ]
  }

  /// The supervisor's word is durable: now it counts.
  mutating func damageAccepted(
    _ ticket: Ticket, _ report: HealingReport, _ moment: Moment
  ) -> [Effect] {
    health.accept()
    link.endDwell(moment.now)
    return [.reply(ticket, .healed(report))] + probe(fresh: true)
  }

  /// A person has looked for an entry whose line is gone, and notes what became of it.
  mutating func noteMissing(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
    let remark = NoteRecord(
      "\(resolution.word): \(note)", entry: id, operatorName: configuration.operatorName,
      at: moment.now)
    return [.append(.missingNoted(ticket), [.note(remark)])]
  }

  mutating func healingBegins(
    _ acknowledgement: Acknowledgement, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    let begun = HealedRecord(
      acknowledgement, operatorName: configuration.operatorName, at: moment.now)
    return captures.writeOwed() + [.append(.healingBegins(ticket), [.healed(begun)])]
  }

  /// What the bank has made of what it was given back is written down before anybody is told, and
  /// before the bank counts as healed: until then it is given back again.
  mutating func gaveBack(
    _ lines: HealingLines, _ report: HealingReport, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard let acknowledgement = lines.acknowledgement else {
      return [.raiseEpoch(ticket, report)]
    }
    let healed = HealedRecord(
      acknowledgement, operatorName: configuration.operatorName, at: moment.now)
    var records = [.healed(healed)] + lines.records
    for (line, reason) in lines.taken {
      records += adopt(line, [:], "the restored bank could not take it back", moment)
      records.append(.blocked(BlockedRecord(entry: line.id, reason: reason, at: moment.now)))
    }
    return captures.writeOwed() + [.append(.healing(ticket, report), records)]
  }

  mutating func healed(_ bank: BankIdentity, _ moment: Moment) -> [Effect] {
    link.know(bank)
    alarm = nil
    link.abandonGreeting()
    link.endDwell(moment.now)
    return probe(fresh: true) + (isLive ? openDecisions : [])
  }
}

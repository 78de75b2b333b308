import BankCore
import ManualLedger
import OrderedCollections

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
      let underWay = waiting.first {
        $0.entry.replaces == exception.entry && $0.resolution == resolution
          && captures[$0.entry.id] == nil
      }
      if let underWay { return ask(again: underWay, ticket) }
      return settle(ticket, exception, resolution, note, debit, credit, moment)
    }
  }

  private mutating func settle(
    _ ticket: Ticket, _ exception: ExceptionRecord, _ resolution: Resolution, _ note: String,
    _ debit: AccountNumber, _ credit: AccountNumber, _ moment: Moment
  ) -> [Effect] {
    let entry = settlementEntry(of: exception, note, debit, credit, moment)
    reservedNumbers.insert(entry.number)
    writing[entry.id] = entry
    captures[entry.id] = Capture(ticket: ticket, entry: entry, phase: .asking, isDurable: false)
    return [
      .setTimer(
        .decision(entry.id), afterMilliseconds: configuration.decisionDeadlineMilliseconds),
      .append(.capture(entry.id), [.entry(EntryRecord(entry, resolution: resolution))]),
    ]
  }

  private func settlementEntry(
    of exception: ExceptionRecord, _ note: String, _ debit: AccountNumber,
    _ credit: AccountNumber, _ moment: Moment
  ) -> Entry {
    Entry(
      id: moment.ids.0, number: nextNumber, terminal: configuration.terminal.name,
      operatorName: configuration.operatorName, kind: .settlement, debit: debit, credit: credit,
      amount: exception.amount, memo: note, capturedAt: moment.now, valueDate: moment.today,
      replaces: exception.entry)
  }

  /// What the bank would be sent to settle an exception so, to ask it beforehand what it would say.
  func batchToSettle(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ debit: AccountNumber,
    _ credit: AccountNumber, _ moment: Moment
  ) -> PostingBatch {
    let entry = settlementEntry(of: exception, "", debit, credit, moment)
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

  /// The exception that a settlement entry closes in the same transaction. The entry names it, so
  /// that it is closed too when the entry is sent again by another run of the program.
  func settlementRequest(_ id: EntryID) -> SettlementRequest? {
    ledger[id]?.settlementRequest(isRecorded: false)
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
    let underWay = decided.keys.compactMap { ledger[$0] } + waiting
    let ours = Set(
      underWay.filter { $0.entry.kind == .settlement }.compactMap(\.entry.replaces))
    let records = ledger.openExceptions.filter { !ours.contains($0) }.compactMap { id in
      learned[id].map { LedgerRecord.settled(SettledRecord(id, $0, .elsewhere)) }
    }
    return records.isEmpty || !hasLedger ? [] : [.append(.remark, records)]
  }

  func refusal(of entry: Entry) -> RecordedOutcome {
    RecordedOutcome(
      outcome: .refused(.refusedByPerson), flags: [], bookedAs: entry.id, bookingDate: nil)
  }

  /// A supervisor decides about an entry that this terminal holds back.
  mutating func resolveHeld(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard let known = ledger[id] else { return [.reply(ticket, .failed(unknownEntry(id)))] }
    if let no = objection(to: resolution, of: known) { return [.reply(ticket, .failed(no))] }
    if isBlocked(id), resolution == .refuse { return void(id, note, ticket, moment) }
    let remark = NoteRecord(
      "\(resolution.word): \(note)", entry: id, decision: resolution == .post ? .allow : .refuse,
      operatorName: configuration.operatorName, at: moment.now)
    var records: [LedgerRecord] = [.note(remark)]
    if resolution == .post, isBlocked(id), known.release == nil {
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
    guard let known = ledger[id] else { return [.reply(ticket, .failed(unknownEntry(id)))] }
    if let no = objection(to: resolution, of: known) { return [.reply(ticket, .failed(no))] }
    guard resolution == .post else { return [.reply(ticket, .done)] }
    return [.foretell(ticket, batch(of: [submission(known, decision: .allow)], moment))]
  }

  private func objection(to resolution: Resolution, of known: LedgerEntry) -> Failure? {
    heldFacts(known).objection(to: resolution.way).map { Failure($0, for: known.entry.kind) }
  }

  /// What decides how it can be settled while it waits for a person.
  func heldFacts(_ known: LedgerEntry) -> HeldFacts {
    HeldFacts(
      isBlocked: isBlocked(known.entry.id), released: known.release?.standing,
      wasTakenBack: known.wasTakenBack)
  }

  /// Whether the bank will hold it back until a supervisor has decided, by what the ledger says.
  func needsSupervisor(_ known: LedgerEntry) -> Bool {
    guard known.release?.standing == .request else { return false }
    let decision = ledger.decision(about: known.entry.id)
    return decision == nil && isFlaggedOverLimit(known, decision)
  }

  /// Why a waiting entry is held until a person decides, or another one goes; nil where nothing holds it.
  func reasonToHold(_ id: EntryID) -> Reason? {
    if let reason = held[id] { return reason }
    guard beyondLimit.contains(id), let known = ledger[id], needsSupervisor(known) else {
      return nil
    }
    return .needsSupervisor
  }

  /// What waits until a person decides, or behind such an entry; not what is blocked.
  var heldIDs: Set<EntryID> { Set(held.keys).union(beyondLimit.filter(isHeldUnasked)) }

  /// How many, without a walk over those that the bank has named.
  var heldCount: Int { held.count + beyondLimit.count(where: isHeldUnasked) }

  private func isHeldUnasked(_ id: EntryID) -> Bool {
    held[id] == nil && isWaiting(id) && !isBlocked(id) && reasonToHold(id) != nil
  }

  /// The decision is durable: the bank is asked now, or when it is back.
  mutating func heldDecided(_ id: EntryID, _ ticket: Ticket) -> [Effect] {
    held[id] = nil
    guard let known = ledger[id] else { return [] }
    guard isLive, isWaiting(id), captures[id] == nil else {
      return [.reply(ticket, .receipt(receipt(known, isCopy: true)))]
    }
    captures[id] = Capture(ticket: ticket, entry: known.entry, phase: .asking, isDurable: true)
    sendQueue.append(id)
    return [.setTimer(.decision(id), afterMilliseconds: configuration.decisionDeadlineMilliseconds)]
  }

  /// What a supervisor is asked to accept.
  func planDamage(_ ticket: Ticket) -> [Effect] {
    [.reply(ticket, .healed(damageReport))]
  }

  private var damageReport: HealingReport {
    var report = HealingReport(epoch: bank?.epoch ?? 0)
    report.damage = ledgerNotice
    report.missingEntries = ledger.missing
    return report
  }

  /// On a supervisor's word: the loss is known, and work goes on with what is left. Not while a
  /// second copy may have what is lost.
  mutating func acceptDamage(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    if let missesCopy {
      let no = Failure(
        .refused, code: CauseCode.ledgerDamaged.code,
        text: "What is lost may stand in the second copy, and \(missesCopy).",
        fix: "Nothing was changed. Put the second copy in its place, then try again; where it is "
          + "lost too, take second_copy out of the configuration first.")
      return [.reply(ticket, .failed(no))]
    }
    guard hasLedger else {
      return [.reply(ticket, .failed(cannotReconcile))]
    }
    let record = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, text: "The damage of the ledger is accepted.",
      operatorName: configuration.operatorName, at: moment.now)
    return [.append(.lifted(ticket, damageReport), [.mode(record)])]
  }

  /// The supervisor's word is durable: now it counts.
  mutating func damageAccepted(
    _ ticket: Ticket, _ report: HealingReport, _ moment: Moment
  ) -> [Effect] {
    isLedgerDamaged = false
    ledgerNotice = nil
    link.manualSince = moment.now.advanced(byMilliseconds: -Detector.dwell)
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
    return told() + [.append(.healingBegins(ticket), [.healed(begun)])]
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
    return told() + [.append(.healing(ticket, report), records)]
  }

  mutating func healed(_ bank: BankIdentity, _ moment: Moment) -> [Effect] {
    self.bank = bank
    alarm = nil
    link.isProbing = false
    link.manualSince = moment.now.advanced(byMilliseconds: -Detector.dwell)
    return probe(fresh: true) + (isLive ? openDecisions : [])
  }
}

extension LedgerEntry {
  /// How the books close the exception that this settlement entry carries out.
  func settlementRequest(isRecorded: Bool) -> SettlementRequest? {
    guard entry.kind == .settlement, let exception = entry.replaces else { return nil }
    return SettlementRequest(
      exception: exception,
      settlement: Settlement(
        // A line from before this was written down says nothing about how.
        resolution: resolution ?? .post, by: entry.operatorName, note: entry.memo,
        at: entry.capturedAt),
      through: entry.id, isRecorded: isRecorded)
  }
}

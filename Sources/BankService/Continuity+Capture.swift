import BankCore
import ManualLedger

/// The one path of an entry: durable first, then the bank, then told.
extension Continuity {
  /// The number the next entry gets.
  var nextNumber: Int64 { captures.nextNumber(after: backlog.ledger) }

  mutating func asked(_ ticket: Ticket, _ request: Request, _ moment: Moment) -> [Effect] {
    if link.isStarting, request.needsMode {
      captures.deferUntilAnswered(ticket, request)
      return []
    }
    switch request {
    case .capture(let draft): return capture(draft, ticket, moment)
    case .receipt(let id): return [.reply(ticket, till.receiptReply(id))]
    case .void(let id, let note): return void(id, note, ticket, moment)
    case .keep(let id): return keep(id, ticket, moment)
    case .notices: return [.reply(ticket, .notices(till.notices))]
    case .noteDone(let id): return noteDone(id, ticket, moment)
    case .ledger(let query): return [.reply(ticket, .ledger(till.ledgerPage(query)))]
    case .plan: return plan(ticket, moment)
    case .reconcile: return reconcile(ticket, moment)
    case .probe: return [.reply(ticket, .done)] + probe(fresh: true)
    case .heal(let planOnly) where health.isDamaged:
      return planOnly ? planDamage(ticket) : acceptDamage(ticket, moment)
    case .resolve(let id, let resolution, let note)
    where backlog.ledger.missing.contains { $0.id == id }:
      return noteMissing(id, resolution, note, ticket, moment)
    case .resolve(let id, let resolution, let note) where backlog.awaitsPerson(id):
      return resolveHeld(id, resolution, note, ticket, moment)
    // Of a lost line only a note is taken.
    case .foretell(let id, _) where backlog.ledger.missing.contains { $0.id == id }:
      return [.reply(ticket, .done)]
    case .foretell(let id, let resolution) where backlog.awaitsPerson(id):
      return foretellHeld(id, resolution, ticket, moment)
    // Of files, whether the bank is there or not.
    case .adopt(let adoption, let note, let planOnly):
      return [.operate(ticket, .adopt(adoption, note: note, planOnly: planOnly))]
    case .resolve(let id, let resolution, let note):
      return operate(ticket, .resolve(id, resolution, note: note))
    case .foretell(let id, let resolution): return operate(ticket, .foretell(id, resolution))
    case .assign(let id, let owner): return operate(ticket, .assign(id, owner: owner))
    case .tell(let id, let note): return operate(ticket, .tell(id, note: note))
    case .openAccount(let draft): return operate(ticket, .openAccount(draft))
    case .changeStatus(let number, let status):
      return operate(ticket, .changeStatus(number, status))
    case .closePeriod(let day): return operate(ticket, .closePeriod(day))
    case .heal(let planOnly): return operate(ticket, .heal(planOnly: planOnly))
    case .account(let number): return read(ticket, .account(number))
    case .accounts(let query): return read(ticket, .accounts(query))
    case .count(let filter): return read(ticket, .count(filter: filter))
    case .statement(let query): return read(ticket, .statement(query))
    case .journal(let query): return read(ticket, .journal(query))
    case .exceptions(let query): return read(ticket, .exceptions(query))
    case .review(let draft): return read(ticket, .review(draft))
    }
  }

  // MARK: From a draft to an entry

  private mutating func capture(_ draft: Draft, _ ticket: Ticket, _ moment: Moment) -> [Effect] {
    if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
    if let no = till.objection(toReplacing: draft) { return [.reply(ticket, .failed(Failure(no)))] }
    guard let id = draft.id else { return captureUnknown(draft, ticket, moment) }
    // A given id may have been used long ago, or at the next till.
    return knownHere(id, draft, ticket, moment) ?? [.searchLedgers(ticket, draft, id)]
  }

  mutating func captureUnknown(
    _ draft: Draft, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard draft.kind == .reversal, let target = draft.reverses else {
      return begin(draft, target: nil, ticket, moment)
    }
    if let known = backlog[target] {
      return begin(draft, target: known.entry, ticket, moment)
    }
    guard !link.isUnanswered else { return askLater(draft, ticket) }
    guard readSource == .live else { return [.reply(ticket, .failed(Failure(.targetNotKnown)))] }
    return [.findTarget(ticket, draft, target, knownAs: nil)]
  }

  /// - Parameter row: what the bank knows under the reversal's own id, if it does.
  mutating func targetFound(
    _ ticket: Ticket, _ draft: Draft, _ result: Result<ReversalTarget?, StoreFault>,
    knownAs row: InboxRow?, _ moment: Moment
  ) -> [Effect] {
    if let row, case .success(let found) = result {
      let target = found?.transaction.entry
      return [.reply(ticket, drafting(moment).answer(to: draft, target: target, knownAs: row))]
    }
    switch result {
    case .failure(let fault):
      return noteFault(fault, moment)
        + [.reply(ticket, .failed(Failure(fault: fault)))]
    case .success(nil):
      return [.reply(ticket, .failed(Failure(.unknownTarget)))]
    case .success(let found?):
      if found.reversedBy != nil { return [.reply(ticket, .failed(Failure(.alreadyReversed)))] }
      if found.isMoved { return [.reply(ticket, .failed(Failure(.movedAlready)))] }
      return begin(draft, target: found.transaction.entry, ticket, moment)
    }
  }

  private mutating func begin(
    _ draft: Draft, target: Entry?, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    switch drafting(moment).entry(from: draft, target: target) {
    case .failure(let failure):
      return [.reply(ticket, .failed(failure))]
    case .success(let entry):
      captures.note(entry)
      captures.open(
        Capture(
          ticket: ticket, entry: entry, draft: draft, phase: isLive ? .asking : .lookingUp,
          isDurable: false))
      // Its number is only given when its line is written: a refusal here must leave no gap.
      guard isLive else { return lookUp(entry) }
      captures.write(entry)
      return [
        .setTimer(
          .decision(entry.id),
          afterMilliseconds: configuration.decisionDeadlineMilliseconds),
        .append(.capture(entry.id), [.entry(record(of: entry))]),
      ]
    }
  }

  private func record(of entry: Entry) -> EntryRecord {
    EntryRecord(entry, takesBackUnknown: till.takesBackUnknown(entry))
  }

  /// Why nothing can be entered at this terminal; nil where it can.
  var objectionToWriting: Failure? {
    if configuration.isReading {
      return Failure(
        .fault, code: "reading", text: "This desk was opened for reading only.",
        fix: "Nothing was recorded.")
    }
    guard !health.hasLedger else { return nil }
    return Failure(
      .fault, code: "not-enrolled",
      text: "This terminal is not enrolled with its bank, so nothing can be entered"
        + (link.cause.map { ": \($0.sentence)" } ?? "."),
      fix: (link.cause?.remedy ?? "Try again when the bank answers.")
        + (isNameTaken ? "" : " The terminal is enrolled by itself on its first contact."))
  }

  /// The bank is there and knows this terminal's name from elsewhere: waiting mends nothing.
  var isNameTaken: Bool { link.cause?.code == .terminalCloned }

  // MARK: The same id again

  mutating func repeated(
    _ known: LedgerEntry, _ draft: Draft, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard drafting(moment).content(of: known.entry, equals: draft) else {
      return [.reply(ticket, .failed(Failure(.contentDiffers)))]
    }
    if known.state == .untold { return keep(known.entry.id, ticket, moment) }
    // What was taken back is not done again, and must not look as if it were.
    if known.state == .voided {
      return [.reply(ticket, .failed(Failure(known.blocked?.reason ?? .voidedAtTerminal)))]
    }
    if backlog.isBlocked(known.entry.id), known.release == nil {
      return [.reply(ticket, .failed(Failure(known.blocked?.reason ?? .contentDiffers)))]
    }
    guard backlog.isWaiting(known.entry.id), known.release == nil, !captures.isOpen(known.entry.id)
    else {
      return [.reply(ticket, .receipt(till.receipt(known, isCopy: true)))]
    }
    return ask(again: known, ticket)
  }

  /// An entry whose fate is unknown is asked about again, under its id.
  mutating func ask(again known: LedgerEntry, _ ticket: Ticket) -> [Effect] {
    let id = known.entry.id
    captures.open(
      Capture(
        ticket: ticket, entry: known.entry, phase: isLive ? .asking : .lookingUp, isDurable: true))
    guard isLive else { return lookUp(known.entry) }
    dispatch.add(id)
    return [
      .setTimer(.decision(id), afterMilliseconds: configuration.decisionDeadlineMilliseconds)
    ]
  }

  mutating func keep(_ id: EntryID, _ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard let known = backlog[id], known.state == .untold else {
      return [.reply(ticket, .failed(.unknownEntry(id)))]
    }
    // Who asked first is told what becomes of it.
    guard backlog.beginKeeping(id) else {
      return [.reply(ticket, .failed(Failure(.outcomeUnknown)))]
    }
    let record = KeepRecord(
      entry: id, operatorName: configuration.operatorName, at: moment.now)
    return [.append(.keep(id, ticket), [.keep(record)])]
  }

  // MARK: Releasing

  mutating func decisionOverdue(_ id: EntryID, _ moment: Moment) -> [Effect] {
    guard let capture = captures[id], capture.phase == .asking else { return [] }
    var effects = release(id)
    if isLive {
      effects += suspect(
        StoreFault(
          .latency, "\(link.endpoint) has not decided an entry in time.", missedDeadline: true),
        moment)
    }
    return effects
  }

  /// All captures that wait for the bank: it cannot be asked now.
  mutating func releaseAll() -> [Effect] {
    captures.askingIDs.flatMap { release($0) }
  }

  mutating func release(_ id: EntryID) -> [Effect] {
    guard let capture = captures[id], capture.phase == .asking else { return [] }
    // The line may still be on its way to the disk; it is looked up when it has arrived.
    guard capture.isDurable else { return [] }
    captures.enter(.lookingUp, id)
    return lookUp(capture.entry)
  }

  private func lookUp(_ entry: Entry) -> [Effect] {
    [.lookUp(entry.id, entry.customerAccounts)]
  }

  /// What is known locally has been looked up: release it within the policy, or not.
  mutating func lookedUp(
    _ id: EntryID, _ accounts: [AccountNumber: Account], snapshotAsOf: Instant?,
    _ elsewhere: Elsewhere, _ moment: Moment
  ) -> [Effect] {
    health.lookedAround(elsewhere.notice)
    guard let capture = captures[id], capture.phase == .lookingUp else { return [] }
    // It was told as taken before, and a person has let it go since: that stands, with its second id.
    if let known = backlog[id], known.release != nil {
      captures.close(id)
      return [.reply(capture.ticket, .receipt(till.receipt(known, isCopy: true)))]
    }
    let entry = capture.entry
    // What is offered follows what was found: a copy that cannot be read is as good as none.
    self.snapshotAsOf = snapshotAsOf
    let age = backlog.snapshotAge(asOf: snapshotAsOf, at: moment.now)
    func knowledge(_ number: AccountNumber) -> OfflinePolicy.Knowledge? {
      guard !number.isOwn else { return nil }
      guard var account = accounts[number] else { return .missing }
      account = account.estimated(
        with: backlog.effect(on: number, isLive: false, elsewhere, except: id))
      return .known(account, age)
    }
    let objection =
      till.objection(toReversal: entry, elsewhere)
      ?? configuration.policy.objection(
        to: entry, payer: knowledge(entry.debit), payee: knowledge(entry.credit),
        usage: backlog.usage(with: elsewhere))
    let isAllowed =
      objection == nil || (objection == .overOfflineLimit && entry.approvedBy != nil)
    guard isAllowed else {
      return notReleased(
        capture, objection ?? .outcomeUnknown, backlog.room(for: entry, elsewhere), moment)
    }
    return releaseNow(capture, isOverLimit: objection == .overOfflineLimit, moment)
  }

  private mutating func releaseNow(
    _ capture: Capture, isOverLimit: Bool, _ moment: Moment
  ) -> [Effect] {
    var entry = capture.entry
    if !capture.isDurable {
      entry = entry.numbered(nextNumber, at: entry.terminal)
      captures.write(entry)
    }
    captures.enter(.releasing, entry.id)
    backlog.expose(entry)
    let release = ReleaseRecord(
      entry: entry.id, secondID: moment.ids.1, standing: Standing(released: entry.kind),
      isOverLimit: isOverLimit, wasSent: capture.isDurable, at: moment.now)
    let records: [LedgerRecord] =
      (capture.isDurable ? [] : [.entry(record(of: entry))]) + [.released(release)]
    return recordSilence(moment) + [.append(.release(entry.id), records)]
  }

  /// Beyond the policy: nothing is recorded where nothing was, and what may be with the bank
  /// already is of unknown outcome.
  private mutating func notReleased(
    _ capture: Capture, _ reason: Reason, _ room: OfflinePolicy.Room, _ moment: Moment
  ) -> [Effect] {
    let id = capture.entry.id
    captures.close(id)
    guard capture.isDurable, let known = backlog[id] else {
      captures.forget(id)
      // The bank may still allow it: it has not answered yet, and nothing was recorded.
      if link.isUnanswered, let draft = capture.draft { return askLater(draft, capture.ticket) }
      return [.reply(capture.ticket, .failed(Failure(reason, away: capture.entry, room: room)))]
    }
    dispatch.add(id)
    return [
      .reply(
        capture.ticket,
        .receipt(
          Receipt(
            entry: known.entry, state: .unknown, reason: .outcomeUnknown, code: known.code,
            at: known.entry.capturedAt)))
    ]
  }

  // MARK: Voiding

  mutating func void(
    _ id: EntryID, _ note: String, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    guard let known = backlog[id] else {
      return [.reply(ticket, .failed(.unknownEntry(id)))]
    }
    if let newID = health.takenOver[id] {
      return [.reply(ticket, .failed(.takenOver(known.entry, as: newID)))]
    }
    let isVoidable =
      known.state == .untold || (backlog.isBlocked(id) && backlog.blocking[id]?.endsAtOnce != true)
      || (backlog.isWaiting(id) && !known.mayHaveBeenSent && known.entry.number > dispatch.lettingGo
        && !dispatch.isSending(id))
    guard isVoidable, !backlog.voiding.contains(id) else {
      return [.reply(ticket, .failed(notVoidable(known)))]
    }
    if let reversal = till.waitingReversal(of: known) {
      return [.reply(ticket, .failed(notVoidable(known, behind: reversal)))]
    }
    let record = VoidRecord(
      entry: id, note: note, operatorName: configuration.operatorName, at: moment.now)
    backlog.beginVoid(id)
    return [.append(.void(id, ticket), [.void(record)])]
  }

  /// Both would give the same cash back.
  private func notVoidable(_ known: LedgerEntry, behind reversal: Entry) -> Failure {
    Failure(
      .refused, code: "not-voidable",
      text: "\(known.entry.label) is being reversed: \(reversal.label) waits for the bank.",
      fix: "Void \(reversal.label) first, or wait for what becomes of it.")
  }

  private func notVoidable(_ known: LedgerEntry) -> Failure {
    let (what, fix) =
      switch till.view(known).state {
      case _ where backlog.voiding.contains(known.entry.id):
        ("is being voided at this moment.", "Nothing is left to do.")
      case .voided: ("is voided already.", "Nothing is left to do.")
      case .posted: ("is booked: it can no longer be voided.", "Reverse it.")
      case .suspense:
        ("is booked in suspense: it can no longer be voided.", "Settle it as an exception.")
      case .settled:
        ("was settled as an exception: it can no longer be voided.", "Nothing is left to do.")
      case .refused: ("was refused: there is nothing to be voided.", "Nothing is left to do.")
      case .waiting, .unknown, .blocked, .untold:
        (
          "may have reached the bank: it can no longer be voided.",
          "Wait for its outcome, then reverse it."
        )
      }
    return Failure(
      .refused, code: "not-voidable", text: "\(known.entry.label) \(what)", fix: fix)
  }
}

extension Request {
  /// Whether the answer depends on what the bank says first.
  var needsMode: Bool {
    switch self {
    case .receipt, .ledger, .notices, .noteDone, .probe: false
    case .account, .accounts, .count, .statement, .journal, .review, .capture, .void, .keep, .plan,
      .reconcile, .exceptions, .resolve, .foretell, .assign, .tell, .adopt, .openAccount,
      .changeStatus, .closePeriod, .heal:
      true
    }
  }
}

extension Failure {
  /// A request that only the database could answer, and it could not.
  init(fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.code, text: fault.text,
      fix: "Nothing was changed. \(fault.cause.remedy)")
  }
}

extension Failure {
  static func unknownEntry(_ id: EntryID) -> Failure {
    Failure(
      .refused, code: "unknown-entry", text: "This terminal's ledger has no such entry: \(id).",
      fix: "Look it up with 'daybook ledger list' or 'daybook journal'.")
  }

}

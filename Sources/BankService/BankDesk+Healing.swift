import BankCore
import ManualLedger

/// Healing a database that was restored from a backup: what the kept segments have on record and the
/// database does not know is booked again as it was, settlements included. What the database has made
/// of each goes to the ledger, before the database counts as healed. What no bank can have given is not
/// booked, and waits for a person.
///
/// A line says first that it begins, and puts this terminal ahead of the database. Only the last
/// transaction, which raises the epoch, catches up with it: until then the database is behind, and
/// whatever was cut off is done by the next healing.
extension BankDesk {
  func heal(planOnly: Bool, _ ticket: Ticket) async throws(StoreFault) {
    // The bank knows more than this directory does: there is nothing that it has forgotten.
    if let cause = machine?.link.cause, cause.code == .terminalCloned {
      let failure = Failure(
        .refused, code: cause.code.code,
        text: "The bank has forgotten nothing. \(cause.sentence)",
        fix: "Nothing was changed. \(cause.remedy)")
      return step(.operated(ticket, .failed(failure), nil))
    }
    let greeting = try await store.greet(configuration.terminal.id, fresh: true)
    guard machine?.link.expectedBank == nil || machine?.link.expectedBank == greeting.bank.id else {
      return step(
        .operated(
          ticket,
          .failed(
            Failure(
              .wrongBank, code: CauseCode.wrongBank.code,
              text: "\(store.endpoint) is another bank: \(greeting.bank.name).",
              fix: "Heal only the bank that this terminal belongs to.")), nil))
    }
    let forgotten: Forgotten
    do throws(Failure) {
      forgotten = try await whatIsForgotten()
    } catch {
      return step(.operated(ticket, .failed(error), nil))
    }
    // A new epoch makes every till compare and copy anew: not for a bank that has forgotten nothing.
    let isBehind = try await isBehind(greeting, forgotten)
    let isDone = forgotten.isEmpty && !isBehind
    if !planOnly, !isDone, greeting.terminal == nil {
      try await store.enrol(configuration.terminal, at: clock.now())
    }
    if planOnly || isDone {
      let given = try await giveBack(forgotten, planOnly: planOnly)
      var report = HealingReport(
        items: given.items, epoch: greeting.bank.epoch, isPlan: planOnly)
      report.isBehind = isBehind
      return step(.operated(ticket, .healed(report), nil))
    }
    toGiveBack[ticket] = forgotten
    let seen = machine?.link.bank?.epoch ?? 0
    step(.healingBegins(ticket, forgotten.ahead(of: greeting, epochSeen: seen)))
  }

  /// The line that it begins is durable: now the bank is given back what it has forgotten.
  func giveBack(_ ticket: Ticket) async {
    guard let forgotten = toGiveBack.removeValue(forKey: ticket) else { return }
    do throws(StoreFault) {
      let given = try await giveBack(forgotten, planOnly: false)
      step(.gaveBack(ticket, HealingReport(items: given.items, epoch: 0), given.lines))
    } catch {
      step(.operated(ticket, .failed(Failure(fault: error, of: .heal(planOnly: false))), error))
    }
  }

  /// What was given back is on record at this terminal: now the database counts as healed.
  func raiseEpoch(_ ticket: Ticket, _ report: HealingReport) async {
    let acknowledged = machine?.backlog.ledger.acknowledgement
    do throws(StoreFault) {
      // A backup of before an earlier healing knows an older epoch than this terminal does.
      let bank = try await store.raiseEpoch(
        terminal: configuration.terminal.id, counterAtLeast: acknowledged?.counter ?? 0,
        epochAbove: acknowledged?.epoch ?? 0)
      var report = report
      report.epoch = bank.epoch
      step(.operated(ticket, .healed(report), nil))
      step(.healed(bank))
    } catch {
      step(.operated(ticket, .failed(Failure(fault: error, of: .heal(planOnly: false))), error))
    }
  }

  /// Whether the database shows that it is an older copy, although nothing of the kept segments is
  /// missing: it has to be told how far it had come.
  private func isBehind(
    _ greeting: Greeting, _ forgotten: Forgotten
  ) async throws(StoreFault) -> Bool {
    guard let acknowledged = forgotten.acknowledged else { return false }
    let last = forgotten.lastAcknowledged
    let memory = TillMemory(
      bank: greeting.bank.id, terminal: configuration.terminal.id, counter: acknowledged.counter,
      epoch: acknowledged.epoch, lastAcknowledged: last)
    let knowledge = TillKnowledge(
      counter: greeting.terminal?.counter ?? 0, epoch: greeting.bank.epoch,
      knowsLast: try await knows(last))
    return memory.isForgotten(by: knowledge)
  }

  private func knows(_ id: EntryID?) async throws(StoreFault) -> Bool {
    guard let id else { return true }
    return try await store.inbox([id])[id] != nil
  }

  // MARK: What is forgotten

  /// What stands in the kept segments as acknowledged, and not in the database as that.
  struct Forgotten {
    var entries: [(known: LedgerEntry, submission: Submission, settlement: SettlementRequest?)] =
      []
    /// What the ledger says was decided, and no bank can have given.
    var doubted: [LedgerEntry] = []
    /// Settlements that move nothing, and whether somebody else has settled the exception.
    var settlements: [(request: SettlementRequest, isTooLate: Bool)] = []
    /// How far the bank had acknowledged this terminal.
    var acknowledged: Acknowledgement?
    var lastAcknowledged: EntryID?

    var isEmpty: Bool { entries.isEmpty && doubted.isEmpty && settlements.isEmpty }

    /// Further than the bank can come by giving back, however many transactions that takes.
    ///
    /// - Parameter epochSeen: the highest that this terminal has seen of its bank, also in a snapshot.
    func ahead(of greeting: Greeting, epochSeen: Int64) -> Acknowledgement {
      let counter = max(acknowledged?.counter ?? 0, greeting.terminal?.counter ?? 0)
      return Acknowledgement(
        counter: counter + Int64(entries.count + settlements.count + 1),
        epoch: max(acknowledged?.epoch ?? 0, greeting.bank.epoch, epochSeen))
    }
  }

  private func whatIsForgotten() async throws(Failure) -> Forgotten {
    let state = try await ledger.history()
    var forgotten = Forgotten()
    forgotten.acknowledged = state.acknowledgement
    forgotten.lastAcknowledged = state.lastAcknowledged
    // What healing took over under a new id goes its own way.
    let decided = state.entries.filter { known in
      known.outcome?.acknowledgement != nil
        && state.adopted(known.entry.id)?.entry.moves(as: known.entry) != true
    }
    var books: [EntryID: InboxRow] = [:]
    for chunk in decided.chunks(of: 1_000) {
      let ids = chunk.compactMap { $0.outcome?.recorded.bookedAs }
      let known = try await known { () async throws(StoreFault) in try await self.store.inbox(ids) }
      books.merge(known) { $1 }
    }
    sort(decided, books, into: &forgotten)
    for chunk in state.settlements.booked.chunks(of: 1_000) {
      let ids = chunk.map(\.exception)
      let known = try await known { () async throws(StoreFault) in
        try await self.store.exceptions(ids)
      }
      for record in chunk {
        let now = known[record.exception]?.settlement
        guard !record.isOnRecord(as: now) else { continue }
        let request = SettlementRequest(
          exception: record.exception, settlement: record.settlement, through: nil,
          isRecorded: true)
        forgotten.settlements.append((request, now != nil))
      }
    }
    return forgotten
  }

  private func sort(
    _ decided: [LedgerEntry], _ books: [EntryID: InboxRow], into forgotten: inout Forgotten
  ) {
    var given = GivenOutcomes()
    var bookedIDs: [EntryID: EntryID] = [:]
    for known in decided { bookedIDs[known.entry.id] = known.outcome?.recorded.bookedAs }
    for known in decided {
      if let outcome = known.outcome { given.note(outcome, books[outcome.recorded.bookedAs]) }
    }
    for known in decided {
      guard let outcome = known.outcome else { continue }
      let recorded = outcome.recorded
      let row = books[recorded.bookedAs]
      if row == nil, !given.mayBeLost(outcome) {
        forgotten.doubted.append(known)
      } else if !isOnRecord(known, recorded, row) {
        forgotten.entries.append(
          (
            known, Self.submission(known, recorded, bookedIDs),
            recorded.outcome.isBooked ? known.settlementRequest(isRecorded: true) : nil
          ))
      }
    }
  }

  /// Whether the database knows the id, with this content and this outcome. What it knows otherwise of
  /// an entry that this ledger has let go is on its own worklist.
  private func isOnRecord(
    _ known: LedgerEntry, _ recorded: RecordedOutcome, _ row: InboxRow?
  ) -> Bool {
    guard let row, row.contentHash == known.entry.contentHash else { return false }
    return row.outcome == recorded.outcome || !isAtHand(known)
  }

  /// - Parameter bookedIDs: under which id each entry stands in the books: what a reversal takes back
  ///   may be there under its second one.
  private static func submission(
    _ known: LedgerEntry, _ recorded: RecordedOutcome, _ bookedIDs: [EntryID: EntryID]
  ) -> Submission {
    Submission(
      entry: known.entry.reversing(known.entry.reverses.map { bookedIDs[$0] ?? $0 }),
      standing: known.release?.standing ?? .request,
      contentHash: known.entry.contentHash, secondID: known.release?.secondID,
      wasReleased: known.release != nil, lineHash: known.lineHash.description,
      recorded: recorded, isAdopted: known.isAdopted)
  }

  private func known<Value>(
    _ read: () async throws(StoreFault) -> Value
  ) async throws(Failure) -> Value {
    do throws(StoreFault) { return try await read() } catch { throw Failure(fault: error) }
  }

  // MARK: Giving back

  /// What has become of what was forgotten, and the lines that say so.
  private struct GivenBack {
    var items: [HealingReport.Item] = []
    var lines = HealingLines()
  }

  private func giveBack(
    _ forgotten: Forgotten, planOnly: Bool
  ) async throws(StoreFault) -> GivenBack {
    var given = GivenBack()
    given.lines.acknowledgement = forgotten.acknowledged
    for chunk in forgotten.entries.chunks(of: configuration.batchSize) {
      let batch = batch(chunk.map(\.submission), chunk.compactMap(\.settlement))
      var decisions: [Decision]
      if planOnly {
        decisions = try await store.plan(batch)
      } else {
        let receipt = try await store.post(batch)
        given.lines.acknowledgement = Acknowledgement(
          counter: receipt.counter, epoch: receipt.epoch)
        decisions = receipt.decisions
      }
      let byID = Dictionary(decisions.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      for (known, submission, settlement) in chunk {
        let decision = byID[known.entry.id]
        given.items.append(
          HealingReport.Item(
            known.entry, submission.recorded?.outcome, settlement, decision?.verdict))
        if let decision { add(decision, of: known, to: &given.lines) }
      }
    }
    for known in forgotten.doubted {
      let verdict = Decision.Verdict.blocked(.outcomeNotGiven)
      given.items.append(
        HealingReport.Item(known.entry, known.outcome?.recorded.outcome, nil, verdict))
      let id = known.entry.id
      add(
        Decision(id: id, bookedAs: id, verdict: verdict, wasKnown: false), of: known,
        to: &given.lines)
    }
    try await giveBack(forgotten.settlements, planOnly: planOnly, to: &given)
    return given
  }

  private func giveBack(
    _ settlements: [(request: SettlementRequest, isTooLate: Bool)], planOnly: Bool,
    to given: inout GivenBack
  ) async throws(StoreFault) {
    for chunk in settlements.chunks(of: configuration.batchSize) {
      if !planOnly {
        let receipt = try await store.post(batch([], chunk.map(\.request)))
        given.lines.acknowledgement = Acknowledgement(
          counter: receipt.counter, epoch: receipt.epoch)
      }
      for (request, isTooLate) in chunk {
        given.items.append(
          HealingReport.Item(
            request, .decided(isTooLate ? .refused(.alreadySettled) : .posted, [])))
        guard isTooLate, let acknowledgement = given.lines.acknowledgement else { continue }
        given.lines.records.append(
          .settled(
            SettledRecord(request.exception, request.settlement, .tooLate(acknowledgement))))
      }
    }
  }

  private func batch(
    _ submissions: [Submission], _ settlements: [SettlementRequest]
  ) -> PostingBatch {
    PostingBatch(
      terminal: configuration.terminal.id, submissions: submissions, today: moment().bookingDay,
      decidedAt: clock.now(), settlements: settlements,
      lateDebitValue: configuration.lateDebitValue)
  }

  // MARK: What goes on record

  /// Whether the open part of the ledger still holds the entry, so that a line can speak of it.
  private func isAtHand(_ known: LedgerEntry) -> Bool {
    guard machine?.backlog.ledger[known.entry.id] != nil else { return false }
    // A console holds more in memory than its segments are sure to need.
    return configuration.isCommand
      || clock.now().milliseconds(since: known.entry.capturedAt)
        < LedgerState.recentMilliseconds
  }

  private func add(_ decision: Decision, of known: LedgerEntry, to lines: inout HealingLines) {
    let reason: Reason
    switch decision.verdict {
    case .decided(let outcome, let flags):
      guard let before = known.outcome, isAtHand(known) else { return }
      let isSame =
        before.recorded.outcome == outcome && before.recorded.flags == flags
        && before.recorded.bookedAs == decision.bookedAs && before.sameAs == decision.sameAs
      guard !isSame else { return }
      let now = RecordedOutcome(
        outcome: outcome, flags: flags, bookedAs: decision.bookedAs,
        bookingDate: decision.bookingDate)
      lines.records.append(
        .outcome(
          OutcomeRecord(
            entry: known.entry.id, recorded: now, acknowledgement: lines.acknowledgement,
            // It was told as booked: somebody has to tell the customer.
            needsNotice: !outcome.isBooked && known.entry.kind != .settlement
              && before.recorded.outcome.isBooked,
            sameAs: decision.sameAs, at: clock.now())))
      return
    case .held(let why), .blocked(let why), .alarm(let why): reason = why
    }
    if known.entry.kind == .settlement {
      // Its exception is open again, and is settled anew.
      guard isAtHand(known) else { return }
      let refused = RecordedOutcome(
        outcome: .refused(reason), flags: [], bookedAs: known.entry.id, bookingDate: nil)
      lines.records.append(
        .outcome(
          OutcomeRecord(
            entry: known.entry.id, recorded: refused, acknowledgement: nil, at: clock.now())))
    } else if isAtHand(known) {
      lines.records.append(
        .blocked(BlockedRecord(entry: known.entry.id, reason: reason, at: clock.now())))
    } else {
      let item = Adoption.Item(
        known.entry, released: Standing(released: known.entry.kind), isOverLimit: false,
        mayHaveBeenSent: true, isAdopted: false)
      let line = AdoptionLine(
        item: item, id: clock.mint(), secondID: clock.mint(), isUntold: false)
      lines.taken.append((line, reason))
    }
  }
}

/// What the ledger is told of a healing.
struct HealingLines: Sendable {
  /// How far the bank has acknowledged the terminal.
  var acknowledgement: Acknowledgement?
  var records: [LedgerRecord] = []
  /// Blocked entries that the open part of the ledger does not hold any more: they go on under new ids.
  var taken: [(line: AdoptionLine, reason: Reason)] = []
}

extension SettledRecord {
  /// Whether the bank has the exception on record as settled by this decision.
  func isOnRecord(as settlement: Settlement?) -> Bool {
    settlement.map {
      $0.at == self.settlement.at && $0.resolution == self.settlement.resolution
    } ?? false
  }
}

import BankCore
import ManualLedger

/// Healing a database that was restored from a backup: what the kept segments have on record and the
/// database does not know is booked again as it was, settlements included.
extension BankDesk {
  func heal(planOnly: Bool, _ ticket: Ticket) async throws(StoreFault) {
    // The bank knows more than this directory does: there is nothing that it has forgotten.
    if let cause = machine?.status.cause, cause.code == .terminalCloned {
      let failure = Failure(
        .refused, code: cause.code.code,
        text: "The bank has forgotten nothing. \(cause.sentence)",
        fix: "Nothing was changed. \(cause.code.remedy)")
      return step(.operated(ticket, .failed(failure), nil))
    }
    let greeting = try await store.greet(configuration.terminal.id, fresh: true)
    guard machine?.expectedBank == nil || machine?.expectedBank == greeting.bank.id else {
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
    if planOnly || (forgotten.isEmpty && !isBehind) {
      let report = HealingReport(items: forgotten.items, epoch: greeting.bank.epoch)
      return step(.operated(ticket, .healed(report), nil))
    }
    if greeting.terminal == nil {
      try await store.enrol(configuration.terminal, at: clock.now())
    }
    let restored = try await giveBack(forgotten)
    var bank = greeting.bank
    // A backup of before an earlier healing knows an older epoch than this terminal does.
    repeat {
      bank = try await store.raiseEpoch(
        terminal: configuration.terminal.id, counterAtLeast: forgotten.acknowledged?.counter ?? 0)
    } while bank.epoch < forgotten.acknowledged?.epoch ?? 0
    let report = HealingReport(
      items: forgotten.items.map { $0.restored(restored.contains($0.id)) }, epoch: bank.epoch)
    step(.operated(ticket, .healed(report), nil))
    step(.healed(bank))
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

  /// What stands in the kept segments as acknowledged, and not in the database.
  private struct Forgotten {
    var entries: [(submission: Submission, settlement: SettlementRequest?)] = []
    /// Settlements that move nothing.
    var settlements: [SettlementRequest] = []
    /// How far the bank had acknowledged this terminal.
    var acknowledged: Acknowledgement?
    var lastAcknowledged: EntryID?

    var isEmpty: Bool { entries.isEmpty && settlements.isEmpty }

    var items: [HealingReport.Item] {
      entries.map {
        HealingReport.Item(
          $0.submission.entry, $0.submission.recorded?.outcome, $0.settlement)
      } + settlements.map { HealingReport.Item($0) }
    }
  }

  /// - Returns: the ids of what is in the database again: of entries their own, of settlements that move
  ///   nothing the exception's.
  private func giveBack(_ forgotten: Forgotten) async throws(StoreFault) -> Set<EntryID> {
    var restored: Set<EntryID> = []
    for chunk in forgotten.entries.chunks(of: configuration.batchSize) {
      let receipt = try await post(chunk.map(\.submission), chunk.compactMap(\.settlement))
      for decision in receipt.decisions {
        if case .decided = decision.verdict { restored.insert(decision.id) }
      }
    }
    for chunk in forgotten.settlements.chunks(of: configuration.batchSize) {
      _ = try await post([], chunk)
      restored.formUnion(chunk.map(\.exception))
    }
    return restored
  }

  private func post(
    _ submissions: [Submission], _ settlements: [SettlementRequest]
  ) async throws(StoreFault) -> PostingReceipt {
    try await store.post(
      PostingBatch(
        terminal: configuration.terminal.id, submissions: submissions, today: moment().today,
        decidedAt: clock.now(), settlements: settlements,
        lateDebitValue: configuration.lateDebitValue))
  }

  private func whatIsForgotten() async throws(Failure) -> Forgotten {
    let state = try await ledger.history()
    var forgotten = Forgotten()
    forgotten.acknowledged = state.acknowledgement
    forgotten.lastAcknowledged = state.lastAcknowledged
    let decided = state.entries.filter { $0.outcome?.acknowledgement != nil }
    for chunk in decided.chunks(of: 1_000) {
      let ids = chunk.compactMap { $0.outcome?.recorded.bookedAs }
      let known = try await known { () async throws(StoreFault) in try await self.store.inbox(ids) }
      for entry in chunk {
        guard let outcome = entry.outcome, known[outcome.recorded.bookedAs] == nil else { continue }
        let isBooked = outcome.recorded.outcome.isBooked
        forgotten.entries.append(
          (
            Submission(
              entry: entry.entry, standing: entry.release?.standing ?? .request,
              contentHash: entry.entry.contentHash, secondID: entry.release?.secondID,
              wasReleased: entry.release != nil, lineHash: entry.lineHash.description,
              recorded: outcome.recorded),
            isBooked ? entry.settlementRequest(isRecorded: true) : nil
          ))
      }
    }
    for chunk in state.settlements.booked.chunks(of: 1_000) {
      let ids = chunk.map(\.exception)
      let known = try await known { () async throws(StoreFault) in
        try await self.store.exceptions(ids)
      }
      for record in chunk where known[record.exception]?.settlement == nil {
        forgotten.settlements.append(
          SettlementRequest(
            exception: record.exception, settlement: record.settlement, through: nil,
            isRecorded: true))
      }
    }
    return forgotten
  }

  private func known<Value>(
    _ read: () async throws(StoreFault) -> Value
  ) async throws(Failure) -> Value {
    do throws(StoreFault) { return try await read() } catch { throw Failure(fault: error) }
  }
}

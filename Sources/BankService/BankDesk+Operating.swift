import BankCore
import ManualLedger

/// Operations that need several turns with the database: settling exceptions, changing accounts,
/// closing periods, healing.
extension BankDesk {
  func operate(_ ticket: Ticket, _ operation: Operation) async {
    do throws(StoreFault) {
      switch operation {
      case .resolve(let id, let resolution, let note):
        try await resolve(id, resolution, note, ticket)
      case .foretell(let id, let resolution):
        try await foretell(id, resolution, ticket)
      case .assign(let id, let owner):
        try await assign(id, to: owner, ticket)
      case .tell(let id, let note):
        try await tell(id, note, ticket)
      case .openAccount(let draft):
        try await change(.open(draft), ticket)
      case .changeStatus(let number, let status):
        try await change(.status(number, status), ticket)
      case .closePeriod(let day):
        try await closePeriod(through: day, ticket)
      case .adopt(let adoption, let note, let planOnly):
        await adopt(adoption, note: note, planOnly: planOnly, ticket)
      case .heal(let planOnly):
        try await heal(planOnly: planOnly, ticket)
      }
    } catch {
      step(.operated(ticket, .failed(Failure(fault: error, of: operation)), error))
    }
  }

  // MARK: Exceptions

  private func resolve(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket
  ) async throws(StoreFault) {
    guard let exception = try await store.exceptions([id])[id] else {
      return step(.operated(ticket, .failed(Failure(.noSuchException)), nil))
    }
    if let settlement = exception.settlement {
      // Sent again, because the answer was lost: it is on record as it was wished.
      let isSame =
        settlement.resolution == resolution && settlement.by == configuration.operatorName
      let reply: Reply =
        isSame ? .resolved(exception) : .failed(Failure(.alreadySettled))
      return step(.operated(ticket, reply, nil))
    }
    let move = try await move(to: resolution, exception)
    step(.settling(ticket, exception, resolution, note, move))
  }

  private func move(
    to resolution: Resolution, _ exception: ExceptionRecord
  ) async throws(StoreFault) -> SettlementMove {
    var ids = [exception.entry]
    if case .match(let other) = resolution { ids.append(other) }
    let found = try await store.transactions(ids)
    return SettlementMove(
      exception, found[exception.entry], resolution, matched: ids.last.flatMap { found[$0] })
  }

  /// Goes the way of `resolve` as far as it can be gone without settling anything.
  private func foretell(
    _ id: EntryID, _ resolution: Resolution, _ ticket: Ticket
  ) async throws(StoreFault) {
    guard let exception = try await store.exceptions([id])[id] else {
      return step(.operated(ticket, .failed(Failure(.noSuchException)), nil))
    }
    guard exception.settlement == nil else {
      return step(.operated(ticket, .failed(Failure(.alreadySettled)), nil))
    }
    switch try await move(to: resolution, exception) {
    case .impossible(let reason):
      step(.operated(ticket, .failed(Failure(reason, for: exception.kind)), nil))
    case .nothingMoves: step(.operated(ticket, .done, nil))
    case .move(let debit, let credit):
      guard let machine else { return }
      let batch = machine.batchToSettle(exception, resolution, debit, credit, moment())
      await foretell(ticket, batch)
    }
  }

  /// Asks the bank's rules what they would say, by the same rules that decide in the end.
  func foretell(_ ticket: Ticket, _ batch: PostingBatch) async {
    do throws(StoreFault) {
      let verdict = try await store.plan(batch).first?.verdict
      guard case .decided(.refused(let reason), _)? = verdict else {
        return step(.operated(ticket, .done, nil))
      }
      let kind = batch.submissions.first?.entry.kind ?? .settlement
      step(.operated(ticket, .failed(Failure(reason, for: kind)), nil))
    } catch {
      step(.operated(ticket, .failed(Failure(fault: error)), error))
    }
  }

  /// Counted as a transaction of this terminal: a database that has forgotten it is noticed.
  func settle(_ record: SettledRecord) async throws(StoreFault) -> SettlementAnswer {
    let receipt = try await store.post(
      PostingBatch(
        terminal: configuration.terminal.id, submissions: [], today: moment().bookingDay,
        decidedAt: clock.now(),
        settlements: [
          SettlementRequest(
            exception: record.exception, settlement: record.settlement, through: nil)
        ]))
    return SettlementAnswer(
      exception: try await store.exceptions([record.exception])[record.exception],
      acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch))
  }

  /// A settlement is an entry like any other, and so is a held entry that a person lets go; whoever
  /// asked for it wants to see the exception.
  func resolved(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ receipt: Receipt
  ) async -> Reply {
    let isAsWished = resolution == .refuse && receipt.reason == .refusedByPerson
    if let reason = receipt.reason, !isAsWished {
      return .failed(Failure(reason, for: receipt.entry.kind))
    }
    let exception = (try? await store.exceptions([id]))?[id]
    await talk(.countExceptions)
    if let exception { return .resolved(exception) }
    let entry = receipt.entry
    guard entry.id == id, receipt.state == .posted else { return .receipt(receipt) }
    // It was held here alone, and is no exception in the books.
    let settlement = Settlement(
      resolution: resolution, by: configuration.operatorName, note: note, at: receipt.at)
    return ExceptionRecord(
      entry, as: id, .posted, openedAt: entry.capturedAt, settlement: settlement,
      held: HeldFacts(released: receipt.released)
    ).map { .resolved($0) } ?? .receipt(receipt)
  }

  private func assign(
    _ id: EntryID, to owner: String, _ ticket: Ticket
  ) async throws(StoreFault) {
    let isDone = try await askedTwice { () async throws(StoreFault) in
      try await self.store.assignException(id, to: owner)
    }
    guard let exception = try await store.exceptions([id])[id] else {
      return step(.operated(ticket, .failed(Failure(.noSuchException)), nil))
    }
    step(
      .operated(
        ticket, isDone ? .resolved(exception) : .failed(Failure(.alreadySettled)), nil))
  }

  /// Of a refusal the customer is told; anything else is settled in another way.
  private func tell(_ id: EntryID, _ note: String, _ ticket: Ticket) async throws(StoreFault) {
    if let exception = try await store.exceptions([id])[id], exception.outcome.isBooked {
      return step(.operated(ticket, .failed(Failure(.notRefused)), nil))
    }
    try await resolve(id, .refuse, note, ticket)
  }
}

import BankCore
import ManualLedger

/// What operations ask of their desk, each time anew: it goes on meanwhile.
protocol OperatingDesk: Sendable {
  func operationFacts() async -> OperationFacts
  /// What the open part of the ledger holds in memory.
  func openEntries() async -> Set<EntryID>
  /// What the bank would be sent to settle an exception so; nil while the desk is not open.
  func batchToSettle(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ debit: AccountNumber,
    _ credit: AccountNumber
  ) async -> PostingBatch?
  /// Waits until everything is on the disk that was to be written so far.
  func written() async
  func refreshSnapshot(_ accounts: Set<AccountNumber>?) async
  func day(of instant: Instant) async -> BusinessDay
}

/// How a desk stands at one moment.
struct OperationFacts: Sendable {
  let moment: Moment
  let isLive: Bool
  /// Why the bank cannot be used; nil while it can.
  let cause: Cause?
  /// Nil before the terminal has met any bank.
  let expectedBank: Identifier?
  /// The highest epoch that this terminal has seen of its bank.
  let epochSeen: Int64
  let acknowledgement: Acknowledgement?
  /// Why nothing can be written; nil where it can.
  let objectionToWriting: Failure?
  /// How many entries wait at this till, and how many were written and never told.
  let waiting: Int
}

/// Carries out what takes several turns with the bank, and says what has happened. What is decided in
/// it is decided by values of their own.
struct Operations: Sendable {
  let configuration: DeskConfiguration
  let store: any Store
  let ledger: any LedgerPort
  let clock: any DeskClock
  let changer: AccountChanger
  let healer: Healer
  let desk: any OperatingDesk

  func carryOut(_ operation: Operation, _ ticket: Ticket) async -> Event {
    do throws(StoreFault) {
      switch operation {
      case .resolve(let id, let resolution, let note):
        return try await resolve(wish(id, resolution), note, ticket)
      case .foretell(let id, let resolution):
        return try await foretell(wish(id, resolution), ticket)
      case .assign(let id, let owner):
        return .operated(ticket, try await assign(id, to: owner), nil)
      case .tell(let id, let note):
        let exception = try await store.exceptions([id])[id]
        if let no = SettlementWish.objection(toTellingOf: exception) { return .no(ticket, no) }
        return try await resolve(wish(id, .refuse), note, ticket)
      case .openAccount(let draft):
        return .operated(ticket, try await change(.open(draft)), nil)
      case .changeStatus(let number, let status):
        return .operated(ticket, try await change(.status(number, status)), nil)
      case .closePeriod(let day):
        return .operated(ticket, try await closePeriod(through: day), nil)
      case .adopt(let adoption, let note, let planOnly):
        return await adopt(adoption, note: note, planOnly: planOnly, ticket)
      case .heal(let planOnly):
        let facts = await healingFacts()
        switch try await healer.begin(planOnly: planOnly, ticket, facts, in: store) {
        case .answered(let reply): return .operated(ticket, reply, nil)
        case .begins(let acknowledgement): return .healingBegins(ticket, acknowledgement)
        }
      }
    } catch {
      return .operated(ticket, .failed(Failure(fault: error, of: operation)), error)
    }
  }

  // MARK: Exceptions

  private func wish(_ id: EntryID, _ resolution: Resolution) -> SettlementWish {
    SettlementWish(id: id, resolution: resolution, operatorName: configuration.operatorName)
  }

  private func resolve(
    _ wish: SettlementWish, _ note: String, _ ticket: Ticket
  ) async throws(StoreFault) -> Event {
    guard let exception = try await store.exceptions([wish.id])[wish.id] else {
      return .no(ticket, Failure(.noSuchException))
    }
    if let answer = wish.answer(to: exception) { return .operated(ticket, answer, nil) }
    let move = wish.move(exception, try await store.transactions(wish.transactions))
    return .settling(ticket, exception, wish.resolution, note, move)
  }

  /// Goes the way of `resolve` as far as it can be gone without settling anything.
  private func foretell(
    _ wish: SettlementWish, _ ticket: Ticket
  ) async throws(StoreFault) -> Event {
    guard let exception = try await store.exceptions([wish.id])[wish.id] else {
      return .no(ticket, Failure(.noSuchException))
    }
    guard exception.settlement == nil else { return .no(ticket, Failure(.alreadySettled)) }
    switch wish.move(exception, try await store.transactions(wish.transactions)) {
    case .impossible(let reason): return .no(ticket, Failure(reason, for: exception.kind))
    case .nothingMoves: return .operated(ticket, .done, nil)
    case .move(let debit, let credit):
      let batch = await desk.batchToSettle(exception, wish.resolution, debit, credit)
      guard let batch else { return .operated(ticket, .done, nil) }
      return await foretell(ticket, batch)
    }
  }

  /// Asks the bank's rules what they would say, by the same rules that decide in the end.
  func foretell(_ ticket: Ticket, _ batch: PostingBatch) async -> Event {
    do throws(StoreFault) {
      let verdict = try await store.plan(batch).first?.verdict
      guard case .decided(.refused(let reason), _)? = verdict else {
        return .operated(ticket, .done, nil)
      }
      return .no(ticket, Failure(reason, for: batch.submissions.first?.entry.kind ?? .settlement))
    } catch {
      return .operated(ticket, .failed(Failure(fault: error)), error)
    }
  }

  /// Counted as a transaction of this terminal: a database that has forgotten it is noticed.
  func settle(_ record: SettledRecord) async throws(StoreFault) -> SettlementAnswer {
    let receipt = try await store.post(
      PostingBatch(
        terminal: configuration.terminal.id, submissions: [],
        today: await desk.operationFacts().moment.bookingDay,
        decidedAt: clock.now(),
        settlements: [
          SettlementRequest(
            exception: record.exception, settlement: record.settlement, through: nil)
        ]))
    return SettlementAnswer(
      exception: try await store.exceptions([record.exception])[record.exception],
      acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch))
  }

  private func assign(_ id: EntryID, to owner: String) async throws(StoreFault) -> Reply {
    let isDone = try await askedTwice { () async throws(StoreFault) in
      try await store.assignException(id, to: owner)
    }
    guard let exception = try await store.exceptions([id])[id] else {
      return .failed(Failure(.noSuchException))
    }
    return isDone ? .resolved(exception) : .failed(Failure(.alreadySettled))
  }

  // MARK: Accounts and periods

  private func change(
    _ action: AccountInstruction.Action
  ) async throws(StoreFault) -> Reply {
    switch try await changer.change(action, in: store) {
    case .refused(let reason): return .failed(Failure(reason))
    case .done(let account):
      await desk.refreshSnapshot([account.number])
      return .account(AccountView(account: account, provenance: .live(clock.now())))
    }
  }

  private func closePeriod(through day: BusinessDay) async throws(StoreFault) -> Reply {
    let greeting = try await store.greet(configuration.terminal.id, fresh: false)
    var atBank: BusinessDay?
    if case .clock(let now) = greeting.time { atBank = await desk.day(of: now) }
    let end = PeriodEnd(
      day, greeting, here: await desk.operationFacts().moment.today, atBank: atBank)
    if let closed = end.closedAlready { return .periodClosed(through: closed) }
    if let no = end.objection { return .failed(no) }
    var waiting: [String: Int] = [:]
    if let bank = await desk.operationFacts().expectedBank {
      waiting = await ledger.otherTills(of: bank).waitingCounts
    }
    waiting[configuration.terminal.name.text] = await desk.operationFacts().waiting
    if let no = PeriodEnd.objection(whileWaiting: waiting) { return .failed(no) }
    try await askedTwice { () async throws(StoreFault) in
      try await store.closePeriod(through: day)
    }
    return .periodClosed(through: day)
  }

  // MARK: Healing

  private func healingFacts() async -> HealingFacts {
    let facts = await desk.operationFacts()
    return HealingFacts(
      terminal: configuration.terminal, cause: facts.cause, expectedBank: facts.expectedBank,
      epochSeen: facts.epochSeen, acknowledgement: facts.acknowledgement,
      open: await desk.openEntries(), isCommand: configuration.isCommand,
      bookingDay: facts.moment.bookingDay, now: facts.moment.now)
  }

  /// The line that a healing begins is durable.
  ///
  /// - Returns: nil where nothing was to be given back.
  func giveBack(_ ticket: Ticket) async -> Event? {
    do throws(StoreFault) {
      guard
        let (report, lines) = try await healer.giveBack(ticket, await healingFacts(), in: store)
      else { return nil }
      return .gaveBack(ticket, report, lines)
    } catch {
      return .operated(ticket, .failed(Failure(fault: error, of: .heal(planOnly: false))), error)
    }
  }

  /// What was given back is on record here.
  func raiseEpoch(_ ticket: Ticket, _ report: HealingReport) async -> [Event] {
    do throws(StoreFault) {
      let (report, bank) = try await healer.raiseEpoch(report, await healingFacts(), in: store)
      return [.operated(ticket, .healed(report), nil), .healed(bank)]
    } catch {
      return [.operated(ticket, .failed(Failure(fault: error, of: .heal(planOnly: false))), error)]
    }
  }

  // MARK: An old copy

  private func adopt(
    _ adoption: Adoption, note: String, planOnly: Bool, _ ticket: Ticket
  ) async -> Event {
    let facts = await desk.operationFacts()
    let objection = AdoptionPlan.objection(
      to: adoption, at: configuration.terminal, cause: facts.cause,
      expectedBank: facts.expectedBank)
    if let objection { return .no(ticket, objection) }
    await desk.written()
    let state: LedgerState
    do throws(Failure) { state = try await ledger.history() } catch { return .no(ticket, error) }
    let inBank = await known(AdoptionPlan.acknowledged(in: adoption))
    let plan = AdoptionPlan(adoption, besides: state, inBank: inBank) { clock.mint() }
    guard planOnly else {
      return .adopting(ticket, plan.taken, unasked: plan.unasked, note: note)
    }
    if let no = await desk.operationFacts().objectionToWriting { return .no(ticket, no) }
    return .operated(ticket, .adopted(plan.report), nil)
  }

  /// What the bank knows of these entries; nil where it is away and cannot say.
  private func known(_ ids: [EntryID]) async -> [EntryID: InboxRow]? {
    guard await desk.operationFacts().isLive else { return nil }
    var known: [EntryID: InboxRow] = [:]
    for chunk in ids.chunks(of: 1_000) {
      guard let found = try? await store.inbox(chunk) else { return nil }
      known.merge(found) { $1 }
    }
    return known
  }
}

extension Event {
  /// An operation has ended with a no.
  fileprivate static func no(_ ticket: Ticket, _ failure: Failure) -> Event {
    .operated(ticket, .failed(failure), nil)
  }
}

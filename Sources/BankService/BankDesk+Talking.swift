import BankCore
import Logging
import ManualLedger

/// The conversations with the store and the snapshot, each ending in one event.
extension BankDesk {
  func talk(_ effect: Effect) async {
    switch effect {
    case .post(let batch):
      let result = await outcome { () async throws(StoreFault) in try await self.store.post(batch) }
      step(.posted(result))
    case .plan(let ticket, let batch):
      await plan(ticket, batch)
    case .foretell(let ticket, let batch):
      step(await operations.foretell(ticket, batch))
    case .greet(let isFresh, let last, let number):
      await greet(isFresh: isFresh, last: last, number)
    case .enrol(let greeting):
      step(.enrolled(await enrol(greeting)))
    case .read(let ticket, let question, let source):
      let result = await outcome { () async throws(StoreFault) in
        try await self.read(question, source)
      }
      let elsewhere = await elsewhere(result, source)
      step(.answered(ticket, question, source, result, elsewhere: elsewhere))
    case .lookUp(let id, let numbers):
      await lookUp(id, numbers)
    case .findTarget(let ticket, let draft, let id, let row):
      let result = await outcome { () async throws(StoreFault) in
        try await self.store.transaction(id)
      }
      step(
        .targetFound(
          ticket, draft, result, knownAs: row, wasToldUnknown: await wasToldUnknown(draft.reverses))
      )
    case .searchLedgers(let ticket, let draft, let id):
      let result: Result<LedgerEntry?, Failure>
      do throws(Failure) { result = .success(try await ledger.find(id)) } catch {
        result = .failure(error)
      }
      step(.ledgersSearched(ticket, draft, id, result))
    case .checkID(let ticket, let draft, let id):
      let result = await outcome { () async throws(StoreFault) in
        try await self.store.inbox([id])[id]
      }
      step(.idChecked(ticket, draft, result))
    case .operate(let ticket, let operation):
      step(await operations.carryOut(operation, ticket))
    case .settle(let ticket, let record):
      let operations = operations
      let result = await outcome { () async throws(StoreFault) in
        try await operations.settle(record)
      }
      step(.settled(ticket, record, result))
    case .giveBack(let ticket):
      if let event = await operations.giveBack(ticket) { step(event) }
    case .raiseEpoch(let ticket, let report):
      for event in await operations.raiseEpoch(ticket, report) { step(event) }
    case .refreshSnapshot(let accounts):
      await refreshSnapshot(accounts)
    case .countExceptions:
      if let count = try? await store.countOpenExceptions() { step(.exceptionsCounted(count)) }
      await learnSettlements()
    case .lookAround:
      guard let bank = machine?.link.expectedBank else { return }
      step(.lookedAround(notice: await ledger.otherTills(of: bank).notice))
    case .reply, .append, .setTimer, .rotateLedger, .runEnded, .examine, .disconnect:
      break
    }
  }

  func outcome<Value: Sendable>(
    _ work: () async throws(StoreFault) -> Value
  ) async -> Result<Value, StoreFault> {
    do throws(StoreFault) { return .success(try await work()) } catch { return .failure(error) }
  }

  private func greet(isFresh: Bool, last: EntryID?, _ number: Int) async {
    var knowsLast = true
    let asked = store
    let result = await outcome { () async throws(StoreFault) in
      let greeting = try await asked.greet(
        self.configuration.terminal.id, fresh: isFresh,
        recognized: { greeting in Task { await self.recognize(greeting, of: asked, number) } })
      let care = GreetingCare(
        isFresh: isFresh, isStarting: self.machine?.link.isStarting == true,
        expectedBank: self.machine?.link.expectedBank, asksForName: self.configuration.asksForName)
      if care.needsFreeName(greeting) { try await self.expectFreeName(asked) }
      if let last, care.asksForLast { knowsLast = try await asked.inbox([last])[last] != nil }
      return greeting
    }
    // The desk has turned to another store meanwhile: whether that one is right is not known yet.
    guard asked === store else { return await greet(isFresh: true, last: last, number) }
    step(.greeted(result, isFresh: isFresh, knowsLast: knowsLast, number: number))
  }

  private func recognize(_ greeting: Greeting, of asked: any Store, _ number: Int) {
    guard asked === store else { return }
    step(.recognized(greeting, number: number))
  }

  /// - Throws: `StoreFault` with `.terminalCloned` when the bank knows the name from another terminal.
  private func expectFreeName(_ asked: any Store) async throws(StoreFault) {
    let name = configuration.terminal.name
    guard try await asked.terminals().contains(where: { $0.name == name.text }) else { return }
    throw StoreFault(.terminalCloned, "the name \(name) belongs to another terminal")
  }

  private func enrol(_ greeting: Greeting) async -> Result<Enrolment, Failure> {
    do throws(StoreFault) {
      if greeting.terminal == nil {
        try await store.enrol(configuration.terminal, at: clock.now())
      }
    } catch {
      return .failure(
        Failure(
          .fault, code: error.cause.description, text: error.text,
          fix: "Start this terminal under another name (--terminal)."))
    }
    do throws(Failure) {
      guard machine?.health.hasLedger == false else {
        return .success(Enrolment(bank: greeting.bank, ledger: nil))
      }
      let state = try await ledger.begin(greeting.bank, configuration.terminal)
      return .success(Enrolment(bank: greeting.bank, ledger: state))
    } catch {
      return .failure(error)
    }
  }

  private func plan(_ ticket: Ticket, _ batch: PostingBatch) async {
    var silent: [String] = []
    // Of a rehearsal the other tills know nothing, and with nothing waiting nobody asks for them.
    let outage = batch.submissions.isEmpty ? nil : machine?.backlog.ledger.outages.last
    let since = outage.flatMap { $0.cause == .held || $0.cause == .drill ? nil : $0.beganAt }
    let books = books
    let result = await outcome { () async throws(StoreFault) -> [Decision] in
      if let since {
        silent = try await books.silentTerminals(
          since: since, besides: self.configuration.terminal.id)
      }
      return batch.submissions.isEmpty ? [] : try await self.store.plan(batch)
    }
    step(.planned(ticket, result, silentTerminals: silent))
  }

  /// What was settled at another terminal is settled in this one's totals and reports too.
  private func learnSettlements() async {
    guard !configuration.isReading else { return }
    var learned: [EntryID: Settlement] = [:]
    for chunk in (machine?.backlog.ledger.openExceptions ?? []).chunks(of: 1_000) {
      guard let records = try? await store.exceptions(chunk) else { return }
      learned.merge(records.compactMapValues(\.settlement)) { $1 }
    }
    if !learned.isEmpty { step(.settlementsLearned(learned)) }
  }
}

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
      await foretell(ticket, batch)
    case .greet(let isFresh, let last):
      await greet(isFresh: isFresh, last: last)
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
      await operate(ticket, operation)
    case .settle(let ticket, let record):
      let result = await outcome { () async throws(StoreFault) in try await self.settle(record) }
      step(.settled(ticket, record, result))
    case .giveBack(let ticket):
      await giveBack(ticket)
    case .raiseEpoch(let ticket, let report):
      await raiseEpoch(ticket, report)
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

  private func greet(isFresh: Bool, last: EntryID?) async {
    var knowsLast = true
    let asked = store
    let result = await outcome { () async throws(StoreFault) in
      let greeting = try await asked.greet(self.configuration.terminal.id, fresh: isFresh)
      // In another bank the name may well belong to somebody else: that it is another one is said.
      let isRight = self.machine?.link.expectedBank.map { $0 == greeting.bank.id } ?? true
      if greeting.terminal == nil, isRight, self.configuration.asksForName {
        try await self.expectFreeName(asked)
      }
      // Only a fresh look asks for the last acknowledged row: between two probes of one session
      // the counter tells enough.
      if let last, isFresh || self.machine?.link.isStarting == true {
        knowsLast = try await asked.inbox([last])[last] != nil
      }
      return greeting
    }
    // The desk has turned to another store meanwhile: whether that one is right is not known yet.
    guard asked === store else { return await greet(isFresh: true, last: last) }
    step(.greeted(result, isFresh: isFresh, knowsLast: knowsLast))
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
          .fault, code: error.cause.code, text: error.text,
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
    let result = await outcome { () async throws(StoreFault) -> [Decision] in
      if let since { silent = try await self.silentTerminals(since: since) }
      return batch.submissions.isEmpty ? [] : try await self.store.plan(batch)
    }
    step(.planned(ticket, result, silentTerminals: silent))
  }

  /// Terminals of which nothing was captured since the outage began. One that was enrolled only later
  /// was not away.
  private func silentTerminals(since: Instant) async throws(StoreFault) -> [String] {
    var silent: [String] = []
    for terminal in try await store.terminals() where terminal.id != configuration.terminal.id {
      guard terminal.enrolledAt < since else { continue }
      let newest = try await store.journal(JournalQuery(terminal: terminal.name, limit: 1))
      let last = newest.lines.last?.transaction.entry.capturedAt
      if last.map({ $0 < since }) ?? true { silent.append(terminal.name) }
    }
    return silent.sorted()
  }

  // MARK: Reads

  private func read(
    _ question: BookQuestion, _ source: ReadSource
  ) async throws(StoreFault) -> ReadAnswer {
    let reader: any BookReader = source == .live ? store : snapshot
    let asOf = try await asOf(source)
    switch question {
    case .account(let number):
      return .account(try await reader.account(number), asOf: asOf)
    case .accounts(let query):
      return .accounts(try await reader.accounts(query), asOf: asOf)
    case .count(let filter):
      return .count(try await reader.countAccounts(filter, cap: 1_000))
    case .statement(let query):
      let account = try await reader.account(query.account)
      return .statement(account, try await reader.statement(query), asOf: asOf)
    case .journal(let query):
      return .journal(try await store.journal(query), asOf: asOf)
    case .review(let draft):
      return try await reviewAnswer(draft, reader, source, asOf)
    case .exceptions(let query):
      return .exceptions(try await worklist(query))
    }
  }

  /// The open exceptions, however many they are, and how many are left out.
  private func worklist(_ query: ExceptionQuery) async throws(StoreFault) -> ExceptionPage {
    let most = query.limit ?? .max
    var page = ExceptionPage([])
    var after = query.after
    while page.records.count < most {
      let part = try await store.exceptions(
        includingSettled: false, after: after, limit: min(1_000, most - page.records.count))
      page.records += part
      guard let last = part.last else { return page }
      after = last.entry
    }
    // Behind a part that ends early there is nothing; else it is counted.
    let open = try await store.countOpenExceptions()
    let more = try await store.exceptions(includingSettled: false, after: after, limit: 1)
    let isLast = more.isEmpty
    page.leftOut = isLast ? 0 : max(1, open - page.records.count)
    return page
  }

  private func asOf(_ source: ReadSource) async throws(StoreFault) -> Instant {
    if source == .live { return clock.now() }
    guard let standing = try await snapshot.standing() else {
      throw StoreFault(.readProbe, "There is no local snapshot yet.")
    }
    return standing.asOf
  }

  private func reviewAnswer(
    _ draft: Draft, _ reader: any BookReader, _ source: ReadSource, _ asOf: Instant
  ) async throws(StoreFault) -> ReadAnswer {
    var numbers = [draft.account, draft.counterAccount].compactMap { $0 }
    var target: ReversalTarget?
    if let reverses = draft.reverses {
      // Only the bank knows what became of it, and whether somebody has reversed it already.
      if source == .live {
        target = try await store.transaction(machine?.backlog.bookedID(of: reverses) ?? reverses)
      }
      let original = machine?.backlog.ledger[reverses]?.entry ?? target?.transaction.entry
      numbers += original?.customerAccounts ?? []
    }
    return .review(
      draft, try await accounts(numbers, reader), target: target, asOf: asOf,
      wasToldUnknown: await wasToldUnknown(draft.reverses))
  }

  /// Whether the customer of an entry was told that nobody knows, as older segments say of one that is
  /// not at hand any more.
  private func wasToldUnknown(_ id: EntryID?) async -> Bool {
    guard let id, machine?.backlog.ledger.named(id) == nil,
      let known = try? await ledger.find(id)
    else { return false }
    return known.wasToldUnknown
  }

  func accounts(
    _ numbers: [AccountNumber], _ reader: any BookReader
  ) async throws(StoreFault) -> [AccountNumber: Account] {
    var found: [AccountNumber: Account] = [:]
    for number in numbers { found[number] = try await reader.account(number) }
    return found
  }

  private func lookUp(_ id: EntryID, _ numbers: [AccountNumber]) async {
    // A snapshot that cannot be read is as good as none: then only deposits are taken.
    let asOf = try? await snapshot.standing()?.asOf
    let others = await otherTills()
    let found = (try? await accounts(numbers, snapshot)) ?? [:]
    var elsewhere = await unseen(others, on: Array(found.keys), snapshot, asOf: asOf ?? clock.now())
    elsewhere.shownHere = await shownHere(on: Array(found.values), snapshot, .snapshot)
    step(.lookedUp(id, asOf == nil ? [:] : found, snapshotAsOf: asOf, elsewhere: elsewhere))
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

  // MARK: What an account shows

  /// Nil where nothing but the source itself counts: while the bank knows all, nobody waits for a
  /// look at the other tills.
  private func elsewhere(
    _ result: Result<ReadAnswer, StoreFault>, _ source: ReadSource
  ) async -> Elsewhere? {
    guard case .success(let answer) = result, let asOf = answer.asOf else { return nil }
    let reader: any BookReader = source == .live ? store : snapshot
    let shown = await shownHere(on: answer.accounts, reader, source)
    guard machine?.mode != .online else {
      return shown.isEmpty ? nil : Elsewhere(shownHere: shown)
    }
    var elsewhere = await unseen(
      await otherTills(), on: answer.accounts.map(\.number), reader, asOf: asOf)
    elsewhere.shownHere = shown
    return elsewhere
  }

  /// Which of this terminal's doubtful entries the accounts have already. An account and its lines are
  /// two questions: a line that is newer than the account is not in its balance.
  private func shownHere(
    on accounts: [Account], _ reader: any BookReader, _ source: ReadSource
  ) async -> [AccountNumber: Set<EntryID>] {
    var shown: [AccountNumber: Set<EntryID>] = [:]
    for account in accounts {
      let doubtful = machine?.backlog.doubtful(on: account.number, source) ?? []
      guard !doubtful.isEmpty,
        let page = try? await reader.statement(StatementQuery(account: account.number, limit: 50))
      else { continue }
      let (old, new) = page.lines.partitioned { $0.sequence <= account.lastSequence }
      var ids = Set(old.map(\.entry))
      if source == .live, page.hasMore {
        // Booked so long ago that its line is not on the page.
        let asked = doubtful.flatMap(\.ids).filter { id in !new.contains { $0.entry == id } }
        let rows = (try? await store.inbox(asked)) ?? [:]
        ids.formUnion(rows.values.filter(\.outcome.isBooked).map(\.id))
      }
      shown[account.number] = machine?.backlog.shown(on: account.number, source, lines: ids) ?? []
    }
    return shown
  }

  private func otherTills() async -> OtherTills {
    guard let bank = machine?.link.expectedBank else { return OtherTills() }
    return await ledger.otherTills(of: bank)
  }

  /// What the other tills have taken and the reader does not show.
  private func unseen(
    _ others: OtherTills, on numbers: [AccountNumber], _ reader: any BookReader, asOf: Instant
  ) async -> Elsewhere {
    var elsewhere = Elsewhere(notice: others.notice)
    for number in numbers {
      var lines: Set<EntryID> = []
      if others.needsLines(of: number, asOf: asOf) {
        let page = try? await reader.statement(StatementQuery(account: number, limit: 50))
        lines = Set(page?.lines.map(\.entry) ?? [])
      }
      let entries = others.unseen(on: number, asOf: asOf, lines: lines)
      if !entries.isEmpty { elsewhere[number] = entries }
    }
    return elsewhere
  }
}

extension Array {
  fileprivate func partitioned(_ belongs: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(belongs), filter { !belongs($0) })
  }

  func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}

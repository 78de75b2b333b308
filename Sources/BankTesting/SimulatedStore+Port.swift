import BankCore
import BankService

/// The port itself: each call asks for admission and then works on the books.
extension SimulatedStore {
  public func greet(
    _ terminal: Identifier, fresh: Bool, recognized: @escaping @Sendable (Greeting) -> Void
  ) async throws(StoreFault) -> Greeting {
    let isWritable = if case .readOnly = weather { false } else { true }
    return try await perform(.greet) { books throws(StoreFault) in
      Greeting(
        bank: try books.identity(), isWritable: isWritable, terminal: books.terminals[terminal],
        closedThrough: books.closedThrough, roundTripMilliseconds: 0, time: books.time)
    }
  }

  public func createBank(
    _ draft: BankDraft
  ) async throws(StoreFault) -> (bank: BankIdentity, created: Bool) {
    try await perform(.createBank) { books in books.create(draft) }
  }

  public func enrol(_ terminal: TerminalIdentity, at now: Instant) async throws(StoreFault) {
    try await perform(.enrol) { books throws(StoreFault) in try books.enrol(terminal, at: now) }
  }

  public func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt {
    try await Bisecting { batch throws(StoreFault) in
      try await self.perform(.post, batch: batch) { books throws(StoreFault) in
        try books.post(batch)
      }
    }.post(batch)
  }

  public func plan(_ batch: PostingBatch) async throws(StoreFault) -> [Decision] {
    try await perform(.plan) { books in
      PostingRules.decide(batch, given: books.facts(batch)).decisions
    }
  }

  public func inbox(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: InboxRow] {
    try await perform(.inbox) { books in
      var known: [EntryID: InboxRow] = [:]
      for id in ids { known[id] = books.inbox[id] }
      return known
    }
  }

  // MARK: Accounts

  public func change(
    _ instruction: AccountInstruction
  ) async throws(StoreFault) -> AccountChange {
    try await perform(.change) { books throws(StoreFault) in
      _ = try books.identity()
      return books.carryOut(instruction)
    }
  }

  public func change(
    _ instructions: [AccountInstruction]
  ) async throws(StoreFault) -> [AccountChange] {
    try await perform(.change) { books throws(StoreFault) in
      _ = try books.identity()
      return instructions.map { books.carryOut($0) }
    }
  }

  // MARK: Reading

  public func account(_ number: AccountNumber) async throws(StoreFault) -> Account? {
    try await perform(.read) { books in books.account(number) }
  }

  public func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage {
    try await perform(.read) { books in books.accounts(query) }
  }

  public func countAccounts(_ filter: String, cap: Int) async throws(StoreFault) -> CappedCount {
    try await perform(.read) { books in books.count(filter, cap: cap) }
  }

  public func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage {
    try await perform(.read) { books in books.statement(query) }
  }

  public func transactions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ReversalTarget] {
    try await perform(.read) { books in
      var found: [EntryID: ReversalTarget] = [:]
      for id in ids { found[id] = books.target(id) }
      return found
    }
  }

  public func journal(_ query: JournalQuery) async throws(StoreFault) -> JournalPage {
    try await perform(.read) { books in books.journal(query) }
  }

  public func exceptions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ExceptionRecord] {
    try await perform(.read) { books in
      var found: [EntryID: ExceptionRecord] = [:]
      for id in ids { found[id] = books.exceptions[id] ?? books.exceptionSettledAhead(id) }
      return found
    }
  }

  public func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) async throws(StoreFault) -> [ExceptionRecord] {
    try await perform(.read) { books in
      books.exceptions(includingSettled: includingSettled, after: after, limit: limit)
    }
  }

  public func countOpenExceptions() async throws(StoreFault) -> Int {
    try await perform(.read) { books in
      books.exceptions(includingSettled: false, after: nil, limit: .max).count
    }
  }

  public func assignException(
    _ id: EntryID, to owner: String
  ) async throws(StoreFault) -> Bool {
    try await perform(.change) { books in
      guard books.exceptions[id]?.settlement == nil else { return false }
      books.exceptions[id]?.owner = owner
      return books.exceptions[id] != nil
    }
  }

  public func terminals() async throws(StoreFault) -> [TerminalRecord] {
    try await perform(.read) { books in books.terminals.values.sorted { $0.name < $1.name } }
  }

  // MARK: Periods, healing, snapshots

  public func closePeriod(through day: BusinessDay) async throws(StoreFault) {
    try await perform(.change) { books in
      books.closedThrough = max(books.closedThrough ?? day, day)
    }
  }

  public func raiseEpoch(
    terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) async throws(StoreFault) -> BankIdentity {
    try await perform(.heal) { books throws(StoreFault) in
      try books.raiseEpoch(terminal, counterAtLeast: counter, epochAbove: epoch)
    }
  }

  public func changes(
    since mark: SnapshotMark?, terminal: Identifier,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark {
    let copy = try await perform(.snapshot) { books throws(StoreFault) in
      try books.changes(since: mark, terminal: terminal)
    }
    for part in copy.parts { try await deliver(part) }
    return copy.mark
  }

  public func snapshotPart(_ numbers: [AccountNumber]) async throws(StoreFault) -> SnapshotPart {
    try await perform(.snapshot) { books in books.part(numbers) }
  }

  public func bucketSums() async throws(StoreFault) -> [BucketSum] {
    try await perform(.snapshot) { books in books.bucketSums() }
  }

  public func disconnect() async {}
}

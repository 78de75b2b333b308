import BankCore
import BankService

// Reads. They never wait for an entry's lock; what is shown is what was committed.
extension PostgresStore {
  public func account(_ number: AccountNumber) async throws(StoreFault) -> Account? {
    try await run(.reading()) { connection throws(StoreFault) in
      try AccountReading(connection: connection).account(number)
    }
  }

  public func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage {
    try await run(.reading()) { connection throws(StoreFault) in
      try AccountSearch(WordIndex(connection: connection)).page(query)
    }
  }

  public func countAccounts(
    _ filter: String, cap: Int
  ) async throws(StoreFault) -> CappedCount {
    // All accounts of a large bank take their time; nobody waits for the figure.
    try await run(.reading(milliseconds: 10_000)) { connection throws(StoreFault) in
      try AccountSearch(WordIndex(connection: connection)).count(filter, cap: cap)
    }
  }

  public func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage {
    try await run(.reading()) { connection throws(StoreFault) in
      try AccountReading(connection: connection).statement(query)
    }
  }

  public func transactions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ReversalTarget] {
    try await run(.reading(milliseconds: 2_000 + ids.count)) { connection throws(StoreFault) in
      let found = try FactReading.targets(connection.run(FactReading.targetCall(ids)))
      return Dictionary(found.map { ($0.transaction.entry.id, $0) }) { first, _ in first }
    }
  }

  public func journal(_ query: JournalQuery) async throws(StoreFault) -> JournalPage {
    try await run(.reading()) { connection throws(StoreFault) in
      try JournalReading(connection: connection).page(query)
    }
  }

  public func exceptions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ExceptionRecord] {
    try await run(.reading(milliseconds: 2_000 + ids.count)) { connection throws(StoreFault) in
      try JournalReading(connection: connection).exceptions(ids)
    }
  }

  public func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) async throws(StoreFault) -> [ExceptionRecord] {
    try await run(.reading()) { connection throws(StoreFault) in
      try JournalReading(connection: connection)
        .exceptions(includingSettled: includingSettled, after: after, limit: limit)
    }
  }

  public func countOpenExceptions() async throws(StoreFault) -> Int {
    try await run(.reading()) { connection throws(StoreFault) in
      try JournalReading(connection: connection).countOpenExceptions()
    }
  }

  // MARK: Snapshots

  public func changes(
    since mark: SnapshotMark?, terminal: Identifier,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark {
    try await changes(since: mark, terminal: terminal, mendsSequence: true, deliver: deliver)
  }

  private func changes(
    since mark: SnapshotMark?, terminal: Identifier, mendsSequence: Bool,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark {
    let lease = try await lease(.reading(milliseconds: 5_000))
    do throws(StoreFault) {
      let start = try await lease.run(.reading(milliseconds: 5_000)) {
        connection throws(StoreFault) in
        try SnapshotReading(connection: connection).begin(since: mark, terminal: terminal)
      }
      if start.isSequenceBehind, mendsSequence, await mendSequence() {
        await lease.end()
        // What was changed under numbers that come too early is in a copy of everything alone.
        return try await changes(
          since: nil, terminal: terminal, mendsSequence: false, deliver: deliver)
      }
      var cursor: SnapshotReading.Cursor? = start.cursor
      while let place = cursor {
        let page = try await lease.run(.reading(milliseconds: 5_000)) {
          connection throws(StoreFault) in
          try SnapshotReading(connection: connection).page(after: place)
        }
        if !page.part.items.isEmpty { try await deliver(page.part) }
        cursor = page.next
      }
      await lease.end()
      return start.mark
    } catch {
      await lease.end()
      throw error.traced
    }
  }

  /// - Returns: false where this role may not: each copy is then one of everything.
  private func mendSequence() async -> Bool {
    do throws(StoreFault) {
      try await run(.writing(milliseconds: 5_000)) { connection throws(StoreFault) in
        do throws(StoreFault) { _ = try connection.run(SnapshotReading.mendsSequence) } catch {
          connection.rollBack()
          throw error
        }
      }
      return true
    } catch {
      return false
    }
  }

  public func snapshotPart(_ numbers: [AccountNumber]) async throws(StoreFault) -> SnapshotPart {
    try await run(.reading(milliseconds: 2_000 + numbers.count)) { connection throws(StoreFault) in
      try SnapshotReading(connection: connection).part(numbers)
    }
  }

  public func bucketSums() async throws(StoreFault) -> [BucketSum] {
    try await run(.reading(milliseconds: 10_000)) { connection throws(StoreFault) in
      try SnapshotReading(connection: connection).bucketSums()
    }
  }
}

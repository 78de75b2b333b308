import BankCore
import BankService
import BankTesting
import PostgresStore
import Synchronization
import Testing

@Suite("A bank whose numbers of changes went back", .timeLimit(.minutes(3)))
struct PostgresSequenceTests {
  private func copied(
    _ branch: PostgresBranch, _ store: PostgresStore, since mark: SnapshotMark?
  ) async throws -> (numbers: [String], mark: SnapshotMark) {
    let found = Mutex<[String]>([])
    let reached = try await store.changes(since: mark, terminal: branch.make.terminal.id) { part in
      found.withLock { $0 += part.items.map(\.account.number.text) }
    }
    return (found.withLock(\.self).sorted(), reached)
  }

  /// Logical replication brings the rows and no sequences (PostgreSQL, "31.6. Restrictions").
  @Test("Nothing is missed: all is copied once, and only changes after that")
  func replica() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let store = branch.store()
      let bank = OpenBank(store: store, make: branch.make)
      try await bank.account("1002")
      for _ in 0..<5 { _ = try await store.post(branch.deposit("1.00")) }
      let before = try await copied(branch, store, since: nil)

      _ = try await branch.psql("ALTER SEQUENCE daybook.change_number RESTART")
      _ = try await store.post(branch.deposit("5.00"))
      let all = try await copied(branch, store, since: before.mark)
      #expect(all.numbers == ["1001", "1002"])
      #expect(try await copied(branch, store, since: all.mark).numbers.isEmpty)
      _ = try await store.post(branch.deposit("7.00"))
      #expect(try await copied(branch, store, since: all.mark).numbers == ["1001"])
      await store.disconnect()
    }
  }
}

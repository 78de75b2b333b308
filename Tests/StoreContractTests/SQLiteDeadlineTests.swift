import BankCore
import BankService
import BankTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import SQLiteStore

@Suite("Deadlines of the embedded bank")
struct SQLiteDeadlineTests {
  @Test("Work that hangs is given up at its deadline, and the next call is answered")
  func hanging() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let gate = DispatchSemaphore(value: 0)
    let ended = AsyncStream.makeStream(of: Void.self)
    let fault = await #expect(throws: StoreFault.self) {
      try await store.file.run(.readProbe, seconds: 0.05) { _ in
        // A disk that does not come back.
        gate.wait()
        ended.continuation.yield()
      }
    }
    #expect(fault?.missedDeadline == true)
    #expect(fault?.cause == .readProbe)
    #expect(try await store.account(make.number("1001"))?.balance == make.money("100.00"))

    // The hung work ends late and hurts nobody.
    gate.signal()
    for await _ in ended.stream { break }
    #expect(try await store.account(make.number("1001"))?.balance == make.money("100.00"))
    await store.disconnect()
  }

  @Test("A long statement is interrupted at its deadline")
  func interrupted() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let ended = AsyncStream.makeStream(of: Bool.self)
    await #expect(throws: StoreFault.self) {
      try await store.file.run(.readProbe, seconds: 0.05) { database in
        do {
          try database.execute(
            sql: """
              WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count)
              SELECT sum(n) FROM count
              """)
          ended.continuation.yield(false)
        } catch let error as DatabaseError {
          ended.continuation.yield(error.resultCode == .SQLITE_INTERRUPT)
        }
      }
    }
    for await wasInterrupted in ended.stream {
      #expect(wasInterrupted)
      break
    }
    await store.disconnect()
  }

  @Test("A copy that is taken while entries are posted is what the books are at its end")
  func copyingDuringWork() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let branch = OpenBank(store: store, make: make)
    let numbers = try await branch.accounts((0..<1_500).map { "N\($0)" })
    let batches = [numbers[3], numbers[1_400], make.number("1001")].map {
      make.batch([make.request(make.deposit(to: $0, "7.00"))])
    }
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    let bank = make.identity
    let parts = Mutex(0)

    let mark = try await store.changes(since: nil, terminal: make.terminal.id) {
      part async throws(StoreFault) in
      try await snapshot.apply(part, of: bank)
      let count = parts.withLock { count in
        count += 1
        return count
      }
      if count == 1 { for batch in batches { _ = try await store.post(batch) } }
    }

    #expect(mark.counter == 4)
    let query = AccountQuery(limit: 2_000)
    #expect(try await snapshot.accounts(query) == store.accounts(query))
    #expect(try await snapshot.bucketSums() == store.bucketSums())
    let after = try await store.changes(since: mark, terminal: make.terminal.id) { _ in
      Issue.record("nothing has changed since")
    }
    #expect(after == mark)
    await snapshot.close()
    await store.disconnect()
  }
}

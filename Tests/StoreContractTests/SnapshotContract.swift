import BankCore
import BankService
import BankTesting
import Foundation
import SQLiteStore
import Synchronization
import Testing

/// Collects what a store delivers.
private final class Delivery: Sendable {
  private let parts = Mutex<[SnapshotPart]>([])

  func receive(_ part: SnapshotPart) { parts.withLock { $0.append(part) } }
  var all: [SnapshotPart] { parts.withLock { $0 } }
  var items: [SnapshotPart.Item] { all.flatMap(\.items) }
  var numbers: [String] { items.map(\.account.number.text).sorted() }
}

@Suite("What feeds a snapshot, over every store")
struct SnapshotContract {
  private func changes(
    _ branch: OpenBank, since mark: SnapshotMark? = nil
  ) async throws -> (delivery: Delivery, mark: SnapshotMark) {
    let delivery = Delivery()
    let mark = try await branch.store.changes(since: mark, terminal: branch.make.terminal.id) {
      delivery.receive($0)
    }
    return (delivery, mark)
  }

  @Test("First everything, then only what has changed", arguments: allStores())
  func incremental(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      try await branch.account("1002")
      try await branch.account("1003")

      let first = try await changes(branch)
      #expect(first.delivery.numbers == ["1001", "1002", "1003"])
      #expect(first.mark.counter == 1)
      #expect(first.mark.epoch == 1)

      try await branch.post(make.request(make.deposit(to: ana, "5.00")))
      _ = try await branch.change(make.number("1003"), to: .frozen)
      try await branch.account("1004")
      let second = try await changes(branch, since: first.mark)
      #expect(second.delivery.numbers == ["1001", "1003", "1004"])
      #expect(second.mark.counter == 2)

      let third = try await changes(branch, since: second.mark)
      #expect(third.delivery.items.isEmpty)
      #expect(third.mark == second.mark)
    }
  }

  @Test("A copy that is ahead of the books gets all of them anew", arguments: allStores())
  func ahead(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      try await branch.accounts(["1001", "1002"])
      let first = try await changes(branch)
      let ahead = SnapshotMark(
        epoch: first.mark.epoch, change: first.mark.change + 1_000, counter: first.mark.counter)
      let second = try await changes(branch, since: ahead)
      #expect(second.delivery.numbers == ["1001", "1002"] && second.mark == first.mark)
      #expect(try await changes(branch, since: second.mark).delivery.items.isEmpty)
    }
  }

  @Test("Of very many changes only the later ones come", arguments: allStores())
  func manyChanges(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let accounts = try await branch.accounts((0..<300).map { "M\(1_000 + $0)" })
      let before = try await changes(branch)
      #expect(before.delivery.items.count == 300)
      for number in accounts[..<70] {
        try await branch.post(make.request(make.deposit(to: number, "1.00")))
      }
      let middle = try await changes(branch, since: before.mark)
      #expect(middle.delivery.numbers == accounts[..<70].map(\.text))
      for number in accounts[60..<75] {
        try await branch.post(make.request(make.deposit(to: number, "1.00")))
      }
      let after = try await changes(branch, since: middle.mark)
      #expect(after.delivery.numbers == accounts[60..<75].map(\.text))
      #expect(try await changes(branch, since: after.mark).delivery.items.isEmpty)
      #expect(try await changes(branch).delivery.items.count == 300)
    }
  }

  @Test("An account comes with its newest 50 lines, oldest first", arguments: allStores())
  func lines(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposits = (1...53).map { _ in make.request(make.deposit(to: ana, "1.00")) }
      _ = try await branch.store.post(make.batch(deposits))

      let item = try #require(try await changes(branch).delivery.items.first)
      #expect(item.lines.map(\.sequence) == Array(4...53))
      #expect(item.lines.last?.balance == make.money("53.00"))
      #expect(item.account.balance == make.money("53.00"))

      let named = try await branch.store.snapshotPart([ana, make.number("404")])
      #expect(named.items == [item])
    }
  }

  @Test("More than a thousand accounts come in parts, each once", arguments: allStores())
  func parts(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      try await branch.accounts((1...1_203).map { "N\($0)" })
      let (delivery, _) = try await changes(branch)
      #expect(delivery.all.allSatisfy { $0.items.count <= 1_000 })
      #expect(delivery.all.count > 1)
      #expect(Set(delivery.numbers).count == 1_203)
    }
  }

  @Test("What follows a part is what changed after it", arguments: allStores())
  func goingOn(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let all = try await branch.accounts((1...1_203).map { "N\($0)" })
      let (delivery, mark) = try await changes(branch)
      let first = try #require(delivery.all.first)
      let reached = try #require(first.reached)
      let already = Set(first.items.map(\.account.number))
      try await branch.post(
        branch.make.request(branch.make.deposit(to: first.items[0].account.number, "1.00")))
      let rest = try await changes(
        branch, since: SnapshotMark(epoch: mark.epoch, change: reached, counter: 0))
      let followed = Set(rest.delivery.items.map(\.account.number))
      #expect(already.union(followed) == Set(all))
      #expect(followed.contains(first.items[0].account.number))
      #expect(rest.delivery.items.count < 1_100)
    }
  }

  @Test("After healing an old mark says nothing: everything comes again", arguments: allStores())
  func newEpoch(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      try await branch.account("1001")
      let old = try await changes(branch).mark
      _ = try await branch.store.raiseEpoch(
        terminal: branch.make.terminal.id, counterAtLeast: 9, epochAbove: 0)
      let new = try await changes(branch, since: old)
      #expect(new.delivery.numbers == ["1001"])
      #expect(new.mark.epoch == 2)
      #expect(new.mark.counter == 9)
    }
  }

  @Test("Bucket sums tell what a snapshot has missed", arguments: allStores())
  func buckets(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      try await branch.account("1002")
      try await branch.account("2001")
      let before = try await branch.store.bucketSums()
      #expect(before.map(\.bucket) == [Int(UInt8(ascii: "1")), Int(UInt8(ascii: "2"))])
      #expect(before.map(\.accounts) == [2, 1])

      try await branch.post(make.request(make.deposit(to: ana, "1.00")))
      let after = try await branch.store.bucketSums()
      #expect(after.first?.versions == before.first.map { $0.versions + 1 })
      #expect(after.last == before.last)

      let items = try await changes(branch).delivery.items
      let sums = Dictionary(grouping: items, by: \.account.number.bucket)
        .map { BucketSum(bucket: $0, accounts: $1.count, versions: $1.map(\.version).reduce(0, +)) }
        .sorted { $0.bucket < $1.bucket }
      #expect(sums == after)
    }
  }

  @Test("A delivery that fails is a fault", arguments: allStores())
  func failedDelivery(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      try await branch.account("1001")
      let full = StoreFault(.diskFull, "no room for the snapshot")
      await #expect(throws: full) {
        try await branch.store.changes(since: nil, terminal: branch.make.terminal.id) {
          (_) async throws(StoreFault) in throw full
        }
      }
    }
  }

  @Test("A snapshot answers like the bank it was copied from", arguments: allStores())
  func copied(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let yen = try #require(Currency("JPY"))
      let ana = try await branch.account("1001", holder: "Žofie Nováková", balance: "10.00")
      try await branch.account("1002", holder: "山田太郎", currency: yen, balance: "700")
      try await branch.post(make.request(make.withdrawal(from: ana, "3.00", memo: "oběd")))
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("daybook-snapshot-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      let snapshot = SQLiteSnapshot(path: folder.appendingPathComponent("snapshot.sqlite").path)

      let (delivery, mark) = try await changes(branch)
      let bank = try await branch.store.greet(make.terminal.id, fresh: false).bank
      for part in delivery.all { try await snapshot.apply(part, of: bank) }
      try await snapshot.seal(bank, mark, asOf: make.now)

      #expect(
        try await snapshot.standing()
          == SnapshotStanding(bank: bank, mark: mark, asOf: make.now))
      #expect(try await snapshot.account(ana) == branch.store.account(ana))
      for filter in ["", "nov", "山", "zofie"] {
        let query = AccountQuery(filter: filter)
        #expect(try await snapshot.accounts(query) == branch.store.accounts(query))
        #expect(
          try await snapshot.countAccounts(filter, cap: 1)
            == branch.store.countAccounts(filter, cap: 1))
      }
      let query = StatementQuery(account: ana, limit: 1)
      #expect(try await snapshot.statement(query) == branch.store.statement(query))
      #expect(try await snapshot.bucketSums() == branch.store.bucketSums())
      await snapshot.close()
    }
  }
}

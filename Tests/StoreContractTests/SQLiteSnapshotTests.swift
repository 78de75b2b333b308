import BankCore
import BankService
import BankTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStore

@Suite("The local snapshot's file")
struct SQLiteSnapshotTests {
  @Test("A new snapshot is empty, and so is one that was reset")
  func empty() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    #expect(try await snapshot.standing() == nil)
    #expect(try await snapshot.account(make.number("1")) == nil)
    #expect(try await snapshot.accounts(AccountQuery()).accounts.isEmpty)

    let account = Account(number: make.number("1"), holder: "Ana", currency: make.euro)
    try await snapshot.apply(
      SnapshotPart(items: [SnapshotPart.Item(account: account, version: 1, lines: [])]),
      of: make.identity)
    #expect(try await snapshot.account(account.number) == account)
    try await snapshot.reset()
    #expect(try await snapshot.account(account.number) == nil)
    #expect(try await snapshot.standing() == nil)
    await snapshot.close()
  }

  @Test("An account that comes again replaces what was there, its words too")
  func replacing() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    func item(_ holder: String, version: Int64, lines: ClosedRange<Int64>) -> SnapshotPart.Item {
      SnapshotPart.Item(
        account: Account(number: make.number("1"), holder: holder, currency: make.euro),
        version: version,
        lines: lines.map { sequence in
          StatementLine(
            entry: make.id(), label: "till-1/0001", sequence: sequence, bookingDate: make.today,
            valueDate: make.today, kind: .deposit, amount: make.money("1.00"), balance: nil,
            memo: "", counterAccount: make.till())
        })
    }
    let bank = make.identity
    let old = SnapshotPart(items: [item("Ana Stará", version: 1, lines: 1...3)])
    let new = SnapshotPart(items: [item("Ana Nová", version: 2, lines: 3...5)])
    try await snapshot.apply(old, of: bank)
    try await snapshot.apply(new, of: bank)

    #expect(try await snapshot.countAccounts("stara", cap: 9).count == 0)
    #expect(try await snapshot.countAccounts("nova", cap: 9).count == 1)
    for filter in ["s", "a s", "st a", "s 1"] {
      #expect(try await snapshot.accounts(AccountQuery(filter: filter)).accounts.isEmpty)
    }
    for filter in ["n", "a n", "n a", "no a", "n 1"] {
      #expect(try await snapshot.accounts(AccountQuery(filter: filter)).accounts.count == 1)
    }
    let lines = try await snapshot.statement(StatementQuery(account: make.number("1"))).lines
    #expect(lines.map(\.sequence) == [3, 4, 5])
    #expect(lines.first?.balance == nil)
    #expect(try await snapshot.bucketSums().map(\.versions) == [2])
    await snapshot.close()
    let places = try await DatabaseQueue(path: folder.path("snapshot.sqlite")).read {
      try String.fetchAll($0, sql: "SELECT word FROM account_word")
    }
    let renamed = item("Ana Nová", version: 2, lines: 3...5).account
    #expect(Set(places) == AccountWords(renamed).places)
  }

  @Test("A snapshot is sealed as often as it is copied; the last seal counts")
  func sealing() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    let bank = make.identity
    for change: Int64 in 1...3 {
      let mark = SnapshotMark(epoch: 1, change: change, counter: change)
      try await snapshot.seal(bank, mark, asOf: make.now)
      #expect(
        try await snapshot.standing() == SnapshotStanding(bank: bank, mark: mark, asOf: make.now))
    }
    await snapshot.close()
  }

  @Test("A foreign or damaged file is a fault, and a reset makes it a snapshot again")
  func mending() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make, "bank.sqlite")
    await store.disconnect()
    try Data(repeating: 0x58, count: 9_000)
      .write(to: folder.url.appendingPathComponent("garbage"))
    for (name, cause) in [("bank.sqlite", CauseCode.notThisService), ("garbage", .notThisService)] {
      let snapshot = SQLiteSnapshot(path: folder.path(name))
      let fault = await #expect(throws: StoreFault.self) { try await snapshot.standing() }
      #expect(fault?.cause == cause)
      #expect(fault?.text.contains(folder.path(name)) == true)
      try await snapshot.reset()
      #expect(try await snapshot.standing() == nil)
      await snapshot.close()
    }
  }
}

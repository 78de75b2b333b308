import BankCore
import BankService
import BankTesting
import Foundation
import PostgresStore
import RealParts
import SQLiteStore
import Testing

/// A kind of store that the contract is run over, and how to make a fresh, empty bank of it.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
  let name: String
  /// Makes a store over a place where there is no bank yet, and what removes that place again.
  let make: @Sendable () async throws -> Place

  struct Place: Sendable {
    let store: any Store
    /// Makes a backup of the bank, and gives back what puts it in the bank's place again.
    let backUp: @Sendable () async throws -> Restoring
    let remove: @Sendable () async -> Void
  }

  typealias Restoring = @Sendable () async throws -> Void

  var testDescription: String { name }
}

/// Every store that keeps the contract.
func allStores() -> [StoreUnderTest] {
  [.simulated, .sqlite, .postgres]
}

extension StoreUnderTest {
  static let simulated = StoreUnderTest(name: "simulated") {
    let store = SimulatedStore()
    return Place(store: store) {
      let checkpoint = store.checkpoint()
      return { store.restore(checkpoint) }
    } remove: {
    }
  }

  static let sqlite = StoreUnderTest(name: "SQLite") {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("daybook-contract-\(UUID().uuidString)")
    let path = folder.appendingPathComponent("bank.sqlite").path
    let store = SQLiteStore(path: path, schemaFolder: schemaFolder("sqlite"))
    return Place(store: store) {
      await store.disconnect()
      let backup = path + ".\(UUID().uuidString)"
      try FileManager.default.copyItem(atPath: path, toPath: backup)
      return {
        await store.disconnect()
        for end in ["", "-wal", "-shm", "-journal"] {
          try? FileManager.default.removeItem(atPath: path + end)
        }
        try FileManager.default.copyItem(atPath: backup, toPath: path)
      }
    } remove: {
      await store.disconnect()
      try? FileManager.default.removeItem(at: folder)
    }
  }
}

extension StoreUnderTest {
  static let postgres = StoreUnderTest(name: "PostgreSQL") {
    let cluster = try await PostgresCluster.shared
    let database = try await cluster.createDatabase()
    let store = PostgresStore(
      cluster.url(database: database), schemaFolder: schemaFolder("postgres"))
    return Place(store: store) {
      let backup = try await cluster.dump(database: database)
      return {
        await store.disconnect()
        try await cluster.restore(backup, database: database)
      }
    } remove: {
      await store.disconnect()
      try? await cluster.dropDatabase(database)
    }
  }
}

/// The repository's own migrations.
func schemaFolder(_ engine: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("data/schema/\(engine)").path
}

/// A bank with one enrolled terminal, open for business; removed when the story has been told.
struct OpenBank {
  let store: any Store
  let make: Fixtures

  /// Runs a story in a fresh bank of that kind.
  static func open(
    _ kind: StoreUnderTest, _ story: (OpenBank) async throws -> Void
  ) async throws {
    let place = try await kind.make()
    do {
      let make = Fixtures()
      _ = try await place.store.createBank(make.bank)
      try await place.store.enrol(make.terminal, at: make.now)
      try await story(OpenBank(store: place.store, make: make))
    } catch {
      await place.remove()
      throw error
    }
    await place.remove()
  }

  // MARK: Steps of stories

  /// Opens an account and pays `balance` in.
  @discardableResult
  func account(
    _ number: String, holder: String = "Novák, Jan", currency: Currency? = nil,
    balance: String? = nil, overdraft: String? = nil
  ) async throws -> AccountNumber {
    let currency = currency ?? make.euro
    let draft = AccountDraft(
      number: make.number(number), holder: holder, currency: currency,
      overdraftMinorUnits: overdraft.map { make.money($0, currency).minorUnits } ?? 0)
    let change = try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
    guard case .done(let account) = change else { throw Unexpected(change) }
    if let balance {
      try await post(make.request(make.deposit(to: account.number, balance, currency: currency)))
    }
    return account.number
  }

  /// Opens many accounts at once, without a balance.
  @discardableResult
  func accounts(
    _ numbers: [String], holder: (String) -> String = { "Nr \($0)" }
  ) async throws -> [AccountNumber] {
    let openings = numbers.map { number in
      AccountInstruction(
        .open(
          AccountDraft(
            number: make.number(number), holder: holder(number), currency: make.euro)),
        id: make.id(), by: "ana", at: make.now)
    }
    return try await store.change(openings).map { change in
      guard case .done(let account) = change else { throw Unexpected(change) }
      return account.number
    }
  }

  func open(_ draft: AccountDraft) async throws -> AccountChange {
    try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
  }

  @discardableResult
  func post(_ submissions: Submission...) async throws -> PostingReceipt {
    try await store.post(make.batch(submissions))
  }

  func change(_ number: AccountNumber, to status: AccountStatus) async throws -> AccountChange {
    try await store.changeStatus(number, to: status, id: make.id(), by: "ana", at: make.now)
  }

  /// The balance in major units, as text.
  func balance(_ number: AccountNumber) async throws -> String? {
    try await store.account(number)?.balance.decimalString
  }

  func lines(_ number: AccountNumber, share: String = "") async throws -> [StatementLine] {
    try await store.statement(StatementQuery(account: number, share: share, limit: 1_000)).lines
  }

  /// The sum of all balances per currency, which is zero in a sound bank.
  func sumOfAllBalances() async throws -> [Currency: Int64] {
    var sums: [Currency: Int64] = [:]
    var own: Set<AccountNumber> = []
    var after: Int64?
    repeat {
      let page = try await store.journal(JournalQuery(after: after ?? 0, limit: 1_000))
      for line in page.lines {
        let entry = line.transaction.entry
        own.formUnion([entry.debit, entry.credit].filter(\.isOwn))
      }
      after = page.hasMore ? page.lines.last?.position : nil
    } while after != nil
    for number in own {
      guard let account = try await store.account(number) else { throw Unexpected(number) }
      sums[account.currency, default: 0] += account.balanceMinorUnits
    }
    var last: AccountNumber?
    repeat {
      let page = try await store.accounts(AccountQuery(after: last, limit: 1_000))
      for account in page.accounts {
        sums[account.currency, default: 0] += account.balanceMinorUnits
      }
      last = page.hasMore ? page.accounts.last?.number : nil
    } while last != nil
    return sums
  }
}

struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ value: some Any) { description = "unexpected: \(value)" }
}

extension PostingReceipt {
  /// The verdict of the only entry of a batch.
  var only: Decision.Verdict? { decisions.count == 1 ? decisions.first?.verdict : nil }
}

extension Decision.Verdict {
  static let posted = Decision.Verdict.decided(.posted, [])
  static func refused(_ reason: Reason) -> Decision.Verdict { .decided(.refused(reason), []) }
  static func suspense(_ reason: Reason) -> Decision.Verdict { .decided(.suspense(reason), []) }
}

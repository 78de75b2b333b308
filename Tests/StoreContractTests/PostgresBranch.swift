import BankCore
import BankService
import BankTesting
import Foundation
import PostgresStore
import RealParts
import Testing

/// A bank in a database of a real server, for the stories that only PostgreSQL has.
struct PostgresBranch {
  let bank: PostgresBank
  let make: Fixtures

  /// Tells a story on a server of its own, which may be killed, frozen and reconfigured.
  static func onOwnServer(
    settings: [String: String] = [:], _ story: (PostgresBranch) async throws -> Void
  ) async throws {
    let cluster = try await PostgresCluster.start(settings: settings)
    do {
      try await story(open(on: cluster))
    } catch {
      await cluster.destroy()
      throw error
    }
    await cluster.destroy()
  }

  /// Tells a story in a database of its own on the server that all tests share.
  static func onSharedServer(
    _ story: (PostgresBranch) async throws -> Void
  ) async throws {
    let branch = try await open(on: PostgresCluster.shared)
    do {
      try await story(branch)
    } catch {
      try? await branch.cluster.dropDatabase(branch.database)
      throw error
    }
    try await branch.cluster.dropDatabase(branch.database)
  }

  /// A bank with a terminal and the account 1001 with 100.00 on it.
  private static func open(on cluster: PostgresCluster) async throws -> PostgresBranch {
    let make = Fixtures()
    let bank = PostgresBank(
      cluster: cluster, database: try await cluster.createDatabase(), ana: make.number("1001"))
    let branch = PostgresBranch(bank: bank, make: make)
    let store = branch.store()
    _ = try await store.createBank(branch.make.bank)
    try await store.enrol(branch.make.terminal, at: branch.make.now)
    try await OpenBank(store: store, make: branch.make).account("1001", balance: "100.00")
    await store.disconnect()
    return branch
  }

  var ana: AccountNumber { bank.ana }

  func deposit(_ amount: String) -> PostingBatch {
    make.batch([make.request(make.deposit(to: ana, amount))])
  }

  func store(port: UInt16? = nil, options: String = "") -> PostgresStore {
    bank.store(port: port, options: options)
  }

  func psql(_ sql: String) async throws -> String { try await bank.psql(sql) }
  func balance() async throws -> String { try await bank.balance() }
  func checkBooks() async throws { try await bank.checkBooks() }
  var cluster: PostgresCluster { bank.cluster }
  var database: String { bank.database }
}

/// The same bank for several tasks at once.
struct PostgresBank: Sendable {
  let cluster: PostgresCluster
  let database: String
  let ana: AccountNumber

  /// Another till of the same bank, by way of `port` where that is not the server's own.
  func store(port: UInt16? = nil, options: String = "") -> PostgresStore {
    PostgresStore(
      cluster.url(database: database, port: port) + options, schemaFolder: schemaFolder("postgres"))
  }

  func psql(_ sql: String) async throws -> String {
    try await cluster.psql(sql, database: database)
  }

  /// The balance of 1001 in minor units, asked of the server itself.
  func balance() async throws -> String {
    try await psql("SELECT balance FROM daybook.account WHERE number = '1001'")
  }

  /// What must hold whatever befell: each balance is the sum of its lines, the bank's sum is zero.
  func checkBooks() async throws {
    let wrong = try await psql(
      """
      SELECT count(*) FROM daybook.account a WHERE (balance, last_sequence) IS DISTINCT FROM
        (SELECT (coalesce(sum(amount), 0)::bigint, count(*)) FROM daybook.line l
         WHERE l.account = a.number)
      """)
    #expect(wrong == "0")
    let sum = try await psql(
      """
      SELECT (SELECT sum(balance) FROM daybook.account)
        + (SELECT sum(balance) FROM daybook.own_account)
      """)
    #expect(sum == "0")
    let doubled = try await psql(
      "SELECT count(*) * 2 - (SELECT count(*) FROM daybook.line) FROM daybook.booking")
    #expect(doubled == "0")
  }
}

/// The fault that a call ends with; nil when it does not.
func faultOf(_ call: () async throws(StoreFault) -> Void) async -> StoreFault? {
  do throws(StoreFault) {
    try await call()
    return nil
  } catch {
    return error
  }
}

/// How a greeting over a new connection ends.
func faultOfGreeting(_ store: PostgresStore, fresh: Bool = false) async -> StoreFault? {
  await faultOf { () async throws(StoreFault) in
    _ = try await store.greet(Fixtures().terminal.id, fresh: fresh)
  }
}

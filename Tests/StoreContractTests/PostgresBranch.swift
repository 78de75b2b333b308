import BankCore
import BankService
import BankTesting
import Foundation
import Glibc
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
    try await Branch(store: store, make: branch.make).account("1001", balance: "100.00")
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

/// Something that listens at a port, says one thing to everybody and is no database.
final class StrangeService: Sendable {
  let port: UInt16
  private let listener: Int32
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameter words: what it says; nil closes the connection without a word.
  init(saying words: String?) throws {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let listener = socket(AF_INET, type, 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard bound else { throw RealPartFault("cannot listen") }
    let ended = ended
    Thread.detachNewThread {
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        var greeting = [UInt8](repeating: 0, count: 1024)
        _ = read(client, &greeting, greeting.count)
        let bytes = Array((words ?? "").utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        Glibc.close(client)
      }
      ended.signal()
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    ended.wait()
    Glibc.close(listener)
  }
}

import RealParts
import Testing

/// A small branch for one test: a bank on a PostgreSQL server of its own, two customers, and a
/// till that reaches the bank directly or through a network that can fail.
final class OutageScene {
  static let ana = "1001"
  static let eva = "1002"

  let cluster: PostgresCluster
  let database: String
  let daybook: Daybook
  let network: SilentProxy?

  var books: Books { Books(cluster: cluster, database: database) }

  /// Where the till finds the bank.
  var address: String { cluster.url(database: database, port: network?.port) }

  /// Runs a story in a fresh branch, and clears everything away whatever becomes of it.
  static func run(
    throughNetwork: Bool = false, _ story: (OutageScene) async throws -> Void
  ) async throws {
    let scene = try await OutageScene(throughNetwork: throughNetwork)
    do {
      try await scene.found()
      try await story(scene)
      await scene.clear()
    } catch {
      await scene.clear()
      throw error
    }
  }

  private init(throughNetwork: Bool) async throws {
    cluster = try await PostgresCluster.start()
    database = try await cluster.createDatabase()
    daybook = try Daybook()
    network = throughNetwork ? try SilentProxy(to: cluster.port) : nil
  }

  private func found() async throws {
    let opening = [
      ["init", "--name", "Riverside Bank", "--currency", "EUR"],
      ["account", "open", Self.ana, "--name", "Novák, Ana"],
      ["account", "open", Self.eva, "--name", "Benešová, Eva"],
    ]
    for words in opening { try await command(words) }
  }

  /// Runs a command of the same till against the same bank.
  ///
  /// - Parameter status: the exit status it has to end with.
  @discardableResult
  func command(_ words: [String], status: Int32 = 0) async throws -> DaybookAnswer {
    let answer = try await daybook.run(words + ["--json", "--database", address])
    guard answer.status == status else {
      throw RealPartFault("not the exit status \(status): \(answer)")
    }
    return answer
  }

  /// A teller sits down at the console.
  func teller() async throws -> Teller {
    try await Teller(at: daybook, database: address)
  }

  /// Waits until the till's snapshot holds those balances, in minor units.
  ///
  /// A posting is told before it is copied: whoever ends the bank at once finds the balance estimated.
  func waitForSnapshot(_ balances: KeyValuePairs<String, Int64>) async throws {
    let expected = balances.map { "\($0.key)|\($0.value)" }.joined(separator: "\n")
    try await eventually("the snapshot with the balances \(balances)") {
      let read = try await Command.run([
        "sqlite3", "-readonly", "\(daybook.state)/snapshot.sqlite",
        "SELECT number, balance FROM account ORDER BY number",
      ])
      return read.standardOutput.contains(expected)
    }
  }

  /// The session in the bank's database that is in a certain state, as soon as there is one.
  func session(where condition: String) async throws -> Int32 {
    var found: Int32?
    try await eventually("a session where \(condition)") {
      found = try await cluster.backends(database: database, where: condition).first
      return found != nil
    }
    return try #require(found)
  }

  /// Carries something out while postings to the bank stop in their middle, at a table that
  /// somebody else has locked.
  ///
  /// - Parameter post: sends an entry off, without waiting for its receipt.
  /// - Parameter whileStopped: told the session that is posting.
  func stopPosting(
    at table: String, _ post: () async throws -> Void,
    whileStopped: (Int32) async throws -> Void
  ) async throws {
    let obstacle = Task { [cluster, database] in
      // Ended from outside when it has served: that is no fault.
      _ = try? await cluster.psql(
        "BEGIN; LOCK TABLE \(table) IN SHARE MODE; SELECT pg_sleep(120)", database: database)
    }
    let holder = try await session(where: "query LIKE '%pg_sleep(120)%'")
    try await post()
    try await whileStopped(session(where: "wait_event_type = 'Lock'"))
    try await cluster.psql("SELECT pg_terminate_backend(\(holder), 10000)")
    await obstacle.value
  }

  private func clear() async {
    await daybook.close()
    network?.close()
    await cluster.destroy()
  }
}

import Foundation
import Glibc
import RealParts
import Testing

@Suite("A private PostgreSQL cluster", .timeLimit(.minutes(5)))
struct PostgresClusterTests {
  @Test("answers queries, with the databases of two tests apart")
  func twoDatabases() async throws {
    let cluster = try await PostgresCluster.shared
    let (first, second) = try await (cluster.createDatabase(), cluster.createDatabase())
    try await cluster.psql("CREATE TABLE account (number text)", database: first)
    try await cluster.psql("INSERT INTO account VALUES ('0001'), ('Čapek')", database: first)

    #expect(
      try await cluster.psql("SELECT * FROM account ORDER BY 1", database: first)
        == "0001\nČapek")
    await #expect(throws: RealPartFault.self) {
      try await cluster.psql("SELECT * FROM account", database: second)
    }
  }

  @Test("comes back from SIGKILL with everything committed")
  func killed() async throws {
    let cluster = try await PostgresCluster.start()
    try await cluster.psql("CREATE TABLE entry (id int); INSERT INTO entry VALUES (7)")
    try await cluster.kill9()
    await #expect(throws: RealPartFault.self) { try await cluster.psql("SELECT 1") }

    try await cluster.launch()
    #expect(try await cluster.psql("SELECT id FROM entry") == "7")

    try await cluster.stopImmediate()
    try await cluster.launch()
    #expect(try await cluster.psql("SELECT id FROM entry") == "7")
    await cluster.destroy()
  }

  @Test("accepts connections and answers nothing while frozen")
  func frozen() async throws {
    let cluster = try await PostgresCluster.start()
    try await cluster.freeze()
    let frozen = try await Command.run(
      ["pg_isready", "--host=127.0.0.1", "--port=\(cluster.port)", "--timeout=1"])
    #expect(frozen.status == 2)  // no response, rather than refused

    try cluster.thaw()
    #expect(try await cluster.psql("SELECT 1") == "1")
    await cluster.destroy()
  }

  @Test("keeps the locks of one frozen session, and goes on after the thaw")
  func frozenBackend() async throws {
    let cluster = try await PostgresCluster.start()
    let database = try await cluster.createDatabase()
    try await cluster.psql(
      "CREATE TABLE account (balance int); CREATE TABLE go (at int)", database: database)
    async let post = cluster.psql(
      """
      BEGIN;
      LOCK TABLE account;
      DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM go) LOOP PERFORM pg_sleep(0.01); END LOOP;
      END $$;
      INSERT INTO account VALUES (12);
      COMMIT;
      """, database: database)
    var sessions: [Int32] = []
    try await eventually("the post holds its lock") {
      sessions = try await cluster.backends(database: database, where: "query LIKE 'DO%'")
      return !sessions.isEmpty
    }
    try await cluster.freezeBackend(#require(sessions.first))
    await #expect(throws: RealPartFault.self) {
      try await cluster.psql(
        "SET lock_timeout = '100ms'; SELECT * FROM account", database: database)
    }
    try cluster.thawBackend(#require(sessions.first))
    try await cluster.psql("INSERT INTO go VALUES (1)", database: database)
    _ = try await post
    #expect(try await cluster.psql("SELECT * FROM account", database: database) == "12")
    await #expect(throws: RealPartFault.self) { try await cluster.freezeBackend(getpid()) }
    await cluster.destroy()
  }

  @Test("restores a backup over what was booked since")
  func backup() async throws {
    let cluster = try await PostgresCluster.shared
    let database = try await cluster.createDatabase()
    try await cluster.psql(
      "CREATE TABLE entry (id int); INSERT INTO entry VALUES (1)", database: database)
    let backup = try await cluster.dump(database: database)
    try await cluster.psql("INSERT INTO entry VALUES (2)", database: database)
    try await cluster.dropDatabase(database)
    await #expect(throws: RealPartFault.self) {
      try await cluster.psql("SELECT 1", database: database)
    }
    try await cluster.restore(backup, database: database)
    #expect(try await cluster.psql("SELECT id FROM entry", database: database) == "1")
  }

  @Test("refuses writes while read-only")
  func readOnly() async throws {
    let cluster = try await PostgresCluster.start(durable: true, settings: ["work_mem": "5MB"])
    #expect(try await cluster.psql("SHOW work_mem; SHOW fsync") == "5MB\non")
    try await cluster.psql("CREATE TABLE entry (id int)")
    try await cluster.setReadOnly(true)
    await #expect(throws: RealPartFault.self) {
      try await cluster.psql("INSERT INTO entry VALUES (1)")
    }
    try await cluster.setReadOnly(false)
    try await cluster.psql("INSERT INTO entry VALUES (1)")
    await cluster.destroy()
  }

  @Test("asks a teller for a password when its access rules say so")
  func accessRules() async throws {
    let cluster = try await PostgresCluster.start()
    try await cluster.psql("CREATE ROLE teller LOGIN PASSWORD 'till'")
    try await cluster.setAccessRules([
      "host postgres teller 127.0.0.1/32 scram-sha-256", "host all teller all reject",
    ])
    func ask(_ password: String, _ database: String) async throws -> CommandResult {
      let url = "postgres://teller:\(password)@127.0.0.1:\(cluster.port)/\(database)"
      return try await Command.run(["psql", "-XAt", "-c", "SELECT 'in'", url])
    }
    #expect(try await ask("till", "postgres").standardOutput == "in\n")
    let wrong = try await ask("tilt", "postgres").standardError
    #expect(wrong.contains("password authentication failed"))
    #expect(try await ask("till", "template1").standardError.contains("pg_hba.conf"))
    #expect(try await cluster.psql("SELECT 1") == "1")
    await cluster.destroy()
  }

  @Test("leaves nothing behind, even with a stopped process in it")
  func tidy() async throws {
    let cluster = try await PostgresCluster.start()
    let directory = try #require(
      try await cluster.psql("SHOW data_directory").split(separator: "/data").first)
    try await cluster.freeze()
    await cluster.destroy()
    #expect(!FileManager.default.fileExists(atPath: String(directory)))
    #expect(ProcessTable.processes(workingIn: String(directory)).isEmpty)
  }
}

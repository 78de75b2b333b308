import RealParts
import Testing

@Suite("A network that can fail", .timeLimit(.minutes(5)))
struct SilentProxyTests {
  /// A database with an empty table, and a way to it.
  private struct Way {
    let cluster: PostgresCluster
    let database: String
    let proxy: SilentProxy

    init() async throws {
      cluster = try await PostgresCluster.shared
      database = try await cluster.createDatabase()
      try await cluster.psql("CREATE TABLE entry (id int)", database: database)
      proxy = try SilentProxy(to: cluster.port)
    }

    /// What `psql` says, connected through the proxy.
    func ask(_ sql: String, limit: Duration = .seconds(60)) async throws -> CommandResult {
      try await Command.run(
        [
          "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
          cluster.url(database: database, port: proxy.port),
        ],
        input: sql, limit: limit)
    }

    /// Posts until the armed fault has befallen it, and then gives up without an answer.
    func postIntoSilence() async throws {
      let client = Task { try await ask(SilentProxyTests.posting) }
      try await eventually("the COMMIT has met with its fault") { !proxy.isArmed }
      client.cancel()
      let result = await client.result
      #expect(throws: (any Error).self) { try result.get() }
    }

    var booked: String {
      get async throws { try await cluster.psql("SELECT id FROM entry", database: database) }
    }
  }

  private static let posting = "BEGIN; INSERT INTO entry VALUES (7);\nCOMMIT;"

  @Test("forwards, also what is larger than any buffer")
  func forward() async throws {
    let way = try await Way()
    let result = try await way.ask("SELECT repeat('x', 3000000)")
    #expect(result.standardOutput.count == 3_000_001)
    try await eventually("the connection is over") { way.proxy.connections == 0 }
  }

  @Test("is silent: nobody gets in, nothing comes through, and nothing is closed")
  func silent() async throws {
    let way = try await Way()
    // Answers as soon as an entry is booked.
    async let answer = way.ask(
      """
      DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM entry) LOOP PERFORM pg_sleep(0.01); END LOOP;
      END $$;
      SELECT 'late';
      """)
    var sessions: [Int32] = []
    try await eventually("the question has arrived") {
      sessions = try await way.cluster.backends(database: way.database, where: "state = 'active'")
      return !sessions.isEmpty
    }
    try way.proxy.behave(.silent)
    try await way.cluster.psql("INSERT INTO entry VALUES (1)", database: way.database)
    try await eventually("the server has answered") {
      try await way.cluster.backends(database: way.database, where: "state = 'active'").isEmpty
    }
    await #expect(throws: RealPartFault.self) {
      try await way.ask("SELECT 1", limit: .milliseconds(500))
    }
    let idle = try await way.cluster.backends(database: way.database)
    #expect(idle == sessions)
    #expect(way.proxy.connections == 1)

    try way.proxy.behave(.forward)
    #expect(try await answer.standardOutput == "late\n")
    #expect(try await way.ask("SELECT 1").standardOutput == "1\n")
  }

  @Test("drops the attempt to connect itself while silent, and lets it in afterwards")
  func dropped() async throws {
    let way = try await Way()
    try way.proxy.behave(.silent)
    let attempt = try await Command.run([
      "bash", "-c", "timeout 0.5 bash -c 'exec 3<> /dev/tcp/127.0.0.1/\(way.proxy.port)'",
    ])
    #expect(attempt.status == 124)  // timed out in connecting
    async let late = way.ask("SELECT 'in'")
    try way.proxy.behave(.forward)
    #expect(try await late.standardOutput == "in\n")
  }

  @Test("refuses, closes and comes back on the same port")
  func refuse() async throws {
    let way = try await Way()
    async let cut = way.ask("SELECT pg_sleep(30)")
    try await eventually("the session is open") { way.proxy.connections == 1 }
    try way.proxy.behave(.refuse)
    #expect(try await cut.status != 0)
    let refused = try await way.ask("SELECT 1")
    #expect(refused.standardError.contains("Connection refused"))
    try way.proxy.behave(.forward)
    #expect(try await way.ask("SELECT 1").standardOutput == "1\n")
  }

  @Test("loses a COMMIT before the server sees it")
  func requestLost() async throws {
    let way = try await Way()
    way.proxy.onNextCommit(.requestLost(.close))
    #expect(try await way.ask(Self.posting).status != 0)
    #expect(try await way.booked == "")
    #expect(!way.proxy.isArmed)
    #expect(try await way.ask(Self.posting).status == 0)
    #expect(try await way.booked == "7")
  }

  @Test("loses the answer to a COMMIT that the server carried out")
  func answerLost() async throws {
    let way = try await Way()
    way.proxy.onNextCommit(.answerLost(.close))
    #expect(try await way.ask(Self.posting).status != 0)
    #expect(try await way.booked == "7")
  }

  @Test("keeps silent about a COMMIT that the server carried out")
  func answerSilenced() async throws {
    let way = try await Way()
    way.proxy.onNextCommit(.answerLost(.silence))
    try await way.postIntoSilence()
    #expect(try await way.booked == "7")
  }

  @Test("delivers a silenced COMMIT late, even when its client has given up")
  func requestDelayed() async throws {
    let way = try await Way()
    way.proxy.onNextCommit(.requestLost(.silence))
    try await way.postIntoSilence()
    #expect(try await way.booked == "")
    try way.proxy.behave(.forward)
    try await eventually("the late COMMIT is carried out") { try await way.booked == "7" }
  }

  @Test("breaks right behind the answer")
  func answered() async throws {
    let way = try await Way()
    way.proxy.onNextCommit(.answeredThen(.close))
    #expect(try await way.ask(Self.posting).status == 0)
    #expect(try await way.booked == "7")
    try await eventually("the connection is broken") { way.proxy.connections == 0 }
  }
}

import BankCore
import BankService
import BankTesting
import Foundation
import RealParts
import Testing

@testable import PostgresStore

@Suite("Why PostgreSQL cannot be used", .timeLimit(.minutes(3)))
struct PostgresCauseTests {
  // MARK: Before anything is sent

  @Test(
    "A text that is no address says what is wrong with it, and repeats none of it",
    arguments: [
      "postgres://ana:s3cret@x@db.branch/bank", "postgres://ana:s3/cret@db.branch/bank",
      "postgres://ana:s3:cret@db.branch:54a2/bank", "postgres://ana:s3%cret@db.branch/bank",
      "mysql://ana:s3cret@db.branch/bank", "host=db.branch password=my s3cret",
      "host=db.branch password='s3cret", "host=db.branch s3cret=1",
      "\"postgres://ana:s3cret@db.branch/bank\"", "host=db.branch dbname='bank ' password=s3cret",
      "host=db.branch password=s3cret connect_timeout=5s",
      "postgres://ana:s3cret@db.branch/bank?sslmode=maybe",
      "postgres://ana:s3cret@db.branch/bank?colour=s3cret", "host=db.branch\0password=s3cret",
      "postgres://ana:s3cret@[::1/bank", "postgres://ana:12/34@db.branch/s3cret",
    ])
  func unreadable(_ address: String) async throws {
    let store = PostgresStore(address, schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .unparsable)
    for part in ["s3", "cret", "34@", "54a2"] {
      #expect(!fault.text.contains(part), "\(fault.text)")
      #expect(!store.endpoint.contains(part), "\(store.endpoint)")
    }
  }

  @Test("The endpoint is host and port, whatever way the address says it")
  func endpoint() {
    func endpoint(_ address: String) -> String {
      PostgresStore(address, schemaFolder: schemaFolder("postgres")).endpoint
    }
    #expect(endpoint("postgres://ana:s3cret@db.branch:5433/bank") == "db.branch:5433")
    #expect(endpoint("postgresql://ana:p%40ss@db.branch/bank") == "db.branch:5432")
    #expect(endpoint("host=db.branch port=5434 user=ana password='my s3cret'") == "db.branch:5434")
    #expect(endpoint("host=first,second port=1,2") == "first:1")
    #expect(endpoint("postgres://[::1]:5435/bank") == "[::1]:5435")
    #expect(endpoint("host=/run/postgresql") == "/run/postgresql:5432")
    #expect(endpoint("host=db.branch hostaddr=127.0.0.1") == "db.branch:5432")
  }

  @Test("A name that no server knows is C04")
  func unknownName() async throws {
    let store = PostgresStore(
      "postgres://ana:s3cret@no-such-host.invalid/bank", schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .nameLookup)
    #expect(fault.text.contains("no-such-host.invalid"))
  }

  // MARK: What listens there

  @Test("Nothing listens: C05 at once, in words that name the place")
  func nothingListens() async throws {
    let port = try FreePort.find()
    let store = PostgresStore(
      "postgres://ana:s3cret@127.0.0.1:\(port)/bank", schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .connect)
    #expect(fault.text == "nothing listens at 127.0.0.1:\(port): server stopped or wrong port")
    #expect(!fault.missedDeadline)
  }

  @Test("A port that swallows everything: C05 by the deadline")
  func silentPort() async throws {
    let proxy = try SilentProxy(to: FreePort.find())
    try proxy.behave(.silent)
    let store = PostgresStore(
      "postgres://ana@127.0.0.1:\(proxy.port)/bank", schemaFolder: schemaFolder("postgres"))
    let began = ContinuousClock.now
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .connect)
    #expect(fault.missedDeadline)
    #expect(fault.text.contains("firewall"))
    // Three seconds by the store's own deadline; a busy machine adds its share.
    #expect(began.duration(to: .now) < .seconds(20))
    proxy.close()
  }

  @Test(
    "Another service on the port: C06",
    arguments: [
      "HTTP/1.1 400 Bad Request\r\n\r\n", "J\0\0\0\n8.0.36\0", "-ERR unknown command\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
    ])
  func anotherService(_ words: String) async throws {
    let service = try StrangeService(saying: words)
    let store = PostgresStore(
      "postgres://ana:s3cret@127.0.0.1:\(service.port)/bank",
      schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .notThisService, "\(fault.text)")
    #expect(!fault.text.contains("s3cret"))
  }

  @Test("One word that reads as a yes to encryption, and nothing behind it: C06, and not silence")
  func oneWord() async throws {
    let service = try StrangeService(saying: "SSH-2.0-OpenSSH_9.2", holdsOn: true)
    let store = PostgresStore(
      "postgres://ana@127.0.0.1:\(service.port)/bank", schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .notThisService)
    #expect(fault.missedDeadline)
    #expect(fault.text.contains("one word and no more"), "\(fault.text)")
  }

  @Test("A server that greets and never finishes the login is C08, as the doctor says")
  func loginUnanswered() async throws {
    let service = try StrangeService(saying: "N", holdsOn: true)
    let store = PostgresStore(
      "postgres://ana@127.0.0.1:\(service.port)/bank", schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .notReady)
    #expect(fault.text.contains("did not finish the login"), "\(fault.text)")
  }

  @Test("A port that closes without a word may be a server going down: C05, to be tried again")
  func closesAtOnce() async throws {
    let service = try StrangeService(saying: nil)
    let store = PostgresStore(
      "postgres://ana@127.0.0.1:\(service.port)/bank", schemaFolder: schemaFolder("postgres"))
    let fault = try #require(await faultOfGreeting(store))
    #expect(fault.cause == .connect)
    #expect(fault.text.contains("closed the connection"))
  }

  @Test("A server without encryption, where the address demands it: C07")
  func encryption() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let fault = try #require(await faultOfGreeting(branch.store(options: "?sslmode=require")))
      #expect(fault.cause == .encryption)
      #expect(fault.text.contains("no encryption"))
    }
  }

  // MARK: What the server says

  @Test("Each refusal of the server has its own cause, and none shows the password")
  func refusals() async throws {
    try await PostgresBranch.onOwnServer { branch in
      try await Self.setAccessRules(branch)
      func cause(_ role: String, _ database: String? = nil) async throws -> CauseCode {
        let store = PostgresStore(
          "postgres://\(role):s3cret@127.0.0.1:\(branch.cluster.port)/\(database ?? branch.database)",
          schemaFolder: schemaFolder("postgres"))
        let fault = try #require(await faultOfGreeting(store), "\(role)")
        #expect(!fault.text.contains("s3cret"))
        return fault.cause
      }
      #expect(try await cause("asked") == .login)
      #expect(try await cause("nobody") == .login)
      #expect(try await cause("sleeping") == .login)
      #expect(try await cause("unruled") == .accessRule)
      #expect(try await cause("daybook", "elsewhere") == .noSuchDatabase)
      #expect(try await cause("crowded") == .noSlots)
      #expect(try await cause("uninvited") == .noSuchDatabase)
      #expect(try await cause("blind") == .privileges)

      let silent = PostgresStore(
        "postgres://asked@127.0.0.1:\(branch.cluster.port)/\(branch.database)",
        schemaFolder: schemaFolder("postgres"))
      #expect(await faultOfGreeting(silent)?.cause == .secretMissing)
    }
  }

  private static func setAccessRules(_ branch: PostgresBranch) async throws {
    let rules = try await branch.psql("SHOW hba_file")
    _ = try await branch.psql(
      """
      CREATE ROLE asked LOGIN PASSWORD 'right'; CREATE ROLE sleeping NOLOGIN;
      CREATE ROLE unruled LOGIN; CREATE ROLE crowded LOGIN CONNECTION LIMIT 0;
      CREATE ROLE uninvited LOGIN; CREATE ROLE blind LOGIN;
      REVOKE CONNECT ON DATABASE \(branch.database) FROM PUBLIC;
      GRANT CONNECT ON DATABASE \(branch.database) TO blind, crowded;
      """)
    try """
    host all daybook,sleeping,crowded,uninvited,blind 127.0.0.1/32 trust
    host all asked,nobody 127.0.0.1/32 scram-sha-256
    """.appending("\n").write(toFile: rules, atomically: false, encoding: .utf8)
    _ = try await branch.psql("SELECT pg_reload_conf()")
    // The server takes the rules over when it gets round to it.
    try await eventually("the rules are in force") {
      let store = PostgresStore(
        "postgres://unruled@127.0.0.1:\(branch.cluster.port)/\(branch.database)",
        schemaFolder: schemaFolder("postgres"))
      return await faultOfGreeting(store)?.cause == .accessRule
    }
  }

  @Test(
    "A database without our tables, without a bank or with another schema: C15, with the remedy")
  func schema() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let empty = try await branch.cluster.createDatabase()
      let stranger = PostgresStore(
        branch.cluster.url(database: empty), schemaFolder: schemaFolder("postgres"))
      let fault = try #require(await faultOfGreeting(stranger))
      #expect(fault.cause == .schema)
      // What to do about it depends on whether there ever was a bank, which the store cannot know.
      #expect(fault.kind == .schemaMissing && !fault.text.contains("init"))
      await stranger.disconnect()
      try await branch.cluster.dropDatabase(empty)

      _ = try await branch.psql("UPDATE daybook.migration SET number = 99")
      let newer = try #require(await faultOfGreeting(branch.store()))
      #expect(newer.cause == .schema)
      #expect(newer.text.contains("upgrade daybook"))

      _ = try await branch.psql(
        "UPDATE daybook.migration SET number = 1; DELETE FROM daybook.bank")
      let nobody = try #require(await faultOfGreeting(branch.store()))
      #expect(nobody.cause == .schema)
      #expect(nobody.kind == .bankMissing && !nobody.text.contains("init"))
    }
  }

  @Test("A read-only server still greets and reads; an entry is answered with C17")
  func readOnly() async throws {
    try await PostgresBranch.onOwnServer { branch in
      let store = branch.store()
      #expect(try await store.greet(branch.make.terminal.id, fresh: false).isWritable)
      try await branch.cluster.setReadOnly(true)

      let greeting = try await store.greet(branch.make.terminal.id, fresh: true)
      #expect(!greeting.isWritable)
      #expect(try await store.account(branch.ana)?.balance.decimalString == "100.00")
      let fault = await faultOf { () async throws(StoreFault) in
        _ = try await store.post(branch.deposit("1.00"))
      }
      #expect(fault?.cause == .readOnly)

      try await branch.cluster.setReadOnly(false)
      #expect(try await store.greet(branch.make.terminal.id, fresh: true).isWritable)
      try await branch.checkBooks()
    }
  }

  @Test("Each host of an address is tried: the second answers when nothing listens at the first")
  func twoHosts() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let dead = try FreePort.find()
      let store = PostgresStore(
        """
        host=127.0.0.1,127.0.0.1 port=\(dead),\(branch.cluster.port) user=daybook \
        dbname=\(branch.database)
        """, schemaFolder: schemaFolder("postgres"))
      #expect(try await store.greet(branch.make.terminal.id, fresh: false).isWritable)
      await store.disconnect()
    }
  }

  // MARK: Reading what libpq says

  @Test("The code in a message is found in any language, the first one first")
  func codes() {
    let both = """
      connection to server at "127.0.0.1", port 5432 failed: FATAL:  28P01: password …
      connection to server at "127.0.0.1", port 5432 failed: FATAL:  28000: no pg_hba.conf entry
      """
    #expect(SQLState.all(in: both) == ["28P01", "28000"])
    #expect(SQLState.found(in: "ВАЖНО:  57P03: система баз данных запускается") == "57P03")
    #expect(SQLState.found(in: "FATAL: 28P01 without the blanks") == nil)
    #expect(SQLState.found(in: "") == nil)
    #expect(SQLState.found(in: ":  28P01") == nil)
  }

  @Test("Data that is rejected is told from a server that cannot be used")
  func rejections() {
    func fault(_ state: String) -> StoreFault {
      StatementFaults.fault(state, "", layer: .writeProbe, place: "db:5432")
    }
    #expect(["22003", "23514", "54000"].allSatisfy { fault($0).isRejection })
    #expect(["40001", "53100", "57014", "XX000"].allSatisfy { !fault($0).isRejection })
    #expect(fault("53100").cause == .diskFull)
    #expect(fault("57014").missedDeadline)
    #expect(fault("55P03").cause == .writeProbe)
  }
}

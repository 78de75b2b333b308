import BankCore
import BankService
import Foundation
import RealParts
import Testing

@Suite("The doctor at the door: C03, C07 to C13", .timeLimit(.minutes(3)))
struct LoginTests {
  @Test("Each refusal of the server is named, and the fix mends it")
  func refusals() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql(
      """
      CREATE ROLE asked LOGIN PASSWORD 'right'; CREATE ROLE sleeping NOLOGIN;
      CREATE ROLE expired LOGIN PASSWORD 's3cret' VALID UNTIL '2020-01-01';
      CREATE ROLE unruled LOGIN; CREATE ROLE crowded LOGIN CONNECTION LIMIT 0;
      CREATE ROLE uninvited LOGIN;
      REVOKE CONNECT ON DATABASE \(patient.database) FROM PUBLIC;
      GRANT CONNECT ON DATABASE \(patient.database) TO crowded, asked;
      """)
    try await cluster.setAccessRules([
      "host all asked,nobody,expired 127.0.0.1/32 scram-sha-256",
      "host all unruled 127.0.0.1/32 reject",
    ])
    let wrong = try await diagnose(patient.url("asked"), as: .loginRefused)
    #expect(wrong.sqlState == "28P01")
    #expect(wrong.ruledOut.contains { $0.hasPrefix(Phrases.notOverload) }, "\(wrong.ruledOut)")
    try await diagnose(patient.url("nobody"), as: .loginRefused)
    // Where no password is asked for, the server says that there is no such role.
    let unknown = try await diagnose(patient.url("ghost"), as: .loginRefused)
    #expect(unknown.sqlState == "28000" && unknown.observed.contains("knows no role of that name"))
    try await diagnose(patient.url("expired"), as: .loginRefused)
    try await diagnose(patient.url("sleeping"), as: .loginNotAllowed)
    try await diagnose(patient.url("unruled"), as: .noAccessRule)
    try await diagnose(patient.url("crowded"), as: .roleLimit)
    try await diagnose(patient.url("daybook", "elsewhere"), as: .databaseMissing)
    let forbidden = try await diagnose(patient.url("uninvited"), as: .databaseForbidden)
    #expect(forbidden.ruledOut.contains { $0.hasPrefix("not the password") })
    try await diagnose(
      patient.url("daybook", options: "?options=-c%20no_such_setting%3D1"), as: .unknownSetting)
    #expect(await examine(patient.url("daybook")).isHealthy)
    let silent = "postgres://asked@127.0.0.1:\(cluster.port)/\(patient.database)"
    try await diagnose(silent, as: .passwordMissing)
    try await diagnose(patient.url + "?sslmode=require", as: .noEncryption)
    try await fixes(patient)
    await cluster.destroy()
  }

  /// What the fixes say, done; then the roles lack rights alone, which is behind the door.
  private func fixes(_ patient: Patient) async throws {
    try await patient.psql(
      """
      ALTER ROLE asked PASSWORD 's3cret'; ALTER ROLE expired VALID UNTIL 'infinity';
      ALTER ROLE sleeping LOGIN; ALTER ROLE crowded CONNECTION LIMIT 5;
      GRANT CONNECT ON DATABASE \(patient.database) TO uninvited, sleeping, expired, unruled;
      """)
    try await patient.cluster.setAccessRules([
      "host all asked,nobody,expired 127.0.0.1/32 scram-sha-256"
    ])
    for role in ["asked", "expired", "sleeping", "crowded", "uninvited", "unruled"] {
      try await diagnose(patient.url(role), as: .rightsMissing)
    }
  }

  @Test("A database that cannot hold every name: C13")
  func wrongEncoding() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let narrow = "\(patient.database)_narrow"
    try await patient.psql(
      "CREATE DATABASE \(narrow) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    let failure = try await diagnose(
      patient.cluster.url(database: narrow), as: .wrongEncoding)
    #expect(failure.observed.contains("LATIN1"))
    // Empty as it is, its missing tables are not the cause.
    #expect(await till(patient.cluster.url(database: narrow))?.kind == .wrongEncoding)
    try await patient.cluster.dropDatabase(narrow)
    // The fix: only the tables are missing then.
    try await patient.psql("CREATE DATABASE \(narrow) TEMPLATE template0 ENCODING 'UTF8'")
    try await diagnose(patient.cluster.url(database: narrow), as: .schemaMissing)
    for name in [narrow, patient.database] { try await patient.cluster.dropDatabase(name) }
  }

  @Test("A server that has no connection left: C09")
  func slots() async throws {
    let cluster = try await PostgresCluster.start(settings: [
      "max_connections": "4", "superuser_reserved_connections": "3", "max_wal_senders": "0",
    ])
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql("CREATE ROLE teller LOGIN")
    try await eventually("every session of before has left") {
      try await patient.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") == "1"
    }
    let holder = try await cluster.holdTransaction(
      "SELECT 1", database: patient.database, as: "teller")
    let failure = try await diagnose(patient.url("teller"), as: .noFreeSlot)
    #expect(failure.sqlState == "53300")
    // The fix, followed: that session is ended.
    holder.cancel()
    _ = try? await holder.value
    try await eventually("there is a free connection") {
      await examine(patient.url("teller")).hosts.first?.diagnosis?.fault == .rightsMissing
    }
    await cluster.destroy()
  }

  @Test("A server that is shutting down: C08, and nobody is told to edit the configuration")
  func shuttingDown() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let holder = try await cluster.holdTransaction("SELECT 1", database: patient.database)
    try await cluster.beginStop()
    try await eventually("newcomers are sent away") {
      await examine(patient.url).hosts.first?.isHealthy == false
    }
    let failure = try await diagnose(patient.url, as: .serverNotReady)
    #expect(failure.sqlState == "57P03")
    #expect(failure.fix?.contains("do not edit the configuration") == true)
    holder.cancel()
    _ = try? await holder.value
    await cluster.destroy()
  }

  @Test("A standby that lets nobody in: C08, and nobody is told to wait")
  func closedStandby() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    let standby = try await patient.cluster.startStandby(settings: ["hot_standby": "off"])
    let address = patient.cluster.url(database: patient.database, port: standby.port)
    try await eventually("it has come as far as it comes") {
      await examine(address).hosts.first?.diagnosis?.fault == .standbyClosed
    }
    let failure = try await diagnose(address, as: .standbyClosed)
    #expect(failure.fix?.contains("primary's host") == true)
    // The fix, followed.
    #expect(await examine(patient.url).isHealthy)
    await standby.destroy()
    await patient.cluster.destroy()
  }

  @Test("A frozen server: C06, since nothing answers the first word")
  func frozen() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    try await cluster.freeze()
    try await diagnose(patient.url, as: .silentService)
    try cluster.thaw()
    let report = await examine(patient.url)
    #expect(report.isHealthy, "\(words(report))")
    await cluster.destroy()
  }

  @Test("Certificates: no authority, a strange one, expired, for another name, and a good one: C07")
  func certificates() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let authority = try await CertificateAuthority()
    func address(_ host: String, _ root: String) -> String {
      "host=\(host) port=\(cluster.port) user=daybook password=s3cret dbname=\(patient.database) "
        + "sslmode=verify-full sslrootcert=\(root)"
    }
    try await cluster.setCertificate(authority, Flaw.none)
    let good = await examine(address("localhost", authority.certificate))
    #expect(good.isHealthy, "\(words(good))")
    #expect(good.hosts[0].layers[6].observed.contains("TLSv1"))
    try await diagnose(address("localhost", "/no/such/file"), as: .authorityFileMissing)
    let stranger = try await CertificateAuthority()
    let untrusted = try await diagnose(
      address("localhost", stranger.certificate), as: .certificateNotTrusted)
    #expect(untrusted.fix?.contains("sslrootcert") == true)

    try await cluster.setCertificate(authority, .otherName)
    let other = try await diagnose(
      address("localhost", authority.certificate), as: .certificateForOtherName)
    #expect(other.ruledOut.contains { $0.hasPrefix(Phrases.notTheNetwork) })
    try await cluster.setCertificate(authority, .expired)
    let expired = try await diagnose(
      address("localhost", authority.certificate), as: .certificateExpired)
    #expect(expired.observed.contains("has expired"))
    // A stranger's expired certificate: renewed, it would be trusted no better. The date is said
    // first, because it can be read without trusting anybody.
    try await diagnose(address("localhost", stranger.certificate), as: .certificateExpired)

    // Renewed, as the fix says; then the two sides agree on no version of the protocol.
    try await cluster.setCertificate(authority, Flaw.none)
    #expect(await examine(address("localhost", authority.certificate)).isHealthy)
    try await cluster.set("ssl_min_protocol_version", "TLSv1.3")
    let old = " ssl_max_protocol_version=TLSv1.2"
    try await diagnose(
      address("localhost", authority.certificate) + old, as: .encryptionFailed)
    try await cluster.set("ssl_min_protocol_version", "TLSv1.2")
    #expect(await examine(address("localhost", authority.certificate) + old).isHealthy)
    await cluster.destroy()
  }

  @Test("A wrong password stays the diagnosis when the second try without encryption is refused")
  func firstErrorWins() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql("CREATE ROLE asked LOGIN PASSWORD 'right'")
    try await cluster.setCertificate(try await CertificateAuthority(), Flaw.none)
    try await cluster.setAccessRules([
      "hostssl all asked 127.0.0.1/32 scram-sha-256", "host all asked 127.0.0.1/32 reject",
    ])
    let failure = try await diagnose(patient.url("asked"), as: .loginRefused)
    #expect(failure.sqlState == "28P01")
    try await diagnose(patient.url("asked", options: "?sslmode=disable"), as: .noAccessRule)
    await cluster.destroy()
  }

  @Test("A database that nobody may enter, by doctor and till, with a pooler; opened, all is well")
  func closedDatabase() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let pooler = try await Pooler(to: cluster.port)
    func allow(_ isOpen: Bool) async throws {
      try await cluster.psql("ALTER DATABASE \(patient.database) ALLOW_CONNECTIONS \(isOpen)")
    }
    try await allow(false)
    for address in [patient.url, cluster.url(database: patient.database, port: pooler.port)] {
      let failure = try await diagnose(address, as: .databaseClosed)
      #expect(failure.fix?.contains("ALLOW_CONNECTIONS true") == true, "\(failure)")
      #expect(await till(address)?.kind == .databaseClosed)
    }
    try await allow(true)
    #expect(await examine(patient.url).isHealthy)
    #expect(await till(patient.url) == nil)
    await pooler.close()
    await cluster.destroy()
  }

  @Test("What the database does at each login raises an error: C12 with its words, for both")
  func loginTrigger() async throws {
    let cases = [
      ("P0001", "not before eight", "pl_exec.c"),
      ("42P01", "no relation audit", "parse_relation.c"),
    ]
    for (code, words, file) in cases {
      let server = try StrangeService(saying: Self.refusal(code, words, file))
      let address = "postgres://teller@127.0.0.1:\(server.port)/bank?sslmode=disable"
      let failure = try await diagnose(address, as: .loginTrigger)
      #expect(failure.observed.contains(words) && failure.sqlState == code, "\(failure)")
      let fault = await till(address)
      #expect(fault?.kind == .loginTrigger && fault?.text.contains(words) == true)
    }
  }

  /// As PostgreSQL 17 says it, with the context of the function.
  private static func refusal(_ code: String, _ words: String, _ file: String) -> String {
    ServerRefusal(
      code, words, file: file, context: "PL/pgSQL function public.guard() line 3 at RAISE"
    ).text
  }

  @Test("The server's own words at the login are kept, by both, without what may be the password")
  func serverWords() async throws {
    let cases = [
      ("XX000", "cache lookup failed for role teller with s3cret", "miscinit.c"),
      ("58P01", "could not access file s3cret of teller", "dfmgr.c"),
      ("42601", "syntax error at or near s3cret of teller", "scan.l"),
    ]
    for (code, said, file) in cases {
      let server = try StrangeService(saying: ServerRefusal(code, said, file: file).text)
      let address = "postgres://teller:s3cret@127.0.0.1:\(server.port)/bank?sslmode=disable"
      let kept = said.replacing("s3cret", with: "•••")
      let host = try #require(await examine(address).hosts.first)
      let layer = try #require(host.layers.first { $0.result == .couldNotTest }, "\(words(host))")
      #expect(layer.observed.contains(kept) && layer.sqlState == code, "\(layer)")
      let fault = try #require(await till(address))
      #expect(fault.text.contains(kept) && fault.sqlState == code, "\(fault)")
      #expect(!fault.text.contains("s3cret"))
    }
    // A real server: a library of the role that is not there.
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    try await patient.psql(
      "CREATE ROLE loader LOGIN; ALTER ROLE loader SET session_preload_libraries = 'nowhere'")
    let host = try #require(await examine(patient.url("loader")).hosts.first)
    let layer = try #require(host.layers.first { $0.result == .couldNotTest }, "\(words(host))")
    #expect(layer.sqlState == "58P01" && layer.observed.contains("nowhere"), "\(layer)")
    let fault = try #require(await till(patient.url("loader")))
    #expect(fault.sqlState == "58P01" && fault.text.contains("nowhere"), "\(fault)")
    try await patient.psql("DROP ROLE loader")
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test(
    "All connections are taken, in the words of each version: no limit of the role is to blame",
    arguments: [
      "sorry, too many clients already",
      "remaining connection slots are reserved for non-replication superuser connections",
      "remaining connection slots are reserved for roles with the SUPERUSER attribute",
      "remaining connection slots are reserved for roles with privileges of the "
        + "\"pg_use_reserved_connections\" role",
    ])
  func slotWords(_ words: String) async throws {
    let server = try StrangeService(
      saying: ServerRefusal("53300", words, file: "postinit.c").text)
    let address = "postgres://teller@127.0.0.1:\(server.port)/bank?sslmode=disable"
    try await diagnose(address, as: .noFreeSlot)
    #expect(await till(address)?.kind == .noFreeSlot)
  }

  @Test(
    "A limit of the role or of the database is called so",
    arguments: [
      "too many connections for role \"teller\"", "too many connections for database \"bank\"",
    ])
  func limitWords(_ words: String) async throws {
    let server = try StrangeService(
      saying: ServerRefusal("53300", words, file: "miscinit.c").text)
    let address = "postgres://teller@127.0.0.1:\(server.port)/bank?sslmode=disable"
    try await diagnose(address, as: .roleLimit)
    #expect(await till(address)?.kind == .roleLimit)
  }

  @Test("A connection of the wrong kind is called so, from the address and from a service file")
  func replication() async throws {
    for kind in ["database", "true", "on"] {
      let address = "postgres://teller@127.0.0.1:9/bank?replication=\(kind)"
      let failure = try await diagnose(address, as: .valueUnusable)
      #expect(failure.observed.contains("wrong kind of connection"), "\(failure)")
      let fault = await till(address)
      #expect(fault?.kind == .valueUnusable && fault?.text == failure.observed)
    }
    try await diagnose("postgres://teller@127.0.0.1:9/bank?replication=off", as: .nothingListens)
  }

  typealias Flaw = CertificateAuthority.Flaw
}

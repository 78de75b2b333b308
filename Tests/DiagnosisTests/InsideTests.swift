import BankCore
import BankService
import BankTesting
import Diagnosis
import Foundation
import RealParts
import Testing

@Suite("The doctor inside: C14 to C23", .timeLimit(.minutes(4)))
struct InsideTests {
  @Test("Another bank: C14, and it is not lost data")
  func anotherBank() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let ours = Fixtures().bank.id
    let right = await examine(patient.url, expecting: ExpectedBank(id: ours, name: "Riverside"))
    #expect(right.isHealthy)
    let stranger = Identifier(high: 1, low: 2)
    let failure = try await diagnose(
      patient.url, as: .anotherBank, expecting: ExpectedBank(id: stranger, name: "Elsewhere"))
    #expect(failure.observed.contains("Elsewhere"))
    #expect(failure.ruledOut.contains { $0.hasPrefix(Phrases.notLostData) })
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("An older copy of the right bank: C14, by the counter, the epoch or the last entry")
  func olderCopy() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let draft = Fixtures().bank
    let till = Identifier(high: 7, low: 7)
    let last = Identifier(high: 9, low: 9)
    func expected(counter: Int64, epoch: Int64 = 1, last: Identifier? = nil) -> ExpectedBank {
      ExpectedBank(
        id: draft.id, name: draft.name,
        memory: TillMemory(
          bank: draft.id, terminal: till, counter: counter, epoch: epoch, lastAcknowledged: last))
    }
    // A till that the bank has never acknowledged anything to expects nothing of it.
    #expect(await examine(patient.url, expecting: expected(counter: 0)).isHealthy)
    try await diagnose(patient.url, as: .olderDatabase, expecting: expected(counter: 1))
    try await patient.psql(
      """
      INSERT INTO daybook.terminal (id, name, counter, enrolled_at)
        VALUES ('\(till)', 'till-7', 5, 0);
      INSERT INTO daybook.inbox
        (entry_id, content_hash, terminal, outcome, reason, decided_at)
        VALUES ('\(last)', 'x', 'till-7', 'refused', 'R001', 0)
      """)
    #expect(await examine(patient.url, expecting: expected(counter: 5, last: last)).isHealthy)
    let behind = try await diagnose(
      patient.url, as: .olderDatabase, expecting: expected(counter: 6, last: last))
    #expect(behind.observed.contains("knows 5 of the 6 transactions"))
    try await diagnose(
      patient.url, as: .olderDatabase, expecting: expected(counter: 5, epoch: 2, last: last))
    try await diagnose(
      patient.url, as: .olderDatabase,
      expecting: expected(counter: 5, last: Identifier(high: 1, low: 1)))
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("Schemas: none, no bank, older, newer, changed by hand: C15")
  func schemas() async throws {
    let cluster = try await PostgresCluster.shared
    let empty = try await cluster.createDatabase()
    let url = cluster.url(database: empty)
    try await diagnose(url, as: .schemaMissing)
    // Where a bank is known, nobody is sent to make an empty one.
    let known = try await diagnose(
      url, as: .schemaMissing,
      expecting: ExpectedBank(id: Identifier(high: 1, low: 2), name: "Riverside"))
    #expect(known.fix?.contains("Riverside") == true)
    try await cluster.dropDatabase(empty)

    let patient = try await Patient.admit(to: cluster)
    try await patient.psql("UPDATE daybook.migration SET number = 99")
    try await diagnose(patient.url, as: .schemaNewer)
    try await patient.psql("UPDATE daybook.migration SET number = 0")
    try await diagnose(patient.url, as: .schemaOlder)
    try await patient.psql("UPDATE daybook.migration SET number = 1")
    #expect(await examine(patient.url).isHealthy)
    try await patient.psql("DELETE FROM daybook.bank")
    try await diagnose(patient.url, as: .bankMissing)
    try await cluster.dropDatabase(patient.database)
  }

  @Test("Tables changed by hand: a value, a column, a whole table: C15, and nobody blames the path")
  func unreadableSchema() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    for (harm, mend) in [
      (
        "ALTER TABLE daybook.bank DROP CONSTRAINT IF EXISTS bank_currency_check; "
          + "UPDATE daybook.bank SET currency = 'euro'",
        "UPDATE daybook.bank SET currency = 'EUR'"
      ),
      (
        "ALTER TABLE daybook.bank RENAME COLUMN epoch TO era",
        "ALTER TABLE daybook.bank RENAME COLUMN era TO epoch"
      ),
      (
        "ALTER TABLE daybook.exception RENAME TO exceptions",
        "ALTER TABLE daybook.exceptions RENAME TO exception"
      ),
    ] {
      try await patient.psql(harm)
      try await diagnose(patient.url, as: .schemaUnreadable)
      try await patient.mends(mend, patient.url)
    }
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("Missing rights: C16 with the GRANTs that mend it; no identity means no C14 and C15")
  func rights() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    try await patient.psql(
      """
      CREATE ROLE blind LOGIN; CREATE ROLE clerk LOGIN;
      GRANT USAGE ON SCHEMA daybook TO clerk;
      GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA daybook TO clerk;
      GRANT USAGE ON SEQUENCE daybook.change_number TO clerk;
      REVOKE INSERT ON daybook.booking, daybook.line FROM clerk;
      """)
    let report = await examine(patient.url("blind"))
    let host = try #require(report.hosts.first)
    #expect(host.diagnosis?.fault == .rightsMissing, "\(words(host))")
    #expect(host.layers[13].result == .notReached && host.layers[14].result == .notReached)
    #expect(host.layers[12].result == .pass)
    try await patient.mends(try #require(host.diagnosis).remedy, patient.url("blind"))

    let clerk = try await diagnose(patient.url("clerk"), as: .rightsMissing)
    #expect(
      clerk.remedy == "GRANT INSERT ON daybook.booking TO clerk; "
        + "GRANT INSERT ON daybook.line TO clerk;")
    #expect(clerk.sqlState == "42501")
    try await patient.mends(clerk.remedy, patient.url("clerk"))
    await patient.cluster.destroy()
  }

  @Test("Read-only roles and standbys: C17, each with its own fix")
  func readOnly() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    try await patient.psql(
      "CREATE ROLE reader SUPERUSER LOGIN; ALTER ROLE reader SET default_transaction_read_only = on"
    )
    let reader = try await diagnose(patient.url("reader"), as: .readOnlySessions)
    #expect(reader.remedy == "ALTER ROLE reader RESET default_transaction_read_only")
    try await patient.mends(reader.remedy, patient.url("reader"))

    let standby = try await patient.cluster.startStandby()
    let copy = patient.cluster.url(database: patient.database, port: standby.port)
    try await diagnose(copy, as: .standby)
    try await diagnose(copy + "?target_session_attrs=read-write", as: .wrongKindOfServer)
    // The fix of both: the primary named beside it.
    let both = await examine(
      "host=127.0.0.1,127.0.0.1 port=\(standby.port),\(patient.cluster.port) user=daybook "
        + "dbname=\(patient.database) target_session_attrs=read-write")
    #expect(both.isHealthy, "\(words(both))")
    await standby.destroy()
    await patient.cluster.destroy()
  }

  @Test("Locks: C18 and C19, with the session that holds them")
  func locks() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    for (lock, kind) in [
      ("ACCESS EXCLUSIVE", FaultKind.readBlocked), ("EXCLUSIVE", .writeBlocked),
    ] {
      let holder = try await cluster.holdTransaction(
        "LOCK TABLE daybook.inbox IN \(lock) MODE", database: patient.database)
      let failure = try await diagnose(patient.url, as: kind)
      #expect(failure.observed.contains("daybook, holder"), "\(failure.observed)")
      #expect(failure.observed.contains("daybook.inbox"))
      #expect(failure.milliseconds < 2_500)
      let fix = try #require(failure.remedy?.split(separator: ": ").last)
      try await patient.psql(String(fix))
      _ = try? await holder.value
      #expect(await examine(patient.url).isHealthy)
    }
    await cluster.destroy()
  }

  @Test("Who stands at the head: a prepared transaction, a reader before a change, a locked row")
  func heads() async throws {
    let cluster = try await PostgresCluster.start(settings: ["max_prepared_transactions": "2"])
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql(
      "BEGIN; LOCK TABLE daybook.inbox IN EXCLUSIVE MODE; PREPARE TRANSACTION 'left behind'")
    let prepared = try await diagnose(patient.url, as: .writeBlocked)
    #expect(prepared.observed.contains("left behind"), "\(prepared.observed)")
    #expect(prepared.remedy == "ROLLBACK PREPARED 'left behind';")
    try await patient.mends(prepared.remedy, patient.url)

    let reader = try await cluster.holdTransaction(
      "SELECT 1 FROM daybook.line LIMIT 1", database: patient.database)
    let change = Task { try await patient.psql("ALTER TABLE daybook.line ADD COLUMN note text") }
    try await eventually("the change waits for the reader") {
      try await cluster.psql("SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"
    }
    let queue = try await diagnose(patient.url, as: .readBlocked)
    #expect(queue.observed.contains("daybook, holder"), "\(queue.observed)")
    #expect(queue.observed.contains("others wait behind it"), "\(queue.observed)")
    try await end(queue, reader, patient)
    _ = try await change.value

    let row = try await cluster.holdTransaction(
      "SELECT 1 FROM daybook.bank FOR UPDATE", database: patient.database)
    let locked = try await diagnose(patient.url, as: .writeBlocked)
    #expect(locked.observed.contains("daybook, holder"), "\(locked.observed)")
    try await end(locked, row, patient)
    #expect(await examine(patient.url).isHealthy)
    await cluster.destroy()
  }

  /// Follows the fix, which ends the session that holds.
  private func end(
    _ failure: LayerReport, _ holder: Task<Void, any Error>, _ patient: Patient
  ) async throws {
    let fix = try #require(failure.remedy?.split(separator: ": ").last)
    try await patient.psql(String(fix))
    _ = try? await holder.value
  }

  @Test("Tables changed by hand that reject a line: C19")
  func rejected() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    try await patient.psql("ALTER TABLE daybook.inbox ADD COLUMN extra integer NOT NULL")
    try await diagnose(patient.url, as: .writeRejected)
    try await patient.mends("ALTER TABLE daybook.inbox DROP COLUMN extra", patient.url)
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("A full disk under the books: C20; room mends it")
  func diskFull() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let disk = try await SmallDisk(for: cluster, kibibytes: 1_024)
    try await patient.psql("CREATE TABLESPACE small LOCATION '\(disk.tablespace)'")
    try await patient.psql("ALTER TABLE daybook.account_change SET TABLESPACE small")
    #expect(await examine(patient.url).isHealthy)
    try disk.fill()
    let failure = try await diagnose(patient.url, as: .fullDisk)
    #expect(failure.sqlState == "53100")
    #expect(failure.ruledOut.contains { $0.hasPrefix(Phrases.notLostData) })
    try disk.free()
    let report = await examine(patient.url)
    #expect(report.isHealthy, "\(words(report))")
    await cluster.destroy()
    await disk.remove()
  }

  @Test("A slow line is a warning: C21")
  func slow() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let proxy = try SilentProxy(to: patient.cluster.port)
    defer { proxy.close() }
    proxy.slow(milliseconds: 110)
    let report = await examine(
      patient.cluster.url(database: patient.database, port: proxy.port) + "?sslmode=disable")
    let host = try #require(report.hosts.first)
    #expect(host.isHealthy, "\(words(host))")
    #expect(host.layers[20].result == .warn && host.layers[20].fault == .slow, "\(words(host))")
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("A clock that differs by a minute is a warning: C22", arguments: [-60_000, 60_000])
  func clock(_ ahead: Int64) async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let report = await examine(patient.url, clockAhead: ahead)
    let host = try #require(report.hosts.first)
    #expect(host.isHealthy, "\(words(host))")
    #expect(host.layers[21].fault == .clockSkew)
    #expect(host.layers[21].observed.contains(ahead > 0 ? "behind" : "ahead"))
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("A pooler: seen through when it works, C23 when the server behind it is dead")
  func pooler() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let pooler = try await Pooler(to: cluster.port)
    let address = cluster.url(database: patient.database, port: pooler.port)
    let alive = await examine(address)
    #expect(alive.isHealthy, "\(words(alive))")
    #expect(alive.hosts[0].layers[22].observed.contains("a pooler stands in between"))
    try await cluster.kill9()
    // Until the pooler has given its server up, it keeps everybody waiting and says nothing.
    try await eventually("the pooler says what it knows", within: .seconds(20)) {
      await examine(address).hosts.first?.diagnosis?.fault == .poolerWithoutServer
    }
    let failure = try await diagnose(address, as: .poolerWithoutServer)
    #expect(failure.fix?.contains("pooler's log") == true)
    try await cluster.launch()
    try await eventually("the pooler has found its server again", within: .seconds(20)) {
      await examine(address).isHealthy
    }
    await pooler.close()
    await cluster.destroy()
  }

  @Test("A pooler that lends a session for each transaction: C23, the first time and the next")
  func poolerPerTransaction() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let pooler = try await Pooler(to: patient.cluster.port, mode: "transaction")
    let address = patient.cluster.url(database: patient.database, port: pooler.port)
    try await diagnose(address, as: .poolerPerTransaction)
    // Whoever comes second gets a session in which the first has left its statements.
    try await diagnose(address, as: .poolerPerTransaction)
    await pooler.close()
    // The fix, followed.
    let other = try await Pooler(to: patient.cluster.port, mode: "session")
    let mended = await examine(patient.cluster.url(database: patient.database, port: other.port))
    #expect(mended.isHealthy, "\(words(mended))")
    await other.close()
    try await patient.cluster.dropDatabase(patient.database)
  }
}

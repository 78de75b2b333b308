import BankCore
import BankService
import BankTesting
import Diagnosis
import Foundation
import RealParts
import Testing

@Suite("The doctor inside: C14 to C23", .timeLimit(.minutes(4)))
struct InsideTests {
  /// Follows the fix, which must be SQL, and expects health.
  private func mends(_ failure: LayerReport, _ patient: Patient, as address: String) async throws {
    let fix = try #require(failure.remedy)
    try await patient.psql(fix)
    let report = await examine(address)
    #expect(report.isHealthy, "\(fix)\n\(words(report))")
  }

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
    #expect(failure.ruledOut.contains { $0.hasPrefix("not lost data") })
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
    try await patient.psql("UPDATE daybook.migration SET number = 1; DELETE FROM daybook.bank")
    try await diagnose(patient.url, as: .bankMissing)
    try await cluster.dropDatabase(patient.database)
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
    try await mends(try #require(host.diagnosis), patient, as: patient.url("blind"))

    let clerk = try await diagnose(patient.url("clerk"), as: .rightsMissing)
    #expect(
      clerk.remedy == "GRANT INSERT ON daybook.booking TO clerk; "
        + "GRANT INSERT ON daybook.line TO clerk;")
    #expect(clerk.sqlState == "42501")
    try await mends(clerk, patient, as: patient.url("clerk"))
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
    try await mends(reader, patient, as: patient.url("reader"))

    let standby = try await patient.cluster.startStandby()
    let copy = patient.cluster.url(database: patient.database, port: standby.port)
    try await diagnose(copy, as: .standby)
    try await diagnose(copy + "?target_session_attrs=read-write", as: .wrongKindOfServer)
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

  @Test("Tables changed by hand that reject a line: C19")
  func rejected() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    try await patient.psql("ALTER TABLE daybook.inbox ADD COLUMN extra integer NOT NULL")
    try await diagnose(patient.url, as: .writeRejected)
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
    #expect(failure.ruledOut.contains { $0.hasPrefix("not lost data") })
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
    await pooler.close()
    await cluster.destroy()
  }
}

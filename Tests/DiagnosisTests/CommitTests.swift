import BankCore
import BankService
import BankTesting
import RealParts
import Testing

@testable import PostgresStore

/// A rehearsal that is taken back cannot tell what a COMMIT is worth; the settings do.
@Suite("What a COMMIT waits for and promises: C19", .timeLimit(.minutes(4)))
struct CommitTests {
  /// A bank with a role that may do everything and sees nothing of other roles.
  private static func branch(durable: Bool = false) async throws -> Patient {
    let patient = try await Patient.admit(to: try await PostgresCluster.start(durable: durable))
    try await patient.psql(
      """
      CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA daybook TO clerk;
      GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA daybook TO clerk;
      GRANT USAGE ON SEQUENCE daybook.change_number TO clerk;
      """)
    return patient
  }

  private static func hindrance(_ patient: Patient, _ role: String) async throws -> FaultKind? {
    let store = PostgresStore(patient.url(role), schemaFolder: Patient.schemaFolder)
    let greeting = try await store.greet(Fixtures().terminal.id, fresh: true)
    await store.disconnect()
    return greeting.hindrance?.kind
  }

  @Test("A standby that is asked for and not there: C19, for the till too; the fix mends it")
  func standby() async throws {
    let patient = try await Self.branch()
    try await patient.cluster.set("synchronous_standby_names", "s1")
    for role in ["daybook", "clerk"] {
      let failure = try await diagnose(patient.url(role), as: .standbyMissing)
      #expect(failure.observed.contains("1 of the standbys s1"), "\(failure.observed)")
      #expect(failure.fix?.contains("pg_reload_conf") == true)
      #expect(try await Self.hindrance(patient, role) == .standbyMissing)
    }
    // A role that does not wait has nothing to wait for, and promises less.
    let now = "SET synchronous_commit = local; "
    try await patient.psql(now + "ALTER ROLE clerk SET synchronous_commit = local")
    #expect(await examine(patient.url("clerk")).isHealthy)
    try await patient.psql(now + "ALTER ROLE clerk RESET synchronous_commit")

    // Of the walreceivers of a standby that is there, this role sees no more than that.
    try await patient.cluster.set("synchronous_standby_names", "")
    let standby = try await patient.cluster.startStandby()
    try await patient.cluster.set("synchronous_standby_names", "*")
    try await eventually("the standby follows") {
      await examine(patient.url).isHealthy
    }
    let unseen = await examine(patient.url("clerk"))
    #expect(unseen.isHealthy, "\(words(unseen))")
    #expect(unseen.hosts[0].layers[18].observed.contains("may not see"), "\(words(unseen))")
    await standby.destroy()
    try await eventually("the standby has gone") {
      await examine(patient.url("clerk")).hosts.first?.diagnosis?.fault == .standbyMissing
    }
    try await patient.cluster.set("synchronous_standby_names", "")
    #expect(await examine(patient.url("clerk")).isHealthy)
    await patient.cluster.destroy()
  }

  @Test(
    "How many standbys must confirm",
    arguments: [
      ("", 0), ("  ", 0), ("s1", 1), ("*", 1), ("s1, s2", 1), ("2 (a, b, c)", 2),
      ("FIRST 3 (a, b, c)", 3), ("any 2 (*)", 2), ("first", 1), ("\"any\", b", 1),
    ])
  func wanted(_ names: String, _ count: Int64) {
    #expect(CommitPromise.wanted(names) == count)
  }

  @Test("Settings under which a crash loses what was called booked: a warning, and its fix")
  func durability() async throws {
    let patient = try await Self.branch(durable: true)
    func warning() async throws -> LayerReport? {
      let report = await examine(patient.url("clerk"))
      #expect(report.isHealthy, "\(words(report))")
      let layer = report.hosts[0].layers[18]
      return layer.fault == .commitsNotDurable ? layer : nil
    }
    #expect(try await warning() == nil)
    for (harm, setting) in [
      ("ALTER ROLE clerk SET synchronous_commit = off", "synchronous_commit"),
      ("ALTER DATABASE \(patient.database) SET synchronous_commit = off", "synchronous_commit"),
      ("ALTER TABLE daybook.inbox SET UNLOGGED", "daybook.inbox is unlogged"),
    ] {
      try await patient.psql(harm)
      let found = try #require(try await warning(), "\(harm)")
      #expect(found.observed.contains(setting), "\(found.observed)")
      try await patient.psql(try #require(found.remedy))
      #expect(try await warning() == nil, "\(harm): \(found.remedy ?? "")")
    }
    for setting in ["synchronous_commit", "fsync", "full_page_writes"] {
      try await patient.cluster.set(setting, "off")
      let found = try #require(try await warning(), "\(setting)")
      #expect(found.observed.contains(setting), "\(found.observed)")
      try await patient.psql("ALTER SYSTEM RESET \(setting)")
      try await patient.cluster.psql("SELECT pg_reload_conf()")
    }
    await patient.cluster.destroy()
  }

  @Test("Room for fewer sessions than a till needs: a warning at C09, and its fix")
  func room() async throws {
    let patient = try await Self.branch()
    func warning() async throws -> LayerReport? {
      let report = await examine(patient.url("clerk"))
      #expect(report.isHealthy, "\(words(report))")
      return report.hosts[0].layers[8].fault == .fewSessions ? report.hosts[0].layers[8] : nil
    }
    #expect(try await warning() == nil)
    for harm in [
      "ALTER ROLE clerk CONNECTION LIMIT 2", "ALTER ROLE clerk CONNECTION LIMIT 5",
      "ALTER DATABASE \(patient.database) CONNECTION LIMIT 3",
    ] {
      try await patient.psql(harm)
      let found = try #require(try await warning(), "\(harm)")
      try await patient.psql(try #require(found.remedy))
      #expect(try await warning() == nil, "\(harm): \(found.remedy ?? "")")
    }
    await patient.cluster.destroy()
  }

  @Test("Transaction numbers that are used up: C19, not a changed schema; the fix mends it")
  func numbersUsedUp() async throws {
    let patient = try await Self.branch()
    try await patient.cluster.useUpTransactionNumbers()
    // Else the server vacuums by itself, and is mended before anybody looks.
    let holder = try await patient.cluster.holdTransaction(
      "LOCK TABLE daybook.migration IN SHARE UPDATE EXCLUSIVE MODE", database: patient.database)
    let failure = try await diagnose(patient.url, as: .numbersUsedUp)
    #expect(failure.fix?.contains("VACUUM in every database") == true)
    #expect(try await Self.hindrance(patient, "clerk") == .numbersUsedUp)
    holder.cancel()
    _ = try? await holder.value
    for database in [patient.database, "postgres", "template1"] {
      try await patient.cluster.psql("VACUUM", database: database)
    }
    try await eventually("its numbers are free again") { await examine(patient.url).isHealthy }
    await patient.cluster.destroy()
  }
}

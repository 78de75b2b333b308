import BankCore
import Diagnosis
import Foundation
import RealParts
import Testing

/// The bank's tables are real, and so is what makes them slow.
@Suite("The doctor and a server under strain", .timeLimit(.minutes(3)))
struct StrainTests {
  @Test("Reading that takes too long: C18, and not a lock")
  func readSlow() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    try await patient.psql(
      """
      ALTER TABLE daybook.migration RENAME TO migrations;
      CREATE VIEW daybook.migration AS
        SELECT * FROM daybook.migrations WHERE pg_sleep(5) IS NOT NULL;
      """)
    try await diagnose(patient.url, as: .readSlow)
    try await patient.mends(
      "DROP VIEW daybook.migration; ALTER TABLE daybook.migrations RENAME TO migration",
      patient.url)
    await patient.cluster.destroy()
  }

  @Test("Writing that takes too long: C19, though everything can be read")
  func writeSlow() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    try await patient.psql(
      """
      CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END';
      CREATE TRIGGER slow BEFORE INSERT ON daybook.inbox EXECUTE FUNCTION public.wait();
      """)
    try await diagnose(patient.url, as: .writeSlow)
    try await patient.mends("DROP TRIGGER slow ON daybook.inbox", patient.url)
    await patient.cluster.destroy()
  }

  @Test("A server whose memory for locks is used up: C08, and no rights or tables are blamed")
  func outOfMemory() async throws {
    let cluster = try await PostgresCluster.start(settings: [
      "max_locks_per_transaction": "10", "max_connections": "10", "max_wal_senders": "0",
    ])
    let patient = try await Patient.admit(to: cluster)
    let holder = try await cluster.holdUnseen(
      """
      DO $$ DECLARE number bigint := 0; BEGIN
        LOOP
          number := number + 1;
          BEGIN PERFORM pg_advisory_lock(number);
          EXCEPTION WHEN out_of_memory THEN EXIT; END;
        END LOOP;
      END $$
      """, database: patient.database)
    let failure = try await diagnose(patient.url, as: .outOfMemory)
    #expect(failure.sqlState == "53200")
    // The fix, followed: that session is ended.
    holder.cancel()
    _ = try? await holder.value
    try await eventually("the memory is free again") { await examine(patient.url).isHealthy }
    await cluster.destroy()
  }

  @Test("A server that greets and never finishes a login: C08, and not the password")
  func loginUnanswered() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    // Every login looks up its database in this table.
    let holder = try await cluster.holdUnseen(
      "LOCK TABLE pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE", database: patient.database)
    let failure = try await diagnose(patient.url, as: .loginUnanswered)
    #expect(!failure.ruledOut.contains { $0.hasPrefix(Phrases.notOverload) })
    holder.cancel()
    _ = try? await holder.value
    try await eventually("logins are answered again") { await examine(patient.url).isHealthy }
    await cluster.destroy()
  }

  @Test("A line that breaks in the middle of a question, and again: C05")
  func connectionLost() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let proxy = try SilentProxy(to: patient.cluster.port)
    defer { proxy.close() }
    let address = patient.cluster.url(database: patient.database, port: proxy.port)
    #expect(await examine(address).isHealthy)
    proxy.forbid("FROM daybook.account_word LIMIT 1")
    try await diagnose(address, as: .connectionLost)
    try await patient.cluster.dropDatabase(patient.database)
  }
}

import BankCore
import BankService
import RealParts
import Testing

@testable import PostgresStore

@Suite("What a pooler or this till itself keeps from the till", .timeLimit(.minutes(4)))
struct PoolerStateTests {
  @Test("One place in the pool: C09 by the doctor, and by a till that waits for its own session")
  func onePlace() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    let pooler = try await Pooler(to: patient.cluster.port, settings: ["default_pool_size = 1"])
    let address = patient.cluster.url(database: patient.database, port: pooler.port)
    let report = await examine(address)
    let layer = report.hosts[0].layers[8]
    #expect(report.isHealthy && layer.fault == .fewSessions, "\(words(report))")
    #expect(layer.fix?.contains("pool_size") == true)

    let store = PostgresStore(address, schemaFolder: Patient.schemaFolder)
    let lease = try await store.lease(.reading(milliseconds: 20_000))
    try await lease.run(.reading()) { connection throws(StoreFault) in
      _ = try connection.run("SELECT 1")
    }
    let fault = await till(address)
    #expect(fault?.kind == .fewSessions, "\(fault as Any)")
    #expect(fault?.text.contains("this till") == true)
    // The doctor beside an open console says the same.
    try await diagnose(address, as: .fewSessions)
    await lease.end()
    await store.disconnect()
    await pooler.close()

    // The fix, followed.
    let wide = try await Pooler(to: patient.cluster.port, settings: ["default_pool_size = 6"])
    let mended = await examine(
      patient.cluster.url(database: patient.database, port: wide.port))
    #expect(mended.isHealthy && mended.hosts[0].layers[8].result == .pass, "\(words(mended))")
    await wide.close()
    await patient.cluster.destroy()
  }

  @Test("What another client has left in a session: C23 by both, and the fix mends it")
  func unclean() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    for harm in [
      "default_transaction_read_only = on", "session_replication_role = replica",
      "ROLE pg_read_all_stats", "search_path = elsewhere",
    ] {
      for isClean in [false, true] {
        let reset = isClean ? "DISCARD ALL" : ""
        let pooler = try await Pooler(
          to: patient.cluster.port, settings: ["server_reset_query = \(reset)"])
        let address = patient.cluster.url(database: patient.database, port: pooler.port)
        try await Command.succeed([
          "psql", "--no-psqlrc", "--quiet", "--dbname=\(address)", "--command=SET \(harm)",
        ])
        if isClean {
          let report = await examine(address)
          #expect(report.isHealthy, "\(harm): \(words(report))")
          #expect(await till(address) == nil)
        } else if harm.hasPrefix("search_path") {
          // Every name of ours carries its schema: it does no harm, and is said.
          let layer = (await examine(address)).hosts[0].layers[22]
          #expect(layer.fault == .poolerUnclean && layer.observed.contains("search_path"))
        } else {
          let name = harm.split(separator: " ")[0].lowercased()
          let fault = await till(address)
          #expect(fault?.kind == .poolerUnclean, "\(harm): \(fault as Any)")
          let failure = try await diagnose(address, as: .poolerUnclean)
          #expect(failure.observed.contains(name) && fault?.text.contains(name) == true)
        }
        await pooler.close()
      }
    }
    await patient.cluster.destroy()
  }

  @Test("A row that this till itself holds is not called another session's, by doctor and till")
  func ownLock() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    let store = PostgresStore(patient.url, schemaFolder: Patient.schemaFolder)
    let lease = try await store.lease(.writing(milliseconds: 20_000))
    try await lease.run(.writing(milliseconds: 20_000)) { connection throws(StoreFault) in
      _ = try connection.run([.begin, Call("SELECT id FROM daybook.bank FOR UPDATE")])
    }
    let failure = try await diagnose(patient.url, as: .writeBlocked)
    let fault = await till(patient.url)
    #expect(fault?.kind == .writeBlocked)
    for text in [failure.observed, fault?.text ?? ""] {
      #expect(text.contains("by this till itself") && !text.contains("another session"), "\(text)")
    }
    await lease.end()
    #expect(await till(patient.url) == nil)

    // Somebody else's stays somebody else's.
    let holder = try await patient.cluster.holdTransaction(
      "SELECT 1 FROM daybook.bank FOR UPDATE", database: patient.database)
    #expect(await till(patient.url)?.text.contains("another session") == true)
    holder.cancel()
    _ = try? await holder.value
    await store.disconnect()
    await patient.cluster.destroy()
  }
}

import BankCore
import BankService
import BankTesting
import Diagnosis
import RealParts
import Testing

@testable import PostgresStore

/// The rule: each address of each host in turn; the first that lets us in and can be written to.
@Suite("Doctor and till take the same way", .timeLimit(.minutes(4)))
struct WaysTests {
  private static func greeting(_ address: String) async throws(StoreFault) -> Greeting {
    let store = PostgresStore(address, schemaFolder: Patient.schemaFolder)
    let greeting: Greeting
    do throws(StoreFault) {
      greeting = try await store.greet(Fixtures().terminal.id, fresh: true)
    } catch {
      await store.disconnect()
      throw error
    }
    await store.disconnect()
    return greeting
  }

  @Test("A standby first in the list: both go on to the primary, in either order")
  func standbyFirst() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.start())
    let standby = try await patient.cluster.startStandby()
    for ports in [[standby.port, patient.cluster.port], [patient.cluster.port, standby.port]] {
      let list = ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
      let address = "postgres://daybook@\(list)/\(patient.database)"
      let report = await examine(address)
      #expect(report.isHealthy, "\(words(report))")
      #expect(report.decisive?.place == "127.0.0.1:\(patient.cluster.port)")
      let greeting = try await Self.greeting(address)
      #expect(greeting.isWritable && greeting.hindrance == nil)
    }
    // The standby alone is taken too: it can be read.
    try await patient.cluster.stop()
    let address =
      "postgres://daybook@127.0.0.1:\(patient.cluster.port),127.0.0.1:\(standby.port)/"
      + patient.database
    let report = await examine(address)
    #expect(report.decisive?.diagnosis?.fault == .standby, "\(words(report))")
    let readable = try await Self.greeting(address)
    #expect(!readable.isWritable)
    // The dead one before it is not called read-only.
    #expect(readable.place?.contains(String(standby.port)) == true)
    await standby.destroy()
    await patient.cluster.destroy()
  }

  @Test("Another bank first in the list: the doctor says so, for the till would take it")
  func anotherBankFirst() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let stranger = try await PostgresCluster.start()
    try await stranger.psql("CREATE DATABASE \(patient.database)")
    let other = PostgresStore(
      stranger.url(database: patient.database), schemaFolder: Patient.schemaFolder)
    var draft = Fixtures().bank
    draft.id = Identifier(high: 7, low: 7)
    _ = try await other.createBank(draft)
    await other.disconnect()
    let address =
      "postgres://daybook@127.0.0.1:\(stranger.port),127.0.0.1:\(patient.cluster.port)/"
      + patient.database
    let report = await examine(
      address, expecting: ExpectedBank(id: Fixtures().bank.id, name: "Riverside"))
    #expect(report.decisive?.diagnosis?.fault == .anotherBank && !report.isHealthy)
    #expect(try await Self.greeting(address).bank.id == draft.id)
    try await patient.cluster.dropDatabase(patient.database)
    await stranger.destroy()
  }

  @Test(
    "Of the addresses of a name, one that is silent, refuses or is another server is passed by",
    arguments: ["silent", "refuses", "another server", "another service"])
  func addresses(_ first: String) async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let port = patient.cluster.port
    var silent: Int32 = -1
    if first == "silent" { silent = try SilentListener.open(at: "127.0.0.9", port) }
    defer { SilentListener.close(silent) }
    let service =
      first == "another service"
      ? try StrangeService(saying: "HTTP/1.1 400 Bad Request\r\n\r\n", at: "127.0.0.9", port) : nil
    let other =
      first == "another server"
      ? try await PostgresCluster.start(at: "127.0.0.9", port: port) : nil
    let whole = try ServerAddress("postgres://daybook@bank.example:\(port)/\(patient.database)")
    let host = try #require(whole.hosts.first)
    let address = whole.narrowed(to: host, at: ["127.0.0.9", "127.0.0.1"])
    let pool = SessionPool(address) { _ in }
    let place = try await pool.run(.greeting(milliseconds: 3_000, addresses: 1, Hearing())) {
      connection throws(StoreFault) -> String in connection.place
    }
    #expect(place == "bank.example:\(port) (127.0.0.1)")
    pool.endAll()
    await other?.destroy()
    withExtendedLifetime(service) {}
    try await patient.cluster.dropDatabase(patient.database)
  }
}

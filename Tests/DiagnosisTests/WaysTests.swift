import BankCore
import BankService
import BankTesting
import ConnectionString
import Diagnosis
import Foundation
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
    "Of the addresses of a name, one that is of no use is passed by",
    .serialized, arguments: BadWay.Kind.allCases)
  func addresses(_ first: BadWay.Kind) async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let port = patient.cluster.port
    let other = try await BadWay(first, at: "127.0.0.9", port, database: patient.database)
    let whole = try ServerAddress.read(
      "postgres://daybook@bank.example:\(port)/\(patient.database)")
    let host = try #require(whole.hosts.first)
    let address = whole.narrowed(to: host, at: ["127.0.0.9", "127.0.0.1"])
    let pool = SessionPool(address) { _ in }
    let hearing = Hearing()
    let began = ContinuousClock.now
    let place = try await pool.run(.greeting(milliseconds: 3_000, addresses: 1, hearing)) {
      connection throws(StoreFault) -> String in connection.place
    }
    #expect(place == "bank.example:\(port) (127.0.0.1)")
    if first.saysNothing {
      // Its patience, and what a busy machine adds; far from a share of the three seconds.
      let taken = began.duration(to: .now)
      #expect((.milliseconds(250)..<(.milliseconds(1_200))).contains(taken), "\(taken)")
    }
    pool.endAll()
    await other.close()
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test(
    "Where no way works, doctor and till name the same layer",
    .serialized,
    arguments: [
      [BadWay.Kind.isSilent, .refuses], [.refuses, .dropsPackets], [.saysAnOddByte, .isSilent],
      [.closesAtOnce, .refuses], [.closesAtOnce, .isSilent], [.isAnotherServer, .isSilent],
    ])
  func noWay(_ kinds: [BadWay.Kind]) async throws {
    let port = try FreePort.find()
    let places = ["127.0.0.8", "127.0.0.9"]
    var others: [BadWay] = []
    for (kind, place) in zip(kinds, places) {
      others.append(try await BadWay(kind, at: place, port, database: "bank"))
    }
    for order in [places, places.reversed()] {
      let list = order.map { "\($0):\(port)" }.joined(separator: ",")
      let address = "postgres://daybook@\(list)/bank"
      let report = await examine(address)
      let cause = await till(address)
      let diagnosis = try #require(report.decisive?.diagnosis, "\(words(report))")
      #expect(diagnosis.fault == cause?.kind, "\(kinds) \(order): \(String(describing: cause))")
      #expect(!report.isHealthy)
    }
    for other in others { await other.close() }
  }

  @Test("A silent host before the one that answers is a warning of the doctor, by its name")
  func silentHostAhead() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let port = patient.cluster.port
    let silent = try SilentListener(at: "127.0.0.9", port)
    let report = await examine(
      "postgres://daybook@127.0.0.9:\(port),127.0.0.1:\(port)/\(patient.database)")
    let greeting = try #require(report.decisive?.layers.first { $0.layer == .notThisService })
    #expect(report.isHealthy && greeting.fault == .silentAhead, "\(words(report))")
    #expect(greeting.observed.contains("127.0.0.9:\(port) comes before it"))
    // Behind the one that answers it costs nothing, and nothing is said of it.
    let behind = await examine(
      "postgres://daybook@127.0.0.1:\(port),127.0.0.9:\(port)/\(patient.database)")
    #expect(behind.isHealthy, "\(words(behind))")
    #expect(behind.decisive?.layers.contains { $0.fault == .silentAhead } == false)
    withExtendedLifetime(silent) {}
    try await patient.cluster.dropDatabase(patient.database)
  }

  @Test("However often a till passes a silent way by, no descriptor stays open")
  func noDescriptorLeft() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let port = patient.cluster.port
    let silent = try SilentListener(at: "127.0.0.9", port)
    let url = "postgres://daybook@127.0.0.9:\(port),127.0.0.1:\(port)/\(patient.database)"
    #expect(await till(url) == nil)
    let before = try openSockets()
    for _ in 0..<16 { #expect(await till(url) == nil) }
    #expect(try openSockets() < before + 8)
    withExtendedLifetime(silent) {}
    try await patient.cluster.dropDatabase(patient.database)
  }

  /// How many sockets this process has open.
  private func openSockets() throws -> Int {
    let folder = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder).count { number in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "\(folder)/\(number)")
      return target?.hasPrefix("socket:") ?? false
    }
  }

  @Test("A name that is not looked up keeps no host behind it from a till")
  func silentName() async throws {
    let patient = try await Patient.admit(to: try await PostgresCluster.shared)
    let place = "127.0.0.1:\(patient.cluster.port)"
    let cause = await till("postgres://daybook@no-such-host.invalid,\(place)/\(patient.database)")
    #expect(cause == nil)
    try await patient.cluster.dropDatabase(patient.database)
  }
}

import BankCore
import BankService
import BankTesting
import Diagnosis
import Foundation
import PostgresStore
import RealParts
import Testing

/// A bank on a real server that a suite may ill-treat, and the doctor who looks at it.
struct Patient: Sendable {
  let cluster: PostgresCluster
  let database: String

  /// - Parameter cluster: a server of its own, or one that the suite shares.
  static func admit(to cluster: PostgresCluster) async throws -> Patient {
    let patient = Patient(cluster: cluster, database: try await cluster.createDatabase())
    let store = PostgresStore(patient.url, schemaFolder: Self.schemaFolder)
    _ = try await store.createBank(Fixtures().bank)
    await store.disconnect()
    return patient
  }

  static let schemaFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data/schema/postgres").path

  var url: String { cluster.url(database: database) }

  /// The address for a role with the password `s3cret`.
  func url(_ role: String, _ database: String? = nil, options: String = "") -> String {
    "postgres://\(role):s3cret@127.0.0.1:\(cluster.port)/\(database ?? self.database)\(options)"
  }

  @discardableResult
  func psql(_ sql: String) async throws -> String {
    try await cluster.psql(sql, database: database)
  }

  /// Follows a fix, which must be SQL, and expects health.
  func mends(
    _ fix: String?, _ address: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let fix = try #require(fix, sourceLocation: sourceLocation)
    try await psql(fix)
    let report = await examine(address, sourceLocation: sourceLocation)
    #expect(report.isHealthy, "\(fix)\n\(words(report))", sourceLocation: sourceLocation)
  }
}

/// Examines an address and checks what must hold for every report.
func examine(
  _ address: String, expecting: ExpectedBank? = nil, clockAhead milliseconds: Int64 = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) async -> ConnectionReport {
  let doctor = Doctor(expecting: expecting) {
    let now = Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000))
    return now.advanced(byMilliseconds: milliseconds)
  }
  let report = await doctor.examine(
    PostgresProbe.probes(of: address, remembering: expecting?.memory))
  for host in report.hosts {
    #expect(host.layers.map(\.layer) == Layer.allCases, sourceLocation: sourceLocation)
    let text = "\(host)"
    #expect(!text.contains("s3cret"), "\(text)", sourceLocation: sourceLocation)
    for layer in host.layers { expectInTime(layer, sourceLocation: sourceLocation) }
    let whole = host.layers.map(\.milliseconds).reduce(0, +)
    #expect(whole <= Double(Doctor.limitMilliseconds) + 2_500, sourceLocation: sourceLocation)
    guard let failed = host.layers.firstIndex(where: { $0.result == .fail }) else { continue }
    let behind = host.layers[(failed + 1)...]
    #expect(
      behind.allSatisfy { $0.result == .notReached }, "\(words(host))",
      sourceLocation: sourceLocation)
    #expect(host.layers[failed].fault != nil, sourceLocation: sourceLocation)
  }
  return report
}

/// Examines an address whose only host must fail in one way, and returns that layer.
@discardableResult
func diagnose(
  _ address: String, as kind: FaultKind, expecting: ExpectedBank? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws -> LayerReport {
  let report = await examine(address, expecting: expecting, sourceLocation: sourceLocation)
  let host = try #require(report.hosts.first, sourceLocation: sourceLocation)
  let failure = try #require(host.diagnosis, "\(words(host))", sourceLocation: sourceLocation)
  #expect(failure.fault == kind, "\(words(host))", sourceLocation: sourceLocation)
  #expect(failure.layer == kind.layer, sourceLocation: sourceLocation)
  // No other layer is named: neither as a second failure, nor as one that could not be tested.
  let named = host.layers.filter { [.fail, .couldNotTest].contains($0.result) }
  #expect(named == [failure], "\(words(host))", sourceLocation: sourceLocation)
  return failure
}

/// What keeps a till from the bank at its first greeting; nil where it is online.
func till(_ address: String) async -> StoreFault? {
  let store = PostgresStore(address, schemaFolder: Patient.schemaFolder)
  defer { Task { await store.disconnect() } }
  do throws(StoreFault) {
    return try await store.greet(Identifier(high: 1, low: 1), fresh: true).hindrance
  } catch {
    return error
  }
}

/// Each answer comes within the time that is stated for its layer. The login has the time of the
/// encryption and its own, and a busy machine a while to wake up everybody who has a part in it.
func expectInTime(_ report: LayerReport, sourceLocation: SourceLocation) {
  let stated = Double(report.layer.limitMilliseconds) * 2
  #expect(
    report.milliseconds <= stated + 2_500,
    "\(report.code) took \(report.milliseconds) ms", sourceLocation: sourceLocation)
}

/// A report as it stands in the message of a failed test.
func words(_ host: HostReport) -> String {
  host.layers.map { layer in
    "\(layer.code) \(layer.result.rawValue) \(layer.observed)"
  }.joined(separator: "\n")
}

func words(_ report: ConnectionReport) -> String {
  report.hosts.map(words).joined(separator: "\n\n")
}

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

  private static let schemaFolder = URL(fileURLWithPath: #filePath)
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
    #expect(host.layers.map(\.code) == CauseCode.layers, sourceLocation: sourceLocation)
    let text = "\(host)"
    #expect(!text.contains("s3cret"), "\(text)", sourceLocation: sourceLocation)
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
  #expect(failure.code == kind.code, sourceLocation: sourceLocation)
  return failure
}

/// A report as it stands in the message of a failed test.
func words(_ host: HostReport) -> String {
  host.layers.map { layer in
    "\(layer.code.code) \(layer.result.rawValue) \(layer.observed)"
  }.joined(separator: "\n")
}

func words(_ report: ConnectionReport) -> String {
  report.hosts.map(words).joined(separator: "\n\n")
}

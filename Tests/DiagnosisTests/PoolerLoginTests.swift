import BankCore
import BankService
import Foundation
import RealParts
import Testing

@Suite("The doctor and the till before a pooler", .timeLimit(.minutes(3)))
struct PoolerLoginTests {
  /// What the pooler is told, what is done to the server behind it, and what both must say.
  private struct Case {
    let kind: FaultKind
    var password = "s3cret"
    var options = ""
    var database: String?
    var settings: [String] = []
    /// At the server, and how it is mended.
    var harm: (sql: String, cure: String)?
  }

  @Test("What the pooler says and what the server behind it says are told apart, the same by both")
  func refusals() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql("CREATE ROLE teller LOGIN SUPERUSER PASSWORD 's3cret'")
    try await cluster.setAccessRules(["host all teller 127.0.0.1/32 scram-sha-256"])
    for entry in Self.cases {
      let pooler = try await Pooler(
        to: cluster.port, users: ["teller": "s3cret"], database: entry.database,
        settings: entry.settings)
      func address(_ password: String, _ options: String) -> String {
        "postgres://teller:\(password)@127.0.0.1:\(pooler.port)/\(patient.database)\(options)"
      }
      let sick = address(entry.password, entry.options)
      if let harm = entry.harm { try await patient.psql(harm.sql) }
      let failure = try await diagnose(sick, as: entry.kind)
      #expect(failure.sqlState == "08P01", "\(failure)")
      let fault = await till(sick)
      #expect(fault?.kind == entry.kind, "\(String(describing: fault))")
      if let harm = entry.harm {
        // Mended as the fix says; the pooler lets go of its refusal after a second.
        try await patient.psql(harm.cure)
        try await eventually("it is healthy again") { await examine(sick).isHealthy }
      }
      await pooler.close()
    }
    await cluster.destroy()
  }

  private static let cases: [Case] = [
    Case(kind: .loginRefused, password: "n0pe"),
    Case(kind: .loginRefused, password: "n0pe", settings: ["auth_type = md5"]),
    Case(kind: .loginRefused, password: "n0pe", settings: ["auth_type = plain"]),
    Case(kind: .unknownSetting, options: "?options=-c%20geqo%3Doff"),
    Case(kind: .noFreeSlot, settings: ["max_client_conn = 0"]),
    Case(kind: .databaseMissing, database: "elsewhere"),
    Case(
      kind: .poolerLoginRefused,
      harm: (
        "ALTER ROLE teller VALID UNTIL '2020-01-01'", "ALTER ROLE teller VALID UNTIL 'infinity'"
      )),
    Case(kind: .poolerLoginRefused, harm: ("ALTER ROLE teller NOLOGIN", "ALTER ROLE teller LOGIN")),
    Case(
      kind: .poolerLoginRefused,
      harm: ("ALTER ROLE teller PASSWORD 'other'", "ALTER ROLE teller PASSWORD 's3cret'")),
  ]

  @Test("A pooler's own rules, its demand for encryption, and statements in turn")
  func rules() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    try await patient.psql("CREATE ROLE teller LOGIN SUPERUSER PASSWORD 's3cret'")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pooler-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("host all all 10.0.0.0/8 trust\n".utf8)
      .write(to: URL(fileURLWithPath: "\(folder)/hba"))
    // Its files live as long as the authority itself.
    let authority = try await CertificateAuthority()
    let (key, certificate) = try await authority.signClient("localhost")
    for (from, to) in [(key, "key"), (certificate, "crt")] {
      try await Command.succeed(["install", "--mode=644", from, "\(folder)/\(to)"])
    }
    withExtendedLifetime(authority) {}
    let encryption = [
      "client_tls_sslmode = require", "client_tls_key_file = \(folder)/key",
      "client_tls_cert_file = \(folder)/crt",
    ]
    let cases: [(FaultKind, [String], String, String)] = [
      (.noAccessRule, ["auth_type = hba", "auth_hba_file = \(folder)/hba"], "session", ""),
      (.encryptionDemanded, encryption, "session", "?sslmode=disable"),
      (.channelBindingImpossible, encryption, "session", "?channel_binding=require"),
      (.poolerPerTransaction, [], "statement", ""),
    ]
    for (kind, settings, mode, options) in cases {
      let pooler = try await Pooler(
        to: cluster.port, mode: mode, users: ["teller": "s3cret"], settings: settings)
      let plain = "postgres://teller:s3cret@127.0.0.1:\(pooler.port)/\(patient.database)"
      try await diagnose(plain + options, as: kind)
      // The fix, followed: only what was demanded is different.
      if !options.isEmpty {
        #expect(await examine(plain + "?sslmode=require").isHealthy)
      }
      await pooler.close()
    }
    await cluster.destroy()
  }
}

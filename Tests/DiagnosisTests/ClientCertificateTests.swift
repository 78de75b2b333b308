import BankCore
import BankService
import Foundation
import RealParts
import Testing

@Suite("What is said on our side of an encrypted login: C07 and C11", .timeLimit(.minutes(3)))
struct ClientCertificateTests {
  @Test("A certificate or a key that cannot be used is named with its file; mended, all is well")
  func files() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let authority = try await CertificateAuthority()
    try await patient.psql("CREATE ROLE teller LOGIN SUPERUSER PASSWORD 's3cret'")
    try await cluster.setCertificate(authority, CertificateAuthority.Flaw.none)
    try await cluster.setAccessRules([
      "hostssl all teller 127.0.0.1/32 scram-sha-256", "host all teller 127.0.0.1/32 reject",
    ])
    let (key, certificate) = try await authority.signClient("teller")
    let (otherKey, _) = try await authority.signClient("other")
    let junk = key + ".junk"
    try Data("junk\n".utf8).write(to: URL(fileURLWithPath: junk))
    let (open, locked) = (key + ".open", key + ".locked")
    for copy in [open, locked] { try FileManager.default.copyItem(atPath: key, toPath: copy) }
    try await authority.lock(locked)
    func rights(_ file: String, _ mode: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }
    for file in [key, otherKey, locked] { try rights(file, 0o600) }
    try rights(open, 0o644)
    func address(_ certificate: String, _ key: String, _ mode: String) -> String {
      patient.url("teller", options: "?sslmode=\(mode)&sslcert=\(certificate)&sslkey=\(key)")
    }
    let cases = [
      (junk, key, junk), (certificate, open, open), (certificate, otherKey, otherKey),
      (certificate, locked, locked), (certificate, "/no/such.key", "/no/such.key"),
    ]
    for (certificate, key, named) in cases {
      // With prefer libpq tries again without encryption, which no rule admits.
      for mode in ["require", "prefer"] {
        let failure = try await diagnose(
          address(certificate, key, mode), as: .clientCertificateUnusable)
        #expect(failure.observed.contains(named), "\(failure)")
        #expect(failure.fix?.contains(named) == true, "\(failure)")
      }
    }
    // The fix of the open one, followed.
    let failure = try await diagnose(
      address(certificate, open, "require"), as: .clientCertificateUnusable)
    #expect(failure.fix == "chmod 600 \(open)")
    try rights(open, 0o600)
    #expect(await examine(address(certificate, open, "require")).isHealthy)

    // Where a rule admits it, prefer goes on without encryption; the doctor says so.
    try await cluster.setAccessRules(["host all teller 127.0.0.1/32 scram-sha-256"])
    try rights(open, 0o644)
    let report = await examine(address(certificate, open, "prefer"))
    let layer = try #require(report.hosts.first?.layers[6])
    #expect(report.isHealthy && layer.result == .warn, "\(words(report))")
    #expect(layer.fault == .clientCertificateUnusable && layer.fix == "chmod 600 \(open)")
    await cluster.destroy()
  }

  @Test("A certificate that the server demands, and channel binding that it cannot give: C11")
  func demands() async throws {
    let cluster = try await PostgresCluster.start()
    let patient = try await Patient.admit(to: cluster)
    let authority = try await CertificateAuthority()
    try await patient.psql(
      """
      CREATE ROLE teller LOGIN SUPERUSER PASSWORD 's3cret'; SET password_encryption = md5;
      CREATE ROLE older LOGIN SUPERUSER PASSWORD 's3cret'; CREATE ROLE trusted LOGIN SUPERUSER;
      """)
    try await cluster.setCertificate(authority, CertificateAuthority.Flaw.none)
    let data = try await cluster.psql("SHOW data_directory")
    try await Command.succeed(
      ["install", "--mode=644", authority.certificate, "\(data)/authority.crt"])
    try await cluster.set("ssl_ca_file", "authority.crt")
    try await cluster.setAccessRules([
      "hostssl all teller 127.0.0.1/32 scram-sha-256 clientcert=verify-full",
      "host all teller 127.0.0.1/32 reject",
      "host all older 127.0.0.1/32 md5", "host all trusted 127.0.0.1/32 trust",
    ])
    for options in ["", "?sslmode=require"] {
      try await diagnose(patient.url("teller", options: options), as: .clientCertificateDemanded)
    }
    let (key, certificate) = try await authority.signClient("teller")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let given = "?sslmode=require&sslcert=\(certificate)&sslkey=\(key)"
    #expect(await examine(patient.url("teller", options: given)).isHealthy)

    // One of an authority that the server does not know: the server's own word, and the file.
    for (name, alert) in [("Stranger", "unknown ca"), ("Test authority", "decrypt error")] {
      let stranger = try await CertificateAuthority(named: name)
      let (strangeKey, strange) = try await stranger.signClient("teller")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: strangeKey)
      for mode in ["require", "prefer"] {
        let address = patient.url(
          "teller", options: "?sslmode=\(mode)&sslcert=\(strange)&sslkey=\(strangeKey)")
        let failure = try await diagnose(address, as: .clientCertificateUnusable)
        #expect(failure.observed.contains(alert), "\(failure)")
        #expect(failure.observed.contains(strange), "\(failure)")
        #expect(await till(address)?.kind == .clientCertificateUnusable)
      }
      withExtendedLifetime(stranger) {}
    }

    for role in ["older", "trusted"] {
      let demanding = patient.url(role, options: "?channel_binding=require")
      let failure = try await diagnose(demanding, as: .channelBindingImpossible)
      #expect(failure.observed.contains("comes from the address"), "\(failure)")
      // The fix, followed.
      let mended = patient.url(role, options: "?channel_binding=prefer")
      #expect(await examine(mended).isHealthy)
    }
    let system = try await diagnose(
      patient.url("older", options: "?sslmode=verify-full&sslrootcert=system"),
      as: .authorityFileMissing)
    #expect(system.fix?.contains("/etc/ssl/certs") == true, "\(system)")
    await cluster.destroy()
  }
}

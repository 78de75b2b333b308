import Foundation

/// A certificate authority of a test, and the certificates it signs.
public struct CertificateAuthority: Sendable {
  /// What clients name with `sslrootcert`.
  public var certificate: String { "\(caretaker.directory)/ca.crt" }
  private let caretaker: Caretaker

  /// What is special about a server's certificate.
  public enum Flaw: String, Sendable {
    case none, expired, otherName
  }

  /// - Parameter name: two of one name are told apart by their signatures alone.
  public init(named name: String = "Test authority") async throws {
    caretaker = try Caretaker("certificates")
    try await Self.openssl(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=\(name)", "-days", "2",
      ], in: caretaker.directory)
  }

  /// Makes a key and a certificate for localhost and returns their files.
  func sign(_ flaw: Flaw) async throws -> (key: String, certificate: String) {
    let folder = caretaker.directory
    let name = flaw == .otherName ? "elsewhere.example" : "localhost"
    try await Self.openssl(
      [
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "\(flaw).key", "-out", "\(flaw).csr", "-subj", "/CN=\(name)",
      ], in: folder)
    let names = flaw == .otherName ? "DNS:elsewhere.example" : "DNS:localhost,IP:127.0.0.1"
    try "subjectAltName=\(names)\n".write(
      toFile: "\(folder)/\(flaw).ext", atomically: true, encoding: .utf8)
    try await Self.openssl(
      [
        "x509", "-req", "-in", "\(flaw).csr", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", flaw == .expired ? "-1" : "2", "-extfile", "\(flaw).ext",
        "-out", "\(flaw).crt",
      ], in: folder)
    return ("\(folder)/\(flaw).key", "\(folder)/\(flaw).crt")
  }

  /// Makes a key and a certificate of a client, for the role of that name.
  public func signClient(_ role: String) async throws -> (key: String, certificate: String) {
    let folder = caretaker.directory
    try await Self.openssl(
      [
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "\(role).key", "-out", "\(role).csr", "-subj", "/CN=\(role)",
      ], in: folder)
    try await Self.openssl(
      [
        "x509", "-req", "-in", "\(role).csr", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "2", "-out", "\(role).crt",
      ], in: folder)
    return ("\(folder)/\(role).key", "\(folder)/\(role).crt")
  }

  /// Writes a key anew, locked with a password.
  public func lock(_ key: String) async throws {
    try await Self.openssl(
      ["pkey", "-in", key, "-aes128", "-passout", "pass:l0ck", "-out", "\(key).locked"],
      in: caretaker.directory)
    try await Command.succeed(["mv", "\(key).locked", key])
  }

  private static func openssl(_ arguments: [String], in folder: String) async throws {
    try await Command.succeed(["openssl"] + arguments, directory: folder)
  }
}

extension PostgresCluster {
  /// Turns encryption on with a certificate for localhost, perhaps a flawed one; nil turns it off.
  public func setCertificate(
    _ authority: CertificateAuthority, _ flaw: CertificateAuthority.Flaw?
  ) async throws {
    guard let flaw else { return try await set("ssl", "off") }
    let (key, certificate) = try await authority.sign(flaw)
    let owner = installation.user.map { ["--owner=\($0.name)"] } ?? []
    for (file, name) in [(key, "server.key"), (certificate, "server.crt")] {
      try await Command.succeed(["install", "--mode=600"] + owner + [file, "\(data)/\(name)"])
    }
    try await set("ssl", "off")
    try await set("ssl", "on")
  }

  /// Changes a setting that needs no restart, and returns when new sessions see it.
  public func set(_ setting: String, _ value: String) async throws {
    try await psql("ALTER SYSTEM SET \(setting) = '\(value)'; SELECT pg_reload_conf();")
    try await eventually("new sessions see \(setting) = \(value)") {
      try await psql("SHOW \(setting)") == value
    }
  }
}

import ConnectionString
import Foundation
import Testing

@Suite("Where the parts of a database's address come from")
struct ConnectionPartsTests {
  private func parts(
    _ address: String, _ environment: [String: String] = [:], home: String = "/nowhere"
  ) -> [String] {
    ConnectionParts(
      address: address, place: "config.yaml:1",
      ConnectionSurroundings(environment: environment, home: home)
    ).all.map { part in
      let value = part.value.map { "=\($0)" } ?? ""
      let note = part.note.map { " (\($0))" } ?? ""
      return "\(part.isUsed ? "" : "not ")\(part.keyword)\(value) \(part.place)\(note)"
        .replacingOccurrences(of: home, with: "~")
    }
  }

  @Test("the address beats the variables, and no secret is kept")
  func variables() {
    let found = parts(
      "postgres://ana:s3cret@db.branch:5433/books?sslmode=require",
      ["PGPORT": "5432", "PGPASSWORD": "other", "PGAPPNAME": "till", "PGUSER": ""])
    #expect(
      found == [
        "dbname=books config.yaml:1", "host=db.branch config.yaml:1", "password config.yaml:1",
        "port=5433 config.yaml:1", "sslmode=require config.yaml:1", "user=ana config.yaml:1",
        "application_name=till PGAPPNAME", "not port=5432 PGPORT (config.yaml:1 is stronger)",
        "not password PGPASSWORD (config.yaml:1 is stronger)",
      ])
    #expect(parts("sqlite:/b.sqlite", ["PGHOST": "x"]).isEmpty)
    #expect(parts("postgres://ana:s3cret/books").isEmpty, "a password where a port belongs")
  }

  @Test("the URL is taken apart as libpq does it")
  func urls() {
    #expect(
      parts("postgres://[::1]:5433,db2/b%2Dc") == [
        "dbname=b-c config.yaml:1", "host=::1,db2 config.yaml:1", "port=5433, config.yaml:1",
      ])
    #expect(parts("host=a host=b") == ["host=b config.yaml:1"])
  }

  @Test("a service file, with its lines, is stronger than the variables")
  func service() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.write(
      "# ours\n[other]\nhost=x\n[branch]\nhost=db\npassword=s3cret\n[third]\nport=1\n",
      ".pg_service.conf")
    let found = parts("service=branch dbname=b", ["PGHOST": "no"], home: folder.path)
    #expect(
      found == [
        "dbname=b config.yaml:1", "service=branch config.yaml:1", "host=db ~/.pg_service.conf:5",
        "password ~/.pg_service.conf:6",
        "not host=no PGHOST (~/.pg_service.conf:5 is stronger)",
      ])
    let missing = parts(
      "dbname=b", ["PGSERVICE": "none", "PGSYSCONFDIR": folder.path], home: folder.path)
    #expect(missing.contains { $0.contains("no service file defines the service none") })
  }

  @Test("the password file: the line that fits, and rights that are too wide")
  func passwordFile() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(
      "# a\ndb:5432:other:ana:s3cret\n*:*:books:ana:se\\:cret\n", ".pgpass")
    func rights(_ mode: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }
    try rights(0o600)
    let address = "host=db user=ana dbname=books"
    #expect(parts(address, home: folder.path).last == "password ~/.pgpass:3 (for db)")
    #expect(
      parts("host=db user=bob dbname=books", home: folder.path).last
        == "not password ~/.pgpass (has no line for db)")
    // A file that opens for reading for nobody, root included.
    let closed = "/proc/sys/vm/drop_caches"
    #expect(
      parts("\(address) passfile=\(closed)", home: folder.path).last
        == "not password \(closed) (cannot be read)")
    try rights(0o644)
    #expect(
      parts(address, home: folder.path).last
        == "not password ~/.pgpass (ignored: others may read it; chmod 600 ~/.pgpass)")
    #expect(
      !parts(address, ["PGPASSWORD": "x"], home: folder.path).contains { $0.contains("pgpass") }
    )
  }
}

/// A home with files in it.
private struct Folder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("parts-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

import Foundation
import Settings
import Testing

@Suite("Where the parts of a database's address come from")
struct ConnectionPartsTests {
  private func parts(
    _ address: String, _ environment: [String: String] = [:], home: String = "/nowhere"
  ) -> [String] {
    ConnectionParts(address: address, place: "config.yaml:1", environment: environment, home: home)
      .all.map { part in
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
        "not port=5432 PGPORT (config.yaml:1 is stronger)",
        "not password PGPASSWORD (config.yaml:1 is stronger)", "application_name=till PGAPPNAME",
      ])
    #expect(parts("sqlite:/b.sqlite", ["PGHOST": "x"]).isEmpty)
    #expect(parts("postgres://ana:s3cret/books").isEmpty, "a password where a port belongs")
  }

  @Test("the URL is taken apart as libpq does it")
  func urls() {
    #expect(
      parts("postgres://[::1]:5433,db2/b%20c") == [
        "dbname=b c config.yaml:1", "host=::1,db2 config.yaml:1", "port=5433, config.yaml:1",
      ])
    #expect(parts("host=a host=b") == ["host=b config.yaml:1"])
  }

  @Test("a service file, with its lines, is stronger than the variables")
  func service() throws {
    let workshop = try Workshop()
    try workshop.write(
      "# ours\n[other]\nhost=x\n[branch]\nhost=db\npassword=s3cret\n[third]\nport=1\n",
      ".pg_service.conf")
    let found = parts("service=branch dbname=b", ["PGHOST": "no"], home: workshop.folder)
    #expect(
      found == [
        "dbname=b config.yaml:1", "service=branch config.yaml:1", "host=db ~/.pg_service.conf:5",
        "password ~/.pg_service.conf:6",
        "not host=no PGHOST (~/.pg_service.conf:5 is stronger)",
      ])
    let missing = parts(
      "dbname=b", ["PGSERVICE": "none", "PGSYSCONFDIR": workshop.folder], home: workshop.folder)
    #expect(missing.contains { $0.contains("no service of that name") })
  }

  @Test("the password file: the line that fits, and rights that are too wide")
  func passwordFile() throws {
    let workshop = try Workshop()
    let file = try workshop.write(
      "# a\ndb:5432:other:ana:s3cret\n*:*:books:ana:se\\:cret\n", ".pgpass")
    func rights(_ mode: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }
    try rights(0o600)
    let address = "host=db user=ana dbname=books"
    #expect(parts(address, home: workshop.folder).last == "password ~/.pgpass:3 (for db)")
    #expect(
      parts("host=db user=bob dbname=books", home: workshop.folder).last
        == "not password ~/.pgpass (has no line for db)")
    try rights(0o644)
    #expect(
      parts(address, home: workshop.folder).last
        == "not password ~/.pgpass (ignored: others may read it; chmod 600 ~/.pgpass)")
    #expect(
      !parts(address, ["PGPASSWORD": "x"], home: workshop.folder).contains { $0.contains("pgpass") }
    )
  }
}

@Suite("What a candidate would change")
struct SettingChangeTests {
  @Test("each key with both values and origins, masked, and what would beat it")
  func changes() throws {
    let workshop = try Workshop()
    let old = try workshop.write(
      "database: postgres://ana:one@db/b\nterminal: till-1\ntheme: night\n", "old.yaml")
    let new = try workshop.write(
      "database: postgres://ana:two@db/b\nterminal: till-2\ntheme: night\n", "new.yaml")
    let system = try workshop.write("terminal: till-9\n", "system.yaml")
    let environment = ["DAYBOOK_TERMINAL": "till-3"]
    let now = try Settings.load(environment: environment, files: [old, system])
    let then = try Settings.load(environment: environment, files: [new, system])
    let changes = now.changes(to: then)
    #expect(changes.map(\.key) == [.database, .terminal])
    #expect(changes[0].shownOld == "postgres://ana:•••@db/b")
    #expect(changes[0].shownNew == "postgres://ana:•••@db/b (another password)")
    #expect(changes[0].overriddenBy == nil)
    #expect(changes[1].old?.origin == .file(old, line: 2) && changes[1].shownNew == "till-2")
    #expect(changes[1].overriddenBy?.origin == .environment("DAYBOOK_TERMINAL"))
    #expect(changes[1].overrides.map(\.origin) == [.file(system, line: 1)])
    #expect(now.changes(to: now).isEmpty)
  }

  @Test("a text can stand for a file that is not there yet")
  func standIns() throws {
    let settings = try Settings.load(
      files: ["/nowhere.yaml"], standIns: ["/nowhere.yaml": "theme: paper\n"])
    #expect(settings.theme == "paper")
    #expect(settings[.theme].winner?.origin == .file("/nowhere.yaml", line: 1))
  }
}

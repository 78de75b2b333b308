import Foundation
import RealParts
import Testing

@testable import ConnectionString

/// What psql, with the real libpq in it, makes of variables and service files: which sockets it tries,
/// or what it says of a line.
@Suite("Variables and service files are read as libpq reads them", .serialized)
struct SurroundingsTests {
  private static func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("surroundings-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  /// The sockets that psql tries, in their order; what it says where it tries none.
  private static func library(
    _ address: String, _ environment: [String: String], home: String
  ) async throws -> (sockets: [String], words: String) {
    var all = Command.plainEnvironment.merging(environment) { $1 }
    all["HOME"] = home
    // psql reads an address where one stands in the place of the database.
    let result = try await Command.run(
      ["psql", "--no-psqlrc", "--no-password", "--dbname=\(address)", "--command=SELECT 1"],
      environment: all)
    let words = result.standardError
    let sockets = words.matches(of: /socket "(?<path>[^"]*)" failed/).map { String($0.path) }
    return (sockets, words)
  }

  private static func own(
    _ address: String, _ environment: [String: String], home: String
  ) throws(ConnectionMistake) -> [String] {
    let surroundings = ConnectionSurroundings(environment: environment, home: home)
    return try ServerAddress(address, surroundings).hosts.map { "\($0.name)/.s.PGSQL.\($0.port)" }
  }

  private static func compare(
    _ address: String, _ environment: [String: String] = [:], home: String = "/nowhere"
  ) async throws {
    let found = try await library(address, environment, home: home)
    do throws(ConnectionMistake) {
      let sockets = try own(address, environment, home: home)
      #expect(sockets == found.sockets, "\(address) \(environment): \(found.words)")
    } catch {
      // Stricter than libpq: a sign in a host was meant otherwise.
      let isStricter = error.text.contains("holds signs that no host has")
      #expect(
        found.sockets.isEmpty || isStricter, "\(address) \(environment): \(error.text)")
      let line = found.words.firstMatch(of: /line (?<number>\d+)/).map { ":\($0.number)" }
      if let line { #expect(error.text.contains(line), "\(error.text) \(found.words)") }
    }
  }

  @Test("addresses × variables: what is empty in the address keeps a variable from being asked")
  func variables() async throws {
    let addresses = [
      "user=a dbname=b", "host=/d1 user=a", "host='' user=a", "host=/d1,/d2 port=1,2",
      "host=/d1,/d2 port=1", "host=/d1,/d2 port=1,", "host=/d1,/d2", "host=/d1 port=''",
      "host=/d1,,/d2 port=1,2,3", "host=/d1 port=1,2", "host=/d1,/d2 port=1,2,3",
      "postgres:///b?host=/d1&port=", "postgres://%2Fd1,%2Fd2:2/b", "postgres://%2Fd1:1,%2Fd2/b",
      "host=/d1 port=' 7 '", "host=/d1 port=0", "host=/d1 port=x", "host=/d1 sslmode=''",
      "host=/d1 sslmode=no", "host=/d1 hostaddr=''", "service=''",
    ]
    let environments: [[String: String]] = [
      [:], ["PGHOST": "/e1"], ["PGPORT": "9"], ["PGHOST": "/e1,/e2", "PGPORT": "8,9"],
      ["PGHOST": "", "PGPORT": ""], ["PGPORT": "9\n"], ["PGPORT": "70000"], ["PGSERVICE": ""],
      ["PGSSLMODE": "no"], ["PGHOST": "/é"],
    ]
    for address in addresses {
      for environment in environments { try await Self.compare(address, environment) }
    }
  }

  @Test(
    "service files: blanks around a word and an =, sections, comments, long lines, odd bytes",
    arguments: [
      "[s]\nhost=/f1\nport=3", "[s]\n host=/f1 \r\n\tport=3\r\n", "[s]\nhost =/f1",
      "[s]\nhost= /f1",
      "[s]\nhost = /f1", "[s ]\nhost=/f1", "[ s]\nhost=/f1", "[s]x\nhost=/f1", " [s]\nhost=/f1",
      "[t]\nhost=/f0\n[s]\nhost=/f1\n[t]\nhost=/f2\n", "[s]\nhost=/f1\n[s]\nhost=/f2\nport=9",
      "[s]\nhost=/f1\nhost=/f2", "[s]\n#host=/f1\nhost=/f2#x", "[s]\nhost", "[s]\n=x",
      "[s]\nservice=x",
      "[s]\nunknown=x", "[t]\nunknown=x\n[s]\nhost=/f1", "[s]\nhost=/f1=2",
      "host=/f0\n[s]\nhost=/f1",
      "[s]\nhost=", "[s]\nport=", "[s]\nhost=/é", "[s]\n\u{A0}host=/f1", "[s]\n\u{B}host=/f1\u{C}",
      "[s]\nhost=/f1\0x\nport=3", "[s]\nHost=/f1", "[s", "", "[]\nhost=/f1",
      "[s]\nhost=/f1\n#" + String(repeating: "x", count: 1_020) + "\nport=3",
      "[s]\nhost=/f1\n#" + String(repeating: "x", count: 1_021) + "\nport=3",
      "[s]\nhost=/f1\n#" + String(repeating: "x", count: 1_021),
      "[s]\nhost=/f1\n#" + String(repeating: "x", count: 1_022),
      "[s]\nhost=/f1\n[t]\n#" + String(repeating: "x", count: 2_000),
    ])
  func services(_ text: String) async throws {
    try await Self.withFolder { home in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home)/.pg_service.conf"))
      for environment in [["PGSYSCONFDIR": home], ["PGSYSCONFDIR": home, "PGHOST": "/e1"]] {
        try await Self.compare("service=s user=a", environment, home: home)
        try await Self.compare("service=s host=''", environment, home: home)
        try await Self.compare(
          "host=/d1", environment.merging(["PGSERVICE": "s"]) { $1 }, home: home)
      }
      try await Self.compare(
        "service=s", ["PGSERVICEFILE": "\(home)/.pg_service.conf", "PGSYSCONFDIR": "/nowhere"])
    }
  }

  @Test("the home is what HOME says, whatever it is")
  func home() throws {
    func home(_ environment: [String: String]) -> String {
      ConnectionSurroundings(environment: environment).home
    }
    #expect(home(["HOME": "here"]) == "here")
    #expect(home(["HOME": ""]) == home([:]))
    #expect(home([:]).hasPrefix("/"))
  }
}

import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  /// A password with everything in it that has to be escaped somewhere, each piece of which can be
  /// recognised: whatever a mistake takes for a host, a port or a name would be found.
  @Suite("No password in anything that is said, written, or seen in the table of processes")
  struct SecretTests {
    private static let mark = "hu5h"
    private static let password = "hu5hA@hu5hB/hu5hC#hu5hD%hu5hE'hu5hF\\hu5hG?hu5hH hu5hI"
    /// The same as libpq's keyword strings, URLs, `.pgpass` and YAML want it.
    private static let quoted =
      "'hu5hA@hu5hB/hu5hC#hu5hD%hu5hE\\'hu5hF\\\\hu5hG?hu5hH hu5hI'"
    private static let encoded =
      "hu5hA%40hu5hB%2Fhu5hC%23hu5hD%25hu5hE%27hu5hF%5Chu5hG%3Fhu5hH%20hu5hI"
    private static let inFile = password.replacing("\\", with: "\\\\")

    @Test(
      "doctor, config, entries, outages and mistakes, with the password in every place it can be in"
    )
    func everywhere() async throws {
      let scene = try await Scene.open()
      try await scene.look()
      try await scene.change()
      try await scene.offline()
      try await scene.mistakes()
      try await scene.console()
      #expect(scene.said.all.count > 60)
      for text in scene.said.all { #expect(!Self.holds(text), "\(text.prefix(2_000))") }
      try scene.search()
      await scene.cluster.destroy()
    }

    /// Also the password as a whole in the forms in which bytes are often written.
    private static func holds(_ text: String) -> Bool {
      let bytes = Data(password.utf8)
      let hexadecimal = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      let forms = [mark, String(bytes.base64EncodedString().prefix(12)), hexadecimal.joined()]
      return forms.contains { text.range(of: $0, options: .caseInsensitive) != nil }
    }

    // MARK: What was said

    private final class Said: @unchecked Sendable {
      // One test, one command after the other.
      private(set) var all: [String] = []
      func note(_ text: String) { all.append(text) }
    }

    // MARK: The scene

    private struct Scene {
      let branch: Branch
      let cluster: PostgresCluster
      let database: String
      let said = Said()
      var home: String { branch.till.home }
      var configuration: String { "\(home)/config/daybook/config.yaml" }
      /// What the user wrote, and may hold the password.
      var inputs: [String] {
        [configuration] + ["candidate.yaml", ".pgpass", ".pg_service.conf"].map { "\(home)/\($0)" }
      }

      static func open() async throws -> Scene {
        let cluster = try await PostgresCluster.start()
        let database = try await cluster.createDatabase()
        let literal = SecretTests.password.replacing("'", with: "''")
        try await cluster.psql(
          """
          SET standard_conforming_strings = on;
          CREATE ROLE keeper LOGIN PASSWORD '\(literal)';
          GRANT ALL ON DATABASE \(database) TO keeper;
          """)
        try await cluster.setAccessRules(["host all keeper 127.0.0.1/32 scram-sha-256"])
        return Scene(branch: try Branch.empty(), cluster: cluster, database: database)
      }

      var url: String { url(SecretTests.encoded) }
      func url(_ password: String) -> String {
        "postgres://keeper:\(password)@127.0.0.1:\(cluster.port)/\(database)"
      }
      var words: String {
        "host=127.0.0.1 port=\(cluster.port) user=keeper dbname=\(database)"
      }
      var keywords: String { "\(words) password=\(SecretTests.quoted)" }

      func run(
        _ arguments: String..., status: Int32? = nil, environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        for json in [[], ["--json"]] {
          let answer = try await branch.till.run(arguments + json, environment: environment)
          said.note(answer.standardOutput + answer.standardError)
          guard let status else { continue }
          #expect(
            answer.status == status,
            "\(arguments.first ?? "") \(answer.standardError)\(answer.standardOutput.suffix(400))",
            sourceLocation: sourceLocation)
        }
      }

      func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      }

      // MARK: What is done

      /// Each place that a password can come from, used with success and without.
      func look() async throws {
        try await run("init", "--database", url, status: 0)
        for address in [url, keywords] {
          try await run("doctor", address, "--junit", "\(home)/report.xml", status: 0)
          try await run("config", "show", "--database", address, status: 0)
          let environment = ["DAYBOOK_DATABASE": address]
          try await run("doctor", status: 0, environment: environment)
          try await run("status", status: 0, environment: environment)
        }
        try await run("doctor", words, status: 1)
        let variable = ["PGPASSWORD": SecretTests.password]
        try await run("doctor", words, status: 0, environment: variable)
        try await run("config", "show", "--database", words, status: 0, environment: variable)

        try write("127.0.0.1:*:*:keeper:\(SecretTests.inFile)\n", to: "\(home)/.pgpass")
        try await run("doctor", words, status: 0)
        try await run("config", "show", "--database", words, status: 0)
        try await cluster.psql("ALTER ROLE keeper PASSWORD 'another'")
        for address in [url, keywords, words] {
          try await run("doctor", address, "--junit", "\(home)/refused.xml", status: 1)
        }
        try await run("doctor", words, status: 1, environment: variable)
        let literal = SecretTests.password.replacing("'", with: "''")
        try await cluster.psql("ALTER ROLE keeper PASSWORD '\(literal)'")
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o644], ofItemAtPath: "\(home)/.pgpass")
        try await run("doctor", words, status: 1)
        try FileManager.default.removeItem(atPath: "\(home)/.pgpass")

        try write(
          "[branch]\nhost=127.0.0.1\nport=\(cluster.port)\nuser=keeper\ndbname=\(database)\n"
            + "password=\(SecretTests.password)\n", to: "\(home)/.pg_service.conf")
        try await run("doctor", "service=branch", status: 0)
        try await run("config", "show", "--database", "service=branch", status: 0)
      }

      /// From one string with the password to another and back, while the table of processes is
      /// looked at.
      func change() async throws {
        try write("database: \"\(url)\"\n", to: configuration)
        try await run("account", "open", "ANA", "--name", "Ana")
        try await run("deposit", "ANA", "5", status: 0)
        let candidate = "\(home)/candidate.yaml"
        try write("database: \"\(url)?application_name=till\"\n", to: candidate)
        try await run("config", "check", candidate, status: 0)
        try await apply(candidate)
        try await run("config", "history", status: 0)
        let confirmed = try await branch.till.run("config", "confirm")
        #expect(confirmed.status == 0, "\(confirmed)")
        try await run("config", "history", status: 0)
        let back = try await branch.till.run("config", "rollback", "1")
        for answer in [confirmed, back] { said.note(answer.standardOutput + answer.standardError) }
        // The password alone differs: that is said, and neither is shown.
        try write("database: \"\(url("hu5hOther"))\"\n", to: candidate)
        try await run("config", "check", candidate, status: 1)
        try await run("config", "apply", candidate, status: 1)
        try write("database: \"\(url)\"\n", to: configuration)
        try await run("status", status: 0)
      }

      private func apply(_ candidate: String) async throws {
        let running = try await branch.till.start("config", "apply", candidate, "--reason", "test")
        let answer = try await running.answer()
        #expect(answer.status == 0, "\(answer)")
        said.note(answer.standardOutput + answer.standardError)
        // The small process that waits for the deadline is there now.
        let lines = ProcessTable.commandLines()
        #expect(
          lines.contains { $0.contains("config watch --state \(home)/") },
          "nobody waits for the deadline")
        for line in lines { said.note(line) }
      }

      /// Entries while the server is away, and the report of it.
      func offline() async throws {
        try await cluster.stop()
        try await run("doctor", "--junit", "\(home)/away.xml", status: 1)
        try await run("deposit", "ANA", "7", status: 0)
        try await run("status", status: 0)
        try await run("ledger", "list", status: 0)
        try await cluster.launch()
        try await run("reconcile")
        try await run("outages", "list", status: 0)
        for format in ["md", "html", "json"] {
          let answer = try await branch.till.run(
            "outages", "report", "till-1-1", "--format", format)
          #expect(answer.status == 0, "\(answer)")
          said.note(answer.standardOutput + answer.standardError)
        }
      }

      /// Strings that cannot be read, in every place where one can stand, and wrong calls.
      func mistakes() async throws {
        let raw = SecretTests.password
        let broken = [
          url(raw), "postgres://keeper:\(raw)", "\"\(url)\"", "'\(keywords)'",
          "mysql://keeper:\(SecretTests.encoded)@db/b", "\(words) password=\(raw)",
          "\(words) password='\(raw)", "\(words) pasword=\(SecretTests.quoted)",
          "\(url)?pasword=\(SecretTests.encoded)", "\(words)=\(raw)", raw,
          "postgres://keeper:\(SecretTests.encoded)@[::1/b", "\(keywords) connect_timeout=\(raw)",
          "postgres://keeper@db:\(SecretTests.encoded)/b", "\(keywords) \(raw)=1",
        ]
        for address in broken {
          try await run("doctor", address)
          try await run("status", status: 0, environment: ["DAYBOOK_DATABASE": address])
          try await run("config", "show", "--database", address)
          try write("database: \(address)\n", to: "\(home)/candidate.yaml")
          try await run("config", "check", "\(home)/candidate.yaml")
        }
        try await run("deposit", "ANA", "1", "--database", url(raw))
        try await run("status", url, status: 64)
        try await run("status", keywords, status: 64)
        try await run("doctor", "--databse", url, status: 64)
        try await run("doctor", url, keywords, status: 64)
        try write("database: \"\(url)\n", to: "\(home)/candidate.yaml")
        try await run("config", "check", "\(home)/candidate.yaml", status: 64)
        try await run("status", "--config", "\(home)/candidate.yaml", status: 3)
      }

      /// Every screen, with what the server and the doctor say.
      func console() async throws {
        let terminal = try await branch.till.open(columns: 120, rows: 40)
        try await terminal.waitFor("the console") { $0.contains { $0.contains("> ANA") } }
        for key in ["1", "2", "3", "4", "5", "6", "7"] {
          try await terminal.send(key)
          try await terminal.waitIdle()
          said.note(try await terminal.screen().joined(separator: "\n"))
        }
        await terminal.close()
      }

      // MARK: What is left behind

      /// Every file below the home but the user's own and the private copies of configurations,
      /// which nobody else may read.
      func search() throws {
        let files = FileManager.default
        let history = "\(branch.till.state)/config"
        var (searched, copies) = (0, 0)
        for name in files.subpaths(atPath: home) ?? [] {
          let path = "\(home)/\(name)"
          let facts = try files.attributesOfItem(atPath: path)
          guard facts[.type] as? FileAttributeType == .typeRegular, !inputs.contains(path) else {
            continue
          }
          let text = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
          searched += 1
          guard SecretTests.holds(text) else { continue }
          #expect(path.hasPrefix(history + "/"), "\(path) holds the password")
          #expect(facts[.posixPermissions] as? Int == 0o600, "\(path)")
          copies += 1
        }
        #expect(searched > 10 && copies > 0, "\(searched) files, \(copies) copies")
        let folder = try files.attributesOfItem(atPath: history)
        #expect(folder[.posixPermissions] as? Int == 0o700)
      }
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// `config show` and the doctor are asked about the same address, with the same variables and files,
  /// and must name the same line, variable or option for each value.
  @Suite("Both name the same place of each value")
  struct PlacesTests {
    private struct Scene {
      let branch: Branch
      let port: UInt16

      func write(_ bytes: [UInt8], _ name: String, mode: Int = 0o600) throws {
        let path = "\(branch.till.home)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      }

      func compare(_ address: String, _ environment: [String: String]) async throws {
        let shown = try await branch.json(
          "config", "show", "--database", address, environment: environment)
        let doctor = try await branch.json("doctor", address, status: 1, environment: environment)
        let layers = try #require(doctor["layers"].list)
        let parts = try #require(shown["database_parts"].list)
        let what = Comment(rawValue: "\(address) \(environment)\n\(parts)\n\(layers.prefix(4))")
        let broken = layers.prefix(2).first { $0["result"].text == "fail" }
        if let broken {
          let observed = broken["observed"].text ?? ""
          // A value from elsewhere that leads nowhere is blamed with its place.
          let isNamed = parts.contains { part in
            let place = part["place"].text ?? ""
            return part["note"].text == observed
              || part["used"].bool == true && observed.contains("comes from \(place)")
          }
          let isNobodys = ["host", "port", "database", "user"].contains {
            observed.hasPrefix(Phrases.notGiven($0))
          }
          #expect(isNamed || isNobodys || broken["code"].text == "C01", what)
          return
        }
        let used = parts.filter { $0["used"].bool == true }
        for (keyword, name) in [
          ("host", "host"), ("port", "port"), ("dbname", "database"), ("user", "user"),
        ] {
          let numeric = used.first { $0["keyword"].text == "hostaddr" }
          let part =
            used.first { $0["keyword"].text == keyword } ?? (keyword == "host" ? numeric : nil)
          try expect(layers[1]["observed"].text, name, part, what)
        }
        try expectPassword(layers[2]["observed"].text, used, what)
      }

      private func expect(
        _ observed: String?, _ name: String, _ part: JSONValue?, _ what: Comment
      ) throws {
        let text = try #require(observed, what)
        guard let part else {
          #expect(text.contains(Phrases.notGiven(name)), what)
          return
        }
        let place = try #require(part["place"].text)
        if place == "--database" {
          let names = text.firstMatch(of: /the address names (?<names>[a-z, ]*)/)?.names ?? ""
          let isNamed = names.split(separator: ", ").contains { $0 == name }
          let isTold = text.components(separatedBy: "; ").contains {
            $0.hasPrefix("\(name) ") && $0.hasSuffix(" comes from the address")
          }
          #expect(isNamed || isTold, what)
        } else {
          let values = (part["value"].text ?? "•••").split(separator: ",").map(String.init)
          #expect(
            values.contains { text.contains("\(name) \($0) comes from \(place)") }, what)
        }
      }

      private func expectPassword(
        _ observed: String?, _ used: [JSONValue], _ what: Comment
      ) throws {
        let text = try #require(observed, what)
        let part = used.first { $0["keyword"].text == "password" }
        switch part?["place"].text {
        case "--database"?: #expect(text == "the password stands in the address", what)
        case let place?: #expect(text == "the password comes from \(place)", what)
        case nil: #expect(!text.contains("comes from") && !text.contains("stands in"), what)
        }
      }
    }

    private static let service = """
      # ours
      [till]\r
       user=ana\r
      host=127.0.0.1
      password=s3cret
      [blank]
      host = 127.0.0.1
      [odd]
      host=127.0.0.1
      application_name=
      """

    @Test("forms × origins × odd bytes")
    func places() async throws {
      let scene = Scene(branch: try Branch.empty(), port: try FreePort.find())
      let port = scene.port
      try scene.write(
        Array(Self.service.utf8) + [0xE9] + Array("\n[last]\nuser=bob\n".utf8), ".pg_service.conf")
      try scene.write(
        Array("# a\n/tmp:*:*:*:one\n\\*:*:*:*:two\n".utf8) + [0xE9, 0x3A, 0x0A]
          + Array(
            "localhost:*:*:*:three\r\n127.0.0.1:\(port):books:ana:f\\:our\n*:*:*:bob:five".utf8),
        ".pgpass")
      let addresses = [
        "postgres://ana:s3cret@127.0.0.1:\(port)/books", "postgres://ana@127.0.0.1:\(port)/books",
        "postgres://127.0.0.1:\(port)", "host=127.0.0.1 port=\(port) dbname=books user=ana",
        "host=127.0.0.1,/tmp port=\(port),7 dbname=books user=ana", "host=/tmp port=7 dbname=books",
        "host=/var/run/postgresql port=7 dbname=books", "port=7 dbname=books user=''",
        "host='' port=7 dbname=books", "host=127.0.0.1 port='' dbname=books password=''",
        "service=till port=\(port) dbname=books", "service=blank", "service=odd", "service=none",
        "service=till user=bob port=\(port)",
        "hostaddr=127.0.0.1 port=\(port) user=ana dbname=books",
        "postgres://ana:s3@cret@db/b",
      ]
      let environments: [[String: String]] = [
        [:], ["PGUSER": "bob", "PGPORT": "9", "PGHOST": "/tmp"],
        ["PGPASSWORD": "x", "PGDATABASE": "é"], ["PGPASSFILE": "/nowhere/pgpass"],
        ["PGSERVICE": "last", "PGUSER": "ana"],
        ["PGHOST": "", "PGPASSWORD": "", "PGHOSTADDR": "127.0.0.1"],
      ]
      for address in addresses {
        for environment in environments { try await scene.compare(address, environment) }
      }
      try scene.write(Array("*:*:*:*:open\n".utf8), ".pgpass", mode: 0o644)
      try await scene.compare(addresses[1], [:])
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// The bank's server stands at 127.0.0.8, and something else where a till looks before or after it.
  /// The system sorts the addresses of a name: 127.0.0.1 comes first whatever its hosts file says, the
  /// others as they stand there. Its own hosts file is mounted for the program alone.
  @Suite("A list of hosts, or a name with two addresses")
  struct AddressesTests {
    private struct Scene {
      let branch: Branch
      let good: PostgresCluster
      let database: String
      private var hosts: String { "\(branch.till.home)/hosts" }

      init(at server: PostgresCluster? = nil) async throws {
        good =
          if let server { server } else {
            try await PostgresCluster.start(at: "127.0.0.8", port: FreePort.find())
          }
        database = try await good.createDatabase()
        branch = try Branch.empty(
          environment: ["DAYBOOK_DATABASE": good.url(database: database)])
        try await branch.makeBank()
      }

      /// `bank.example` with these addresses.
      func name(_ addresses: [String]) throws -> String {
        try addresses.map { "\($0) bank.example\n" }.joined().write(
          toFile: hosts, atomically: true, encoding: .utf8)
        return "postgres://\(PostgresCluster.user)@bank.example:\(good.port)/\(database)"
      }

      func list(_ addresses: [String]) -> String {
        let places = addresses.map { "\($0):\(good.port)" }.joined(separator: ",")
        return "postgres://\(PostgresCluster.user)@\(places)/\(database)"
      }

      func run(_ words: [String]) async throws -> JSONValue {
        let script = "[ ! -e \(hosts) ] || mount --bind \(hosts) /etc/hosts; exec \"$0\" \"$@\""
        let result = try await Command.run(
          [
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script,
            branch.till.binary,
          ]
            + words + ["--json"], environment: branch.till.environment)
        #expect(result.status == 0, "\(words): \(result)")
        return try JSONValue(parsing: result.standardOutput)
      }

      /// Doctor and till must both work through the server that speaks.
      ///
      /// - Parameter silent: the address that the doctor must name.
      func works(through address: String, silent: String?, _ what: Comment) async throws {
        let report = try await run(["doctor", address])
        #expect(report["healthy"].bool == true, what)
        let greeting = try #require(report["layers"].list?.first { $0["code"].text == "C06" })
        #expect(
          greeting["fault"].text == silent.map { _ in "silent-ahead" }, "\(what): \(greeting)")
        #expect(
          greeting["result"].text == (silent == nil ? "pass" : "warn"), "\(what): \(greeting)")
        if let silent {
          #expect(greeting["observed"].text?.contains(silent) == true, "\(what): \(greeting)")
        }
        let status = try await run(["status", "--database", address])
        #expect(status["mode"].text == "online", "\(what): \(status)")
        let receipt = try await run(["deposit", "ANA", "1", "--database", address])["receipt"]
        #expect(receipt["state"].text == "posted", "\(what): \(receipt)")
      }
    }

    @Test(
      "whatever stands at one of two ways: doctor and till work through the other",
      arguments: BadWay.Kind.allCases)
    func twoAddresses(_ kind: BadWay.Kind) async throws {
      let scene = try await Scene()
      for (bad, ways) in [
        ("127.0.0.1", ["127.0.0.1", "127.0.0.8"]), ("127.0.0.9", ["127.0.0.8", "127.0.0.9"]),
      ] {
        let other = try await BadWay(kind, at: bad, scene.good.port, database: scene.database)
        let silent = kind.saysNothing && ways[0] == bad ? bad : nil
        try await scene.works(
          through: scene.list(ways), silent: silent, "\(kind.rawValue), list \(ways)")
        try await scene.works(
          through: scene.name(ways), silent: silent, "\(kind.rawValue), name \(ways)")
        await other.close()
      }
      await scene.good.destroy()
    }

    @Test("localhost is ::1 and 127.0.0.1, and ::1 lets nobody in: both work through 127.0.0.1")
    func sixthVersion() async throws {
      let server = try await PostgresCluster.start(
        at: "127.0.0.1", port: FreePort.find(), settings: ["listen_addresses": "127.0.0.1,::1"])
      let scene = try await Scene(at: server)
      try await server.setAccessRules(["host all all ::1/128 reject"])
      try await scene.works(
        through: scene.name(["::1", "127.0.0.1"]), silent: nil, "::1 has no rule")
      await server.destroy()
    }
  }
}

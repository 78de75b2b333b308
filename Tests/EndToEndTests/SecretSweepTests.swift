import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// People put whole addresses, users with passwords and settings where a single name belongs.
  /// Each variable, each field of a file and each part of an address holds one here, and nothing
  /// that is said, written or kept may repeat it.
  @Suite("No value of a variable or a file is repeated where it could hold a password")
  struct SecretSweepTests {
    private static let mark = "hu5h"
    /// What is put in place of a name.
    private static let forms = [
      "postgres://teller:hu5hA@db.branch:5432/bank", "teller:hu5hB", "password=hu5hC host=db",
      "tcp://hu5hD:5432",
    ]
    /// What holds no sign of an address: a key as one line, the middle of one, a user with a password
    /// behind a stroke or a blank.
    private static let lumps = [
      #"-----BEGIN PRIVATE KEY-----\nMIIEvQhu5hEIBADANBg\n-----END PRIVATE KEY-----"#,
      "MIIEvQhu5hFIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj", "teller/hu5hG", "teller hu5hH",
    ]
    private static let variables = [
      "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSFILE", "PGSERVICE",
      "PGSERVICEFILE", "PGSYSCONFDIR", "PGOPTIONS", "PGAPPNAME", "PGSSLMODE", "PGSSLCERT",
      "PGSSLKEY", "PGSSLROOTCERT", "PGSSLCRL", "PGREQUIREPEER", "PGSSLMINPROTOCOLVERSION",
      "PGCHANNELBINDING", "PGGSSENCMODE", "PGKRBSRVNAME", "PGCONNECT_TIMEOUT", "PGCLIENTENCODING",
      "PGTARGETSESSIONATTRS", "PGTZ", "PGDATESTYLE",
    ]
    private static let settings = [
      "database", "state", "terminal", "operator", "theme", "amounts", "reconcile", "second_copy",
      "print", "bank.name", "bank.currency", "bank.time_zone", "offline.per_entry",
      "offline.kinds", "log.level",
    ]

    private struct Scene {
      let branch: Branch
      /// What the address says when nothing is left out.
      let parts: [String: String]
      var home: String { branch.till.home }

      /// The address without one part, for a variable or a file to give it.
      func address(without keyword: String) -> String {
        parts.filter { $0.key != keyword }.sorted { $0.key < $1.key }
          .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      }

      func say(
        _ arguments: String..., environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        let answer = try await branch.till.run(arguments, environment: environment)
        expectNone(
          answer.standardOutput + answer.standardError, "\(arguments) \(environment)",
          sourceLocation: sourceLocation)
      }

      /// Commands that reach the bank in their own way, two of them for each turn.
      func sayOthers(
        _ address: String, _ turn: Int, _ environment: [String: String]
      ) async throws {
        let file = "\(home)/candidate.yaml"
        try write("database: \"\(address)\"\n", "candidate.yaml")
        let bank = ["--database", address]
        let commands = [
          ["init"] + bank, ["reconcile"] + bank, ["heal", "--plan"] + bank,
          ["import", "accounts", file, "--rules", file] + bank, ["config", "check", file],
          ["config", "apply", file], ["config", "confirm"] + bank,
        ]
        for step in 0..<2 {
          let words = commands[(2 * turn + step) % commands.count]
          let answer = try await branch.till.run(words, environment: environment)
          expectNone(answer.standardOutput + answer.standardError, "\(words) \(environment)")
        }
      }

      func expectNone(
        _ text: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
      ) {
        let place = text.range(of: SecretSweepTests.mark, options: .caseInsensitive)
        let shown = place.map { text[$0.lowerBound...].prefix(60) } ?? ""
        #expect(place == nil, "\(what): …\(shown)", sourceLocation: sourceLocation)
      }

      func write(_ text: String, _ name: String) throws {
        let path = "\(home)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }

      /// Everything that was kept: the ledger, outages, history, reports, logs.
      func search() throws {
        var searched = 0
        for name in FileManager.default.subpaths(atPath: home) ?? [] {
          guard !["candidate.yaml", ".pg_service.conf"].contains(name) else { continue }
          guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(home)/\(name)")) else {
            continue
          }
          expectNone(name + String(decoding: data, as: UTF8.self), "the file \(name)")
          searched += 1
        }
        #expect(searched > 5)
      }
    }

    private func open() async throws -> (Scene, PostgresCluster) {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let branch = try Branch.empty()
      let scene = Scene(
        branch: branch,
        parts: [
          "host": "127.0.0.1", "port": "\(cluster.port)", "dbname": database,
          "user": PostgresCluster.user,
        ])
      let url = cluster.url(database: database)
      try await branch.json("init", "--database", url)
      try await branch.json("account", "open", "ANA", "--name", "Ana", "--database", url)
      try await branch.json("deposit", "ANA", "5", "--database", url)
      return (scene, cluster)
    }

    @Test("each variable × doctor, status, config show, entries, and what is kept of them")
    func variables() async throws {
      let (scene, cluster) = try await open()
      let keywords = [
        "PGHOST": "host", "PGPORT": "port", "PGDATABASE": "dbname", "PGUSER": "user",
      ]
      for (number, variable) in Self.variables.enumerated() {
        let address =
          scene.address(without: keywords[variable] ?? "")
          + (variable == "PGSERVICEFILE" || variable == "PGSYSCONFDIR" ? " service=till" : "")
        for form in Self.forms.prefix(number % 2 == 0 ? 2 : 4).suffix(2) {
          try await scene.say(
            "doctor", address, "--junit", "\(scene.home)/report.xml",
            environment: [variable: form])
        }
        for (turn, lump) in Self.lumps.enumerated() {
          let environment = [variable: lump]
          try await scene.say("doctor", address, environment: environment)
          guard turn == number % 2 || variable.hasPrefix("PGSSL") else { continue }
          try await scene.say("config", "show", "--database", address, environment: environment)
          try await scene.say(
            "deposit", "ANA", "0.0\(turn + 1)", "--database", address, environment: environment)
        }
        let environment = [variable: Self.forms[number % Self.forms.count]]
        let whole = [variable: Self.forms[0]]
        try await scene.say("doctor", address, "--json", environment: whole)
        try await scene.say("status", "--database", address, environment: environment)
        try await scene.say("status", "--database", address, "--json", environment: whole)
        try await scene.say("config", "show", "--database", address, environment: environment)
        try await scene.say(
          "config", "show", "--database", address, "--json", environment: whole)
        try await scene.sayOthers(address, number, environment)
        let amount = "0.\(number + 10)"
        try await scene.say("deposit", "ANA", amount, "--database", address, environment: whole)
      }
      try await scene.say("outages", "list")
      try await scene.say("outages", "report", "till-1-1")
      try await scene.say("outages", "report", "till-1-1", "--format", "json")
      try scene.search()
      await cluster.destroy()
    }

    @Test("each field of a service file and each part of an address")
    func parts() async throws {
      let (scene, cluster) = try await open()
      let fields = [
        "host", "hostaddr", "port", "dbname", "user", "passfile", "options", "sslmode", "sslcert",
        "sslrootcert", "application_name", "requirepeer", "service", "nonsense",
      ]
      for (number, field) in fields.enumerated() {
        for form in [Self.forms[number % 2], Self.forms[2 + number % 2]] {
          var lines = scene.parts
          lines[field] = form
          let text = lines.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
          try scene.write("[till]\n" + text, ".pg_service.conf")
          try await scene.say("doctor", "service=till")
          try await scene.say("config", "show", "--database", "service=till")
          let address = "\(scene.address(without: field)) \(field)='\(form)'"
          try await scene.say("doctor", address)
          try await scene.say("config", "show", "--database", address)
        }
        try await scene.say("status", "--database", "service=till", "--json")
      }
      let place = "127.0.0.1:\(cluster.port)"
      let addresses = [
        "postgres://u%3Ahu5h@\(place)/bank",
        "postgres://a@\(place)/postgres%3A%2F%2Fu%3Ahu5h@db%2Fb",
        "postgres://a@\(place)/bank&password=hu5h", "postgres://a@\(place)/bank?options=-chu5h",
        "postgres://\(place)/u%3Ahu5h", "sqlite:postgres://u:hu5h@db/bank", "hu5h://db/bank",
        "sqlite:b.sqlite?password=hu5h", "u:hu5h", "password=hu5h",
        "postgres://a@\(place)/b?user=u%3Ahu5h",
      ]
      for address in addresses {
        try await scene.say("doctor", address)
        try await scene.say("status", "--json", environment: ["DAYBOOK_DATABASE": address])
        try await scene.say("config", "show", environment: ["DAYBOOK_DATABASE": address])
        try await scene.say("deposit", "ANA", "1", environment: ["DAYBOOK_DATABASE": address])
        try scene.write("database: \"\(address)\"\n", "candidate.yaml")
        try await scene.say("config", "check", "\(scene.home)/candidate.yaml")
        try await scene.say("config", "apply", "\(scene.home)/candidate.yaml")
      }
      try await scene.say("config", "history")
      try scene.search()
      await cluster.destroy()
    }

    @Test("each setting of Daybook, as a variable and as a line of the configuration")
    func settings() async throws {
      let (scene, cluster) = try await open()
      for (number, setting) in Self.settings.enumerated() {
        let variable =
          "DAYBOOK_" + setting.uppercased().split(separator: ".").joined(separator: "_")
        let levels = setting.split(separator: ".")
        for form in [Self.forms[number % 2], Self.forms[2 + number % 2]] {
          try await scene.say("status", environment: [variable: form])
          try await scene.say("config", "show", environment: [variable: form])
          let line =
            levels.count == 2
            ? "\(levels[0]):\n  \(levels[1]): \"\(form)\"\n" : "\(setting): \"\(form)\"\n"
          try scene.write(line + "\"\(form)\": 1\n", "candidate.yaml")
          try await scene.say("config", "check", "\(scene.home)/candidate.yaml")
          try await scene.say("status", "--config", "\(scene.home)/candidate.yaml", "--json")
        }
      }
      for form in Self.forms.prefix(2) {
        try await scene.say("status", form)
        try await scene.say("deposit", "ANA", "1", form)
      }
      try scene.search()
      await cluster.destroy()
    }

    @Test("the console: its headline, screen 6 and the outage")
    func console() async throws {
      let (scene, cluster) = try await open()
      for variable in ["PGHOST", "PGUSER"] {
        let address = scene.address(without: variable == "PGHOST" ? "host" : "user")
        let terminal = try await scene.branch.till.open(
          columns: 160, rows: 50,
          environment: [
            "DAYBOOK_DATABASE": address, variable: Self.forms[variable == "PGHOST" ? 0 : 1],
          ])
        try await terminal.waitFor(Phrases.manualLedger)
        for key in ["1", "6", "7"] {
          try await terminal.send(key)
          try await terminal.waitIdle()
          let rows = try await terminal.screen().joined(separator: "\n")
          scene.expectNone(rows, "screen \(key) with \(variable)")
        }
        await terminal.close()
      }
      try scene.search()
      await cluster.destroy()
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Configuration by script")
  struct ConfigurationTests {
    private func configure(_ branch: Branch, _ text: String) throws -> String {
      let folder = "\(branch.till.home)/config/daybook"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/config.yaml"))
      return "\(folder)/config.yaml"
    }

    private func setting(_ name: String, in answer: JSONValue) -> JSONValue {
      answer["settings"].list?.first { $0["key"].text == name } ?? .null
    }

    @Test("config show says where each value came from and what it overrode")
    func show() async throws {
      let branch = try Branch.empty()
      let file = try configure(
        branch, "terminal: till-4\ndatabase: postgres://ana:s3cret@db/books\n")
      let answer = try await branch.json(
        "config", "show", "--terminal", "till-5", environment: ["DAYBOOK_TERMINAL": "till-6"])
      let terminal = setting("terminal", in: answer)
      #expect(
        terminal["value"].text == "till-5" && terminal["origin"]["place"].text == "--terminal")
      #expect(terminal["overridden"][0]["origin"]["place"].text == "DAYBOOK_TERMINAL")
      #expect(terminal["overridden"][1]["origin"]["place"].text == "\(file):1")
      #expect(setting("database", in: answer)["value"].text == "postgres://ana:•••@db/books")
      #expect(try await !branch.text("config", "show").standardOutput.contains("s3cret"))
    }

    @Test("a password on the command line is used, with a warning that does not repeat it")
    func password() async throws {
      let branch = try Branch.empty()
      let answer = try await branch.text("config", "show", "--database", "postgres://a:s3cret@db/b")
      #expect(answer.standardError.contains("warning"))
      #expect(!(answer.standardError + answer.standardOutput).contains("s3cret"))
    }

    @Test("a broken configuration stops every command, and config check explains it")
    func broken() async throws {
      let branch = try await Branch.open()
      let file = try configure(branch, "terminal: till-1\ndatabse: x\n")
      let stopped = try await branch.json("deposit", "ANA", "5", status: 3)
      #expect(stopped["error"]["text"].text?.contains("\(file):2") == true)
      #expect(stopped["error"]["text"].text?.contains("did you mean 'database'") == true)
      let check = try await branch.json("config", "check", file, status: 64)
      #expect(check["ok"].bool == false && check["problems"][0]["line"].int == 2)
      _ = try configure(branch, "terminal: till-1\n")
      #expect(try await branch.json("config", "check", file)["ok"].bool == true)
      try await branch.json("config", "show", "--config", "/nowhere.yaml", status: 3)
    }

    @Test("a till that knows another bank does not fall back to the embedded one")
    func noSilentFallback() async throws {
      let branch = try Branch.empty()
      let other = "sqlite:\(branch.till.home)/other.sqlite"
      try await branch.json("init", "--database", other)
      try await branch.json("account", "open", "ANA", "--name", "Ana", "--database", other)
      try await branch.book("deposit", "ANA", "50", "--database", other)
      // The embedded bank exists too, but this state directory belongs to the other one.
      let status = try await branch.json("status")
      #expect(status["mode"].text == "manual" && status["cause"]["code"].text == "C02")
      #expect(!FileManager.default.fileExists(atPath: branch.bankFile))
      let recorded = try await branch.json("deposit", "ANA", "7")
      #expect(recorded["receipt"]["state"].text == "recorded")
      #expect(try await branch.json("reconcile", "--database", other)["posted"].int == 1)
      let shown = try await branch.json("account", "show", "ANA", "--database", other)
      #expect(shown["balance"].text == "57.00")
    }

    @Test("another bank than the one this till belongs to: exit 4, nothing entered there")
    func wrongBank() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let other = "sqlite:\(branch.till.home)/other.sqlite"
      try await branch.json("init", "--database", other)
      let status = try await branch.json("status", "--database", other)
      #expect(status["mode"].text == "quarantined" && status["cause"]["code"].text == "C14")
      try await branch.json("reconcile", "--database", other, status: 4)
      let accounts = try await branch.json(
        "account", "list", "--database", other, "--state", "\(branch.till.home)/fresh")
      #expect(accounts["accounts"].list?.isEmpty == true)
    }

    @Test("the themes that come with Daybook, and the chosen one")
    func themes() async throws {
      let branch = try Branch.empty()
      let answer = try await branch.json("themes", environment: ["DAYBOOK_THEME": "night"])
      let themes = try #require(answer["themes"].list)
      #expect(themes.count >= 4)
      #expect(themes.filter { $0["chosen"].bool == true }.map { $0["name"].text } == ["night"])
    }

    @Test("a broken theme keeps nobody out: it is named, with its line, when it is wanted")
    func brokenTheme() async throws {
      let care = try Caretaker("share")
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
      for part in ["data", "themes"] {
        try await Command.succeed(["cp", "-r", "\(root)/\(part)", care.directory])
      }
      try "name: torn\nroles:\n  - 1\n".write(
        toFile: "\(care.directory)/themes/torn.yaml", atomically: true, encoding: .utf8)
      let branch = try Branch.empty(environment: ["DAYBOOK_SHARE": care.directory])
      try await branch.makeBank()
      let console = try await branch.till.open()
      try await console.waitFor(" ONLINE ")
      try await console.type(":theme torn")
      try await console.send("Enter")
      try await console.waitFor("/themes/torn.yaml:3: 'roles' must hold")
      try await console.type(":theme paper")
      try await console.send("Enter")
      try await console.waitFor("the complaint to go") { rows in
        !rows.contains { $0.contains("torn.yaml") }
      }
      await console.close()
      let folder = "\(branch.till.home)/config/daybook"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try "theme: torn\n".write(
        toFile: "\(folder)/config.yaml", atomically: true, encoding: .utf8)
      let again = try await branch.till.open()
      try await again.waitFor("/themes/torn.yaml:3: 'roles' must hold")
      try await again.waitFor(" ONLINE ")
      await again.close()
      await care.dismiss()
    }
  }
}

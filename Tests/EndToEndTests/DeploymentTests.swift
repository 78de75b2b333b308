import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// What `docs/deployment-checklist.md` tells people to put into their pipelines is run here.
  @Suite("The deployment checklist")
  struct DeploymentTests {
    private static let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/deployment-checklist.md")

    private var text: String {
      get throws { try String(contentsOf: Self.document, encoding: .utf8) }
    }

    /// The block of code behind a mark.
    private func block(_ mark: String) throws -> String {
      let behind = try #require(
        try text.components(separatedBy: "<!-- \(mark) -->\n").dropFirst().first)
      let lines = behind.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.first?.hasPrefix("```") == true)
      return lines.dropFirst().prefix { $0 != "```" }.map { $0 + "\n" }.joined()
    }

    /// Runs the shell step as a pipeline does: in a fresh folder, with `daybook` on its path.
    private func runStep(_ branch: Branch, _ candidate: String) async throws -> CommandResult {
      let home = branch.till.home
      try block("step").write(toFile: "\(home)/connection.sh", atomically: true, encoding: .utf8)
      try candidate.write(toFile: "\(home)/candidate.yaml", atomically: true, encoding: .utf8)
      try? FileManager.default.removeItem(atPath: "\(home)/doctor.xml")
      let tools = URL(fileURLWithPath: branch.till.binary).deletingLastPathComponent().path
      var environment = branch.till.environment
      environment["PATH"] = "\(tools):\(environment["PATH"] ?? "")"
      return try await Command.run(
        ["sh", "connection.sh"], environment: environment, directory: home)
    }

    private func report(_ branch: Branch) throws -> String {
      try String(contentsOfFile: "\(branch.till.home)/doctor.xml", encoding: .utf8)
    }

    @Test("the shell step passes with a healthy server, and fails the job with each kind of fault")
    func step() async throws {
      let cluster = try await PostgresCluster.shared
      let branch = try Branch.empty()
      let database = try await cluster.createDatabase()
      let url = cluster.url(database: database)
      try await branch.json("init", "--database", url, "--state", "\(branch.till.home)/maker")
      let healthy = try await runStep(branch, "database: \(url)\n")
      #expect(healthy.status == 0, "\(healthy)")
      #expect(healthy.standardOutput.contains("deploy: candidate.yaml"))
      #expect(try report(branch).contains("failures=\"0\" errors=\"0\""))

      let wrongPort = cluster.url(database: database, port: try FreePort.find())
      let refused = try await runStep(branch, "database: \(wrongPort)\n")
      #expect(refused.status == 1, "\(refused)")
      #expect(try report(branch).contains("<failure type=\"C05\""))
      let misspelt = try await runStep(branch, "databse: \(url)\n")
      #expect(misspelt.status == 64, "\(misspelt)")
      #expect((misspelt.standardOutput + misspelt.standardError).contains("candidate.yaml:1"))
      try await cluster.dropDatabase(database)
    }

    @Test("with a till's bank.json the step refuses another bank: exit 4")
    func anotherBank() async throws {
      let cluster = try await PostgresCluster.shared
      let branch = try Branch.empty()
      let (ours, other) = (try await cluster.createDatabase(), try await cluster.createDatabase())
      let state = "\(branch.till.home)/state/daybook"
      try await branch.json("init", "--database", cluster.url(database: ours))
      try await branch.json(
        "account", "open", "ANA", "--name", "Ana", "--database", cluster.url(database: ours))
      #expect(FileManager.default.fileExists(atPath: "\(state)/bank.json"))
      try await branch.json(
        "init", "--database", cluster.url(database: other), "--name", "Elsewhere", "--state",
        "\(branch.till.home)/maker")
      let result = try await runStep(branch, "database: \(cluster.url(database: other))\n")
      #expect(result.status == 4, "\(result)")
      for name in [ours, other] { try await cluster.dropDatabase(name) }
    }

    @Test("the job in YAML runs that step and keeps its report")
    func job() async throws {
      let job = try block("job")
      #expect(job.contains("sh ci/connection.sh") && job.contains("junit: doctor.xml"))
      #expect(job.contains("CANDIDATE: candidate.yaml"))
      // It is YAML, and of the shape that is meant.
      let branch = try Branch.empty()
      let file = "\(branch.till.home)/job.yaml"
      try job.write(toFile: file, atomically: true, encoding: .utf8)
      let problems = try await branch.json("config", "check", file, status: 64)["problems"]
      #expect(problems.list?.count == 1, "\(problems)")
      #expect(problems[0]["text"].text?.contains("unknown key 'connection'") == true, "\(problems)")
    }

    @Test("every command and every document that it names is there")
    func names() async throws {
      let branch = try Branch.empty()
      let text = try text
      let calls = text.matches(of: #/(?:`|\n)daybook ((?:[a-z]+ ?)+)/#).map {
        $0.output.1.split(separator: " ").map(String.init)
      }
      #expect(calls.count > 6)
      let commands = ["config", "doctor", "status", "outages"]
      for call in calls {
        let words = call.prefix(call.first == "config" || call.first == "outages" ? 2 : 1)
        #expect(commands.contains(words.first ?? ""), "\(words)")
        let help = try await branch.till.run(Array(words) + ["--help"])
        #expect(help.status == 0, "\(words): \(help)")
        #expect(help.standardOutput.contains("USAGE: daybook \(words.joined(separator: " "))"))
      }
      for option in ["--junit", "--config"] {
        let help = try await branch.text("doctor", "--help").standardOutput
        #expect(text.contains(option) && help.contains(option))
      }
      let folder = Self.document.deletingLastPathComponent()
      for link in text.matches(of: #/\]\(([a-z.-]+)\)/#) {
        let file = folder.appendingPathComponent(String(link.output.1)).path
        #expect(FileManager.default.fileExists(atPath: file), "\(file)")
      }
    }
  }
}

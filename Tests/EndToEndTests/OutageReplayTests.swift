import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// The outage that Daybook grew from: a routine update put a wrong connection string in place. It
  /// took 15 minutes to notice, three wrong suspicions, and two and a half hours to go back.
  @Suite("The original outage, once more")
  struct OutageReplayTests {
    @Test("Named within seconds, served on, one way back, reconciled, reported, nothing lost")
    func replay() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let url = cluster.url(database: database)
      let scene = try await ConnectionScreenTests.knownGood(cluster, url)
      do {
        let port = try FreePort.find()
        try await replay(scene, wrong: cluster.url(database: database, port: port))
      } catch {
        await scene.branch.till.close()
        await cluster.destroy()
        throw error
      }
      await scene.branch.till.close()
      await cluster.destroy()
    }

    private func replay(_ scene: Configurations, wrong url: String) async throws {
      let branch = scene.branch
      let right = scene.text
      // The routine update, without a test: another port, which nothing listens at.
      let wrong = try scene.candidate("database: \(url)\n")
      let refused = try await branch.json("config", "apply", wrong, status: 1)
      #expect(refused["error"]["code"].text == "C05", "the doctor would have stopped it")
      try await branch.json(
        "config", "apply", wrong, "--anyway", "--within", "3600", "--reason", "routine update",
        "--operator", "jan")
      let console = try await branch.till.open()
      let opened = ContinuousClock.now
      try await console.waitFor("the cause with its code") { rows in
        rows[0].hasPrefix(" MANUAL LEDGER ") && rows[1].hasSuffix(" C05")
      }
      #expect(opened.duration(to: .now) < .seconds(10))

      for amount in ["12", "30.50"] {
        try await deposit(amount, console)
      }
      try await console.send("Escape", "6")
      try await console.waitFor("First suspect: port ")
      try await console.send("b")
      try await console.waitFor("Generation 1 is in force again.")
      #expect(scene.text == right)
      try await console.waitFor("the bank is back") { $0[0].hasPrefix(" DATABASE BACK  2 waiting") }
      try await console.send("5")
      try await console.waitFor("[Plan 2")
      try await console.waitIdle()
      try await console.send("s")
      try await console.waitFor("nothing waits any more") { $0[0].hasPrefix(" ONLINE ") }
      try await console.waitFor("Totals agree")
      try await console.send("7")
      try await console.waitFor("the outage with its cause") { rows in
        rows.contains { $0.contains("till-1-1  nothing listens at ") && $0.hasSuffix(" C05") }
      }
      try await console.waitFor("the change and the way back in the course") { rows in
        rows.contains { $0.contains("change: port ") } && rows.contains { $0.contains("rollback") }
      }
      try await console.send("s")
      try await console.waitFor("reports/till-1-1.html")
      await console.close()
      #expect(try await branch.balance("ANA") == "47.50 live")
      try await expectReport(branch)
    }

    private func deposit(_ amount: String, _ console: Tmux) async throws {
      try await console.send("Escape")
      try await console.post(
        "d ANA \(amount) counter", as: "deposit", receipt: Phrases.notYetInTheAccount)
    }

    private func expectReport(_ branch: Branch) async throws {
      let report = try await branch.json("outages", "report", "till-1-1")
      let detected = try #require(report["milliseconds"]["to_detect"].int)
      #expect((0..<10_000).contains(detected))
      #expect((0..<10_000).contains(try #require(report["milliseconds"]["to_diagnose"].int)))
      #expect(report["impact"][0]["posted"]["entries"].int == 2)
      #expect(report["impact"][0]["waiting"]["entries"].int == 0)
      #expect(report["control"]["agree"].bool == true)
      let course = report["timeline"].list?.compactMap { $0["event"].text } ?? []
      for event in [
        "change", "first_failure", "detected", "first_entry", "last_entry", "rollback", "online",
        "reconciled",
      ] {
        #expect(course.contains(event), "\(event) in \(course)")
      }
      let change = try #require(report["leadup"].list?.first { $0["author"].text == "jan" })
      #expect(change["text"].text?.hasPrefix("port ") == true)
      #expect(change["reason"].text == "routine update")
      #expect(change["doctor"].text?.contains("C05") == true)
      #expect(report["recovery"]["from"].int == 2 && report["recovery"]["to"].int == 1)
      #expect(report["recovery"]["verified"].bool == true)
      let found = report["evidence"][0]
      #expect(found["first_failing"]["code"].text == "C05")
      let proofs = found["ruled_out"].list?.compactMap(\.text) ?? []
      #expect(proofs.contains { $0.hasPrefix("not the network:") }, "\(proofs)")
      let page = try String(
        contentsOfFile: "\(branch.till.state)/reports/till-1-1.md", encoding: .utf8)
      for part in ["Recovery", "Revert verified:** yes", "routine update", Phrases.ruledOut] {
        #expect(page.contains(part), "\(part)\n\(page)")
      }
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("A planned hold, and a drill")
  struct HoldTests {
    @Test("By script: held, an entry is recorded; given back, it is reconciled")
    func script() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      let on = try await branch.json("hold", "on", "--reason", "new disk", "--operator", "sue")
      #expect(on["hold"]["kind"].text == "hold" && on["hold"]["by"].text == "sue")
      #expect(on["changed"].bool == true && on["hold"]["until"].isNull)
      let again = try await branch.json("hold", "on", "--operator", "jan")
      #expect(again["changed"].bool == false && again["hold"]["by"].text == "sue")
      #expect(again["hold"]["since"].text == on["hold"]["since"].text)

      let status = try await branch.json("status")
      #expect(status["mode"].text == "manual" && status["cause"]["code"].text == "H01")
      #expect(status["cause"]["text"].text == "Held by sue: new disk")
      #expect(status["hold"]["by"].text == "sue")
      let deposit = try await branch.json("deposit", "ANA", "12")["receipt"]
      #expect(deposit["state"].text == "recorded")
      #expect(try await branch.balance("ANA") == "112.00 estimated")
      try await branch.json("reconcile", status: 3)
      try await branch.json("journal", status: 3)

      let off = try await branch.json("hold", "off", "--operator", "jan")
      #expect(off["hold"].isNull && off["changed"].bool == true)
      #expect(off["ended"]["ended_by"].text == "jan" && off["ended"]["by"].text == "sue")
      #expect(try await branch.json("hold", "off")["changed"].bool == false)
      #expect(try await branch.json("reconcile")["posted"].int == 1)
      #expect(try await branch.balance("ANA") == "112.00 live")
      let outages = try await branch.json("outages", "list")["outages"]
      #expect(outages.list?.count == 1 && outages[0]["kind"].text == "hold")
      #expect(outages[0]["ended"].text != nil)
      let events = outages[0]["events"].list?.compactMap { $0["event"].text }
      #expect(events?.prefix(2) == ["held", "hold_released"])
    }

    @Test("An import respects a hold, and its dry run may look")
    func imports() async throws {
      let branch = try await Branch.open()
      let file = branch.till.home + "/accounts.csv"
      try Data("x\n".utf8).write(to: URL(fileURLWithPath: file))
      let rules = branch.till.home + "/rules.yaml"
      try Data("".utf8).write(to: URL(fileURLWithPath: rules))
      try await branch.json("hold", "on")
      let held = try await branch.json("import", "accounts", file, "--rules", rules, status: 3)
      #expect(held["error"]["code"].text == "H01")
      let looked = try await branch.json(
        "import", "accounts", file, "--rules", rules, "--dry-run", status: 64)
      #expect(looked["error"]["code"].text == "rules")
    }

    @Test("A running console notices a hold from elsewhere, and its end; both tills do")
    func console() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      let first = try await branch.till.open()
      let second = try await branch.till.open("--terminal", "till-2")
      for terminal in [first, second] { try await waitFor(" ONLINE ", terminal) }
      try await branch.json("hold", "on", "--operator", "sue")
      for terminal in [first, second] {
        try await waitFor(" MANUAL LEDGER ", terminal)
        try await terminal.waitFor("Held by sue")
      }
      // Given back by a key at the other till than it was taken.
      try await second.send("6", "H")
      try await second.waitFor("y gives the bank back")
      try await second.waitIdle()
      try await second.send("y")
      for terminal in [first, second] { try await waitFor(" ONLINE ", terminal) }
      #expect(try await branch.json("status")["hold"].isNull)
      await first.close()
      await second.close()
    }

    @Test("A drill at 80×24: asked, said beside the mode, recorded for real, scored")
    func drill() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      let console = try await branch.till.open()
      try await waitFor(" ONLINE ", console)
      try await console.send(":")
      try await console.type("drill")
      try await console.send("Enter")
      try await console.waitFor("Entries are")
      try await console.waitIdle()
      try await console.send("y")
      try await console.waitFor("the banner within 40 columns") { rows in
        rows[0].hasPrefix(" MANUAL LEDGER  DRILL: ENTRIES ARE REAL")
      }
      #expect(try await branch.json("status")["hold"]["kind"].text == "drill")
      try await console.post(
        "d ANA 12 rent", as: "deposit", receipt: Phrases.notYetInTheAccount)
      let end = try await branch.json("drill", "end")
      #expect(end["ended"]["kind"].text == "drill" && end["changed"].bool == true)
      #expect(end["scores"][0]["entries"].int == 1 && end["scores"][0]["waiting"].int == 1)
      try await waitFor(" DATABASE BACK ", console)
      try await console.send("Escape", "5")
      try await console.waitIdle()
      try await console.waitFor("[Plan 1")
      try await console.send("s")
      try await console.waitFor("Drill till-1-1: noticed in ")
      try await console.waitFor("Press 7 to see it.")
      try await console.send("7")
      try await console.waitFor("till-1-1  Drill: nothing left to do H02")
      await console.close()

      let report = try await branch.json("outages", "report", "till-1-1")
      #expect(report["drill"].bool == true && report["drill_score"]["entries"].int == 1)
      #expect(report["drill_score"]["waiting"].int == 0)
      #expect(try #require(report["drill_score"]["to_notice_milliseconds"].int) >= 0)
      #expect(try #require(report["drill_score"]["to_reconcile_milliseconds"].int) >= 0)
      let list = try await branch.json("outages", "list")["outages"]
      #expect(list[0]["kind"].text == "drill" && list[0]["drill_score"]["entries"].int == 1)
      let table = try await branch.text("outages", "list").standardOutput
      #expect(table.contains(" drill ") && table.contains("nothing left to do"))
      let markdown = try await branch.text("outages", "report", "till-1-1").standardOutput
      #expect(markdown.contains("- **Score of the drill:** noticed in "))
      #expect(markdown.contains("Drill from "))
    }

    @Test("A console that is killed in a drill leaves no bank behind that is held for ever")
    func killed() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      let first = try await branch.till.open()
      try await waitFor(" ONLINE ", first)
      let begun = try await branch.json("drill", "--operator", "sue")
      #expect(begun["hold"]["kind"].text == "drill" && begun["hold"]["until"].text != nil)
      #expect(try await branch.json("drill")["changed"].bool == false)
      try await waitFor(" MANUAL LEDGER  DRILL: ENTRIES ARE REAL", first)
      await first.close()
      #expect(try await branch.json("status")["cause"]["code"].text == "H02")
      // Its ten minutes pass; a console that is open notices, and so does one that comes later.
      let second = try await branch.till.open()
      try await waitFor(" MANUAL LEDGER  DRILL: ENTRIES ARE REAL", second)
      try letDrillRunOut(branch)
      try await waitFor(" ONLINE ", second)
      #expect(try await branch.json("status")["mode"].text == "online")
      await second.close()
      let events = try await branch.json("outages", "list")["outages"][0]["events"].list
      let released = events?.first { $0["event"].text == "hold_released" }
      #expect(released?["text"].text == "The drill's time is over.")
      #expect(released?["operator"].isNull == true)
    }

    @Test("A drill that is waited for ends with the scores; one beside a hold is refused")
    func waited() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      let waiting = try await branch.till.start("drill", "--wait", "--json")
      try await eventually("the drill has begun") {
        try await branch.json("status")["hold"]["kind"].text == "drill"
      }
      try await branch.json("deposit", "ANA", "5")
      try letDrillRunOut(branch)
      let answer = try await waiting.answer().json()
      #expect(answer["ended"]["ended_by"].isNull && answer["hold"].isNull)
      #expect(answer["scores"][0]["outage"].text == "till-1-1")
      #expect(answer["scores"][0]["entries"].int == 1)
      try await branch.json("reconcile")

      try await branch.json("hold", "on")
      let refused = try await branch.json("drill", status: 1)
      #expect(refused["error"]["code"].text == "H01")
      try await branch.json("drill", "end", status: 1)
      try await branch.json("hold", status: 64)
      try await branch.json("hold", "off")
    }

    // MARK: Parts

    private func waitFor(_ beginning: String, _ terminal: Tmux) async throws {
      try await terminal.waitFor("\(beginning) at the top", within: .seconds(60)) {
        $0[0].hasPrefix(beginning)
      }
    }

    /// Nobody waits ten minutes: the deadline in the file is moved to now.
    private func letDrillRunOut(_ branch: Branch) throws {
      let file = branch.till.state + "/hold.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let moved = text.replacing(
        #/"uptime_deadline_milliseconds" : \d+/#, with: "\"uptime_deadline_milliseconds\" : 1")
      #expect(moved != text)
      try Data(moved.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    }
  }
}

import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("A configuration change is a commit that must be confirmed")
  struct ConfigurationChangeTests {
    @Test("check: mistakes, the difference, and what the database says, each with its exit status")
    func check() async throws {
      let scene = try await Configurations.open()
      let (branch, home) = (scene.branch, scene.home)
      let good = try scene.candidate(scene.database("one.sqlite") + "theme: paper\n")
      let fine = try await branch.json("config", "check", good)
      #expect(fine["ok"].bool == true && fine["database"]["result"].text == "pass")
      #expect(fine["changes"].list?.count == 1)
      #expect(
        fine["changes"][0]["key"].text == "theme" && fine["changes"][0]["new"].text == "paper")

      let unreachable = try scene.candidate("database: postgres://ana:s3cret@127.0.0.1:1/b\n")
      let away = try await branch.json("config", "check", unreachable, status: 1)
      #expect(away["database"]["code"].text == "C05")
      let words = try await branch.text("config", "check", unreachable, status: 1)
      #expect(!"\(words)".contains("s3cret") && words.standardOutput.contains("•••"))

      try await branch.json(
        "init", "--name", "Elsewhere", "--database", "sqlite:\(home)/two.sqlite", "--state",
        "\(home)/fresh")
      let other = try scene.candidate(scene.database("two.sqlite"))
      let elsewhere = try await branch.json("config", "check", other, status: 4)
      #expect(elsewhere["database"]["result"].text == "another_bank")
      #expect(elsewhere["database"]["bank"]["name"].text == "Elsewhere")

      for (mistake, line) in [("theme: papr\n", 1), ("\nterminall: x\n", 2), ("a: [\n", 2)] {
        let wrong = try await branch.json(
          "config", "check", try scene.candidate(mistake), status: 64)
        #expect(wrong["problems"][0]["line"].int == line, "\(mistake)")
      }
      let theme = try await branch.json(
        "config", "check", try scene.candidate("theme: papr\n"), status: 64)
      #expect(theme["problems"][0]["text"].text?.contains("'paper'") == true)
      let keys = try scene.candidate("\(scene.database("one.sqlite"))keys:\n  deposit: w\n")
      for command in ["check", "apply"] {
        let wrong = try await branch.text("config", command, keys, status: 64)
        #expect("\(wrong)".contains("candidate.yaml:3: keys: deposit: 'w' is a key of"), "\(wrong)")
      }
      #expect(scene.text == scene.database("one.sqlite"), "nothing was changed")
    }

    @Test("applied and confirmed by a committed transaction: it stays")
    func confirm() async throws {
      let scene = try await Configurations.open()
      try scene.copyBank(to: "moved.sqlite")
      let file = try scene.candidate(scene.database("moved.sqlite"))
      let applied = try await scene.branch.json("config", "apply", file, "--reason", "new disk")
      #expect(applied["state"].text == "waiting" && applied["generation"].int == 2)
      #expect(scene.text == scene.database("moved.sqlite"))
      let status = try await scene.branch.text("status")
      #expect(status.standardError.contains("not confirmed yet"))
      #expect(status.standardOutput.contains("moved.sqlite"))
      try await scene.branch.json("config", "apply", file, status: 1)
      let confirmed = try await scene.branch.json("config", "confirm")
      #expect(confirmed["state"].text == "confirmed")
      let present = try await scene.inForce()
      #expect(present["number"].int == 2 && present["reason"].text == "new disk")
      #expect(present["committed_at"].text != nil && present["confirmed_at"].text != nil)
      #expect(present["author"].text != nil && present["hash"].text?.count == 64)
      #expect(present["database"]["result"].text == "pass")
      let told = try await scene.branch.text("config", "history").standardOutput
      #expect(told.contains(try #require(present["hash"].text?.prefix(8))), "\(told)")
      let again = try await scene.branch.json("config", "confirm", status: 1)
      #expect(again["error"]["code"].text == "nothing-pending")
      #expect(try await scene.branch.text("status").standardError.isEmpty)
    }

    @Test("not confirmed: it goes back by itself, without any other command, and says so once")
    func goesBackByItself() async throws {
      let scene = try await Configurations.open()
      try scene.copyBank(to: "moved.sqlite")
      let file = try scene.candidate(scene.database("moved.sqlite"))
      try await scene.branch.json(
        "config", "apply", file, "--within", "4", "--reason", "new disk")
      #expect(scene.text == scene.database("moved.sqlite"))
      try await eventually("the old configuration is back and was examined") {
        FileManager.default.fileExists(atPath: "\(scene.history)/0002.verified.json")
      }
      #expect(scene.text == scene.database("one.sqlite"))
      let first = try await scene.branch.text("status")
      #expect(first.standardError.contains("not confirmed within 4 s"), "\(first)")
      #expect(first.standardError.contains("one.sqlite answers: Riverside Bank"), "\(first)")
      // Why it was made stays beside why it was taken back.
      let told = try await scene.branch.text("config", "history").standardOutput
      #expect(
        told.contains("new disk; taken back: It was not confirmed within 4 s."), "\(told)")
      #expect(try await scene.branch.text("status").standardError.isEmpty)
    }

    @Test("apply --wait stays until it was taken back, and ends with 1")
    func waits() async throws {
      let scene = try await Configurations.open()
      let file = try scene.candidate("database: postgres://ana:s3cret@127.0.0.1:1/b\n")
      let refused = try await scene.branch.json("config", "apply", file, status: 1)
      #expect(refused["error"]["code"].text == "C05")
      let answer = try await scene.branch.json(
        "config", "apply", file, "--anyway", "--within", "1", "--wait", status: 1)
      #expect(answer["state"].text == "reverted")
      #expect(scene.text == scene.database("one.sqlite"))
      let late = try await scene.branch.json("config", "confirm", status: 1)
      #expect(late["error"]["code"].text == "nothing-pending")
    }

    @Test("confirm commits nothing where the database fails: it stays unconfirmed")
    func confirmFails() async throws {
      let scene = try await Configurations.open()
      let file = try scene.candidate(scene.database("gone.sqlite"))
      try await scene.branch.json("config", "apply", file, "--anyway")
      try await scene.branch.json("config", "confirm", status: 1)
      #expect(try await scene.branch.json("config", "history")["pending"]["generation"].int == 2)
      let back = try await scene.branch.json("config", "rollback")
      #expect(back["generation"].int == 1 && back["database"]["result"].text == "pass")
      #expect(scene.text == scene.database("one.sqlite"))
    }

    @Test("refused: what a flag or a variable overrides, a moved state, nothing new")
    func refusals() async throws {
      let scene = try await Configurations.open()
      let file = try scene.candidate(scene.database("one.sqlite") + "theme: paper\n")
      let variable = try await scene.branch.json(
        "config", "apply", file, status: 1, environment: ["DAYBOOK_THEME": "night"])
      #expect(variable["error"]["code"].text == "overridden")
      #expect(variable["error"]["text"].text?.contains("DAYBOOK_THEME") == true)
      let terminal = try scene.candidate(scene.database("one.sqlite") + "terminal: till-2\n")
      let flag = try await scene.branch.json(
        "config", "apply", terminal, "--terminal", "till-1", status: 1)
      #expect(flag["error"]["text"].text?.contains("--terminal") == true)
      let moved = try scene.candidate(scene.database("one.sqlite") + "state: /tmp/other\n")
      let state = try await scene.branch.json("config", "apply", moved, status: 1)
      #expect(state["error"]["code"].text == "state-moves")
      let same = try scene.candidate(scene.database("one.sqlite"))
      let nothing = try await scene.branch.json("config", "apply", same, status: 1)
      #expect(nothing["error"]["code"].text == "no-change")
      let mistake = try scene.candidate("databse: x\n")
      try await scene.branch.json("config", "apply", mistake, status: 64)
      try await scene.branch.json("config", "apply", file, "--within", "0", status: 64)
      #expect(scene.text == scene.database("one.sqlite"))
    }

    @Test("another bank, and an older copy of this one, only when its name is typed")
    func otherBanks() async throws {
      let scene = try await Configurations.open()
      try scene.copyBank(to: "yesterday.sqlite")
      try await scene.branch.book("deposit", "ANA", "5")
      let older = try scene.candidate(scene.database("yesterday.sqlite"))
      let check = try await scene.branch.json("config", "check", older, status: 4)
      #expect(check["database"]["result"].text == "older_database")
      #expect(check["database"]["code"].text == "C14")
      #expect(check["doctor"]["layers"][13]["fault"].text == "older-database")
      let copy = "sqlite:\(scene.home)/yesterday.sqlite"
      let doctor = try await scene.branch.json("doctor", copy, status: 4)
      #expect(doctor["layers"][13]["fault"].text == "older-database")
      let text = try await scene.branch.text("config", "check", older, status: 4)
      #expect(text.standardOutput.contains("C14    Right bank"), "\(text)")
      #expect(text.standardOutput.contains("Ruled out        not another bank: its id is right"))
      try await scene.branch.json("config", "apply", older, "--anyway", status: 4)
      try await scene.branch.json("config", "apply", older, "--force-bank", "Riverside", status: 4)
      #expect(scene.text == scene.database("one.sqlite"))
      let typed = try await scene.branch.json(
        "config", "apply", older, "--force-bank", "Riverside Bank")
      #expect(typed["state"].text == "waiting")
      // What the doctor found stays in the history, the layers behind C14 included.
      let kept = try await scene.inForce()["database"]
      #expect(kept["result"].text == "older_database" && kept["layers"].list?.count == 23)
      #expect(kept["layers"][13]["result"].text == "warn")
      #expect(kept["layers"][18]["result"].text == "pass")
      let history = try await scene.branch.text("config", "history")
      #expect(history.standardOutput.contains("C14 older copy"), "\(history)")
      // The machine still guards the books: nothing is sent to a database that has forgotten.
      let status = try await scene.branch.json("status")
      #expect(status["mode"].text == "quarantined" && status["cause"]["code"].text == "Q02")
      try await scene.branch.json("config", "rollback")
      #expect(try await scene.branch.json("status")["mode"].text == "online")
    }

    @Test("committed and ten minutes online makes the last known good, a failure begins anew")
    func health() async throws {
      let scene = try await Configurations.open()
      try await scene.branch.book("deposit", "ANA", "5")
      let health = URL(fileURLWithPath: "\(scene.history)/0001.health.json")
      #expect(try await scene.inForce()["committed_at"].text != nil)
      #expect(try await scene.inForce()["last_known_good"].bool == false)
      // As if the first command had come eleven minutes earlier.
      func back(_ name: String) throws {
        let text = try String(contentsOf: health, encoding: .utf8)
        let earlier = Date(timeIntervalSinceNow: -660).formatted(.iso8601)
        let changed = text.replacing(
          try Regex("\"\(name)\" : \"[^\"]*\""), with: "\"\(name)\" : \"\(earlier)\"")
        #expect(changed != text)
        try Data(changed.utf8).write(to: health)
      }
      try back("online_since")
      try back("last_seen")
      try scene.branch.till.takeAway("one.sqlite")
      try await scene.branch.json("status")
      try scene.branch.till.giveBack("one.sqlite")
      try await scene.branch.json("status")
      #expect(try await scene.inForce()["last_known_good"].bool == false, "it failed meanwhile")
      try back("online_since")
      try back("last_seen")
      try await scene.branch.json("status")
      let present = try await scene.inForce()
      #expect(present["last_known_good"].bool == true, "\(present)")
      #expect((660...720).contains(present["healthy_seconds"].int ?? 0))
    }

    @Test("a rollback is a new generation; what was never confirmed is nothing to go back to")
    func rollback() async throws {
      let scene = try await Configurations.open()
      let none = try await scene.branch.json("config", "rollback", status: 1)
      #expect(none["error"]["code"].text == "no-way-back")
      let paper = try scene.candidate(scene.database("one.sqlite") + "theme: paper\n")
      try await scene.branch.json("config", "apply", paper)
      try await scene.branch.json("config", "confirm")
      let night = try scene.candidate(scene.database("one.sqlite") + "theme: night\n")
      try await scene.branch.json("config", "apply", night)
      try await scene.branch.json("config", "rollback")
      let never = try await scene.branch.json("config", "rollback", "3", status: 1)
      #expect(never["error"]["code"].text == "never-confirmed")
      try await scene.branch.json("config", "rollback", "9", status: 64)
      let back = try await scene.branch.json("config", "rollback")
      #expect(back["generation"].int == 4 && scene.text == scene.database("one.sqlite"))
      let present = try await scene.inForce()
      #expect(present["kind"].text == "rolled_back" && present["restores"].int == 1)
      let same = try await scene.branch.json("config", "rollback", "1", status: 1)
      #expect(same["error"]["code"].text == "no-change")
      let forward = try await scene.branch.json("config", "rollback", "2")
      #expect(forward["generation"].int == 5 && scene.text.contains("paper"))
    }
  }
}

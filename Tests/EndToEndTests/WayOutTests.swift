import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// Each kind of quarantine names the commands that end it, and they do.
  @Suite("Ways out of quarantine") struct WayOutTests {
    private func status(
      _ branch: Branch, is code: String?, naming command: String? = nil, _ options: [String] = []
    ) async throws {
      let answer = try await branch.till.run(["status", "--json"] + options)
      let json = try answer.json()
      #expect(json["cause"]["code"].text == code, "\(answer)")
      guard let command else { return }
      #expect(json["fix"].text?.contains(command) == true, "\(answer)")
    }

    private func copy(_ from: String, _ to: String) throws {
      try FileManager.default.copyItem(atPath: from, toPath: to)
    }

    @Test("An old copy of the directory (Q03): what it took is adopted by the newest, once")
    func oldCopy() async throws {
      let branch = try await Branch.open()
      let home = branch.till.home
      let newest = ["--terminal", "till-5", "--state", "\(home)/newest"]
      let old = ["--terminal", "till-5", "--state", "\(home)/old"]
      try await branch.book(
        "deposit", "ANA", "100", "--terminal", "till-5", "--state", "\(home)/newest")
      try copy("\(home)/newest", "\(home)/old")
      try await branch.book(
        "deposit", "ANA", "2", "--terminal", "till-5", "--state", "\(home)/newest")
      try branch.takeBankAway()
      _ = try await branch.till.run(["deposit", "ANA", "4"] + old)
      _ = try await branch.till.run(["withdraw", "ANA", "1"] + old)
      _ = try await branch.till.run(["transfer", "ANA", "BOB", "3"] + old)
      try branch.giveBankBack()

      try await status(branch, is: "Q03", naming: "ledger adopt", old)
      // Healing is no way, and says which one is.
      let healed = try await branch.till.run(["heal"] + old)
      #expect(healed.status == 1 && healed.standardError.contains("ledger adopt"), "\(healed)")
      let turned = try await branch.till.run(
        ["ledger", "adopt", "\(home)/newest", "--note", "x"] + old)
      #expect(turned.status == 1, "\(turned)")

      let words = ["ledger", "adopt", "\(home)/old", "--note", "restored by mistake", "--json"]
      let first = try await branch.till.run(words + newest).json()
      #expect(first["adopted"].int == 3, "\(first)")
      let again = try await branch.till.run(words + newest).json()
      #expect(again["adopted"].int == 0, "\(again)")
      // What was taken over is neither voided nor booked with the old copy any more.
      let taken = try #require(first["entries"][0]["replaces"].text)
      let voided = try await branch.till.run(["void", taken, "--note", "x"] + old)
      #expect(voided.status == 1 && voided.standardError.contains("taken over"), "\(voided)")
      // A third copy, of the old one, brings nothing new.
      try copy("\(home)/old", "\(home)/third")
      let third = try await branch.till.run(
        ["ledger", "adopt", "\(home)/third", "--note", "x", "--json"] + newest)
      #expect(try third.json()["adopted"].int == 0, "\(third)")

      let report = try await branch.till.run(["reconcile", "--json"] + newest)
      #expect(report.status == 0, "\(report)")
      #expect(try report.json()["posted"].int == 3)
      #expect(try await branch.balance("ANA") == "102.00 live")
      #expect(try await branch.balance("BOB") == "3.00 live")
      try await status(branch, is: nil, newest)
      try await status(branch, is: "Q03", old)
    }

    @Test("A name that another till has (Q03): status says so, and another name works")
    func nameTaken() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      let elsewhere = ["--state", "\(branch.till.home)/elsewhere"]
      try await status(branch, is: "Q03", naming: Phrases.anotherTerminal, elsewhere)
      let fix = try await branch.till.run(["status", "--json"] + elsewhere).json()["fix"].text
      #expect(fix?.contains("adopt") == false, "nothing was captured there")
      let refused = try await branch.till.run(["deposit", "ANA", "1"] + elsewhere)
      #expect(refused.status == 3, "\(refused)")
      // Whoever only looks needs no name.
      let shown = try await branch.till.run(["account", "show", "ANA"] + elsewhere)
      #expect(shown.status == 0, "\(shown)")
      try await branch.book(
        "deposit", "ANA", "1", "--terminal", "till-2", "--state",
        "\(branch.till.home)/elsewhere")
      #expect(try await branch.balance("ANA") == "2.00 live")
    }

    @Test("Another bank (C14): the right address ends it, and what was taken is booked")
    func anotherBank() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      let other = ["--database", "sqlite:\(branch.till.home)/other.sqlite"]
      _ = try await branch.till.run(
        ["init", "--state", "\(branch.till.home)/other"] + other)
      try await status(branch, is: "C14", naming: "daybook config rollback", other)
      _ = try await branch.till.run(["deposit", "ANA", "2"] + other)
      let healed = try await branch.till.run(["heal"] + other)
      #expect(healed.status == 4, "\(healed)")
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "3.00 live")
      try await status(branch, is: nil)
    }

    @Test("An emptied database (C15): the backup is put back, init is refused")
    func emptied() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      FileManager.default.createFile(atPath: branch.bankFile, contents: Data())
      let answer = try await branch.till.run(["status", "--json"])
      #expect(try answer.json()["cause"]["code"].text == "C15", "\(answer)")
      #expect(
        !answer.standardOutput.contains("daybook init") && answer.standardOutput.contains("backup"))
      _ = try await branch.till.run(["deposit", "ANA", "2"])
      #expect(try await branch.till.run(["init"]).status == 1)
      try FileManager.default.removeItem(atPath: branch.bankFile)
      try branch.giveBankBack()
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "3.00 live")
      try await status(branch, is: nil)
    }

    @Test("A restored bank (Q02): heal names what is missing, puts it back, and is done")
    func restored() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      try copy(branch.bankFile, branch.bankFile + ".backup")
      let forgotten = try await branch.book("deposit", "ANA", "2")
      try FileManager.default.removeItem(atPath: branch.bankFile)
      try copy(branch.bankFile + ".backup", branch.bankFile)
      try await status(branch, is: "Q02", naming: "daybook heal")
      let plan = try await branch.json("heal", "--plan")
      #expect(plan["missing"].int == 1)
      #expect(plan["entries"][0]["entry"].text == forgotten["entry"].text, "\(plan)")
      let healed = try await branch.json("heal")
      #expect(healed["restored"].int == 1)
      for _ in 0..<2 {
        let again = try await branch.json("heal")
        #expect(again["missing"].int == 0)
        #expect(again["epoch"].int == healed["epoch"].int)
      }
      #expect(try await branch.balance("ANA") == "3.00 live")
      try await status(branch, is: nil)
    }

    @Test("A blocked entry is no quarantine, and ends by a person's word")
    func blocked() async throws {
      let branch = try await Branch.open()
      let id = "01a22851-a38c-7f1d-a5be-7150efba4999"
      try await branch.book(
        "deposit", "BOB", "7", "--id", id, "--terminal", "till-2", "--state",
        "\(branch.till.home)/elsewhere")
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "8", "--id", id)
      try await branch.json("deposit", "BOB", "9")
      try branch.giveBankBack()
      let report = try await branch.json("reconcile", status: 1)
      #expect(report["posted"].int == 1 && report["waiting"].int == 1, "\(report)")
      let blocked = try await branch.json("status")
      #expect(blocked["ledger"]["blocked"].int == 1 && blocked["mode"].text != "quarantined")
      #expect(blocked["fix"].text?.contains("exceptions list") == true)
      #expect(try await branch.json("exceptions", "list")["exceptions"][0]["entry"].text == id)
      try await branch.json("exceptions", "resolve", id, "--post", "--note", "looked at it")
      #expect(try await branch.json("status")["ledger"]["blocked"].int == 0)
      #expect(try await branch.balance("ANA") == "9.00 live")
      #expect(try await branch.balance("BOB") == "16.00 live")
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Working through an outage by script")
  struct ScriptedOutageTests {
    @Test("entries before, during and after are booked exactly once")
    func wholePath() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      #expect(try await branch.json("status")["offline_terms"].isNull)
      try branch.takeBankAway()

      let status = try await branch.json("status")
      #expect(status["mode"].text == "manual")
      let terms = status["offline_terms"]
      #expect(
        terms["kinds"].list?.compactMap(\.text) == ["deposit", "transfer", "withdrawal"])
      #expect(terms["reason"].isNull && terms["text"].text == "Deposits open.")
      #expect(terms["caps"][0]["per_entry"].text == "500.00", "\(terms)")
      #expect(terms["caps"][0]["left"].text == "10000.00", "\(terms)")
      #expect(status["cause"].names.isSuperset(of: ["code", "text"]))
      #expect(status["snapshot"]["age_seconds"].int != nil)

      let deposit = try await branch.json("deposit", "ANA", "10")["receipt"]
      #expect(deposit["state"].text == "recorded")
      #expect(deposit["text"].text?.hasPrefix(Phrases.notYetInTheAccount) == true)
      try await branch.json("withdraw", "ANA", "20")
      let transfer = try await branch.json("transfer", "ANA", "BOB", "5")["receipt"]
      #expect(transfer["state"].text == "recorded")
      #expect(transfer["text"].text == Phrases.mayBeRefused)
      #expect(try await branch.balance("ANA") == "85.00 estimated")
      #expect(try await branch.balance("KEN") == "0 snapshot")

      try await branch.json("journal", status: 3)
      try await branch.json("reconcile", status: 3)
      #expect(try await branch.json("status")["ledger"]["waiting"].int == 3)

      try branch.giveBankBack()
      #expect(try await branch.json("status")["mode"].text == "reconciling")
      let plan = try await branch.json("reconcile", "--plan", status: 1)
      #expect(plan["posted"].int == 3 && plan["waiting"].int == 3)
      let report = try await branch.json("reconcile")
      #expect(
        report.names.isSuperset(of: [
          "posted", "already_posted", "suspense", "refused", "waiting", "control",
        ]))
      #expect(report["posted"].int == 3 && report["waiting"].int == 0)
      let control = report["control"][0]
      #expect(control["captured"].text == "135.00" && control["posted"].text == "135.00")
      #expect(
        control.names.isSuperset(of: [
          "currency", "captured", "posted", "suspense", "refused", "voided", "waiting",
        ]))
      #expect(try await branch.balance("ANA") == "85.00 live")
      try await branch.book("deposit", "ANA", "1")
      #expect(try await branch.balance("ANA") == "86.00 live")
      #expect(try await branch.json("reconcile")["posted"].int == 0)
      #expect(try await branch.json("journal")["transactions"].list?.count == 5)

      let outages = try await branch.json("outages", "list")["outages"]
      #expect(outages.list?.count == 1)
      #expect(outages[0]["ended"].text != nil && outages[0]["cause"]["code"].text != nil)
    }

    @Test("beyond the offline policy nothing is paid, within it everything is")
    func policy() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5000")
      try branch.takeBankAway()
      let limited = try await branch.json("withdraw", "ANA", "500.01", status: 1)
      #expect(limited["error"]["code"].text == "R007")
      try await branch.json("withdraw", "ANA", "500")
      let short = try await branch.json("withdraw", "KEN", "1", status: 1)
      #expect(short["error"]["code"].text == "R004")
      let tight = try await branch.json(
        "withdraw", "ANA", "60", status: 1, environment: ["DAYBOOK_OFFLINE_PER_ENTRY": "50"])
      #expect(tight["error"]["code"].text == "R007")
      try await branch.json(
        "transfer", "ANA", "BOB", "1", status: 1,
        environment: ["DAYBOOK_OFFLINE_KINDS": "deposit withdrawal"])
      #expect(try await branch.json("ledger", "list")["entries"].list?.count == 2)
    }

    @Test("an unknown account takes a deposit with the holder's name, and it lands in suspense")
    func suspense() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "BOB", "1")
      try branch.takeBankAway()
      let unnamed = try await branch.json("deposit", "ZOE", "9", status: 1)
      #expect(unnamed["error"]["code"].text == "R023")
      let entry = try #require(
        try await branch.json("deposit", "ZOE", "9", "--holder", "Zoe")["receipt"]["entry"].text)
      try branch.giveBankBack()
      let report = try await branch.json("reconcile", status: 1)
      #expect(report["suspense"].int == 1 && report["exceptions"].int == 1)

      let exceptions = try await branch.json("exceptions", "list")["exceptions"]
      #expect(exceptions[0]["entry"].text == entry && exceptions[0]["reason"].text == "R002")
      try await branch.json("exceptions", "resolve", entry, "--refuse", "--note", "x", status: 1)
      let settled = try await branch.json(
        "exceptions", "resolve", entry, "--to", "BOB", "--note", "it was Bob's")["exception"]
      #expect(settled["settlement"]["note"].text == "it was Bob's")
      #expect(try await branch.balance("BOB") == "10.00 live")
      #expect(try await branch.json("exceptions", "list")["exceptions"].list?.isEmpty == true)
      try await branch.json("reconcile")
    }

    @Test("what was never sent can be voided; what was, cannot")
    func voids() async throws {
      let branch = try await Branch.open()
      let posted = try #require(try await branch.book("deposit", "ANA", "10")["entry"].text)
      try branch.takeBankAway()
      let waiting = try #require(
        try await branch.json("deposit", "ANA", "4")["receipt"]["entry"].text)
      let booked = try await branch.json("void", posted, "--note", "x", status: 1)["error"]
      #expect(booked["text"].text?.contains("is booked") == true)
      #expect(booked["fix"].text == "Reverse it.")
      try await branch.json("void", waiting, status: 64)
      let voided = try await branch.json("void", waiting, "--note", "wrong account")
      #expect(voided["receipt"]["state"].text == "voided")
      let again = try await branch.json("void", waiting, "--note", "again", status: 1)["error"]
      #expect(again["text"].text == "till-1/0002 is voided already.")
      // What was taken back must not look done to a script that sends it again.
      let sentAgain = try await branch.json("deposit", "ANA", "4", "--id", waiting, status: 1)
      #expect(sentAgain["error"]["code"].text == "R024")
      #expect(try await branch.balance("ANA") == "10.00 snapshot")
      try branch.giveBankBack()
      #expect(try await branch.json("reconcile")["control"][0]["voided"].text == "4.00")
      #expect(try await branch.balance("ANA") == "10.00 live")
    }

    @Test("refused at reconciliation, a taken request stays on the worklist until it is told")
    func refusedRequest() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10")
      try branch.takeBankAway()
      let entry = try #require(
        try await branch.json("transfer", "ANA", "BOB", "10")["receipt"]["entry"].text)
      try branch.giveBankBack()
      // Another till pays the money out first.
      try await branch.json(
        "withdraw", "ANA", "10", "--terminal", "till-2", "--state", "\(branch.till.home)/second")
      let report = try await branch.json("reconcile", status: 1)
      #expect(report["refused"].int == 1)
      let receipt = try await branch.json("receipt", entry, status: 1)["receipt"]
      #expect(receipt["state"].text == "refused" && receipt["reason"].text == "R004")
      try await branch.json("exceptions", "resolve", entry, "--refuse", "--note", "told Ana")
      try await branch.json("reconcile")
      #expect(try await branch.balance("BOB") == "0.00 live")
    }

    @Test("a period is closed when its days are over and nothing waits for them")
    func period() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10")
      let today = try #require(
        try await branch.json("statement", "ANA")["lines"][0]["booking_date"].text)
      let running = try await branch.json("period", "close", today, status: 1)
      #expect(running["error"]["code"].text == "running-day")
      try await branch.json("period", "close", "9999-12-31", status: 1)

      // Two tills of this directory have entries that wait.
      let second = ["--terminal", "till-2"]
      _ = try await branch.till.run(["deposit", "ANA", "1"] + second)
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "2")
      try await branch.json("deposit", "ANA", "3")
      _ = try await branch.till.run(["deposit", "ANA", "4"] + second)
      try branch.giveBankBack()
      let waits = try await branch.json("period", "close", "2024-12-31", status: 1)
      #expect(waits["error"]["code"].text == "entries-wait")
      let text = waits["error"]["text"].text ?? ""
      #expect(text.contains("2 at till-1") && text.contains("1 at till-2"), "\(text)")
      try await branch.json("reconcile")
      let other = try await branch.json("period", "close", "2024-12-31", status: 1)
      #expect(other["error"]["text"].text?.contains("1 at till-2") == true)
      _ = try await branch.till.run(["reconcile"] + second)
      #expect(
        try await branch.json("period", "close", "2024-12-31")["closed_through"].text
          == "2024-12-31")
      // An earlier day is closed already, and reopens nothing.
      let earlier = try await branch.json("period", "close", "2001-02-03")
      #expect(earlier["closed_through"].text == "2024-12-31")
    }

    @Test("a database restored from yesterday is noticed, and healed on a supervisor's word")
    func restored() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10")
      try FileManager.default.copyItem(atPath: branch.bankFile, toPath: branch.bankFile + ".backup")
      try await branch.book("deposit", "ANA", "32")
      try FileManager.default.removeItem(atPath: branch.bankFile)
      try FileManager.default.moveItem(
        atPath: branch.bankFile + ".backup", toPath: branch.bankFile)

      let status = try await branch.json("status")
      #expect(status["mode"].text == "quarantined" && status["cause"]["code"].text == "Q02")
      #expect(try await branch.json("deposit", "BOB", "3")["receipt"]["state"].text == "recorded")
      #expect(try await branch.json("heal", "--plan")["missing"].int == 1)
      let healed = try await branch.json("heal")
      #expect(healed["restored"].int == 1 && healed["epoch"].int == 2)
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "42.00 live")
      #expect(try await branch.balance("BOB") == "3.00 live")
    }

    @Test("a state directory restored from a copy is noticed")
    func cloned() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10")
      try FileManager.default.copyItem(
        atPath: branch.till.state, toPath: branch.till.state + ".copy")
      try await branch.book("deposit", "ANA", "32")
      let copy = branch.till.state + ".copy"
      let status = try await branch.json("status", "--state", copy)
      #expect(status["mode"].text == "quarantined" && status["cause"]["code"].text == "Q03")
      #expect(try await branch.balance("ANA") == "42.00 live")
    }

    @Test("two terminals with the same name: the second cannot enter anything")
    func sameName() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10")
      let second = "\(branch.till.home)/second"
      let refused = try await branch.json("deposit", "ANA", "1", "--state", second, status: 3)
      #expect(refused["error"]["text"].text?.contains("till-1") == true)
      try await branch.book("deposit", "ANA", "1", "--state", second, "--terminal", "till-2")
      #expect(try await branch.balance("ANA") == "11.00 live")
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// Ids that scripts give: one id is one entry for ever, and a clash stops nobody else.
  @Suite("Ids that are given") struct KnownIDTests {
    private static let id = "0b1f7f3a-6d0e-4c11-9a5e-2f1f6f1a0001"

    /// Till-2, from a directory of its own, has booked the id; till-1 records it with other content
    /// between two deposits, while the bank is away.
    private static func clash(_ branch: Branch) async throws -> (first: String, last: String) {
      try await branch.json(
        "deposit", "BOB", "3.00", "--id", id, "--terminal", "till-2", "--state",
        "\(branch.till.home)/other")
      _ = try await branch.json("deposit", "ANA", "1.00")
      try branch.takeBankAway()
      let first = try await branch.json("deposit", "ANA", "10.00")["receipt"]
      let other = try await branch.json("deposit", "ANA", "20.00", "--id", id)["receipt"]
      let last = try await branch.json("deposit", "ANA", "30.00")["receipt"]
      for receipt in [first, other, last] { #expect(receipt["state"].text == "recorded") }
      try branch.giveBankBack()
      return (try #require(first["entry"].text), try #require(last["entry"].text))
    }

    @Test("A clash blocks one entry: the others are booked, and it is named with what ends it")
    func blocked() async throws {
      let branch = try await Branch.open()
      let (first, last) = try await Self.clash(branch)
      let report = try await branch.json("reconcile", status: 1)
      #expect(report["posted"].int == 2 && report["waiting"].int == 1)
      for entry in [first, last] {
        #expect(try await branch.json("receipt", entry)["receipt"]["state"].text == "posted")
      }
      #expect(try await branch.balance("ANA") == "61.00 estimated")

      let status = try await branch.json("status")
      #expect(status["mode"].text == "online")
      #expect(status["ledger"]["blocked"].int == 1)
      #expect(status["fix"].text?.contains("exceptions list") == true)
      let listed = try await branch.json("ledger", "list")["entries"].list ?? []
      #expect(listed.map { $0["state"].text } == ["posted", "posted", "blocked", "posted"])
      let exceptions = try await branch.json("exceptions", "list")["exceptions"].list ?? []
      #expect(exceptions.map { $0["entry"].text } == [Self.id])
      #expect(exceptions.first?["need"].text?.contains("Void it, or post it") == true)

      // Whoever asks for it, or sends it once more, hears the same of it.
      for words in [["receipt", Self.id], ["deposit", "ANA", "20.00", "--id", Self.id]] {
        let answer = try await branch.till.run(words + ["--json"])
        let receipt = try answer.json()["receipt"]
        #expect(answer.status == 1, "\(answer)")
        #expect(receipt["reason"].text == "R011", "\(answer)")
        #expect(receipt["text"].text?.contains("BLOCKED") == true, "\(answer)")
        #expect(receipt["fix"].text?.contains("--post") == true, "\(answer)")
        let slip = try await branch.till.run(words)
        #expect(slip.status == 1 && slip.standardOutput.contains("BLOCKED"), "\(slip)")
      }

      // The account goes on beside it.
      #expect(try await branch.json("withdraw", "ANA", "5.00")["receipt"]["state"].text == "posted")

      try await branch.json(
        "exceptions", "resolve", Self.id, "--post", "--note", "the id was used twice")
      #expect(try await branch.balance("ANA") == "56.00 live")
      let control = try await branch.json("reconcile")["control"].list ?? []
      #expect(control.allSatisfy { $0["agrees"].bool == true } && !control.isEmpty)
      #expect(try await branch.json("status")["ledger"]["blocked"].int == 0)
    }

    @Test("A blocked entry can be voided; the same call again says that the id is known")
    func voided() async throws {
      let branch = try await Branch.open()
      _ = try await Self.clash(branch)
      try await branch.json("reconcile", status: 1)
      let void = try await branch.json("void", Self.id, "--note", "cash given back")
      #expect(void["receipt"]["state"].text == "voided")
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "41.00 live")
      let again = try await branch.json("deposit", "ANA", "20.00", "--id", Self.id, status: 1)
      #expect(again["error"]["code"].text == "R011")
    }

    @Test("A blocked transfer is refused by a person, and its receipt says so")
    func refused() async throws {
      let branch = try await Branch.open()
      try await branch.json(
        "deposit", "BOB", "3.00", "--id", Self.id, "--terminal", "till-2", "--state",
        "\(branch.till.home)/other")
      try await branch.book("deposit", "ANA", "10.00")
      try branch.takeBankAway()
      try await branch.json("transfer", "ANA", "BOB", "4.00", "--id", Self.id)
      try branch.giveBankBack()
      try await branch.json("reconcile", status: 1)
      let told = try await branch.json(
        "exceptions", "resolve", Self.id, "--refuse", "--note", "the id was used twice")
      #expect(told["receipt"]["state"].text == "voided")
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "10.00 live")
    }

    @Test("A known transfer is told with the number and the name of the till that captured it")
    func elsewhere() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "10.00")
      try await branch.book("deposit", "BOB", "10.00")
      let words = ["transfer", "ANA", "BOB", "4.00", "--id", Self.id, "--json"]
      let first = try await branch.till.run(words).json()["receipt"]
      let again = try await branch.till.run(
        words + ["--terminal", "till-2", "--state", "\(branch.till.home)/other"]
      ).json()["receipt"]
      #expect(first["number"].int == 3 && first["terminal"].text == "till-1")
      #expect(again["number"].int == 3 && again["terminal"].text == "till-1")
      #expect(try await branch.balance("BOB") == "14.00 live")
    }

    @Test("Online a clash is said at once, and nothing is recorded")
    func online() async throws {
      let branch = try await Branch.open()
      try await branch.json("deposit", "ANA", "3.00", "--id", Self.id)
      let other = try await branch.json("deposit", "ANA", "4.00", "--id", Self.id, status: 1)
      #expect(other["error"]["code"].text == "R011")
      // Also from another till of this directory, and from one of its own.
      for (till, state) in [
        ("till-2", branch.till.state), ("till-3", "\(branch.till.home)/other"),
      ] {
        let there = try await branch.json(
          "deposit", "ANA", "3.00", "--id", Self.id, "--terminal", till, "--state", state,
          status: 1)
        #expect(there["error"]["code"].text == "R011")
      }
      let same = try await branch.json("deposit", "ANA", "3.00", "--id", Self.id)["receipt"]
      #expect(same["state"].text == "posted" && same["number"].int == 1)
      #expect(try await branch.balance("ANA") == "3.00 live")
    }

    @Test("A voided id stays voided, away and back, after its segment was sealed")
    func voidedForEver() async throws {
      let branch = try await Branch.open()
      try await branch.json("deposit", "ANA", "1.00")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "2.00", "--id", Self.id)
      try await branch.json("void", Self.id, "--note", "typed wrong")
      try branch.giveBankBack()
      try await branch.json("reconcile")
      for isAway in [true, false] {
        if isAway { try branch.takeBankAway() }
        for amount in ["2.00", "5.00"] {
          let again = try await branch.json("deposit", "ANA", amount, "--id", Self.id, status: 1)
          #expect(again["error"]["code"].text == (amount == "2.00" ? "R024" : "R011"))
        }
        if isAway { try branch.giveBankBack() }
      }
      #expect(
        try await branch.json("receipt", Self.id)["receipt"]["state"].text == "voided")
      #expect(try await branch.balance("ANA") == "1.00 live")
    }

    @Test("A reversal that another state directory has sent is the same reversal here")
    func reversal() async throws {
      let branch = try await Branch.open()
      let there = ["--terminal", "till-2", "--state", "\(branch.till.home)/other"]
      let deposit = try await branch.json("deposit", "ANA", "3.00")["receipt"]["entry"].text
      let other = try await branch.json("deposit", "ANA", "3.00")["receipt"]["entry"].text
      let (entry, wrong) = (try #require(deposit), try #require(other))
      for place in [[], there, []] {
        let answer = try await branch.till.run(
          ["reverse", entry, "--memo", "typed wrong", "--id", Self.id, "--json"] + place)
        #expect(try answer.json()["receipt"]["state"].text == "posted", "\(answer)")
      }
      let differs = try await branch.till.run(
        ["reverse", wrong, "--memo", "typed wrong", "--id", Self.id, "--json"] + there)
      #expect(try differs.json()["error"]["code"].text == "R011", "\(differs)")
      #expect(try await branch.balance("ANA") == "3.00 live")
    }

    @Test("Kept while a file cannot be opened: nothing was recorded, and it stays untold")
    func keptInVain() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1.00")
      let state = URL(fileURLWithPath: branch.till.state)
      let told = try ["till-1.mark", "till-1.witness"].map { name in
        (name, try Data(contentsOf: state.appendingPathComponent(name)))
      }
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "2.00", "--id", Self.id)
      // As if the program had died before anybody was told.
      for (name, data) in told { try data.write(to: state.appendingPathComponent(name)) }
      for name in ["bank.json", "till-1.id", "snapshot.sqlite"] {
        let (file, away) = (state.appendingPathComponent(name).path, "\(state.path)/../\(name)")
        let isThere = FileManager.default.fileExists(atPath: file)
        if isThere { try FileManager.default.moveItem(atPath: file, toPath: away) }
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        let answer = try await branch.till.run(["deposit", "ANA", "2.00", "--id", Self.id])
        try FileManager.default.removeItem(atPath: file)
        if isThere { try FileManager.default.moveItem(atPath: away, toPath: file) }
        #expect(answer.status == 3, "\(answer)")
        #expect(answer.standardError.contains(name), "\(answer)")
        #expect(answer.standardError.contains(Phrases.nothingRecorded), "\(answer)")
        let entries = try await branch.json("ledger", "list")["entries"].list ?? []
        #expect(entries.map { $0["state"].text } == ["posted", "untold"], "\(name)")
      }
      let kept = try await branch.json("deposit", "ANA", "2.00", "--id", Self.id)["receipt"]
      #expect(kept["state"].text == "recorded" && kept["number"].int == 2)
    }

    @Test("There are no notices at a quiet till, and none to be done")
    func noNotices() async throws {
      let branch = try await Branch.open()
      try await branch.json("deposit", "ANA", "1.00")
      #expect(try await branch.json("notice", "list")["notices"].list?.isEmpty == true)
      #expect(try await branch.json("status")["notices"].int == 0)
      let unknown = try await branch.json("notice", "done", Self.id, status: 1)
      #expect(unknown["error"]["code"].text == "unknown-notice")
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Looking things up by script")
  struct ReadingTests {
    @Test("init says what it made, and is safe to repeat")
    func initTwice() async throws {
      let branch = try Branch.empty()
      let first = try await branch.json(
        "init", "--name", "Říční banka", "--currency", "CZK", "--time-zone", "Europe/Prague")
      #expect(first.names.isSuperset(of: ["bank", "schema", "created"]))
      #expect(first["created"].bool == true && first["schema"].int == 1)
      #expect(first["bank"]["name"].text == "Říční banka")
      let second = try await branch.json("init", "--name", "Other")
      #expect(second["created"].bool == false)
      #expect(second["bank"] == first["bank"])
      try await branch.json("account", "open", "A", "--name", "x")
      #expect(try await branch.json("account", "show", "A")["currency"].text == "CZK")
      try await branch.json("init", "--currency", "KČ", status: 64)
      try await branch.json("init", "--time-zone", "Mars", status: 64)
      try await branch.json("init", "--name", " ", status: 64)
      try await branch.json("init", "--database", "mysql://x/y", status: 64)
      // What stands in the way decides what mends it.
      let foreign = "\(branch.till.home)/foreign.sqlite"
      try Data("Dear bank,\n".utf8).write(to: URL(fileURLWithPath: foreign))
      let letter = try await branch.till.run(["init", "--database", "sqlite:\(foreign)", "--json"])
      #expect(letter.status == 3)
      let fix = try letter.json()["error"]["fix"].text ?? ""
      #expect(fix.contains(Phrases.nothingChanged) && !fix.contains("create tables"), "\(fix)")
    }

    @Test("Every command says times by the bank's own zone, whether it asks the bank or files")
    func oneZone() async throws {
      let branch = try Branch.empty()
      try await branch.json("init", "--time-zone", "Pacific/Kiritimati")
      try await branch.json("account", "open", "ANA", "--name", "Ana")
      let began = Date()
      try await branch.json("deposit", "ANA", "5")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "6")
      let calls = [
        ["status"], ["ledger", "list"], ["outages", "list"], ["hold", "on", "--reason", "test"],
      ]
      for call in calls {
        let said = try await branch.till.run(call).standardOutput
        let there = minutes(from: began, inZone: "Pacific/Kiritimati")
        let utc = minutes(from: began, inZone: "UTC")
        #expect(there.contains { said.contains($0) }, "\(call): \(said)")
        #expect(!utc.contains { said.contains($0) }, "\(call): \(said)")
      }
    }

    /// The minutes from then to now as a clock in that zone shows them.
    private func minutes(from then: Date, inZone zone: String) -> [String] {
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.timeZone = TimeZone(identifier: zone)
      format.dateFormat = "yyyy-MM-dd HH:mm"
      return stride(
        from: then.timeIntervalSince1970, through: Date().timeIntervalSince1970 + 60, by: 30
      )
      .map { format.string(from: Date(timeIntervalSince1970: $0)) }
    }

    @Test("without a bank anywhere the message offers demo and init")
    func noBank() async throws {
      let branch = try Branch.empty()
      let status = try await branch.json("status")
      #expect(status["bank"].isNull)
      let deposit = try await branch.json("deposit", "ANA", "5", status: 3)
      for fix in [status["fix"].text, deposit["error"]["fix"].text] {
        #expect(fix?.contains("daybook demo") == true && fix?.contains("daybook init") == true)
      }
      #expect(!FileManager.default.fileExists(atPath: branch.bankFile))
    }

    @Test("where the tills' own bank is missing, init makes no other in its place")
    func ownBankMissing() async throws {
      let branch = try await Branch.open()
      let bank = try await branch.json("status")["bank"]
      try branch.takeBankAway()
      let refused = try await branch.json("init", status: 1)["error"]
      #expect(refused["text"].text?.contains("Riverside Bank") == true)
      #expect(refused["fix"].text?.contains("backup") == true)
      #expect(!FileManager.default.fileExists(atPath: branch.bankFile))
      let doctor = try await branch.json("doctor", status: 1)["layers"]
      let missing = doctor.list?.first { $0["result"].text == "fail" }
      #expect(missing?["fix"].text?.contains("This till belongs to Riverside Bank") == true)
      #expect(missing?["fix"].text?.contains("init makes no other bank in its place") == true)
      try branch.giveBankBack()
      #expect(try await branch.json("init")["bank"]["id"] == bank["id"])
      // An emptied file is no bank either.
      try branch.takeBankAway()
      try Data().write(to: URL(fileURLWithPath: branch.bankFile))
      try await branch.json("init", status: 1)
    }

    @Test("while the bank is away nothing is said that only the bank could know")
    func awayAndUnknown() async throws {
      let branch = try await Branch.open()
      let unknown = try await branch.json("account", "show", "ZOE", status: 1)["error"]
      #expect(unknown["code"].text == "R002")
      #expect(try await branch.json("status")["exceptions_known"].bool == true)
      try branch.takeBankAway()
      for command in ["show", "unfreeze"] {
        let answer = try await branch.json("account", command, "ZOE", status: 1)
        #expect(answer["error"]["code"].text == "R017", "\(command)")
      }
      #expect(try await branch.json("statement", "ZOE", status: 1)["error"]["code"].text == "R017")
      #expect(try await branch.json("status")["exceptions_known"].bool == false)
      let status = try await branch.text("status").standardOutput
      #expect(status.contains("Exceptions  not known now"))
    }

    @Test("what only the bank can do says that nothing was changed, and what mends it")
    func remedies() async throws {
      let branch = try await Branch.open()
      let other = "sqlite:\(branch.till.home)/other.sqlite"
      try await branch.json("init", "--database", other, "--name", "Elsewhere")
      let wrong = try await branch.json(
        "account", "freeze", "ANA", "--database", other, status: 4)["error"]["fix"].text
      #expect(wrong?.contains(Phrases.nothingChanged) == true)
      #expect(wrong?.contains("Correct the address") == true)
      try await branch.json("hold", "on")
      let held = try await branch.json("reconcile", status: 3)["error"]["fix"].text ?? ""
      #expect(held.contains("daybook hold off"))
      try await branch.json("hold", "off")
      // The name of this till, from another state directory.
      let second = try await branch.json(
        "deposit", "ANA", "1", "--state", "\(branch.till.home)/second", status: 3)["error"]
      #expect(second["text"].text?.contains("the name till-1 belongs to another terminal") == true)
      #expect(second["fix"].text?.contains("another --terminal") == true)
    }

    @Test("status has the shape of the contract")
    func status() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let status = try await branch.json("status")
      #expect(
        status.names.isSuperset(of: [
          "mode", "cause", "bank", "terminal", "snapshot", "ledger", "exceptions",
        ]))
      #expect(status["mode"].text == "online" && status["cause"].isNull)
      #expect(status["bank"]["name"].text == "Riverside Bank")
      #expect(status["terminal"].text == "till-1")
      #expect(status["snapshot"].names.isSuperset(of: ["as_of", "age_seconds"]))
      #expect(status["ledger"]["waiting"].int == 0 && status["ledger"]["oldest"].isNull)
      #expect(status["ledger"]["head"].text?.count == 64)
      #expect(status["exceptions"].int == 0)
    }

    @Test("accounts are listed by number, filtered and paged")
    func accounts() async throws {
      let branch = try await Branch.open()
      let all = try await branch.json("account", "list")
      #expect(all["accounts"].list?.compactMap { $0["number"].text } == ["ANA", "BOB", "KEN"])
      #expect(all["next"].isNull)
      #expect(
        all["accounts"][0].names.isSuperset(of: [
          "number", "name", "currency", "status", "balance", "available", "source", "as_of",
        ]))
      let page = try await branch.json("account", "list", "--limit", "2")
      #expect(page["next"].text == "BOB" && page["accounts"].list?.count == 2)
      let rest = try await branch.json("account", "list", "--after", "BOB")
      #expect(rest["accounts"].list?.compactMap { $0["number"].text } == ["KEN"])
      let found = try await branch.json("account", "list", "--filter", "novak")
      #expect(found["accounts"].list?.compactMap { $0["number"].text } == ["ANA"])
      try await branch.json("account", "list", "--limit", "0", status: 64)
      let nobody = try await branch.json("account", "show", "NOBODY", status: 1)
      #expect(nobody["error"]["code"].text == "R002")
    }

    @Test("a statement from the holder's view, as JSON, CSV and text")
    func statement() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "50", "--memo", "=1+1, \"wages\"")
      try await branch.book("transfer", "ANA", "BOB", "12.5")
      let statement = try await branch.json("statement", "ANA")
      #expect(statement.names.isSuperset(of: ["account", "lines"]))
      let lines = try #require(statement["lines"].list)
      #expect(lines.compactMap { $0["amount"].text } == ["50.00", "-12.50"])
      #expect(lines.compactMap { $0["balance"].text } == ["50.00", "37.50"])
      #expect(
        lines[0].names.isSuperset(of: [
          "entry", "booking_date", "value_date", "kind", "amount", "balance", "memo",
          "counter_account",
        ]))
      #expect(lines[1]["counter_account"].text == "BOB")
      #expect(lines[0]["memo"].text == "=1+1, \"wages\"")

      let day = try #require(lines[0]["booking_date"].text)
      #expect(try await branch.json("statement", "ANA", "--from", day)["lines"].list?.count == 2)
      #expect(try await branch.json("statement", "ANA", "--to", "2020-01-01")["lines"] == .list([]))
      try await branch.json("statement", "ANA", "--from", "2026-02-30", status: 64)
      try await branch.json("statement", "ANA", "--from", day, "--to", "2020-01-01", status: 64)

      let csv = try await branch.text("statement", "ANA", "--format", "csv").standardOutput
      let rows = csv.components(separatedBy: "\r\n")
      #expect(rows.count == 4 && rows.last == "")
      #expect(rows[0].hasPrefix("entry,booking_date,value_date,kind,amount,balance,memo"))
      #expect(rows[1].contains(",50.00,50.00,\"'=1+1, \"\"wages\"\"\","))
      let json = try await branch.text("statement", "ANA", "--format", "json").standardOutput
      #expect(try JSONValue(parsing: json)["lines"] == statement["lines"])
      #expect(try await branch.text("statement", "ANA").standardOutput.contains("-12.50"))
    }

    @Test("the journal names who, where and when, and pages by position")
    func journal() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "50", "--operator", "eva")
      try await branch.book("deposit", "ANA", "60", "--terminal", "till-2")
      let journal = try await branch.json("journal")
      let all = try #require(journal["transactions"].list)
      #expect(all.count == 2)
      #expect(
        all[0].names.isSuperset(of: [
          "entry", "captured_at", "operator", "approved_by", "terminal", "number", "debit",
          "credit", "amount", "currency", "booking_date", "value_date", "kind", "memo",
        ]))
      #expect(all[0]["operator"].text == "eva" && all[1]["terminal"].text == "till-2")
      #expect(all[1]["number"].int == 1, "each terminal counts for itself")
      let filtered = try await branch.json("journal", "--terminal", "till-2")
      #expect(filtered["transactions"].list?.count == 1)
      #expect(
        try await branch.json("journal", "--operator", "eva")["transactions"].list?.count == 1)
      let page = try await branch.json("journal", "--limit", "1")
      let position = try #require(page["next"].int)
      let rest = try await branch.json("journal", "--after", "\(position)")
      #expect(rest["transactions"].list?.count == 1 && rest["next"].isNull)
    }

    @Test("text from outside cannot steer the terminal, and JSON keeps it whole")
    func hostileText() async throws {
      let branch = try await Branch.open()
      let name = "\u{1B}[2J\u{202E}evil\u{07}\nname"
      try await branch.json("account", "open", "EVE", "--name", name)
      #expect(try await branch.json("account", "show", "EVE")["name"].text == name)
      try await branch.book("deposit", "EVE", "1", "--memo", name)
      for command in [
        ["account", "show", "EVE"], ["account", "list"], ["statement", "EVE"],
        ["journal"], ["ledger", "list"],
      ] {
        let text = try await branch.till.run(command).standardOutput
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\u{07}"))
      }
    }

    @Test("no memo and no name makes a line of its own on a slip")
    func forgedLines() async throws {
      let branch = try await Branch.open()
      let forged = "rent\nbalance 9,999.00 EUR"
      try await branch.json("account", "open", "EVE", "--name", forged)
      let slip = try await branch.text("deposit", "EVE", "1", "--memo", forged).standardOutput
      #expect(slip.contains("rent␊balance 9,999.00 EUR"))
      let statement = try await branch.text("statement", "EVE").standardOutput
      for text in [slip, statement] { #expect(!text.contains("\nbalance 9,999.00")) }
    }

    @Test("an argument that is not UTF-8 is refused, not stored with marks in it")
    func notText() async throws {
      let branch = try await Branch.open()
      let result = try await Command.run(
        [
          "bash", "-c",
          "'\(branch.till.binary)' account open NEW --name $'Nov\\xe1k' --json; echo $?",
        ],
        environment: branch.till.environment)
      #expect(result.standardOutput.hasSuffix("\n64\n"))
      #expect(result.standardOutput.contains("Argument 5 is not UTF-8"))
      #expect(try await branch.json("account", "list")["accounts"].list?.count == 3)
    }

    @Test("the bank's own accounts have a balance and no statement")
    func ownAccounts() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      #expect(try await branch.balance("BANK-TILL-1-EUR") == "-5.00 live")
      let refused = try await branch.json("statement", "BANK-TILL-1-EUR", status: 1)["error"]
      #expect(refused["code"].text == "own-account")
      #expect(refused["fix"].text?.contains("daybook journal") == true)
    }

    @Test("a reader that goes away ends a command quietly")
    func closedPipe() async throws {
      let branch = try await Branch.open()
      let command =
        "'\(branch.till.binary)' journal | true; '\(branch.till.binary)' status | head -1"
      let result = try await Command.run(
        ["bash", "-c", "set -o pipefail; \(command)"], environment: branch.till.environment)
      #expect(result.status == 0 && result.standardError.isEmpty)
      let full = try await Command.run(
        ["bash", "-c", "'\(branch.till.binary)' status > /dev/full"],
        environment: branch.till.environment)
      #expect(full.status == 3 && full.standardError.contains(Phrases.notWritten))
    }

    @Test("global options are taken before and after the command")
    func placement() async throws {
      let branch = try await Branch.open()
      for command in [
        ["--json", "--terminal", "till-9", "status"], ["status", "--terminal", "till-9", "--json"],
      ] {
        #expect(try await branch.till.run(command).json()["terminal"].text == "till-9")
      }
      let account = try await branch.till.run(["account", "--json", "show", "ANA"])
      #expect(try account.json()["number"].text == "ANA")
    }

    @Test(
      "a wrong call exits with 64, with --json as JSON",
      arguments: [
        ["frobnicate"], ["deposit"], ["deposit", "ANA"], ["deposit", "a b", "5"],
        ["status", "--no"],
        ["exceptions", "resolve", "018f3b7e-0000-4000-8000-00000000000a", "--note", "x"],
        [
          "exceptions", "resolve", "018f3b7e-0000-4000-8000-00000000000a", "--post", "--refuse",
          "--note", "x",
        ],
        ["reverse", "12"], ["period", "close", "tomorrow"], ["status", "--terminal", "Till One"],
        ["journal", "--limit", "-1"], ["journal", "--terminal", "Till One"],
        ["void", "018f3b7e-0000-4000-8000-00000000000a", "--note", " "],
        [
          "exceptions", "resolve", "018f3b7e-0000-4000-8000-00000000000a", "--post", "--note", "",
        ],
        ["account", "open", "A"], ["account"], ["ledger"],
        ["account", "open", "A", "--name", " "],
      ])
    func wrongCalls(command: [String]) async throws {
      let branch = try Branch.empty()
      let answer = try await branch.till.run(command + ["--json"])
      #expect(answer.status == 64, "\(answer)")
      #expect(try answer.json()["error"].names == ["code", "text", "fix"])
      let text = try await branch.till.run(command)
      #expect(text.status == 64 && text.standardOutput.isEmpty && !text.standardError.isEmpty)
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Imports by script")
  struct ImportTests {
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    private let rules = package.appendingPathComponent("data/import").path

    private func importing(
      _ branch: Branch, _ what: String, _ file: String, _ options: String..., status: Int32 = 0
    ) async throws -> JSONValue {
      let words = [
        "import", what, file, "--rules", "\(rules)/berka-\(what).yaml", "--json",
      ]
      let answer = try await branch.till.run(words + options, limit: .seconds(600))
      #expect(answer.status == status, "\(answer)")
      return try answer.json()
    }

    @Test("the made-up sample goes in once, however often it is imported")
    func sample() async throws {
      let branch = try Branch.empty()
      try await branch.json("init", "--currency", "CZK")
      let (accounts, lines) = ("\(rules)/sample/account.asc", "\(rules)/sample/trans.asc")
      let dry = try await importing(branch, "accounts", accounts, "--dry-run")
      #expect(dry["imported"].int == 0 && dry["pending"].int == dry["read"].int)
      let first = try await importing(branch, "accounts", accounts)
      #expect(first.names.isSuperset(of: ["read", "imported", "already_present", "bad"]))
      #expect(first["imported"].int == first["read"].int && (first["read"].int ?? 0) > 0)
      let second = try await importing(branch, "accounts", accounts)
      #expect(second["imported"].int == 0)
      #expect(second["already_present"].int == second["read"].int)

      let history = try await importing(branch, "transactions", lines)
      #expect(history["bad"].list?.isEmpty == true)
      let again = try await importing(branch, "transactions", lines)
      #expect(again["already_present"].int == history["imported"].int)
      let journal = try await branch.json("journal")["transactions"].list
      #expect(journal?.count == history["imported"].int)
    }

    @Test("a bad line stops an import, unless bad lines are to be skipped")
    func badLine() async throws {
      let branch = try Branch.empty()
      try await branch.json("init", "--currency", "CZK")
      let file = "\(rules)/sample/trans-bad.asc"
      // Without its account every line is bad.
      let homeless = try await importing(branch, "transactions", file, status: 1)
      #expect(homeless["bad"].list?.count == homeless["read"].int)
      _ = try await importing(branch, "accounts", "\(rules)/sample/account.asc")
      let stopped = try await importing(branch, "transactions", file, status: 1)
      #expect(stopped["imported"].int == 0 && stopped["bad"].list?.count == 1)
      #expect(stopped["bad"][0]["line"].int == 5)
      #expect(try await branch.json("journal")["transactions"].list?.isEmpty == true)
      let rest = try await importing(branch, "transactions", file, "--skip-bad")
      #expect(rest["imported"].int == 3)
    }

    @Test("nothing is imported into another bank than the one of these tills")
    func anotherBank() async throws {
      let branch = try await Branch.open()
      let other = "sqlite:\(branch.till.home)/other.sqlite"
      try await branch.json("init", "--database", other, "--name", "Elsewhere")
      let file = "\(rules)/sample/account.asc"
      for options in [["--dry-run"], []] {
        let answer = try await branch.till.run(
          [
            "import", "accounts", file, "--rules", "\(rules)/berka-accounts.yaml", "--json",
            "--database", other,
          ] + options)
        #expect(answer.status == 4, "\(answer)")
        let text = try answer.json()["error"]["text"].text ?? ""
        #expect(text.contains("Elsewhere") && text.contains("Riverside Bank"))
      }
      let fresh = ["account", "list", "--database", other, "--state", "\(branch.till.home)/new"]
      #expect(try await branch.till.run(fresh).standardOutput == "no accounts\n")
    }

    @Test("files and rules that cannot be read")
    func unreadable() async throws {
      let branch = try Branch.empty()
      try await branch.json("init", "--currency", "CZK")
      _ = try await importing(branch, "accounts", "/nowhere", status: 3)
      try await branch.json("import", "accounts", "/dev/null", "--rules", "/nowhere", status: 64)
      let file = "\(rules)/sample/account.asc"
      let crossed = try await branch.till.run(
        "import", "accounts", file, "--rules", "\(rules)/berka-transactions.yaml", "--json")
      #expect(crossed.status == 3 || crossed.status == 64, "\(crossed)")
    }

    @Test("the real bank's data: 4,500 accounts and 49,102 transactions, the cut line named")
    func realData() async throws {
      let folder = Self.package.deletingLastPathComponent()
        .appendingPathComponent("shared/data/berka").path
      guard FileManager.default.fileExists(atPath: "\(folder)/trans.asc") else {
        print("The real data are not at \(folder): only the made-up sample was imported.")
        return
      }
      let branch = try Branch.empty()
      try await branch.json("init", "--currency", "CZK")
      let accounts = try await importing(branch, "accounts", "\(folder)/account.asc")
      #expect(accounts["imported"].int == 4_500 && accounts["bad"].list?.isEmpty == true)
      let stopped = try await importing(branch, "transactions", "\(folder)/trans.asc", status: 1)
      #expect(stopped["imported"].int == 0)
      #expect(stopped["bad"].list?.count == 1 && stopped["bad"][0]["line"].int == 49_104)
      let history = try await importing(
        branch, "transactions", "\(folder)/trans.asc", "--skip-bad")
      #expect(history["imported"].int == 49_102)
    }

    // MARK: Nothing wrong

    /// A till with the account ANA, and files of transactions for it.
    private func transactions(
      _ branch: Branch, _ lines: [String], _ options: String..., format: String = "YYYY-MM-DD",
      status: Int32 = 0
    ) async throws -> JSONValue {
      let rules = """
        import: transactions
        namespace: test
        source: { header: no, columns: [id, date, amount, memo] }
        transaction:
          id: "{id}"
          account: "ANA"
          date: { from: "{date}", date_format: \(format) }
          amount: "{amount}"
          direction: sign
          currency: EUR
          memo: "{memo}"
        """
      let home = branch.till.home
      try rules.write(toFile: "\(home)/r.yaml", atomically: true, encoding: .utf8)
      try (lines.joined(separator: "\n") + "\n")
        .write(toFile: "\(home)/t.csv", atomically: true, encoding: .utf8)
      let answer = try await branch.till.run(
        ["import", "transactions", "t.csv", "--rules", "r.yaml", "--json"] + options)
      #expect(answer.status == status, "\(answer)")
      return try answer.json()
    }

    /// Opening and status of each account: a dry run says what a run does, and a bad line stops all of it.
    @Test("an account that comes again with another status is a bad line, whatever the two are")
    func statuses() async throws {
      let branch = try Branch.empty()
      try await branch.json("init", "--currency", "EUR")
      let home = branch.till.home
      try """
      import: accounts
      namespace: test
      account: { number: "{number}", holder: "{holder}", currency: EUR, status: "{status}" }
      """.write(toFile: "\(home)/a.yaml", atomically: true, encoding: .utf8)
      func read(_ lines: [String], _ options: String...) async throws -> (DaybookAnswer, JSONValue)
      {
        let text = (["number,holder,status"] + lines).joined(separator: "\n") + "\n"
        try text.write(toFile: "\(home)/a.csv", atomically: true, encoding: .utf8)
        let answer = try await branch.till.run(
          ["import", "accounts", "a.csv", "--rules", "a.yaml", "--json"] + options)
        return (answer, try answer.json())
      }
      let words = ["open", "frozen", "closed"]
      for before in words {
        for after in words {
          let number = "\(before.uppercased())-\(after.uppercased())"
          let (first, _) = try await read(["\(number),Ann,\(before)"])
          #expect(first.status == 0, "\(first)")
          let lines = ["\(number),Ann,\(after)", "NEW-\(number),Ben,open"]
          let (_, dry) = try await read(lines, "--dry-run")
          let (run, said) = try await read(lines)
          let isSame = before == after
          #expect(run.status == (isSame ? 0 : 1), "\(run)")
          #expect(dry["bad"].list?.count == (isSame ? 0 : 1) && dry["pending"].int == 1, "\(dry)")
          #expect(said["imported"].int == (isSame ? 1 : 0), "\(said)")
          let why = said["bad"].list?.first?["why"].text ?? ""
          #expect(why.contains("here it is \(after)") != isSame, "\(said)")
          let shown = try await branch.json("account", "show", number)
          #expect(shown["status"].text == before)
        }
      }
    }

    @Test("the same identity with another date or memo is a bad line that names what differs")
    func differences() async throws {
      let branch = try await Branch.open()
      let lines = ["1,04/03/2024,5.00,rent", "2,05/03/2024,6.00,food"]
      let first = try await transactions(branch, lines, format: "MM/DD/YYYY")
      #expect(first["imported"].int == 2)
      let again = try await transactions(branch, lines, format: "MM/DD/YYYY")
      #expect(again["already_present"].int == 2)
      let corrected = try await transactions(branch, lines, format: "DD/MM/YYYY", status: 1)
      #expect(corrected["imported"].int == 0 && corrected["already_present"].int == 0)
      let why = corrected["bad"][0]["why"].text ?? ""
      #expect(why.contains("there booking date 2024-04-03, here 2024-03-04"), "\(why)")
      let renamed = try await transactions(
        branch, ["1,04/03/2024,5.00,rent", "2,05/03/2024,7.00,drink", "3,05/04/2024,1.00,new"],
        "--skip-bad", format: "MM/DD/YYYY")
      #expect(renamed["imported"].int == 1 && renamed["already_present"].int == 1)
      let both = renamed["bad"][0]["why"].text ?? ""
      #expect(both.contains("amount 6.00 EUR, here 7.00 EUR") && both.contains("memo \"food\""))
    }

    @Test("nothing is imported into a closed period, nor on a day that has not come")
    func closedPeriod() async throws {
      let branch = try await Branch.open()
      try await branch.json("period", "close", "2024-06-30")
      let lines = [
        "1,2024-06-30,5.00,closed", "2,2024-07-01,6.00,open", "3,2099-01-01,7.00,future",
        "4,0024-07-01,8.00,old",
      ]
      let stopped = try await transactions(branch, lines, status: 1)
      #expect(stopped["bad"].list?.map { $0["line"].int } == [1, 3, 4])
      #expect(stopped["bad"][0]["why"].text?.contains("closed") == true)
      #expect(try await transactions(branch, lines, "--skip-bad")["imported"].int == 1)
      #expect(try await branch.balance("ANA") == "6.00 live")
      // It was refused because of the period, and not for ever.
      #expect(try await transactions(branch, [lines[1]])["already_present"].int == 1)
    }

    @Test("with every line bad --skip-bad has done nothing; a lost twin stands out")
    func nothingDone() async throws {
      let branch = try await Branch.open()
      let none = try await transactions(
        branch, ["1,2024-13-01,5.00,x", "2,2024-01-01,x,y"], "--skip-bad", status: 1)
      #expect(none["imported"].int == 0 && none["bad"].list?.count == 2)
      let twin = ["1,2024-01-01,10.00,shop", "bad", "1,2024-01-01,10.00,shop"]
      let lost = try await transactions(branch, twin, "--skip-bad")
      #expect(lost["imported"].int == 1 && lost["bad"][1]["twin_of"].int == 1)
      let told = try await branch.text(
        "import", "transactions", "t.csv", "--rules", "r.yaml", "--skip-bad")
      #expect(told.standardOutput.contains("\(Phrases.sameIdentity): 1"))
      let last = told.standardOutput.split(separator: Phrases.sameIdentity).last ?? ""
      #expect(last.contains("line 3: line 1 has the same identity"))
    }

    @Test("two imports at once: each accounts for all of its lines")
    func atOnce() async throws {
      let branch = try await Branch.open()
      let lines = (1...4_000).map { "\($0),2024-01-01,1.00,x" }
      _ = try await transactions(branch, lines, "--dry-run")
      let words = ["import", "transactions", "t.csv", "--rules", "r.yaml", "--json"]
      async let one = branch.till.run(words)
      async let two = branch.till.run(words)
      var imported = 0
      for answer in try await [one, two] {
        let told = try answer.json()
        let counted = (told["imported"].int ?? 0) + (told["already_present"].int ?? 0)
        #expect(told["read"].int == 4_000 && counted == 4_000, "\(answer)")
        imported += told["imported"].int ?? 0
      }
      #expect(imported == 4_000)
      #expect(try await branch.balance("ANA") == "4000.00 live")
    }
  }
}

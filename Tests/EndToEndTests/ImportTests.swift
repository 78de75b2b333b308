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
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Entries by script")
  struct EntryTests {
    @Test("a deposit is posted and receipted")
    func deposit() async throws {
      let branch = try await Branch.open()
      let receipt = try await branch.book("deposit", "ANA", "100.50", "--memo", "rent")
      #expect(
        receipt.names.isSuperset(of: ["entry", "number", "state", "reason", "text", "code"]))
      #expect(receipt["state"].text == "posted")
      #expect(receipt["number"].int == 1)
      #expect(receipt["reason"].isNull)
      #expect(receipt["text"].text == "POSTED")
      #expect(receipt["code"].text?.count == 9)
      #expect(try await branch.balance("ANA") == "100.50 live")
    }

    @Test("withdrawals and transfers move the money, and no more than is there")
    func movements() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      try await branch.book("withdraw", "ANA", "30.25")
      try await branch.book("transfer", "ANA", "BOB", "20")
      #expect(try await branch.balance("ANA") == "49.75 live")
      #expect(try await branch.balance("BOB") == "20.00 live")

      let refused = try await branch.json("withdraw", "ANA", "50", status: 1)["receipt"]
      #expect(refused["state"].text == "refused" && refused["reason"].text == "R004")
      let overdraft = try await branch.json("withdraw", "BOB", "120")
      #expect(overdraft["receipt"]["state"].text == "posted")
      #expect(try await branch.balance("BOB") == "-100.00 live")
      #expect(try await branch.json("account", "show", "BOB")["available"].text == "0.00")
    }

    @Test("each currency has its own decimals")
    func decimals() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "KEN", "5000")
      #expect(try await branch.balance("KEN") == "5000 live")
      let wrong = try await branch.json("deposit", "KEN", "5.5", status: 64)
      #expect(wrong["error"]["text"].text == "JPY has no decimals.")
      let euros = try await branch.json("deposit", "KEN", "5.5", "--currency", "EUR", status: 1)
      #expect(euros["receipt"]["reason"].text == "R006")
    }

    @Test("a reversal takes back once")
    func reversal() async throws {
      let branch = try await Branch.open()
      let entry = try #require(try await branch.book("deposit", "ANA", "12.00")["entry"].text)
      try await branch.book("reverse", entry, "--memo", "typed twice")
      #expect(try await branch.balance("ANA") == "0.00 live")
      for reason in ["", "  "] {
        let without = try await branch.json("reverse", entry, "--memo", reason, status: 64)
        #expect(without["error"]["code"].text == "reason")
        #expect(without["error"]["text"].text?.contains("Nothing was recorded") == true)
      }
      let again = try await branch.json("reverse", entry, "--memo", "again", status: 1)
      #expect(again["error"]["code"].text == "R010" || again["receipt"]["reason"].text == "R010")
      try await branch.json(
        "reverse", "018f3b7e-0000-4000-8000-00000000ffff", "--memo", "unknown", status: 1)
    }

    @Test("the same id with the same content is the same entry")
    func sameID() async throws {
      let branch = try await Branch.open()
      let id = "018F3B7E-0000-4000-8000-00000000000A"
      let first = try await branch.book("deposit", "ANA", "7", "--id", id)
      #expect(first["entry"].text == id.lowercased())
      let second = try await branch.book("deposit", "ANA", "7.00", "--id", id)
      #expect(second["code"].text == first["code"].text)
      #expect(second["number"].int == first["number"].int)
      #expect(try await branch.balance("ANA") == "7.00 live")

      let other = try await branch.json("deposit", "ANA", "8", "--id", id, status: 1)
      #expect(other["error"]["code"].text == "R011")
      try await branch.json("withdraw", "ANA", "7", "--id", id, status: 1)
      #expect(try await branch.balance("ANA") == "7.00 live")
    }

    @Test(
      "amounts that are none are wrong calls, and nothing is entered",
      arguments: [
        "1,50", "+5", "1e3", "0", "0.00", "1.", ".5", "1 000", "5.001", "", "five",
        "99999999999999999999999", "１２",
      ])
    func badAmounts(amount: String) async throws {
      let branch = try await Branch.open()
      let answer = try await branch.json("deposit", "ANA", amount, status: 64)
      #expect(answer["error"].names == ["code", "text", "fix"])
      #expect(try await branch.json("ledger", "list")["entries"].list?.isEmpty == true)
    }

    @Test("a negative amount is a wrong call too")
    func negative() async throws {
      let branch = try await Branch.open()
      let sign = try await branch.json("deposit", "ANA", "-5", status: 64)
      #expect(sign["error"]["text"].text?.hasPrefix("'-5' reads as an option.") == true)
      let meant = try await branch.till.run("deposit", "--json", "ANA", "--", "-5")
      #expect(meant.status == 64)
      #expect(try meant.json()["error"]["text"].text?.contains("no sign") == true)
    }

    @Test("an account that is not there, frozen or closed")
    func accounts() async throws {
      let branch = try await Branch.open()
      let unknown = try await branch.json("deposit", "NOBODY", "5", status: 1)
      #expect(unknown["receipt"]["reason"].text == "R002")
      try await branch.book("deposit", "ANA", "5")
      #expect(try await branch.json("account", "freeze", "ANA")["status"].text == "frozen")
      let frozen = try await branch.json("withdraw", "ANA", "5", status: 1)
      #expect(frozen["receipt"]["reason"].text == "R005")
      #expect(try await branch.json("account", "unfreeze", "ANA")["status"].text == "open")
      let full = try await branch.json("account", "close", "ANA", status: 1)
      #expect(full["error"]["code"].text == "R028")
      try await branch.book("withdraw", "ANA", "5")
      #expect(try await branch.json("account", "close", "ANA")["status"].text == "closed")
      let closed = try await branch.json("deposit", "ANA", "5", status: 1)
      #expect(closed["receipt"]["reason"].text == "R003")
      // Lifting a freeze does not reopen what is closed.
      try await branch.json("account", "unfreeze", "ANA", status: 1)
      #expect(try await branch.json("account", "reopen", "ANA")["status"].text == "open")
      try await branch.json("account", "open", "ANA", "--name", "Other", status: 1)
      try await branch.json("account", "open", "ana", "--name", "Small", status: 64)
      try await branch.json("deposit", "BANK-SUSPENSE-EUR", "5", status: 1)
    }

    @Test("what is refused says what to do, in text too; texts too long are a wrong call")
    func remedies() async throws {
      let branch = try await Branch.open()
      let refused = try await branch.text("withdraw", "ANA", "5", status: 1).standardOutput
      #expect(refused.hasPrefix("REFUSED\nThe available balance does not cover this amount.\n"))
      #expect(refused.hasSuffix("\nEnter a smaller amount, or have money paid in first.\n"))
      let memo = String(repeating: "m", count: 70_000)
      let long = try await branch.json("deposit", "ANA", "5", "--memo", memo, status: 64)["error"]
      #expect(long["text"].text?.contains(Phrases.nothingRecorded) == true)
      #expect(long["fix"].text == "Shorten the memo.")
      #expect(try await branch.json("ledger", "list")["entries"].list?.count == 1)
    }

    @Test("a receipt is shown again, as a copy, and printed by the configured command")
    func receipts() async throws {
      let branch = try await Branch.open()
      let entry = try #require(try await branch.book("deposit", "ANA", "12")["entry"].text)
      let copy = try await branch.text("receipt", entry).standardOutput
      #expect(copy.hasPrefix("POSTED\nCOPY\n"))
      #expect(copy.contains("till-1/0001") && copy.contains("12.00 EUR"))
      let none = try await branch.json("receipt", entry, "--print", status: 64)
      #expect(none["error"]["code"].text == "print")

      let paper = "\(branch.till.home)/paper"
      let printed = try await branch.till.run(
        "receipt", entry, "--print", environment: ["DAYBOOK_PRINT": "tee \(paper)"])
      #expect(printed.status == 0)
      func slip() -> String { (try? String(contentsOfFile: paper, encoding: .utf8)) ?? "" }
      #expect(
        slip().hasPrefix("POSTED\nCOPY 2\n") && slip().contains("Riverside Bank  till-1  "))
      #expect(!slip().contains("Nováková"))

      // By its number, with the terminal's name and without it.
      for name in ["till-1/0001", "till-1/1", "1"] {
        #expect(try await branch.json("receipt", name)["receipt"]["entry"].text == entry)
      }
      let other = try await branch.json("receipt", "till-2/1", status: 1)["error"]
      #expect(other["fix"].text?.contains("--terminal till-2") == true)
      try await branch.json("receipt", "7", status: 1)
      try await branch.json("receipt", "till-1/x", status: 64)

      let jam = try await branch.json(
        "receipt", "1", "--print", status: 3,
        environment: ["DAYBOOK_PRINT": "no-such-printer-here"])
      #expect(jam["error"]["text"].text?.contains("no-such-printer-here") == true)
      try await branch.json("receipt", "018f3b7e-0000-4000-8000-00000000ffff", status: 1)
    }
  }
}

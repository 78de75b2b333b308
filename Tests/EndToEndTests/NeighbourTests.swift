import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Two tills in one state directory")
  struct NeighbourTests {
    @Test("What one till pays out while the bank is away counts at the other")
    func cap() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5000")
      try await branch.book("deposit", "BOB", "1", "--terminal", "till-2")
      try branch.takeBankAway()
      for _ in 1...4 { try await branch.json("withdraw", "ANA", "500") }

      let next = ["--terminal", "till-2"]
      let beyond = try await branch.json("withdraw", "ANA", "0.01", next[0], next[1], status: 1)
      #expect(beyond["error"]["code"].text == "R007")
      let shown = try await branch.json("account", "show", "ANA", next[0], next[1])
      #expect(shown["source"].text == "estimated")
      #expect(shown["balance"].text == "3000.00")
      let words = try await branch.text("account", "show", "ANA", next[0], next[1])
      #expect(words.standardOutput.contains("in 4 more entries"))

      // Deposits are open, other accounts are not held up, and neither list has the other's.
      try await branch.json("deposit", "ANA", "20", next[0], next[1])
      try await branch.json("withdraw", "BOB", "1", next[0], next[1])
      let listed = try await branch.json("ledger", "list", next[0], next[1])["entries"].list
      #expect(listed?.count { $0["state"].text == "waiting" } == 2)
      #expect(try await branch.balance("ANA") == "3020.00 estimated")
      #expect(try await branch.json("status")["ledger"]["waiting"].int == 4)

      try branch.giveBankBack()
      try await branch.json("reconcile")
      try await branch.json("reconcile", next[0], next[1])
      #expect(try await branch.balance("ANA") == "3020.00 live")

      // Posted by both tills, and nothing of it is counted twice.
      try branch.takeBankAway()
      #expect(try await branch.balance("ANA") == "3020.00 snapshot")
      let other = try await branch.json("account", "show", "ANA", next[0], next[1])
      #expect(other["balance"].text == "3020.00" && other["source"].text == "snapshot")
      await branch.till.close()
    }

    @Test("A neighbour's ledger that cannot be read is named and stops nobody")
    func unreadable() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      try await branch.book("deposit", "BOB", "1", "--terminal", "till-2")
      let mark = URL(fileURLWithPath: "\(branch.till.state)/till-2.mark")
      try Data(repeating: 0x58, count: 8_192).write(to: mark)
      try branch.takeBankAway()
      let notice = try await branch.json("status")["ledger"]["notice"].text
      #expect(notice?.contains("The ledger of till-2 cannot be read") == true)
      let paid = try await branch.json("withdraw", "ANA", "40")["receipt"]
      #expect(paid["state"].text == "recorded")

      try branch.giveBankBack()
      try await branch.json("reconcile")
      #expect(try await branch.json("status")["ledger"]["notice"].isNull)
      await branch.till.close()
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The console as lines")
  struct PlainTests {
    /// Everything on the terminal, with lines that the terminal wrapped put together again.
    private func transcript(_ console: Tmux) async throws -> String {
      try await console.screen().joined(separator: "\n")
    }

    @Test("a deposit is entered by the same keys, and every step is read out")
    func deposit() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open("--plain")
      try await console.waitFor("ONLINE; Riverside Bank")
      try await console.waitFor("> ANA; ")
      try await console.type("d")
      try await console.waitFor("Deposit")
      try await console.type("12.50")
      try await console.send("Enter", "Enter")
      try await console.waitFor("Posted now: the bank decides at once.")
      try await console.send("Enter")
      #expect(try await branch.balance("ANA") == "0.00 live")
      try await console.type("p")
      try await console.waitFor("POSTED")
      let text = try await transcript(console)
      #expect(!text.contains("─") && !text.contains("+--"))
      try await console.type("q")
      #expect(try await console.waitEnd() == 0)
      #expect(try await branch.balance("ANA") == "12.50 live")
    }

    @Test("the loss of the bank is a line of its own")
    func outage() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open("--plain")
      try await console.waitFor("> ANA; ")
      try await console.type(":drill")
      try await console.send("Enter")
      try await console.waitFor("y begins the drill")
      try await console.waitIdle()
      try await console.type("y")
      try await console.waitFor("MANUAL LEDGER; DRILL: ENTRIES ARE REAL")
      try await console.waitFor("A drill by")
      try await console.type("q")
      #expect(try await console.waitEnd() == 0)
    }

    @Test("a terminal that cannot move its cursor gets lines by itself, without any sequence")
    func dumb() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open(terminal: "dumb")
      try await console.waitFor("ONLINE; Riverside Bank")
      try await console.waitFor("> ANA; ")
      try await console.send("Down")
      try await console.waitFor("> BOB; ")
      try await console.send("C-c")
      #expect(try await console.waitEnd() == 0)
    }

    @Test("the demo too, when it is asked to")
    func demo() async throws {
      let branch = try Branch.empty()
      let console = try await branch.till.open("demo", "--plain")
      try await console.waitFor("ONLINE; Riverside Bank", within: .seconds(120))
      await console.close()
    }

    @Test("an account is opened and frozen at the console, and the books say so")
    func account() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      try await console.type("n")
      try await console.type("NEW-1")
      try await console.send("Enter")
      try await console.type("Anna")
      try await console.send("Enter", "Enter", "Enter")
      try await console.waitFor("y opens it")
      try await console.type("y")
      try await console.waitFor("Account NEW-1 is open.")
      try await console.type("f")
      try await console.waitFor("y freezes it")
      try await console.type("y")
      try await console.waitFor("Account NEW-1 is frozen.")
      #expect(try await branch.json("account", "show", "NEW-1")["status"].text == "frozen")
      await console.close()
    }
  }
}

import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The console by ear")
  struct PlainTests {
    /// What a person does when they have heard that.
    private struct Rule {
      let heard: String
      let keys: [String]
      /// Typed before the keys.
      var text = ""
    }

    /// Whoever works at the console knows what was told, and nothing else.
    private struct Ear {
      let console: Tmux
      /// Lines that were heard and acted on.
      private var known = 0

      init(_ console: Tmux) { self.console = console }

      var heard: [String] {
        get async throws { Self.lines(try await console.screen()) }
      }

      private static func lines(_ rows: [String]) -> [String] { rows.filter { !$0.isEmpty } }

      /// Does what the newest known line calls for, until a line is heard.
      mutating func work(_ rules: [Rule], until end: String) async throws {
        for _ in 1...30 {
          let known = known
          var place: Int?
          var rule: Rule?
          try await console.waitFor("'\(end)', or a line that says what to do") { rows in
            let new = Array(Self.lines(rows).enumerated().dropFirst(known).reversed())
            place = new.first { $0.element.contains(end) }?.offset
            rule =
              new.lazy.compactMap { line in
                rules.first { line.element.contains($0.heard) }
              }.first
            return place != nil || rule != nil
          }
          if let place {
            self.known = place
            return
          }
          guard let rule else { break }
          self.known = try await heard.count
          if !rule.text.isEmpty { try await console.type(rule.text) }
          for key in rule.keys { try await console.send(key) }
          try await console.waitIdle()
        }
        Issue.record("'\(end)' was not heard: \(try await heard.suffix(12))")
      }
    }

    private func deposit(_ amount: String) -> [Rule] {
      [
        Rule(heard: "Type post, then press enter.", keys: ["Enter"], text: "post"),
        Rule(heard: "Memo.", keys: ["Enter"]),
        Rule(heard: "Amount.", keys: ["Enter"], text: amount),
        Rule(heard: ". Nováková, Ana, ", keys: [], text: "d"),
      ]
    }

    private func expectGood(_ console: Tmux) async throws {
      let text = try await console.screen().joined(separator: "\n")
      #expect(!text.contains("─") && !text.contains("+--") && !text.contains("…"), "\(text)")
    }

    @Test("a deposit is entered by what is heard, and the books have it")
    func deposit() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open("--plain", columns: 400, rows: 80)
      var ear = Ear(console)
      try await ear.work(deposit("12.50"), until: "Posted: till-1 1, code ")
      #expect(try await ear.heard.contains { $0.hasPrefix("Online. Riverside Bank, till-1,") })
      #expect(try await ear.heard.contains { $0.contains("balance 0.00 euro") })
      try await expectGood(console)
      try await console.type("q")
      #expect(try await console.waitEnd() == 0)
      #expect(try await branch.balance("ANA") == "12.50 live")
    }

    @Test("p posts nothing: only the word does")
    func word() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open("--plain", columns: 400, rows: 80)
      try await console.waitFor("1 of 3. Nováková, Ana")
      try await console.type("d5")
      try await console.send("Enter", "Enter")
      try await console.waitFor("Type post, then press enter.")
      try await console.type("p")
      try await console.send("Enter")
      try await console.waitFor("p does nothing here. Type post")
      await console.close()
      #expect(try await branch.balance("ANA") == "0.00 live")
    }

    @Test("an outage is told first, a deposit is taken in it, and both are reconciled by ear")
    func outage() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open("--plain", columns: 400, rows: 80)
      var ear = Ear(console)
      try await ear.work(
        [
          Rule(heard: "begins the drill", keys: [], text: "y"),
          Rule(heard: "Nováková, Ana", keys: ["Enter"], text: ":drill"),
        ], until: "Manual ledger, drill: entries are real.")
      try await ear.work(
        deposit("7.50") + [Rule(heard: "Nováková, Ana", keys: [], text: "d")],
        until: "Recorded, not yet in the account")
      try await ear.work(
        [Rule(heard: "Recorded", keys: ["Enter"], text: ":drill")], until: "Database back.")
      try await ear.work(
        [
          Rule(heard: "Will be posted", keys: [], text: "s"),
          Rule(heard: "to reconcile", keys: [], text: "5"),
        ], until: "Reconciled: 1 posted.")
      try await expectGood(console)
      await console.close()
      #expect(try await branch.balance("ANA") == "7.50 live")
    }

    @Test("a terminal that cannot move its cursor gets lines by itself, without any sequence")
    func dumb() async throws {
      let branch = try await Branch.open()
      let console = try await branch.till.open(terminal: "dumb")
      try await console.waitFor("Online. Riverside Bank")
      try await console.waitFor("1 of 3. Nov")
      try await console.send("Down")
      try await console.waitFor("2 of 3. Bob, BOB, open")
      try await console.send("C-c")
      #expect(try await console.waitEnd() == 0)
    }

    @Test("the demo too: a deposit by ear, and the account's balance says so")
    func demo() async throws {
      let branch = try Branch.empty()
      let console = try await branch.till.open("demo", "--plain", columns: 400, rows: 80)
      try await console.waitFor("Online. Riverside Bank", within: .seconds(120))
      try await console.waitFor("1 of 300.")
      var ear = Ear(console)
      try await ear.work(
        deposit("0.01") + [Rule(heard: "1 of 300.", keys: [], text: "d")],
        until: "Posted: till-1 ")
      let told = try await ear.heard
      let review = try #require(told.last { $0.hasPrefix("Review: deposit 0.01") })
      let after = try #require(review.firstMatch(of: #/after it ([0-9,.]+),/#)?.1)
      #expect(told.contains { $0.hasPrefix("Posted:") && $0.hasSuffix("balance \(after).") })
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

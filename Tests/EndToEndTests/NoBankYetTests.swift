import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Before there is a bank")
  struct NoBankYetTests {
    /// What a till says where there is no bank, and that it takes nothing.
    private func isOffered(_ console: Tmux) async throws {
      try await console.waitFor("NO BANK YET")
      try await console.waitFor("No bank yet. Run daybook demo to try one")
      for key in ["d", "w", "t"] {
        try await console.type(key)
        try await console.waitFor("There is no bank yet, so nothing can be entered.")
        try await console.send("Down")
      }
      let text = try await console.screen().joined(separator: "\n")
      #expect(!text.contains(Phrases.manualLedger) && !text.contains("Deposits"))
    }

    @Test("the console offers demo and init, takes nothing, and goes on by itself after init")
    func embedded() async throws {
      let branch = try Branch.empty()
      let first = try await branch.till.open()
      try await isOffered(first)
      try await first.type("q")
      #expect(try await first.waitEnd() == 0)
      // That it was opened once makes no bank of it.
      let again = try await branch.till.open()
      try await isOffered(again)
      try await branch.json("init", "--name", "Riverside Bank")
      try await again.waitFor("ONLINE", within: .seconds(60))
      try await again.send("C-c")
      #expect(try await again.waitEnd() == 0)
      // The console has the till for itself: its accounts are opened when it is closed.
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "7")
      // From now on an outage is an outage.
      try branch.takeBankAway()
      let later = try await branch.till.open()
      try await later.waitFor(Phrases.manualLedger)
      try await later.post("d ANA 8 rent", as: "deposit", receipt: "RECORDED")
      await later.close()
    }

    @Test("a database without tables, and the same one for a till that has had its bank there")
    func emptyDatabase() async throws {
      let cluster = try await PostgresCluster.shared
      let database = try await cluster.createDatabase()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": cluster.url(database: database)])
      let console = try await branch.till.open()
      try await isOffered(console)
      await console.close()
      let refused = try await branch.json("deposit", "ANA", "5", status: 3)["error"]
      #expect(refused["code"].text == "no-bank", "\(refused)")
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "5")
      try await cluster.psql("DROP SCHEMA daybook CASCADE", database: database)
      let known = try await branch.till.open()
      try await known.waitFor("NO BANK THERE")
      try await known.post("d ANA 6 rent", as: "deposit", receipt: "RECORDED")
      await known.close()
    }

    @Test("a configured server that is down may hold a bank: that is an outage, and no first day")
    func serverDown() async throws {
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": "postgres://ana@127.0.0.1:1/books"])
      let console = try await branch.till.open()
      try await console.waitFor(Phrases.manualLedger)
      #expect(!(try await console.screen().joined().contains("No bank yet")))
      await console.close()
      let refused = try await branch.json("deposit", "ANA", "5", status: 3)["error"]
      #expect(refused["code"].text == "not-enrolled", "\(refused)")
    }
  }
}

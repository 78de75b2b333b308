import RealParts
import Testing

extension OutageTests {
  @Test("The same day through commands alone gives the same books as through the console")
  func scripts() async throws {
    let before: [Instruction] = [
      .deposit(300_00, to: OutageScene.ana), .withdrawal(45_05, from: OutageScene.ana),
    ]
    let during: [Instruction] = [
      .deposit(12_00, to: OutageScene.eva), .withdrawal(99_95, from: OutageScene.ana),
      .deposit(5, to: OutageScene.ana),
    ]
    let after = [Instruction.withdrawal(2_00, from: OutageScene.eva)]

    var console: [String: Int64] = [:]
    var consoleBookings: [String] = []
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      for instruction in before { try await teller.enter(instruction) }
      try await scene.cluster.kill9()
      try await teller.waitForMode(Phrases.manualLedger)
      for instruction in during { try await teller.enter(instruction) }
      try await scene.cluster.launch()
      try await teller.reconcileWhenPossible()
      for instruction in after { try await teller.enter(instruction) }
      try await teller.reconcileWhenPossible()
      try await scene.books.expect(teller.slips)
      console = try await scene.books.balances()
      consoleBookings = try await scene.books.bookings()
      await teller.close()
    }

    try await OutageScene.run { scene in
      for instruction in before { #expect(try await scene.receive(instruction) == "posted") }
      try await scene.cluster.kill9()
      for instruction in during { #expect(try await scene.receive(instruction) == "recorded") }
      let status = try await scene.command(["status"]).json()
      #expect(status["mode"].text == "manual")
      #expect(status["cause"]["code"].text == "C05")
      #expect(status["ledger"]["waiting"].int == during.count)
      let account = try await scene.command(["account", "show", OutageScene.ana]).json()
      #expect(account["source"].text == "estimated")
      #expect(account["balance"].text == "155.05")

      try await scene.cluster.launch()
      // A plan sends nothing, and says so with its exit status.
      try await scene.command(["reconcile", "--plan"], status: 1)
      #expect(try await scene.books.bookings().count == before.count)
      let report = try await scene.command(["reconcile"]).json()
      #expect(report["posted"].int == during.count)
      #expect(report["waiting"].int == 0)
      let control = report["control"][0]
      #expect(control["captured"] == control["posted"])
      for instruction in after { #expect(try await scene.receive(instruction) == "posted") }
      #expect(try await scene.books.balances() == console)
      #expect(try await scene.books.bookings() == consoleBookings)
      try await scene.books.expectSound()
    }
  }
}

extension OutageScene {
  /// Enters an instruction by a command, twice under one id: it is one entry all the same.
  ///
  /// - Returns: the state on its receipt.
  fileprivate func receive(_ instruction: Instruction) async throws -> String? {
    let verb = instruction.kind == .deposit ? "deposit" : "withdraw"
    let words = [verb, instruction.account, instruction.amount]
    let first = try await command(words).json()["receipt"]
    let id = try #require(first["entry"].text)
    let again = try await command(words + ["--id", id]).json()["receipt"]
    #expect(again["number"] == first["number"])
    return first["state"].text
  }
}

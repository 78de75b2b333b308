import RealParts
import Testing

extension OutageTests {
  @Test(
    "The answer to a COMMIT is lost, or the COMMIT itself: the entry is booked once",
    arguments: [
      SilentProxy.CommitFault.answerLost(.close), .answerLost(.silence), .requestLost(.close),
      .requestLost(.silence),
    ])
  func answerLost(fault: SilentProxy.CommitFault) async throws {
    try await OutageScene.run(throughNetwork: true) { scene in
      let network = try #require(scene.network)
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(200_00, to: OutageScene.ana))

      let caught = Instruction.withdrawal(60_00, from: OutageScene.ana)
      try await teller.review(caught)
      network.onNextCommit(fault)
      let slip = try await teller.post(caught)
      #expect(slip.standing == .recorded || slip.standing == .posted)
      #expect(!network.isArmed)

      try network.behave(.forward)
      try await teller.reconcileWhenPossible()
      try await teller.terminal.send("1")
      try await teller.enterUntilPosted(.deposit(1_00, to: OutageScene.ana))
      try await teller.reconcileWhenPossible()
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }

  @Test("Refused, but the answer was lost and the cash went out: posted under its second id")
  func refusalLost() async throws {
    try await OutageScene.run(throughNetwork: true) { scene in
      let network = try #require(scene.network)
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(100_00, to: OutageScene.eva))

      // While the panel is open the money is paid out at another till, which this one cannot know.
      let caught = Instruction.withdrawal(80_00, from: OutageScene.eva)
      try await teller.review(caught)
      let other = ["--terminal", "till-2", "--state", "\(scene.daybook.home)/other"]
      try await scene.command(["withdraw", OutageScene.eva, "90.00"] + other)
      // Everything the bank needs has reached it when its answers begin to vanish.
      try await scene.stopPosting(at: "daybook.inbox") {
        try await teller.terminal.send("p")
      } whileStopped: { _ in
        try network.behave(.silent)
      }
      try await eventually("the bank has refused it") { try await scene.outcomes() == ["refused|"] }
      try await teller.terminal.waitIdle()
      #expect(try await teller.keepReceipt(of: caught))
      #expect(teller.slips.last?.standing == .recorded)

      try network.behave(.forward)
      try await teller.reconcileWhenPossible()
      // The first id stays refused for ever; the cash that went out is in the books all the same.
      #expect(try await scene.outcomes() == ["refused|", "posted|overdrawn"])
      #expect(try await scene.books.balances()[OutageScene.eva] == -70_00)
      #expect(try await scene.books.bookings().count == teller.slips.count)
      try await scene.books.expectSound()
      try await teller.terminal.waitFor("1 exception needs a person")
      await teller.close()
    }
  }
}

extension OutageScene {
  /// What the bank has decided about the newest withdrawal, under each of its ids.
  fileprivate func outcomes() async throws -> [String] {
    try await cluster.psql(
      """
      SELECT outcome, flags FROM daybook.inbox
      WHERE terminal = 'till-1' AND (outcome = 'refused' OR flags <> '') ORDER BY decided_at
      """, database: database
    ).split(separator: "\n").map(String.init)
  }
}

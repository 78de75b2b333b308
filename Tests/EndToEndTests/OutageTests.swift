import RealParts
import Testing

/// The whole path on real parts: a teller works through an outage, and afterwards the books hold
/// every receipt's entry exactly once.
@Suite("A teller works through an outage", .serialized, .timeLimit(.minutes(5)))
struct OutageTests {
  @Test("The server is killed, and the console goes on with the manual ledger")
  func serverKilled() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(250_00, to: OutageScene.ana))
      try await teller.enterUntilPosted(.withdrawal(19_99, from: OutageScene.ana))

      try await scene.cluster.kill9()
      try await teller.waitForMode("MANUAL LEDGER")
      try await teller.terminal.waitFor("C05 nothing listens at 127.0.0.1:\(scene.cluster.port)")
      let during: [Instruction] = [
        .deposit(12_34, to: OutageScene.ana), .withdrawal(100_00, from: OutageScene.ana),
        .deposit(1_00, to: OutageScene.eva), .deposit(77, to: OutageScene.ana),
      ]
      for instruction in during {
        let slip = try await teller.enter(instruction)
        #expect(slip.standing == .recorded)
      }
      try await teller.terminal.waitFor("4 waiting, oldest")

      try await scene.cluster.launch()
      try await teller.waitForDatabaseBack(waiting: 4)
      // Served on: an account's new entry takes its waiting one along, and never overtakes it.
      try await teller.enterUntilPosted(.deposit(5_00, to: OutageScene.eva))
      #expect(try await teller.reconcile() == 3)
      try await teller.enterUntilPosted(.withdrawal(2_50, from: OutageScene.eva))
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }
}

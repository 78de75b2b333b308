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
      try await teller.waitForMode(Phrases.manualLedger)
      try await teller.terminal.waitFor("Nothing listens at 127.0.0.1:\(scene.cluster.port)")
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
  @Test("The whole server freezes with an entry on its way, and nobody waits for it")
  func serverFrozen() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(300_00, to: OutageScene.ana))

      // Reviewed while the bank still answers, posted when it does not any more.
      let caught = Instruction.withdrawal(40_00, from: OutageScene.ana)
      try await teller.review(caught)
      try await scene.cluster.freeze()
      #expect(try await teller.post(caught).standing == .recorded)
      try await teller.waitForMode(Phrases.manualLedger)
      for cents: Int64 in [1, 99_99, 12_00] {
        let slip = try await teller.enter(.deposit(cents, to: OutageScene.eva))
        #expect(slip.standing == .recorded)
      }
      let paid = try await teller.enter(.withdrawal(30_00, from: OutageScene.ana))
      #expect(paid.standing == .recorded)

      try scene.cluster.thaw()
      try await teller.waitForDatabaseBack(waiting: 4...5)
      // The frozen server may have booked the caught entry when it woke: once is enough.
      #expect((4...5).contains(try await teller.reconcile()))
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }

  @Test("The server turns read-only: the bank can be looked at, entries are written down")
  func serverReadOnly() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(80_00, to: OutageScene.ana))

      try await scene.cluster.setReadOnly(true)
      try await teller.waitForMode(Phrases.manualLedger)
      try await teller.terminal.waitFor("C17")
      try await teller.terminal.send("C-r")
      try await teller.terminal.waitIdle()
      try await teller.terminal.waitFor("accounts that are still live") { rows in
        rows.contains { $0.hasPrefix(" Accounts  2 ") && $0.contains(" live ") }
      }
      for instruction: Instruction in [
        .withdrawal(79_99, from: OutageScene.ana), .deposit(6_00, to: OutageScene.eva),
        .deposit(7_00, to: OutageScene.ana),
      ] {
        #expect(try await teller.enter(instruction).standing == .recorded)
      }

      try await scene.cluster.setReadOnly(false)
      // Not waiting for the half minute after which the console would look again by itself.
      try await teller.terminal.send("C-r")
      try await teller.waitForDatabaseBack(waiting: 3)
      #expect(try await teller.reconcile() == 3)
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }
}

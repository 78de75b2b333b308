import RealParts
import Testing

extension OutageTests {
  @Test("A firewall drops every packet: no error, no answer, and a receipt all the same")
  func networkSilent() async throws {
    try await OutageScene.run(throughNetwork: true) { scene in
      let network = try #require(scene.network)
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(200_00, to: OutageScene.eva))

      let caught = Instruction.withdrawal(50_00, from: OutageScene.eva)
      try await teller.review(caught)
      try network.behave(.silent)
      #expect(try await teller.post(caught).standing == .recorded)
      try await teller.waitForMode(Phrases.manualLedger)
      for cents: Int64 in [10_00, 20_00, 70_00] {
        let slip = try await teller.enter(.withdrawal(cents, from: OutageScene.eva))
        #expect(slip.standing == .recorded)
      }
      #expect(try await scene.books.bookings().count < teller.slips.count)

      try network.behave(.forward)
      try await teller.waitForDatabaseBack(waiting: 3...4)
      #expect((3...4).contains(try await teller.reconcile()))
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }

  @Test("The one session that is posting freezes, and its transaction keeps its locks")
  func sessionFrozen() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(100_00, to: OutageScene.ana))

      let caught = Instruction.withdrawal(25_00, from: OutageScene.ana)
      try await teller.review(caught)
      var frozen: Int32?
      try await scene.stopPosting(at: "daybook.booking") {
        try await teller.terminal.send("p")
      } whileStopped: { session in
        try await scene.cluster.freezeBackend(session)
        frozen = session
      }
      let posting = try #require(frozen)
      let locks = try await scene.cluster.psql(
        """
        SELECT count(*) > 0 FROM pg_locks
        WHERE pid = \(posting) AND granted AND relation = 'daybook.account'::regclass
        """, database: scene.database)
      #expect(locks == "t")

      try await teller.terminal.waitIdle()
      #expect(try await teller.keepReceipt(of: caught))
      #expect(teller.slips.last?.standing == .recorded)
      for cents: Int64 in [1_00, 2_00] {
        // The same customer's account is locked: what is said is what can be kept.
        let slip = try await teller.enter(.deposit(cents, to: OutageScene.ana))
        #expect(slip.standing == .recorded)
      }

      try scene.cluster.thawBackend(posting)
      try await teller.reconcileWhenPossible()
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }
}

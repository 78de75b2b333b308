import RealParts
import Testing

extension OutageTests {
  @Test("The database is dropped and restored from a backup: quarantined, healed, exact")
  func databaseRestored() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(500_00, to: OutageScene.ana))
      let backup = try await scene.cluster.dump(database: scene.database)
      let kept = teller.slips.count
      // Posted, on paper in the customers' hands, and not in the backup.
      try await teller.enterUntilPosted(.withdrawal(120_00, from: OutageScene.ana))
      try await teller.enterUntilPosted(.deposit(35_50, to: OutageScene.eva))
      let forgotten = teller.slips.count - kept

      try await scene.cluster.dropDatabase(scene.database)
      try await teller.waitForMode(Phrases.manualLedger)
      try await teller.terminal.waitFor("C12")
      let during: [Instruction] = [
        .deposit(9_00, to: OutageScene.ana), .withdrawal(5_50, from: OutageScene.eva),
      ]
      for instruction in during {
        #expect(try await teller.enter(instruction).standing == .recorded)
      }

      try await scene.cluster.restore(backup, database: scene.database)
      try await teller.terminal.send("C-r")
      try await teller.waitForMode(Phrases.oldDatabase)
      try await teller.terminal.waitFor("Q02")
      #expect(try await teller.enter(.deposit(4_00, to: OutageScene.ana)).standing == .recorded)
      // Nothing is sent there before a supervisor has decided.
      #expect(try await scene.books.bookings().count == kept)
      try await teller.leave()

      let plan = try await scene.command(["heal", "--plan"]).json()
      #expect(plan["missing"].int == forgotten, "\(plan)")
      let healed = try await scene.command(["heal"]).json()
      #expect(healed["restored"].int == forgotten, "\(healed)")
      try await teller.comeBack()
      try await teller.waitForDatabaseBack(waiting: 3)
      #expect(try await teller.reconcile() == 3)
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }
}

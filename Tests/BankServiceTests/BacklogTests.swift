import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What waits, and what it does to balances and caps: the backlog alone.
@Suite("The backlog") struct BacklogTests {
  private func effect(_ scene: BacklogScene, isLive: Bool) -> Int64 {
    scene.backlog.effect(on: scene.account, isLive: isLive).minorUnits
  }

  @Test("An entry counts in a balance from its line until the snapshot has it, and never twice")
  func countedOnce() throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "5.00")
    scene.ask(entry)
    #expect(effect(scene, isLive: true) == 500 && effect(scene, isLive: false) == 500)
    try scene.decide(entry, .posted)
    #expect(scene.backlog.waitingCount == 0)
    #expect(effect(scene, isLive: true) == 0, "the bank has it")
    #expect(effect(scene, isLive: false) == 500, "the snapshot may not")
    scene.write(.outcome(scene.outcome(.posted, of: entry)))
    #expect(scene.backlog.waitingCount == 0 && effect(scene, isLive: false) == 500)
    _ = scene.backlog.refreshed(asOf: scene.make.now, nil, startedAt: scene.make.now)
    #expect(effect(scene, isLive: false) == 0)
  }

  @Test("An outcome whose line is lost leaves everything as it was", arguments: [true, false])
  func lostOutcome(isTaken: Bool) throws {
    var scene = BacklogScene()
    let entry = scene.make.withdrawal(from: scene.account, "5.00")
    isTaken ? scene.promise(entry) : scene.ask(entry)
    let used = scene.backlog.usage
    try scene.decide(entry, .posted)
    #expect(scene.backlog.usage == OfflinePolicy.Usage())
    scene.backlog.lose([.outcome(scene.outcome(.posted, of: entry))])
    #expect(scene.backlog.isWaiting(entry.id) && scene.backlog.waitingCount == 1)
    #expect(scene.backlog.usage == used)
    #expect(effect(scene, isLive: true) == -500 && effect(scene, isLive: false) == -500)
  }

  @Test(
    "What goes to suspense or is refused is on no customer's account",
    arguments: [
      Outcome.suspense(.accountClosed), .refused(.insufficientFunds),
    ])
  func notOnTheAccount(outcome: Outcome) throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "5.00")
    scene.ask(entry)
    try scene.decide(entry, outcome)
    #expect(effect(scene, isLive: false) == 0)
  }

  @Test("What is being voided, blocked or decided is not sent; what is held is")
  func sendable() throws {
    var scene = BacklogScene()
    let entries = (0..<4).map { _ in scene.make.deposit(to: scene.account, "1.00") }
    for entry in entries { scene.ask(entry) }
    scene.backlog.beginVoid(entries[0].id)
    scene.backlog.block(entries[1].id, Blocking(reason: .contentDiffers, endsAtOnce: false))
    try scene.decide(entries[2], .posted)
    scene.backlog.hold(entries[3].id, .heldBehind)
    #expect(entries.map { scene.backlog.isSendable($0.id) } == [false, false, false, true])
    #expect(scene.backlog.openCount == 2 && scene.backlog.blockedIDs == [entries[1].id])
    scene.backlog.endVoid(entries[0].id)
    scene.backlog.lose([
      .blocked(
        BlockedRecord(entry: entries[1].id, reason: .contentDiffers, at: scene.make.now))
    ])
    #expect(entries.map { scene.backlog.isSendable($0.id) } == [true, true, false, true])
  }

  @Test("A request beyond a limit is held, whoever asks, until a supervisor has decided")
  func beyondLimit() {
    var scene = BacklogScene()
    let entry = scene.make.transfer(
      from: scene.account, to: scene.make.number("000000102"), "5.00")
    scene.promise(entry, isOverLimit: true)
    #expect(scene.backlog.reasonToHold(entry.id) == .needsSupervisor)
    #expect(scene.backlog.heldIDs == [entry.id] && scene.backlog.heldCount == 1)
    #expect(scene.backlog.awaitsPerson(entry.id))
    // Another run of the program, which has read the same lines.
    #expect(Backlog(scene.backlog.ledger, policy: OfflinePolicy()).heldIDs == [entry.id])
    scene.write(
      .note(
        NoteRecord(
          "post: seen", entry: entry.id, decision: .allow, operatorName: "sue", at: scene.make.now)
      ))
    #expect(scene.backlog.heldCount == 0 && !scene.backlog.awaitsPerson(entry.id))
  }

  @Test(
    "The totals agree at each step of an entry's way",
    arguments: [
      Outcome.posted, .suspense(.accountClosed), .refused(.insufficientFunds),
    ])
  func totals(outcome: Outcome) throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "5.00")
    func agrees(_ scene: BacklogScene) -> Bool {
      let totals = scene.till().controlTotals
      return totals.count == 1 && totals.allSatisfy { $0.agrees && $0.captured.minorUnits == 500 }
    }
    scene.promise(entry)
    #expect(agrees(scene))
    try scene.decide(entry, outcome)
    #expect(agrees(scene))
    scene.write(.outcome(scene.outcome(outcome, of: entry)))
    #expect(agrees(scene))
  }
}

import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What becomes known after the customer was told that nobody knows stays until somebody has seen
/// to it.
@Suite("Notices of late outcomes") struct NoticeTests {
  /// A withdrawal beyond the policy whose answer is lost; its customer was told to wait.
  private static func unknown(_ fate: PostFate) throws -> (World, EntryID) {
    var world = World.calm()
    world.ask(.capture(world.deposit("5000.00")))
    world.comeToRest()
    world.fates = [fate]
    world.isUp = true
    world.ask(.capture(world.withdrawal("900.00")))
    while world.slips.last?.state != .unknown { world.settle(rounds: 1) }
    return (world, try #require(world.slips.last?.entry.id))
  }

  @Test("Until it is known it is called unknown, and counted so")
  func calledUnknown() throws {
    let (world, id) = try Self.unknown(.lostBeforeCommit)
    let known = try #require(world.machine.backlog.ledger[id])
    #expect(known.state == .unknown)
    #expect(world.machine.till.view(known).state == .unknown)
    #expect(world.machine.status.unknown == 1 && world.machine.status.waiting == 1)
    #expect(world.machine.status.notices.isEmpty)
  }

  @Test("Booked or not: a notice stays through restarts and sealed segments until it is done")
  func stays() throws {
    for (fate, balance, word) in [
      (PostFate.committedAnswerLost, "5000.00", "WAS BOOKED"),
      (.lostBeforeCommit, "100.00", "WAS NOT BOOKED"),
    ] {
      var (world, id) = try Self.unknown(fate)
      world.setBalance(balance)
      world.comeToRest()
      for _ in 0..<2 {
        let notice = try #require(world.machine.status.notices.first)
        #expect(notice.id == id && world.machine.status.notices.count == 1)
        #expect(notice.text(amount: "900.00 EUR").contains(word))
        #expect(world.machine.status.unknown == 0)
        world.crash(.process)
        world.settle()
      }
      // A sealed segment is not read again for what is settled, but for an open notice it is.
      for _ in 0..<3 {
        try world.writer?.seal(.dayEnd, at: world.now)
        world.ask(.capture(world.deposit("1.00")))
        world.settle()
        world.crash(.process)
        world.settle()
      }
      #expect(world.machine.status.notices.map(\.id) == [id])

      world.ask(.noteDone(id))
      world.settle()
      #expect(world.machine.status.notices.isEmpty)
      world.crash(.process)
      world.settle()
      #expect(world.machine.status.notices.isEmpty)
      #expect(world.machine.till.notices.first { $0.id == id }?.doneBy == "ana")
    }
  }

  @Test("Once it is taken back nobody is told to pay, and nobody to collect")
  func takenBack() throws {
    var (world, id) = try Self.unknown(.committedAnswerLost)
    world.comeToRest()
    let before = try #require(world.machine.status.notices.first)
    #expect(before.takenBack == nil && before.text(amount: "900.00").contains("Pay 900.00"))
    // One that came to nothing takes nothing back.
    world.ask(.capture(Draft(kind: .reversal, memo: "no", reverses: world.fixtures.id())))
    world.settle()
    #expect(world.machine.status.notices.first?.takenBack == nil)

    world.ask(.capture(Draft(kind: .reversal, memo: "not paid", reverses: id)))
    world.comeToRest()
    let slip = try #require(world.slips.last)
    #expect(slip.state == .posted && slip.takesBackUnknown && slip.cash == .ifItMoved(.in))
    for _ in 0..<2 {
      let notice = try #require(world.machine.status.notices.first)
      #expect(notice.takenBack == .init(label: slip.entry.label, isBooked: true))
      #expect(notice.text(amount: "900.00").contains("pay nothing"))
      #expect(!notice.text(amount: "900.00").contains("Pay 900.00"))
      world.crash(.process)
      world.settle()
    }
    world.ask(.noteDone(id))
    world.settle()
    world.ask(.receipt(slip.entry.id))
    #expect(world.slips.last?.cash == .ifItMoved(.in))
  }

  @Test("Seen to, sealed and started again: what takes it back moves no cash either")
  func takenBackLater() throws {
    for isReversedBefore in [true, false] {
      var (world, id) = try Self.unknown(.committedAnswerLost)
      world.comeToRest()
      world.ask(.noteDone(id))
      world.settle()
      // The next run reads no older segment: what is older than a day is gone.
      world.now = world.now.advanced(byMilliseconds: 2 * 86_400_000)
      try world.writer?.seal(.dayEnd, at: world.now)
      if !isReversedBefore {
        world.ask(.capture(world.deposit("1.00")))
        world.comeToRest()
        world.crash(.process)
        world.comeToRest()
        #expect(world.machine.backlog.ledger[id] == nil)
      }
      let draft = Draft(kind: .reversal, memo: "not paid", reverses: id)
      world.ask(.review(draft))
      world.settle()
      #expect(world.reviews.last?.cash(at: world.terminal.name) == .ifItMoved(.in))
      world.ask(.capture(draft))
      world.comeToRest()
      let slip = try #require(world.slips.last)
      #expect(slip.state == .posted && slip.cash == .ifItMoved(.in), "\(isReversedBefore)")
      world.crash(.process)
      world.comeToRest()
      #expect(
        world.machine.backlog.ledger[id] == nil
          && world.machine.backlog.ledger[slip.entry.id] != nil)
      world.ask(.receipt(slip.entry.id))
      #expect(world.slips.last?.entry.id == slip.entry.id)
      #expect(world.slips.last?.cash == .ifItMoved(.in), "\(isReversedBefore)")
    }
  }

  @Test("What was told as paid is collected when it is taken back")
  func collected() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("50.00")))
    world.comeToRest()
    world.ask(.capture(world.withdrawal("9.00")))
    world.comeToRest()
    let paid = try #require(world.slips.last)
    world.ask(.capture(Draft(kind: .reversal, memo: "counted wrongly", reverses: paid.entry.id)))
    world.comeToRest()
    #expect(world.slips.last?.state == .posted && world.slips.last?.cash == .now(.in))
  }

  @Test("Killed before anybody was told: the next run settles it, and says so")
  func killed() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("12.00")))
    while !world.pending.contains(where: { if case .post = $0 { true } else { false } }) {
      world.settle(rounds: 1)
    }
    world.crash(.process)
    world.comeToRest()
    #expect(world.books.bookings.count == 1)
    #expect(world.machine.status.notices.count == 1)
  }

  @Test(
    "Killed at any step, also of a second try: who has seen nothing gets a notice",
    arguments: 1...14)
  func killedAnywhere(step: Int) throws {
    var hadNotice = false
    for second in 0...14 {
      var world = World.calm()
      var draft = world.deposit("12.00")
      draft.id = world.fixtures.id()
      world.ask(.capture(draft))
      for _ in 0..<step where !world.pending.isEmpty { world.carryOut(world.pending.removeFirst()) }
      world.crash(.process)
      world.settle(rounds: second == 0 ? 400 : 1)
      if second > 0 {
        world.ask(.capture(draft))
        for _ in 0..<second where !world.pending.isEmpty {
          world.carryOut(world.pending.removeFirst())
        }
        world.crash(.process)
      }
      world.comeToRest()
      let id = try #require(draft.id)
      guard world.machine.backlog.ledger[id] != nil else { continue }
      #expect(world.machine.backlog.ledger[id]?.state == .posted, "\(step), \(second)")
      let isNoticed = world.machine.status.notices.contains { $0.id == id }
      hadNotice = hadNotice || isNoticed
      #expect(isNoticed || world.seen.contains(id), "\(step), \(second)")
    }
    #expect(hadNotice || step > 6)
  }

  @Test("A later outcome never overtakes one that is being told")
  func order() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("1.00")))
    while world.machine.backlog.owed.isEmpty { world.settle(rounds: 1) }
    let isTold = { (effect: Effect) in if case .setTimer(.told, _) = effect { true } else { false }
    }
    let telling = world.pending.filter(isTold)
    world.pending.removeAll(where: isTold)
    world.ask(.capture(world.deposit("2.00")))
    while !world.pending.isEmpty {
      let effect = world.pending.removeFirst()
      if !isTold(effect) { world.carryOut(effect) }
    }
    #expect(world.machine.backlog.owed.count == 2 && world.machine.backlog.waitingCount == 0)
    #expect(world.machine.backlog.ledger.waitingCount == 2)
    world.pending = telling
    world.comeToRest()
    #expect(world.machine.backlog.ledger.entries.allSatisfy { $0.state == .posted })
    #expect(world.machine.status.notices.isEmpty)
  }

  @Test("Who is told at once, recorded or posted, gets no notice")
  func toldAtOnce() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("12.00")))
    world.settle()
    _ = world.recordOffline(3)
    world.comeBack()
    #expect(world.machine.backlog.ledger.entries.allSatisfy { $0.state == .posted })
    #expect(world.machine.status.notices.isEmpty)
  }

  @Test("A notice that does not exist, and one that is done already")
  func done() throws {
    var (world, id) = try Self.unknown(.committedAnswerLost)
    world.ask(.noteDone(world.fixtures.id()))
    #expect(world.failures.last?.code == "unknown-notice")
    world.comeToRest()
    let lines = world.machine.backlog.ledger.notes.count
    for _ in 0..<2 {
      world.ask(.noteDone(id))
      world.settle()
    }
    #expect(world.machine.backlog.ledger.notes.count == lines + 1)
    #expect(world.machine.backlog.ledger.notes[id]?.count == 1)
  }
}

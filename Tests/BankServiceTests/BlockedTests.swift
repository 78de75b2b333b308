import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// An id that the bank knows with other content: the entry is blocked, the rest goes on, and a
/// person can end it.
@Suite("Blocked entries") struct BlockedTests {
  @Test("Wherever it stands among what waits, all others are booked, and it is named")
  func everyPlace() throws {
    for place in 0..<5 {
      var world = World.calm()
      let poisoned = world.recordOffline(5)[place].entry
      world.knowOtherwise(poisoned.id)
      world.comeBack()

      let machine = world.machine
      #expect(machine.mode == .online && machine.status.cause == nil)
      #expect(machine.status.blocked == 1 && machine.status.waiting == 1)
      #expect(machine.status.exceptions == 1)
      #expect(world.reports.last?.exceptions == 1)
      #expect(world.books.bookings.count == 4)
      for known in machine.backlog.ledger.entries {
        let row = world.books.inbox[known.entry.id]
        if known.entry.id == poisoned.id {
          #expect(known.state == .blocked)
        } else {
          // What the ledger calls posted is in the books.
          #expect(known.state == .posted && row?.outcome == .posted)
        }
      }
      #expect(machine.status.control.allSatisfy { $0.agrees })
      world.ask(.receipt(poisoned.id))
      let slip = try #require(world.slips.last)
      #expect(slip.state == .blocked && slip.reason == .contentDiffers)
      // What the first slip promised stands.
      #expect(slip.headline.contains("BLOCKED") && slip.headline.contains("counts from today"))
    }
  }

  @Test("It is known after a restart, is not sent again, and a void ends it")
  func voided() throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    world.knowOtherwise(entry.id)
    world.comeBack()
    world.crash(.process)
    world.settle()
    #expect(world.machine.mode == .online)
    #expect(world.machine.backlog.ledger[entry.id]?.state == .blocked)

    world.ask(.void(entry.id, note: "the id was used twice: the cash went back"))
    world.settle()
    #expect(world.slips.last?.state == .voided)
    #expect(world.machine.status.blocked == 0 && world.machine.backlog.waitingCount == 0)
    #expect(world.machine.status.control.allSatisfy { $0.agrees })
    #expect(world.books.bookings.isEmpty)
  }

  @Test("A person has it booked under its second id, also when the program ends before")
  func postedUnderSecondID() throws {
    for crashes in [false, true] {
      var world = World.calm()
      let entry = world.recordOffline(1)[0].entry
      world.knowOtherwise(entry.id)
      world.comeBack()
      world.ask(.resolve(entry.id, .post, note: "the other one is another customer's"))
      if crashes {
        let isAppend = { (effect: Effect) in if case .append = effect { true } else { false } }
        while let next = world.pending.firstIndex(where: isAppend) {
          world.carryOut(world.pending.remove(at: next))
        }
        world.pending.removeAll()
        world.crash(.process)
        world.settle()
        world.ask(.reconcile)
      }
      world.settle()
      #expect(world.machine.backlog.ledger[entry.id]?.state == .posted)
      let booked = try #require(world.books.bookings.first?.entry)
      #expect(world.books.bookings.count == 1)
      #expect(booked.id != entry.id && booked.replaces == entry.id)
      #expect(world.machine.status.blocked == 0)
    }
  }

  @Test("Let go by a person while the bank is slow: its first promise stands, with its second id")
  func slowBank() throws {
    for fate in [PostFate.committedAnswerLost, .lostBeforeCommit] {
      var world = World.calm()
      let entry = world.recordOffline(1)[0].entry
      world.knowOtherwise(entry.id)
      world.comeBack()
      let second = try #require(world.machine.backlog.ledger[entry.id]?.release?.secondID)
      world.fates = [fate]
      world.ask(.resolve(entry.id, .post, note: "the other one is another customer's"))
      world.comeBack()
      let releases = try world.records().filter { if case .released = $0 { true } else { false } }
      #expect(releases.count == 1, "\(fate)")
      #expect(world.books.bookings.map(\.entry.id) == [second], "\(fate)")
      #expect(world.machine.backlog.ledger[entry.id]?.state == .posted)
    }
  }

  @Test("Two tills use one id at the same moment: the second is told that nothing was taken")
  func atTheSameMoment() throws {
    var world = World.calm()
    var draft = world.deposit("12.00")
    let id = world.fixtures.id()
    draft.id = id
    world.ask(.capture(draft))
    // The id was asked about and not known; then the other till's entry is booked.
    while world.pending.contains(where: { if case .post = $0 { false } else { true } }) {
      world.settle(rounds: 1)
    }
    world.knowOtherwise(id)
    world.settle()
    #expect(world.failures.map(\.code) == [Reason.contentDiffers.code])
    #expect(world.slips.isEmpty && world.books.bookings.isEmpty)
    #expect(world.machine.backlog.waitingCount == 0 && world.machine.status.blocked == 0)
    #expect(world.machine.status.control.allSatisfy { $0.agrees })

    // The account goes on as if nothing had happened, and the id stays refused.
    world.ask(.capture(world.deposit("5.00")))
    world.settle()
    #expect(world.slips.map(\.state) == [.posted])
    world.ask(.capture(draft))
    world.settle()
    #expect(world.failures.map(\.code) == [Reason.contentDiffers.code, Reason.contentDiffers.code])
  }

  @Test("Who stands at the counter is not made to wait for a blocked entry of the same account")
  func counterGoesOn() throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    world.knowOtherwise(entry.id)
    world.comeBack()
    world.ask(.capture(world.deposit("5.00")))
    world.settle()
    #expect(world.slips.last?.state == .posted)
  }

  @Test("Before its line is on the disk it is not sent again, and is blocked once")
  func blockedOnce() throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    world.knowOtherwise(entry.id)
    world.isUp = true
    while !world.machine.isLive { world.settle(rounds: 1) }
    // Two customers, one after the other, at the account on which it waits.
    for _ in 0..<2 {
      world.ask(.capture(Draft(kind: .deposit, account: entry.credit, amount: entry.amount)))
    }
    // The disk is slow: the bank's answers come first.
    while !world.pending.isEmpty || !world.asked.isEmpty {
      let index = world.pending.firstIndex { effect in
        if case .append(.outcomes, _) = effect { false } else { true }
      }
      guard !world.pending.isEmpty else {
        world.ringNext()
        continue
      }
      world.carryOut(world.pending.remove(at: index ?? 0))
    }
    world.settle()
    let lines = try world.records().filter { if case .blocked = $0 { true } else { false } }
    #expect(lines.count == 1 && world.forbidden.isEmpty, "\(lines) \(world.forbidden)")
    #expect(world.machine.backlog.ledger[entry.id]?.state == .blocked)
    #expect(world.slips.suffix(2).map(\.state) == [.posted, .posted])
  }

  @Test("What was never promised has no second id: a person is told to enter it again")
  func neverPromised() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("5000.00")))
    world.comeToRest()
    world.fates = [.lostBeforeCommit]
    world.ask(.capture(world.withdrawal("900.00")))
    while world.slips.last?.state != .unknown { world.settle(rounds: 1) }
    let entry = try #require(world.slips.last?.entry)
    world.knowOtherwise(entry.id)
    world.comeBack()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .blocked)
    world.ask(.resolve(entry.id, .post, note: "x"))
    #expect(world.failures.last?.code == Reason.neverTold.code)
    world.ask(.receipt(entry.id))
    #expect(world.slips.last?.state == .blocked && world.slips.last?.reason == .contentDiffers)
    #expect(world.slips.last?.headline.contains("PAY NOTHING") == true)
    world.ask(.resolve(entry.id, .refuse, note: "nothing was paid"))
    world.settle()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .voided)
  }
}

extension World {
  /// Deposits that are recorded while the bank is away.
  mutating func recordOffline(_ count: Int) -> [Receipt] {
    isUp = false
    step(.connectionLost(StoreFault(.connect, "closed")))
    settle(rounds: 10)
    let before = slips.count
    for index in 0..<count {
      ask(
        .capture(
          Draft(
            kind: .deposit, account: accounts[index % 2], amount: fixtures.money("\(index + 1).00"),
            statedHolder: "Holder")))
      settle(rounds: 10)
    }
    return Array(slips.dropFirst(before))
  }

  /// The bank knows that id with other content.
  mutating func knowOtherwise(_ id: EntryID) {
    books.inbox[id] = InboxRow(
      id: id, contentHash: "another", terminal: "till-9", number: nil, outcome: .posted,
      flags: [], decidedAt: now)
  }

  /// The bank is back, and what waits is reconciled.
  mutating func comeBack() {
    isUp = true
    for _ in 0..<4 {
      settle(rounds: 60)
      ask(.reconcile)
      settle(rounds: 60)
    }
  }
}

import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What this till's own ledger proves counts, also while nobody can ask the bank.
@Suite("What the own ledger proves") struct OwnFactsTests {
  @Test("What may be refused brings nothing that can be paid out; cash that was taken does")
  func available() throws {
    var world = World.calm()
    world.enter(world.deposit("100.00"))
    world.goAway()
    world.enter(world.draft(.transfer, "80.00", 0, to: 1))
    #expect(world.slips.last?.state == .taken)
    world.enter(world.draft(.withdrawal, "80.00", 1))
    #expect(world.failures.last?.code == Reason.insufficientFunds.code)
    world.enter(world.draft(.deposit, "5.00", 1))
    world.enter(world.draft(.withdrawal, "5.01", 1))
    #expect(world.slips.last?.entry.kind == .deposit && world.failures.count == 2)
    world.enter(world.draft(.withdrawal, "5.00", 1))
    #expect(world.slips.last?.state == .recorded)
    // It is the same after a restart, and the balance still shows all of it.
    world.crash(.process)
    world.settle(rounds: 10)
    let account = world.accounts[1]
    let effect = world.machine.backlog.effect(on: account, isLive: false)
    #expect(effect.minorUnits == 80_00 && effect.uncertainMinorUnits == 80_00)
    let estimated = try #require(world.copies[account]).estimated(with: effect)
    #expect(estimated.balance.minorUnits == 80_00 && estimated.available.minorUnits == 0)
    world.comeBack()
    #expect(world.machine.backlog.effect(on: account, isLive: true).uncertainMinorUnits == 0)
    world.enter(world.draft(.withdrawal, "80.00", 1))
    #expect(world.slips.last?.state == .posted)
  }

  @Test("A reversal of what is reversed, voided or a reversal itself is refused at once")
  func reversals() throws {
    var world = World.calm()
    world.enter(world.deposit("100.00"))
    world.enter(world.withdrawal("20.00"))
    let paid = try #require(world.slips.last).entry
    world.enter(world.withdrawal("1.00"))
    let undone = try #require(world.slips.last).entry
    world.enter(world.reversal(of: undone))
    #expect(world.slips.last?.state == .posted)

    world.goAway()
    world.enter(world.reversal(of: undone))
    #expect(world.failures.last?.code == Reason.alreadyReversed.code)
    world.enter(world.reversal(of: paid))
    let reversal = try #require(world.slips.last)
    #expect(reversal.state == .taken)
    world.enter(world.reversal(of: paid))
    #expect(world.failures.last?.code == Reason.reversalWaits.code)
    world.enter(world.reversal(of: reversal.entry))
    #expect(world.failures.last?.code == Reason.notReversible.code)

    world.enter(world.deposit("5.00"))
    let deposit = try #require(world.slips.last).entry
    world.ask(.void(deposit.id, note: "changed his mind"))
    world.settle(rounds: 10)
    #expect(world.slips.last?.state == .voided)
    world.enter(world.reversal(of: deposit))
    #expect(world.failures.last?.code == Reason.voidedAtTerminal.code)
    // A voided reversal stands in nobody's way.
    world.ask(.void(reversal.entry.id, note: "not that one"))
    world.settle(rounds: 10)
    world.enter(world.reversal(of: paid))
    #expect(world.slips.last?.state == .taken)
    world.comeBack()
    #expect(world.books.account(world.accounts[0])?.balanceMinorUnits == 100_00)
  }

  @Test("An entry whose reversal waits is not voided: both would give its cash back")
  func voidBehindReversal() throws {
    var world = World.calm()
    world.goAway()
    world.enter(world.deposit("5.00"))
    let deposit = try #require(world.slips.last).entry
    world.enter(world.reversal(of: deposit))
    let reversal = try #require(world.slips.last)
    #expect(reversal.state == .taken)
    world.ask(.void(deposit.id, note: "both"))
    world.settle(rounds: 10)
    #expect(world.failures.last?.code == "not-voidable")
    #expect(world.machine.backlog.ledger[deposit.id]?.state == .waiting)
    for id in [reversal.entry.id, deposit.id] {
      world.ask(.void(id, note: "one after the other"))
      world.settle(rounds: 10)
      #expect(world.machine.backlog.ledger[id]?.state == .voided)
    }
  }

  @Test("Away, an entry that this till does not know is called that, and nothing else")
  func unknownTarget() {
    var world = World.calm()
    world.enter(world.deposit("5.00"))
    let reversal = Draft(kind: .reversal, reverses: world.fixtures.id())
    world.enter(reversal)
    #expect(world.failures.last?.code == Reason.unknownTarget.code)
    world.goAway()
    world.enter(reversal)
    #expect(world.failures.last?.code == Reason.targetNotKnown.code)
  }

  @Test("What was booked under its second id is reversed by its first", arguments: [true, false])
  func secondID(isAway: Bool) throws {
    var world = World.calm()
    let entry = world.recordOffline(1)[0].entry
    world.knowOtherwise(entry.id)
    world.comeBack()
    world.ask(.resolve(entry.id, .post, note: "the other one is another customer's"))
    world.settle()
    let second = try #require(world.machine.backlog.ledger[entry.id]?.outcome?.recorded.bookedAs)
    #expect(second != entry.id)
    if isAway { world.goAway() }
    var reversal = world.reversal(of: entry)
    reversal.id = world.fixtures.id()
    for _ in 0..<2 {
      world.enter(reversal)
      #expect(world.slips.last?.state == (isAway ? .taken : .posted))
    }
    if isAway { world.comeBack() }
    #expect(world.books.bookings.map(\.entry.reverses) == [nil, second])
    world.goAway()
    world.enter(world.reversal(of: entry))
    #expect(world.failures.last?.code == Reason.alreadyReversed.code)
  }

  @Test("An entry stands only for one that was refused or voided")
  func replaced() throws {
    var world = World.calm()
    world.enter(world.deposit("5.00"))
    let posted = try #require(world.slips.last).entry
    world.enter(world.withdrawal("6.00"))
    let refused = try #require(world.slips.last)
    #expect(refused.state == .refused)
    func replacing(_ id: EntryID) -> Draft {
      var draft = world.deposit("1.00")
      draft.id = world.fixtures.id()
      draft.replaces = id
      return draft
    }
    var itself = replacing(posted.id)
    itself.replaces = itself.id
    for draft in [replacing(posted.id), itself] {
      world.enter(draft)
      #expect(world.failures.last?.code == Reason.replacesStanding.code)
    }
    for id in [refused.entry.id, world.fixtures.id()] {
      world.enter(replacing(id))
      #expect(world.slips.last?.state == .posted && world.slips.last?.entry.replaces == id)
    }
  }

  @Test("Of an entry that nobody was told of, the receipt says that it was never sent")
  func untold() throws {
    var world = World.calm()
    world.goAway()
    let entry = try world.recordUntold("5.00")
    world.ask(.receipt(entry.id))
    #expect(world.slips.last?.state == .unknown && world.slips.last?.reason == .untold)
    world.enter(world.reversal(of: entry))
    #expect(world.failures.last?.code == Reason.untold.code)
  }
}

extension World {
  /// Enters it, and waits for what is said to it.
  fileprivate mutating func enter(_ draft: Draft) {
    ask(.capture(draft))
    settle(rounds: isUp ? 60 : 10)
  }

  fileprivate func draft(
    _ kind: EntryKind, _ amount: String, _ account: Int, to other: Int? = nil
  ) -> Draft {
    Draft(
      kind: kind, account: accounts[account], counterAccount: other.map { accounts[$0] },
      amount: fixtures.money(amount))
  }

  fileprivate func reversal(of entry: Entry) -> Draft {
    Draft(kind: .reversal, reverses: entry.id)
  }
}

import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A COMMIT whose answer is lost is settled by the entry's id.
@Suite("A lost answer") struct LostAnswerTests {
  @Test("The entry had been committed: it is found, not booked again")
  func committed() throws {
    var world = World.calm()
    world.fates = [.committedAnswerLost]
    world.ask(.capture(world.deposit("12.00")))
    world.comeToRest()
    let slip = try #require(world.slips.first)
    #expect(slip.state == .recorded)
    #expect(world.books.bookings.count == 1)
    #expect(world.books.bookings.first?.entry.id == slip.entry.id)
    try world.checkTruths(seed: 0)
  }

  @Test("The entry had not been committed: it is booked now, once")
  func notCommitted() throws {
    var world = World.calm()
    world.fates = [.lostBeforeCommit]
    world.ask(.capture(world.deposit("12.00")))
    world.comeToRest()
    #expect(world.books.bookings.count == 1)
    try world.checkTruths(seed: 0)
  }

  @Test("It had been refused although the cash was released: booked under its second id")
  func refusedAfterRelease() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("100.00")))
    world.comeToRest()
    // Somebody else empties the account; this till's snapshot does not know it yet.
    world.setBalance("0.00")
    world.fates = [.committedAnswerLost]
    world.ask(.capture(world.withdrawal("60.00")))
    world.settle()
    let slip = try #require(world.slips.last)
    #expect(slip.state == .recorded)
    #expect(world.books.inbox[slip.entry.id]?.outcome == .refused(.insufficientFunds))
    world.comeToRest()
    let booked = try #require(world.books.bookings.last)
    #expect(booked.entry.replaces == slip.entry.id)
    #expect(booked.entry.id != slip.entry.id)
    #expect(booked.flags == [.overdrawn])
    #expect(world.machine.openExceptions == 1)
    #expect(world.machine.waitingCount == 0)
  }

  @Test("A request beyond the policy is of unknown outcome, and is settled without anybody's doing")
  func unknown() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("5000.00")))
    world.comeToRest()
    world.fates = [.committedAnswerLost]
    world.ask(.capture(world.withdrawal("900.00")))
    world.settle()
    let slip = try #require(world.slips.last)
    #expect(slip.state == .unknown)
    world.comeToRest()
    #expect(world.machine.ledger[slip.entry.id]?.state == .posted)
    try world.checkTruths(seed: 0)
  }

  @Test("A stopped transaction keeps its locks: the resend waits for it and is not booked twice")
  func stoppedTransaction() throws {
    var world = World.calm()
    world.fates = [.stopped]
    world.ask(.capture(world.deposit("12.00")))
    world.settle(rounds: 30)
    #expect(world.slips.map(\.state) == [.recorded])
    #expect(world.books.bookings.isEmpty)
    let stopped = try #require(world.stopped.first)
    world.stopped.removeAll()
    _ = try world.books.post(stopped)
    world.comeToRest()
    #expect(world.books.bookings.count == 1)
    try world.checkTruths(seed: 0)
  }
}

extension World {
  /// A world without bad luck, online, with its snapshot taken.
  static func calm(mostTakenAlong: Int = 500) -> World {
    var world = World(seed: 1, mostTakenAlong: mostTakenAlong)
    world.isUnlucky = false
    world.settle()
    return world
  }

  func deposit(_ amount: String) -> Draft {
    Draft(kind: .deposit, account: accounts[0], amount: fixtures.money(amount))
  }

  func withdrawal(_ amount: String) -> Draft {
    Draft(kind: .withdrawal, account: accounts[0], amount: fixtures.money(amount))
  }

  /// Changes the books behind this terminal's back.
  mutating func setBalance(_ amount: String) {
    books.accounts[accounts[0]]?.account.balanceMinorUnits = fixtures.money(amount).minorUnits
  }
}

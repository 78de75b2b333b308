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

  @Test("Booked, and the answer lost: until it is settled no balance counts it twice")
  func countedOnce() async throws {
    for isBooked in [true, false] {
      let town = try await Town()
      let store = town.store
      store.loseNextAnswer(isBooked ? .afterCommit : .beforeCommit)
      // The bank stays away until the customer has been told.
      store.delayCalls { call in
        if call == .greet, store.calls.contains(.post) { store.weather = .unreachable }
      }
      let away = try await town.desk()
      guard case .receipt(let slip) = await away.ask(.capture(town.deposit("7.00"))) else {
        Issue.record("no receipt")
        return
      }
      #expect(slip.state == .recorded)
      await away.close()
      store.delayCalls(nil)
      store.weather = .fair

      let desk = try await town.desk()
      let number = town.make.number("1001")
      guard case .account(let view?) = await desk.ask(.account(number)),
        case .statement(let statement) = await desk.ask(
          .statement(StatementQuery(account: number, limit: 10)))
      else {
        Issue.record("no account")
        return
      }
      #expect(view.account.balance == town.make.money("7.00"))
      #expect(view.provenance.word == (isBooked ? "live" : "estimated"))
      #expect(statement.waiting.count == (isBooked ? 0 : 1))
      await desk.close()
    }
  }

  @Test("The same entry sent by two tills is one entry: it counts where it was booked first")
  func sameEntryAtTwoTills() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("100.00")))
    world.comeToRest()
    _ = world.recordOffline(0)
    let draft = Draft(
      kind: .transfer, account: world.accounts[0], counterAccount: world.accounts[1],
      amount: world.fixtures.money("5.00"), id: world.fixtures.id())
    world.ask(.capture(draft))
    world.settle(rounds: 10)
    let entry = try #require(world.slips.last?.entry)
    world.books.inbox[entry.id] = InboxRow(
      id: entry.id, contentHash: entry.contentHash, terminal: "till-2", number: 9,
      outcome: .posted, flags: [], decidedAt: world.now)
    world.comeBack()
    for _ in 0..<2 {
      let known = try #require(world.machine.backlog.ledger[entry.id])
      #expect(known.state == .posted && known.outcome?.sameAs == "till-2/0009")
      let control = try #require(world.machine.status.control.first)
      #expect(control.agrees)
      #expect(control.captured == 100_00 && control.posted == 100_00 && control.waiting == 0)
      world.crash(.process)
      world.settle()
    }
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
    #expect(world.machine.worklist.openAtBank == 1)
    #expect(world.machine.backlog.waitingCount == 0)
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
    #expect(world.machine.backlog.ledger[slip.entry.id]?.state == .posted)
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
  static func calm(
    seed: UInt64 = 1, automatic: Bool = false, mostTakenAlong: Int = 500
  ) -> World {
    var world = World(seed: seed, automatic: automatic, mostTakenAlong: mostTakenAlong)
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

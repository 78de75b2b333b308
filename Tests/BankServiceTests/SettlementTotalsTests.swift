import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A settlement moves an amount from suspense to posted; it is no capture.
@Suite("Settlements in the totals") struct SettlementTotalsTests {
  /// A deposit that the bank has placed in suspense, since its account is closed.
  private static func suspended() throws -> (World, Entry) {
    var world = World.calm()
    let entry = try #require(world.recordOffline(1).first?.entry)
    world.books.accounts[world.accounts[0]]?.account.status = .closed
    world.comeBack()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .suspense)
    return (world, entry)
  }

  @Test("Settled here: called settled, and the sums agree, also after a restart and a seal")
  func settledHere() throws {
    var (world, entry) = try Self.suspended()
    let target = world.accounts[2]
    let exception = try #require(
      world.books.exceptions(includingSettled: false, after: nil, limit: 10).first)
    world.nextTicket += 1
    world.step(
      .settling(
        world.nextTicket, exception, .to(target), "it was hers",
        .move(
          debit: OwnAccount.suspense.number(entry.amount.currency), credit: target)))
    world.settle()
    for _ in 0..<2 {
      let control = try #require(world.machine.status.control.first)
      #expect(control.captured == 100 && control.posted == 100 && control.suspense == 0)
      #expect(control.agrees)
      let known = try #require(world.machine.backlog.ledger[entry.id])
      #expect(world.machine.till.view(known).state == .settled)
      #expect(world.machine.till.view(known).settledBy == .to(target))
      #expect(world.machine.till.receipt(known, isCopy: true).state == .settled)
      try world.writer?.seal(.reconciled, at: world.now)
      world.crash(.process)
      world.settle()
    }
  }

  @Test("A settlement that the bank refuses moves nothing in the sums")
  func refused() throws {
    var (world, entry) = try Self.suspended()
    let exception = try #require(
      world.books.exceptions(includingSettled: false, after: nil, limit: 10).first)
    world.nextTicket += 1
    world.step(
      .settling(
        world.nextTicket, exception, .post, "as it was meant",
        .move(
          debit: OwnAccount.suspense.number(entry.amount.currency), credit: world.accounts[0])))
    world.settle()
    let control = try #require(world.machine.status.control.first)
    #expect(control.captured == 100 && control.suspense == 100 && control.refused == 0)
    #expect(control.agrees)
  }

  @Test("Settled at another terminal: learned at the next contact, once")
  func settledElsewhere() throws {
    var (world, entry) = try Self.suspended()
    let settlement = Settlement(
      resolution: .to(world.accounts[3]), by: "bob", note: "found", at: world.now)
    #expect(world.machine.backlog.ledger.openExceptions == [entry.id])
    for _ in 0..<2 {
      world.step(.settlementsLearned([entry.id: settlement]))
      world.settle()
      let control = try #require(world.machine.status.control.first)
      #expect(control.posted == 100 && control.suspense == 0 && control.agrees)
      world.crash(.process)
      world.settle()
    }
    #expect(world.machine.backlog.ledger[entry.id]?.settledBy == .to(world.accounts[3]))
    #expect(world.machine.backlog.ledger.openExceptions.isEmpty)
    // A line that counts is no settlement of this terminal: healing must not give it back.
    #expect(world.machine.backlog.ledger.settlements.booked.isEmpty)
  }
}

import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Worklist, report and score speak of the same exceptions, whichever way each is settled.
@Suite("Exceptions are counted the same everywhere") struct ExceptionCountTests {
  private func open(_ world: World) -> [ExceptionRecord] {
    world.books.exceptions(includingSettled: false, after: nil, limit: .max)
  }

  private func check(_ world: World, _ what: String) throws {
    let state = try LedgerReading(
      of: world.terminal.name, on: world.volume, scope: .everything
    ).state
    let number = try #require(state.outages.first?.number, "\(what)")
    let report = try #require(OutageReport(of: number, in: state, at: world.terminal.name))
    let all = world.books.exceptions(includingSettled: true, after: nil, limit: .max)
    #expect(report.exceptions.count == all.count, "\(what)")
    #expect(Set(report.exceptions.map(\.label)) == Set(all.map(\.label)), "\(what)")
    let left = open(world).map(\.label).sorted()
    let unsettled = report.exceptions.filter { $0.settledBy == nil }.map(\.label).sorted()
    #expect(unsettled == left, "\(what)")
    #expect(report.drillScore?.exceptions == left.count, "\(what)")
  }

  /// A drill whose entries became exceptions of every kind.
  private func drilled() throws -> World {
    var world = World.calm()
    for account in [2, 4] {
      world.ask(
        .capture(
          Draft(
            kind: .deposit, account: world.accounts[account], amount: world.fixtures.money("50.00"))
        ))
      world.comeToRest()
    }
    let drill = Hold(.drill, by: "sue", since: world.now)
    world.step(.holdChanged(HoldState(standing: drill)))
    world.settle(rounds: 20)
    let (accounts, money) = (world.accounts, world.fixtures.money("3.00"))
    for draft in [
      Draft(kind: .deposit, account: accounts[0], amount: money),
      Draft(kind: .deposit, account: accounts[0], amount: world.fixtures.money("4.00")),
      Draft(
        kind: .transfer, account: accounts[2], counterAccount: accounts[3], amount: money),
      Draft(kind: .withdrawal, account: accounts[4], amount: money),
      Draft(kind: .deposit, account: accounts[5], amount: money),
    ] {
      world.ask(.capture(draft))
      world.settle(rounds: 20)
    }
    #expect(world.slips.suffix(5).allSatisfy { $0.state == .recorded || $0.state == .taken })
    // Meanwhile the bank has closed one account, and others are empty.
    world.books.accounts[accounts[0]]?.account.status = .closed
    for empty in [2, 4] { world.books.accounts[accounts[empty]]?.account.balanceMinorUnits = 0 }
    world.step(.holdChanged(HoldState()))
    world.comeBack()
    return world
  }

  private func settle(
    _ world: inout World, _ exception: ExceptionRecord, _ resolution: Resolution
  ) {
    let move = SettlementMove(exception, world.books.target(exception.entry), resolution)
    world.nextTicket += 1
    world.asked[world.nextTicket] = .resolve(exception.entry, resolution, note: "x")
    world.step(.settling(world.nextTicket, exception, resolution, "x", move))
    world.settle()
  }

  /// The bank says that it was settled at another till.
  private func learn(
    _ world: inout World, _ exception: ExceptionRecord, _ resolution: Resolution
  ) {
    #expect(world.machine.backlog.ledger.openExceptions.contains(exception.entry))
    let settlement = Settlement(resolution: resolution, by: "eve", note: "found", at: world.now)
    world.books.exceptions[exception.entry] = exception.settled(settlement)
    world.step(.settlementsLearned([exception.entry: settlement]))
    world.settle()
  }

  @Test(
    "After each resolution the three agree, made here or at another till", arguments: [false, true])
  func agree(isElsewhere: Bool) throws {
    var world = try drilled()
    try check(world, "all open")
    #expect(open(world).count == 4)
    for exception in open(world) {
      let resolution: Resolution =
        switch exception.outcome {
        case .posted: .post
        case .refused: .refuse
        case .suspense: .to(world.accounts[1])
        }
      if isElsewhere {
        learn(&world, exception, resolution)
      } else {
        settle(&world, exception, resolution)
      }
      #expect(world.books.exceptions[exception.entry]?.settlement != nil, "\(exception.outcome)")
      try check(world, "\(exception.kind) \(exception.outcome)")
    }
    #expect(open(world).isEmpty && world.machine.backlog.ledger.openExceptions.isEmpty)
    // Nothing is left to be learned, now and by whoever starts next.
    world.crash(.process)
    world.settle()
    #expect(world.machine.backlog.ledger.openExceptions.isEmpty)
  }
}

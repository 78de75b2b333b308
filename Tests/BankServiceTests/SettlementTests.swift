import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// How a person has settled an exception is durable before the bank is asked, and stays what it was.
@Suite("Settlements that are cut short") struct SettlementTests {
  @Test(
    "Killed anywhere and sent again: moved once, and on record as it was decided",
    arguments: 0..<60)
  func killed(seed: Int) throws {
    var world = World(seed: UInt64(seed))
    let exception = try world.openException()
    let target = world.accounts[seed % 3]
    let suspense = OwnAccount.suspense.number(world.fixtures.euro)
    world.isUnlucky = seed % 2 == 0
    world.resolve(exception, .to(target), .move(debit: suspense, credit: target))
    for _ in 0..<(seed % 10) { world.carryOutSomething() }
    world.crash(seed % 3 == 0 ? .power : .process)
    world.comeToRest()
    if world.books.exceptions[exception.entry]?.settlement == nil {
      world.resolve(exception, .to(target), .move(debit: suspense, credit: target))
      world.comeToRest()
    }
    let settlement = world.books.exceptions[exception.entry]?.settlement
    #expect(settlement?.resolution == .to(target), "seed \(seed)")
    #expect(world.books.account(target)?.balanceMinorUnits == 300, "seed \(seed)")
    #expect(world.books.account(suspense)?.balanceMinorUnits == 0, "seed \(seed)")
  }

  @Test(
    "A decision that moves nothing reaches the books, whoever is killed, and the ledger says so",
    arguments: 0..<40)
  func nothingMoves(seed: Int) throws {
    var world = World(seed: UInt64(seed))
    let exception = try world.openException(.transfer)
    world.isUnlucky = seed % 2 == 0
    world.resolve(exception, .refuse, .nothingMoves)
    for _ in 0..<(seed % 6) { world.carryOutSomething() }
    let isDecided = world.machine.backlog.ledger.settlements[exception.entry] != nil
    world.crash(.process)
    world.comeToRest()
    world.settle()
    guard isDecided else { return }
    #expect(world.books.exceptions[exception.entry]?.settlement?.resolution == .refuse)
    #expect(world.machine.backlog.ledger.settlements.open.isEmpty, "seed \(seed)")
    #expect(world.machine.backlog.ledger.settlements.booked.map(\.exception) == [exception.entry])
    // Another start does not settle it again.
    world.crash(.process)
    world.comeToRest()
    #expect(world.machine.backlog.ledger.settlements.open.isEmpty, "seed \(seed)")
    #expect(world.machine.mode == .online)
  }

  @Test("The bank has forgotten the exception: the decision waits until it is given back")
  func ahead() throws {
    var world = World.calm()
    let exception = try world.openException(.transfer)
    world.resolve(exception, .refuse, .nothingMoves)
    world.books.exceptions[exception.entry] = nil
    world.settle()
    #expect(world.failures.last?.code == Reason.exceptionForgotten.code)
    #expect(world.machine.backlog.ledger.settlements.open.map(\.exception) == [exception.entry])
    // Back, at the same epoch, nobody knows; a till that heals the bank raises it.
    world.books.exceptions[exception.entry] = exception
    _ = try world.books.raiseEpoch(world.terminal.id, counterAtLeast: 0, epochAbove: 0)
    for _ in 0..<10 {
      world.ringNext()
      world.settle()
    }
    #expect(world.machine.mode == .online)
    #expect(world.books.exceptions[exception.entry]?.settlement?.resolution == .refuse)
    #expect(world.machine.backlog.ledger.settlements.booked.map(\.exception) == [exception.entry])
  }

  @Test("Somebody else was first: the ledger says so, and healing leaves it to them")
  func tooLate() throws {
    var world = World.calm()
    let exception = try world.openException(.transfer)
    let first = Settlement(resolution: .post, by: "eve", note: "first", at: world.now)
    world.resolve(exception, .refuse, .nothingMoves)
    world.books.exceptions[exception.entry] = exception.settled(first)
    world.now = world.now.advanced(byMilliseconds: 5)
    world.settle()
    #expect(world.failures.last?.code == Reason.alreadySettled.code)
    #expect(world.machine.backlog.ledger.settlements.open.isEmpty)
    #expect(world.machine.backlog.ledger.settlements.booked.isEmpty)
    #expect(world.books.exceptions[exception.entry]?.settlement == first)
  }
}

extension World {
  /// A deposit whose cash was taken for an account that the bank does not know; or a transfer there,
  /// which the bank refuses.
  fileprivate mutating func openException(
    _ kind: EntryKind = .deposit
  ) throws -> ExceptionRecord {
    isUnlucky = false
    ask(.capture(deposit("1.00")))
    comeToRest()
    let entry = Entry(
      id: fixtures.id(), number: machine.captures.nextNumber(after: machine.backlog.ledger),
      terminal: fixtures.terminal.name,
      operatorName: "ana", kind: kind,
      debit: kind == .transfer
        ? accounts[1] : OwnAccount.till(fixtures.terminal.name).number(fixtures.euro),
      credit: fixtures.number("404"), amount: fixtures.money("3.00"), memo: "", capturedAt: now,
      valueDate: Self.day(of: now))
    let release = ReleaseRecord(
      entry: entry.id, secondID: fixtures.id(), standing: Standing(released: kind), wasSent: false,
      at: now)
    try writer?.append([.entry(EntryRecord(entry)), .released(release)], at: now)
    crash(.process)
    comeToRest()
    // What was paid in before is no part of the story.
    books.accounts[accounts[0]]?.account.balanceMinorUnits = 0
    now = now.advanced(byMilliseconds: 10)
    return try #require(books.exceptions[entry.id])
  }

  fileprivate mutating func resolve(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ move: SettlementMove
  ) {
    nextTicket += 1
    asked[nextTicket] = .resolve(exception.entry, resolution, note: "as it was meant")
    step(.settling(nextTicket, exception, resolution, "as it was meant", move))
  }
}

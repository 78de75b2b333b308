import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// The batches of a reconciliation, and entries from the counter beside it.
@Suite("Reconciling") struct ReconcilingTests {
  @Test("While a batch is with the bank the next one is written down and made up")
  func ahead() throws {
    var world = World.calm()
    let entries = (0..<7).map { world.deposit("\($0 + 1).00", to: $0 % 4) }
    try world.record(entries)
    world.ask(.reconcile)
    let first = try world.carryOutUntilPost()
    #expect(first.submissions.map(\.entry) == Array(entries[..<3]))
    #expect(!world.machine.backlog.ledger.mayHaveBeenSent(entries[3].id))

    world.carryOutAppends()
    #expect(world.machine.backlog.ledger.mayHaveBeenSent(entries[5].id))
    #expect(!world.machine.backlog.ledger.mayHaveBeenSent(entries[6].id))
    #expect(world.machine.dispatch.run?.ready?.map(\.entry) == Array(entries[3..<6]))

    world.carryOutPost()
    // Nothing is waited for: it is on its way at once.
    let second = try #require(world.postsUnderWay.first)
    #expect(second.submissions.map(\.entry) == Array(entries[3..<6]))
    world.comeToRest()
    #expect(world.books.bookings.map(\.entry.id) == entries.map(\.id))
    try world.checkTruths(seed: 0)
  }

  @Test("While somebody works at the till, desk and bank take turns and rest in between")
  func taking() throws {
    var world = World.calm()
    let entries = (0..<10).map { world.deposit("\($0 + 1).00", to: $0 % 4) }
    try world.record(entries)
    world.ask(.reconcile)
    world.ask(.account(world.accounts[0]))
    _ = try world.carryOutUntilPost()
    world.carryOutAppends()
    // Nothing is made up beside the bank's work.
    #expect(!world.machine.backlog.ledger.mayHaveBeenSent(entries[3].id))
    world.carryOutPost()
    world.carryOutAppends()
    #expect(world.postsUnderWay.isEmpty)
    world.step(.timer(.rest))
    world.carryOutAppends()
    #expect(world.postsUnderWay.first?.submissions.map(\.entry) == Array(entries[3..<6]))

    // Left alone, it goes on without a rest, and ahead.
    world.now = world.now.advanced(byMilliseconds: 1_000)
    world.carryOutPost()
    world.carryOutAppends()
    #expect(world.postsUnderWay.first?.submissions.map(\.entry) == Array(entries[6..<9]))
    #expect(world.machine.backlog.ledger.mayHaveBeenSent(entries[9].id))
    world.comeToRest()
    #expect(world.books.bookings.map(\.entry.id) == entries.map(\.id))
    try world.checkTruths(seed: 0)
  }

  @Test("What the bank holds in one batch holds its account's request in the next, made up or not")
  func heldAhead() throws {
    var world = World.calm()
    let held = world.transfer("5.00", from: 0, to: 1)
    let others = (2..<4).map { world.deposit("1.00", to: $0) }
    let behind = world.transfer("6.00", from: 1, to: 4)
    let free = world.deposit("2.00", to: 5)
    try world.record([held] + others + [behind, free], overLimit: [held.id])
    world.ask(.reconcile)
    _ = try world.carryOutUntilPost()
    world.carryOutAppends()
    #expect(world.machine.dispatch.run?.ready?.map(\.entry) == [behind, free])
    world.carryOutPost()
    let second = try #require(world.postsUnderWay.first)
    #expect(second.submissions.map(\.entry) == [free])
    #expect(world.machine.backlog.held == [held.id: .needsSupervisor, behind.id: .heldBehind])
  }

  @Test(
    "The end of a reconciliation that nobody asked for is told for the log")
  func ends() throws {
    var world = World.calm(automatic: true)
    try world.record([world.deposit("1.00", to: 0), world.deposit("2.00", to: 1)])
    world.comeToRest()
    let end = try #require(world.runs.last)
    #expect(end.posted == 2 && end.waiting == 0)
  }

  @Test("What is let go when the bank is held already is not sent, and goes once it is given back")
  func heldMeanwhile() throws {
    var world = World.calm()
    try world.record([world.deposit("1.00", to: 0), world.deposit("2.00", to: 1)])
    world.ask(.reconcile)
    let hold = Hold(.hold, by: "sue", since: world.now)
    world.step(.holdChanged(HoldState(standing: hold)))
    world.carryOutAppends()
    #expect(world.postsUnderWay.isEmpty && world.machine.backlog.waitingCount == 2)
    let ended = HoldState.Ended(hold, by: "sue", at: world.now)
    world.step(.holdChanged(HoldState(ended: ended)))
    world.comeToRest()
    world.ask(.reconcile)
    world.comeToRest()
    #expect(world.books.bookings.count == 2 && world.machine.backlog.waitingCount == 0)
  }

  @Test("What is beyond the limit is flagged when it is sent, whatever its line says")
  func unflaggedLine() throws {
    var world = World.calm()
    let within = world.transfer("500.00", from: 0, to: 1)
    let beyond = world.transfer("500.01", from: 2, to: 3)
    try world.record([within, beyond])
    world.ask(.reconcile)
    let batch = try world.carryOutUntilPost()
    #expect(batch.submissions.map(\.isOverLimit) == [false, true])
  }

  @Test("A line that changes how an entry is sent undoes what was made up")
  func madeUpAnew() throws {
    var world = World.calm()
    let others = (2..<5).map { world.deposit("1.00", to: $0) }
    let over = world.transfer("5.00", from: 0, to: 1)
    try world.record(others + [over], overLimit: [over.id])
    world.ask(.reconcile)
    _ = try world.carryOutUntilPost()
    world.carryOutAppends()
    #expect(world.machine.dispatch.run?.ready?.map(\.isOverLimit) == [true])
    let note = NoteRecord(
      "post: allowed", entry: over.id, decision: .allow, operatorName: "sue", at: world.now)
    world.carryOut(.append(.remark, [.note(note)]))
    #expect(world.machine.dispatch.run?.ready?.map(\.isOverLimit) == [false])
  }

  @Test("An entry whose account has few that wait goes with them, in their order")
  func takenAlong() throws {
    var world = World.calm(mostTakenAlong: 2)
    let waiting = [world.deposit("1.00", to: 0), world.deposit("2.00", to: 0)]
    try world.record(waiting)
    world.ask(.capture(world.draft("3.00", to: 0)))
    world.settle(rounds: 20)
    let slip = try #require(world.slips.last)
    #expect(slip.state == .posted)
    #expect(world.books.bookings.map(\.entry.id) == waiting.map(\.id) + [slip.entry.id])
  }

  @Test(
    "An entry that would take too many along is recorded and waits; one of another account does not",
    arguments: [0, 1])
  func tooMany(account: Int) throws {
    var world = World.calm(mostTakenAlong: 2)
    // Those of account 1 are few, but a transfer links them with account 0.
    let waiting =
      (1...3).map { world.deposit("\($0).00", to: 0) } + [world.transfer("2.00", from: 0, to: 1)]
    try world.record(waiting)
    world.ask(.capture(world.draft("5.00", to: account)))
    world.settle(rounds: 20)
    let slip = try #require(world.slips.last)
    #expect(slip.state == .recorded)
    #expect(world.machine.mode == .reconciling)
    #expect(world.books.bookings.isEmpty)

    world.ask(.capture(world.draft("4.00", to: 5)))
    world.settle(rounds: 20)
    let free = try #require(world.slips.last)
    #expect(free.state == .posted)

    world.comeToRest()
    let booked = world.books.bookings.map(\.entry.id)
    #expect(booked == [free.entry.id] + waiting.map(\.id) + [slip.entry.id])
    try world.checkTruths(seed: 0)
  }
}

extension World {
  private func entry(
    _ kind: EntryKind, _ debit: AccountNumber, _ credit: AccountNumber, _ amount: String
  ) -> Entry { fixtures.entry(kind, debit: debit, credit: credit, fixtures.money(amount)) }

  fileprivate func deposit(_ amount: String, to account: Int) -> Entry {
    entry(.deposit, fixtures.till(), accounts[account], amount)
  }

  fileprivate func transfer(_ amount: String, from payer: Int, to payee: Int) -> Entry {
    entry(.transfer, accounts[payer], accounts[payee], amount)
  }

  fileprivate func draft(_ amount: String, to account: Int) -> Draft {
    Draft(kind: .deposit, account: accounts[account], amount: fixtures.money(amount))
  }

  /// What an outage leaves in the ledger; the program starts again when the bank is back.
  mutating func record(_ entries: [Entry], overLimit: Set<EntryID> = []) throws {
    for entry in entries {
      let release = ReleaseRecord(
        entry: entry.id, secondID: fixtures.id(), standing: Standing(released: entry.kind),
        isOverLimit: overLimit.contains(entry.id), wasSent: false, at: entry.capturedAt)
      try writer?.append([.entry(EntryRecord(entry)), .released(release)], at: entry.capturedAt)
    }
    now = max(now, fixtures.now)
    crash(.process)
    for _ in 0..<20 where machine.mode != .reconciling { settle(rounds: 1) }
    while !pending.isEmpty { carryOut(pending.removeFirst()) }
  }

  fileprivate var postsUnderWay: [PostingBatch] {
    pending.compactMap { if case .post(let batch) = $0 { batch } else { nil } }
  }

  fileprivate mutating func carryOutUntilPost() throws -> PostingBatch {
    while postsUnderWay.isEmpty {
      try #require(!pending.isEmpty)
      carryOut(pending.removeFirst())
    }
    return try #require(postsUnderWay.first)
  }

  fileprivate mutating func carryOutAppends() {
    let isAppend = { (effect: Effect) in if case .append = effect { true } else { false } }
    while let next = pending.firstIndex(where: isAppend) { carryOut(pending.remove(at: next)) }
  }

  fileprivate mutating func carryOutPost() {
    let isPost = { (effect: Effect) in if case .post = effect { true } else { false } }
    if let next = pending.firstIndex(where: isPost) { carryOut(pending.remove(at: next)) }
  }
}

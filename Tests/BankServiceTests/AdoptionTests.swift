import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What an old copy of a state directory has captured is taken over, each entry once.
@Suite("Taking over an old copy") struct AdoptionTests {
  @Test(
    "However often and whoever is killed, each told entry is booked once, as what it was told",
    arguments: 1...40)
  func once(seed: Int) throws {
    var world = World(seed: UInt64(seed))
    world.isUnlucky = false
    world.settle()
    world.ask(.capture(world.deposit("1.00")))
    world.settle()
    let copy = world.volume.copy()
    world.ask(.capture(world.deposit("2.00")))
    world.settle()
    let old = try world.captures(inCopy: copy, lost: seed % 3 == 0)
    world.start()
    world.settle()
    #expect(world.machine.mode == .online)

    if seed % 2 == 0 { world.isUp = false }
    var adopted: [AdoptedEntry] = []
    for round in 0..<4 {
      try world.adopt(old, from: &adopted)
      if round < 3 {
        for _ in 0..<(seed % 5) { world.carryOutSomething() }
        world.crash(seed % 2 == 0 ? .power : .process)
        world.settle(rounds: 20)
      }
    }
    world.isUp = true
    world.comeToRest()
    let booked = world.books.bookings.map(\.entry)
    for item in old.items {
      let mine = booked.filter { $0.id == item.entry.id || $0.replaces == item.entry.id }
      #expect(mine.count == 1, "seed \(seed): \(item.entry.label)")
      #expect(mine.first?.capturedAt == item.entry.capturedAt)
      #expect(mine.first?.valueDate == item.entry.valueDate)
    }
    let entries = try world.history().entries.filter { $0.isAdopted && $0.void == nil }
    #expect(entries.filter { $0.release?.standing == .advice }.count == 2, "seed \(seed)")
    #expect(entries.filter { $0.release?.standing == .request }.count == 1, "seed \(seed)")
    // A third copy that has all of it as well brings nothing new.
    var again: [AdoptedEntry] = []
    try world.adopt(old, from: &again)
    world.settle()
    #expect(again.isEmpty)
    let agrees = world.machine.status.control.allSatisfy(\.agrees)
    #expect(agrees)
    // 1.00, 2.00, 4.00 and 5.00 paid in, 0.30 sent on.
    #expect(world.books.account(world.accounts[0])?.balanceMinorUnits == 1_170)
  }
}

extension World {
  /// Two deposits and a transfer, taken with an older copy of the directory while the bank was away.
  ///
  /// - Parameter lost: one of them reached the bank all the same, and its answer was lost.
  fileprivate mutating func captures(
    inCopy copy: SimulatedVolume, lost: Bool
  ) throws -> Adoption {
    let writer = try LedgerWriter.open(
      on: copy, owner: LedgerOwner(bank: fixtures.bank.id, terminal: fixtures.terminal), at: now)
    let till = OwnAccount.till(fixtures.terminal.name).number(fixtures.euro)
    var number = writer.state.nextNumber
    var items: [Adoption.Item] = []
    let wishes: [(EntryKind, AccountNumber, AccountNumber, String)] = [
      (.deposit, till, accounts[0], "4.00"), (.deposit, till, accounts[0], "5.00"),
      (.transfer, accounts[0], accounts[1], "0.30"),
    ]
    for (kind, debit, credit, amount) in wishes {
      let entry = Entry(
        id: fixtures.id(), number: number, terminal: fixtures.terminal.name, operatorName: "ana",
        kind: kind, debit: debit, credit: credit, amount: fixtures.money(amount), memo: "",
        capturedAt: now, valueDate: Self.day(of: now))
      let standing = Standing(released: kind)
      let release = ReleaseRecord(
        entry: entry.id, secondID: fixtures.id(), standing: standing, wasSent: false, at: now)
      try writer.append([.entry(EntryRecord(entry)), .released(release)], at: now)
      items.append(
        Adoption.Item(
          entry, released: standing, isOverLimit: false, mayHaveBeenSent: lost, isAdopted: false))
      number += 1
    }
    if lost, let first = items.first {
      let submission = Submission(
        entry: first.entry.numbered(900, at: first.entry.terminal), standing: .advice,
        contentHash: first.entry.contentHash,
        wasReleased: true)
      _ = try books.post(
        PostingBatch(
          terminal: nil, submissions: [submission], today: Self.day(of: now), decidedAt: now))
    }
    return Adoption(
      bank: fixtures.bank.id, terminal: fixtures.terminal.id, items: items)
  }

  fileprivate func history() throws -> LedgerState {
    try LedgerReading(of: fixtures.terminal.name, on: volume, scope: .everything).state
  }

  /// As the desk does: what is here already is left out.
  fileprivate mutating func adopt(
    _ adoption: Adoption, from adopted: inout [AdoptedEntry]
  ) throws {
    let lines = AdoptionPlan.lines(adoption, besides: try history()) { fixtures.id() }
    nextTicket += 1
    asked[nextTicket] = .adopt(adoption, note: "found")
    step(.adopting(nextTicket, lines, note: "found"))
    adopted += lines.map { AdoptedEntry(entry: $0.id, replaces: $0.item.entry.id) }
  }
}

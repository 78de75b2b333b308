import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What the till next door has taken counts here, each entry once.
@Suite("The other tills of the directory") struct OtherTillsTests {
  @Test("What waits next door counts; what was voided, refused or placed in suspense does not")
  func waiting() throws {
    var door = try NextDoor()
    let paid = try door.pay("30.00")
    let voided = try door.pay("5.00")
    let refused = try door.charge("7.00")
    let lost = try door.pay("9.00")
    try door.append(
      .void(VoidRecord(entry: voided.id, note: "x", operatorName: "bob", at: door.now)))
    try door.decide(refused, .refused(.accountFrozen), counter: 1)
    try door.decide(lost, .suspense(.accountFrozen), counter: 2)
    #expect(door.unseen().map(\.entry.id) == [paid.id])
    #expect(door.unseen(of: Fixtures(seed: 9).bank.id).isEmpty)
  }

  @Test("An entry that was sent and not answered counts unless the account shows it")
  func sent() throws {
    var door = try NextDoor()
    let paid = try door.pay("30.00")
    let account = door.ana
    #expect(!door.others().needsLines(of: account, asOf: door.now))
    try door.append(.sending(SendingRecord(through: paid.number, at: door.now)))
    #expect(door.others().needsLines(of: account, asOf: door.now))
    #expect(door.unseen().count == 1)
    #expect(door.unseen(lines: [paid.id]).isEmpty)
    // It may stand there under its second id.
    let second = try #require(door.writer.state[paid.id]?.release?.secondID)
    #expect(door.unseen(lines: [second]).isEmpty)
  }

  @Test("What was posted before the snapshot is in it; what came later is looked for")
  func posted() throws {
    var door = try NextDoor()
    let first = try door.pay("30.00")
    let second = try door.pay("40.00")
    let third = try door.pay("50.00")
    try door.decide(first, .posted, counter: 1)
    door.now = door.now.advanced(byMilliseconds: 10)
    let copiedAt = door.now
    door.now = door.now.advanced(byMilliseconds: 10)
    try door.decide(second, .posted, counter: 2)
    try door.decide(third, .posted, counter: 3)
    #expect(door.unseen(asOf: copiedAt).map(\.entry.id) == [second.id, third.id])
    #expect(door.unseen(asOf: copiedAt, lines: [second.id]).map(\.entry.id) == [third.id])
    // An account that shows the newest one was copied after all of them.
    #expect(door.unseen(asOf: copiedAt, lines: [third.id]).isEmpty)
    #expect(door.unseen(asOf: door.now.advanced(byMilliseconds: 10)).isEmpty)
  }

  @Test("The cap of an account counts both tills; the cap of a terminal only its own")
  func caps() throws {
    var world = World.calm()
    world.setBalance("9000.00")
    world.ask(.capture(world.deposit("1.00")))
    world.comeToRest()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    #expect(world.machine.mode == .manual)

    var door = try NextDoor(account: world.accounts[0])
    for _ in 1...3 { try door.pay("500.00") }
    world.others = door.others(notice: "the ledger of till-3 cannot be read")
    for amount in ["400.00", "101.00", "100.00"] {
      world.ask(.capture(world.withdrawal(amount)))
      world.settle(rounds: 10)
    }
    #expect(world.slips.suffix(2).map(\.entry.amount.minorUnits) == [400_00, 100_00])
    #expect(world.failures.map(\.code) == [Reason.overOfflineLimit.code])
    let status = world.machine.status
    #expect(status.caps.map(\.left.minorUnits) == [9_500_00])
    #expect(status.control.map(\.waiting) == [500_00])
    #expect(status.ledgerNotice == "the ledger of till-3 cannot be read")
  }

  @Test("What was paid next door is not there to be paid here")
  func funds() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("300.00")))
    world.comeToRest()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    var door = try NextDoor(account: world.accounts[0])
    try door.pay("200.00")
    world.others = door.others()
    world.ask(.capture(world.withdrawal("150.00")))
    world.settle(rounds: 10)
    #expect(world.failures.map(\.code) == [Reason.insufficientFunds.code])
  }

  @Test("What is booked or voided leaves the caps, in this run of the program and in the next")
  func released() throws {
    var world = World.calm()
    world.setBalance("9000.00")
    world.ask(.capture(world.deposit("1.00")))
    world.comeToRest()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    for _ in 1...2 {
      world.ask(.capture(world.withdrawal("400.00")))
      world.settle(rounds: 10)
    }
    #expect(world.machine.status.caps.map(\.left.minorUnits) == [9_200_00])
    let newest = try #require(world.slips.last).entry.id
    world.ask(.void(newest, note: "took the cash back"))
    world.settle(rounds: 10)
    #expect(world.machine.status.caps.map(\.left.minorUnits) == [9_600_00])
    world.crash(.process)
    #expect(world.machine.status.caps.map(\.left.minorUnits) == [9_600_00])
    world.comeToRest()
    #expect(world.machine.status.caps.map(\.left.minorUnits) == [10_000_00])
  }
}

/// The till next door: a ledger of its own, written by its own writer.
struct NextDoor {
  let fixtures = Fixtures(seed: 1, terminal: "till-2")
  let writer: LedgerWriter
  let ana: AccountNumber
  var now: Instant

  init(account: AccountNumber? = nil) throws {
    ana = account ?? fixtures.number("0000002378")
    now = fixtures.now
    writer = try LedgerWriter.open(
      on: SimulatedVolume(),
      owner: LedgerOwner(bank: fixtures.bank.id, terminal: fixtures.terminal), at: now)
  }

  func append(_ record: LedgerRecord) throws { try writer.append([record], at: now) }

  /// A withdrawal that was released to the customer.
  @discardableResult
  mutating func pay(_ amount: String) throws -> Entry {
    let entry = fixtures.withdrawal(from: ana, amount)
    try append(.entry(EntryRecord(entry)))
    try append(
      .released(
        ReleaseRecord(
          entry: entry.id, secondID: fixtures.id(), standing: .advice, wasSent: false, at: now)))
    return entry
  }

  /// A fee, which the bank may still refuse.
  mutating func charge(_ amount: String) throws -> Entry {
    let entry = fixtures.fee(from: ana, amount)
    try append(.entry(EntryRecord(entry)))
    try append(
      .released(
        ReleaseRecord(
          entry: entry.id, secondID: fixtures.id(), standing: .request, wasSent: false, at: now)))
    return entry
  }

  func decide(_ entry: Entry, _ outcome: Outcome, counter: Int64) throws {
    if !writer.state.mayHaveBeenSent(entry.id) {
      try append(.sending(SendingRecord(through: entry.number, at: now)))
    }
    try append(
      .outcome(
        OutcomeRecord(
          entry: entry.id,
          recorded: RecordedOutcome(
            outcome: outcome, flags: [], bookedAs: entry.id, bookingDate: nil),
          acknowledgement: Acknowledgement(counter: counter, epoch: 1), at: now)))
  }

  func others(of bank: Identifier? = nil, notice: String? = nil) -> OtherTills {
    OtherTills([writer.state], of: bank ?? fixtures.bank.id, notice: notice)
  }

  func unseen(
    of bank: Identifier? = nil, asOf: Instant? = nil, lines: Set<EntryID> = []
  ) -> [LedgerEntry] {
    others(of: bank).unseen(on: ana, asOf: asOf ?? now, lines: lines)
  }
}

import BankCore
import Testing

@testable import BankService
@testable import BankTesting
@testable import ManualLedger

/// An id that was captured is known for ever: each state × each way to send it again × each mode,
/// before and after its segment was sealed.
@Suite("An id used again") struct KnownIDTests {
  enum Fate: CaseIterable {
    case posted, refused, voided, recorded, suspense
  }

  enum Again: CaseIterable {
    case same, otherAmount
  }

  @Test(arguments: Fate.allCases, Again.allCases)
  func again(_ fate: Fate, _ again: Again) throws {
    for isSealed in [false, true] {
      for isUp in [true, false] {
        var world = World.calm()
        var draft = try Self.meet(fate, &world)
        if isSealed, fate != .recorded {
          try world.sealAndForget()
          let id = try #require(draft.id)
          // An open exception is kept in memory; all that is settled is forgotten.
          let isForgotten = world.machine.ledger[id] == nil && world.machine.ledger.leftOut > 0
          #expect(isForgotten == (fate != .suspense))
        }
        if isUp { world.comeBack() } else { world.goAway() }
        let entries = world.allEntries
        let (slips, failures) = (world.slips.count, world.failures.count)
        if again == .otherAmount { draft.amount = world.fixtures.money("77.00") }

        world.ask(.capture(draft))
        world.settle(rounds: 20)

        #expect(world.allEntries == entries, "\(fate) \(again) sealed \(isSealed) up \(isUp)")
        guard again == .same, fate != .voided else {
          #expect(world.failures.count == failures + 1 && world.slips.count == slips)
          let code = again == .same ? Reason.voidedAtTerminal : .contentDiffers
          #expect(world.failures.last?.code == code.code)
          continue
        }
        let slip = try #require(world.slips.last)
        #expect(world.slips.count == slips + 1 && slip.isCopy)
        #expect(slip.state == Self.expected(fate, isUp: isUp), "\(fate) sealed \(isSealed)")
      }
    }
  }

  private static func expected(_ fate: Fate, isUp: Bool) -> Receipt.State {
    switch fate {
    case .posted: .posted
    case .refused: .refused
    case .voided: .voided
    case .suspense: .suspense
    case .recorded: isUp ? .posted : .recorded
    }
  }

  /// Lets an entry with an id of its own meet that fate; the draft it was made of.
  private static func meet(_ fate: Fate, _ world: inout World) throws -> Draft {
    var draft = fate == .refused ? world.withdrawal("60.00") : world.deposit("12.00")
    draft.id = world.fixtures.id()
    draft.statedHolder = "Holder"
    let id = try #require(draft.id)
    switch fate {
    case .posted, .refused:
      world.ask(.capture(draft))
      world.settle()
    case .suspense:
      world.goAway()
      world.ask(.capture(draft))
      world.settle(rounds: 10)
      world.books.accounts[world.accounts[0]]?.account.status = .closed
      world.comeBack()
    case .voided, .recorded:
      world.goAway()
      world.ask(.capture(draft))
      world.settle(rounds: 10)
      if fate == .voided {
        world.ask(.void(id, note: "typed wrong"))
        world.settle(rounds: 10)
      }
    }
    return draft
  }

  @Test("Another till of the directory has used it: known there too")
  func otherTill() throws {
    var world = World.calm()
    let other = TerminalIdentity(
      id: world.fixtures.id(), name: try #require(TerminalName("till-2")))
    let owner = LedgerOwner(bank: world.fixtures.bank.id, terminal: other)
    let writer = try LedgerWriter.open(on: world.volume, owner: owner, at: world.now)
    let entry = Entry(
      id: world.fixtures.id(), number: 1, terminal: other.name, operatorName: "bob",
      kind: .transfer, debit: world.accounts[0], credit: world.accounts[1],
      amount: world.fixtures.money("5.00"), memo: "", capturedAt: world.now,
      valueDate: World.day(of: world.now))
    try writer.append([.entry(EntryRecord(entry))], at: world.now)
    try writer.append(
      [
        .void(VoidRecord(entry: entry.id, note: "wrong", operatorName: "bob", at: world.now))
      ], at: world.now)
    for amount in ["5.00", "6.00"] {
      world.ask(
        .capture(
          Draft(
            kind: .transfer, account: world.accounts[0], counterAccount: world.accounts[1],
            amount: world.fixtures.money(amount), id: entry.id)))
      world.settle(rounds: 20)
    }
    #expect(
      world.failures.map(\.code)
        == [Reason.voidedAtTerminal.code, Reason.contentDiffers.code])
    #expect(world.books.bookings.isEmpty)
  }
}

extension World {
  mutating func goAway() {
    guard isUp else { return }
    isUp = false
    step(.connectionLost(StoreFault(.connect, "closed")))
    settle(rounds: 20)
  }

  /// Everything is settled, the segment is closed, and a new one holds something else.
  mutating func sealAndForget() throws {
    comeBack()
    try writer?.seal(.dayEnd, at: now)
    // A settled entry stays in memory for a day at least.
    now = now.advanced(byMilliseconds: 3 * LedgerState.recentMilliseconds)
    ask(.capture(Draft(kind: .deposit, account: accounts[3], amount: fixtures.money("1.00"))))
    settle()
    try writer?.seal(.dayEnd, at: now)
    ask(.capture(Draft(kind: .deposit, account: accounts[3], amount: fixtures.money("1.00"))))
    settle()
    crash(.process)
    settle()
  }

  /// Of all segments.
  var allEntries: [EntryID] {
    let all = try? LedgerExamination(of: fixtures.terminal.name, on: volume, scope: .everything)
    return all?.state.entries.map(\.entry.id) ?? []
  }
}

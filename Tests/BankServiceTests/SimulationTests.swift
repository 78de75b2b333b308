import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Whatever happens, a recorded entry is never lost and never booked twice. The seed of a failing
/// world is in the test's name; the same seed is the same world.
@Suite("A world of bad luck") struct SimulationTests {
  @Test("No entry is lost, none is booked twice", arguments: 1...250)
  func everyTruthHolds(seed: Int) throws {
    var world = World(
      seed: UInt64(seed), automatic: seed % 5 == 0, mostTakenAlong: seed % 3 == 0 ? 2 : 500)
    world.live(steps: 160)
    world.comeToRest()
    try world.checkTruths(seed: seed)
  }
}

extension World {
  /// A day with tellers, outages and crashes, in any order.
  mutating func live(steps: Int) {
    for _ in 0..<steps {
      switch random.next(20) {
      case 0...8: carryOutSomething()
      case 9...12: ask(.capture(someDraft()))
      case 13, 14: ringNext()
      case 15: endOneStopped()
      case 16: isUp.toggle()
      case 17: ask(random.chance(2) ? .reconcile : .send(someWaiting()))
      case 18 where random.chance(2): meetAPerson()
      case 18 where random.chance(4): crash(.process)
      case 18 where random.chance(4): crash(.power)
      case 19 where random.chance(6): isReadOnly.toggle()
      default: carryOutSomething()
      }
    }
  }

  /// Somebody has used an id elsewhere, takes an entry back, or settles what is in suspense.
  private mutating func meetAPerson() {
    let waiting = machine.backlog.ledger.waiting
    guard !waiting.isEmpty else { return }
    let id = waiting[Int(random.next(UInt64(waiting.count)))].entry.id
    switch random.next(3) {
    case 0 where books.inbox[id] == nil && books.bookings.allSatisfy({ $0.entry.replaces != id }):
      knowOtherwise(id)
    case 1: ask(.void(id, note: "gave the cash back"))
    default: ask(.resolve(id, .post, note: "looked at"))
    }
  }

  private mutating func someWaiting() -> Set<EntryID> {
    let waiting = machine.backlog.ledger.waiting.map(\.entry.id)
    return Set(waiting.filter { _ in random.chance(3) })
  }

  private mutating func someDraft() -> Draft {
    let account = accounts[Int(random.next(6))]
    let amount = Money(minorUnits: Int64(random.next(60_000)) + 1, fixtures.euro)
    switch random.next(10) {
    case 0...4: return Draft(kind: .deposit, account: account, amount: amount)
    case 5...7: return Draft(kind: .withdrawal, account: account, amount: amount)
    case 8:
      return Draft(
        kind: .transfer, account: account, counterAccount: accounts[Int(random.next(6))],
        amount: amount)
    default:
      let target = slips.isEmpty ? nil : slips[Int(random.next(UInt64(slips.count)))].entry.id
      return Draft(kind: .reversal, reverses: target ?? fixtures.id())
    }
  }

  /// The troubles end; somebody reconciles and settles what is left for a person.
  mutating func comeToRest() {
    isUp = true
    isReadOnly = false
    isUnlucky = false
    while !stopped.isEmpty { endOneStopped() }
    for _ in 0..<12 {
      settle()
      for entry in machine.backlog.ledger.untold { ask(.keep(entry.entry.id)) }
      ask(.reconcile)
      settle()
      for id in machine.backlog.held.keys.sorted() { ask(.resolve(id, .post, note: "allowed")) }
      for known in machine.backlog.ledger.blocked {
        let way: Resolution = known.release == nil ? .refuse : .post
        ask(.resolve(known.entry.id, way, note: "decided"))
      }
      settle()
      if machine.backlog.waitingCount == 0, machine.backlog.ledger.untold.isEmpty, asked.isEmpty {
        return
      }
    }
  }

  func checkTruths(seed: Int) throws {
    let tail = log.suffix(40).joined(separator: "\n")
    #expect(machine.mode == .online, "seed \(seed), \(machine.status.cause?.text ?? ""):\n\(tail)")
    #expect(machine.backlog.waitingCount == 0, "seed \(seed):\n\(tail)")
    let agrees = machine.status.control.allSatisfy(\.agrees)
    #expect(agrees, "seed \(seed)")
    #expect(forbidden.isEmpty, "seed \(seed): no till writes \(forbidden)\n\(tail)")
    if let found = try? LedgerReading(of: fixtures.terminal.name, on: volume) {
      #expect(found.reports.allSatisfy { $0.irregular.isEmpty }, "seed \(seed): \(found.reports)")
    }
    checkBooks(seed)
    for slip in slips { checkSlip(slip, seed, tail) }
    checkTill(seed, tail)
  }

  private func checkBooks(_ seed: Int) {
    var sum: Int64 = 0
    for account in accounts { sum += books.account(account)?.balanceMinorUnits ?? 0 }
    for share in books.shares.values { sum += share.balanceMinorUnits }
    #expect(sum == 0, "seed \(seed): the books do not balance")
    let firsts = books.bookings.map { $0.entry.replaces ?? $0.entry.id }
    #expect(Set(firsts).count == firsts.count, "seed \(seed): an entry is booked twice")
    let numbers = machine.backlog.ledger.entries.map(\.entry.number)
    let hasNoGap = zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    #expect(hasNoGap, "seed \(seed): a gap")
  }

  /// What a slip of paper promised is what the books say.
  private func checkSlip(_ slip: Receipt, _ seed: Int, _ tail: String) {
    let entry = slip.entry
    let booked = books.bookings.filter {
      $0.entry.id == entry.id || $0.entry.replaces == entry.id
    }
    let note = "seed \(seed), \(entry.label) \(entry.kind) \(slip.state):\n\(tail)"
    // Somebody has taken it back since.
    if machine.backlog.ledger[entry.id]?.void != nil { return #expect(booked.isEmpty, "\(note)") }
    switch slip.state {
    case .posted, .recorded, .suspense, .settled:
      #expect(booked.count == 1, "\(note)")
      #expect(booked.first?.entry.amount == entry.amount, "\(note)")
    case .taken, .unknown, .blocked:
      #expect(booked.count <= 1, "\(note)")
      if booked.isEmpty {
        // A person may have let it go under its second id.
        let ids = machine.backlog.ledger[entry.id]?.ids ?? [entry.id]
        let isRefused = ids.contains { books.inbox[$0].map { !$0.outcome.isBooked } ?? false }
        #expect(isRefused, "\(note)")
      }
    case .refused, .voided: #expect(booked.isEmpty, "\(note)")
    }
  }

  /// The cash in the drawer: what was really paid in and out is what the till's account says.
  private func checkTill(_ seed: Int, _ tail: String) {
    var drawer: Int64 = 0
    for booking in books.bookings {
      let till = OwnAccount.till(fixtures.terminal.name).number(fixtures.euro)
      drawer -= booking.entry.effect(on: till)
    }
    let till = AccountShare(
      account: OwnAccount.till(fixtures.terminal.name).number(fixtures.euro),
      share: fixtures.terminal.name.text)
    #expect(drawer == -(books.shares[till]?.balanceMinorUnits ?? 0), "seed \(seed)")
  }
}

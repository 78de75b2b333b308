import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Some of what waits is sent, the rest later: the bank decides as if all had been sent at once.
@Suite("A part of what waits") struct PartialRunTests {
  /// Entries that link their accounts, some of them beyond a limit or beyond what is there.
  private struct Queue {
    let entries: [Entry]
    let overLimit: Set<EntryID>

    init(_ world: World, _ random: inout SeededRandom) {
      let make = world.fixtures
      var entries: [Entry] = []
      var overLimit: Set<EntryID> = []
      for _ in 0..<(4 + random.next(14)) {
        let account = world.accounts[Int(random.next(6))]
        let other = world.accounts[Int(random.next(6))]
        let amount = make.money("\(1 + random.next(40)).00")
        let (kind, debit, credit): (EntryKind, AccountNumber, AccountNumber) =
          switch random.next(4) {
          case 0, 1: (.deposit, make.till(), account)
          case 2 where account != other: (.transfer, account, other)
          default: (.withdrawal, account, make.till())
          }
        entries.append(make.entry(kind, debit: debit, credit: credit, amount))
        if kind == .transfer, random.chance(4) { overLimit.insert(entries[entries.count - 1].id) }
      }
      self.entries = entries
      self.overLimit = overLimit
    }

    func some(_ random: inout SeededRandom) -> Set<EntryID> {
      Set(entries.map(\.id).filter { _ in random.chance(4) })
    }

    /// By the rule's own words, step by step until nothing is added.
    func mustGo(with chosen: Set<EntryID>, of waiting: Set<EntryID>) -> Set<EntryID> {
      var going = chosen.intersection(waiting)
      while true {
        let more = entries.indices.filter { earlier in
          entries[(earlier + 1)...].contains {
            going.contains($0.id)
              && !Set($0.customerAccounts).isDisjoint(with: entries[earlier].customerAccounts)
          }
        }
        let grown = going.union(more.map { entries[$0].id }).intersection(waiting)
        if grown == going { return going }
        going = grown
      }
    }
  }

  private static func world(_ seed: Int) throws -> (World, Queue, SeededRandom) {
    var world = World.calm(seed: UInt64(seed))
    var random = SeededRandom(seed: UInt64(seed))
    let queue = Queue(world, &random)
    try world.record(queue.entries, overLimit: queue.overLimit)
    return (world, queue, random)
  }

  private static func waiting(_ world: World) -> Set<EntryID> {
    Set(world.machine.backlog.waiting.map(\.entry.id))
  }

  @Test(
    "What is sent keeps each account's order, and the books end as if all had gone together",
    arguments: 1...120)
  func parts(seed: Int) throws {
    var (whole, queue, random) = try Self.world(seed)
    whole.ask(.reconcile)
    whole.settle()

    var (parts, _, _) = try Self.world(seed)
    for _ in 0..<3 {
      let before = Self.waiting(parts)
      let chosen = queue.some(&random)
      let going = queue.mustGo(with: chosen, of: before)
      parts.ask(.send(chosen))
      parts.settle()
      let decided = before.subtracting(Self.waiting(parts))
      #expect(decided.isSubset(of: going), "seed \(seed): more went than must")
      // What went and was not decided waits for a person, or behind such an entry.
      let held = Set(parts.machine.backlog.held.keys)
      #expect(going.subtracting(decided).isSubset(of: held), "seed \(seed)")
    }
    parts.ask(.reconcile)
    parts.settle()

    #expect(parts.books.inbox.mapValues(\.outcome) == whole.books.inbox.mapValues(\.outcome))
    #expect(parts.machine.backlog.held == whole.machine.backlog.held, "seed \(seed)")
    for account in whole.accounts {
      let ends = (parts.books.account(account), whole.books.account(account))
      #expect(ends.0?.balanceMinorUnits == ends.1?.balanceMinorUnits, "seed \(seed), \(account)")
      func line(_ world: World) -> [EntryID] {
        world.books.bookings.map(\.entry).filter { $0.customerAccounts.contains(account) }.map(\.id)
      }
      #expect(line(parts) == line(whole), "seed \(seed), \(account): its lines in their order")
    }
    parts.comeToRest()
    try parts.checkTruths(seed: seed)
  }

  @Test("What is not sent waits on, and the report says how much")
  func left() throws {
    var world = World.calm()
    let make = world.fixtures
    let entries = (0..<3).map {
      make.entry(.deposit, debit: make.till(), credit: world.accounts[$0], make.money("1.00"))
    }
    try world.record(entries)
    world.ask(.send([entries[1].id]))
    world.settle()
    let report = try #require(world.reports.last)
    #expect(report.posted == 1 && report.waiting == 2)
    #expect(world.books.bookings.map(\.entry.id) == [entries[1].id])
    #expect(world.machine.mode == .reconciling)
    #expect(Self.waiting(world) == [entries[0].id, entries[2].id])
  }

  @Test("Who sends what does not wait any more is told that nothing was done")
  func gone() throws {
    var world = World.calm()
    let make = world.fixtures
    try world.record([
      make.entry(.deposit, debit: make.till(), credit: world.accounts[0], make.money("1.00"))
    ])
    world.ask(.send([make.id()]))
    world.settle()
    let report = try #require(world.reports.last)
    #expect(report.posted == 0 && report.waiting == 1 && world.books.bookings.isEmpty)
  }
}

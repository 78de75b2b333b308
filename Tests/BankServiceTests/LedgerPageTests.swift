import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

@Suite("The manual ledger by pages")
struct LedgerPageTests {
  @Test("Every part reaches its end, and says whether there is more")
  func parts() throws {
    var world = World.calm()
    for _ in 0..<7 {
      world.ask(.capture(world.deposit("1.00")))
      world.settle(rounds: 10)
    }
    let ids = world.machine.backlog.ledger.entries.map(\.entry.id)
    try #require(ids.count == 7)

    func page(_ part: LedgerQuery.Part, _ limit: Int = 3) -> (numbers: [Int], hasMore: Bool) {
      let page = world.machine.till.ledgerPage(LedgerQuery(part, limit: limit))
      #expect(page.total == 7)
      return (page.entries.compactMap { ids.firstIndex(of: $0.entry.id) }, page.hasMore)
    }
    #expect(page(.newest) == ([6, 5, 4], true))
    #expect(page(.newest, 7) == ([6, 5, 4, 3, 2, 1, 0], false))
    #expect(page(.oldest) == ([2, 1, 0], true))
    #expect(page(.olderThan(ids[4])) == ([3, 2, 1], true))
    #expect(page(.olderThan(ids[3])) == ([2, 1, 0], false))
    #expect(page(.olderThan(ids[0])) == ([], false))
    #expect(page(.newerThan(ids[1])) == ([4, 3, 2], true))
    #expect(page(.newerThan(ids[3])) == ([6, 5, 4], false))
    #expect(page(.newerThan(ids[6])) == ([], false))
    #expect(page(.from(ids[4])) == ([4, 3, 2], true))
    #expect(page(.from(ids[2])) == ([2, 1, 0], false))

    let forgotten = try #require(EntryID("01930000-0000-7000-8000-000000000000"))
    for part in [LedgerQuery.Part.olderThan(forgotten), .newerThan(forgotten), .from(forgotten)] {
      #expect(page(part).numbers == [6, 5, 4])
    }
    #expect(page(.newest, 0) == ([], true))
    #expect(page(.oldest, -5) == ([], true))
    #expect(page(.olderThan(ids[4]), .max) == ([3, 2, 1, 0], false))
  }

  @Test("The whole day stays to be seen, through seals and restarts; what is left out is said")
  func wholeDay() throws {
    var world = World.calm()
    for _ in 0..<3 {
      for _ in 0..<2 {
        world.ask(.capture(world.deposit("1.00")))
        world.settle()
      }
      world.ask(.reconcile)
      world.settle()
      try world.writer?.seal(.reconciled, at: world.now)
      world.now = world.now.advanced(byMilliseconds: 3_600_000)
      world.crash(.process)
      world.settle()
      world.ask(.capture(world.deposit("1.00")))
      world.settle()
    }
    let page = world.machine.till.ledgerPage(LedgerQuery(limit: 50))
    #expect(page.entries.map(\.entry.number) == (1...9).reversed().map { $0 })
    #expect(page.total == 9 && page.leftOut == 0)

    world.now = world.now.advanced(byMilliseconds: 2 * 86_400_000)
    for _ in 0..<2 {
      try world.writer?.seal(.dayEnd, at: world.now)
      world.ask(.capture(world.deposit("1.00")))
      world.settle()
    }
    world.crash(.process)
    world.settle()
    let later = world.machine.till.ledgerPage(LedgerQuery(limit: 50))
    #expect(later.entries.map(\.entry.number) == [11, 10])
    #expect(later.leftOut == 9)
  }
}

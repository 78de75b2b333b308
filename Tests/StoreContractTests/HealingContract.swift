import BankCore
import BankService
import BankTesting
import Foundation
import ManualLedger
import RealParts
import Testing

/// A bank that comes back from a backup is given back all that its tills have on record: entries and
/// settlements, whatever the moment of the backup and the order of the tills.
@Suite("Healing a restored bank, over every store") struct HealingContract {
  /// Stores with seeds; the quick ones have more.
  private static func runs(
    simulated: ClosedRange<Int>, sqlite: ClosedRange<Int>, postgres: ClosedRange<Int>
  ) -> [(StoreUnderTest, Int)] {
    [(StoreUnderTest.simulated, simulated), (.sqlite, sqlite), (.postgres, postgres)]
      .flatMap { kind, seeds in seeds.map { (kind, $0) } }
  }

  @Test(
    "Random books, a random backup, any order of the tills",
    arguments: runs(simulated: 1...60, sqlite: 101...112, postgres: 201...205))
  func anyOrder(_ kind: StoreUnderTest, seed: Int) async throws {
    try await HealingTown.open(kind, seed: seed) { town, place in
      let steps = 24
      let moment = town.random(steps)
      var restore: StoreUnderTest.Restoring?
      for step in 0..<steps {
        if step == moment { restore = try await place.backUp() }
        try await town.doSomething()
      }
      let before = try await town.books()
      try await restore?()
      try await town.healEverywhere(note: "seed \(seed)")
      #expect(try await town.books() == before, "seed \(seed)")
      try await town.settleAgain(note: "seed \(seed)")
      #expect(try await town.books() == before, "seed \(seed)")
    }
  }

  /// The other tills work between backup and healing, also those that have nothing to heal.
  @Test(
    "While others work, each told entry is booked once or with a person",
    arguments: runs(simulated: 301...340, sqlite: 401...406, postgres: 501...503))
  func besideOthers(_ kind: StoreUnderTest, seed: Int) async throws {
    try await HealingTown.open(kind, seed: seed) { town, place in
      let moment = town.random(16)
      var restore: StoreUnderTest.Restoring?
      for step in 0..<16 {
        if step == moment { restore = try await place.backUp() }
        try await town.workOrReuse()
      }
      try await restore?()
      for _ in 0..<8 { try await town.workOrReuse() }
      for till in town.tills.indices { _ = try await town.heal(till) }
      for till in town.tills.indices { try await town.decideWhatIsBlocked(till) }
      for till in town.tills.indices {
        try await town.expectOnlineAndSound(till, "seed \(seed), till \(till)")
      }
      try await town.expectUndoneOnce("seed \(seed)")
    }
  }
}

/// A branch with three tills, whose desks are opened one after the other.
struct HealingTown {
  let store: any Store
  let make = Fixtures()
  let clock: SimulatedClock
  var tills: [(terminal: TerminalIdentity, ledger: SimulatedLedger)]
  private var chance: SeededRandom
  private let ids: [EntryID]

  /// - Parameter now: what the town's clocks say; nil for a day that is always the same.
  init(_ store: any Store, seed: UInt64, now: Instant? = nil) async throws {
    self.store = store
    if let now {
      make.now = now
      make.today = BusinessDay(daysSince1970: Int32(now.millisecondsSince1970 / 86_400_000))
    }
    let clock = SimulatedClock(at: make.now)
    self.clock = clock
    tills = ["till-1", "till-2", "till-3"].map {
      let terminal = Fixtures(seed: seed, terminal: $0).terminal
      return (terminal, SimulatedLedger(terminal, clock: clock))
    }
    chance = SeededRandom(seed: seed)
    ids = [make.id(), make.id(), make.id()]
    _ = try await store.createBank(make.bank)
    for number in ["1001", "1002", "1003"] {
      let draft = AccountDraft(number: make.number(number), holder: "Ana", currency: make.euro)
      _ = try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
    }
    for till in tills { try await desk(till).close() }
  }

  /// Runs a story in a fresh town of that kind.
  static func open(
    _ kind: StoreUnderTest, seed: Int = 1,
    _ story: (inout HealingTown, StoreUnderTest.Place) async throws -> Void
  ) async throws {
    let place = try await kind.make()
    do {
      // A server books by its own clock, and flags what is captured days before or after.
      let now = Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
      var town = try await HealingTown(
        place.store, seed: UInt64(seed), now: kind.name == StoreUnderTest.postgres.name ? now : nil)
      try await story(&town, place)
    } catch {
      await place.remove()
      throw error
    }
    await place.remove()
  }

  mutating func random(_ bound: Int) -> Int { chance.next(below: bound) }

  private mutating func till() -> (terminal: TerminalIdentity, ledger: SimulatedLedger) {
    tills[random(tills.count)]
  }

  func desk(
    _ till: (terminal: TerminalIdentity, ledger: SimulatedLedger), operator name: String = "ana"
  ) async throws -> BankDesk {
    let desk = BankDesk(
      DeskConfiguration(terminal: till.terminal, operatorName: name, isCommand: true),
      store: store, snapshot: NoSnapshot(), ledger: till.ledger, clock: clock)
    try await desk.open()
    return desk
  }

  // MARK: A day

  mutating func doSomething() async throws {
    clock.advance(byMilliseconds: 1_000)
    switch random(10) {
    case 0, 1: try await enter()
    case 2, 3, 4: try await takeWhileAway()
    case 5, 6: try await reverse()
    default: try await settle()
    }
  }

  /// As on any day, but that scripts use few ids, at one till and at another.
  mutating func workOrReuse() async throws {
    guard random(3) == 0 else { return try await doSomething() }
    var draft = Draft(kind: .deposit, account: account(), amount: amount())
    draft.id = ids[random(ids.count)]
    let desk = try await desk(till())
    _ = await desk.ask(.capture(draft))
    await desk.close()
  }

  /// Goes by what the till itself names: its blocked entries are booked under their second ids.
  func decideWhatIsBlocked(_ till: Int) async throws {
    let desk = try await desk(tills[till])
    _ = await desk.ask(.reconcile)
    let page = await desk.ask(.exceptions(ExceptionQuery()))
    if case .exceptions(let exceptions) = page {
      for held in exceptions.records where held.isHeld {
        _ = await desk.ask(.resolve(held.entry, .post, note: "looked at it"))
      }
    }
    _ = await desk.ask(.reconcile)
    await desk.close()
  }

  private mutating func account() -> AccountNumber { make.number("100\(1 + random(3))") }
  /// Few different ones, so that matches are found.
  private mutating func amount() -> Money {
    Money(minorUnits: Int64(100 * (1 + random(3))), make.euro)
  }

  private mutating func enter() async throws {
    let draft = Draft(kind: .deposit, account: account(), amount: amount())
    let desk = try await desk(till())
    _ = await desk.ask(.capture(draft))
    await desk.close()
  }

  /// Whatever has become of it: what cannot be reversed is refused.
  private mutating func reverse() async throws {
    let booked = try await store.journal(JournalQuery(limit: 50)).lines.map(\.transaction.entry.id)
    guard !booked.isEmpty else { return }
    let (id, till) = (booked[random(booked.count)], random(tills.count))
    try await reverse(id, at: till)
  }

  /// Something that becomes an exception when it is reconciled: a deposit to nobody's account, a payment
  /// that overdraws, a transfer that is refused.
  private mutating func takeWhileAway() async throws {
    let till = till()
    let number = try await till.ledger.open().state.nextNumber
    let drawer = OwnAccount.till(till.terminal.name).number(make.euro)
    let (kind, debit, credit): (EntryKind, AccountNumber, AccountNumber) =
      switch random(3) {
      case 0: (.deposit, drawer, make.number("404"))
      case 1: (.withdrawal, account(), drawer)
      default: (.transfer, make.number("1001"), make.number("405"))
      }
    let entry = make.entry(
      kind, debit: debit, credit: credit, amount(), number: number, terminal: till.terminal.name)
    let release = ReleaseRecord(
      entry: entry.id, secondID: make.id(), standing: Standing(released: kind), wasSent: false,
      at: clock.now())
    _ = try await till.ledger.append([.entry(EntryRecord(entry)), .released(release)])
    await till.ledger.close()
    let desk = try await desk(till)
    _ = await desk.ask(.reconcile)
    await desk.close()
  }

  private mutating func settle() async throws {
    let open = try await store.exceptions(includingSettled: false, after: nil, limit: 500)
    guard !open.isEmpty else { return }
    let exception = open[random(open.count)]
    let booked = try await store.journal(JournalQuery(limit: 50)).lines.map(\.transaction)
    let same = booked.first {
      $0.entry.kind == .deposit && $0.outcome == .posted && $0.entry.amount == exception.amount
    }
    let ways: [Resolution] =
      [.post, .refuse, .to(account())] + (same.map { [.match($0.entry.id)] } ?? [])
    let way = ways[random(ways.count)]
    let desk = try await desk(till())
    let foretold = await desk.ask(.foretell(exception.entry, way))
    let reply = await desk.ask(.resolve(exception.entry, way, note: "looked at it"))
    #expect(
      foretold.refusal == reply.refusal, "\(exception.label) \(exception.outcome) \(way)")
    await desk.close()
  }

  // MARK: The books

  /// All that must be as it was.
  struct Books: Equatable {
    var balances: [AccountNumber: Int64] = [:]
    var bookings: Set<String> = []
    var exceptions: Set<String> = []
  }

  func books() async throws -> Books {
    var books = Books()
    let own =
      tills.map { OwnAccount.till($0.terminal.name).number(make.euro) }
      + [OwnAccount.suspense.number(make.euro)]
    for number in own + ["1001", "1002", "1003"].map(make.number) {
      books.balances[number] = try await store.account(number)?.balanceMinorUnits
    }
    var query = JournalQuery(limit: 500)
    query.after = 0
    for line in try await store.journal(query).lines {
      let entry = line.transaction.entry
      books.bookings.insert(
        "\(entry.id) \(entry.debit) \(entry.credit) \(entry.amount) \(line.transaction.outcome)"
          + " \(entry.reverses?.description ?? "-")")
    }
    for exception in try await store.exceptions(includingSettled: true, after: nil, limit: 500) {
      let settled = exception.settlement.map {
        "\($0.resolution) \($0.by) \($0.note) \($0.at)"
      }
      books.exceptions.insert(
        "\(exception.label) \(exception.outcome) \(exception.flags.sorted()) \(settled ?? "open")")
    }
    return books
  }

  mutating func healEverywhere(note: Comment) async throws {
    var order = tills
    for index in order.indices { order.swapAt(index, random(order.count)) }
    for till in order {
      let desk = try await desk(till)
      let isQuarantined = await desk.status().mode == .quarantined
      let plan = try #require(await healing(desk, planOnly: true), note)
      let report = try #require(await healing(desk, planOnly: false), note)
      #expect(plan.items.map(\.id) == report.items.map(\.id), note)
      #expect(report.restored == report.missing, note)
      #expect(isQuarantined == (report.missing > 0), note)
      // Nothing is left: each further healing changes nothing and says so.
      for _ in 0..<2 {
        let again = try #require(await healing(desk, planOnly: false), note)
        #expect(again == HealingReport(epoch: report.epoch), note)
      }
      // The bank is looked at anew, which may take a moment.
      try await eventually("online again: \(note)") { await desk.status().mode == .online }
      await desk.close()
    }
  }

  func healing(_ desk: BankDesk, planOnly: Bool) async -> HealingReport? {
    if case .healed(let report) = await desk.ask(.heal(planOnly: planOnly)) { report } else { nil }
  }

  mutating func settleAgain(note: Comment) async throws {
    for exception in try await store.exceptions(includingSettled: true, after: nil, limit: 500)
    where exception.settlement != nil {
      let desk = try await desk(till(), operator: "eve")
      let reply = await desk.ask(
        .resolve(exception.entry, .to(make.number("1001")), note: "once more"))
      if case .failed(let failure) = reply {
        #expect(failure.code == Reason.alreadySettled.code, note)
      } else {
        Issue.record(note)
      }
      await desk.close()
    }
  }
}

extension Reply {
  /// The code of the refusal that it is; nil for anything else.
  fileprivate var refusal: String? {
    if case .failed(let failure) = self, failure.kind == .refused { failure.code } else { nil }
  }
}

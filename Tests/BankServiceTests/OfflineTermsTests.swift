import BankCore
import Testing

@testable import BankService
@testable import BankTesting

/// What the banner and `status` offer while the bank is away is released by the machine, and nothing
/// else is.
@Suite("What is offered while the bank is away") struct OfflineTermsTests {
  enum Copy: CaseIterable { case missing, old, ahead, fresh }
  enum Away: CaseIterable { case manual, readOnly, suspect, quarantined }

  static let counter: [EntryKind] = [.deposit, .withdrawal, .transfer]
  static let policies: [Set<EntryKind>] = (0..<8).map { bits in
    Set(counter.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element))
  }
  private static let hour: Int64 = 3_600_000

  /// A till whose bank is away, with a cap's worth and more on each account, some of them in yen.
  private func till(_ kinds: Set<EntryKind>, _ copy: Copy, _ away: Away) throws -> World {
    var world = World(seed: 1, policy: OfflinePolicy(allowedKinds: kinds))
    world.isUnlucky = false
    world.settle()
    let yen = try #require(Currency("JPY"))
    for number in yenAccounts(world) {
      let draft = AccountDraft(number: number, holder: "Yen", currency: yen)
      _ = world.books.carryOut(
        AccountInstruction(.open(draft), id: world.fixtures.id(), by: "test", at: world.now))
    }
    for number in world.accounts + yenAccounts(world) {
      world.books.accounts[number]?.account.balanceMinorUnits = 900_000
      world.copies[number] = world.books.account(number)
    }
    try leave(&world, away)
    let taken = try #require(world.snapshot?.asOf)
    switch copy {
    case .missing:
      world.snapshot = nil
      world.copies = [:]
      world.machine.backlog.found(snapshotAsOf: nil)
    case .old: world.now = taken.advanced(byMilliseconds: 25 * Self.hour)
    case .ahead: world.now = taken.advanced(byMilliseconds: -Self.hour)
    case .fresh: world.now = taken.advanced(byMilliseconds: Self.hour)
    }
    return world
  }

  private func yenAccounts(_ world: World) -> [AccountNumber] {
    ["1", "2", "3", "4"].map { world.fixtures.number("000000020\($0)") }
  }

  private func leave(_ world: inout World, _ away: Away) throws {
    world.isUp = away == .readOnly
    world.isReadOnly = true
    let closed = StoreFault(.connect, "closed")
    let expected: Mode
    switch away {
    case .manual:
      world.step(.connectionLost(closed))
      world.hear(.failure(closed))
      expected = .manual
    case .readOnly:
      world.step(.connectionLost(StoreFault(.readOnly, "it only reads")))
      expected = .manual
    case .suspect:
      world.step(.connectionLost(StoreFault(.latency, "silent", missedDeadline: true)))
      expected = .suspect
    case .quarantined:
      world.step(.connectionLost(StoreFault(.wrongBank, "another bank")))
      expected = .quarantined
    }
    try #require(world.machine.mode == expected)
  }

  private func draft(
    _ kind: EntryKind, _ minorUnits: Int64, _ currency: Currency, in world: World
  ) -> Draft {
    let numbers = currency == world.fixtures.euro ? world.accounts : yenAccounts(world)
    return Draft(
      kind: kind, account: numbers[kind == .transfer ? 1 : 0],
      counterAccount: kind == .transfer ? numbers[2] : nil,
      amount: Money(minorUnits: minorUnits, currency),
      statedHolder: kind == .deposit ? "Ana" : nil)
  }

  /// - Returns: the refusal's code; nil where it was taken.
  private func refusal(of draft: Draft, in world: inout World) -> String? {
    let (slips, failures) = (world.slips.count, world.failures.count)
    world.ask(.capture(draft))
    for _ in 0..<50 where world.slips.count == slips && world.failures.count == failures {
      guard !world.pending.isEmpty else { break }
      world.carryOut(world.pending.removeFirst())
    }
    if world.slips.count > slips { return nil }
    return world.failures.count > failures ? world.failures.last?.code : "no answer"
  }

  @Test("Mode, snapshot, kinds and currency: offered is released, and released is offered")
  func offeredIsReleased() throws {
    for (copy, away) in Copy.allCases.flatMap({ copy in Away.allCases.map { (copy, $0) } }) {
      for kinds in Self.policies {
        for code in ["EUR", "JPY"] {
          let currency = try #require(Currency(code))
          var world = try till(kinds, copy, away)
          let about: Comment = "\(copy) \(away) \(kinds) \(code)"
          for kind in Self.counter {
            let status = world.machine.status
            let terms = status.offlineTerms(at: world.now)
            let caps = status.capsLeft(in: currency)
            let told = refusal(
              of: draft(kind, caps.perEntry.minorUnits, currency, in: world), in: &world)
            #expect(
              (told == nil) == terms.kinds.contains(kind), "\(kind) \(told ?? "taken"), \(about)")
            if told != nil, kinds.contains(kind) {
              #expect(told == terms.objection?.code, "\(kind), \(about)")
            }
            guard kind != .deposit, told == nil else { continue }
            let left = world.machine.status.capsLeft(in: currency).left.minorUnits
            #expect(left == caps.left.minorUnits - caps.perEntry.minorUnits, "\(about)")
            let over = draft(kind, caps.perEntry.minorUnits + 1, currency, in: world)
            #expect(refusal(of: over, in: &world) == Reason.overOfflineLimit.code, "\(about)")
          }
        }
      }
    }
  }

  @Test("The review objects to what would not be released")
  func reviewed() throws {
    for (copy, away) in Copy.allCases.flatMap({ copy in Away.allCases.map { (copy, $0) } }) {
      for kind in Self.counter {
        var world = try till(Set(Self.counter), copy, away)
        let terms = world.machine.status.offlineTerms(at: world.now)
        world.ask(.review(draft(kind, 1_00, world.fixtures.euro, in: world)))
        while world.reviews.isEmpty, !world.pending.isEmpty {
          world.carryOut(world.pending.removeFirst())
        }
        let review = try #require(world.reviews.last)
        #expect(
          (review.objection == nil) == terms.kinds.contains(kind),
          "\(kind) \(copy) \(away): \(review.objection?.code ?? "none")")
      }
    }
  }

  @Test("A till without a manual ledger offers nothing")
  func notEnrolled() throws {
    var world = World(seed: 1)
    world.isUnlucky = false
    world.isUp = false
    world.settle(rounds: 20)
    #expect(world.machine.status.offlineTerms(at: world.now).isClosed)
    for kind in Self.counter {
      #expect(
        refusal(of: draft(kind, 1_00, world.fixtures.euro, in: world), in: &world) == "not-enrolled"
      )
    }
  }

  @Test("A copy that cannot be read any more is not offered after the first refusal")
  func unreadable() throws {
    var world = try till(Set(Self.counter), .fresh, .manual)
    #expect(world.machine.status.offlineTerms(at: world.now).kinds.contains(.withdrawal))
    world.snapshot = nil
    world.copies = [:]
    let told = refusal(of: draft(.withdrawal, 1_00, world.fixtures.euro, in: world), in: &world)
    #expect(told == Reason.notInSnapshot.code)
    #expect(world.machine.status.offlineTerms(at: world.now).kinds == [.deposit])
  }
}

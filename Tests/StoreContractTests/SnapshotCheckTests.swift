import BankCore
import BankService
import BankTesting
import Foundation
import SQLiteStore
import Synchronization
import Testing

@testable import BankService

/// A copy that is made by changes alone can miss one; that is noticed, and mended.
@Suite("Checking the snapshot against the bank")
struct SnapshotCheckTests {
  @Test("A change that became visible late is missed, noticed and copied", arguments: allStores())
  func lateCommit(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      try await branch.account("1002")
      let clock = SimulatedClock(at: make.now)
      let folder = try Folder()
      let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
      let desk = BankDesk(
        DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
        store: branch.store, snapshot: snapshot,
        ledger: SimulatedLedger(make.terminal, clock: clock), clock: clock)
      try await desk.open()
      await desk.quiet()

      // A transaction that took its change number and stood still: all that came later is copied,
      // the mark has passed it, and then it commits.
      let without = try await branch.store.snapshotPart([ana])
      try await branch.post(make.request(make.deposit(to: ana, "5.00")))
      await desk.refreshSnapshot(nil)
      let bank = try #require(await desk.status().bank)
      try await snapshot.apply(without, of: bank)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(ana)?.balance == make.money("10.00"))

      clock.advance(byMilliseconds: SnapshotCheck.intervalMilliseconds)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(ana) == branch.store.account(ana))
      #expect(try await snapshot.bucketSums() == branch.store.bucketSums())

      // An account that the bank does not have is none in the copy either.
      let stranger = Account(number: make.number("9001"), holder: "Nobody", currency: make.euro)
      try await snapshot.apply(
        SnapshotPart(items: [SnapshotPart.Item(account: stranger, version: 1, lines: [])]),
        of: bank)
      clock.advance(byMilliseconds: SnapshotCheck.intervalMilliseconds)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(stranger.number) == nil)
      #expect(try await snapshot.account(ana) == branch.store.account(ana))
      await desk.close()
      await snapshot.close()
    }
  }

  @Test(
    "A first copy that was broken off goes on from there; what it had missed is noticed at its end",
    arguments: allStores(), [false, true])
  func goingOn(_ kind: StoreUnderTest, misses: Bool) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let accounts = try await branch.accounts((0..<1_203).map { "\(10_000 + $0)" })
      let clock = SimulatedClock(at: make.now)
      let folder = try Folder()
      let path = folder.path("snapshot.sqlite")
      func desk(_ snapshot: SQLiteSnapshot) -> BankDesk {
        BankDesk(
          DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
          store: branch.store, snapshot: snapshot,
          ledger: SimulatedLedger(make.terminal, clock: clock), clock: clock)
      }
      var snapshot = SQLiteSnapshot(path: path)
      let hurried = desk(snapshot)
      await hurried.breakCopyOff()
      try await hurried.open()
      await hurried.close()
      #expect(try await snapshot.standing() == nil)
      let bank = try #require(await hurried.status().bank)
      #expect(try await snapshot.unfinished(of: bank) != nil)
      let copied = try await snapshot.countAccounts("", cap: 2_000).count
      #expect((250...1_000).contains(copied))
      // What was copied is not copied again, unless the sums of versions tell that it is too old.
      let marked = Account(
        number: accounts[0], holder: "Copied Once", currency: make.euro, balanceMinorUnits: 0)
      let item = SnapshotPart.Item(account: marked, version: misses ? 0 : 1, lines: [])
      try await snapshot.apply(SnapshotPart(items: [item]), of: bank)
      await snapshot.close()

      try await branch.post(make.request(make.deposit(to: accounts[1], "5.00")))
      snapshot = SQLiteSnapshot(path: path)
      let patient = desk(snapshot)
      try await patient.open()
      await patient.close()
      #expect(try await snapshot.standing()?.bank.id == bank.id)
      #expect(try await snapshot.unfinished(of: bank) == nil)
      let mended = try await branch.store.account(accounts[0])
      #expect(try await snapshot.account(accounts[0]) == (misses ? mended : marked))
      #expect(try await snapshot.account(accounts[1])?.balance == make.money("5.00"))
      #expect(try await snapshot.bucketSums() == branch.store.bucketSums())
      await snapshot.close()
    }
  }

  @Test("A whole copy that is not due asks for no sums, and one that agrees copies nothing again")
  func seldom() async throws {
    let make = Fixtures()
    let store = SimulatedStore()
    _ = try await store.createBank(make.bank)
    let branch = OpenBank(store: store, make: make)
    try await store.enrol(make.terminal, at: make.now)
    try await branch.account("1001", balance: "10.00")
    let clock = SimulatedClock(at: make.now)
    let folder = try Folder()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    let desk = BankDesk(
      DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
      store: store, snapshot: snapshot, ledger: SimulatedLedger(make.terminal, clock: clock),
      clock: clock)
    try await desk.open()
    await desk.quiet()
    func calls() -> Int { store.calls.count { $0 == .snapshot } }
    let first = calls()
    await desk.refreshSnapshot(nil)
    #expect(calls() - first == 1)
    clock.advance(byMilliseconds: SnapshotCheck.intervalMilliseconds)
    await desk.refreshSnapshot(nil)
    // The sums before, the changes, the sums after.
    #expect(calls() - first == 4)
    await desk.close()
    await snapshot.close()
  }

  /// A copy may have an account, and not yet be finished, when the bank is lost: each account's own
  /// lines tell what its balance has.
  @Test(
    "Wherever a copy is broken off, no balance counts an entry twice or leaves one out",
    arguments: 1...8, [false, true])
  func brokenOff(at call: Int, isCopying: Bool) async throws {
    let make = Fixtures()
    let store = SimulatedStore()
    _ = try await store.createBank(make.bank)
    let branch = OpenBank(store: store, make: make)
    let ana = try await branch.account("1001")
    let bob = try await branch.account("1002")
    let clock = SimulatedClock(at: make.now)
    let folder = try Folder()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    let ledger = SimulatedLedger(make.terminal, clock: clock)
    func open() async throws -> BankDesk {
      let desk = BankDesk(
        DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
        store: store, snapshot: snapshot, ledger: ledger, clock: clock)
      try await desk.open()
      return desk
    }
    let desk = try await open()
    await desk.quiet()
    let drafts = [
      Draft(kind: .deposit, account: ana, amount: make.money("7.00"), statedHolder: "Ana"),
      Draft(kind: .transfer, account: ana, counterAccount: bob, amount: make.money("2.00")),
    ]
    @Sendable func enter() async {
      for draft in drafts {
        clock.advance(byMilliseconds: 1_000)
        guard case .receipt(let receipt) = await desk.ask(.capture(draft)) else {
          Issue.record("no receipt for the \(draft.kind)")
          return
        }
        // The transfer is only taken where the first copy of all meets the outage.
        #expect(receipt.state == .posted || receipt.state == .taken)
      }
    }
    let calls = Mutex(0)
    store.delayCalls { kind in
      guard kind == .snapshot else { return }
      let number = calls.withLock { count in
        count += 1
        return count
      }
      if number == 1, isCopying { await enter() }
      if number >= call { store.weather = .unreachable }
    }
    if isCopying { await desk.refreshSnapshot(nil) } else { await enter() }
    await desk.quiet()
    store.weather = .unreachable
    store.delayCalls(nil)

    for run in ["the same", "another"] {
      let reader = run == "the same" ? desk : try await open()
      for (number, balance) in [(ana, "5.00"), (bob, "2.00")] {
        guard case .account(let view?) = await reader.ask(.account(number)),
          case .statement(let statement) = await reader.ask(
            .statement(StatementQuery(account: number, limit: 10)))
        else {
          Issue.record("\(run) desk shows no \(number.text)")
          continue
        }
        #expect(view.account.balance == make.money(balance), "\(run) desk, \(number.text)")
        #expect(view.provenance.word != "live")
        let lines = statement.page.lines.count + statement.waiting.count
        #expect(lines == (number == ana ? 2 : 1), "\(run) desk, \(number.text)")
      }
      await reader.close()
    }
    await snapshot.close()
  }

  @Test("What changes meanwhile is no difference; what the bank had before is one")
  func verdicts() {
    func sums(_ pairs: (Int, Int64)...) -> [BucketSum] {
      pairs.enumerated().map {
        BucketSum(bucket: $0.offset, accounts: $0.element.0, versions: $0.element.1)
      }
    }
    func differing(_ before: [BucketSum], _ copied: [BucketSum], _ after: [BucketSum]) -> [Int] {
      SnapshotCheck(before: before, copied: copied, after: after).differing
    }
    #expect(differing(sums((2, 9)), sums((2, 9)), sums((2, 9))) == [])
    #expect(differing(sums((2, 9)), sums((2, 10)), sums((2, 12))) == [])
    #expect(differing(sums((2, 9)), sums((2, 8)), sums((2, 12))) == [0])
    #expect(differing(sums((2, 9)), sums((2, 8)), sums((2, 9))) == [0])
    #expect(differing(sums((1, 1), (2, 9)), sums((1, 1)), sums((1, 1), (2, 9))) == [1])
    #expect(differing(sums((2, 9)), sums((1, 20)), sums((3, 21))) == [0])
    // A bucket whose first account was opened meanwhile.
    #expect(differing([], [], sums((1, 1))) == [])
  }
}

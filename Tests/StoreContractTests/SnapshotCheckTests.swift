import BankCore
import BankService
import BankTesting
import Foundation
import SQLiteStore
import Testing

@testable import BankService

/// A copy that is made by changes alone can miss one; that is noticed, and mended.
@Suite("Checking the snapshot against the bank")
struct SnapshotCheckTests {
  @Test("A change that became visible late is missed, noticed and copied", arguments: allStores())
  func lateCommit(_ kind: StoreUnderTest) async throws {
    try await Branch.open(kind) { branch in
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
      try await snapshot.apply(without)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(ana)?.balance == make.money("10.00"))

      clock.advance(byMilliseconds: SnapshotCheck.intervalMilliseconds)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(ana) == branch.store.account(ana))
      #expect(try await snapshot.bucketSums() == branch.store.bucketSums())

      // An account that the bank does not have is none in the copy either.
      let stranger = Account(number: make.number("9001"), holder: "Nobody", currency: make.euro)
      try await snapshot.apply(
        SnapshotPart(items: [SnapshotPart.Item(account: stranger, version: 1, lines: [])]))
      clock.advance(byMilliseconds: SnapshotCheck.intervalMilliseconds)
      await desk.refreshSnapshot(nil)
      #expect(try await snapshot.account(stranger.number) == nil)
      #expect(try await snapshot.account(ana) == branch.store.account(ana))
      await desk.close()
      await snapshot.close()
    }
  }

  @Test("A whole copy that is not due asks for no sums, and one that agrees copies nothing again")
  func seldom() async throws {
    let make = Fixtures()
    let store = SimulatedStore()
    _ = try await store.createBank(make.bank)
    let branch = Branch(store: store, make: make)
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

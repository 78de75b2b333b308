import BankCore
import Logging

/// Keeping the local snapshot: what has changed is copied, and from time to time it is checked that
/// nothing was missed.
extension BankDesk {
  func refreshSnapshot(_ accounts: Set<AccountNumber>?) async {
    guard let bank = machine?.link.bank else { return }
    let startedAt = clock.now()
    do throws(StoreFault) {
      if let accounts {
        // Before the first whole copy single accounts would pass for all there is.
        guard try await snapshot.standing()?.bank.id == bank.id, !isCopyingSnapshot else {
          return try await copySnapshot(bank, startedAt)
        }
        for part in Array(accounts).chunks(of: 500) {
          try await snapshot.apply(store.snapshotPart(part), of: bank)
        }
        step(.snapshotRefreshed(asOf: startedAt, accounts: accounts, startedAt: startedAt))
      } else {
        try await copySnapshot(bank, startedAt)
      }
    } catch {
      // The next refresh tries again; the banner goes on saying how old the snapshot is.
      logger.warning(
        "snapshot", metadata: ["cause": "\(error.cause.code)"])
      step(.snapshotRefreshed(asOf: nil, accounts: accounts, startedAt: startedAt))
    }
  }

  private func copySnapshot(_ bank: BankIdentity, _ startedAt: Instant) async throws(StoreFault) {
    guard !isCopyingSnapshot else {
      copiesSnapshotAgain = true
      return
    }
    isCopyingSnapshot = true
    defer { isCopyingSnapshot = false }
    let (mark, isResumed) = try await markToGoOnFrom(bank, startedAt)
    // Read before the copy: all that the bank showed then must be in it afterwards.
    let before = owesSnapshotCheck ? try await store.bucketSums() : []
    try await copyChanges(since: mark, bank, startedAt)
    step(.snapshotRefreshed(asOf: startedAt, accounts: nil, startedAt: startedAt))
    if owesSnapshotCheck { try await checkSnapshot(bank, before: before) }
    if isResumed {
      // Minutes or days lay between its parts. The sums are a walk over the whole bank: they are asked
      // for when it is copied, not by everyone who copies some of it.
      (owesSnapshotCheck, copiesSnapshotAgain) = (true, true)
    }
    guard copiesSnapshotAgain else { return }
    copiesSnapshotAgain = false
    isCopyingSnapshot = false
    try await copySnapshot(bank, clock.now())
  }

  /// Up to where the copy has this bank already, and whether that is a part of the first copy;
  /// whatever else it has is forgotten.
  private func markToGoOnFrom(
    _ bank: BankIdentity, _ startedAt: Instant
  ) async throws(StoreFault) -> (mark: SnapshotMark?, isResumed: Bool) {
    if let standing = try? await snapshot.standing() {
      if standing.bank.id == bank.id, standing.bank.epoch == bank.epoch {
        if SnapshotCheck.isDue(after: standing.asOf, at: startedAt) { owesSnapshotCheck = true }
        return (standing.mark, false)
      }
    } else if let unfinished = try? await snapshot.unfinished(of: bank) {
      return (unfinished, true)
    }
    try await snapshot.reset()
    return (nil, false)
  }

  private func copyChanges(
    since mark: SnapshotMark?, _ bank: BankIdentity, _ startedAt: Instant
  ) async throws(StoreFault) {
    let reached = try await store.changes(
      since: mark, terminal: configuration.terminal.id
    ) { (part: SnapshotPart) async throws(StoreFault) in try await self.keep(part, of: bank) }
    try await snapshot.seal(bank, reached, asOf: startedAt)
    // The books went back: all of them was copied, and what they do not have any more is looked for.
    if let mark, reached.change < mark.change {
      (owesSnapshotCheck, copiesSnapshotAgain) = (true, true)
    }
  }

  private func keep(_ part: SnapshotPart, of bank: BankIdentity) async throws(StoreFault) {
    try await snapshot.apply(part, of: bank)
    if machine?.isInUse(at: clock.now()) == true {
      // On this machine and on the bank's: the copy can wait.
      await clock.sleep(milliseconds: Run.restMilliseconds)
    }
    if breaksCopyOff {
      throw StoreFault(.readProbe, "the copy goes on where it was broken off, next time")
    }
  }

  /// Compares the copy with the bank, and copies all of it again where something is missing.
  private func checkSnapshot(
    _ bank: BankIdentity, before: [BucketSum]
  ) async throws(StoreFault) {
    let copied = try await snapshot.bucketSums()
    let check = SnapshotCheck(before: before, copied: copied, after: try await store.bucketSums())
    owesSnapshotCheck = false
    guard !check.differing.isEmpty || check.holdsUnknownAccounts else { return }
    logger.warning(
      "the snapshot has missed changes and is copied anew",
      metadata: ["buckets": "\(check.differing)"])
    if check.holdsUnknownAccounts { try await snapshot.reset() }
    let startedAt = clock.now()
    try await copyChanges(since: nil, bank, startedAt)
    step(.snapshotRefreshed(asOf: startedAt, accounts: nil, startedAt: startedAt))
  }
}

/// What the sums of row versions tell of a copy that was made by changes alone.
///
/// A transaction takes its change number before it commits. One whose backend stood still in
/// between becomes visible with a number that the copy has passed already, however long that took;
/// so no window of time makes up for a check.
struct SnapshotCheck: Equatable {
  /// The sums are a walk over all accounts, here and at the bank (a million rows there), and a copy
  /// that misses a change is a rare thing: once an hour for all tills of a directory together.
  static let intervalMilliseconds: Int64 = 3_600_000

  /// Buckets of accounts that certainly differ.
  let differing: [Int]
  /// The copy has accounts that the bank does not have.
  let holdsUnknownAccounts: Bool

  /// The first copy in each interval is checked, whichever till or command makes it.
  static func isDue(after last: Instant, at now: Instant) -> Bool {
    last.millisecondsSince1970 / intervalMilliseconds
      != now.millisecondsSince1970 / intervalMilliseconds
  }

  /// Versions only grow. A bucket in which nothing changed meanwhile must be copied to the letter;
  /// one that changed must at least have what the bank showed before the copy began. What that
  /// leaves open is seen the next time: a difference stays, an account that was changing does not.
  ///
  /// - Parameters:
  ///   - before: the bank's sums before its changes were copied; `after`: after `copied` was read.
  init(before: [BucketSum], copied: [BucketSum], after: [BucketSum]) {
    let copied = Dictionary(copied.map { ($0.bucket, $0) }) { first, _ in first }
    let earlier = Dictionary(before.map { ($0.bucket, $0) }) { first, _ in first }
    differing = after.filter { sum in
      let mine = copied[sum.bucket] ?? BucketSum(bucket: sum.bucket, accounts: 0, versions: 0)
      guard let earlier = earlier[sum.bucket] else { return false }
      if earlier == sum { return mine != sum }
      return mine.versions < earlier.versions || mine.accounts < earlier.accounts
    }.map(\.bucket)
    let later = Dictionary(after.map { ($0.bucket, $0.accounts) }) { first, _ in first }
    holdsUnknownAccounts = copied.values.contains { $0.accounts > later[$0.bucket] ?? 0 }
  }
}

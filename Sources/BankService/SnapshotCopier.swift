import BankCore
import Logging

/// Whom a copier tells how far it is, and lets work first.
protocol CopyingDesk: Sendable {
  /// - Parameters:
  ///   - asOf: when the copy was taken; nil where it could not be.
  ///   - accounts: what alone was copied; nil for all.
  func copied(asOf: Instant?, accounts: Set<AccountNumber>?, startedAt: Instant) async
  /// Somebody works at this desk just now.
  func isInUse() async -> Bool
}

/// Keeps the local snapshot: what has changed is copied, and from time to time it is checked that
/// nothing was missed. One copy at a time.
actor SnapshotCopier {
  private let snapshot: any SnapshotStore
  private let terminal: Identifier
  private let clock: any DeskClock
  private let logger = Logger(label: "daybook.desk")
  private var isCopying = false
  /// What is copied once more afterwards: something changed during a copy, or the desk turned to another
  /// store.
  private var next: Work?
  /// The snapshot is to be compared with the bank at the next whole copy.
  private var owesCheck = false
  /// What is copied so far is kept, and the rest is for the next time.
  private var breaksOff = false

  init(_ snapshot: any SnapshotStore, at terminal: Identifier, _ clock: any DeskClock) {
    self.snapshot = snapshot
    self.terminal = terminal
    self.clock = clock
  }

  /// Stops the copy that is under way, and any later one.
  func breakOff() { breaksOff = true }

  /// - Parameter accounts: nil for all.
  func refresh(
    _ accounts: Set<AccountNumber>?, of bank: BankIdentity, in store: any Store,
    for desk: any CopyingDesk
  ) async {
    let startedAt = clock.now()
    let work = Work(bank: bank, store: store, desk: desk)
    do throws(StoreFault) {
      // Before the first whole copy single accounts would pass for all there is.
      guard let accounts, try await snapshot.standing()?.bank.id == bank.id, !isCopying else {
        return try await copy(work, startedAt)
      }
      for part in Array(accounts).chunks(of: 500) {
        try await snapshot.apply(store.snapshotPart(part), of: bank)
      }
      await desk.copied(asOf: startedAt, accounts: accounts, startedAt: startedAt)
    } catch {
      // The next refresh tries again; the banner goes on saying how old the snapshot is.
      logger.warning("snapshot", metadata: ["cause": "\(error.cause)"])
      await desk.copied(asOf: nil, accounts: accounts, startedAt: startedAt)
    }
  }

  /// What is copied, and for whom.
  private struct Work {
    let bank: BankIdentity
    let store: any Store
    let desk: any CopyingDesk
  }

  private func copy(_ work: Work, _ startedAt: Instant) async throws(StoreFault) {
    guard !isCopying else {
      next = work
      return
    }
    isCopying = true
    defer { isCopying = false }
    let start = try await start(work.bank, startedAt)
    if start.owesCheck { owesCheck = true }
    // Read before the copy: all that the bank showed then must be in it afterwards.
    let before = owesCheck ? try await work.store.bucketSums() : []
    try await copyChanges(since: start.mark, work, startedAt)
    await work.desk.copied(asOf: startedAt, accounts: nil, startedAt: startedAt)
    if owesCheck { try await check(work, before: before) }
    // The sums are a walk over the whole bank: they are asked for when it is copied, not by everyone who
    // copies some of it.
    if start.isResumed { owesWholeCopy(work) }
    guard let again = next else { return }
    next = nil
    isCopying = false
    try await copy(again, clock.now())
  }

  private func start(
    _ bank: BankIdentity, _ now: Instant
  ) async throws(StoreFault) -> CopyStart {
    let standing = try? await snapshot.standing()
    var unfinished: SnapshotMark?
    if standing == nil { unfinished = try? await snapshot.unfinished(of: bank) }
    let start = CopyStart(of: bank, standing: standing, unfinished: unfinished, at: now)
    if start.mark == nil { try await snapshot.reset() }
    return start
  }

  private func copyChanges(
    since mark: SnapshotMark?, _ work: Work, _ startedAt: Instant
  ) async throws(StoreFault) {
    let reached = try await work.store.changes(since: mark, terminal: terminal) {
      (part: SnapshotPart) async throws(StoreFault) in
      try await self.keep(part, work)
    }
    try await snapshot.seal(work.bank, reached, asOf: startedAt)
    // The books went back: all of them was copied, and what they do not have any more is looked for.
    if let mark, reached.change < mark.change { owesWholeCopy(work) }
  }

  private func owesWholeCopy(_ work: Work) {
    owesCheck = true
    next = next ?? work
  }

  private func keep(_ part: SnapshotPart, _ work: Work) async throws(StoreFault) {
    try await snapshot.apply(part, of: work.bank)
    // On this machine and on the bank's: the copy can wait.
    if await work.desk.isInUse() { await clock.sleep(milliseconds: Dispatch.restMilliseconds) }
    if breaksOff {
      throw StoreFault(.readProbe, "the next copy continues where this one stopped")
    }
  }

  /// Compares the copy with the bank, and copies all of it again where something is missing.
  private func check(_ work: Work, before: [BucketSum]) async throws(StoreFault) {
    let copied = try await snapshot.bucketSums()
    let check = SnapshotCheck(
      before: before, copied: copied, after: try await work.store.bucketSums())
    owesCheck = false
    guard !check.differing.isEmpty || check.holdsUnknownAccounts else { return }
    logger.warning(
      "the snapshot has missed changes and is copied again",
      metadata: ["buckets": "\(check.differing)"])
    if check.holdsUnknownAccounts { try await snapshot.reset() }
    let startedAt = clock.now()
    try await copyChanges(since: nil, work, startedAt)
    await work.desk.copied(asOf: startedAt, accounts: nil, startedAt: startedAt)
  }
}

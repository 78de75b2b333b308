import BankCore

/// Where the copying of a bank goes on.
struct CopyStart: Equatable {
  /// Up to where the copy has this bank already; nil where whatever it has is to be forgotten.
  let mark: SnapshotMark?
  /// It is the first copy, which was broken off: minutes or days lie between its parts.
  let isResumed: Bool
  /// The copy is to be compared with the bank this time.
  let owesCheck: Bool

  /// - Parameters:
  ///   - standing: what the copy knows of itself; nil before the first whole one.
  ///   - unfinished: how far a first copy of this bank had come.
  init(
    of bank: BankIdentity, standing: SnapshotStanding?, unfinished: SnapshotMark?, at now: Instant
  ) {
    if let standing {
      // Of another bank, or of another epoch of this one, nothing is kept.
      let isSame = standing.bank.id == bank.id && standing.bank.epoch == bank.epoch
      mark = isSame ? standing.mark : nil
      isResumed = false
      owesCheck = isSame && SnapshotCheck.isDue(after: standing.asOf, at: now)
    } else {
      mark = unfinished
      isResumed = unfinished != nil
      owesCheck = false
    }
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

import BankCore
import BankService

/// No local copy, and no room for one.
public final class NoSnapshot: SnapshotStore {
  private static let fault = StoreFault(.diskFull, "there is no room for a snapshot")

  private let isDamaged: Bool

  /// - Parameter isDamaged: its file cannot even be read.
  public init(isDamaged: Bool = false) { self.isDamaged = isDamaged }

  public func account(_ number: AccountNumber) async throws(StoreFault) -> Account? {
    throw Self.fault
  }
  public func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage {
    throw Self.fault
  }
  public func countAccounts(_ filter: String, cap: Int) async throws(StoreFault) -> CappedCount {
    throw Self.fault
  }
  public func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage {
    throw Self.fault
  }
  public func standing() async throws(StoreFault) -> SnapshotStanding? {
    if isDamaged { throw StoreFault(.fileDamaged, "the snapshot is damaged") }
    return nil
  }
  public func unfinished(of bank: BankIdentity) async throws(StoreFault) -> SnapshotMark? { nil }
  public func apply(_ part: SnapshotPart, of bank: BankIdentity) async throws(StoreFault) {
    throw Self.fault
  }
  public func seal(
    _ bank: BankIdentity, _ mark: SnapshotMark, asOf now: Instant
  ) async throws(StoreFault) { throw Self.fault }
  public func reset() async throws(StoreFault) {}
  public func bucketSums() async throws(StoreFault) -> [BucketSum] { throw Self.fault }
}

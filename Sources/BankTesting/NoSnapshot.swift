import BankCore
import BankService

/// No local copy, and no room for one.
public final class NoSnapshot: SnapshotStore {
  private static let fault = StoreFault(.diskFull, "there is no room for a snapshot")

  public init() {}

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
  public func standing() async throws(StoreFault) -> SnapshotStanding? { nil }
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

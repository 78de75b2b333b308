import BankCore
import BankService

/// Stands where a database would, when the configuration leads to none. Every call answers with the
/// same fault, so that a till with a wrong address goes on like one whose bank is away: on the
/// manual ledger, with the cause named.
final class UnusableStore: Store {
  let endpoint: String
  private let fault: StoreFault

  init(endpoint: String, _ fault: StoreFault) {
    self.endpoint = endpoint
    self.fault = fault
  }

  func account(_ number: AccountNumber) async throws(StoreFault) -> Account? { throw fault }
  func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage { throw fault }
  func countAccounts(_ filter: String, cap: Int) async throws(StoreFault) -> CappedCount {
    throw fault
  }
  func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage { throw fault }
  func greet(
    _ terminal: Identifier, fresh: Bool, recognized: @escaping @Sendable (Greeting) -> Void
  ) async throws(StoreFault) -> Greeting {
    throw fault
  }
  func createBank(
    _ draft: BankDraft
  ) async throws(StoreFault) -> (bank: BankIdentity, created: Bool) { throw fault }
  func enrol(_ terminal: TerminalIdentity, at now: Instant) async throws(StoreFault) {
    throw fault
  }
  func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt { throw fault }
  func plan(_ batch: PostingBatch) async throws(StoreFault) -> [Decision] { throw fault }
  func inbox(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: InboxRow] { throw fault }
  func transactions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ReversalTarget] { throw fault }
  func journal(_ query: JournalQuery) async throws(StoreFault) -> JournalPage { throw fault }
  func change(_ instruction: AccountInstruction) async throws(StoreFault) -> AccountChange {
    throw fault
  }
  func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) async throws(StoreFault) -> [ExceptionRecord] { throw fault }
  func exceptions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ExceptionRecord] { throw fault }
  func assignException(_ id: EntryID, to owner: String) async throws(StoreFault) -> Bool {
    throw fault
  }
  func countOpenExceptions() async throws(StoreFault) -> Int { throw fault }
  func closePeriod(through day: BusinessDay) async throws(StoreFault) { throw fault }
  func raiseEpoch(
    terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) async throws(StoreFault) -> BankIdentity { throw fault }
  func terminals() async throws(StoreFault) -> [TerminalRecord] { throw fault }
  func changes(
    since mark: SnapshotMark?, terminal: Identifier,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark { throw fault }
  func snapshotPart(_ numbers: [AccountNumber]) async throws(StoreFault) -> SnapshotPart {
    throw fault
  }
  func bucketSums() async throws(StoreFault) -> [BucketSum] { throw fault }
  func disconnect() async {}
}

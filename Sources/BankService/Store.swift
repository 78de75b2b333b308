import BankCore

/// Reads of the books, answered by a database or by the local snapshot of one.
///
/// Every call throws a `StoreFault` when the books cannot be read, also when they do not answer in
/// time. A fault never stands for *there is no such thing*: that is nil, or an empty page.
public protocol BookReader: AnyObject, Sendable {
  /// The account with that number; nil where the books have none.
  func account(_ number: AccountNumber) async throws(StoreFault) -> Account?
  /// One page of customers' accounts, in the order of their numbers.
  func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage
  /// How many customers' accounts match; an empty filter is counted in full, another one stops at
  /// `cap`.
  func countAccounts(_ filter: String, cap: Int) async throws(StoreFault) -> CappedCount
  /// One page of an account's lines, in the order and with the bounds that the query names.
  func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage
}

/// The bank's books. PostgreSQL and SQLite stand behind it, and a simulated one in tests; one
/// contract suite runs over all of them.
///
/// Every call has its own deadline inside the store and ends by it: with an answer, or it throws a
/// `StoreFault` that names the layer of the connection. Amounts are in the currency's minor unit.
/// A fault during `post` leaves open whether the batch was committed; sending the same ids again
/// settles it. A store connects by itself on the first call and after a lost connection.
public protocol Store: BookReader {
  /// A few words for the first line of the screen, without secrets: `db.branch:5432`.
  var endpoint: String { get }

  /// One fault for each connection that was lost while nobody was asking, from now on. It ends at once
  /// where nothing can be lost, which is the default.
  var lost: AsyncStream<StoreFault> { get }

  /// When the other side said something last, on the clock that nobody can set. Nil before the first
  /// word of a greeting, and where there is no other side, which is the default.
  var lastHeard: ContinuousClock.Instant? { get }

  /// Who the bank is, whether it can be written, and what it knows of this terminal. Goes over a
  /// fresh connection when `fresh` is true, so that a dead session is told from a dead server.
  ///
  /// - Parameter recognized: told of a bank that can be read, while it is still looked at whether it can
  ///   do all that a desk does. A store whose look takes no time says nothing.
  func greet(
    _ terminal: Identifier, fresh: Bool, recognized: @escaping @Sendable (Greeting) -> Void
  ) async throws(StoreFault) -> Greeting

  /// Creates or upgrades the schema, and the bank's identity where there is none.
  func createBank(_ draft: BankDraft) async throws(StoreFault) -> (
    bank: BankIdentity, created: Bool
  )

  /// Makes the terminal known; the same id and name again is no change.
  /// - Throws: `StoreFault` with `.terminalCloned` when the name belongs to another UUID.
  func enrol(_ terminal: TerminalIdentity, at now: Instant) async throws(StoreFault)

  /// Locks, reads the facts, decides with `PostingRules` and writes all of it in one transaction.
  /// A batch whose decisions hold an alarm is rolled back.
  func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt

  /// The same decisions, from unlocked facts, writing nothing.
  func plan(_ batch: PostingBatch) async throws(StoreFault) -> [Decision]

  /// What the inbox knows of these ids.
  func inbox(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: InboxRow]

  /// What is booked under these ids.
  func transactions(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: ReversalTarget]
  /// One page of the transactions of the whole bank, in the order in which they were booked.
  func journal(_ query: JournalQuery) async throws(StoreFault) -> JournalPage

  /// Opens an account or changes its status, or says why not. The change passes through the inbox
  /// under its id, so that doing it again changes nothing.
  func change(_ instruction: AccountInstruction) async throws(StoreFault) -> AccountChange
  /// Many changes of accounts, as an import makes them; answers in their order. A fault may come after
  /// some of them were made: sending all of them again settles it.
  func change(
    _ instructions: [AccountInstruction]
  ) async throws(StoreFault) -> [AccountChange]

  /// Exceptions in the order they were opened; settled ones are left out unless asked for.
  ///
  /// - Parameter after: only those behind this one.
  func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) async throws(StoreFault) -> [ExceptionRecord]
  /// Those with these ids, open or settled.
  func exceptions(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: ExceptionRecord]
  /// Says who is to settle an exception.
  ///
  /// - Returns: false where there is no such exception, or it is settled.
  func assignException(_ id: EntryID, to owner: String) async throws(StoreFault) -> Bool
  /// How many exceptions nobody has settled yet.
  func countOpenExceptions() async throws(StoreFault) -> Int

  /// Closes all days through `day`; entries are booked after it from now on.
  func closePeriod(through day: BusinessDay) async throws(StoreFault)
  /// Raises the epoch after a healed restore, above `epoch` too, and sets the terminal's counter to at
  /// least `counter`: in one transaction, so that a bank that was cut off is still behind.
  func raiseEpoch(
    terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) async throws(StoreFault) -> BankIdentity

  /// The terminals that the books know, with their counters; for the plan's list of those that
  /// have not reported.
  func terminals() async throws(StoreFault) -> [TerminalRecord]

  /// Reads, in one consistent view, the accounts that changed after `mark` (all when nil or of
  /// another epoch) with the last 50 lines of each, in parts of at most 1,000 accounts in the order
  /// of their changes, and the mark to give next time. An account may come twice; the later part is
  /// then the right one.
  func changes(
    since mark: SnapshotMark?, terminal: Identifier,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark
  /// The same for named accounts only, such as those an entry touched.
  func snapshotPart(_ numbers: [AccountNumber]) async throws(StoreFault) -> SnapshotPart
  /// Per bucket of account numbers: how many accounts and the sum of their versions, to notice
  /// what an incremental snapshot has missed.
  func bucketSums() async throws(StoreFault) -> [BucketSum]

  /// Ends connections; a later call opens new ones.
  func disconnect() async
}

extension Store {
  public var lost: AsyncStream<StoreFault> { AsyncStream { $0.finish() } }

  public var lastHeard: ContinuousClock.Instant? { nil }

  /// For whoever waits for the end of the greeting.
  public func greet(_ terminal: Identifier, fresh: Bool) async throws(StoreFault) -> Greeting {
    try await greet(terminal, fresh: fresh) { _ in }
  }

  /// One after the other: right, though not quick. A store does better where it can.
  public func change(
    _ instructions: [AccountInstruction]
  ) async throws(StoreFault) -> [AccountChange] {
    var answers: [AccountChange] = []
    for instruction in instructions { answers.append(try await change(instruction)) }
    return answers
  }

  /// What is booked under that id.
  public func transaction(_ id: EntryID) async throws(StoreFault) -> ReversalTarget? {
    try await transactions([id])[id]
  }
}

/// What a database says on connecting.
public struct Greeting: Hashable, Sendable {
  public let bank: BankIdentity
  /// False on a standby, or when the database or the role is read-only.
  public let isWritable: Bool
  /// Nil when this terminal was never enrolled.
  public let terminal: TerminalRecord?
  public let closedThrough: BusinessDay?
  /// Of the check itself.
  public let roundTripMilliseconds: Double
  /// Why no entry gets in, though the bank can be read; nil where entries do, and where nobody has
  /// tried.
  public var hindrance: StoreFault?
  /// What the bank knows of the time.
  public var time: BankTime
  /// Which of the address's hosts has answered; nil where there is but one.
  public var place: String?

  public init(
    bank: BankIdentity, isWritable: Bool, terminal: TerminalRecord?, closedThrough: BusinessDay?,
    roundTripMilliseconds: Double, time: BankTime, place: String? = nil,
    hindrance: StoreFault? = nil
  ) {
    self.hindrance = hindrance
    self.time = time
    self.place = place
    self.bank = bank
    self.isWritable = isWritable
    self.terminal = terminal
    self.closedThrough = closedThrough
    self.roundTripMilliseconds = roundTripMilliseconds
  }
}

/// The answer to a posted batch.
public struct PostingReceipt: Hashable, Sendable {
  /// One per submission, in order; shorter when the last one is an alarm.
  public let decisions: [Decision]
  /// The terminal's counter after this transaction; 0 for batches without a terminal.
  public let counter: Int64
  public let epoch: Int64

  public init(decisions: [Decision], counter: Int64, epoch: Int64) {
    self.decisions = decisions
    self.counter = counter
    self.epoch = epoch
  }
}

/// What became of a wish to change an account.
public enum AccountChange: Hashable, Sendable {
  case done(Account)
  case refused(Reason)
}

/// Up to where a snapshot has seen the books.
public struct SnapshotMark: Hashable, Sendable {
  public let epoch: Int64
  /// The highest change number seen.
  public let change: Int64
  /// The terminal's counter in the same view: entries acknowledged up to it are inside.
  public let counter: Int64

  public init(epoch: Int64, change: Int64, counter: Int64) {
    self.epoch = epoch
    self.change = change
    self.counter = counter
  }

  /// From which change on a copy with that mark is brought to this one; 0 for all of it. A mark of
  /// another epoch says nothing about these books, and one that is ahead of them is of books that
  /// went on elsewhere.
  public func change(since mark: SnapshotMark?) -> Int64 {
    guard let mark, mark.epoch == epoch, mark.change <= change else { return 0 }
    return mark.change
  }
}

/// Accounts with their newest lines, oldest line first.
public struct SnapshotPart: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public let account: Account
    /// Grows with each change of the account.
    public let version: Int64
    public let lines: [StatementLine]

    public init(account: Account, version: Int64, lines: [StatementLine]) {
      self.account = account
      self.version = version
      self.lines = lines
    }
  }

  public let items: [Item]
  /// Every change up to this number is in this part or one before it; nil where that is not known,
  /// as of named accounts.
  public let reached: Int64?

  public init(items: [Item], reached: Int64? = nil) {
    self.items = items
    self.reached = reached
  }
}

/// A check sum over the accounts of one bucket, to compare a snapshot with the books.
public struct BucketSum: Hashable, Sendable {
  /// `AccountNumber.bucket`.
  public let bucket: Int
  public let accounts: Int
  public let versions: Int64

  public init(bucket: Int, accounts: Int, versions: Int64) {
    self.bucket = bucket
    self.accounts = accounts
    self.versions = versions
  }
}

/// A database that could not do what it was asked: the layer that failed, and what was observed.
public struct StoreFault: Error, Hashable, Sendable {
  public let cause: CauseCode
  /// One plain sentence with what was observed; never a secret.
  public let text: String
  /// Which of the layer's faults it is; nil when the error was not understood further.
  public let kind: FaultKind?
  /// The fix for exactly this case, where it says more than the catalogue's.
  public let remedy: String?
  /// The five characters of SQLSTATE, where there are any.
  public let sqlState: String?
  /// The data of the batch was rejected (class 22 or 23): sending it again cannot help.
  public let isRejection: Bool
  /// Nothing answered in time, on a connection or while making one. A single miss proves little;
  /// any other fault on a fresh connection proves that the database cannot be used now.
  public let missedDeadline: Bool
  /// The value from elsewhere that is to blame; nil where the address itself is, or nobody knows.
  public private(set) var suspect: ValueOrigin?
  /// What was seen, where `kind` only says which value is to blame for it.
  public private(set) var seen: FaultKind?

  /// The same, with the value that is to blame among those that led to the server.
  public func suspecting(_ origins: [ValueOrigin]) -> StoreFault {
    var fault = self
    fault.suspect = blamed(origins)
    return fault
  }

  /// The same as a fault of C02, where a value from elsewhere is to blame; else the fault itself.
  public var traced: StoreFault {
    guard let suspect else { return self }
    var fault = StoreFault(
      suspect.kind, "\(suspect.words), and with it: \(text)", remedy: suspect.remedy,
      sqlState: sqlState, missedDeadline: missedDeadline)
    fault.seen = kind
    return fault
  }

  public init(
    _ cause: CauseCode, _ text: String, sqlState: String? = nil, isRejection: Bool = false,
    missedDeadline: Bool = false
  ) {
    self.init(
      cause, kind: nil, text, remedy: nil, sqlState: sqlState, isRejection: isRejection,
      missedDeadline: missedDeadline)
  }

  /// A fault that the catalogue knows.
  public init(
    _ kind: FaultKind, _ text: String, remedy: String? = nil, sqlState: String? = nil,
    isRejection: Bool = false, missedDeadline: Bool = false
  ) {
    self.init(
      .layer(kind.layer), kind: kind, text, remedy: remedy, sqlState: sqlState,
      isRejection: isRejection,
      missedDeadline: missedDeadline)
  }

  private init(
    _ cause: CauseCode, kind: FaultKind?, _ text: String, remedy: String?, sqlState: String?,
    isRejection: Bool, missedDeadline: Bool
  ) {
    self.cause = cause
    self.kind = kind
    self.text = text
    self.remedy = remedy
    self.sqlState = sqlState
    self.isRejection = isRejection
    self.missedDeadline = missedDeadline
  }
}

/// The local copy for browsing while the bank is away: accounts and the last 50 lines of each.
///
/// Every call throws a `StoreFault` when the copy's file cannot be read or written.
public protocol SnapshotStore: BookReader {
  /// What the snapshot knows of itself; nil before the first copy and after a reset.
  func standing() async throws(StoreFault) -> SnapshotStanding?
  /// How far a first copy of this bank had come when it was broken off; nil when there is none.
  func unfinished(of bank: BankIdentity) async throws(StoreFault) -> SnapshotMark?
  /// Stores a part of that bank; accounts that are there are replaced. Before the first `seal` it
  /// also keeps how far the parts have come.
  func apply(_ part: SnapshotPart, of bank: BankIdentity) async throws(StoreFault)
  /// Says that everything up to `mark` is in, as of `now`, for that bank.
  func seal(_ bank: BankIdentity, _ mark: SnapshotMark, asOf now: Instant) async throws(StoreFault)
  /// Forgets everything: another bank or a new epoch.
  func reset() async throws(StoreFault)
  /// Per bucket of account numbers: how many accounts the copy has and the sum of their versions, to be
  /// compared with the bank's.
  func bucketSums() async throws(StoreFault) -> [BucketSum]
}

/// Whose books a snapshot holds, and as of when.
public struct SnapshotStanding: Hashable, Sendable {
  public let bank: BankIdentity
  public let mark: SnapshotMark
  public let asOf: Instant

  public init(bank: BankIdentity, mark: SnapshotMark, asOf: Instant) {
    self.bank = bank
    self.mark = mark
    self.asOf = asOf
  }
}

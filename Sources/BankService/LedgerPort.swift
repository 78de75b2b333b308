import BankCore
import ManualLedger

/// The terminal's manual ledger, behind one queue: what is appended first is durable first.
public protocol LedgerPort: Sendable {
  /// Takes the writer's lock, recovers what a dead writer left, and reads the state.
  ///
  /// - Throws: `Failure` when another writer holds it (naming the holder), when it belongs to
  ///   another terminal, or when the directory cannot be used.
  func open() async throws(Failure) -> LedgerContents

  /// Begins the first segment, once the bank is known.
  ///
  /// - Throws: `Failure` when the segment or its mark cannot be made durable.
  func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) async throws(Failure) -> LedgerState

  /// Appends groups of records together, each group all or none. What succeeded is durable on return,
  /// and its lines vouched for by the mark. A group that may not be written, for what its own records
  /// say, stops no other. So it is with a group that voids what a newer directory has taken over since:
  /// that is looked for again each time.
  ///
  /// - Returns: one result per group, in order.
  func append(_ groups: [[LedgerRecord]]) async -> [Result<DurableReceipt, Failure>]

  /// Closes the present segment and begins the next one.
  ///
  /// - Throws: `Failure` when that cannot be written; the present segment then goes on.
  func rotate(_ cause: SealRecord.Cause) async throws(Failure)

  /// What all kept segments say together, settled entries included.
  ///
  /// - Throws: `Failure` when a segment cannot be read.
  func history() async throws(Failure) -> LedgerState

  /// The entry with that id in any kept segment, of this terminal or of another one in the same
  /// directory; nil where none holds it.
  ///
  /// - Throws: `Failure` when this terminal's own segments cannot be read.
  func find(_ id: EntryID) async throws(Failure) -> LedgerEntry?

  /// What the other tills of this directory have recorded, read anew as far as it has changed.
  /// It never waits for an append, and no append waits for it.
  func otherTills(of bank: Identifier) async -> OtherTills

  /// Gives the lock back.
  func close() async
}

extension LedgerPort {
  /// Appends one group.
  public func append(_ records: [LedgerRecord]) async throws(Failure) -> DurableReceipt {
    try await append([records])[0].get()
  }
}

/// Looks at the connection when an outage has begun, for the outage's report.
public protocol OutageExaminer: Sendable {
  /// Lets the doctor look at the connection, over one of its own, and keeps what it finds for the
  /// report: once for each outage and cause, whoever asks.
  func examine(_ id: OutageID, for layer: Layer) async
}

/// What opening the ledger found.
public struct LedgerContents: Sendable {
  public var state: LedgerState
  /// Nil while there is no segment yet.
  public var bank: Identifier?
  /// What a person must know: a damaged segment, a cut tail.
  public var notice: String?
  /// Acknowledged lines are damaged or lost: nothing is sent before a supervisor has looked.
  public var isDamaged: Bool
  /// Something is lost, and the second copy that may have it cannot be asked: why, half a sentence.
  public var missesCopy: String?
  /// Entries that a newer directory of this till has taken over from this one, with their ids there.
  /// Where there are any, this directory is an old copy, whatever the bank knows.
  public var takenOver: [EntryID: EntryID]

  public init(
    state: LedgerState, bank: Identifier?, notice: String? = nil, isDamaged: Bool = false,
    missesCopy: String? = nil, takenOver: [EntryID: EntryID] = [:]
  ) {
    self.takenOver = takenOver
    self.missesCopy = missesCopy
    self.state = state
    self.bank = bank
    self.notice = notice
    self.isDamaged = isDamaged
  }
}

extension Failure {
  /// A newer directory of this till has the entry, and goes on with it.
  public static func takenOver(_ entry: Entry, as newID: EntryID) -> Failure {
    let isSame = newID == entry.id
    return Failure(
      .refused, code: "not-voidable",
      text: isSame
        ? "The newest directory has \(entry.label) as well, and this one is an old copy."
        : "\(entry.label) was taken over by the newest directory, as \(newID).",
      fix: "Void or reverse it there\(isSame ? "" : ", under its new id").")
  }
}

/// The clock and the chance a desk works with.
public protocol DeskClock: Sendable {
  /// The machine's time, which somebody may set.
  func now() -> Instant
  /// The business day of that moment in an IANA time zone; nil for an unknown zone.
  func businessDay(of instant: Instant, timeZone: String) -> BusinessDay?
  /// A fresh version 7 UUID.
  func mint() -> Identifier
  /// Sleeps, or returns early when the task is cancelled.
  func sleep(milliseconds: Int64) async
}

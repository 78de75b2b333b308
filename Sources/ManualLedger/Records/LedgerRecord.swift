import BankCore

/// One line of the manual ledger, without its hashes. The JSON of each case is described in
/// docs/manual-ledger.md.
public enum LedgerRecord: Hashable, Sendable {
  case open(SegmentOpening)
  case entry(Entry)
  /// The customer was told that it is taken; what it is from now on, and its second id.
  case released(Release)
  case outcome(OutcomeRecord)
  case void(VoidRecord)
  /// A mode of service begins: an outage's beginning, its cause, its end.
  case mode(ModeRecord)
  case note(NoteRecord)
  case recovery(RecoveryRecord)
  case seal(SegmentSeal)
}

/// How a segment begins.
public struct SegmentOpening: Hashable, Sendable {
  public enum Predecessor: Hashable, Sendable {
    case none
    case sealed
    /// A sync failed; lines after that record are not part of the ledger.
    case abandoned(afterRecord: Int64)
    case damaged(afterRecord: Int64)
  }

  public var format: Int
  public var bank: Identifier
  public var terminal: TerminalIdentity
  /// From 1.
  public var segment: Int64
  public var predecessor: Predecessor
  /// The oldest segment that is still needed to fold the state.
  public var foldFrom: Int64
  public var nextNumber: Int64
  /// The bank's epoch and this terminal's counter, as last acknowledged.
  public var epoch: Int64
  public var counter: Int64
  public var totals: [ControlTotals]
  public var openedAt: Instant

  public init(
    format: Int = 1, bank: Identifier, terminal: TerminalIdentity, segment: Int64,
    predecessor: Predecessor, foldFrom: Int64, nextNumber: Int64, epoch: Int64, counter: Int64,
    totals: [ControlTotals], openedAt: Instant
  ) {
    self.format = format
    self.bank = bank
    self.terminal = terminal
    self.segment = segment
    self.predecessor = predecessor
    self.foldFrom = foldFrom
    self.nextNumber = nextNumber
    self.epoch = epoch
    self.counter = counter
    self.totals = totals
    self.openedAt = openedAt
  }
}

public struct Release: Hashable, Sendable {
  public var entry: EntryID
  public var second: EntryID
  public var standing: Standing
  /// Released beyond an offline limit; only then may reconciliation ask for a supervisor.
  public var isOverLimit: Bool
  public var at: Instant

  public init(
    entry: EntryID, second: EntryID, standing: Standing, isOverLimit: Bool, at: Instant
  ) {
    self.entry = entry
    self.second = second
    self.standing = standing
    self.isOverLimit = isOverLimit
    self.at = at
  }
}

public struct OutcomeRecord: Hashable, Sendable {
  public var entry: EntryID
  public var recorded: RecordedOutcome
  /// The bank's epoch and this terminal's counter after the transaction that decided it.
  public var epoch: Int64
  public var counter: Int64
  public var at: Instant

  public init(
    entry: EntryID, recorded: RecordedOutcome, epoch: Int64, counter: Int64, at: Instant
  ) {
    self.entry = entry
    self.recorded = recorded
    self.epoch = epoch
    self.counter = counter
    self.at = at
  }
}

public struct VoidRecord: Hashable, Sendable {
  public var entry: EntryID
  public var note: String
  public var operatorName: String
  public var at: Instant

  public init(entry: EntryID, note: String, operatorName: String, at: Instant) {
    self.entry = entry
    self.note = note
    self.operatorName = operatorName
    self.at = at
  }
}

public struct ModeRecord: Hashable, Sendable {
  public var mode: Mode
  /// Code and sentence; nil where the mode has none.
  public var cause: CauseCode?
  public var text: String
  public var at: Instant

  public init(mode: Mode, cause: CauseCode?, text: String, at: Instant) {
    self.mode = mode
    self.cause = cause
    self.text = text
    self.at = at
  }
}

public struct NoteRecord: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    /// Entries up to that number may have been sent: they can no longer be voided.
    case sending(throughNumber: Int64)
    /// A line that was written but never told is kept and told now.
    case kept(EntryID)
    /// The database was healed; its epoch from now on.
    case healed(epoch: Int64, counter: Int64)
    case remark
  }

  public var subject: Subject
  public var text: String
  public var operatorName: String
  public var at: Instant

  public init(subject: Subject, text: String, operatorName: String, at: Instant) {
    self.subject = subject
    self.text = text
    self.operatorName = operatorName
    self.at = at
  }
}

public struct RecoveryRecord: Hashable, Sendable {
  public var bytesCut: Int64
  /// Lower-case hex SHA-256 of the bytes that were cut.
  public var hash: String
  /// The name of the file that keeps them.
  public var keptAs: String
  public var at: Instant

  public init(bytesCut: Int64, hash: String, keptAs: String, at: Instant) {
    self.bytesCut = bytesCut
    self.hash = hash
    self.keptAs = keptAs
    self.at = at
  }
}

public struct SegmentSeal: Hashable, Sendable {
  /// Lines of the segment before this one.
  public var records: Int64
  public var totals: [ControlTotals]
  public var reason: String
  public var at: Instant

  public init(records: Int64, totals: [ControlTotals], reason: String, at: Instant) {
    self.records = records
    self.totals = totals
    self.reason = reason
    self.at = at
  }
}

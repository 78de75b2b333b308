import BankCore

/// What one line of the manual ledger says. Nothing is ever edited: a later record changes what an
/// earlier one means, and `LedgerState` is the sum of them.
public enum LedgerRecord: Hashable, Sendable {
  case open(SegmentOpening)
  case entry(EntryRecord)
  case released(ReleaseRecord)
  case outcome(OutcomeRecord)
  case settled(SettledRecord)
  case void(VoidRecord)
  case keep(KeepRecord)
  case blocked(BlockedRecord)
  case sending(SendingRecord)
  case healed(HealedRecord)
  case mode(ModeRecord)
  case note(NoteRecord)
  case recovery(RecoveryRecord)
  case seal(SealRecord)

  /// When it was written; of an entry, when it was captured.
  public var at: Instant {
    switch self {
    case .open(let record): record.at
    case .entry(let record): record.entry.capturedAt
    case .released(let record): record.at
    case .outcome(let record): record.at
    case .settled(let record): record.settlement.at
    case .void(let record): record.at
    case .keep(let record): record.at
    case .blocked(let record): record.at
    case .sending(let record): record.at
    case .healed(let record): record.at
    case .mode(let record): record.at
    case .note(let record): record.at
    case .recovery(let record): record.at
    case .seal(let record): record.at
    }
  }

  /// Whether it may say what a restored bank has decided anew, behind a `healed` line.
  var tellsOfHealing: Bool {
    switch self {
    case .outcome, .blocked, .settled, .open, .seal, .recovery: true
    default: false
    }
  }

  /// The format this code writes, and the only one so far that it reads.
  public static let format: Int64 = 1
}

/// An entry as it was captured.
public struct EntryRecord: Hashable, Sendable {
  public let entry: Entry
  /// Of a settlement entry: how the exception that it names in `replaces` is settled by it.
  public let resolution: Resolution?
  /// Taken over from an old copy of this till's directory, where it had the id that it replaces.
  public let isAdopted: Bool
  /// Of a reversal: the customer of what it takes back was told that nobody knows, so that no cash moved
  /// then. What it takes back may stand in an older segment.
  public let takesBackUnknown: Bool
  /// Set when the line was copied from a damaged segment: the hash of the line it had there, which
  /// is the one that receipts and the books know.
  public let salvagedHash: LineHash?

  public init(
    _ entry: Entry, resolution: Resolution? = nil, isAdopted: Bool = false,
    takesBackUnknown: Bool = false, salvagedHash: LineHash? = nil
  ) {
    self.takesBackUnknown = takesBackUnknown
    self.isAdopted = isAdopted
    self.entry = entry
    self.resolution = resolution
    self.salvagedHash = salvagedHash
  }
}

/// The customer was told before the bank had decided.
public struct ReleaseRecord: Hashable, Sendable {
  public let entry: EntryID
  /// Under which the entry is posted should the first id turn out to have been refused.
  public let secondID: EntryID
  public let standing: Standing
  /// Beyond an offline limit, and nobody had approved it.
  public let isOverLimit: Bool
  /// It may have been sent to the database before it was released: it can no longer be voided.
  public let wasSent: Bool
  public let at: Instant

  public init(
    entry: EntryID, secondID: EntryID, standing: Standing, isOverLimit: Bool = false,
    wasSent: Bool, at: Instant
  ) {
    self.entry = entry
    self.secondID = secondID
    self.standing = standing
    self.isOverLimit = isOverLimit
    self.wasSent = wasSent
    self.at = at
  }
}

/// How far the database had acknowledged this terminal's transactions.
public struct Acknowledgement: Hashable, Sendable, Comparable {
  /// The terminal's counter after the transaction.
  public let counter: Int64
  /// The epoch of the bank's identity.
  public let epoch: Int64

  public init(counter: Int64, epoch: Int64) {
    self.counter = counter
    self.epoch = epoch
  }

  public static func < (a: Acknowledgement, b: Acknowledgement) -> Bool {
    (a.epoch, a.counter) < (b.epoch, b.counter)
  }
}

/// What the bank decided about an entry.
public struct OutcomeRecord: Hashable, Sendable {
  public let entry: EntryID
  public let recorded: RecordedOutcome
  public let acknowledgement: Acknowledgement?
  /// Nobody was waiting for it any more: its customer was told that the outcome is unknown, or
  /// nothing. A person has to see it, and to say so.
  public let needsNotice: Bool
  /// The bank had the same entry from elsewhere before, as that terminal's: it counts there.
  public let sameAs: String?
  public let at: Instant

  public init(
    entry: EntryID, recorded: RecordedOutcome, acknowledgement: Acknowledgement?,
    needsNotice: Bool = false, sameAs: String? = nil, at: Instant
  ) {
    self.sameAs = sameAs
    self.entry = entry
    self.recorded = recorded
    self.acknowledgement = acknowledgement
    self.needsNotice = needsNotice
    self.at = at
  }
}

/// How a person has settled an exception for which no money needs to move, such as that a customer was
/// told of a refusal. It is written before the bank is asked, and again with what the bank has done.
public struct SettledRecord: Hashable, Sendable {
  /// What became of it in the books.
  public enum Standing: Hashable, Sendable {
    /// Decided; the bank has not answered yet.
    case decided
    /// It stands in the books.
    case booked(Acknowledgement)
    /// Somebody else had settled the exception before.
    case tooLate(Acknowledgement)
    /// It was settled at another terminal, as the bank says: written so that this terminal's totals
    /// know it.
    case elsewhere

    public var acknowledgement: Acknowledgement? {
      switch self {
      case .decided, .elsewhere: nil
      case .booked(let acknowledgement), .tooLate(let acknowledgement): acknowledgement
      }
    }
  }

  /// The id under which the exception stands in the books.
  public let exception: EntryID
  public let settlement: Settlement
  public let standing: Standing

  public init(_ exception: EntryID, _ settlement: Settlement, _ standing: Standing = .decided) {
    self.exception = exception
    self.settlement = settlement
    self.standing = standing
  }
}

/// An entry that was never sent is taken back.
public struct VoidRecord: Hashable, Sendable {
  public let entry: EntryID
  public let note: String
  public let operatorName: String
  public let at: Instant

  public init(entry: EntryID, note: String, operatorName: String, at: Instant) {
    self.entry = entry
    self.note = note
    self.operatorName = operatorName
    self.at = at
  }
}

/// An entry that was written but never told counts after all.
public struct KeepRecord: Hashable, Sendable {
  public let entry: EntryID
  public let operatorName: String
  public let at: Instant

  public init(entry: EntryID, operatorName: String, at: Instant) {
    self.entry = entry
    self.operatorName = operatorName
    self.at = at
  }
}

/// Written before a reconciliation sends: entries up to that number may have reached the database,
/// and can no longer be voided.
public struct SendingRecord: Hashable, Sendable {
  public let through: Int64
  public let at: Instant

  public init(through number: Int64, at: Instant) {
    through = number
    self.at = at
  }
}

/// The bank knows the entry's id with other content, or its number as another entry's: it is not sent
/// again before a person has decided, who voids it or has it booked under its second id.
public struct BlockedRecord: Hashable, Sendable {
  public let entry: EntryID
  public let reason: Reason
  public let at: Instant

  public init(entry: EntryID, reason: Reason, at: Instant) {
    self.entry = entry
    self.reason = reason
    self.at = at
  }
}

/// A database that was restored from a backup has been given back what it had forgotten. The lines
/// right behind it say of which entries it has decided otherwise than before.
public struct HealedRecord: Hashable, Sendable {
  /// How far the bank had acknowledged this terminal when all was given back; at the beginning, how far
  /// it counts from then on, so that the bank is behind until it is healed.
  public let acknowledgement: Acknowledgement
  /// Nothing is given back yet: the lines behind it say nothing that was decided anew.
  public let isBeginning: Bool
  public let operatorName: String?
  public let at: Instant

  public init(
    _ acknowledgement: Acknowledgement, isBeginning: Bool = false, operatorName: String? = nil,
    at: Instant
  ) {
    self.acknowledgement = acknowledgement
    self.isBeginning = isBeginning
    self.operatorName = operatorName
    self.at = at
  }
}

/// A change in what the console could promise; the outage report is made of these.
public struct ModeRecord: Hashable, Sendable {
  public enum Event: String, Hashable, Sendable, CaseIterable {
    case outageBegan = "outage_began"
    case causeChanged = "cause_changed"
    case outageEnded = "outage_ended"
    case held
    case holdReleased = "hold_released"
    case quarantined
    case quarantineLifted = "quarantine_lifted"
    case reconciliationBegan = "reconciliation_began"
    case reconciliationEnded = "reconciliation_ended"
  }

  public let event: Event
  public let cause: CauseCode?
  /// What was observed, in one sentence.
  public let text: String
  public let operatorName: String?
  /// Where an outage begins: when the first failure was seen, which may be before it was declared.
  public let firstFailureAt: Instant?
  public let at: Instant

  public init(
    _ event: Event, cause: CauseCode? = nil, text: String = "", operatorName: String? = nil,
    firstFailureAt: Instant? = nil, at: Instant
  ) {
    self.event = event
    self.cause = cause
    self.text = text
    self.operatorName = operatorName
    self.firstFailureAt = firstFailureAt
    self.at = at
  }

  /// Whether an outage begins with it where none is under way: the database was lost, or taken
  /// away on purpose, or must not be trusted.
  var beginsOutage: Bool { event == .outageBegan || event == .held || event == .quarantined }
}

/// Free words, such as that the customer was told of a refusal, and what a person has decided
/// about an entry that was held or blocked.
public struct NoteRecord: Hashable, Sendable {
  /// The first two hold until the entry is settled; the last one of them counts.
  public enum Decision: String, Hashable, Sendable, CaseIterable {
    /// It goes to the bank although it is beyond a limit; one that was blocked goes under its
    /// second id.
    case allow
    /// It is not to be posted any more.
    case refuse
    /// The notice of its late outcome was seen to.
    case noted
  }

  public let text: String
  public let entry: EntryID?
  public let decision: Decision?
  public let operatorName: String?
  public let at: Instant

  public init(
    _ text: String, entry: EntryID? = nil, decision: Decision? = nil, operatorName: String? = nil,
    at: Instant
  ) {
    self.text = text
    self.entry = entry
    self.decision = decision
    self.operatorName = operatorName
    self.at = at
  }
}

/// The last line of a segment that was closed properly.
public struct SealRecord: Hashable, Sendable {
  public enum Cause: String, Hashable, Sendable, CaseIterable {
    case full
    case dayEnd = "day_end"
    case reconciled
    case closed
    case diskFull = "disk_full"
  }

  public let cause: Cause
  /// Lines before this one.
  public let records: Int64
  public let totals: [Currency: LedgerTotals]
  public let at: Instant

  public init(cause: Cause, records: Int64, totals: [Currency: LedgerTotals], at: Instant) {
    self.cause = cause
    self.records = records
    self.totals = totals
    self.at = at
  }
}

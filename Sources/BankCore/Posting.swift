/// An entry on its way to the books.
public struct Submission: Hashable, Sendable {
  public let entry: Entry
  public let standing: Standing
  /// Lower-case hex SHA-256 of `entry.content`.
  public let contentHash: String
  /// The id under which a released advice is booked when its first id turns out to have been
  /// refused before the answer was lost.
  public let secondID: EntryID?
  /// The entry was released beyond an offline limit and nobody had approved it.
  public let isOverLimit: Bool
  /// The entry was told to the customer before the bank had decided: the same instruction from
  /// elsewhere is looked for, and a refusal needs a person who tells the customer.
  public let wasReleased: Bool
  /// The hash of the entry's line in the manual ledger, stored with the terminal's highest number.
  public let lineHash: String
  /// Set when a database that was restored from a backup is healed: what it had decided before,
  /// which is booked again as it was, without asking the rules.
  public let recorded: RecordedOutcome?
  /// A person has decided: where the books know the first id with other content, or the number as
  /// another entry's, the entry is booked under its second id.
  public let mayTakeSecondID: Bool
  /// Taken over from an old copy of the till's directory, where it had the id that it replaces. What is
  /// booked under that id is not booked again.
  public let isAdopted: Bool

  /// Whether its customer counts on it: it was released, or booked before the database was restored.
  var wasTold: Bool {
    wasReleased || entry.kind != .settlement && recorded?.outcome.isBooked ?? false
  }

  public init(
    entry: Entry, standing: Standing, contentHash: String, secondID: EntryID? = nil,
    isOverLimit: Bool = false, wasReleased: Bool = false, lineHash: String = "",
    recorded: RecordedOutcome? = nil, mayTakeSecondID: Bool = false, isAdopted: Bool = false
  ) {
    self.isAdopted = isAdopted
    self.entry = entry
    self.standing = standing
    self.contentHash = contentHash
    self.secondID = secondID
    self.isOverLimit = isOverLimit
    self.wasReleased = wasReleased
    self.lineHash = lineHash
    self.recorded = recorded
    self.mayTakeSecondID = mayTakeSecondID
  }
}

/// An outcome that the database told once and the manual ledger kept.
public struct RecordedOutcome: Hashable, Sendable {
  public let outcome: Outcome
  public let flags: Set<Flag>
  /// The first id of the entry, or its second.
  public let bookedAs: EntryID
  /// Nil for a refusal.
  public let bookingDate: BusinessDay?

  public init(outcome: Outcome, flags: Set<Flag>, bookedAs: EntryID, bookingDate: BusinessDay?) {
    self.outcome = outcome
    self.flags = flags
    self.bookedAs = bookedAs
    self.bookingDate = bookingDate
  }
}

/// An exception to be marked as settled together with a batch.
public struct SettlementRequest: Hashable, Sendable {
  public let exception: EntryID
  public let settlement: Settlement
  /// The submission of the batch that carries the settlement out; the exception is settled only
  /// when that is booked. Nil when nothing needs to be moved.
  public let through: EntryID?
  /// It stood in the books before they were restored from a backup. The exception itself may not be
  /// back yet, from the till that captured its entry: then it is settled as soon as it comes.
  public let isRecorded: Bool

  public init(
    exception: EntryID, settlement: Settlement, through: EntryID?, isRecorded: Bool = false
  ) {
    self.exception = exception
    self.settlement = settlement
    self.through = through
    self.isRecorded = isRecorded
  }
}

/// From when a debit counts that is booked later than it was captured.
public enum LateDebitValue: String, Hashable, Sendable, CaseIterable {
  /// From the day it is booked: no customer is charged from before that.
  case booking
  /// From the day it was captured, like a credit.
  case capture
}

/// Entries that are decided together, in order, in one database transaction.
public struct PostingBatch: Hashable, Sendable {
  /// The terminal whose counter the transaction advances; nil for imports.
  public let terminal: Identifier?
  public let submissions: [Submission]
  /// Today at the bank, by the bank's clock.
  public let today: BusinessDay
  /// Where the bank has no clock: the last day that is believed without a person's word.
  public let doubtedAfter: BusinessDay?
  public let decidedAt: Instant
  public let settlements: [SettlementRequest]
  public let lateDebitValue: LateDebitValue

  public init(
    terminal: Identifier?, submissions: [Submission], today: BusinessDay,
    doubtedAfter: BusinessDay? = nil, decidedAt: Instant,
    settlements: [SettlementRequest] = [], lateDebitValue: LateDebitValue = .booking
  ) {
    self.doubtedAfter = doubtedAfter
    self.lateDebitValue = lateDebitValue
    self.terminal = terminal
    self.submissions = submissions
    self.today = today
    self.decidedAt = decidedAt
    self.settlements = settlements
  }

  /// Ids whose inbox rows must be read: the entries, their second ids and what they reverse.
  public var idsToRead: Set<EntryID> {
    firstIDsToRead.union(submissions.lazy.compactMap(\.secondID))
      .union(submissions.lazy.compactMap(\.recorded?.bookedAs))
  }

  /// The same without second ids, for a store that reads those where they are needed.
  public var firstIDsToRead: Set<EntryID> {
    var ids: Set<EntryID> = []
    ids.reserveCapacity(submissions.count)
    for submission in submissions {
      ids.insert(submission.entry.id)
      if let target = submission.entry.reverses { ids.insert(target) }
      if submission.isAdopted, let first = submission.entry.replaces { ids.insert(first) }
    }
    return ids
  }

  /// The second ids that the rules ask about, once the inbox rows of the first ids are known.
  public func secondIDsToRead(given inbox: [EntryID: InboxRow]) -> [EntryID] {
    submissions.compactMap { submission in
      if let recorded = submission.recorded, recorded.bookedAs != submission.entry.id {
        return recorded.bookedAs
      }
      guard let known = inbox[submission.entry.id] else {
        // Its number may be another entry's.
        return submission.mayTakeSecondID ? submission.secondID : nil
      }
      let isRefusedAdvice = submission.standing == .advice && !known.outcome.isBooked
      let isForeign = submission.mayTakeSecondID && known.contentHash != submission.contentHash
      return isRefusedAdvice || isForeign ? submission.secondID : nil
    }
  }

  /// Exceptions that must be locked, so that each is settled once.
  public var exceptionsToLock: [EntryID] { Set(settlements.map(\.exception)).sorted() }

  /// Entries that the settlements which move money say theirs to be the same as. Their customers'
  /// accounts must be locked too, so that each serves one match and is not reversed meanwhile.
  public var matchesToLock: [EntryID] {
    let ids = settlements.compactMap { request -> EntryID? in
      guard request.through != nil, case .match(let id) = request.settlement.resolution else {
        return nil
      }
      return id
    }
    return Set(ids).sorted()
  }

  /// Booked transactions whose standing the rules ask about: what is reversed, settled and matched.
  public var targetsToRead: Set<EntryID> {
    Set(submissions.lazy.compactMap(\.entry.reverses)).union(matchesToLock)
      .union(settlements.lazy.filter { $0.through != nil }.map(\.exception))
  }

  /// Customer accounts that must be locked, in order of their numbers.
  public var customerAccountsToLock: [AccountNumber] {
    var numbers: Set<AccountNumber> = []
    for submission in submissions {
      for number in [submission.entry.debit, submission.entry.credit] where !number.isOwn {
        numbers.insert(number)
      }
    }
    return numbers.sorted()
  }

  /// The bank's own accounts whose shares must be locked: named ones, and suspense per currency.
  public var ownAccountsToLock: [AccountShare] {
    var shares: Set<AccountShare> = []
    var suspense: [Currency: Set<String>] = [:]
    for submission in submissions {
      let entry = submission.entry
      let share = entry.terminal.text
      for number in [entry.debit, entry.credit] where number.isOwn {
        shares.insert(AccountShare(account: number, share: share))
      }
      suspense[entry.amount.currency, default: []].insert(share)
    }
    for (currency, names) in suspense {
      let number = OwnAccount.suspense.number(currency)
      for name in names { shares.insert(AccountShare(account: number, share: name)) }
    }
    return shares.sorted()
  }
}

/// One terminal's part of an account that every till touches. Customers' accounts have the single
/// share `""`.
public struct AccountShare: Hashable, Sendable, Comparable {
  public let account: AccountNumber
  public let share: String

  public init(account: AccountNumber, share: String) {
    self.account = account
    self.share = share
  }

  public static func < (a: AccountShare, b: AccountShare) -> Bool {
    (a.account, a.share) < (b.account, b.share)
  }
}

/// What the database remembers of an entry for ever.
public struct InboxRow: Hashable, Sendable {
  public let id: EntryID
  public let contentHash: String
  public let terminal: String
  /// Nil for the second id of an entry, imports and settlements made by scripts.
  public let number: Int64?
  public let outcome: Outcome
  public let flags: Set<Flag>
  public let decidedAt: Instant

  public init(
    id: EntryID, contentHash: String, terminal: String, number: Int64?, outcome: Outcome,
    flags: Set<Flag>, decidedAt: Instant
  ) {
    self.id = id
    self.contentHash = contentHash
    self.terminal = terminal
    self.number = number
    self.outcome = outcome
    self.flags = flags
    self.decidedAt = decidedAt
  }

  /// `till-1/0412`, or the terminal alone where the row has no number.
  public var label: String {
    number.map { EntryLabel.text(terminal, $0) } ?? terminal
  }
}

/// An entry in the bank's books, with the accounts it was really booked on.
public struct BookedTransaction: Hashable, Sendable {
  /// `entry.debit` and `entry.credit` are the booked accounts: suspense where it was placed there.
  public let entry: Entry
  public let outcome: Outcome
  public let flags: Set<Flag>
  public let bookingDate: BusinessDay

  public init(entry: Entry, outcome: Outcome, flags: Set<Flag>, bookingDate: BusinessDay) {
    self.entry = entry
    self.outcome = outcome
    self.flags = flags
    self.bookingDate = bookingDate
  }
}

/// The effect of a transaction on one account.
public struct PostingLine: Hashable, Sendable {
  public let account: AccountShare
  /// From 1, without gaps within the share.
  public let sequence: Int64
  public let entry: EntryID
  /// From the holder's view: positive is a credit.
  public let amountMinorUnits: Int64
  /// The share's balance after this line.
  public let balanceMinorUnits: Int64
  public let bookingDate: BusinessDay
  /// From when it counts for this account.
  public let valueDate: BusinessDay

  public init(
    account: AccountShare, sequence: Int64, entry: EntryID, amountMinorUnits: Int64,
    balanceMinorUnits: Int64, bookingDate: BusinessDay, valueDate: BusinessDay
  ) {
    self.valueDate = valueDate
    self.account = account
    self.sequence = sequence
    self.entry = entry
    self.amountMinorUnits = amountMinorUnits
    self.balanceMinorUnits = balanceMinorUnits
    self.bookingDate = bookingDate
  }
}

/// Where an account share stands: its newest sequence and its balance.
public struct ShareStanding: Hashable, Sendable {
  public var sequence: Int64
  public var balanceMinorUnits: Int64

  public init(sequence: Int64 = 0, balanceMinorUnits: Int64 = 0) {
    self.sequence = sequence
    self.balanceMinorUnits = balanceMinorUnits
  }
}

/// A booked transaction that somebody wants to reverse or to settle, and what became of it since.
public struct ReversalTarget: Hashable, Sendable {
  /// How the exception stands that the transaction is.
  public enum Worklist: Hashable, Sendable {
    case open
    case settled(Resolution)
  }

  public let transaction: BookedTransaction
  public let reversedBy: EntryID?
  /// Nil where it is no exception.
  public let worklist: Worklist?

  public init(
    transaction: BookedTransaction, reversedBy: EntryID?, worklist: Worklist? = nil
  ) {
    self.transaction = transaction
    self.reversedBy = reversedBy
    self.worklist = worklist
  }

  /// A settlement has taken the money away from where the entry had brought it.
  public var isMoved: Bool {
    guard case .settled(let resolution) = worklist else { return false }
    return resolution.way == .to || resolution.way == .match
  }

  /// Why nobody can undo it once more; nil where nobody has.
  public var undoing: Reason? {
    if reversedBy != nil { return .alreadyReversed }
    return isMoved ? .movedAlready : nil
  }

  /// Whether the books still show what was entered: nothing has undone it and nobody asks about it.
  public var standsForItself: Bool {
    transaction.outcome == .posted && undoing == nil && worklist != .open
  }
}

/// What a store reads, under its locks, before the rules decide a batch.
public struct PostingFacts: Sendable {
  /// The customers' accounts of the batch that exist.
  public var accounts: [AccountNumber: Account] = [:]
  /// The own accounts' shares of the batch that exist.
  public var shares: [AccountShare: ShareStanding] = [:]
  public var inbox: [EntryID: InboxRow] = [:]
  /// Ids that hold a number of the batch; there may be those of other numbers too.
  public var numbersTaken: [EntryNumber: EntryID] = [:]
  public var targets: [EntryID: ReversalTarget] = [:]
  /// Exceptions named by the batch's settlements that are open.
  public var openExceptions: [EntryID: ExceptionRecord] = [:]
  /// Entries named by the batch's settlements that another exception was settled as the same as.
  public var matched: Set<EntryID> = []
  /// Those that somebody has settled.
  public var settledExceptions: Set<EntryID> = []
  /// Entries of the batch for which the books already show the same account, kind, amount,
  /// currency and value date from another terminal or an import, with that transaction.
  public var probableDuplicates: [EntryID: EntryID] = [:]
  public var closedThrough: BusinessDay?

  public init() {}
}

/// What the rules decided about one submission.
public struct Decision: Hashable, Sendable {
  public enum Verdict: Hashable, Sendable {
    case decided(Outcome, Set<Flag>)
    /// Nothing was written: the entry goes on waiting.
    case held(Reason)
    /// Nothing was written, and sending it again cannot help: a person decides. The rest of the
    /// batch goes on.
    case blocked(Reason)
    /// The books contradict this terminal: nothing of the batch may be written.
    case alarm(Reason)
  }

  /// The submission's first id.
  public let id: EntryID
  /// The id under which it is booked: the first, or the second.
  public let bookedAs: EntryID
  public let verdict: Verdict
  /// The database knew it already; nothing was written now.
  public let wasKnown: Bool
  public let bookingDate: BusinessDay?
  /// Of the entry's first customer account after it; only when it was booked now.
  public let balance: Money?
  /// The same id with the same content came from elsewhere first: who had captured it there.
  public let sameAs: String?

  public init(
    id: EntryID, bookedAs: EntryID, verdict: Verdict, wasKnown: Bool,
    bookingDate: BusinessDay? = nil, balance: Money? = nil, sameAs: String? = nil
  ) {
    self.balance = balance
    self.sameAs = sameAs
    self.id = id
    self.bookedAs = bookedAs
    self.verdict = verdict
    self.wasKnown = wasKnown
    self.bookingDate = bookingDate
  }
}

/// Everything a store writes for a batch, in the same database transaction.
public struct PostingWrites: Sendable {
  public internal(set) var decisions: [Decision] = []
  public internal(set) var inbox: [InboxRow] = []
  public internal(set) var transactions: [BookedTransaction] = []
  public internal(set) var lines: [PostingLine] = []
  /// New standing of each customer account that changed.
  public internal(set) var accounts: [AccountNumber: ShareStanding] = [:]
  /// New standing of each own account's share that changed.
  public internal(set) var shares: [AccountShare: ShareStanding] = [:]
  /// Booked or refused entries that a person must look at. One that is stored already stays as it
  /// is: insert, and do nothing where the entry id is there.
  public internal(set) var exceptions: [ExceptionRecord] = []
  /// Exceptions that are settled now.
  public internal(set) var settled: [SettlementRequest] = []
  /// The terminal's highest number in this batch, and that line's hash.
  public internal(set) var highest: (number: Int64, lineHash: String)?

  /// An alarm: then it is the only decision, nothing else is set, and nothing may be written.
  public var alarm: Decision? {
    guard let only = decisions.first, case .alarm = only.verdict else { return nil }
    return only
  }
}

import BankCore
import ManualLedger

/// Names a conversation: a request and the one reply it gets.
typealias Ticket = Int

/// What happened. The machine learns of the world through these alone.
enum Event: Sendable {
  case asked(Ticket, Request)
  case timer(Timer)
  /// `number` is the greeting's; the answer of one that was abandoned means nothing.
  case greeted(Result<Greeting, StoreFault>, isFresh: Bool, knowsLast: Bool, number: Int)
  /// During that greeting: the bank has said who it is, and can be read.
  case recognized(Greeting, number: Int)
  case enrolled(Result<Enrolment, Failure>)
  /// An idle connection was closed by the other side.
  case connectionLost(StoreFault)
  /// The desk talks to another store from now on.
  case storeTurned(endpoint: String)
  /// The records are those that were to be written; what is durable stands in the receipt.
  case appended(AppendPurpose, [LedgerRecord], Result<DurableReceipt, Failure>)
  case posted(Result<PostingReceipt, StoreFault>)
  case planned(Ticket, Result<[Decision], StoreFault>, silentTerminals: [String])
  /// `elsewhere` is nil when the bank itself knows all that counts.
  case answered(
    Ticket, BookQuestion, ReadSource, Result<ReadAnswer, StoreFault>, elsewhere: Elsewhere? = nil)
  case lookedUp(
    EntryID, [AccountNumber: Account], snapshotAsOf: Instant?, elsewhere: Elsewhere = Elsewhere())
  /// The ledgers of the other tills were looked at, because they count from now on.
  case lookedAround(notice: String?)
  case targetFound(
    Ticket, Draft, Result<ReversalTarget?, StoreFault>, knownAs: InboxRow?,
    wasToldUnknown: Bool = false)
  /// The kept segments were searched for the draft's id.
  case ledgersSearched(Ticket, Draft, EntryID, Result<LedgerEntry?, Failure>)
  case idChecked(Ticket, Draft, Result<InboxRow?, StoreFault>)
  case snapshotRefreshed(asOf: Instant?, accounts: Set<AccountNumber>?, startedAt: Instant)
  case exceptionsCounted(Int)
  /// Exceptions of this terminal, and how the bank says that they were settled.
  case settlementsLearned([EntryID: Settlement])
  /// An exception is to be settled, by moving its amount or without.
  case settling(Ticket, ExceptionRecord, Resolution, String, SettlementMove)
  /// What the books say of a decision that moves nothing; the ticket is nil where nobody waits.
  case settled(Ticket?, SettledRecord, Result<SettlementAnswer, StoreFault>)
  /// Entries of an old copy of this till's directory are to be taken over.
  case adopting(Ticket, [AdoptionLine], unasked: [EntryID] = [], note: String)
  /// The database is about to be given back what it has forgotten. How far this terminal counts as
  /// acknowledged from now on, so that the database is behind until it is healed.
  case healingBegins(Ticket, Acknowledgement)
  /// The database was given back what it had forgotten, and this goes on record.
  case gaveBack(Ticket, HealingReport, HealingLines)
  /// The database counts as healed.
  case healed(BankIdentity)
  /// The bank is kept away on purpose from now on, or not any more.
  case holdChanged(HoldState)
  /// A longer operation with its own steps has ended.
  case operated(Ticket, Reply, StoreFault?)
}

/// What is to be done. The runtime carries these out and reports back with an `Event`.
enum Effect: Sendable {
  case reply(Ticket, Reply)
  case append(AppendPurpose, [LedgerRecord])
  case post(PostingBatch)
  case plan(Ticket, PostingBatch)
  case greet(isFresh: Bool, last: EntryID?, number: Int)
  case enrol(Greeting)
  case read(Ticket, BookQuestion, ReadSource)
  case lookUp(EntryID, [AccountNumber])
  /// `knownAs` is what the bank knows under the draft's own id.
  case findTarget(Ticket, Draft, EntryID, knownAs: InboxRow?)
  case searchLedgers(Ticket, Draft, EntryID)
  case checkID(Ticket, Draft, EntryID)
  case operate(Ticket, Operation)
  /// A decision about an exception, which moves nothing, is put on record in the books.
  case settle(Ticket?, SettledRecord)
  /// Ask the rules of the bank about a settlement without sending it.
  case foretell(Ticket, PostingBatch)
  /// That a healing begins is on record here.
  case giveBack(Ticket)
  /// A healing is on record here: the bank begins a new epoch.
  case raiseEpoch(Ticket, HealingReport)
  case refreshSnapshot(accounts: Set<AccountNumber>?)
  case countExceptions
  case lookAround
  /// The connection is looked at over one of its own, for the outage's report.
  case examine(OutageID, Layer)
  case setTimer(Timer, afterMilliseconds: Int64)
  case rotateLedger(SealRecord.Cause)
  /// A reconciliation has ended, or was cut off: for the log.
  case runEnded(ReconciliationReport)
  case disconnect
}

/// How an exception stands in the books after a decision about it was put on record there.
struct SettlementAnswer: Sendable {
  var exception: ExceptionRecord?
  var acknowledgement: Acknowledgement
}

/// The bank knows this terminal, and its ledger has a first segment.
struct Enrolment: Sendable {
  var bank: BankIdentity
  /// Set when the segment was begun now.
  var ledger: LedgerState?
}

enum Timer: Hashable, Sendable {
  /// A probe of that generation; older ones are ignored when they ring.
  case probe(generation: Int)
  /// The bank has been silent for so long that a command goes on without its greeting.
  case greeting
  /// The bank has not decided about this entry in time.
  case decision(EntryID)
  case snapshot
  /// What was replied has been shown to whoever asked.
  case told
  /// A reconciliation has rested for whoever is at the till.
  case rest
}

enum AppendPurpose: Hashable, Sendable {
  /// The entry, on its way to the bank.
  case capture(EntryID)
  /// The words that it is taken, perhaps with the entry itself.
  case release(EntryID)
  case outcomes
  /// That entries may be sent now.
  case sending
  case void(EntryID, Ticket)
  case keep(EntryID, Ticket)
  /// What a supervisor has decided about a held entry.
  case decision(EntryID, Ticket)
  /// That somebody has seen to the notice of an entry.
  case noted(EntryID, Ticket)
  /// What is taken over from an old copy.
  case adoption(AdoptionReport, Ticket)
  /// How an exception is settled for which nothing needs to move.
  case settlement(SettledRecord, Ticket)
  /// That a restored bank is given back what it has forgotten.
  case healingBegins(Ticket)
  /// What a restored bank has made of what it was given back.
  case healing(Ticket, HealingReport)
  /// That a supervisor has accepted the ledger's damage.
  case lifted(Ticket, HealingReport)
  /// What became of an entry whose line is gone.
  case missingNoted(Ticket)
  case remark

  /// Who asked for the lines themselves; nil where somebody waits for an entry, or nobody does.
  var ticket: Ticket? {
    switch self {
    case .void(_, let ticket), .keep(_, let ticket), .decision(_, let ticket),
      .noted(_, let ticket), .settlement(_, let ticket), .lifted(let ticket, _),
      .missingNoted(let ticket), .adoption(_, let ticket), .healingBegins(let ticket),
      .healing(let ticket, _):
      ticket
    case .capture, .release, .outcomes, .sending, .remark: nil
    }
  }
}

enum ReadSource: Hashable, Sendable {
  case live
  case snapshot
}

/// A read as the store or the snapshot answered it, before estimates are added.
enum ReadAnswer: Sendable {
  case account(Account?, asOf: Instant)
  case accounts(AccountPage, asOf: Instant)
  case count(CappedCount)
  case statement(Account?, StatementPage, asOf: Instant)
  case journal(JournalPage, asOf: Instant)
  case exceptions(ExceptionPage)
  /// `wasToldUnknown`: older segments say so of what is to be reversed.
  case review(
    Draft, [AccountNumber: Account], target: ReversalTarget?, asOf: Instant,
    wasToldUnknown: Bool = false)

  var asOf: Instant? {
    switch self {
    case .account(_, let asOf), .accounts(_, let asOf), .statement(_, _, let asOf),
      .journal(_, let asOf), .review(_, _, _, let asOf, _):
      asOf
    case .count, .exceptions: nil
    }
  }

  /// The accounts whose balances it shows.
  var accounts: [Account] {
    switch self {
    case .account(let account, _), .statement(let account, _, _): account.map { [$0] } ?? []
    case .accounts(let page, _): page.accounts
    case .review(_, let accounts, _, _, _): Array(accounts.values)
    case .count, .journal, .exceptions: []
    }
  }
}

/// What the figures of one answer stand on.
struct Footing: Sendable {
  /// The bank itself has answered, not the snapshot.
  var isLive: Bool
  var asOf: Instant
  var elsewhere = Elsewhere()

  var plain: Provenance { isLive ? .live(asOf) : .snapshot(asOf: asOf) }
}

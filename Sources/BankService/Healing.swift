import BankCore
import ManualLedger

/// What a healing has to know of its terminal, at the moment when it is asked for something.
struct HealingFacts: Sendable {
  var terminal: TerminalIdentity
  /// Why the bank cannot be used; nil while it can.
  var cause: Cause?
  /// Nil before the terminal has met any bank.
  var expectedBank: Identifier?
  /// The highest epoch that this terminal has seen of its bank, also in a snapshot.
  var epochSeen: Int64 = 0
  /// How far the bank had acknowledged this terminal.
  var acknowledgement: Acknowledgement?
  /// What the open part of the ledger holds in memory.
  var open: Set<EntryID> = []
  /// A console holds more in memory than its segments are sure to need.
  var isCommand = true
  /// The day on which entries are booked now.
  var bookingDay: BusinessDay
  var now: Instant

  /// Whether the open part of the ledger still holds the entry, so that a line can speak of it.
  func isAtHand(_ known: LedgerEntry) -> Bool {
    guard open.contains(known.entry.id) else { return false }
    return isCommand
      || now.milliseconds(since: known.entry.capturedAt) < LedgerState.recentMilliseconds
  }

  /// Why nothing can be given back by this directory; nil where it can. Of an old copy the bank knows
  /// more than the directory does: there is nothing that it has forgotten.
  var objection: Failure? {
    guard let cause, cause.code == .terminalCloned else { return nil }
    return Failure(
      .refused, code: cause.code.description,
      text: "The bank has forgotten nothing. \(cause.sentence)",
      fix: "Nothing was changed. \(cause.remedy)")
  }

  /// Why nothing is given back to that bank; nil where it is this terminal's.
  func objection(to bank: BankIdentity, at endpoint: String) -> Failure? {
    guard let expectedBank, expectedBank != bank.id else { return nil }
    return Failure(
      .wrongBank, code: CauseCode.wrongBank.description,
      text: "\(endpoint) is another bank: \(bank.name).",
      fix: "Heal only the bank that this terminal belongs to.")
  }
}

/// What stands in the kept segments as acknowledged, and not in the database as that.
struct Forgotten: Sendable {
  struct Item: Sendable {
    let known: LedgerEntry
    let submission: Submission
    let settlement: SettlementRequest?
  }

  /// A settlement that moves nothing.
  struct Decision: Sendable {
    let request: SettlementRequest
    /// Somebody else has settled the exception.
    let isTooLate: Bool
  }

  private(set) var entries: [Item] = []
  /// What the ledger says was decided, and no bank can have given.
  private(set) var doubted: [LedgerEntry] = []
  private(set) var settlements: [Decision] = []
  /// How far the bank had acknowledged this terminal.
  let acknowledged: Acknowledgement?
  let lastAcknowledged: EntryID?

  var isEmpty: Bool { entries.isEmpty && doubted.isEmpty && settlements.isEmpty }

  /// What the books are asked about. What healing took over under a new id goes its own way.
  static func decided(in state: LedgerState) -> [LedgerEntry] {
    state.entries.filter { known in
      known.outcome?.acknowledgement != nil
        && state.adopted(known.entry.id)?.entry.moves(as: known.entry) != true
    }
  }

  /// - Parameters:
  ///   - books: what the database knows of `decided(in:)`, by the ids under which they are booked.
  ///   - exceptions: what it knows of the exceptions that the ledger has settled without moving anything.
  init(
    _ state: LedgerState, books: [EntryID: InboxRow], exceptions: [EntryID: ExceptionRecord],
    _ facts: HealingFacts
  ) {
    acknowledged = state.acknowledgement
    lastAcknowledged = state.lastAcknowledged
    sort(Self.decided(in: state), books, facts)
    for record in state.settlements.booked {
      let now = exceptions[record.exception]?.settlement
      guard !record.isOnRecord(as: now) else { continue }
      let request = SettlementRequest(
        exception: record.exception, settlement: record.settlement, through: nil, isRecorded: true)
      settlements.append(Decision(request: request, isTooLate: now != nil))
    }
  }

  private mutating func sort(
    _ decided: [LedgerEntry], _ books: [EntryID: InboxRow], _ facts: HealingFacts
  ) {
    var given = GivenOutcomes()
    var bookedIDs: [EntryID: EntryID] = [:]
    for known in decided { bookedIDs[known.entry.id] = known.outcome?.recorded.bookedAs }
    for known in decided {
      if let outcome = known.outcome { given.note(outcome, books[outcome.recorded.bookedAs]) }
    }
    for known in decided {
      guard let outcome = known.outcome else { continue }
      let recorded = outcome.recorded
      let row = books[recorded.bookedAs]
      if row == nil, !given.mayBeLost(outcome) {
        doubted.append(known)
      } else if !Self.isOnRecord(known, recorded, row, facts) {
        entries.append(
          Item(
            known: known, submission: Self.submission(known, recorded, bookedIDs),
            settlement: recorded.outcome.isBooked ? known.settlementRequest(isRecorded: true) : nil
          ))
      }
    }
  }

  /// Whether the database knows the id, with this content and this outcome. What it knows otherwise of
  /// an entry that this ledger has let go is on its own worklist.
  private static func isOnRecord(
    _ known: LedgerEntry, _ recorded: RecordedOutcome, _ row: InboxRow?, _ facts: HealingFacts
  ) -> Bool {
    guard let row, row.contentHash == known.entry.contentHash else { return false }
    return row.outcome == recorded.outcome || !facts.isAtHand(known)
  }

  /// - Parameter bookedIDs: under which id each entry stands in the books: what a reversal takes back
  ///   may be there under its second one.
  private static func submission(
    _ known: LedgerEntry, _ recorded: RecordedOutcome, _ bookedIDs: [EntryID: EntryID]
  ) -> Submission {
    Submission(
      entry: known.entry.reversing(known.entry.reverses.map { bookedIDs[$0] ?? $0 }),
      standing: known.release?.standing ?? .request,
      contentHash: known.entry.contentHash, secondID: known.release?.secondID,
      wasReleased: known.release != nil, lineHash: known.lineHash.description,
      recorded: recorded, isAdopted: known.isAdopted)
  }

  /// Further than the bank can come by giving back, however many transactions that takes.
  func ahead(of greeting: Greeting, epochSeen: Int64) -> Acknowledgement {
    let counter = max(acknowledged?.counter ?? 0, greeting.terminal?.counter ?? 0)
    return Acknowledgement(
      counter: counter + Int64(entries.count + settlements.count + 1),
      epoch: max(acknowledged?.epoch ?? 0, greeting.bank.epoch, epochSeen))
  }

  /// Whether the database shows that it is an older copy, although nothing of the kept segments is
  /// missing: it has to be told how far it had come.
  ///
  /// - Parameter knowsLast: whether it knows the entry that it had acknowledged last.
  func isBehind(
    _ greeting: Greeting, at terminal: TerminalIdentity, knowsLast: Bool
  ) -> Bool {
    guard let acknowledged else { return false }
    let memory = TillMemory(
      bank: greeting.bank.id, terminal: terminal.id, acknowledged: acknowledged,
      lastAcknowledged: lastAcknowledged)
    return memory.isForgotten(
      by: TillKnowledge(
        counter: greeting.terminal?.counter ?? 0, epoch: greeting.bank.epoch, knowsLast: knowsLast))
  }
}

/// What the ledger is told of a healing.
struct HealingLines: Sendable {
  /// How far the bank has acknowledged the terminal.
  var acknowledgement: Acknowledgement?
  private(set) var records: [LedgerRecord] = []
  /// Blocked entries that the open part of the ledger does not hold any more: they go on under new ids.
  private(set) var taken: [(line: AdoptionLine, reason: Reason)] = []

  /// What the bank has made of an entry that it was given back.
  ///
  /// - Parameter mint: an id that nobody has.
  mutating func add(
    _ decision: Decision, of known: LedgerEntry, _ facts: HealingFacts, mint: () -> EntryID
  ) {
    switch decision.verdict {
    case .decided(let outcome, let flags):
      guard let before = known.outcome, facts.isAtHand(known) else { return }
      let isSame =
        before.recorded.outcome == outcome && before.recorded.flags == flags
        && before.recorded.bookedAs == decision.bookedAs && before.sameAs == decision.sameAs
      guard !isSame else { return }
      let now = RecordedOutcome(
        outcome: outcome, flags: flags, bookedAs: decision.bookedAs,
        bookingDate: decision.bookingDate)
      records.append(
        .outcome(
          OutcomeRecord(
            entry: known.entry.id, recorded: now, acknowledgement: acknowledgement,
            // It was told as booked: somebody has to tell the customer.
            needsNotice: !outcome.isBooked && known.entry.kind != .settlement
              && before.recorded.outcome.isBooked,
            sameAs: decision.sameAs, at: facts.now)))
    case .held(let reason), .blocked(let reason), .alarm(let reason):
      block(known, reason, facts, mint)
    }
  }

  /// An entry whose outcome no bank can have given is not booked, and waits for a person.
  mutating func doubt(_ known: LedgerEntry, _ facts: HealingFacts, mint: () -> EntryID) {
    block(known, .outcomeNotGiven, facts, mint)
  }

  /// A decision that somebody else was faster with.
  mutating func addTooLate(_ request: SettlementRequest) {
    guard let acknowledgement else { return }
    records.append(
      .settled(SettledRecord(request.exception, request.settlement, .tooLate(acknowledgement))))
  }

  private mutating func block(
    _ known: LedgerEntry, _ reason: Reason, _ facts: HealingFacts, _ mint: () -> EntryID
  ) {
    if known.entry.kind == .settlement {
      // Its exception is open again, and is settled anew.
      guard facts.isAtHand(known) else { return }
      let refused = RecordedOutcome(
        outcome: .refused(reason), flags: [], bookedAs: known.entry.id, bookingDate: nil)
      records.append(
        .outcome(
          OutcomeRecord(
            entry: known.entry.id, recorded: refused, acknowledgement: nil, at: facts.now)))
    } else if facts.isAtHand(known) {
      records.append(
        .blocked(BlockedRecord(entry: known.entry.id, reason: reason, at: facts.now)))
    } else {
      let item = Adoption.Item(
        known.entry, released: Standing(released: known.entry.kind), isOverLimit: false,
        mayHaveBeenSent: true, isAdopted: false)
      taken.append(
        (AdoptionLine(item: item, id: mint(), secondID: mint(), isUntold: false), reason))
    }
  }
}

extension SettledRecord {
  /// Whether the bank has the exception on record as settled by this decision.
  func isOnRecord(as settlement: Settlement?) -> Bool {
    settlement.map {
      $0.at == self.settlement.at && $0.resolution == self.settlement.resolution
    } ?? false
  }
}

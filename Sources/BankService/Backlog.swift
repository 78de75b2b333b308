import BankCore
import ManualLedger

/// What this till has captured and the bank has not decided, and what that does to balances and caps.
///
/// One of the values behind ``Continuity``. It holds the fold over the manual ledger, which is what
/// is durable, and beside it what is known already while its line is on its way to the disk. It knows
/// neither the bank's mode nor anybody who waits.
struct Backlog: Sendable {
  private let policy: OfflinePolicy
  /// The fold over the manual ledger; what is durable, nothing else.
  private(set) var ledger: LedgerState
  /// Decided by the bank, and their outcome line is not on the disk yet.
  private(set) var decided: [EntryID: OutcomeRecord] = [:]
  /// Lines that say as told what is being told just now: they are written when that is over.
  private(set) var owed: [LedgerRecord] = []
  /// Blocked by the bank's answer, their line on its way to the disk.
  private(set) var blocking: [EntryID: Blocking] = [:]
  /// Somebody has asked for their void, its line is on its way to the disk: they are not sent.
  private(set) var voiding: Set<EntryID> = []
  /// What the bank holds back, as it has said to this run of the program.
  private(set) var held: [EntryID: Reason] = [:]
  /// Requests beyond a limit: the bank holds them until a supervisor has decided, and whoever starts
  /// the program next knows that too.
  private var beyondLimit: Set<EntryID> = []
  /// What waits for each account, and does to it.
  private(set) var pending = EntriesByAccount()
  private var exposure = Exposure()
  /// Posted, but perhaps not in the snapshot yet.
  private(set) var unrefreshed = UnrefreshedEntries()
  /// When the snapshot was taken; nil while none can be read.
  private(set) var snapshotAsOf: Instant?
  /// Of what is to be reversed and stands in older segments: those whose customers were told that nobody
  /// knows.
  private(set) var toldUnknown: Set<EntryID> = []

  init(_ ledger: LedgerState, policy: OfflinePolicy) {
    self.policy = policy
    self.ledger = ledger
    for known in ledger.waiting {
      if known.release != nil { exposure.count(known.entry) }
      pending.add(known.entry, mayBeRefused: known.mayBeRefused)
      if needsSupervisor(known) { beyondLimit.insert(known.entry.id) }
    }
  }

  subscript(id: EntryID) -> LedgerEntry? { ledger[id] }

  // MARK: What waits

  /// Told entries that are not decided, oldest first. Costs a walk over all that wait.
  var waiting: [LedgerEntry] { ledger.waiting.filter { decided[$0.entry.id] == nil } }
  var waitingCount: Int { ledger.waitingCount - decided.count }
  var oldestWaiting: LedgerEntry? { waitingCount == 0 ? nil : ledger.oldestWaiting }

  func isWaiting(_ id: EntryID) -> Bool { ledger.isWaiting(id) && decided[id] == nil }

  /// Whether it waits for a person, and is not sent.
  func isBlocked(_ id: EntryID) -> Bool { ledger.isBlocked(id) || blocking[id] != nil }

  /// What the bank has blocked and a person has to end, also before its line is durable.
  var blockedIDs: Set<EntryID> {
    Set(ledger.blocked.map(\.entry.id)).union(blocking.filter { !$0.value.endsAtOnce }.keys)
  }

  var blockedCount: Int { ledger.blockedCount + blocking.values.count { !$0.endsAtOnce } }

  /// What waits and is not blocked.
  var openCount: Int { waitingCount - ledger.blockedCount - blocking.count }

  /// Whether the bank may be asked about it: nobody has to decide about it first, or is taking it back.
  func isSendable(_ id: EntryID) -> Bool {
    isWaiting(id) && !isBlocked(id) && !voiding.contains(id)
  }

  /// Entries of the ledger in the order of their lines.
  func inOrder(_ ids: some Sequence<EntryID>) -> [LedgerEntry] {
    ids.compactMap { ledger[$0] }.sorted { $0.line < $1.line }
  }

  /// What the bank has made of an entry, also before its line is durable.
  func outcome(of known: LedgerEntry) -> OutcomeRecord? {
    decided[known.entry.id] ?? known.outcome
  }

  /// The id under which an entry of this till stands in the books: its second one, where it was booked
  /// under that; any other as it is.
  func bookedID(of id: EntryID) -> EntryID {
    (decided[id] ?? ledger[id]?.outcome)?.recorded.bookedAs ?? id
  }

  /// What older segments say of what a draft reverses.
  mutating func rememberTarget(of draft: Draft, wasToldUnknown: Bool) {
    if wasToldUnknown, let target = draft.reverses { toldUnknown.insert(target) }
  }

  // MARK: What is held

  /// Whether the bank will hold it back until a supervisor has decided, by what the ledger says.
  private func needsSupervisor(_ known: LedgerEntry) -> Bool {
    guard known.release?.standing == .request else { return false }
    let decision = ledger.decision(about: known.entry.id)
    return decision == nil && isFlaggedOverLimit(known, decision)
  }

  /// Why a waiting entry is held until a person decides, or another one goes; nil where nothing holds it.
  func reasonToHold(_ id: EntryID) -> Reason? {
    if let reason = held[id] { return reason }
    guard beyondLimit.contains(id), let known = ledger[id], needsSupervisor(known) else {
      return nil
    }
    return .needsSupervisor
  }

  /// What waits until a person decides, or behind such an entry; not what is blocked.
  var heldIDs: Set<EntryID> { Set(held.keys).union(beyondLimit.filter(isHeldUnasked)) }

  /// How many, without a walk over those that the bank has named.
  var heldCount: Int { held.count + beyondLimit.count(where: isHeldUnasked) }

  private func isHeldUnasked(_ id: EntryID) -> Bool {
    held[id] == nil && isWaiting(id) && !isBlocked(id) && reasonToHold(id) != nil
  }

  /// Whether a person has to decide about it before it goes on.
  func awaitsPerson(_ id: EntryID) -> Bool {
    isWaiting(id) && (reasonToHold(id) != nil || isBlocked(id))
  }

  /// What decides how it can be settled while it waits for a person.
  func heldFacts(_ known: LedgerEntry) -> HeldFacts {
    HeldFacts(
      isBlocked: isBlocked(known.entry.id), released: known.release?.standing,
      wasTakenBack: known.wasTakenBack)
  }

  /// Held and blocked entries are exceptions that only this terminal knows of.
  var heldExceptions: [ExceptionRecord] {
    inOrder(heldIDs.union(blockedIDs)).compactMap { known in
      let id = known.entry.id
      guard let reason = blocking[id]?.reason ?? known.blockedReason ?? reasonToHold(id) else {
        return nil
      }
      return ExceptionRecord(
        known.entry, as: known.entry.id, .suspense(reason), openedAt: known.entry.capturedAt,
        held: heldFacts(known))
    }
  }

  mutating func hold(_ id: EntryID, _ reason: Reason) { held[id] = reason }
  mutating func unhold(_ id: EntryID) { held[id] = nil }

  // MARK: What is on its way to the disk

  /// The bank has decided an entry; its line is about to be written.
  mutating func decide(_ known: LedgerEntry, _ record: OutcomeRecord) {
    if decided.updateValue(record, forKey: record.entry) == nil { pending.remove(known.entry) }
    exposure.remove(known.entry)
    held[record.entry] = nil
    // What went to suspense is on no customer's account.
    if record.recorded.outcome == .posted { unrefreshed.add(known.entry, since: record.at) }
  }

  /// The bank cannot book it; the line that says so is about to be written.
  mutating func block(_ id: EntryID, _ blocking: Blocking) {
    held[id] = nil
    self.blocking[id] = blocking
  }

  /// How long it takes at most until a console has painted a reply. A command says when it has
  /// written its own.
  private static let tellingMilliseconds: Int64 = 200

  /// Writes what the bank has decided. Where somebody is being told of it, the line waits until that is
  /// over: whoever is killed before leaves an entry without an outcome, and the next run makes a
  /// notice of it. Later outcomes wait behind it, for they stand in the order of the bank's
  /// transactions.
  mutating func writeOutcomes(_ records: [LedgerRecord], isTelling: Bool) -> [Effect] {
    guard !records.isEmpty else { return [] }
    guard isTelling || !owed.isEmpty else { return [.append(.outcomes, records)] }
    owed += records
    return [.setTimer(.told, afterMilliseconds: Self.tellingMilliseconds)]
  }

  mutating func writeOwed() -> [Effect] {
    guard !owed.isEmpty else { return [] }
    defer { owed = [] }
    return [.append(.outcomes, owed)]
  }

  /// The lines could not be written. The bank has decided and remembers; asking again under the same
  /// id gives the same. What was not released counts against no cap.
  mutating func lose(_ records: [LedgerRecord]) {
    for case .released(let lost) in records where ledger[lost.entry]?.release == nil {
      // Its own line may have been among them.
      let own = records.compactMap { record -> Entry? in
        if case .entry(let own) = record, own.entry.id == lost.entry { own.entry } else { nil }
      }
      if let entry = ledger.entry(lost.entry) ?? own.first { exposure.remove(entry) }
    }
    for case .blocked(let lost) in records { blocking[lost.entry] = nil }
    for case .outcome(let lost) in records where decided.removeValue(forKey: lost.entry) != nil {
      guard let known = ledger[lost.entry] else { continue }
      unrefreshed.remove(lost.entry)
      pending.add(known.entry, mayBeRefused: known.mayBeRefused)
      if known.release != nil { exposure.count(known.entry) }
    }
  }

  mutating func beginVoid(_ id: EntryID) { voiding.insert(id) }
  mutating func endVoid(_ id: EntryID) { voiding.remove(id) }

  /// A line is durable.
  mutating func apply(_ line: DurableLine) {
    let record = line.record
    // What was untold held nothing and takes nothing with it.
    let wasWaiting =
      switch record {
      case .void(let void): isWaiting(void.entry)
      case .blocked(let blocked): isWaiting(blocked.entry)
      default: false
      }
    ledger.apply(line)
    switch record {
    case .entry(let record): pending.add(record.entry, mayBeRefused: true)
    case .released(let release):
      guard let known = ledger[release.entry] else { break }
      if release.standing == .advice { pending.confirm(known.entry) }
      if needsSupervisor(known) { beyondLimit.insert(release.entry) }
    case .keep(let keep):
      ledger[keep.entry].map { pending.add($0.entry, mayBeRefused: $0.mayBeRefused) }
    case .void(let void):
      beyondLimit.remove(void.entry)
      guard wasWaiting, let known = ledger[void.entry] else { break }
      pending.remove(known.entry)
      exposure.remove(known.entry)
    // A restored bank could not take it back: it waits for a person from now on.
    case .blocked(let blocked) where !wasWaiting:
      guard let known = ledger[blocked.entry], known.isWaiting else { break }
      pending.add(known.entry, mayBeRefused: known.mayBeRefused)
      if known.release != nil { exposure.count(known.entry) }
    case .outcome(let outcome):
      decided[outcome.entry] = nil
      beyondLimit.remove(outcome.entry)
    default: break
    }
    if case .blocked(let blocked) = record { blocking[blocked.entry] = nil }
  }

  /// The terminal is enrolled: its ledger has a first segment.
  mutating func begin(_ ledger: LedgerState) { self.ledger = ledger }

  // MARK: What was paid out

  /// What was paid out on this terminal's word and is not settled yet, other tills left out.
  var usage: OfflinePolicy.Usage { exposure.usage }

  /// It counts from its release on, before its line is on the disk.
  mutating func expose(_ entry: Entry) { exposure.count(entry) }

  /// What is paid out and not booked yet, here and from these accounts at the other tills.
  func usage(with elsewhere: Elsewhere) -> OfflinePolicy.Usage {
    var usage = exposure.usage
    elsewhere.count(in: &usage)
    return usage
  }

  /// What the caps leave for an entry.
  func room(for entry: Entry, _ elsewhere: Elsewhere) -> OfflinePolicy.Room {
    policy.room(for: entry.debit, entry.amount.currency, usage(with: elsewhere))
  }

  /// A payment beyond a limit stays flagged whoever allowed it, since its cash has moved; a request that
  /// a supervisor has allowed, at capture or later, needs no other.
  private func isFlaggedOverLimit(_ known: LedgerEntry, _ decision: NoteRecord.Decision?) -> Bool {
    guard let release = known.release, release.isOverLimit || isBeyondCap(known.entry),
      decision != .allow
    else { return false }
    return release.standing == .advice || known.entry.approvedBy == nil
  }

  /// By the limit as it is now: a line, or a limit that somebody set for a moment, may say otherwise.
  private func isBeyondCap(_ entry: Entry) -> Bool {
    guard entry.kind == .withdrawal || entry.kind == .transfer else { return false }
    return entry.amount.minorUnits > policy.perEntry(entry.amount.currency).minorUnits
  }

  // MARK: What the bank is sent

  func submissions(of ids: [EntryID]) -> [Submission] {
    ids.compactMap { id in
      ledger[id].map { submission($0, decision: ledger.decision(about: id)) }
    }
  }

  /// - Parameter decision: what a supervisor has said, or might say, about a held entry.
  func submission(_ known: LedgerEntry, decision: NoteRecord.Decision?) -> Submission {
    Submission(
      entry: known.entry.reversing(known.entry.reverses.map(bookedID)),
      standing: known.release?.standing ?? .request,
      contentHash: known.entry.contentHash, secondID: known.release?.secondID,
      isOverLimit: isFlaggedOverLimit(known, decision),
      wasReleased: known.release != nil, lineHash: known.lineHash.description,
      recorded: decision == .refuse ? .refusedByPerson(known.entry.id) : nil,
      mayTakeSecondID: known.mayTakeSecondID, isAdopted: known.isAdopted)
  }

  /// The exception that a settlement entry closes in the same transaction. The entry names it, so
  /// that it is closed too when the entry is sent again by another run of the program.
  func settlementRequest(_ id: EntryID) -> SettlementRequest? {
    ledger[id]?.settlementRequest(isRecorded: false)
  }

  // MARK: The snapshot

  /// Acknowledged after the snapshot was taken: perhaps not in it. The mark's counter says nothing:
  /// another till of this directory may have taken it.
  mutating func remember(_ standing: SnapshotStanding) {
    snapshotAsOf = standing.asOf
    for known in ledger.entries where known.isPosted(since: standing.asOf) {
      guard let outcome = known.outcome else { continue }
      unrefreshed.add(known.entry, since: outcome.at)
    }
  }

  /// What is offered follows what was found: a copy that cannot be read is as good as none.
  mutating func found(snapshotAsOf: Instant?) { self.snapshotAsOf = snapshotAsOf }

  private static let refreshMilliseconds: Int64 = 30_000

  /// Accounts were copied, or could not be. What was acknowledged before the copy began is in it.
  ///
  /// - Parameters:
  ///   - asOf: the moment of the copy; nil when there is none.
  ///   - accounts: those that were copied; all when nil.
  /// - Returns: when all are copied again.
  mutating func refreshed(
    asOf: Instant?, _ accounts: Set<AccountNumber>?, startedAt: Instant
  ) -> [Effect] {
    let again = Effect.setTimer(.snapshot, afterMilliseconds: Self.refreshMilliseconds)
    guard let asOf else { return [again] }
    settle(accounts, startedAt: startedAt)
    guard accounts == nil else { return [] }
    snapshotAsOf = asOf
    return [again]
  }

  private mutating func settle(_ accounts: Set<AccountNumber>?, startedAt: Instant) {
    unrefreshed.removeAll(on: accounts) { known in
      known.since <= startedAt
        && (accounts.map { known.entry.customerAccounts.allSatisfy($0.contains) } ?? true)
    }
  }
}

/// The bank cannot book an entry, and the line that says so is on its way to the disk.
struct Blocking: Sendable {
  var reason: Reason
  /// Nobody was promised anything: it is voided in the same group of lines.
  var endsAtOnce: Bool
}

/// What was paid out on this terminal's word and is not settled yet: released entries that the
/// bank has not decided and nobody has voided.
private struct Exposure: Sendable {
  private(set) var usage = OfflinePolicy.Usage()
  private var counted: Set<EntryID> = []

  mutating func count(_ entry: Entry) {
    if counted.insert(entry.id).inserted { usage.count(entry) }
  }

  mutating func remove(_ entry: Entry) {
    if counted.remove(entry.id) != nil { usage.remove(entry) }
  }
}

extension RecordedOutcome {
  /// A supervisor has refused an entry that was held.
  static func refusedByPerson(_ id: EntryID) -> RecordedOutcome {
    RecordedOutcome(
      outcome: .refused(.refusedByPerson), flags: [], bookedAs: id, bookingDate: nil)
  }
}

extension LedgerEntry {
  /// How the books close the exception that this settlement entry carries out.
  func settlementRequest(isRecorded: Bool) -> SettlementRequest? {
    guard entry.kind == .settlement, let exception = entry.replaces else { return nil }
    return SettlementRequest(
      exception: exception,
      settlement: Settlement(
        // A line from before this was written down says nothing about how.
        resolution: resolution ?? .post, by: entry.operatorName, note: entry.memo,
        at: entry.capturedAt),
      through: entry.id, isRecorded: isRecorded)
  }
}

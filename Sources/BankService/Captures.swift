import BankCore
import ManualLedger
import OrderedCollections

/// Entries from the question to the durable receipt: who waits for what, and which lines are on their
/// way to the disk.
///
/// One of the four values behind ``Continuity``.
struct Captures: Sendable {
  /// Captures and waiting requests that somebody is still to be told about.
  private var waiting: OrderedDictionary<EntryID, Capture> = [:]
  /// Entries whose line is on its way to the disk; counted in no total yet.
  private var writing: OrderedDictionary<EntryID, Entry> = [:]
  /// Numbers of entries whose line is on its way to the disk.
  private var reservedNumbers: Set<Int64> = []
  /// Lines that say as told what is being told just now: they are written when that is over.
  private(set) var owed: [LedgerRecord] = []
  /// Of what is to be reversed and stands in older segments: those whose customers were told that nobody
  /// knows.
  private(set) var toldUnknown: Set<EntryID> = []
  /// Asked before it was known whether the bank answers.
  private var deferred: [(Ticket, Request)] = []

  // MARK: Who waits

  subscript(id: EntryID) -> Capture? { waiting[id] }

  /// Whether somebody at this terminal is being told about it at this moment.
  func isOpen(_ id: EntryID) -> Bool { waiting[id] != nil }

  var openIDs: some Collection<EntryID> { waiting.keys }

  /// Those that wait for the bank to decide, and whose line is durable.
  var askingIDs: [EntryID] {
    waiting.values.filter { $0.phase == .asking && $0.isDurable }.map(\.entry.id)
  }

  mutating func open(_ capture: Capture) { waiting[capture.entry.id] = capture }

  /// Nobody is to be told about it any more.
  @discardableResult
  mutating func close(_ id: EntryID) -> Capture? { waiting.removeValue(forKey: id) }

  mutating func enter(_ phase: Capture.Phase, _ id: EntryID) { waiting[id]?.phase = phase }

  /// The entry's line is durable.
  mutating func becameDurable(_ id: EntryID, isOneCopyOnly: Bool) {
    waiting[id]?.isDurable = true
    waiting[id]?.isOneCopyOnly = isOneCopyOnly
  }

  // MARK: What is being written

  /// The number the next entry gets.
  ///
  /// - Parameter ledger: says which numbers are durable.
  func nextNumber(after ledger: LedgerState) -> Int64 {
    max(ledger.nextNumber, (reservedNumbers.max() ?? 0) + 1)
  }

  var inWriting: some Collection<Entry> { writing.values }
  func inWriting(_ id: EntryID) -> Entry? { writing[id] }

  /// An entry is captured, and its number is not given yet: a refusal must leave no gap.
  mutating func note(_ entry: Entry) { writing[entry.id] = entry }

  /// Nothing of it is recorded, and nothing will be.
  mutating func forget(_ id: EntryID) { writing[id] = nil }

  /// Its line goes to the disk, with its number.
  mutating func write(_ entry: Entry) {
    writing[entry.id] = entry
    reservedNumbers.insert(entry.number)
    waiting[entry.id]?.entry = entry
  }

  /// The line is on the disk, or could not be written.
  mutating func endWriting(_ entry: Entry) {
    writing[entry.id] = nil
    reservedNumbers.remove(entry.number)
  }

  // MARK: What is being told

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

  /// - Parameter wasToldUnknown: whether older segments say so of what the draft reverses.
  mutating func rememberTarget(of draft: Draft, wasToldUnknown: Bool) {
    if wasToldUnknown, let target = draft.reverses { toldUnknown.insert(target) }
  }

  // MARK: What waits for the bank's first word

  mutating func deferUntilAnswered(_ ticket: Ticket, _ request: Request) {
    deferred.append((ticket, request))
  }

  mutating func takeDeferred() -> [(Ticket, Request)] {
    defer { deferred.removeAll() }
    return deferred
  }
}

/// An entry that somebody at this terminal is waiting to hear about.
struct Capture: Sendable {
  enum Phase: Sendable {
    /// On its way to the bank: being written, queued or sent.
    case asking
    /// The bank did not decide in time: what is known locally is being looked up.
    case lookingUp
    /// The words that it is taken are being written.
    case releasing
  }

  var ticket: Ticket
  var entry: Entry
  /// What was asked for; nil for an entry that is asked about again.
  var draft: Draft?
  var phase: Phase
  /// Whether its line is in the ledger.
  var isDurable: Bool
  var isOneCopyOnly = false
}

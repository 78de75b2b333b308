import BankCore
import ManualLedger
import OrderedCollections

/// The path of an entry from the question to the durable receipt: who waits for what, and which lines
/// are on their way to the disk.
///
/// One of the values behind ``Continuity``.
struct Captures: Sendable {
  let configuration: DeskConfiguration
  /// Captures and waiting requests that somebody is still to be told about.
  private var waiting: OrderedDictionary<EntryID, Capture> = [:]
  /// Entries whose line is on its way to the disk; counted in no total yet.
  private var writing: OrderedDictionary<EntryID, Entry> = [:]
  /// Numbers of entries whose line is on its way to the disk.
  private var reservedNumbers: Set<Int64> = []
  /// Somebody keeps them, the line is on its way to the disk.
  private var keeping: Set<EntryID> = []

  init(_ configuration: DeskConfiguration) { self.configuration = configuration }

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

  // MARK: After the disk

  /// The entry's line is durable: it goes to the bank. Where that was lost meanwhile, it is looked up
  /// what is known here.
  mutating func recorded(
    _ id: EntryID, isOneCopyOnly: Bool, isLive: Bool
  ) -> [Consequence] {
    waiting[id]?.isDurable = true
    waiting[id]?.isOneCopyOnly = isOneCopyOnly
    return isLive ? [.send(id)] : release([id]).map(Consequence.effect)
  }

  /// The words that it is taken are durable: now they may be said.
  mutating func told(_ id: EntryID, isOneCopyOnly: Bool, _ backlog: Backlog) -> [Effect] {
    guard let capture = close(id), let known = backlog[id] else { return [] }
    let receipt = till(backlog).receipt(known, isCopy: false, isOneCopyOnly: isOneCopyOnly)
    return [.reply(capture.ticket, .receipt(receipt))]
  }

  /// Somebody keeps an entry of which nobody was told: first that is written.
  mutating func keep(
    _ id: EntryID, _ ticket: Ticket, _ backlog: Backlog, _ moment: Moment
  ) -> [Consequence] {
    guard let known = backlog[id], known.state == .untold else {
      return [.fail(ticket, .unknownEntry(id))]
    }
    // Who asked first is told what becomes of it.
    guard keeping.insert(id).inserted else { return [.fail(ticket, Failure(.outcomeUnknown))] }
    let record = KeepRecord(
      entry: id, operatorName: configuration.operatorName, at: moment.now)
    return [.effect(.append(.keep(id, ticket), [.keep(record)]))]
  }

  /// That it is kept is durable: it is an entry like any other, and somebody waits for it.
  mutating func kept(_ id: EntryID, _ ticket: Ticket, _ backlog: Backlog) -> [Consequence] {
    keeping.remove(id)
    return backlog[id].map { [.ask($0, ticket)] } ?? []
  }

  /// Lines could not be written: who waits for their entry is told so.
  mutating func lost(
    _ records: [LedgerRecord], for purpose: AppendPurpose, _ failure: Failure, _ backlog: Backlog,
    _ moment: Moment
  ) -> [Effect] {
    for case .entry(let record) in records { endWriting(record.entry) }
    switch purpose {
    case .keep(let id, _): keeping.remove(id)
    case .capture(let id), .release(let id):
      guard let capture = close(id) else { return [] }
      return [.reply(capture.ticket, reply(to: capture, failure, backlog, moment))]
    default: break
    }
    return []
  }

  private func reply(
    to capture: Capture, _ failure: Failure, _ backlog: Backlog, _ moment: Moment
  ) -> Reply {
    let id = capture.entry.id
    guard capture.isDurable, let known = backlog[id] else { return .failed(failure) }
    // The bank has decided meanwhile, for this very customer.
    if backlog.decided[id] != nil {
      return .receipt(till(backlog).receipt(known, isCopy: false))
    }
    return .receipt(Receipt(known, .unknown, reason: .ledgerUnwritable, at: moment.now))
  }

  // MARK: The bank's answer

  /// The bank has decided: whoever waits for it is told, unless what they are told is being written.
  mutating func tell(
    _ known: LedgerEntry, _ decision: Decision, _ outcome: Outcome, _ backlog: Backlog,
    _ moment: Moment
  ) -> [Effect] {
    let id = known.entry.id
    guard let capture = waiting[id], capture.phase != .releasing else { return [] }
    close(id)
    let receipt = Receipt(
      known, Receipt.State(outcome), reason: outcome.reason, at: moment.now,
      balance: decision.balance, isOneCopyOnly: capture.isOneCopyOnly,
      takesBackUnknown: till(backlog).takesBackUnknown(known), bookingDate: decision.bookingDate)
    return [.reply(capture.ticket, .receipt(receipt))]
  }

  /// The bank cannot book it, and nobody was promised anything.
  ///
  /// - Returns: what whoever waits for it is told; nil where nobody can be told any more.
  mutating func end(_ known: LedgerEntry, _ reason: Reason) -> Effect? {
    let id = known.entry.id
    guard known.release == nil, let capture = waiting[id], capture.phase != .releasing else {
      return nil
    }
    close(id)
    return .reply(capture.ticket, .failed(Failure(atCounter: reason)))
  }

  // MARK: What it looks at

  func till(_ backlog: Backlog) -> TillView { TillView(backlog: backlog, captures: self) }

  func drafting(_ backlog: Backlog, _ moment: Moment) -> Drafting {
    Drafting(configuration: configuration, till: till(backlog), moment: moment)
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

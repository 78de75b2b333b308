import BankCore

/// What a terminal's manual ledger amounts to: the sum of its records, in order.
public struct LedgerState: Sendable {
  /// In the order they were written.
  public internal(set) var entries: [LedgerEntry] = []
  public private(set) var owner: LedgerOwner?
  public internal(set) var nextNumber: Int64 = 1
  public internal(set) var lastEntry: SegmentOpening.LastEntry?
  /// The furthest that the database has acknowledged.
  public private(set) var acknowledgement: Acknowledgement?
  /// The furthest that the database has acknowledged with an outcome.
  var lastDecision: Acknowledgement?
  /// The newest entry whose outcome the database acknowledged, by the id it is booked under.
  public internal(set) var lastAcknowledged: EntryID?
  /// Entries up to this number may have been sent.
  public private(set) var sendingThrough: Int64 = 0
  /// Since the terminal's first entry.
  public internal(set) var totals: [Currency: LedgerTotals] = [:]
  /// What happened to the connection, in order, as far as the segments were read.
  public private(set) var modes: [ModeRecord] = []
  /// The outages among `modes`, oldest first.
  public private(set) var outages: [LedgerOutage] = []
  /// Outages begun since the terminal's first entry.
  public private(set) var outageCount: Int64 = 0
  /// Notes by the entry they speak of.
  public internal(set) var notes: [EntryID: [NoteRecord]] = [:]
  /// How people have settled exceptions for which no money needed to move.
  public internal(set) var settlements = SettledExceptions()
  public internal(set) var irregularities: [Irregularity] = []
  /// Losses in the segments, as recoveries found them.
  public private(set) var recordedLosses: Set<SegmentLoss> = []
  /// Entry numbers whose lines are gone.
  var gaps = NumberGaps()
  /// What is on record as lost or damaged and no supervisor has accepted, in half sentences.
  public private(set) var openLosses: [String] = []
  /// The hash of the newest line.
  public private(set) var head = LineHash.none
  /// When the newest line was written.
  public private(set) var newestAt: Instant?
  /// The latest moment on a line of the outage that lasts; nil while none does.
  public private(set) var latestInOutage: Instant?
  /// The last record closed its segment.
  public private(set) var isSealed = false

  var indexByID: [EntryID: Int] = [:]
  /// Of entries that the bank has booked under another id than their own.
  var indexByBookedID: [EntryID: Int] = [:]
  /// Of what was taken over from old copies: its newest id by the one that it had there.
  var adoptedIDs: [EntryID: EntryID] = [:]
  /// The lines right behind a `healed` one: a restored bank has decided anew, and says how.
  var isHealing = false
  /// Reversals by what they take back, in the order they were written.
  var reversalIDs: [EntryID: [EntryID]] = [:]
  /// When a restored bank has decided anew for the last time.
  var healedAt: Instant?
  var waitingQueue = WaitingQueue()
  var untoldQueue = WaitingQueue()
  /// Positions of waiting entries whose customer was told nothing that can be relied on.
  var unreleased: Set<Int> = []
  /// Positions of waiting entries that only a person can get on with.
  var blockedPositions: Set<Int> = []
  /// Positions of entries in suspense that nobody has settled, as far as this ledger knows.
  var openSuspense: Set<Int> = []
  /// Positions of entries that the bank has made an exception.
  var exceptions: Set<Int> = []
  /// Exceptions that an entry of this ledger has settled, by the ids under which they are booked.
  var movedExceptions: Set<EntryID> = []
  /// Positions of entries with a notice that nobody has seen to.
  var openNotices: Set<Int> = []
  /// False once lines from behind damage were copied behind later ones.
  var areNumbersAscending = true
  private var ongoingOutageSegment: Int64?
  private var openLossSegment: Int64?
  private let keepsSettled: Bool
  private let startsAtFirst: Bool

  /// - Parameters:
  ///   - keepsSettled: keep entries that are settled even where a segment says that nothing before
  ///     it is needed; for lists of the whole ledger.
  ///   - startsAtFirst: nothing came before the first record: whatever number is not seen from
  ///     then on is missing.
  public init(keepsSettled: Bool = false, startsAtFirst: Bool = false) {
    self.keepsSettled = keepsSettled
    self.startsAtFirst = startsAtFirst
  }

  /// Makes room for entries that are about to be read.
  mutating func reserveCapacity(_ count: Int) {
    entries.reserveCapacity(count)
    indexByID.reserveCapacity(count)
  }

  public subscript(id: EntryID) -> LedgerEntry? { indexByID[id].map { entries[$0] } }

  /// The entry that was taken over from an old copy, where it had that id.
  public func adopted(_ oldID: EntryID) -> LedgerEntry? { adoptedIDs[oldID].flatMap { self[$0] } }

  /// The entry that has that id, or stands in the books under it.
  public func named(_ id: EntryID) -> LedgerEntry? { position(ofNamed: id).map { entries[$0] } }

  /// Where it stands among `entries`.
  public func position(of id: EntryID) -> Int? { indexByID[id] }

  /// Where the entry stands that has that id, or stands in the books under it.
  func position(ofNamed id: EntryID) -> Int? { indexByID[id] ?? indexByBookedID[id] }

  /// The reversals of that entry, in the order they were written.
  public func reversals(of id: EntryID) -> [LedgerEntry] {
    (reversalIDs[id] ?? []).compactMap { self[$0] }
  }

  // Single answers, for those who ask about very many: a whole entry is much to copy.

  /// Whether the entry is told and not settled.
  public func isWaiting(_ id: EntryID) -> Bool {
    guard let index = indexByID[id] else { return false }
    return !entries[index].isUntold && entries[index].outcome == nil && entries[index].void == nil
  }

  /// Whether it may have reached the database; false for an entry that is not known.
  public func mayHaveBeenSent(_ id: EntryID) -> Bool {
    indexByID[id].map { entries[$0].mayHaveBeenSent } ?? false
  }

  public func entry(_ id: EntryID) -> Entry? { indexByID[id].map { entries[$0].entry } }

  /// The amount that it counts with in the totals; nil for a settlement, which is no capture.
  public func captured(_ id: EntryID) -> Money? {
    guard let index = indexByID[id], entries[index].isCapture else { return nil }
    return entries[index].entry.amount
  }

  /// Told entries without an outcome, oldest first.
  public var waiting: [LedgerEntry] { waitingQueue.positions.map { entries[$0] } }
  public var waitingCount: Int { waitingQueue.count }
  public var oldestWaiting: LedgerEntry? { waitingQueue.first.map { entries[$0] } }

  /// Told entries that were neither released nor decided: nobody knows what the bank made of them.
  public var unknown: [LedgerEntry] { unreleased.sorted().map { entries[$0] } }

  /// Entries whose id the bank knows with other content, and nobody has decided yet.
  public var blocked: [LedgerEntry] { blockedPositions.sorted().map { entries[$0] } }
  public var blockedCount: Int { blockedPositions.count }

  /// Whether the entry waits for a person, and is not sent.
  public func isBlocked(_ id: EntryID) -> Bool {
    guard !blockedPositions.isEmpty, let index = indexByID[id] else { return false }
    return blockedPositions.contains(index)
  }

  /// The ids under which exceptions of this terminal stand in the books, and nobody has settled them as
  /// far as this ledger knows: in suspense, flagged, or refused after its customer was told.
  public var openExceptions: [EntryID] {
    exceptions.sorted().compactMap { entries[$0].outcome?.recorded.bookedAs }.filter { id in
      switch settlements[id]?.standing {
      case nil, .tooLate: !movedExceptions.contains(id)
      case .decided, .booked, .elsewhere: false
      }
    }
  }

  /// Entries whose late outcome somebody still has to see to, oldest first.
  public var noticed: [LedgerEntry] { openNotices.sorted().map { entries[$0] } }

  /// Entries that wait for *keep* or *void*, oldest first.
  public var untold: [LedgerEntry] { untoldQueue.positions.map { entries[$0] } }

  /// What a person has decided last about an entry that was held.
  public func decision(about id: EntryID) -> NoteRecord.Decision? {
    notes[id]?.last { $0.decision == .allow || $0.decision == .refuse }?.decision
  }

  /// Whether a loss of told lines is on record and no supervisor has accepted it.
  public var hasOpenLoss: Bool { openLossSegment != nil }

  /// Whether an outage has begun and not ended.
  public var isInOutage: Bool { ongoingOutageSegment != nil }

  /// The outage that has begun and not ended.
  public var ongoingOutage: LedgerOutage? { isInOutage ? outages.last : nil }

  /// The first segment that a reader needs to know every open matter; nil when none is open.
  var firstNeededSegment: Int64? {
    let firstOpen = [
      waitingQueue.first, untoldQueue.first, openNotices.min(), openSuspense.min(),
    ].compactMap { $0 }.min()
    let segments = [
      firstOpen.map { entries[$0].line.segment }, ongoingOutageSegment, openLossSegment,
      settlements.firstOpenSegment,
    ]
    return segments.compactMap { $0 }.min()
  }

  /// Adds the next record, whose line is durable.
  public mutating func apply(_ line: DurableLine) {
    apply(line.record, hash: line.hash, at: line.place)
  }

  /// Adds the next record.
  ///
  /// - Parameters:
  ///   - hash: of its line.
  ///   - line: where it stands.
  mutating func apply(_ record: LedgerRecord, hash: LineHash, at line: LineReference) {
    isSealed = false
    head = hash
    newestAt = record.at
    isHealing = isHealing && record.tellsOfHealing
    defer { latestInOutage = isInOutage ? max(latestInOutage ?? record.at, record.at) : nil }
    switch record {
    case .open(let opening): begin(opening, at: line)
    case .entry(let record): add(record, hash: hash, at: line)
    case .released(let release): apply(release, at: line)
    case .outcome(let outcome): settle(outcome, at: line)
    case .settled(let settled): apply(settled, at: line)
    case .void(let void): cancel(void, at: line)
    case .keep(let keep): apply(keep, at: line)
    case .blocked(let blocked): apply(blocked, at: line)
    case .sending(let sending): apply(sending)
    case .healed(let healed):
      isHealing = !healed.isBeginning
      healedAt = healed.at
      // It may be what the bank could not take back; its counter and its epoch tell enough.
      lastAcknowledged = nil
      advance(healed.acknowledgement)
    case .mode(let mode): apply(mode, at: line)
    case .note(let note): apply(note)
    case .recovery(let recovery):
      takeBack(recovery, at: line)
      expect(nextNumber: recovery.nextNumber ?? 0, at: line, isRecorded: true)
      recordedLosses.formUnion(recovery.losses)
      for text in recovery.lossTexts(in: self) { openLoss(text, at: line) }
    case .seal(let seal):
      isSealed = true
      if seal.totals != totals { irregularities.append(.totalsDisagree(line)) }
    }
  }

  /// A line that breaks a rule stands in the chain and says nothing.
  mutating func pass(
    over record: LedgerRecord, hash: LineHash, at line: LineReference, _ why: Irregularity
  ) {
    isSealed = false
    head = hash
    newestAt = record.at
    irregularities.append(why)
    // Its number was given, by whomever.
    if case .entry(let entry) = record, entry.entry.terminal == owner?.terminal.name,
      entry.entry.number == nextNumber
    {
      expect(nextNumber: nextNumber + 1, at: line)
    }
  }

  /// Whatever number is below this was given.
  mutating func expect(
    nextNumber expected: Int64, at line: LineReference, isRecorded: Bool = false
  ) {
    guard expected > nextNumber else { return }
    if owner != nil || startsAtFirst {
      gaps.add(nextNumber...expected - 1, at: line, isRecorded: isRecorded)
    }
    nextNumber = expected
  }

  /// Stays open until somebody accepts it: a person must be told, by whatever command comes next.
  private mutating func openLoss(_ text: String, at line: LineReference) {
    openLossSegment = openLossSegment ?? line.segment
    if !openLosses.contains(text) { openLosses.append(text) }
  }

  private mutating func begin(_ opening: SegmentOpening, at line: LineReference) {
    let isFirstRead = owner == nil
    owner = opening.owner
    if opening.foldFrom == opening.segment, !keepsSettled { forgetSettled(at: opening.at) }
    if isFirstRead {
      totals = opening.totals
    } else if opening.totals != totals {
      irregularities.append(.totalsDisagree(line))
    }
    if isFirstRead, !startsAtFirst { nextNumber = max(nextNumber, opening.nextNumber) }
    expect(nextNumber: opening.nextNumber, at: line)
    if isFirstRead {
      for numbers in opening.missing where !startsAtFirst {
        gaps.add(numbers, at: line, isRecorded: true)
      }
    }
    recordedLosses.formUnion(opening.losses)
    lastEntry = opening.lastEntry ?? lastEntry
    lastAcknowledged = opening.lastAcknowledged ?? lastAcknowledged
    outageCount = max(outageCount, opening.outages)
    advance(opening.acknowledgement)
    if let before = opening.predecessor, let text = before.lossText(of: opening.owner) {
      openLoss(text, at: line)
    }
  }

  /// How long a settled entry stays known at least: people look at the whole day.
  public static let recentMilliseconds: Int64 = 24 * 3_600_000

  /// Drops what no later record can speak of, and what is older than a day.
  private mutating func forgetSettled(at now: Instant) {
    guard waitingQueue.count == 0, untoldQueue.count == 0, openNotices.isEmpty,
      openSuspense.isEmpty, !isInOutage, settlements.firstOpenSegment == nil
    else { return }
    let oldest = now.advanced(byMilliseconds: -Self.recentMilliseconds)
    if let first = entries.firstIndex(where: { $0.entry.capturedAt >= oldest }) {
      // In one piece: what is older stands before it, but for lines that were salvaged.
      entries.removeFirst(first)
    } else {
      entries.removeAll(keepingCapacity: true)
      areNumbersAscending = true
    }
    index()
    modes.removeAll()
    outages.removeAll()
    notes = notes.filter { indexByID[$0.key] != nil }
    reversalIDs = reversalIDs.filter { $0.value.contains { indexByID[$0] != nil } }
    settlements = settlements.of { position(ofNamed: $0) != nil }
  }

  /// Fills all lists of positions anew.
  private mutating func index() {
    // Not with their room kept: an excerpt of a large ledger would take as much again.
    indexByID = [:]
    indexByBookedID = [:]
    waitingQueue = WaitingQueue()
    untoldQueue = WaitingQueue()
    unreleased.removeAll()
    blockedPositions.removeAll()
    openNotices.removeAll()
    openSuspense.removeAll()
    exceptions.removeAll()
    movedExceptions.removeAll()
    for (index, known) in entries.enumerated() {
      if let moved = known.movedException { movedExceptions.insert(moved) }
      indexByID[known.entry.id] = index
      if let id = known.outcome?.recorded.bookedAs, id != known.entry.id {
        indexByBookedID[id] = index
      }
      if known.isWaiting { waitingQueue.insert(index) }
      if known.state == .untold { untoldQueue.insert(index) }
      reclassify(index)
    }
  }

  /// The same ledger with these entries alone. Only the rules are asked of it: what is said of other
  /// entries, and the history of the connection, is left out.
  func excerpt(of positions: Set<Int>) -> LedgerState {
    var excerpt = self
    excerpt.entries = positions.sorted().map { entries[$0] }
    excerpt.modes = []
    excerpt.outages = []
    excerpt.notes = [:]
    excerpt.reversalIDs = [:]
    excerpt.index()
    return excerpt
  }

  /// Entries of older segments that are not among `entries`.
  public var leftOut: Int { max(0, Int(clamping: nextNumber - 1) - entries.count) }

  private mutating func apply(_ sending: SendingRecord) {
    sendingThrough = max(sendingThrough, sending.through)
    for position in waitingQueue.positions {
      guard entries[position].entry.number <= sending.through else {
        // Behind a line that was salvaged, lower numbers may follow a higher one.
        if areNumbersAscending { break }
        continue
      }
      entries[position].mayHaveBeenSent = true
    }
  }

  private mutating func apply(_ mode: ModeRecord, at line: LineReference) {
    modes.append(mode)
    if mode.cause == .ledgerDamaged {
      // On a person's word, and on nothing else.
      if mode.event == .quarantineLifted, mode.operatorName != nil {
        openLossSegment = nil
        openLosses = []
      } else if mode.event == .quarantined, openLosses.isEmpty || mode.operatorName == nil {
        openLoss(mode.text, at: line)
      }
    }
    // A console that was started again in the middle of an outage goes on with it.
    if mode.beginsOutage, !isInOutage {
      outageCount += 1
      ongoingOutageSegment = line.segment
      outages.append(LedgerOutage(number: outageCount, began: line, records: [mode]))
      return
    }
    guard let last = outages.indices.last else { return }
    outages[last].records.append(mode)
    if mode.event == .outageEnded, isInOutage {
      ongoingOutageSegment = nil
      outages[last].ended = line
    }
  }

  mutating func advance(_ other: Acknowledgement?) {
    guard let other else { return }
    acknowledgement = max(acknowledgement ?? other, other)
  }
}

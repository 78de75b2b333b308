import BankCore

// How each record changes the entry it speaks of, and the control totals with it.
extension LedgerState {
  mutating func add(_ record: EntryRecord, hash: LineHash, at line: LineReference) {
    let entry = record.entry
    if let first = indexByID.updateValue(entries.count, forKey: entry.id) {
      indexByID[entry.id] = first
      irregularities.append(.duplicateEntry(entry.id, line))
      return
    }
    if record.isAdopted, let old = entry.replaces { adoptedIDs[old] = entry.id }
    if gaps.contains(entry.number) {
      gaps.remove(entry.number)
    } else if entry.number != nextNumber, record.salvagedHash == nil {
      irregularities.append(.numberGap(expected: nextNumber, found: entry.number, line))
    }
    expect(nextNumber: entry.number, at: line)
    nextNumber = max(nextNumber, entry.number + 1)
    if let last = entries.last, last.entry.number > entry.number { areNumbersAscending = false }
    let lineHash = record.salvagedHash ?? hash
    if entry.number >= lastEntry?.number ?? 0 {
      lastEntry = SegmentOpening.LastEntry(number: entry.number, hash: lineHash)
    }
    waitingQueue.insert(entries.count)
    unreleased.insert(entries.count)
    entries.append(LedgerEntry(record, lineHash: lineHash, line: line))
    if let target = entry.reverses { reversalIDs[target, default: []].append(entry.id) }
    recount(entries.count - 1) {
      $0.captured.add($1)
      $0.waiting.add($1)
    }
  }

  private mutating func index(of id: EntryID, at line: LineReference) -> Int? {
    guard let index = indexByID[id] else {
      irregularities.append(.unknownEntry(id, line))
      return nil
    }
    return index
  }

  mutating func apply(_ release: ReleaseRecord, at line: LineReference) {
    guard let index = index(of: release.entry, at: line) else { return }
    // The first one may have been sent with its second id.
    guard entries[index].release == nil else { return }
    entries[index].release = release
    entries[index].releaseLine = line
    entries[index].mayHaveBeenSent =
      release.wasSent || entries[index].entry.number <= sendingThrough
    reclassify(index)
  }

  /// After every change of an entry: to which lists of open matters it belongs now.
  mutating func reclassify(_ index: Int) {
    func set(_ positions: inout Set<Int>, _ belongs: Bool) {
      if belongs {
        positions.insert(index)
      } else if !positions.isEmpty {
        positions.remove(index)
      }
    }
    let state = entries[index].state
    set(&unreleased, state == .unknown)
    set(&blockedPositions, entries[index].isBlocked)
    set(&openNotices, entries[index].hasOpenNotice)
    set(&openSuspense, state == .suspense)
    set(&exceptions, entries[index].isException)
  }

  mutating func apply(_ blocked: BlockedRecord, at line: LineReference) {
    guard let index = index(of: blocked.entry, at: line) else { return }
    if isHealing, entries[index].outcome != nil {
      undecide(index)
      entries[index].wasTakenBack = true
      waitingQueue.insert(index)
      recount(index) { $0.waiting.add($1) }
    }
    entries[index].blocked = blocked
    entries[index].mayTakeSecondID = false
    reclassify(index)
  }

  mutating func apply(_ note: NoteRecord) {
    guard let entry = note.entry else { return }
    notes[entry, default: []].append(note)
    settleMissing(entry)
    guard let index = indexByID[entry] else { return }
    switch note.decision {
    case .allow: entries[index].mayTakeSecondID = entries[index].blocked != nil
    case .noted: entries[index].notedBy = note.operatorName ?? ""
    case .refuse, nil: return
    }
    reclassify(index)
  }

  mutating func settle(_ outcome: OutcomeRecord, at line: LineReference) {
    advance(outcome.acknowledgement)
    if let acknowledgement = outcome.acknowledgement {
      lastAcknowledged = outcome.recorded.bookedAs
      lastDecision = max(lastDecision ?? acknowledgement, acknowledgement)
    }
    guard let index = index(of: outcome.entry, at: line) else { return }
    if outcome.recorded.bookedAs != outcome.entry {
      indexByBookedID[outcome.recorded.bookedAs] = index
    }
    // The bank knows it: an untold entry counts after all.
    tell(index)
    if entries[index].void != nil {
      irregularities.append(.voidedAndDecided(outcome.entry, line))
      entries[index].void = nil
      recount(index) { $0.voided.remove($1) }
    } else if let earlier = entries[index].outcome {
      if earlier.recorded.outcome == outcome.recorded.outcome, earlier.sameAs == outcome.sameAs {
        entries[index].outcome = outcome
        return reclassify(index)
      }
      if earlier.recorded.outcome != outcome.recorded.outcome, !isHealing {
        irregularities.append(.outcomeChanged(outcome.entry, line))
      }
      undecide(index)
    } else {
      waitingQueue.remove(index)
      recount(index) { $0.waiting.remove($1) }
    }
    entries[index].outcome = outcome
    if outcome.sameAs == nil {
      recount(index) { $0.add($1, decidedAs: outcome.recorded.outcome) }
    } else {
      // It is one entry, and it counts where it was captured first.
      recount(index) { $0.captured.remove($1) }
    }
    reclassify(index)
    if let exception = entries[index].movedException {
      movedExceptions.insert(exception)
      leaveSuspense(exception, entries[index].resolution ?? .post)
    }
  }

  /// Takes an outcome back, with all that followed from it.
  private mutating func undecide(_ index: Int) {
    guard let outcome = entries[index].outcome else { return }
    let isSettled = entries[index].settledBy != nil
    if outcome.sameAs == nil {
      recount(index) { $0.remove($1, decidedAs: isSettled ? .posted : outcome.recorded.outcome) }
    } else {
      recount(index) { $0.captured.add($1) }
    }
    entries[index].outcome = nil
    entries[index].settledBy = nil
    let entry = entries[index].entry
    if entry.kind == .settlement, outcome.recorded.outcome == .posted,
      let exception = entry.replaces
    {
      movedExceptions.remove(exception)
      returnToSuspense(exception)
    }
    reclassify(index)
  }

  /// What settled the exception does not stand in the books any more.
  private mutating func returnToSuspense(_ exception: EntryID) {
    let known = entries.lastIndex {
      $0.settledBy != nil && $0.outcome?.recorded.bookedAs == exception
    }
    guard let index = known else { return }
    entries[index].settledBy = nil
    if entries[index].outcome?.sameAs == nil {
      recount(index) {
        $0.posted.remove($1)
        $0.suspense.add($1)
      }
    }
    reclassify(index)
  }

  mutating func cancel(_ void: VoidRecord, at line: LineReference) {
    guard let index = index(of: void.entry, at: line), entries[index].void == nil else { return }
    guard entries[index].outcome == nil else {
      irregularities.append(.voidedAndDecided(void.entry, line))
      return
    }
    if entries[index].isUntold {
      untoldQueue.remove(index)
    } else {
      waitingQueue.remove(index)
      recount(index) {
        $0.waiting.remove($1)
        $0.voided.add($1)
      }
    }
    entries[index].void = void
    reclassify(index)
  }

  mutating func apply(_ keep: KeepRecord, at line: LineReference) {
    guard let index = index(of: keep.entry, at: line), entries[index].state == .untold else {
      return
    }
    tell(index)
  }

  /// An entry that was untold, or voided as such, counts from now on.
  private mutating func tell(_ index: Int) {
    guard !entries[index].isCounted else { return }
    entries[index].isCounted = true
    let isVoided = entries[index].void != nil
    recount(index) {
      $0.captured.add($1)
      if isVoided { $0.voided.add($1) } else { $0.waiting.add($1) }
    }
    guard entries[index].isUntold else { return }
    entries[index].isUntold = false
    entries[index].mayHaveBeenSent = true
    untoldQueue.remove(index)
    if !isVoided { waitingQueue.insert(index) }
    reclassify(index)
  }

  /// Takes back what was written and never told.
  mutating func takeBack(_ recovery: RecoveryRecord, at line: LineReference) {
    guard let untold = recovery.untold, untold.first <= untold.last else { return }
    func isUntold(_ place: LineReference?) -> Bool {
      guard let place, place.segment == line.segment else { return false }
      return (untold.first...untold.last).contains(place.record)
    }
    for index in waitingQueue.positions {
      if isUntold(entries[index].line) {
        waitingQueue.remove(index)
        untoldQueue.insert(index)
        recount(index) {
          $0.captured.remove($1)
          $0.waiting.remove($1)
        }
        entries[index].isUntold = true
        entries[index].isCounted = false
        // Nothing is sent before it is told of to the mark.
        entries[index].mayHaveBeenSent = false
      }
      if isUntold(entries[index].releaseLine) {
        entries[index].release = nil
        entries[index].releaseLine = nil
      }
      reclassify(index)
    }
  }

  private mutating func recount(
    _ index: Int, _ change: (inout LedgerTotals, Money) -> Void
  ) {
    guard entries[index].isCapture else { return }
    let amount = entries[index].entry.amount
    change(&totals[amount.currency, default: LedgerTotals()], amount)
  }

  mutating func apply(_ settled: SettledRecord, at line: LineReference) {
    settlements.apply(settled, at: line)
    advance(settled.standing.acknowledgement)
    switch settled.standing {
    case .booked, .elsewhere: leaveSuspense(settled.exception, settled.settlement.resolution)
    case .decided, .tooLate: break
    }
  }

  /// The exception is settled: its amount is posted, wherever the money went.
  private mutating func leaveSuspense(_ exception: EntryID, _ resolution: Resolution) {
    let known = openSuspense.first { entries[$0].outcome?.recorded.bookedAs == exception }
    guard let index = known else { return }
    entries[index].settledBy = resolution
    if entries[index].outcome?.sameAs == nil {
      recount(index) {
        $0.suspense.remove($1)
        $0.posted.add($1)
      }
    }
    reclassify(index)
  }

  /// Of lines that were found behind damage or in the second copy, those that say something which
  /// the state does not know yet.
  func lacking(_ lines: [SalvagedLine]) -> [SalvagedLine] {
    var found: Set<EntryID> = []
    return lines.filter { line in
      guard lacks(line.record, beside: found) else { return false }
      if case .entry(let record) = line.record { found.insert(record.entry.id) }
      return true
    }
  }

  /// - Parameter found: entries that come with it. Of others, which this state has forgotten because
  ///   they were settled long ago, nothing is lacking.
  private func lacks(_ record: LedgerRecord, beside found: Set<EntryID>) -> Bool {
    switch record {
    // Modes and notes stay readable where they are; said again, they would be said twice.
    case .open, .seal, .recovery, .mode, .note: return false
    case .sending(let sending): return sending.through > sendingThrough
    case .healed(let healed):
      guard let mine = acknowledgement else { return true }
      return healed.acknowledgement > mine
    case .entry(let record):
      let number = record.entry.number
      return self[record.entry.id] == nil && (number >= nextNumber || gaps.contains(number))
    case .released(let release):
      guard let known = self[release.entry] else { return found.contains(release.entry) }
      return known.isWaiting && known.release == nil
    case .outcome(let outcome):
      return self[outcome.entry].map(\.isWaiting) ?? found.contains(outcome.entry)
    case .settled(let settled): return settlements.lacks(settled)
    case .void(let void): return self[void.entry].map(\.isWaiting) ?? found.contains(void.entry)
    case .blocked(let blocked):
      return self[blocked.entry].map { $0.isWaiting && $0.blocked == nil }
        ?? found.contains(blocked.entry)
    case .keep(let keep):
      return self[keep.entry].map { $0.state == .untold } ?? found.contains(keep.entry)
    }
  }
}

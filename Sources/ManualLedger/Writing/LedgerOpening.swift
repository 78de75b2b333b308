import BankCore

/// What opening the ledger found, for people.
public struct LedgerRecovery: Sendable {
  public let reports: [SegmentReport]
  public let mark: MarkCondition
  /// Losses that were not known before: nothing may be sent until a supervisor has decided.
  public let newLosses: [SegmentReport]
  /// Entries that were written but never told, in order.
  public let untold: [EntryID]
  /// Lines behind the damage that were copied into the segment that is written now.
  public let salvagedLines: Int
  /// Lines that this directory had lost and the second copy still had.
  public let rescuedLines: Int
  /// Entries that stand in the second copy alone, since their numbers are other entries' here.
  public let displaced: [String]
  /// The second copy goes on where this directory ends: told lines are missing here.
  public let isBehindCopy: Bool
  /// Segments that were gone and were put back from the second copy.
  public let restoredSegments: [Int64]
  /// Something is lost, and the second copy cannot say what: it cannot be read, or holds no ledger.
  public let missesCopy: VolumeFault?

  init(_ reading: LedgerReading, _ second: SecondCopy) {
    let rescue = second.rescue
    restoredSegments = second.restored
    missesCopy = second.fault
    reports = reading.reports
    mark = reading.mark
    newLosses = reading.newLosses
    untold = reading.state.untold.map(\.entry.id)
    salvagedLines = rescue == nil ? reading.salvage.count : 0
    rescuedLines = rescue?.lines.count ?? 0
    displaced = second.displaced.map(\.label)
    isBehindCopy = rescue?.isAhead ?? false
  }

  /// Whether a person must be told before anything is sent to the database.
  public var needsPerson: Bool {
    !newLosses.isEmpty || mark.isLoss || isBehindCopy || !restoredSegments.isEmpty
  }
}

extension LedgerWriter {
  /// Opens the ledger, or begins it, and recovers what a dead writer has left. Opening again after
  /// a crash in the middle of it does the same again.
  ///
  /// - Parameter copy: the directory of the second copy; what is lost here is taken from there.
  /// - Throws: `LedgerFault.foreign`, `.unknownFormat` or `.volume`.
  public static func open(
    on volume: any Volume, copy: (any Volume)? = nil, owner: LedgerOwner,
    scope: LedgerReading.Scope = .open,
    segmentByteLimit: Int64 = LedgerWriter.segmentByteLimit, at now: Instant
  ) throws(LedgerFault) -> LedgerWriter {
    try open(
      LedgerReading(of: owner.terminal.name, on: volume, scope: scope), on: volume,
      copy: copy, owner: owner, segmentByteLimit: segmentByteLimit, at: now)
  }

  /// The same with a ledger that has just been read, while the terminal's lock was held.
  public static func open(
    _ reading: LedgerReading, on volume: any Volume, copy: (any Volume)? = nil,
    owner: LedgerOwner, segmentByteLimit: Int64 = LedgerWriter.segmentByteLimit,
    at now: Instant
  ) throws(LedgerFault) -> LedgerWriter {
    if let found = reading.state.owner,
      found.bank != owner.bank || found.terminal.id != owner.terminal.id
    {
      throw .foreign(found: found, expected: owner)
    }
    var reading = reading
    let second = try SecondCopy(copy, of: &reading, on: volume, owner: owner)
    let writer = LedgerWriter(
      reading, second, on: volume, copy: copy, owner: owner,
      segmentByteLimit: segmentByteLimit)
    do throws(VolumeFault) {
      try writer.recover(reading, second, at: now)
      _ = writer.copyOn()
    } catch {
      throw .volume(error)
    }
    return writer
  }

  private func recover(
    _ reading: LedgerReading, _ second: SecondCopy, at now: Instant
  ) throws(VolumeFault) {
    let rescue = second.rescue
    try layBallast()
    if reading.markReading.mark == nil { try layMark(reading) }
    let salvage =
      Self.record(of: reading, second, at: now)
      + (rescue?.lines ?? reading.salvage).map(\.salvaged)
    guard let tail = reading.tail else {
      _ = try begin(after: nil, with: salvage, at: now)
      if rescue != nil { copy?.skip(to: segment) }
      return
    }
    guard tail.verdict.isSound, !reading.mark.isLoss, rescue?.isNews != true else {
      let ending =
        rescue?.isAhead == true && tail.verdict.isSound
        ? .truncated : tail.verdict.ending
      let before = Predecessor(segment: tail.segment, ending: ending, end: tail.good)
      _ = try begin(after: before, with: salvage, at: now)
      // Both slots of the mark are good again, not only the one that was written now.
      if reading.mark != .whole {
        try writeMark(past: LineGroup(in: segment, after: end))
      }
      // The copy keeps the lost lines where they are.
      if rescue != nil { copy?.skip(to: segment) }
      return
    }
    guard tail.good.records > 0 else {
      // The very first segment was being begun when its writer died.
      _ = try begin(after: nil, with: [], at: now)
      return
    }
    let isDoubtful = reading.mark == .doubtful
    do throws(VolumeFault) {
      try mend(tail, isMarkDoubtful: isDoubtful, salvage, at: now)
    } catch  where error.kind == .inputOutput {
      try leave(tail, isMarkDoubtful: isDoubtful, salvage, reading, at: now)
    }
  }

  /// Says what was found to be lost. Where the segment that is gone on from breaks off, the next
  /// segment's first line says it too.
  private static func record(
    of reading: LedgerReading, _ second: SecondCopy, at now: Instant
  ) -> [LedgerRecord] {
    let gone = second.restored.map { SegmentLoss(segment: $0, verdict: .truncated, records: 0) }
    let losses = reading.newLosses.flatMap(\.losses) + gone
    let rescued = Int64(second.rescue?.lines.count ?? 0) + second.restoredLines
    var records: [LedgerRecord] = []
    if let rescue = second.rescue, !rescue.displaced.isEmpty, !rescue.isDisplacementKnown {
      records.append(
        .mode(
          ModeRecord(
            .quarantined, cause: .ledgerDamaged, text: Rescue.words(on: rescue.displaced),
            at: now)))
    }
    guard !losses.isEmpty || reading.mark.isLoss || rescued > 0 else { return records }
    return records + [
      .recovery(
        RecoveryRecord(
          untold: nil, cut: nil, isMarkDoubtful: reading.mark != .whole,
          isMarkLost: reading.mark.isLoss, losses: losses, rescuedLines: rescued,
          nextNumber: reading.state.nextNumber, at: now))
    ]
  }

  /// The disk fails where the tail of the segment lies: what stands beyond the mark is written
  /// again to a new segment, and said to be untold there.
  private func leave(
    _ tail: LedgerReading.Tail, isMarkDoubtful: Bool, _ salvage: [LedgerRecord],
    _ reading: LedgerReading, at now: Instant
  ) throws(VolumeFault) {
    let name = names.segment(tail.segment)
    volume.close(name)
    var records = try SegmentFile.wholeLines(
      in: name, on: volume, from: tail.told.bytes, upTo: tail.good.bytes
    ).map(\.record).filter { !$0.isBoundary }
    if !records.isEmpty {
      // The first line of the new segment is its `open`.
      let untold = RecoveryRecord.UntoldLines(first: 2, last: 1 + Int64(records.count))
      records.append(
        .recovery(
          RecoveryRecord(untold: untold, cut: nil, isMarkDoubtful: isMarkDoubtful, at: now)))
    }
    let before = Predecessor(segment: tail.segment, ending: .abandoned, end: tail.told)
    _ = try begin(after: before, with: records + salvage, at: now)
    do throws(LedgerFault) {
      state = try LedgerReading(
        of: owner.terminal.name, on: volume, scope: reading.scope
      ).state
    } catch {
      throw VolumeFault(.other, error.text)
    }
  }

  /// Makes the mark's file, before there is any segment: a segment without a mark is then always
  /// a loss.
  private func layMark(_ reading: LedgerReading) throws(VolumeFault) {
    if reading.markReading == .missing {
      try volume.create(names.mark)
    }
    let blank = [UInt8](repeating: 0x20, count: Mark.slotByteCount - 1) + [LedgerLine.newline]
    let mark = Mark(
      generation: 1, segment: 1, end: SegmentEnd(records: 0, bytes: 0, head: .none),
      nextNumber: state.nextNumber)
    // With segments but no mark, this is written only behind the segment that says so.
    guard reading.tail == nil else { return }
    try volume.write(blank + mark.block, to: names.mark, at: 0)
    try volume.synchronize(names.mark)
    try volume.synchronizeDirectory()
    generation = 1
    lastMark = mark
  }

  /// Goes on with a sound segment: what stands beyond the mark is made durable first, and said to
  /// be untold.
  private func mend(
    _ tail: LedgerReading.Tail, isMarkDoubtful: Bool, _ salvage: [LedgerRecord],
    at now: Instant
  ) throws(VolumeFault) {
    let name = names.segment(tail.segment)
    let cut = try copyTornBytes(of: tail)
    var group = LineGroup(in: tail.segment, after: tail.good)
    var records = salvage
    if cut != nil || tail.firstUntold != nil {
      let untold = tail.firstUntold.map {
        RecoveryRecord.UntoldLines(first: $0, last: tail.good.records)
      }
      let recovery = RecoveryRecord(
        untold: untold, cut: cut, isMarkDoubtful: isMarkDoubtful, at: now)
      records.insert(.recovery(recovery), at: 0)
    }
    if records.isEmpty, tail.good == tail.told, !isMarkDoubtful { return }
    do throws(LedgerFault) {
      for record in records { try group.append(record) }
    } catch {
      throw VolumeFault(.other, error.text)
    }
    // What is read back may never have reached the disk, after a sync that failed unseen: it is
    // written once more before it is vouched for.
    let unvouched = Int(clamping: tail.good.bytes - tail.told.bytes)
    let beyondMark = try volume.read(name, from: tail.told.bytes, count: unvouched)
    try volume.write(beyondMark + group.bytes, to: name, at: tail.told.bytes)
    if tail.fileSize > group.end.bytes { try volume.truncate(name, to: group.end.bytes) }
    try volume.synchronize(name)
    try volume.synchronizeDirectory()
    try writeMark(past: group)
    _ = commit(group)
  }

  /// Keeps a copy of what is about to be cut off.
  private func copyTornBytes(
    of tail: LedgerReading.Tail
  ) throws(VolumeFault) -> RecoveryRecord.CutTail? {
    let count = tail.fileSize - tail.good.bytes
    guard count > 0 else { return nil }
    let bytes = try volume.read(
      names.segment(tail.segment), from: tail.good.bytes, count: Int(clamping: count))
    var attempt = 0
    while true {
      let name = names.tornCopy(
        segment: tail.segment, offset: tail.good.bytes, attempt: attempt)
      do throws(VolumeFault) {
        try volume.create(name)
        try volume.write(bytes, to: name, at: 0)
        try volume.synchronize(name)
        try volume.synchronizeDirectory()
      } catch  where error.kind == .exists {
        // From a recovery that died: the same bytes need no second copy.
        let same = (try? volume.read(name, from: 0, count: bytes.count + 1)) == bytes
        if !same {
          attempt += 1
          continue
        }
        try volume.synchronize(name)
      }
      volume.close(name)
      return RecoveryRecord.CutTail(
        byteCount: count, hash: LineHash(of: bytes), copyName: name)
    }
  }
}

extension SegmentVerdict {
  /// How the next segment says that this one ended.
  fileprivate var ending: Predecessor.Ending {
    switch self {
    case .intact, .tornTail: .abandoned
    case .damaged: .damaged
    case .tampered: .tampered
    case .truncated: .truncated
    }
  }
}

extension SalvagedLine {
  /// The record as it is written again: an entry remembers the hash that its receipt shows.
  fileprivate var salvaged: LedgerRecord {
    if case .entry(let record) = record {
      .entry(
        EntryRecord(
          record.entry, resolution: record.resolution, isAdopted: record.isAdopted,
          takesBackUnknown: record.takesBackUnknown, salvagedHash: record.salvagedHash ?? hash))
    } else {
      record
    }
  }
}

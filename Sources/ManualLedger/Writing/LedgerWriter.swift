import BankCore

/// The one writer of a terminal's manual ledger. It blocks on the disk and belongs on an executor
/// of its own; whoever makes it holds the terminal's lock.
///
/// An append is: lines, sync, mark, sync. Only then does it return, and only then may anybody be
/// told. Two syncs, because the mark must never run ahead of the line it vouches for.
public final class LedgerWriter {
  /// A segment that has grown to this is sealed before the next line.
  public static let segmentByteLimit: Int64 = 16 << 20
  /// Entries are refused while the disk has less room than this.
  public static let reserveByteCount: Int64 = 128 << 10
  /// The size of the file that keeps room for closing properly.
  public static let ballastByteCount = 1 << 20

  /// The sum of all durable records.
  public internal(set) var state: LedgerState
  /// What was found when it was opened.
  public let recovery: LedgerRecovery
  public let owner: LedgerOwner
  /// Where the next line goes, and the head of the chain.
  public internal(set) var segment: Int64
  public internal(set) var end: SegmentEnd
  /// It failed to record something and records nothing any more.
  public internal(set) var isStopped = false

  let volume: any Volume
  /// The second copy, where one is configured.
  let copy: LedgerCopy?
  let names: LedgerNames
  let segmentByteLimit: Int64
  var generation: Int64
  var lastMark: Mark?
  var highestSegment: Int64
  var hasBallast = false
  var hasWitness = false

  init(
    _ reading: LedgerReading, _ second: SecondCopy, on volume: any Volume,
    copy: (any Volume)?, owner: LedgerOwner, segmentByteLimit: Int64
  ) {
    self.volume = volume
    let terminalNames = LedgerNames(owner.terminal.name)
    self.copy = copy.map { LedgerCopy(on: $0, names: terminalNames, missing: second.fault) }
    self.owner = owner
    self.segmentByteLimit = segmentByteLimit
    names = terminalNames
    state = reading.state
    recovery = LedgerRecovery(reading, second)
    segment = reading.tail?.segment ?? 0
    end = reading.tail?.good ?? SegmentEnd(records: 0, bytes: 0, head: .none)
    lastMark = reading.markReading.mark
    // Marks are numbered on: the witness of an older one must never win.
    generation = reading.newestGeneration
    highestSegment = max(reading.highestSegment, segment, second.rescue?.highestSegment ?? 0)
  }

  /// Makes records durable, in order, all or none.
  ///
  /// - Parameter now: the time of a new segment's first line, should one have to be begun.
  /// - Throws: `LedgerFault`; every case but `.inDoubt` means that nothing was recorded.
  @discardableResult
  public func append(
    _ records: [LedgerRecord], at now: Instant
  ) throws(LedgerFault) -> DurableReceipt {
    guard !isStopped else { throw .stopped }
    try RecordRules.check(records, against: state)
    let holdsEntry = records.contains { if case .entry = $0 { true } else { false } }
    if holdsEntry { try checkRoom() }
    do throws(LedgerFault) {
      return try store(records, at: now)
    } catch {
      // What is known about entries already taken is written with the last room there is.
      guard case .diskFull = error, !holdsEntry, releaseBallast() else { throw error }
      return try store(records, at: now)
    }
  }

  /// Makes groups of records durable together, each all or none. A group that may not be written, for
  /// what its own records say, stops no other.
  public func append(
    _ groups: [[LedgerRecord]], at now: Instant
  ) -> [Result<DurableReceipt, LedgerFault>] {
    do throws(LedgerFault) {
      let receipt = try append(groups.flatMap(\.self), at: now)
      var lines = receipt.lines[...]
      return groups.map { group in
        defer { lines = lines.dropFirst(group.count) }
        return .success(
          DurableReceipt(lines: Array(lines.prefix(group.count)), copies: receipt.copies))
      }
    } catch {
      guard groups.count > 1, error.isOfTheRecords else {
        return groups.map { _ in .failure(error) }
      }
      return groups.map { group in
        Result { () throws(LedgerFault) in try append(group, at: now) }
      }
    }
  }

  /// Whether the disk has room for another entry; asked before the teller confirms.
  ///
  /// - Throws: `LedgerFault.diskFull`, or `.volume` when the directory cannot even be asked.
  public func checkRoom() throws(LedgerFault) {
    do throws(VolumeFault) {
      let free = try volume.freeBytes()
      guard free < Self.reserveByteCount else { return }
      throw VolumeFault(.noSpace, "\(free) bytes are free in the directory of the manual ledger")
    } catch {
      throw error.kind == .noSpace ? .diskFull(error) : .volume(error)
    }
  }

  /// Closes the segment properly; the next append begins another one. An empty segment stays.
  public func seal(_ cause: SealRecord.Cause, at now: Instant) throws(LedgerFault) {
    guard !isStopped else { throw .stopped }
    guard !state.isSealed, end.records > 1 else { return }
    let seal = LedgerRecord.seal(
      SealRecord(cause: cause, records: end.records, totals: state.totals, at: now))
    let sealed = segment
    do throws(LedgerFault) {
      _ = try write([seal], at: now)
    } catch {
      guard case .diskFull = error, releaseBallast() else { throw error }
      _ = try write([seal], at: now)
    }
    // A seal holds by its place in the chain; the file's rights are only a fence.
    if sealed == segment { try? volume.makeReadOnly(names.segment(sealed)) }
  }

  /// Lets go of the files.
  public func close() {
    volume.close(names.segment(segment))
    volume.close(names.mark)
    volume.close(names.witness)
    copy?.volume.close(names.segment(segment))
    copy?.volume.close(names.mark)
    isStopped = true
  }

  private func store(
    _ records: [LedgerRecord], at now: Instant
  ) throws(LedgerFault) -> DurableReceipt {
    if !state.isSealed, end.bytes >= segmentByteLimit { try seal(.full, at: now) }
    if state.isSealed {
      let before = Predecessor(segment: segment, ending: .sealed, end: end)
      do throws(VolumeFault) {
        return try begin(after: before, with: records, at: now)
      } catch {
        if isStopped { throw .inDoubt(error) }
        throw error.kind == .noSpace ? .diskFull(error) : .volume(error)
      }
    }
    return try write(records, at: now)
  }

  private func write(
    _ records: [LedgerRecord], at now: Instant
  ) throws(LedgerFault) -> DurableReceipt {
    var group = LineGroup(in: segment, after: end)
    for record in records { try group.append(record) }
    let name = names.segment(segment)
    do throws(VolumeFault) {
      try requireDescriptors(name, names.mark)
      try volume.write(group.bytes, to: name, at: end.bytes)
    } catch {
      guard isBackToItsEnd(name), error.kind != .inputOutput, error.kind != .other else {
        return try moveOn(with: records, after: error, at: now)
      }
      throw error.kind == .noSpace ? .diskFull(error) : .volume(error)
    }
    do throws(VolumeFault) {
      try volume.synchronize(name)
    } catch {
      return try moveOn(with: records, after: error, at: now)
    }
    try advanceMark(past: group)
    return commit(group)
  }

  /// Before the first byte is written: a line whose mark cannot be opened any more would be in doubt.
  /// What else keeps a file from being opened shows when it is written.
  func requireDescriptors(_ names: String...) throws(VolumeFault) {
    for name in names {
      do throws(VolumeFault) { try volume.open(name) } catch  where error.kind == .tooManyFiles {
        throw error
      } catch {}
    }
  }

  /// After a write that failed: whether certainly nothing of it is left in the file.
  private func isBackToItsEnd(_ name: String) -> Bool {
    if (try? volume.truncate(name, to: end.bytes)) != nil { return true }
    return (try? volume.size(of: name)) == end.bytes
  }

  /// The segment is dead: what is not acknowledged is written again, from memory, to a new one.
  /// Never a second try on the same file, and no reading back: the system may show bytes that
  /// never reached the disk.
  private func moveOn(
    with records: [LedgerRecord], after fault: VolumeFault, at now: Instant
  ) throws(LedgerFault) -> DurableReceipt {
    volume.close(names.segment(segment))
    let before = Predecessor(segment: segment, ending: .abandoned, end: end)
    do throws(VolumeFault) {
      return try begin(after: before, with: records, at: now)
    } catch  where error.kind == .noSpace && !isStopped && releaseBallast() {
      if let receipt = try? begin(after: before, with: records, at: now) { return receipt }
    } catch {
      // Said below, with the fault that came first.
    }
    isStopped = true
    throw .inDoubt(fault)
  }

  private func advanceMark(past group: LineGroup) throws(LedgerFault) {
    do throws(VolumeFault) {
      try writeMark(past: group)
    } catch {
      isStopped = true
      _ = restoreMark()
      throw .inDoubt(error)
    }
  }

  func commit(_ group: LineGroup) -> DurableReceipt {
    let lines = group.lines.map { DurableLine($0.record, place: $0.place, hash: $0.hash) }
    for line in lines { state.apply(line) }
    segment = group.segment
    end = group.end
    return DurableReceipt(lines: lines.filter { !$0.record.isBoundary }, copies: copyOn())
  }

  /// Lets the second copy follow to what has just become durable here.
  func copyOn() -> DurableReceipt.Copies {
    guard let copy, let lastMark else { return .single }
    if let fault = copy.follow(volume, to: lastMark) { return .oneCopy(fault) }
    return .both
  }
}

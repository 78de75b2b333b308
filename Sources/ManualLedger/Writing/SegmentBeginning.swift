import BankCore

extension LedgerWriter {
  /// Begins the next segment, with these records already in it.
  ///
  /// - Throws: nothing was recorded, unless the writer has stopped.
  func begin(
    after predecessor: Predecessor?, with records: [LedgerRecord], at now: Instant
  ) throws(VolumeFault) -> DurableReceipt {
    try requireDescriptors(names.mark)
    highestSegment += 1
    let number = highestSegment
    let name = names.segment(number)
    var group = LineGroup(
      in: number,
      after: SegmentEnd(records: 0, bytes: 0, head: predecessor?.end.head ?? .none))
    do throws(LedgerFault) {
      try group.append(.open(opening(of: number, after: predecessor, at: now)))
      for record in records { try group.append(record) }
    } catch {
      throw VolumeFault(.other, error.text)
    }
    try volume.create(name)
    do throws(VolumeFault) {
      try volume.write(group.bytes, to: name, at: 0)
      try volume.synchronize(name)
      try volume.synchronizeDirectory()
    } catch {
      giveUp(name)
      throw error
    }
    do throws(VolumeFault) {
      try writeMark(past: group)
    } catch {
      // A mark that may name this segment needs it: it stays until the mark certainly does not.
      if restoreMark() { giveUp(name) } else { isStopped = true }
      throw error
    }
    volume.close(names.segment(segment))
    return commit(group)
  }

  /// Nothing in the segment was told. Should it stay and hold whole lines, they are found untold one
  /// day: whether they were recorded is in doubt, and the writer stops.
  private func giveUp(_ name: String) {
    volume.close(name)
    if (try? volume.remove(name)) == nil { isStopped = true }
  }

  /// After a mark that failed: writes over what may stand in its slot, so that what nobody was told
  /// of is not called told at the next start.
  ///
  /// - Returns: whether that is certain, whatever happens to the machine now.
  func restoreMark() -> Bool {
    volume.close(names.mark)
    guard let lastMark else { return false }
    let before = lastMark.under(generation - 1)
    guard (try? volume.write(before.block, to: names.mark, at: before.offset)) != nil else {
      return false
    }
    return (try? volume.synchronize(names.mark)) != nil
  }

  private func opening(
    of number: Int64, after predecessor: Predecessor?, at now: Instant
  ) -> SegmentOpening {
    SegmentOpening(
      owner: owner, segment: number, predecessor: predecessor,
      foldFrom: state.firstNeededSegment ?? number, nextNumber: state.nextNumber,
      lastEntry: state.lastEntry, acknowledgement: state.acknowledgement,
      lastAcknowledged: state.lastAcknowledged, outages: state.outageCount, totals: state.totals,
      losses: state.recordedLosses.sorted { ($0.segment, $0.records) < ($1.segment, $1.records) },
      missing: state.gaps.found.map(\.numbers), at: now)
  }

  /// Writes and syncs the mark behind the group. A second try goes through a new descriptor to
  /// the same slot: the other one still holds the last good mark.
  func writeMark(past group: LineGroup) throws(VolumeFault) {
    let entries = group.lines.compactMap { line -> Int64? in
      if case .entry(let record) = line.record { record.entry.number + 1 } else { nil }
    }
    let mark = Mark(
      generation: generation + 1, segment: group.segment, end: group.end,
      nextNumber: max(state.nextNumber, entries.max() ?? 0))
    do throws(VolumeFault) {
      try write(mark)
    } catch {
      volume.close(names.mark)
      if error.kind == .noSpace { _ = releaseBallast() }
      try write(mark)
    }
    generation = mark.generation
    lastMark = mark
    bearWitness(to: mark)
  }

  /// Written behind the mark and not waited for: it may be older than the mark, never newer.
  private func bearWitness(to mark: Mark) {
    if !hasWitness, (try? volume.size(of: names.witness)) == nil {
      guard (try? volume.create(names.witness)) != nil else { return }
    }
    hasWitness = (try? volume.write(mark.line, to: names.witness, at: 0)) != nil
    if !hasWitness { volume.close(names.witness) }
  }

  private func write(_ mark: Mark) throws(VolumeFault) {
    try volume.write(mark.block, to: names.mark, at: mark.offset)
    try volume.synchronize(names.mark)
  }

  /// Gives back the room that was kept for closing properly. False when it was given before.
  func releaseBallast() -> Bool {
    guard hasBallast else { return false }
    hasBallast = false
    return (try? volume.remove(names.ballast)) != nil
  }

  /// Keeps room for closing properly, where there is plenty.
  ///
  /// - Throws: `VolumeFault.Kind.noFile` where something else stands in its place.
  func layBallast() throws(VolumeFault) {
    let name = names.ballast
    var isThere = false
    do throws(VolumeFault) {
      let size = try volume.size(of: name)
      isThere = true
      if size == Int64(Self.ballastByteCount), try volume.isSolid(name) {
        hasBallast = true
        return
      }
    } catch {
      if error.kind == .noFile { throw error }
    }
    guard let free = try? volume.freeBytes(), free > 8 * Int64(Self.ballastByteCount) else {
      return
    }
    do throws(VolumeFault) {
      if !isThere { try volume.create(name) }
      try volume.truncate(name, to: 0)
      // Not zeros: some file systems store those in no room at all.
      let bytes = [UInt8](repeating: 0x2E, count: Self.ballastByteCount)
      try volume.write(bytes, to: name, at: 0)
      try volume.synchronize(name)
      hasBallast = true
    } catch {
      // Room that cannot be kept is not kept; entries are refused earlier then.
    }
    volume.close(name)
  }
}

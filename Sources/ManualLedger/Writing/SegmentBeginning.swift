import BankCore

extension LedgerWriter {
  /// Begins the next segment, with these records already in it.
  ///
  /// - Throws: nothing was recorded, unless the writer has stopped.
  func begin(
    after predecessor: Predecessor?, with records: [LedgerRecord], at now: Instant
  ) throws(VolumeFault) -> DurableReceipt {
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
      try writeMark(past: group)
    } catch {
      volume.close(name)
      // Nothing in it was told. Should it stay and hold whole lines, they are found untold one
      // day: whether they were recorded is in doubt, and the writer stops.
      if (try? volume.remove(name)) == nil { isStopped = true }
      throw error
    }
    volume.close(names.segment(segment))
    return commit(group)
  }

  private func opening(
    of number: Int64, after predecessor: Predecessor?, at now: Instant
  ) -> SegmentOpening {
    SegmentOpening(
      owner: owner, segment: number, predecessor: predecessor,
      foldFrom: state.firstNeededSegment ?? number, nextNumber: state.nextNumber,
      lastEntry: state.lastEntry, acknowledgement: state.acknowledgement,
      lastAcknowledged: state.lastAcknowledged, outages: state.outageCount, totals: state.totals,
      at: now)
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
  func layBallast() {
    let name = names.ballast
    if (try? volume.size(of: name)) == Int64(Self.ballastByteCount) {
      hasBallast = true
      return
    }
    guard let free = try? volume.freeBytes(), free > 8 * Int64(Self.ballastByteCount) else {
      return
    }
    do throws(VolumeFault) {
      if (try? volume.size(of: name)) == nil { try volume.create(name) }
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

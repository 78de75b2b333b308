import BankCore

/// What the second copy knows and the first one has lost.
struct Rescue {
  let lines: [SalvagedLine]
  /// The copy goes on where the first one ended: the first was put back from an older copy, or
  /// has lost its end.
  let isAhead: Bool
  let highestSegment: Int64
  /// Told entries whose numbers are other entries' here: the till has gone on with an older directory
  /// while the copy was away.
  let displaced: [Entry]
  /// Whether a line of the first copy says so already.
  let isDisplacementKnown: Bool
  /// The copy holds no line of this terminal.
  let isEmpty: Bool

  /// - Throws: `LedgerFault`, when the copy cannot be read.
  init(
    of reading: LedgerReading, from volume: any Volume, owner: LedgerOwner
  ) throws(LedgerFault) {
    var lines: [(SalvagedLine, LineReference)] = []
    let copy = try LedgerReading(of: owner.terminal.name, on: volume) { record, hash, place in
      lines.append((SalvagedLine(record: record, hash: hash), place))
    }
    guard copy.state.owner.map({ $0 == owner }) ?? true else {
      throw .foreign(found: copy.state.owner ?? owner, expected: owner)
    }
    highestSegment = copy.highestSegment
    isEmpty = copy.tail == nil
    let displaced = copy.state.displaced(beside: reading.state)
    self.displaced = displaced
    isDisplacementKnown = reading.state.modes.contains {
      $0.text == Self.words(on: displaced)
    }
    guard let theirs = copy.tail else {
      self.lines = []
      isAhead = false
      return
    }
    // What was never told in the copy was never told at all.
    let told = lines.filter { line in
      line.1.segment < theirs.segment || line.1.record <= theirs.told.records
    }.map(\.0)
    self.lines = reading.state.lacking(told)
    let ours = reading.tail
    isAhead =
      (theirs.segment, theirs.told.bytes)
      > (ours?.segment ?? 0, ours?.good.bytes ?? 0)
  }

  /// Why the first copy has to go on with a new segment, which says what was lost.
  var isNews: Bool { isAhead || (!displaced.isEmpty && !isDisplacementKnown) }

  /// What is said of displaced entries, half a sentence.
  static func words(on displaced: [Entry]) -> String {
    "the second copy holds \(displaced.map(\.label).joined(separator: ", ")), "
      + "whose numbers are other entries' here: daybook ledger adopt takes them over from its folder"
  }

  /// Puts segments back whose files are not here any more, byte for byte and as far as they are
  /// whole there. What is here, in whatever state, is left alone.
  ///
  /// - Returns: the reports on the segments that were put back.
  /// - Throws: `VolumeFault` of the first directory; a copy that cannot be read gives nothing.
  static func restore(
    _ terminal: TerminalName, on volume: any Volume, from copy: any Volume
  ) throws(VolumeFault) -> [SegmentReport] {
    let names = LedgerNames(terminal)
    let here = Set(try volume.fileNames())
    guard
      let there = try? copy.fileNames().compactMap({ names.segmentNumber($0) }),
      there.contains(where: { !here.contains(names.segment($0)) }),
      let found = try? LedgerReading(of: terminal, on: copy, scope: .everything, isTold: true)
    else { return [] }
    var restored: [SegmentReport] = []
    for report in found.reports where report.verdict.isSound && report.end.records > 0 {
      guard !here.contains(report.name) else { continue }
      try put(report, back: volume, from: copy)
      restored.append(report)
    }
    return restored
  }

  private static func put(
    _ report: SegmentReport, back volume: any Volume, from copy: any Volume
  ) throws(VolumeFault) {
    let bytes = try copy.read(report.name, from: 0, count: Int(clamping: report.end.bytes))
    try volume.create(report.name)
    try volume.write(bytes, to: report.name, at: 0)
    try volume.synchronize(report.name)
    try volume.synchronizeDirectory()
    volume.close(report.name)
  }
}

/// What the second copy had to give when the ledger was opened.
struct SecondCopy {
  /// Segments that were gone and were put back.
  private(set) var restored: [Int64] = []
  private(set) var restoredLines: Int64 = 0
  /// Nil when nothing is missing here.
  private(set) var rescue: Rescue?
  /// Entries that stand in the copy alone, under numbers that are others' here.
  private(set) var displaced: [Entry] = []
  /// Something is missing here, and the copy cannot be asked.
  private(set) var fault: VolumeFault?

  /// Puts back what is gone here and whole there, looks again, and compares.
  ///
  /// A copy that cannot be read is no reason to stop: the receipts say that there is one copy only.
  init(
    _ copy: (any Volume)?, of reading: inout LedgerReading, on volume: any Volume,
    owner: LedgerOwner
  ) throws(LedgerFault) {
    guard let copy else { return }
    let found: [SegmentReport]
    do throws(VolumeFault) {
      found = try Rescue.restore(reading.terminal, on: volume, from: copy)
    } catch {
      throw .volume(error)
    }
    restored = found.map(\.segment)
    restoredLines = found.reduce(0) { $0 + $1.records }
    if !found.isEmpty {
      reading = try LedgerReading(
        of: reading.terminal, on: volume, scope: reading.scope)
    }
    try compare(reading, copy, owner)
  }

  private mutating func compare(
    _ reading: LedgerReading, _ copy: any Volume, _ owner: LedgerOwner
  ) throws(LedgerFault) {
    let isLost = reading.isMissingSomething
    do throws(LedgerFault) {
      let found = try Rescue(of: reading, from: copy, owner: owner)
      if found.isNews || isLost { rescue = found }
      displaced = found.displaced
      if found.isEmpty, reading.hasNewLoss || reading.state.hasOpenLoss {
        let name = owner.terminal.name
        fault = VolumeFault(.missing, "the second copy holds no ledger of \(name)")
      }
    } catch {
      if case .foreign = error { throw error }
      guard isLost else { return }
      if case .volume(let found) = error {
        fault = found
      } else {
        fault = VolumeFault(.other, error.text)
      }
    }
  }
}

extension LedgerReading {
  /// Whether a second copy may know more.
  var isMissingSomething: Bool { hasNewLoss || state.hasOpenLoss || !state.gaps.isEmpty }

  /// How many lines a second copy holds that are missing here; for those who only look.
  public func linesOffered(by copy: any Volume) -> Int {
    guard let owner = state.owner ?? Self.owner(of: terminal, on: copy) else { return 0 }
    let here = Set(reports.filter { $0.records > 0 }.map(\.segment))
    let whole =
      (try? LedgerReading(of: terminal, on: copy, scope: .everything, isTold: true))?
      .reports.filter { $0.verdict.isSound && !here.contains($0.segment) } ?? []
    let lines = (try? Rescue(of: self, from: copy, owner: owner))?.lines.count ?? 0
    return max(lines, Int(clamping: whole.reduce(0) { $0 + $1.records }))
  }

  /// Whose ledger lies in that directory; nil where nobody can tell.
  public static func owner(of terminal: TerminalName, on volume: any Volume) -> LedgerOwner? {
    (try? LedgerReading(of: terminal, on: volume))?.state.owner
  }
}

extension LedgerState {
  /// Entries that count here, and whose numbers the other state has given to others.
  fileprivate func displaced(beside other: LedgerState) -> [Entry] {
    entries.filter { known in
      let entry = known.entry
      let counts =
        known.isWaiting || known.outcome?.recorded.outcome.isBooked == true
      return counts && entry.kind != .settlement && other[entry.id] == nil
        && other.adopted(entry.id) == nil && other.lineHash(ofNumber: entry.number) != nil
    }.map(\.entry)
  }
}

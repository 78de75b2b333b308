import BankCore

/// One segment of the chain and what is expected of it.
struct SegmentLink: Hashable, Sendable {
  let segment: Int64
  /// Its first line, where that can be read.
  let opening: SegmentOpening?
  let expectation: SegmentExpectation
  let isPresent: Bool

  /// The same, without what stands beyond the mark.
  var untilMark: SegmentLink {
    switch expectation {
    case .marked(let end, _), .atLeast(let end):
      SegmentLink(
        segment: segment, opening: opening, expectation: .told(end), isPresent: isPresent)
    case .told, .ended, .unmarked: self
    }
  }
}

/// Finds which segments make up a ledger: from the mark, back along what each `open` line says of
/// the segment before it.
struct SegmentChain {
  let names: LedgerNames
  let mark: MarkReading
  /// Numbers of the files that are there, in order.
  let segments: [Int64]
  private let present: Set<Int64>
  /// Oldest first; the last one is the one to go on with.
  private(set) var links: [SegmentLink] = []
  /// Files among them that belong to no chain: begun, and left before anything in them was told.
  private(set) var remnants: [Int64] = []
  /// Files that later segments name and that are not there, before the first segment that is read.
  private(set) var missing: [Int64] = []
  /// What was told goes on after the mark, in a way that no crash explains: the mark is an old one.
  private(set) var isMarkOld = false
  /// The newest mark that is known of, from the mark's file or from its witness.
  let told: Mark?

  /// Whether the first segment that is read is the very first of the terminal.
  var startsAtFirst: Bool {
    guard let first = links.first, first.segment == 1 else { return false }
    return first.isPresent || links.compactMap(\.opening).last?.foldFrom ?? 1 <= 1
  }

  /// About how many entries the segments hold, going by what the mark and the oldest segment say.
  /// Only a hint: neither is verified here, so that it is never more than memory can bear.
  var expectedEntries: Int {
    let first = links.first?.opening?.nextNumber ?? 1
    return Int(clamping: min(max(0, (told?.nextNumber ?? 1) - first), 1 << 18))
  }

  private let volume: any Volume

  init(
    of terminal: TerminalName, on volume: any Volume, scope: LedgerReading.Scope
  ) throws(VolumeFault) {
    self.volume = volume
    let names = LedgerNames(terminal)
    self.names = names
    // In this order: what a living writer does meanwhile lies beyond what was read before.
    let witness = try Mark.witness(names.witness, on: volume)
    mark = try MarkReading.read(names.mark, on: volume)
    told = [mark.mark, witness].compactMap { $0 }.max { $0.generation < $1.generation }
    isMarkOld = mark.mark.map { $0.generation < (witness?.generation ?? 0) } ?? false
    segments = try volume.fileNames().compactMap { names.segmentNumber($0) }.sorted()
    present = Set(segments)
    try follow(scope)
    try findMissing()
  }

  /// What the mark alone would say, where it can be relied on.
  private var expectation: SegmentExpectation {
    guard let told else { return .unmarked }
    guard mark.mark != nil, !isMarkOld else { return .atLeast(told.end) }
    return .marked(told.end, isDoubtful: mark.isDoubtful)
  }

  private mutating func follow(_ scope: LedgerReading.Scope) throws(VolumeFault) {
    var newer: [SegmentLink] = []
    let last: Int64
    if let marked = told {
      last = marked.segment
      if !present.contains(last), segments.isEmpty, marked.end.bytes == 0 { return }
      newer = try successors(of: marked)
    } else if let newest = segments.last {
      last = newest
    } else {
      return
    }
    var expectation = expectation
    if let successor = newer.first?.opening?.predecessor { expectation = .ended(successor) }
    links = try predecessors(of: last, expectation, scope, newest: newer.last?.opening) + newer
    let linked = Set(links.map(\.segment))
    let first = links.first?.segment ?? 0
    remnants = segments.filter { $0 >= first && !linked.contains($0) }
  }

  /// Looks, by the names alone and the first lines behind a gap, for segments that were there once.
  private mutating func findMissing() throws(VolumeFault) {
    let first = links.first?.segment ?? 0
    for segment in segments where segment <= first && !present.contains(segment - 1) {
      guard let before = try opening(segment)?.predecessor?.segment, before < first else {
        continue
      }
      if !present.contains(before) { missing.append(before) }
    }
  }

  /// The segments that were begun after the one the mark names, oldest first.
  private mutating func successors(of marked: Mark) throws(VolumeFault) -> [SegmentLink] {
    var found: [(Int64, SegmentOpening)] = []
    var last = marked.segment
    for candidate in segments where candidate > marked.segment {
      guard let opening = try opening(candidate), let before = opening.predecessor,
        before.segment == last, before.ending == .sealed || before.ending == .abandoned
      else { continue }
      if last == marked.segment {
        guard before.end.bytes >= marked.end.bytes else { continue }
        if before.end != marked.end { isMarkOld = true }
      } else {
        isMarkOld = true
      }
      found.append((candidate, opening))
      last = candidate
    }
    return found.indices.map { index in
      let (segment, opening) = found[index]
      let nothing = SegmentEnd(
        records: 0, bytes: 0, head: opening.predecessor?.end.head ?? .none)
      let expectation: SegmentExpectation
      if index + 1 < found.count, let after = found[index + 1].1.predecessor {
        expectation = .ended(after)
      } else if isMarkOld || mark.mark == nil {
        expectation = .atLeast(nothing)
      } else {
        expectation = .marked(nothing, isDoubtful: mark.isDoubtful)
      }
      return SegmentLink(
        segment: segment, opening: opening, expectation: expectation, isPresent: true)
    }
  }

  /// The segments up to `last`, oldest first.
  private func predecessors(
    of last: Int64, _ expectation: SegmentExpectation, _ scope: LedgerReading.Scope,
    newest: SegmentOpening?
  ) throws(VolumeFault) -> [SegmentLink] {
    var links: [SegmentLink] = []
    var segment = last
    var expectation = expectation
    var oldestNeeded = newest?.foldFrom
    while true {
      let isPresent = present.contains(segment)
      let opening = isPresent ? try opening(segment) : nil
      links.append(
        SegmentLink(
          segment: segment, opening: opening, expectation: expectation, isPresent: isPresent))
      if links.count == 1, oldestNeeded == nil { oldestNeeded = opening?.foldFrom }
      if scope == .open, let oldestNeeded, segment <= oldestNeeded,
        isOld(opening, besides: newest ?? links.first?.opening)
      {
        break
      }
      if let before = opening?.predecessor, before.segment < segment {
        expectation = .ended(before)
        segment = before.segment
      } else if opening == nil, let before = segments.last(where: { $0 < segment }) {
        expectation = .unmarked
        segment = before
      } else {
        break
      }
    }
    return links.reversed()
  }

  /// Whether nothing in the segments before this one is of the last day.
  private func isOld(_ opening: SegmentOpening?, besides newest: SegmentOpening?) -> Bool {
    guard let opening, let newest else { return true }
    return newest.at.milliseconds(since: opening.at) >= LedgerState.recentMilliseconds
  }

  private func opening(_ segment: Int64) throws(VolumeFault) -> SegmentOpening? {
    try SegmentFile.opening(of: names.segment(segment), on: volume)
  }
}

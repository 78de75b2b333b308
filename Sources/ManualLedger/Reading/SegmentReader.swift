import BankCore

/// Reads the segments of one ledger, oldest first, and adds up what counts.
struct SegmentReader {
  private(set) var state: LedgerState
  private(set) var reports: [SegmentReport] = []
  private(set) var tail: LedgerReading.Tail?
  private(set) var salvage: [SalvagedLine] = []

  private let volume: any Volume
  private let names: LedgerNames
  private var decoder = RecordDecoder()
  private var head = LineHash.none
  private let observer: LedgerReading.Observer?

  init(
    state: LedgerState, names: LedgerNames, volume: any Volume,
    observer: LedgerReading.Observer?
  ) {
    self.observer = observer
    self.state = state
    self.names = names
    self.volume = volume
  }

  mutating func read(_ link: SegmentLink, isMarkDoubtful: Bool) throws(LedgerFault) {
    do {
      if link.isPresent {
        try scan(link, isMarkDoubtful: isMarkDoubtful)
      } else {
        report(link, SegmentEnd(records: 0, bytes: 0, head: head), .truncated, fileSize: 0)
      }
    } catch let fault as VolumeFault {
      throw .volume(fault)
    } catch let format as UnknownFormat {
      throw .unknownFormat(format.number, file: names.segment(link.segment))
    } catch {
      throw .stopped
    }
  }

  private struct UnknownFormat: Error { let number: Int64 }

  private mutating func scan(_ link: SegmentLink, isMarkDoubtful: Bool) throws {
    let name = names.segment(link.segment)
    let before = link.opening.map { $0.predecessor?.end.head ?? .none } ?? head
    var scan = ChainScan(
      from: SegmentEnd(records: 0, bytes: 0, head: before),
      vouched: link.expectation.vouched, limit: link.expectation.limit)
    var record: Int64 = 0
    var offset: Int64 = 0
    var irregular: [IrregularLine] = []
    var firstUntold: Int64?
    let told = link.expectation.toldRecords
    let fileSize = try SegmentFile.run(&scan, over: name, on: volume) {
      line, json throws(RecordFault) in
      let decoded = try decoder.record(json)
      try Self.checkPlace(of: decoded, record: record, in: link.segment)
      record += 1
      defer { offset += Int64(LedgerLine.prefixCount + json.count + 1) }
      let place = LineReference(segment: link.segment, record: record)
      if let why = RecordRules.irregularity(of: decoded, at: place, in: state) {
        irregular.append(IrregularLine(record: record, offset: offset, why: why))
        guard !why.isRefused else {
          return state.pass(over: decoded, hash: line.hash, at: place, why)
        }
      }
      state.apply(decoded, hash: line.hash, at: place)
      observer?(decoded, line.hash, place)
      if record > told, firstUntold == nil, !decoded.isBoundary { firstUntold = record }
    }
    if case .unreadable(.unknownFormat(let format)) = scan.stop {
      throw UnknownFormat(number: format)
    }
    let verdict = link.expectation.verdict(on: scan, fileSize: fileSize)
    if verdict == .damaged, !link.isKnownLoss {
      let end = min(fileSize, link.expectation.vouched?.bytes ?? fileSize)
      salvage += try SegmentFile.wholeLines(
        in: name, on: volume, from: scan.end.bytes, upTo: end)
    }
    report(
      link, scan.end, verdict, fileSize: fileSize, firstUntold: firstUntold, irregular: irregular)
    takeBackUntold(firstUntold, record, in: link.segment, isMarkDoubtful: isMarkDoubtful)
  }

  /// The first line of a segment, and no other, is its own `open`.
  private static func checkPlace(
    of record: LedgerRecord, record index: Int64, in segment: Int64
  ) throws(RecordFault) {
    switch record {
    case .open(let opening):
      guard index == 0, opening.segment == segment else { throw .badValue("segment") }
    default:
      guard index > 0 else { throw .missing("open") }
    }
  }

  private mutating func report(
    _ link: SegmentLink, _ end: SegmentEnd, _ verdict: SegmentVerdict, fileSize: Int64,
    firstUntold: Int64? = nil, irregular: [IrregularLine] = []
  ) {
    reports.append(
      SegmentReport(
        name: names.segment(link.segment), segment: link.segment, end: end, verdict: verdict,
        isKnown: link.isKnownLoss, irregular: irregular))
    head = end.head
    tail = LedgerReading.Tail(
      segment: link.segment, told: link.expectation.vouched ?? end, good: end, verdict: verdict,
      fileSize: fileSize, firstUntold: firstUntold)
  }

  /// Says to the state, as a recovery will say to the file, what nobody was told.
  private mutating func takeBackUntold(
    _ first: Int64?, _ last: Int64, in segment: Int64, isMarkDoubtful: Bool
  ) {
    guard let first else { return }
    let recovery = RecoveryRecord(
      untold: RecoveryRecord.UntoldLines(first: first, last: last), cut: nil,
      isMarkDoubtful: isMarkDoubtful, at: Instant(millisecondsSince1970: 0))
    state.apply(
      .recovery(recovery), hash: head, at: LineReference(segment: segment, record: last))
  }

  /// A segment that a later one names, and whose file is not there.
  mutating func reportMissing(_ segment: Int64) {
    reports.append(
      SegmentReport(
        name: names.segment(segment), segment: segment,
        end: SegmentEnd(records: 0, bytes: 0, head: .none), verdict: .truncated))
  }

  /// The mark says which number is next.
  mutating func expect(nextNumber: Int64) {
    guard let tail else { return }
    state.expect(
      nextNumber: nextNumber,
      at: LineReference(segment: tail.segment, record: tail.good.records + 1))
  }

  /// Numbers that are missing although nothing else is: somebody has taken lines out, and made the
  /// chain whole again.
  mutating func checkGaps() {
    for gap in state.gaps.found where !gap.isRecorded {
      let isLost = reports.contains { $0.isBroken && $0.segment <= gap.place.segment }
      guard !isLost,
        let index = reports.firstIndex(where: { $0.segment == gap.place.segment }),
        // An entry that comes too early was named when it was read.
        !reports[index].irregular.contains(where: { $0.record == gap.place.record })
      else { continue }
      reports[index] = reports[index].adding(
        .numberGap(expected: gap.numbers.lowerBound, found: gap.numbers.upperBound + 1, gap.place),
        at: gap.place.record)
    }
  }

  /// A file that was begun and left: nothing in it was ever told, unless the mark that could say
  /// so is in doubt.
  mutating func reportRemnant(_ segment: Int64, isMarkDoubtful: Bool) throws(LedgerFault) {
    let name = names.segment(segment)
    let size: Int64
    let owner: LedgerOwner?
    do {
      size = try volume.size(of: name)
      owner = try SegmentFile.opening(of: name, on: volume)?.owner
    } catch {
      throw .volume(error)
    }
    let isForeign = owner.map { own in state.owner.map { $0 != own } ?? false } ?? false
    let verdict: SegmentVerdict =
      isForeign ? .tampered : size == 0 ? .intact : (isMarkDoubtful ? .damaged : .tornTail)
    reports.append(
      SegmentReport(
        name: name, segment: segment, end: SegmentEnd(records: 0, bytes: 0, head: .none),
        verdict: verdict))
  }
}

extension LedgerRecord {
  /// Lines that a writer adds on its own: nobody is told of them.
  var isBoundary: Bool {
    switch self {
    case .open, .seal: true
    default: false
    }
  }
}

extension SegmentExpectation {
  /// Lines that have been told.
  fileprivate var toldRecords: Int64 {
    if case .marked(let end, _) = self { end.records } else { .max }
  }
}

extension SegmentLink {
  /// A later segment says that this one has lost something.
  fileprivate var isKnownLoss: Bool {
    guard case .ended(let predecessor) = expectation else { return false }
    return predecessor.ending.isLoss
  }
}

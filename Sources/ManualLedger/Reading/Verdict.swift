/// What became of a segment. The raw values are the words of the command line.
public enum SegmentVerdict: String, Hashable, Sendable, CaseIterable {
  case intact
  /// Bytes after the last told line are no line: a writer died. Nothing told is missing.
  case tornTail = "torn_tail"
  /// Bad data before the mark.
  case damaged
  /// Lines that are whole, but were not written there by this ledger.
  case tampered
  /// The file is shorter than its mark: told lines are missing.
  case truncated

  /// Whether nothing that was told is missing or doubtful.
  public var isSound: Bool { self == .intact || self == .tornTail }
}

/// What is known, from outside a segment, about where it must end.
enum SegmentExpectation: Hashable, Sendable {
  /// The segment that is being written: told up to the mark. If the mark may be an old one,
  /// nobody can tell a torn tail from damage.
  case marked(SegmentEnd, isDoubtful: Bool)
  /// The same, read no further than that.
  case told(SegmentEnd)
  /// The next segment says how it ended.
  case ended(Predecessor)
  /// The mark is gone, or an old one is in its place: told at least so far. Every whole line
  /// counts, and bad data is damage.
  case atLeast(SegmentEnd)
  /// Nothing is known: every whole line counts, and bad data is damage.
  case unmarked

  var vouched: SegmentEnd? {
    switch self {
    case .marked(let end, _), .told(let end), .atLeast(let end): end
    case .ended(let predecessor): predecessor.end
    case .unmarked: nil
    }
  }

  /// Up to where lines count.
  var limit: Int64 {
    switch self {
    case .ended(let predecessor): predecessor.end.bytes
    case .told(let end): end.bytes
    case .marked, .atLeast, .unmarked: .max
    }
  }

  /// The verdict on a scan that ended.
  func verdict(on scan: ChainScan, fileSize: Int64) -> SegmentVerdict {
    let told = vouched?.bytes ?? .max
    if scan.stop == .headDiffers { return .tampered }
    if scan.end.bytes < told, vouched != nil {
      switch scan.stop {
      case .brokenChain: return .tampered
      case .endOfFile where fileSize < told, .partialLine where fileSize < told: return .truncated
      default: return .damaged
      }
    }
    switch self {
    case .marked(_, let isDoubtful):
      if scan.stop == .endOfFile { return .intact }
      return isDoubtful ? (scan.stop == .brokenChain ? .tampered : .damaged) : .tornTail
    case .told: return .intact
    case .ended(let predecessor):
      switch predecessor.ending {
      case .sealed: return fileSize > told ? .tampered : .intact
      case .abandoned: return .intact
      case .damaged: return .damaged
      case .tampered: return .tampered
      case .truncated: return .truncated
      }
    case .atLeast, .unmarked:
      if scan.stop == .endOfFile { return .intact }
      return scan.stop == .brokenChain ? .tampered : .damaged
    }
  }
}

/// The verdict on one segment, for people and for `ledger verify`.
public struct SegmentReport: Hashable, Sendable {
  /// The name in the ledger's directory.
  public let name: String
  public let segment: Int64
  /// Good lines.
  public let records: Int64
  public let verdict: SegmentVerdict
  /// The first bad or missing line, from 1; nil for an intact segment.
  public let atRecord: Int64?
  /// Where that line begins.
  public let atOffset: Int64?
  /// The loss was found earlier, and a later line records it.
  public private(set) var isKnown: Bool
  /// Whole lines in their place that no till writes.
  public let irregular: [IrregularLine]
  /// What the chain alone says.
  private let chainVerdict: SegmentVerdict
  /// The good lines.
  let end: SegmentEnd
  /// The chain breaks: the segment cannot be gone on with.
  var isBroken: Bool { !chainVerdict.isSound }

  /// What this report describes, as a recovery records it.
  var losses: [SegmentLoss] {
    let lines = irregular.map {
      SegmentLoss(segment: segment, verdict: .tampered, records: $0.record - 1)
    }
    guard isBroken else { return lines }
    return lines + [SegmentLoss(segment: segment, verdict: verdict, records: records)]
  }

  /// The same, known where a recovery has recorded it.
  func knowing(_ recorded: Set<SegmentLoss>) -> SegmentReport {
    var report = self
    // Of a broken segment the next one's first line may say it.
    let unknown = losses.filter { !recorded.contains($0) && !(isKnown && $0.records == records) }
    report.isKnown = unknown.isEmpty && !losses.isEmpty
    return report
  }

  /// The same with another irregular place: the segment's first line, or its end.
  func adding(_ why: Irregularity, at record: Int64) -> SegmentReport {
    let line = IrregularLine(record: record, offset: record == 1 ? 0 : end.bytes, why: why)
    return SegmentReport(
      name: name, segment: segment, end: end, verdict: chainVerdict,
      isKnown: isKnown, irregular: (irregular + [line]).sorted { $0.record < $1.record })
  }

  /// - Parameter verdict: on the chain alone.
  init(
    name: String, segment: Int64, end: SegmentEnd, verdict: SegmentVerdict, isKnown: Bool = false,
    irregular: [IrregularLine] = []
  ) {
    self.name = name
    self.segment = segment
    records = end.records
    self.irregular = irregular
    chainVerdict = verdict
    self.end = end
    self.isKnown = isKnown
    guard verdict.isSound, let first = irregular.first else {
      self.verdict = verdict
      atRecord = verdict == .intact ? nil : end.records + 1
      atOffset = verdict == .intact ? nil : end.bytes
      return
    }
    self.verdict = .tampered
    atRecord = first.record
    atOffset = first.offset
  }
}

/// A line that is whole and in its place, and that no till writes.
public struct IrregularLine: Hashable, Sendable {
  /// From 1; one more than there are lines where the end itself is wrong.
  public let record: Int64
  /// Where it begins.
  public let offset: Int64
  public let why: Irregularity

  /// Whether the line counts for nothing; else it counts, and a person is told.
  public var isRefused: Bool { why.isRefused }
}

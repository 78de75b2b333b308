import BankCore

/// What a mark's file turned out to be.
public enum MarkCondition: Hashable, Sendable {
  case whole
  /// One of its two slots cannot be read, or it is older than the segments: lines after it may
  /// have been told.
  case doubtful
  /// An old one is in its place: the segments, or its witness, know of later ones.
  case old
  /// Neither slot can be read, or the file is gone although there are segments.
  case lost

  /// Whether a person must be told: no crash alone leads to it.
  public var isLoss: Bool { self == .old || self == .lost }
}

/// A terminal's manual ledger as it is found on a volume: verdicts, and the sum of what counts.
/// Reading changes nothing and needs no lock.
public struct LedgerReading: Sendable {
  /// How much of the ledger is read.
  public enum Scope: Hashable, Sendable {
    /// What is needed to know every open matter.
    case open
    /// All segments that are kept, settled entries included.
    case everything
  }

  public let terminal: TerminalName
  /// Oldest segment first.
  public let reports: [SegmentReport]
  /// What the lines that count add up to. Lines beyond the mark are in it as *untold*.
  public let state: LedgerState
  public let mark: MarkCondition

  let scope: Scope
  let markReading: MarkReading
  /// Of the newest mark that is known of, readable or not.
  let newestGeneration: Int64
  /// The segment to go on with; nil before the first line.
  let tail: Tail?
  /// Whole lines behind damage that the state does not know from anywhere else.
  let salvage: [SalvagedLine]
  /// The highest number of any segment's file.
  let highestSegment: Int64

  struct Tail: Hashable, Sendable {
    let segment: Int64
    /// What has been told.
    let told: SegmentEnd
    /// The good lines, told or not.
    let good: SegmentEnd
    let verdict: SegmentVerdict
    let fileSize: Int64
    /// The first line after what was told that somebody should have been told of.
    let firstUntold: Int64?
  }

  /// Whether nothing that was told is missing or doubtful.
  public var isSound: Bool { mark == .whole && reports.allSatisfy(\.verdict.isSound) }

  /// Losses that no later segment records yet: a person must be told.
  public var newLosses: [SegmentReport] {
    reports.filter { !$0.verdict.isSound && !$0.isKnown }
  }

  /// Whether something is wrong that no line of the ledger says yet.
  public var hasNewLoss: Bool { !newLosses.isEmpty || mark.isLoss }

  /// Half sentences for all that is lost or damaged and that no supervisor has accepted, whether a
  /// line says so already or not.
  public var losses: [String] {
    let mark = mark.isLoss ? [state.markLoss(of: terminal)] : []
    let found = newLosses.flatMap { report in report.losses.map { $0.text(of: terminal) } }
    return state.openLosses + (mark + found).filter { !state.openLosses.contains($0) }
  }

  /// Sees each line that counts, in order: the record, the hash of its line, where it stands.
  public typealias Observer = (LedgerRecord, LineHash, LineReference) -> Void

  /// Reads the ledger of one terminal.
  ///
  /// - Parameter isTold: read no further than the mark; for the ledger of another terminal, whose
  ///   writer may be in the middle of an append.
  /// - Parameter observer: for those who need every record and not only their sum, such as
  ///   healing, which says every outcome again.
  /// - Throws: `LedgerFault.volume`, or `.unknownFormat` when a newer Daybook wrote it.
  public init(
    of terminal: TerminalName, on volume: any Volume, scope: Scope = .open,
    isTold: Bool = false, observer: Observer? = nil
  ) throws(LedgerFault) {
    let chain: SegmentChain
    do {
      chain = try SegmentChain(of: terminal, on: volume, scope: scope)
    } catch {
      throw .volume(error)
    }
    let isDoubtful = chain.mark.isDoubtful || chain.isMarkOld
    var state = LedgerState(
      keepsSettled: scope == .everything, startsAtFirst: chain.startsAtFirst)
    state.reserveCapacity(chain.expectedEntries)
    var reader = SegmentReader(
      state: state, names: chain.names, volume: volume, observer: observer)
    for segment in chain.missing { reader.reportMissing(segment) }
    for link in chain.links {
      try reader.read(
        isTold ? link.untilMark : link, isMarkDoubtful: isDoubtful)
    }
    for segment in chain.remnants {
      try reader.reportRemnant(segment, isMarkDoubtful: isDoubtful)
    }
    // Lines may be lost, their numbers are not given again.
    if let told = chain.told { reader.expect(nextNumber: told.nextNumber) }
    reader.checkGaps()
    self.terminal = terminal
    self.scope = scope
    let recorded = reader.state.recordedLosses
    reports = reader.reports.sorted { $0.segment < $1.segment }.map { $0.knowing(recorded) }
    self.state = reader.state
    tail = reader.tail
    salvage = reader.state.lacking(reader.salvage)
    highestSegment = chain.segments.last ?? 0
    markReading = chain.mark
    newestGeneration = chain.told?.generation ?? 0
    mark =
      switch chain.mark {
      case .readable: chain.isMarkOld ? .old : (isDoubtful ? .doubtful : .whole)
      // A mark's file that was being made when its writer died is no loss.
      case .unreadable, .missing: chain.segments.isEmpty && chain.told == nil ? .whole : .lost
      }
  }
}

import BankCore

/// Where a segment was found to have lost lines, or to hold one that no till writes.
public struct SegmentLoss: Hashable, Sendable {
  public let segment: Int64
  /// One that is not sound.
  public let verdict: SegmentVerdict
  /// Good lines before the loss.
  public let records: Int64

  public init(segment: Int64, verdict: SegmentVerdict, records: Int64) {
    self.segment = segment
    self.verdict = verdict
    self.records = records
  }
}

/// What was found and done when the ledger was opened after its writer had died.
public struct RecoveryRecord: Hashable, Sendable {
  /// Records of this segment, first and last, that were whole but had never been told.
  public struct UntoldLines: Hashable, Sendable {
    public let first: Int64
    public let last: Int64

    public init(first: Int64, last: Int64) {
      self.first = first
      self.last = last
    }
  }

  /// Bytes that were no whole line, were copied and then cut off.
  public struct CutTail: Hashable, Sendable {
    public let byteCount: Int64
    public let hash: LineHash
    /// The file in the same directory that keeps them.
    public let copyName: String

    public init(byteCount: Int64, hash: LineHash, copyName: String) {
      self.byteCount = byteCount
      self.hash = hash
      self.copyName = copyName
    }
  }

  public let untold: UntoldLines?
  public let cut: CutTail?
  /// One slot of the mark could not be read: the untold lines may have been told after all.
  public let isMarkDoubtful: Bool
  /// The mark was gone, or an old one was in its place: told lines may be missing at the end.
  public let isMarkLost: Bool
  /// What segments were found to have lost.
  public let losses: [SegmentLoss]
  /// Lines that were taken from the second copy.
  public let rescuedLines: Int64
  /// Where something is lost: which number is next, whatever the lines say that are left.
  public let nextNumber: Int64?
  public let at: Instant

  public init(
    untold: UntoldLines?, cut: CutTail?, isMarkDoubtful: Bool, isMarkLost: Bool = false,
    losses: [SegmentLoss] = [], rescuedLines: Int64 = 0, nextNumber: Int64? = nil, at: Instant
  ) {
    self.isMarkLost = isMarkLost
    self.rescuedLines = rescuedLines
    self.nextNumber = nextNumber
    self.untold = untold
    self.cut = cut
    self.losses = losses
    self.isMarkDoubtful = isMarkDoubtful
    self.at = at
  }
}

extension SegmentLoss {
  /// Half a sentence: what is wrong, and where.
  func text(of terminal: TerminalName) -> String {
    let file = LedgerNames(terminal).segment(segment)
    return switch verdict {
    case .truncated where records == 0: "\(file) was missing"
    case .truncated: "\(file) ends after line \(records), where more lines were told"
    case .tampered: "line \(records + 1) of \(file) was written by no till"
    case .damaged, .intact, .tornTail: "\(file) is damaged in line \(records + 1)"
    }
  }
}

extension RecoveryRecord {
  /// Half sentences for what a person must know.
  func lossTexts(in state: LedgerState) -> [String] {
    guard let terminal = state.owner?.terminal.name else { return [] }
    let found =
      (isMarkLost ? [state.markLoss(of: terminal)] : [])
      + losses.map { $0.text(of: terminal) }
    guard !found.isEmpty, rescuedLines > 0 else { return found }
    return found + ["\(rescuedLines) lines were taken from the second copy"]
  }
}

extension LedgerState {
  /// Without its mark a ledger does not know its own end.
  func markLoss(of terminal: TerminalName) -> String {
    "\(LedgerNames(terminal).mark) was missing, unreadable or an old one"
  }
}

extension Predecessor {
  /// The same of the segment before; nil where nothing is lost in it.
  func lossText(of owner: LedgerOwner) -> String? {
    let verdict: SegmentVerdict
    switch ending {
    case .sealed, .abandoned: return nil
    case .damaged: verdict = .damaged
    case .tampered: verdict = .tampered
    case .truncated: verdict = .truncated
    }
    return SegmentLoss(segment: segment, verdict: verdict, records: end.records)
      .text(of: owner.terminal.name)
  }
}

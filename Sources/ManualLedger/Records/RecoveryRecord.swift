import BankCore

/// Where a sealed segment was found to have lost lines.
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
  /// What sealed segments were found to have lost.
  public let losses: [SegmentLoss]
  public let at: Instant

  public init(
    untold: UntoldLines?, cut: CutTail?, isMarkDoubtful: Bool, losses: [SegmentLoss] = [],
    at: Instant
  ) {
    self.untold = untold
    self.cut = cut
    self.losses = losses
    self.isMarkDoubtful = isMarkDoubtful
    self.at = at
  }
}

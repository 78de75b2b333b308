/// How old the local copy of the books is at a moment, at least. A clock that is set back never makes
/// it younger.
public enum SnapshotAge: Hashable, Sendable {
  /// There is no copy, or none that can be read.
  case missing
  /// The clock stands before the moment of the copy: nobody knows how old it is.
  case notKnown
  case seconds(Int64)

  /// A clock is corrected by so much without anybody's doing.
  private static let toleratedMilliseconds: Int64 = 300_000

  /// - Parameters:
  ///   - asOf: when the copy was taken; nil where there is none.
  ///   - latestSeen: the latest moment of the outage that lasts. The copy was taken before it, so what
  ///     was written since then has seen it older.
  public init(asOf: Instant?, latestSeen: Instant?, at now: Instant) {
    guard let asOf else {
      self = .missing
      return
    }
    guard asOf.milliseconds(since: now) <= Self.toleratedMilliseconds else {
      self = .notKnown
      return
    }
    let latest = max(now, latestSeen ?? now)
    self = .seconds(max(0, latest.milliseconds(since: asOf) / 1000))
  }

  /// `the snapshot is 26 h old`
  public var words: String {
    switch self {
    case .missing: "there is no snapshot"
    case .notKnown: "the clock is earlier than the snapshot"
    case .seconds(let seconds): "the snapshot is \(Wording.age(seconds: seconds)) old"
    }
  }
}

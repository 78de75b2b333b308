extension OutageReport {
  /// What the doctor found when the outage began, or changed its cause.
  public struct DoctorFinding: Hashable, Sendable {
    /// The first layer that failed.
    public struct Failure: Hashable, Sendable {
      /// `C05`
      public let code: String
      public let name: String
      /// Without secrets.
      public let observed: String
      public let sqlState: String?
      public let cause: String?
      public let fix: String?

      public init(
        code: String, name: String, observed: String, sqlState: String? = nil, cause: String?,
        fix: String?
      ) {
        self.code = code
        self.name = name
        self.observed = observed
        self.sqlState = sqlState
        self.cause = cause
        self.fix = fix
      }
    }

    public let at: Instant
    /// For which it was asked.
    public let layer: Layer
    /// The host or the file that was examined.
    public let place: String?
    /// Nil where every layer was passed, or could not be tested.
    public let failure: Failure?
    /// The codes of the layers that were passed.
    public let passed: [String]
    /// The codes of the layers that nobody could test.
    public let untested: [String]
    /// What it was not, each with its proof.
    public let ruledOut: [String]

    public init(
      at: Instant, layer: Layer, place: String?, failure: Failure?, passed: [String],
      untested: [String] = [], ruledOut: [String] = []
    ) {
      self.at = at
      self.layer = layer
      self.place = place
      self.failure = failure
      self.passed = passed
      self.untested = untested
      self.ruledOut = ruledOut
    }
  }

  /// A change that somebody supplied: a generation of the configuration, an update.
  public struct Leadup: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      /// It was there when the history began: no change.
      case found
      case change
      /// It took an earlier change back.
      case rollback
    }

    public let at: Instant
    public let kind: Kind
    /// What changed, with secrets masked.
    public let text: String
    public let author: String?
    /// Of the configuration from then on, and before.
    public var generation: Int?
    public var previous: Int?
    /// In the words of who did it; may be empty.
    public var reason = ""
    /// What its database said before it was put in force; nil where nobody asked.
    public var doctor: String?
    /// What its database said afterwards; nil where nobody asked.
    public var verified: String?

    public init(at: Instant, kind: Kind = .change, text: String, author: String? = nil) {
      self.at = at
      self.kind = kind
      self.text = text
      self.author = author
    }
  }

  /// The change that put an earlier configuration back while it lasted; nil where none did.
  public var wayBack: Leadup? {
    leadup.first { $0.kind == .rollback && $0.at == times.rollback }
  }

  /// From the way back until the bank answered this till; nil where it did not, or there was none.
  public var backOnlineAfter: Int64? {
    guard let wayBack, let online = times.online, online >= wayBack.at else { return nil }
    return online.milliseconds(since: wayBack.at)
  }

  /// Whether the bank may never have been away: what the doctor says who looked meanwhile.
  public enum FalseFlip: Hashable, Sendable {
    /// The bank was kept away by people.
    case onPurpose
    /// No doctor looked while it lasted, or a layer could not be tested.
    case notKnown
    /// Every layer was passed while the till did without the bank.
    case nothingFailed
    case confirmed(code: String)
  }

  public var falseFlip: FalseFlip {
    if isOnPurpose, !causes.isEmpty { return .onPurpose }
    let meanwhile = examinations.filter { found in times.online.map { found.at < $0 } ?? true }
    if let failure = meanwhile.lazy.compactMap(\.failure).first {
      return .confirmed(code: failure.code)
    }
    guard !meanwhile.isEmpty, meanwhile.allSatisfy(\.untested.isEmpty) else { return .notKnown }
    return .nothingFailed
  }

  /// How many changes before the first failure a review looks back at.
  public static let leadupLimit = 5
}

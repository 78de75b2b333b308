/// The bank is kept away on purpose from all tills of a state directory.
public struct Hold: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Until somebody gives the bank back.
    case hold
    /// A rehearsal: it ends by itself.
    case drill
  }

  /// A drill never lasts longer, in milliseconds.
  public static let drillMilliseconds: Int64 = 600_000
  /// What is longer is cut: a name or a reason is a part of one line of the ledger.
  private static let scalarLimit = 120

  public let kind: Kind
  public let by: String
  public let since: Instant
  /// In the words of who did it; may be empty.
  public let reason: String
  /// When it ends by itself, for people; nil for a hold.
  public let until: Instant?

  public init(_ kind: Kind, by: String, since: Instant, reason: String = "") {
    self.kind = kind
    self.by = Self.cut(by)
    self.since = since
    self.reason = Self.cut(reason)
    until = kind == .drill ? since.advanced(byMilliseconds: Self.drillMilliseconds) : nil
  }

  private static func cut(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalarLimit)))
  }

  /// Why the bank is away, as screens and `status` show it.
  public var cause: Cause {
    let who = kind == .drill ? "A drill by \(by)" : "Held by \(by)"
    let why = reason.isEmpty ? "the database is kept away on purpose." : reason
    return Cause(kind == .drill ? .drill : .held, "\(who): \(why)", since: since)
  }
}

/// What a state directory knows of holds.
public struct HoldState: Hashable, Sendable {
  /// A hold that is over, and who ended it; nobody did where a drill's time was over.
  public struct Ended: Hashable, Sendable {
    public let hold: Hold
    public let by: String?
    public let at: Instant

    public init(_ hold: Hold, by: String?, at: Instant) {
      self.hold = hold
      self.by = by
      self.at = at
    }

    /// Why it is over, in a sentence.
    public var sentence: String {
      let what = hold.kind == .drill ? "drill" : "hold"
      return by.map { "The \(what) was ended by \($0)." } ?? "The drill's time is over."
    }
  }

  /// In force now.
  public var standing: Hold?
  /// The last one that is over, while none is in force.
  public var ended: Ended?

  public init(standing: Hold? = nil, ended: Ended? = nil) {
    self.standing = standing
    self.ended = ended
  }
}

/// An examination of the connection as far as it has come.
public struct DoctorRun: Hashable, Sendable {
  public let report: ConnectionReport
  /// Grows each time a layer is finished.
  public let steps: Int
  public let isOver: Bool
  public let beganAt: Instant

  public init(report: ConnectionReport, steps: Int, isOver: Bool, beganAt: Instant) {
    self.report = report
    self.steps = steps
    self.isOver = isOver
    self.beganAt = beganAt
  }
}

/// The change of the configuration that may be behind a fault of the connection, and where the way
/// back leads.
public struct ConfigurationSuspect: Hashable, Sendable {
  /// The generation that the way back leads to.
  public let generation: Int
  /// What was changed since then, without secrets: `port 5432 → 5433`. When it is in force again
  /// already: what this console does not use yet.
  public let differences: [String]
  /// When, by whom and how it was changed: `applied`, `edited`. Who edits a file leaves no name.
  public let changedAt: Instant
  public let changedBy: String?
  public let manner: String
  /// How long the generation was online without a failure.
  public let healthySeconds: Int64
  /// Somebody has gone there since this console was opened: it has only to be taken over.
  public let isInForce: Bool

  public init(
    generation: Int, differences: [String], changedAt: Instant, changedBy: String?, manner: String,
    healthySeconds: Int64, isInForce: Bool
  ) {
    self.generation = generation
    self.differences = differences
    self.changedAt = changedAt
    self.changedBy = changedBy
    self.manner = manner
    self.healthySeconds = healthySeconds
    self.isInForce = isInForce
  }
}

/// What came of going back.
public struct WayBack: Hashable, Sendable {
  /// The generation in force now.
  public let generation: Int
  /// What was done and what proves it, in sentences.
  public let text: String
  public let at: Instant

  public init(generation: Int, text: String, at: Instant) {
    self.generation = generation
    self.text = text
    self.at = at
  }
}

extension CauseCode {
  /// Whether a wrong connection string can be behind it: what the last change of the configuration
  /// is suspected of first.
  public var suspectsConfiguration: Bool {
    switch self {
    case .layer(let layer): layer.suspectsConfiguration
    case .databaseForgot: true
    default: false
    }
  }
}

extension Layer {
  fileprivate var suspectsConfiguration: Bool {
    switch self {
    case .unparsable, .valueMissing, .secretMissing, .nameLookup, .connect, .notThisService,
      .encryption, .accessRule, .login, .noSuchDatabase, .startOptions, .wrongBank, .schema,
      .privileges, .readOnly, .pooler:
      true
    default: false
    }
  }
}

extension LayerReport.Result {
  /// The words for people.
  public var words: String {
    switch self {
    case .pass: "passed"
    case .fail: "failed"
    case .warn: "warning"
    case .notReached: "not reached"
    case .notApplicable: "not applicable"
    case .couldNotTest: "could not test"
    }
  }
}

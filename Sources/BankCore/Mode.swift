/// What the console may promise at this moment. The words of the screens and of `status`.
public enum Mode: String, Hashable, Sendable, CaseIterable {
  /// Identity and schema are not checked yet.
  case starting
  /// The right database answers: the bank decides each entry at once.
  case online
  /// A probe or a statement missed its deadline.
  case suspect
  /// The database cannot be used; the cause says why. Entries go to the manual ledger.
  case manual
  /// The right database is back and entries wait.
  case reconciling
  /// A wrong or a forgetful database, a damaged ledger or a cloned terminal: nothing is sent there
  /// until a supervisor decides.
  case quarantined

  /// Whether entries go straight to the bank.
  public var isLive: Bool { self == .online || self == .reconciling }

  /// The words on the first line of every screen: the one place that knows them. Codes, files and
  /// JSON keep the names of the cases.
  ///
  /// - Parameters:
  ///   - cause: tells the kinds of quarantine apart.
  ///   - isRunning: entries are being reconciled at this moment; else they wait.
  public func label(_ cause: CauseCode?, isRunning: Bool) -> String {
    switch self {
    case .starting: "STARTING"
    case .online: "ONLINE"
    case .suspect: "NO ANSWER YET"
    case .manual: "MANUAL LEDGER"
    case .reconciling: isRunning ? "RECONCILING" : "DATABASE BACK"
    case .quarantined: cause?.quarantineLabel ?? "NOTHING IS SENT"
    }
  }

  /// The words in place of the mode's, where there is no bank yet.
  static let noBankYet = "NO BANK YET"
}

extension CauseCode {
  fileprivate var quarantineLabel: String? {
    switch self {
    case .layer(.wrongBank): "WRONG BANK"
    case .layer(.schema): "NO BANK THERE"
    case .ledgerDamaged: "LEDGER DAMAGED"
    case .databaseForgot: "OLD DATABASE"
    case .terminalCloned: "OLD TILL"
    default: nil
    }
  }
}

/// A cause as it is shown: the code, what was observed in one plain sentence, and since when.
public struct Cause: Hashable, Sendable {
  public let code: CauseCode
  public let text: String
  public var since: Instant
  /// Whether waiting and trying again can mend it without anybody's help.
  public let isTransient: Bool
  /// Whether the bank itself still answers questions, and only takes no entry.
  public let stillReads: Bool
  /// A password was refused, here or behind a pooler: to try again by itself could lock the role.
  public let mayLockRole: Bool
  /// What to do in exactly this case, where that is more than the code tells.
  public let fix: String?
  /// That place holds no bank, and nothing here has ever met one: there is nothing to keep going.
  public let saysNoBankYet: Bool

  /// - Parameters:
  ///   - isTransient: nil where the code says it.
  ///   - stillReads: nil where the code says it.
  ///   - mayLockRole: nil where the code says it.
  public init(
    _ code: CauseCode, _ text: String, since: Instant, isTransient: Bool? = nil,
    stillReads: Bool? = nil, mayLockRole: Bool? = nil, fix: String? = nil,
    saysNoBankYet: Bool = false
  ) {
    self.code = code
    self.text = text
    self.since = since
    self.isTransient = isTransient ?? code.isTransient
    self.stillReads = stillReads ?? code.stillReads
    self.fix = fix
    self.saysNoBankYet = saysNoBankYet
    self.mayLockRole = mayLockRole ?? (code == .login || code == .secretMissing)
  }
}

extension Cause {
  /// The text with its full stop, for where another sentence follows.
  public var sentence: String { text.hasSuffix(".") ? text : text + "." }
}

/// Where a figure comes from. No balance is shown without it.
public enum Provenance: Hashable, Sendable {
  case live(Instant)
  case snapshot(asOf: Instant)
  /// `base` at `asOf` (live or snapshot) with the effect of entries added that it does not have: open
  /// ones, and in a snapshot also newly booked ones.
  case estimated(base: Money, effect: Money, entries: Int, asOf: Instant, isLive: Bool)

  public var word: String {
    switch self {
    case .live: "live"
    case .snapshot: "snapshot"
    case .estimated: "estimated"
    }
  }

  public var asOf: Instant {
    switch self {
    case .live(let instant), .snapshot(let instant): instant
    case .estimated(_, _, _, let instant, _): instant
    }
  }
}

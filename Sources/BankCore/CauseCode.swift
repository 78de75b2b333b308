/// What stands between the console and its bank: the first layer of the connection that fails, or
/// something that no layer tells.
public enum CauseCode: Hashable, Sendable {
  case layer(Layer)
  /// An operator holds the database away on purpose.
  case held
  /// A rehearsal.
  case drill
  case ledgerDamaged
  /// The database does not know what it has acknowledged: it was restored from a backup.
  case databaseForgot
  /// The books know this terminal further than its own ledger does: its state is an old copy.
  case terminalCloned

  /// The layer that fails; nil where it is none.
  public var layer: Layer? { if case .layer(let layer) = self { layer } else { nil } }

  /// What the layer, or what stands there in place of one, is called.
  public var name: String {
    switch self {
    case .layer(let layer): layer.name
    case .held: "Held"
    case .drill: "Drill"
    case .ledgerDamaged: "Manual ledger"
    case .databaseForgot: "Restored database"
    case .terminalCloned: "Terminal"
    }
  }

  /// What has failed, in a few words (at most 46 letters): shown whole where a longer cause, with
  /// the names of servers and files in it, does not fit.
  public var failure: String {
    switch self {
    case .layer(let layer): layer.failure
    case .held: "held away on purpose"
    case .drill: "a drill"
    case .ledgerDamaged: "the manual ledger is damaged"
    case .databaseForgot: "the database forgot what it acknowledged"
    case .terminalCloned: "this terminal's state is an old copy"
    }
  }

  /// Whether waiting and trying again can mend it without anybody's help.
  public var isTransient: Bool {
    switch self {
    case .layer(.connect), .layer(.notReady), .layer(.noSlots), .layer(.latency),
      .layer(.nameLookup), .layer(.readProbe), .layer(.writeProbe), .layer(.pooler):
      true
    default: false
    }
  }

  /// Whether queries can still be answered by the database.
  public var stillReads: Bool { self == .readOnly || self == .diskFull }

  /// Whether a supervisor must decide before anything is sent there again.
  public var quarantines: Bool {
    switch self {
    case .layer(.wrongBank), .layer(.schema), .ledgerDamaged, .databaseForgot, .terminalCloned:
      true
    case .layer, .held, .drill: false
    }
  }
}

/// The code that is shown and kept: `C05`, `H01`, `Q02`.
extension CauseCode: LosslessStringConvertible {
  public var description: String {
    switch self {
    case .layer(let layer): layer.code
    case .held: "H01"
    case .drill: "H02"
    case .ledgerDamaged: "Q01"
    case .databaseForgot: "Q02"
    case .terminalCloned: "Q03"
    }
  }

  public init?(_ code: String) {
    guard let cause = Self.allCases.first(where: { $0.description == code }) else { return nil }
    self = cause
  }
}

extension CauseCode: CaseIterable {
  /// The layers in their order, then the others.
  public static let allCases: [CauseCode] =
    Layer.allCases.map(CauseCode.layer)
    + [.held, .drill, .ledgerDamaged, .databaseForgot, .terminalCloned]
}

/// The layers by their names, as causes.
extension CauseCode {
  public static let unparsable = CauseCode.layer(.unparsable)
  public static let valueMissing = CauseCode.layer(.valueMissing)
  public static let secretMissing = CauseCode.layer(.secretMissing)
  public static let nameLookup = CauseCode.layer(.nameLookup)
  public static let connect = CauseCode.layer(.connect)
  public static let notThisService = CauseCode.layer(.notThisService)
  public static let encryption = CauseCode.layer(.encryption)
  public static let notReady = CauseCode.layer(.notReady)
  public static let noSlots = CauseCode.layer(.noSlots)
  public static let accessRule = CauseCode.layer(.accessRule)
  public static let login = CauseCode.layer(.login)
  public static let noSuchDatabase = CauseCode.layer(.noSuchDatabase)
  public static let startOptions = CauseCode.layer(.startOptions)
  public static let wrongBank = CauseCode.layer(.wrongBank)
  public static let schema = CauseCode.layer(.schema)
  public static let privileges = CauseCode.layer(.privileges)
  public static let readOnly = CauseCode.layer(.readOnly)
  public static let readProbe = CauseCode.layer(.readProbe)
  public static let writeProbe = CauseCode.layer(.writeProbe)
  public static let diskFull = CauseCode.layer(.diskFull)
  public static let latency = CauseCode.layer(.latency)
  public static let clock = CauseCode.layer(.clock)
  public static let pooler = CauseCode.layer(.pooler)
}

/// One way in which a connection can fail, with everything that is said about it to people. The
/// doctor, the causes of the manual mode and `docs/connections.md` all speak from here.
public struct FaultKind: Hashable, Sendable {
  /// For programs, such as `nothing-listens`.
  public let name: String
  /// The layer that has failed.
  public let code: CauseCode
  /// What is wrong, in one plain sentence.
  public let cause: String
  /// What to do about it.
  public let fix: String
  /// What people commonly take it for.
  public let mistakenFor: String

  init(_ name: String, _ code: CauseCode, cause: String, fix: String, mistakenFor: String) {
    self.name = name
    self.code = code
    self.cause = cause
    self.fix = fix
    self.mistakenFor = mistakenFor
  }
}

extension CauseCode {
  /// The layers of a connection in the order in which they are looked at, C01 to C23.
  public static let layers: [CauseCode] = allCases.filter { $0.code.hasPrefix("C") }

  /// What the layer is called.
  public var layerName: String {
    switch self {
    case .unparsable: "Address"
    case .valueMissing: "Origin of the values"
    case .secretMissing: "Password source"
    case .nameLookup: "Name lookup"
    case .connect: "Network"
    case .notThisService: "Is it the database?"
    case .encryption: "Encryption"
    case .notReady: "Server ready"
    case .noSlots: "Free connections"
    case .accessRule: "Access rules"
    case .login: "Login"
    case .noSuchDatabase: "Database"
    case .startOptions: "Start options"
    case .wrongBank: "Right bank"
    case .schema: "Schema"
    case .privileges: "Privileges"
    case .readOnly: "Writable server"
    case .readProbe: "Reading"
    case .writeProbe: "Writing"
    case .diskFull: "Disk"
    case .latency: "Latency"
    case .clock: "Clock"
    case .pooler: "Pooler"
    case .held: "Held"
    case .drill: "Drill"
    case .ledgerDamaged: "Manual ledger"
    case .databaseForgot: "Restored database"
    case .terminalCloned: "Terminal"
    }
  }

  /// How long looking at the layer may take, in milliseconds; the whole ends after 10 seconds.
  public var limitMilliseconds: Int {
    switch self {
    case .nameLookup: 2_000
    case .connect, .notThisService: 3_000
    default: 1_000
    }
  }
}

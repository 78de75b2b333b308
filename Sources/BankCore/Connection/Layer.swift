/// What is said of a layer wherever it is named: in the banner, on screen 6, by the doctor and in
/// `docs/connections.md`. The one catalogue of layers; their faults are in `FaultKind`.
public struct Layer: Hashable, Sendable {
  /// What the layer is called.
  public let name: String
  /// What has failed, in a few words (at most 46 letters): shown whole where a longer cause, with
  /// the names of servers and files in it, does not fit.
  public let failure: String
  /// How long the doctor looks at it, in milliseconds; all layers together end after 10 seconds.
  public let limitMilliseconds: Int

  init(_ name: String, _ failure: String, within milliseconds: Int = 1_000) {
    self.name = name
    self.failure = failure
    limitMilliseconds = milliseconds
  }
}

extension CauseCode {
  /// The layers of a connection in the order in which they are looked at, C01 to C23.
  public static let layers: [CauseCode] = allCases.filter { $0.code.hasPrefix("C") }

  public var layer: Layer {
    switch self {
    case .unparsable: Layer("Address", "the database address cannot be read")
    case .valueMissing: Layer("Origin of the values", "a value of the address is missing")
    case .secretMissing: Layer("Password source", "the password is missing")
    case .nameLookup: Layer("Name lookup", "the server's name is not found", within: 2_000)
    case .connect: Layer("Network", "no connection to the server", within: 3_000)
    case .notThisService:
      Layer("Is it the database?", "no PostgreSQL answers there", within: 3_000)
    case .encryption: Layer("Encryption", "the encryption fails")
    case .notReady: Layer("Server ready", "the server is not ready")
    case .noSlots: Layer("Free connections", "the server has no free connection")
    case .accessRule: Layer("Access rules", "the server does not admit this machine")
    case .login: Layer("Login", "the login is refused")
    case .noSuchDatabase: Layer("Database", "there is no such database")
    case .startOptions: Layer("Start options", "the start options are refused")
    case .wrongBank: Layer("Right bank", "another bank answers")
    case .schema: Layer("Schema", "the schema does not fit")
    case .privileges: Layer("Privileges", "rights in the database are missing")
    case .readOnly: Layer("Writable server", "the database is read-only")
    case .readProbe: Layer("Reading", "reading fails")
    case .writeProbe: Layer("Writing", "writing fails")
    case .diskFull: Layer("Disk", "the database's disk is full")
    case .latency: Layer("Latency", "answers come too late")
    case .clock: Layer("Clock", "the clocks differ")
    case .pooler: Layer("Pooler", "the pooler reaches no database")
    case .held: Layer("Held", "held away on purpose")
    case .drill: Layer("Drill", "a drill")
    case .ledgerDamaged: Layer("Manual ledger", "the manual ledger is damaged")
    case .databaseForgot:
      Layer("Restored database", "the database forgot what it acknowledged")
    case .terminalCloned: Layer("Terminal", "this terminal's state is an old copy")
    }
  }
}

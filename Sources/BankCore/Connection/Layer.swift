/// A layer of a connection, in the order in which they are looked at. What is said of it here is said
/// wherever it is named: in the banner, on screen 6, by the doctor and in `docs/connections.md`. The
/// one catalogue of layers; their faults are in `FaultKind`.
public enum Layer: String, Hashable, Sendable, CaseIterable {
  case unparsable = "C01"
  case valueMissing = "C02"
  case secretMissing = "C03"
  case nameLookup = "C04"
  case connect = "C05"
  case notThisService = "C06"
  case encryption = "C07"
  case notReady = "C08"
  case noSlots = "C09"
  case accessRule = "C10"
  case login = "C11"
  case noSuchDatabase = "C12"
  case startOptions = "C13"
  case wrongBank = "C14"
  case schema = "C15"
  case privileges = "C16"
  case readOnly = "C17"
  case readProbe = "C18"
  case writeProbe = "C19"
  case diskFull = "C20"
  case latency = "C21"
  case clock = "C22"
  case pooler = "C23"

  /// `C05`
  public var code: String { rawValue }

  /// What the layer is called.
  public var name: String { words.name }

  /// What has failed, in a few words (at most 46 letters): shown whole where a longer cause, with
  /// the names of servers and files in it, does not fit.
  public var failure: String { words.failure }

  /// How long the doctor looks at it, in milliseconds; all layers together end after 10 seconds.
  public var limitMilliseconds: Int {
    switch self {
    case .nameLookup: 2_000
    case .connect, .notThisService: 3_000
    default: 1_000
    }
  }

  private var words: (name: String, failure: String) {
    switch self {
    case .unparsable: ("Address", "the database address cannot be read")
    case .valueMissing: ("Origin of the values", "a value of the address is missing")
    case .secretMissing: ("Password source", "the password is missing")
    case .nameLookup: ("Name lookup", "the server's name is not found")
    case .connect: ("Network", "no connection to the server")
    case .notThisService: ("Right service", "no PostgreSQL answers there")
    case .encryption: ("Encryption", "the encryption fails")
    case .notReady: ("Server ready", "the server is not ready")
    case .noSlots: ("Free connections", "the server has no free connection")
    case .accessRule: ("Access rules", "the server does not admit this machine")
    case .login: ("Login", "the login is refused")
    case .noSuchDatabase: ("Database", "there is no such database")
    case .startOptions: ("Start options", "the start options are refused")
    case .wrongBank: ("Right bank", "another bank answers")
    case .schema: ("Schema", "the schema does not fit")
    case .privileges: ("Privileges", "rights in the database are missing")
    case .readOnly: ("Writable server", "the database is read-only")
    case .readProbe: ("Reading", "reading fails")
    case .writeProbe: ("Writing", "writing fails")
    case .diskFull: ("Disk", "the database's disk is full")
    case .latency: ("Latency", "answers come too late")
    case .clock: ("Clock", "the clocks differ")
    case .pooler: ("Pooler", "the pooler reaches no database")
    }
  }
}

extension Layer: Comparable {
  /// By the order in which they are looked at.
  public static func < (one: Layer, other: Layer) -> Bool { one.code < other.code }
}

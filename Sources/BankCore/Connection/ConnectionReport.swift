/// What the doctor found out about a connection, as screen 6 and `daybook doctor` show it.
public struct ConnectionReport: Hashable, Sendable {
  /// One for each host of the address, in its order; one for a file.
  public let hosts: [HostReport]

  public init(hosts: [HostReport]) { self.hosts = hosts }

  /// The host that decides is the one that a till takes: the first that lets it in and can be
  /// written to, or refuses its login; else the first that lets it in; else the one that got
  /// furthest.
  public var decisive: HostReport? {
    hosts.first { $0.refusesLogin || ($0.letsIn && $0.diagnosis?.code != .readOnly) }
      ?? hosts.first(where: \.letsIn) ?? hosts.max { $0.reach < $1.reach }
  }

  public var isHealthy: Bool { decisive?.isHealthy ?? false }
}

/// The layers of one host or file.
public struct HostReport: Hashable, Sendable {
  /// As people know it: `db.branch:5432`, or the path of a file. No secret.
  public let place: String
  /// All of C01 to C23, in order.
  public let layers: [LayerReport]
  /// Who answers there; nil where nobody got so far.
  public let bank: BankIdentity?

  public init(place: String, layers: [LayerReport], bank: BankIdentity? = nil) {
    self.place = place
    self.layers = layers
    self.bank = bank
  }

  /// The first layer that fails.
  public var diagnosis: LayerReport? { layers.first { $0.result == .fail } }

  /// Every layer that matters was looked at and none failed; warnings are allowed.
  public var isHealthy: Bool {
    layers.allSatisfy { [.pass, .warn, .notApplicable].contains($0.result) }
  }

  /// A till tries no other host after that: it could lock the role.
  fileprivate var refusesLogin: Bool { diagnosis?.code == .login }

  /// A session was opened there.
  fileprivate var letsIn: Bool {
    let login = layers.first { $0.code == .startOptions }
    return login.map { [.pass, .warn].contains($0.result) } == true
      && diagnosis?.fault != .wrongKindOfServer
  }

  /// How many layers were passed before the first that was not.
  var reach: Int {
    layers.firstIndex { ![.pass, .warn, .notApplicable].contains($0.result) } ?? layers.count
  }
}

/// One layer, and what was seen there.
public struct LayerReport: Hashable, Sendable {
  /// The words are those of the command line's JSON.
  public enum Result: String, Hashable, Sendable {
    case pass, fail, warn
    case notReached = "not_reached"
    case notApplicable = "not_applicable"
    /// Something answered that nobody here can read: not a guess.
    case couldNotTest = "could_not_test"
  }

  public let code: CauseCode
  public var result: Result
  public var milliseconds: Double
  /// One sentence, without secrets; empty where nothing was looked at.
  public var observed: String
  /// What is wrong and what to do, for a failure or a warning.
  public var fault: FaultKind?
  /// The fix for exactly this case, where it says more than the catalogue's.
  public var remedy: String?
  public var sqlState: String?
  /// What it is not, and what shows it: `not the network: the port answers in 3 ms`.
  public var ruledOut: [String]

  public init(
    _ code: CauseCode, _ result: Result, milliseconds: Double = 0, observed: String = "",
    fault: FaultKind? = nil, remedy: String? = nil, sqlState: String? = nil, ruledOut: [String] = []
  ) {
    self.code = code
    self.result = result
    self.milliseconds = milliseconds
    self.observed = observed
    self.fault = fault
    self.remedy = remedy
    self.sqlState = sqlState
    self.ruledOut = ruledOut
  }

  public var name: String { code.layer.name }
  public var cause: String? { fault?.cause }
  public var fix: String? { remedy ?? fault?.fix }
  public var mistakenFor: String? { fault?.mistakenFor }
}

/// What the doctor found out about a connection, as screen 6 and `daybook doctor` show it.
public struct ConnectionReport: Hashable, Sendable {
  /// One for each host of the address, in its order; one for a file.
  public let hosts: [HostReport]

  public init(hosts: [HostReport]) { self.hosts = hosts }

  /// The host that decides is the one that a till takes: the first that lets it in and can be
  /// written to, or refuses its login; else the first that lets it in; else the one that got
  /// furthest.
  public var decisive: HostReport? { decisiveIndex.map { hosts[$0] } }

  private var decisiveIndex: Int? {
    hosts.firstIndex { $0.refusesLogin || ($0.letsIn && !$0.canOnlyBeRead) }
      ?? hosts.firstIndex(where: \.letsIn)
      ?? hosts.indices.max { hosts[$0].reach < hosts[$1].reach }
  }

  /// The same with a warning, at the host that decides, of hosts before it that say nothing: a till
  /// waits for them each time it connects.
  public var namingSilentHosts: ConnectionReport {
    guard let index = decisiveIndex,
      let layer = hosts[index].layers.firstIndex(where: { $0.layer == .notThisService }),
      [.pass, .warn].contains(hosts[index].layers[layer].result)
    else { return self }
    let silent = hosts[..<index].filter(\.isSilent).map(\.place)
    guard !silent.isEmpty else { return self }
    var layers = hosts[index].layers
    layers[layer].result = .warn
    layers[layer].fault = .silentAhead
    layers[layer].observed += "; \(SilentAhead(places: silent).words)"
    var named = hosts
    named[index] = HostReport(
      place: hosts[index].place, layers: layers, bank: hosts[index].bank,
      isReadOnly: hosts[index].isReadOnly)
    return ConnectionReport(hosts: named)
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
  /// Nobody there has said a word in time, whatever is blamed for it.
  public let isSilent: Bool
  /// The server said at the login that it takes no entries.
  public let isReadOnly: Bool

  public init(
    place: String, layers: [LayerReport], bank: BankIdentity? = nil, isSilent: Bool = false,
    isReadOnly: Bool = false
  ) {
    self.place = place
    self.layers = layers
    self.bank = bank
    self.isSilent = isSilent
    self.isReadOnly = isReadOnly
  }

  /// The first layer that fails.
  public var diagnosis: LayerReport? { layers.first { $0.result == .fail } }

  /// Every layer that matters was looked at and none failed; warnings are allowed.
  public var isHealthy: Bool {
    layers.allSatisfy { [.pass, .warn, .notApplicable].contains($0.result) }
  }

  /// A till tries no other host after that: it could lock the role.
  fileprivate var refusesLogin: Bool { diagnosis?.layer == .login }

  /// A till goes on to the next host then.
  fileprivate var canOnlyBeRead: Bool { isReadOnly || diagnosis?.layer == .readOnly }

  /// A session was opened there.
  fileprivate var letsIn: Bool {
    let login = layers.first { $0.layer == .startOptions }
    return login.map { [.pass, .warn].contains($0.result) } == true
      && diagnosis?.fault != .wrongKindOfServer
  }

  /// How many layers were passed before the first that was not.
  var reach: Int {
    layers.firstIndex { ![.pass, .warn, .notApplicable].contains($0.result) } ?? layers.count
  }
}

/// Hosts or addresses that come first and say nothing.
public struct SilentAhead: Sendable {
  private let places: [String]

  public init(places: [String]) { self.places = places }

  /// `10.0.0.7:5432 comes before it and says nothing: each new connection waits 0.25 s for it`
  public var words: String {
    let isOne = places.count == 1
    return places.joined(separator: ", ") + (isOne ? " comes" : " come") + " before it and "
      + (isOne ? "says" : "say") + " nothing: each new connection waits 0.25 s for "
      + (isOne ? "it" : "them")
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

  public let layer: Layer
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
    _ layer: Layer, _ result: Result, milliseconds: Double = 0, observed: String = "",
    fault: FaultKind? = nil, remedy: String? = nil, sqlState: String? = nil, ruledOut: [String] = []
  ) {
    self.layer = layer
    self.result = result
    self.milliseconds = milliseconds
    self.observed = observed
    self.fault = fault
    self.remedy = remedy
    self.sqlState = sqlState
    self.ruledOut = ruledOut
  }

  public var code: String { layer.code }
  public var name: String { layer.name }
  public var cause: String? { fault?.cause }
  public var fix: String? { remedy ?? fault?.fix }
  public var mistakenFor: String? { fault?.mistakenFor }
}

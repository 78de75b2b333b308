import BankCore

/// Where the database is, read from a `postgres://` address or a keyword string, with the
/// environment and libpq's own defaults filled in.
public struct ServerAddress: Sendable {
  /// One of the hosts of the address.
  public struct Host: Hashable, Sendable {
    /// A name, or a directory of sockets; empty when the address names only a numeric one.
    public let name: String
    /// Set when the address gives it: nothing has to be looked up.
    public let numeric: String?
    /// A number, as a word.
    public let port: String
    /// Its name stands in one place and its numeric address in another, such as PGHOSTADDR.
    public private(set) var isRedirected = false

    /// - Parameter name: empty where only a numeric address is known.
    public init(name: String, numeric: String?, port: String, isRedirected: Bool = false) {
      (self.name, self.numeric, self.port) = (name, numeric, port)
      self.isRedirected = isRedirected
    }

    /// Whether its name is a directory of sockets.
    public var isSocket: Bool { name.hasPrefix("/") || name.hasPrefix("@") }

    /// As people know it: `db.branch:5432`.
    public var display: String {
      let host = Disclosure.shown(name.isEmpty ? numeric ?? "" : name, of: "host")
      if isRedirected, let numeric, !name.isEmpty {
        return "\(host) (\(Disclosure.shown(numeric, of: "hostaddr"))):\(port)"
      }
      return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// With the address behind the name: `db.branch:5432 (10.0.0.7)`. Two addresses of one name can
    /// be two servers.
    public var place: String {
      guard let numeric, !isRedirected, !name.isEmpty, name != numeric else { return display }
      return "\(display) (\(numeric))"
    }

    /// Whether it is one of the addresses of `host`.
    public func isWay(to host: Host) -> Bool {
      name == host.name && port == host.port && (host.numeric ?? numeric) == numeric
    }

    /// The same at one of its addresses.
    public func at(_ numeric: String) -> Host {
      Host(name: name, numeric: numeric, port: port, isRedirected: isRedirected)
    }
  }

  /// One for each that the address, a variable or a file names; libpq's own without any.
  public let hosts: [Host]
  /// What libpq is told beside host and port: all that the address, a service file and variables
  /// say, so that nothing is read twice in two ways. It may hold a secret.
  public let settings: [String: String]
  /// All of them, with where they come from.
  public let values: ConnectionValues
  private let surroundings: ConnectionSurroundings
  /// As it was given; nil for a part of an address.
  private let text: String?

  /// - Throws: C01 in our own words (libpq's quote the text, and with it the password), or C02 for
  ///   what a variable or a service file gives.
  public init(
    _ text: String, _ surroundings: ConnectionSurroundings = .ofProcess
  ) throws(ConnectionMistake) {
    let address = AddressText(text)
    if let mistake = address.mistake { throw ConnectionMistake(mistake) }
    let values = try ConnectionValues(address.said, surroundings)
    try values.check()
    try NamedFiles.check(values, surroundings)
    self.values = values
    self.surroundings = surroundings
    self.text = text
    hosts = Self.hosts(values)
    settings = values.used.filter { keyword, value in
      LibraryWords.known.contains(keyword)
        && !(value.text.isEmpty && ConnectionKeyword.named(keyword)?.shape == .number)
        && !["host", "hostaddr", "port", "service", "servicefile"].contains(keyword)
    }.mapValues(\.text)
  }

  /// The hosts that these values name.
  public static func hosts(_ values: ConnectionValues) -> [Host] {
    let names = list(values["host"] ?? "")
    let numerics = list(values["hostaddr"] ?? "")
    let ports = list(values["port"] ?? "")
    // Where the address itself names the host, somebody else's numeric address is a surprise.
    let isRedirected = values.source("host") != .standard && values.source("hostaddr") != .address
    return (0..<max(names.count, numerics.count)).map { index in
      let port = ports.count == 1 ? ports[0] : (index < ports.count ? ports[index] : "")
      let numeric = index < numerics.count && !numerics[index].isEmpty ? numerics[index] : nil
      let name = index < names.count ? names[index] : ""
      return Host(
        name: name.isEmpty && numeric == nil ? defaultHost : name, numeric: numeric,
        port: port.isEmpty ? "5432" : port, isRedirected: isRedirected && numeric != nil)
    }
  }

  private init(_ whole: ServerAddress, only hosts: [Host], settings: [String: String]) {
    self.hosts = hosts
    self.settings = settings
    values = whole.values
    surroundings = whole.surroundings
    text = nil
  }

  /// The same address with what its service file says now: a password there may have been corrected
  /// while a console is open.
  ///
  /// - Throws: as reading it at first does.
  public func current() throws(ConnectionMistake) -> ServerAddress {
    guard let text, values.readsFile else { return self }
    return try ServerAddress(text, surroundings)
  }

  /// The same address with one host and, where it was looked up already, its numeric addresses.
  public func narrowed(to host: Host, at numerics: [String]) -> ServerAddress {
    ServerAddress(
      self, only: numerics.isEmpty || host.isSocket ? [host] : numerics.map(host.at),
      settings: settings)
  }

  /// Whether libpq goes on without encryption, where that fails, without saying so.
  public var mayDropEncryption: Bool { (values["sslmode"] ?? "prefer") == "prefer" }

  /// The same address, without a way around encryption.
  public func demandingEncryption() -> ServerAddress {
    ServerAddress(
      self, only: hosts, settings: settings.merging(["sslmode": "require"]) { $1 })
  }

  /// Where libpq looks when nobody names a host: Debian's directory of sockets.
  static let defaultHost = "/var/run/postgresql"

  /// The role; that of whoever runs the process without one.
  public var user: String { values["user"] ?? surroundings.loginName }
  /// The database; that of the role's name without one.
  public var database: String { values["dbname"] ?? user }

  /// Where the parts of it come from that lead to a server.
  public func origins(of host: Host) -> [ValueOrigin] {
    func origin(_ setting: String, _ keyword: String, _ value: String) -> ValueOrigin {
      ValueOrigin(
        setting: setting, value: Disclosure.shown(value, of: keyword),
        source: values.source(keyword))
    }
    let name = host.name.isEmpty ? host.numeric ?? "" : host.name
    var origins = [
      origin("host", values["host"] == nil && host.name.isEmpty ? "hostaddr" : "host", name),
      origin("port", "port", host.port), origin("database", "dbname", database),
      origin("user", "user", user),
    ]
    if host.isRedirected, let numeric = host.numeric {
      origins.insert(origin("hostaddr", "hostaddr", numeric), at: 0)
    }
    return origins
  }

  /// Whether a variable is set to something.
  public func hasVariable(_ name: String) -> Bool {
    surroundings.environment[name]?.isEmpty == false
  }

  /// Where the password for that host comes from.
  public func password(for host: Host) -> PasswordSource {
    PasswordSource.find(self, host, surroundings)
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

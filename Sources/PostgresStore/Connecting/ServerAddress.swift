import BankCore
import BankService
import CLibPQ

/// Where the database is, read from a `postgres://` address or a keyword string, with the
/// environment and libpq's own defaults filled in.
struct ServerAddress: Sendable {
  /// One of the hosts of the address.
  struct Host: Hashable, Sendable {
    /// A name, or a directory of sockets; empty when the address names only a numeric one.
    let name: String
    /// Set when the address gives it: nothing has to be looked up.
    let numeric: String?
    let port: String

    var isSocket: Bool { name.hasPrefix("/") || name.hasPrefix("@") }

    /// As people know it: `db.branch:5432`.
    var display: String {
      let host = name.isEmpty ? numeric ?? "" : name
      return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  let hosts: [Host]
  /// What the address itself says, without the hosts; libpq adds the environment's part.
  let settings: [String: String]
  /// What the address itself says, and what would be used with the environment, a service file and
  /// the defaults. Both may hold a secret.
  let said: [String: String]
  let effective: [String: String]

  /// - Throws: C01 in our own words. libpq's quote the text, and with it the password.
  init(_ text: String) throws(StoreFault) {
    let said = try Self.parse(text)
    let effective = try Self.effective(text)
    try AddressLint.check(said, isURL: text.contains("://"))
    var hosts: [Host] = []
    let names = Self.list(effective["host"] ?? "")
    let numerics = Self.list(effective["hostaddr"] ?? "")
    let ports = Self.list(effective["port"] ?? "5432")
    for index in 0..<max(names.count, numerics.count) {
      let port = ports.count == 1 ? ports[0] : (index < ports.count ? ports[index] : "")
      let numeric = index < numerics.count && !numerics[index].isEmpty ? numerics[index] : nil
      let name = index < names.count ? names[index] : ""
      hosts.append(
        Host(
          name: name.isEmpty && numeric == nil ? Self.defaultHost : name, numeric: numeric,
          port: port.isEmpty ? "5432" : port))
    }
    self.hosts = hosts
    self.said = said
    self.effective = effective
    settings = said.filter { !["host", "hostaddr", "port"].contains($0.key) }
  }

  private init(_ whole: ServerAddress, only host: Host) {
    hosts = [host]
    settings = whole.settings
    said = whole.said
    effective = whole.effective
  }

  /// The same address with one host and, where it was looked up already, its numeric address.
  func narrowed(to host: Host, numeric: String?) -> ServerAddress {
    let found = Host(name: host.name, numeric: numeric ?? host.numeric, port: host.port)
    return ServerAddress(self, only: found)
  }

  /// Where libpq looks when nobody names a host: Debian's directory of sockets.
  static let defaultHost = "/var/run/postgresql"

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// What the text says, keyword by keyword.
  private static func parse(_ text: String) throws(StoreFault) -> [String: String] {
    guard !text.utf8.contains(0) else { throw AddressLint.fault("it holds a zero byte") }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      defer { PQfreemem(message) }
      throw AddressLint.fault(forParser: message.map { String(cString: $0) } ?? "")
    }
    defer { PQconninfoFree(options) }
    return values(options)
  }

  /// What would be used, with the environment, a service file and the defaults. libpq tells it
  /// only of a connection: this one has an impossible mode of encryption, so that it ends before
  /// the first byte is sent.
  private static func effective(_ text: String) throws(StoreFault) -> [String: String] {
    let handle = withCStrings(["dbname", "sslmode"]) { keywords in
      withCStrings([text, "none-such"]) { PQconnectStartParams(keywords, $0, 1) }
    }
    guard let handle, let options = PQconninfo(handle) else {
      throw AddressLint.fault("there is no memory to read it")
    }
    defer {
      PQconninfoFree(options)
      PQfinish(handle)
    }
    return values(options)
  }

  private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String]
  {
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
    return values
  }
}

/// Calls `body` with a NULL-terminated list of C strings.
func withCStrings<Value>(
  _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
  var bytes: [CChar] = []
  var places: [Int] = []
  for text in texts {
    places.append(bytes.count)
    bytes += text.utf8CString
  }
  return bytes.withUnsafeBufferPointer { buffer in
    var pointers: [UnsafePointer<CChar>?] = places.map { buffer.baseAddress?.advanced(by: $0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

import BankService
import Foundation

/// Where the values of a connection come from: the address beats a service file, which beats the
/// environment, which beats libpq's own (its `conninfo_add_defaults`).
struct ValueOrigins {
  private let address: ServerAddress
  private let host: ServerAddress.Host
  private let environment: [String: String]

  init(_ address: ServerAddress, _ host: ServerAddress.Host) {
    self.address = address
    self.host = host
    environment = ProcessInfo.processInfo.environment
  }

  /// The service that the address or the environment names; nil for none.
  var serviceName: String? { address.said["service"] ?? environment["PGSERVICE"] }

  func all(_ service: ServiceFile.Entry?) -> [ValueOrigin] {
    let user = address.effective["user"] ?? ""
    return [
      origin(
        "host", host.name.isEmpty ? host.numeric ?? "" : host.name, service,
        [
          ("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"),
        ]),
      origin("port", host.port, service, [("port", "PGPORT")]),
      origin(
        "database", address.effective["dbname"] ?? user, service, [("dbname", "PGDATABASE")]),
      origin("user", user, service, [("user", "PGUSER")]),
    ]
  }

  private func origin(
    _ setting: String, _ value: String, _ service: ServiceFile.Entry?,
    _ names: [(keyword: String, variable: String)]
  ) -> ValueOrigin {
    func found(_ source: ValueOrigin.Source) -> ValueOrigin {
      ValueOrigin(setting: setting, value: value, source: source)
    }
    if names.contains(where: { address.said[$0.keyword]?.isEmpty == false }) {
      return found(.address)
    }
    for name in names {
      if let line = service?.lines[name.keyword] {
        return found(.file("\(service?.path ?? ""):\(line)"))
      }
    }
    for name in names where environment[name.variable]?.isEmpty == false {
      return found(.variable(name.variable))
    }
    return found(.standard)
  }
}

/// A service file of libpq: `[name]`, then `keyword=value` lines.
struct ServiceFile {
  struct Entry {
    let path: String
    /// By keyword, the number of the line that sets it.
    let lines: [String: Int]
  }

  /// Where libpq looks, in its order ("The Connection Service File").
  private static var places: [String] {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    let own = environment["PGSERVICEFILE"] ?? "\(home)/.pg_service.conf"
    let system = environment["PGSYSCONFDIR"] ?? "/etc/postgresql-common"
    return [own, "\(system)/pg_service.conf"]
  }

  /// The first definition of that name; nil when no file has it.
  static func entry(_ name: String) -> Entry? {
    for path in places {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      if let lines = lines(of: name, in: text) { return Entry(path: path, lines: lines) }
    }
    return nil
  }

  private static func lines(of name: String, in text: String) -> [String: Int]? {
    var found: [String: Int]?
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, raw) in all.enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("[") {
        // Only the first section of that name counts.
        if found != nil { return found }
        if line == "[\(name)]" { found = [:] }
      } else if found != nil, !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
        let keyword = line[..<equals].trimmingCharacters(in: .whitespaces)
        if found?[keyword] == nil { found?[keyword] = index + 1 }
      }
    }
    return found
  }
}

import Foundation

/// One part of a database's address, and the place that gives it.
public struct ConnectionPart: Hashable, Sendable {
  /// libpq's word for it: `host`, `password`.
  public let keyword: String
  /// Nil where it is a secret.
  public let value: String?
  /// A setting's origin, a variable, or a file with its line.
  public let place: String
  /// False where something stronger, or a right that is too wide, keeps it from being used.
  public let isUsed: Bool
  /// Why it is not used, or what is the matter with it.
  public let note: String?
}

/// Where the parts of a PostgreSQL address come from when the address itself does not say all of
/// it: the address beats the service file, that beats the `PG*` variables, and `.pgpass` has the
/// last word on a password that nobody gives. Names and places only; no secret is ever kept.
public struct ConnectionParts: Hashable, Sendable {
  public private(set) var all: [ConnectionPart] = []
  private var values: [String: String] = [:]

  /// - Parameters:
  ///   - address: a URL or a keyword string; anything else has no parts.
  ///   - place: where the address was found.
  ///   - home: where `.pgpass` and `.pg_service.conf` lie.
  public init(address: String, place: String, environment: [String: String], home: String) {
    // An address with a mistake in it would show a piece of its password as a host.
    guard AddressMistake.first(in: address) == nil else { return }
    let said = PostgresURL(address)?.said ?? KeywordString(address)?.said
    guard let said, !said.isEmpty else { return }
    let variables = environment.filter { !$0.value.isEmpty }
    for (keyword, value) in said.sorted(by: { $0.key < $1.key }) {
      add(keyword, value, place: place)
    }
    readServiceFile(variables, home)
    for (keyword, variable) in Self.variables {
      if let value = variables[variable] { add(keyword, value, place: variable) }
    }
    readPasswordFile(variables, home)
  }

  /// What was added first is what counts.
  private mutating func add(_ keyword: String, _ value: String, place: String) {
    let stronger = all.first { $0.keyword == keyword && $0.isUsed }
    let isSecret = !Secrets.isOpen(keyword)
    all.append(
      ConnectionPart(
        keyword: AddressKeywords.shown(keyword), value: isSecret ? nil : value, place: place,
        isUsed: stronger == nil,
        note: stronger.map { "\($0.place) is stronger" }))
    if stronger == nil { values[keyword] = isSecret ? "" : value }
  }

  private mutating func remark(_ keyword: String, place: String, _ note: String) {
    all.append(
      ConnectionPart(keyword: keyword, value: nil, place: place, isUsed: false, note: note))
  }

  // MARK: The service file

  private mutating func readServiceFile(_ variables: [String: String], _ home: String) {
    guard let service = values["service"] ?? variables["PGSERVICE"] else { return }
    let own = variables["PGSERVICEFILE"] ?? "\(home)/.pg_service.conf"
    let common = variables["PGSYSCONFDIR"] ?? "/etc/postgresql-common"
    let files = [own, "\(common)/pg_service.conf"]
    for file in files {
      guard case .success(let text) = FileText.read(file) else { continue }
      let entries = Self.entries(of: service, in: text)
      guard let entries else { continue }
      for entry in entries { add(entry.keyword, entry.value, place: "\(file):\(entry.line)") }
      return
    }
    remark(
      "service", place: files.joined(separator: ", "), "no service of that name is described there")
  }

  /// The lines below `[service]`; nil where there is no such heading.
  private static func entries(
    of service: String, in text: String
  ) -> [(keyword: String, value: String, line: Int)]? {
    var entries: [(String, String, Int)]?
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        if entries != nil { break }
        if line == "[\(service)]" { entries = [] }
      } else if let equals = line.firstIndex(of: "=") {
        entries?.append(
          (String(line[..<equals]), String(line[line.index(after: equals)...]), index + 1))
      }
    }
    return entries
  }

  // MARK: The password file

  private mutating func readPasswordFile(_ variables: [String: String], _ home: String) {
    guard !all.contains(where: { $0.keyword == "password" && $0.isUsed }) else { return }
    let file = values["passfile"] ?? "\(home)/.pgpass"
    guard case .success(let text) = FileText.read(file) else { return }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    guard mode & 0o077 == 0 else {
      return remark("password", place: file, "ignored: others may read it; chmod 600 \(file)")
    }
    let user = values["user"] ?? NSUserName()
    for host in Self.list(values["host"] ?? "", or: "localhost") {
      let wanted = [
        // A socket is called localhost there.
        host.hasPrefix("/") ? "localhost" : host,
        Self.list(values["port"] ?? "", or: "5432").first ?? "5432", values["dbname"] ?? user, user,
      ]
      guard let line = Self.line(for: wanted, in: text) else {
        remark("password", place: file, "has no line for \(host)")
        continue
      }
      all.append(
        ConnectionPart(
          keyword: "password", value: nil, place: "\(file):\(line)", isUsed: true,
          note: "for \(host)"))
    }
  }

  private static func list(_ text: String, or standard: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? standard : String($0) }
  }

  /// The first line that fits, counted from 1.
  private static func line(for wanted: [String], in text: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.firstIndex { line in
      guard !line.hasPrefix("#") else { return false }
      let fields = Self.fields(line)
      return fields.count > wanted.count
        && zip(fields, wanted).allSatisfy { $0 == "*" || $0 == $1 }
    }.map { $0 + 1 }
  }

  /// `host:port:database:user:password`, with `\` before a colon that belongs to a field.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isEscaped = false
    for character in line {
      switch character {
      case "\\" where !isEscaped: isEscaped = true
      case ":" where !isEscaped: fields.append("")
      default:
        fields[fields.count - 1].append(character)
        isEscaped = false
      }
    }
    return fields
  }

  /// libpq's variables for what an address may say, as its manual lists them.
  private static let variables: [(keyword: String, variable: String)] = [
    ("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"), ("port", "PGPORT"), ("dbname", "PGDATABASE"),
    ("user", "PGUSER"), ("password", "PGPASSWORD"), ("passfile", "PGPASSFILE"),
    ("service", "PGSERVICE"), ("options", "PGOPTIONS"), ("application_name", "PGAPPNAME"),
    ("sslmode", "PGSSLMODE"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY"),
    ("sslrootcert", "PGSSLROOTCERT"), ("sslcrl", "PGSSLCRL"), ("sslcrldir", "PGSSLCRLDIR"),
    ("sslsni", "PGSSLSNI"), ("requirepeer", "PGREQUIREPEER"),
    ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    ("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"), ("gssencmode", "PGGSSENCMODE"),
    ("krbsrvname", "PGKRBSRVNAME"), ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"), ("client_encoding", "PGCLIENTENCODING"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
  ]
}

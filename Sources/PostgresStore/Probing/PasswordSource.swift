import BankCore
import BankService
import Foundation

/// Where the password of a connection comes from. Never the password itself.
enum PasswordSource {
  case address
  case variable
  /// A line of the password file, or of a service file.
  case file(path: String, line: Int)
  /// The file is there and others can read it, so libpq leaves it alone.
  case ignoredFile(path: String)
  /// The file is there without a line for this connection.
  case fileWithoutEntry(path: String)
  case none

  static func find(
    _ address: ServerAddress, _ host: ServerAddress.Host, _ service: ServiceFile.Entry?
  ) -> PasswordSource {
    let environment = ProcessInfo.processInfo.environment
    if address.said["password"]?.isEmpty == false { return .address }
    // As for every other value: a service file beats the environment.
    if let service, let line = service.lines["password"] {
      return .file(path: service.path, line: line)
    }
    if environment["PGPASSWORD"]?.isEmpty == false { return .variable }
    let home = environment["HOME"] ?? NSHomeDirectory()
    let path = address.effective["passfile"] ?? "\(home)/.pgpass"
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return .none }
    // libpq's own rule (passwordFromFile in fe-connect.c).
    guard facts.st_mode & 0o077 == 0 else { return .ignoredFile(path: path) }
    let user = address.effective["user"] ?? ""
    let wanted = [
      hostKey(host), host.port, address.effective["dbname"] ?? user, user,
    ]
    return line(in: path, for: wanted).map { .file(path: path, line: $0) }
      ?? .fileWithoutEntry(path: path)
  }

  /// The default directory of sockets is written `localhost` in the file.
  private static func hostKey(_ host: ServerAddress.Host) -> String {
    if host.name.isEmpty { return host.numeric ?? "localhost" }
    return host.name == ServerAddress.defaultHost ? "localhost" : host.name
  }

  private static func line(in path: String, for wanted: [String]) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.firstIndex { !$0.hasPrefix("#") && matches($0, wanted) }.map { $0 + 1 }
  }

  /// Whether the first four fields, in which `\` hides a `:`, are those or `*`.
  private static func matches(_ line: Substring, _ wanted: [String]) -> Bool {
    var fields: [String] = [""]
    var isEscaped = false
    for character in line {
      if isEscaped {
        fields[fields.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == ":", fields.count <= wanted.count {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    guard fields.count == wanted.count + 1 else { return false }
    return zip(fields, wanted).allSatisfy { $0 == "*" || $0 == $1 }
  }

  var finding: LayerFinding {
    switch self {
    case .address: .pass("the password stands in the address")
    case .variable: .pass("the password comes from PGPASSWORD")
    case .file(let path, let line): .pass("the password comes from \(path):\(line)")
    case .ignoredFile(let path):
      .warn(.passwordFileIgnored, "\(path) can be read by others and is ignored")
    case .fileWithoutEntry(let path): .pass("\(path) has no line for this connection")
    case .none: .pass("no password is configured")
    }
  }

  /// The server asks for a password that is not there.
  func missing(at place: String) -> StoreFault {
    let asks = "\(place) asks for a password"
    switch self {
    case .ignoredFile(let path):
      return StoreFault(
        .passwordFileIgnored, "\(asks), and \(path) can be read by others, so it is ignored",
        remedy: "chmod 600 \(path)")
    case .fileWithoutEntry(let path):
      return StoreFault(
        .passwordFileHasNoEntry,
        "\(asks), and \(path) has no line for this host, port, database and user")
    default:
      return StoreFault(.passwordMissing, "\(asks), and none is configured")
    }
  }
}

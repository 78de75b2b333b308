import BankCore
import BankService
import Foundation

/// Where the password of a connection comes from. Never the password itself; only what its form
/// says about how it got there.
struct PasswordSource: Sendable {
  enum Place: Sendable, Equatable {
    case address
    case variable(String)
    /// A line of the password file, or of a service file.
    case file(path: String, line: Int)
    /// The file is there and others can read it, so libpq leaves it alone.
    case ignoredFile(path: String)
    /// The file is there without a line for this connection.
    case fileWithoutEntry(path: String)
    /// A file is named, and is not there or no plain file.
    case missingFile(path: String, named: String)
    case none
  }

  let place: Place
  /// What is odd about the password, for a sentence that begins with "it"; nil for a usual one.
  let oddity: PasswordForm?

  static let none = PasswordSource(place: .none, oddity: nil)

  static func find(
    _ address: ServerAddress, _ host: ServerAddress.Host, _ surroundings: ConnectionSurroundings
  ) -> PasswordSource {
    if let password = address.values["password"] {
      let place: Place =
        switch address.values.source("password") {
        case .variable(let name): .variable(name)
        case .file(let line): .init(serviceLine: line)
        case .address, .standard: .address
        }
      return PasswordSource(place: place, oddity: PasswordForm(password, in: place))
    }
    let named = address.values["passfile"]
    let path = named ?? "\(surroundings.home)/.pgpass"
    let by = address.values.source("passfile").words
    switch PasswordFile.read(path) {
    case .missing, .notPlain:
      let isNone = named == nil || path == "/dev/null"
      return PasswordSource(
        place: isNone ? .none : .missingFile(path: path, named: by), oddity: nil)
    case .tooOpen: return PasswordSource(place: .ignoredFile(path: path), oddity: nil)
    case .unreadable: return PasswordSource(place: .ignoredFile(path: path), oddity: nil)
    case .file(let file):
      let wanted = [hostKey(host), host.port, address.database, address.user]
      guard let found = file.password(for: wanted) else {
        return PasswordSource(place: .fileWithoutEntry(path: path), oddity: nil)
      }
      let place = Place.file(path: path, line: found.line)
      return PasswordSource(
        place: place,
        oddity: found.isCut ? .cutAtColon : PasswordForm(found.password, in: place))
    }
  }

  /// The default directory of sockets is written `localhost` in the file.
  private static func hostKey(_ host: ServerAddress.Host) -> String {
    if host.name.isEmpty { return host.numeric ?? "localhost" }
    return host.name == ServerAddress.defaultHost ? "localhost" : host.name
  }

  private static func shown(_ path: String) -> String { Disclosure.shown(path, of: "passfile") }

  /// `PGPASSWORD`, or the line of a file; nil where there is none.
  var words: String? {
    switch place {
    case .variable(let name): name
    case .file(let path, let line): "\(Self.shown(path)):\(line)"
    case .address, .ignoredFile, .fileWithoutEntry, .missingFile, .none: nil
    }
  }

  var finding: LayerFinding {
    switch place {
    case .address: .pass("the password stands in the address")
    case .variable, .file: .pass("the password comes from \(words ?? "")")
    case .ignoredFile(let path):
      .warn(.passwordFileIgnored, "\(Self.shown(path)) can be read by others and is ignored")
    case .fileWithoutEntry(let path):
      .pass("\(Self.shown(path)) has no line for this connection")
    case .missingFile(let path, let named):
      .warn(
        .passwordFileMissing,
        "the password file \(Self.shown(path)), which \(named) names, is not there")
    case .none: .pass("no password is configured")
    }
  }

  /// The server asks for a password that is not there.
  func missing(at server: String) -> StoreFault {
    let asks = "\(server) asks for a password"
    switch place {
    case .ignoredFile(let path):
      let path = Self.shown(path)
      return StoreFault(
        .passwordFileIgnored, "\(asks), and \(path) can be read by others, so it is ignored",
        remedy: "chmod 600 \(path)")
    case .fileWithoutEntry(let path):
      return StoreFault(
        .passwordFileHasNoEntry,
        "\(asks), and \(Self.shown(path)) has no line for this host, port, database and user")
    case .missingFile(let path, let named):
      let hint = path.hasPrefix("~") ? " The ~ stands for no directory there: write it out." : ""
      return StoreFault(
        .passwordFileMissing,
        "\(asks), and the password file \(Self.shown(path)), which \(named) names, is not there",
        remedy: "Correct \(named), or unset it and use ~/.pgpass." + hint)
    case .address, .variable, .file, .none:
      return StoreFault(.passwordMissing, "\(asks), and none is configured")
    }
  }
}

extension PasswordSource.Place {
  /// From the line of a service file, written `path:line`.
  fileprivate init(serviceLine: String) {
    let colon = serviceLine.lastIndex(of: ":") ?? serviceLine.endIndex
    let number = Int(serviceLine[colon...].dropFirst()) ?? 0
    self = .file(path: String(serviceLine[..<colon]), line: number)
  }
}

/// `.pgpass`, read as libpq reads it (`passwordFromFile` in its fe-connect.c).
struct PasswordFile {
  enum Reading {
    case file(PasswordFile)
    case missing
    case notPlain
    /// Others may read it.
    case tooOpen
    case unreadable
  }

  private let lines: [String]

  static func read(_ path: String) -> Reading {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return .missing }
    guard facts.st_mode & S_IFMT == S_IFREG else { return .notPlain }
    guard facts.st_mode & 0o077 == 0 else { return .tooOpen }
    switch LineFile.read(path) {
    case .lines(let lines): return .file(PasswordFile(lines: lines))
    case .missing: return .missing
    case .notPlain: return .notPlain
    case .unreadable: return .unreadable
    }
  }

  /// The first line, counted from 1, whose fields are those or `*`, and its password; whether the
  /// password ends at a colon that was meant as a part of it.
  func password(for wanted: [String]) -> (line: Int, password: String, isCut: Bool)? {
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") {
      let scalars = line.unicodeScalars
      let fields = Self.fields(
        scalars.last == "\r" ? String(String.UnicodeScalarView(scalars.dropLast())) : line)
      guard fields.count > wanted.count,
        zip(fields, wanted).allSatisfy({ $0 == "*" || $0 == $1 })
      else { continue }
      return (index + 1, fields[wanted.count], fields.count > wanted.count + 1)
    }
    return nil
  }

  /// `host:port:database:user:password`, with `\\` before a colon that belongs to a field.
  private static func fields(_ line: String) -> [String] {
    var fields = [""]
    var isEscaped = false
    for character in line {
      if isEscaped {
        fields[fields.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == ":" {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}

import BankCore

/// Where the password of a connection comes from. Never the password itself; only what its form
/// says about how it got there.
public struct PasswordSource: Sendable {
  /// The place, without what stands there.
  public enum Place: Sendable, Equatable {
    case address
    case variable(String)
    /// A line of the password file, or of a service file.
    case file(path: String, line: Int)
    /// The file is there and others can read it, so libpq leaves it alone.
    case ignoredFile(path: String)
    /// The file is there, and who runs this may not open it.
    case unreadableFile(path: String)
    /// The file is there without a line for this connection.
    case fileWithoutEntry(path: String)
    /// A file is named, and is not there or no plain file.
    case missingFile(path: String, named: String)
    case none
  }

  /// Where it stands, or why it stands nowhere.
  public let place: Place
  /// What is odd about the password, for a sentence that begins with "it"; nil for a usual one.
  public let oddity: PasswordForm?

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
    case .unreadable: return PasswordSource(place: .unreadableFile(path: path), oddity: nil)
    case .file(let file):
      guard let found = file.password(for: fields(address, host)) else {
        return PasswordSource(place: .fileWithoutEntry(path: path), oddity: nil)
      }
      let place = Place.file(path: path, line: found.line)
      return PasswordSource(
        place: place,
        oddity: found.isCut ? .cutAtColon : PasswordForm(found.password, in: place))
    }
  }

  /// What a line must have before the password. The default directory of sockets is written
  /// `localhost` in the file, and no other one.
  static func fields(_ address: ServerAddress, _ host: ServerAddress.Host) -> [String] {
    let name = host.name.isEmpty ? host.numeric ?? "localhost" : host.name
    return [
      name == ServerAddress.defaultHost ? "localhost" : name, host.port, address.database,
      address.user,
    ]
  }

  private static func shown(_ path: String) -> String { Disclosure.shown(path, of: "passfile") }

  /// `PGPASSWORD`, or the line of a file; nil where there is none.
  public var words: String? {
    switch place {
    case .variable(let name): name
    case .file(let path, let line): "\(Self.shown(path)):\(line)"
    case .address, .ignoredFile, .unreadableFile, .fileWithoutEntry, .missingFile, .none: nil
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

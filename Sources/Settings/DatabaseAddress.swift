import BankCore
import ConnectionString

/// Where a bank's books are, by the kind of its address.
public enum DatabaseAddress: Hashable, Sendable {
  /// A file of the embedded database.
  case sqlite(path: String)
  /// A URL or a keyword string, as libpq reads it.
  case postgres(String)
  /// Neither; the sentence says why and never quotes the address.
  case unreadable(String)

  /// - Parameter directory: where a relative path begins.
  public init(_ text: String, relativeTo directory: String) {
    if text.hasPrefix("sqlite:") {
      self = Self.file(String(text.dropFirst("sqlite:".count)), directory)
    } else if let mistake = AddressText(text).mistake {
      self = .unreadable(ConnectionMistake(mistake).text)
    } else {
      self = .postgres(text)
    }
  }

  private static func file(_ path: String, _ directory: String) -> DatabaseAddress {
    guard !path.isEmpty, !path.contains("\0") else {
      return .unreadable("the database address sqlite: names no file")
    }
    // In `sqlite://books.sqlite` the slashes were meant as those of a URL, but the file would be
    // looked for at the root of the disk.
    guard !path.hasPrefix("//") || path.hasPrefix("///") else {
      return .unreadable("the database address must be sqlite:PATH, without // before the path")
    }
    guard !Disclosure.holdsWholeAddress(path) else {
      return .unreadable("the database address sqlite: holds another address in place of a path")
    }
    guard path != ":memory:" else {
      return .unreadable("a bank in memory would be gone with the command that opened it")
    }
    return .sqlite(path: absolute(path, relativeTo: directory))
  }

  /// As `--database` takes it, secrets included.
  public var text: String? {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgres(let text): text
    case .unreadable: nil
    }
  }

  /// For people: without secrets.
  public var masked: String { text.map(Secrets.masked) ?? "(not a database address)" }
}

/// The path from the root, without touching the disk.
func absolute(_ path: String, relativeTo directory: String) -> String {
  path.hasPrefix("/") ? path : directory + (directory.hasSuffix("/") ? "" : "/") + path
}

import BankCore

/// A service of a service file: `[name]`, then `keyword=value` lines. Read as libpq reads it
/// (`parseServiceFile` in its fe-connect.c): blanks around a line are passed over, and those around
/// the `=` are not.
struct ServiceFile: Sendable {
  struct Line: Sendable {
    let keyword: String
    let value: String
    /// Counted from 1.
    let number: Int
  }

  let path: String
  let lines: [Line]

  /// As many bytes as libpq reads of a line, its end included.
  private static let lineLimit = 1_022

  /// - Parameter named: who names the service, for the message.
  /// - Throws: C02 where no file defines it, or where libpq could not read the lines.
  static func find(
    _ name: String, named: ValueOrigin.Source, _ surroundings: ConnectionSurroundings
  ) throws(ConnectionMistake) -> ServiceFile {
    let shown = Disclosure.allows(name, of: "service") ? " \(name)" : ""
    for path in places(surroundings) {
      switch LineFile.read(path) {
      case .lines(let lines):
        if let found = try service(name, in: lines, of: path) { return found }
      case .missing where path != surroundings.environment["PGSERVICEFILE"]: continue
      case .missing:
        throw ConnectionMistake(
          .serviceMissing,
          "the service file that PGSERVICEFILE names is not there: "
            + Disclosure.shown(path, of: "servicefile"),
          remedy: "Correct PGSERVICEFILE, or unset it: then ~/.pg_service.conf is read.")
      case .notPlain, .unreadable:
        throw ConnectionMistake(
          .serviceMissing,
          "the service file \(Disclosure.shown(path, of: "servicefile")) cannot be read",
          remedy: "Put a plain file there that this user may read.")
      }
    }
    throw ConnectionMistake(
      .serviceMissing, "no service file defines the service\(shown) that \(named.words) names")
  }

  /// Where libpq looks, in its order ("The Connection Service File").
  private static func places(_ surroundings: ConnectionSurroundings) -> [String] {
    let environment = surroundings.environment
    if let own = environment["PGSERVICEFILE"] { return [own] + [system(environment)] }
    return ["\(surroundings.home)/.pg_service.conf", system(environment)]
  }

  private static func system(_ environment: [String: String]) -> String {
    "\(environment["PGSYSCONFDIR"] ?? "/etc/postgresql-common")/pg_service.conf"
  }

  /// The lines of its first section; nil where there is none.
  private static func service(
    _ name: String, in all: [ArraySlice<UInt8>], of path: String
  ) throws(ConnectionMistake) -> ServiceFile? {
    var found: [Line]?
    let header = Array("[\(name)]".utf8)
    for (index, raw) in all.enumerated() {
      let place = "\(Disclosure.shown(path, of: "servicefile")):\(index + 1)"
      let end = index == all.count - 1 ? 0 : 1
      guard raw.count + end <= lineLimit else {
        throw ConnectionMistake(
          .valueUnusable,
          "\(place) is too long for libpq, which reads no line further than "
            + "\(lineLimit) bytes in a service file",
          remedy: "Write shorter lines there, comments included.")
      }
      let line = trimmed(raw)
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      if line.first == UInt8(ascii: "[") {
        if found != nil { break }
        if line.starts(with: header) { found = [] }
      } else if found != nil {
        let entry = try entry(line, place: place, number: index + 1)
        // Only the first line of a keyword counts.
        if found?.contains(where: { $0.keyword == entry.keyword }) == false { found?.append(entry) }
      }
    }
    return found.map { ServiceFile(path: path, lines: $0) }
  }

  /// Without the blanks around it. A zero byte ends a line of C.
  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let line = line.prefix { $0 != 0 }.drop(while: \.isBlank)
    return line.prefix(
      (line.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? line.startIndex) - line.startIndex)
  }

  private static func entry(
    _ line: ArraySlice<UInt8>, place: String, number: Int
  ) throws(ConnectionMistake) -> Line {
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
      throw ConnectionMistake(
        .valueUnusable, "\(place) is no line of a service file: it has no =",
        remedy: "Write keyword=value there, one on a line.")
    }
    let keyword = String(decoding: line[..<equals], as: UTF8.self)
    guard keyword != "service", LibraryWords.known.contains(keyword) else {
      throw ConnectionMistake(
        .valueUnusable,
        "\(place) names a setting that libpq does not know in a service file",
        remedy: "Write one of libpq's words there, without blanks around the =, such as host=NAME.")
    }
    guard let value = String(validating: line[(equals + 1)...], as: UTF8.self) else {
      throw ConnectionMistake(
        .valueUnusable, "the \(keyword) that \(place) gives is not written in UTF-8",
        remedy: "Save the file in UTF-8.")
    }
    return Line(keyword: keyword, value: value, number: number)
  }
}

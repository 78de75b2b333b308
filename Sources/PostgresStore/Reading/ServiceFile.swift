import BankCore
import BankService
import Foundation

/// A service of a service file: `[name]`, then `keyword=value` lines. Read as libpq reads it
/// (`parseServiceInfo` in its fe-connect.c), by the doctor, the till and `config show`.
struct ServiceFile: Sendable {
  struct Line: Sendable {
    let keyword: String
    let value: String
    /// Counted from 1.
    let number: Int
  }

  let path: String
  let lines: [Line]

  /// - Parameter named: who names the service, for the message.
  /// - Throws: C02 where no file defines it, or where libpq could not read the lines.
  static func find(
    _ name: String, named: ValueOrigin.Source, _ surroundings: ConnectionSurroundings
  ) throws(StoreFault) -> ServiceFile {
    let shown = Disclosure.allows(name, of: "service") ? " \(name)" : ""
    for path in places(surroundings) {
      switch LineFile.read(path) {
      case .lines(let lines):
        if let found = try service(name, in: lines, of: path) { return found }
      case .missing where path != surroundings.environment["PGSERVICEFILE"]: continue
      case .missing:
        throw StoreFault(
          .serviceMissing,
          "the service file that PGSERVICEFILE names is not there: "
            + Disclosure.shown(path, of: "servicefile"),
          remedy: "Correct PGSERVICEFILE, or unset it: then ~/.pg_service.conf is read.")
      case .notPlain, .unreadable:
        throw StoreFault(
          .serviceMissing,
          "the service file \(Disclosure.shown(path, of: "servicefile")) cannot be read",
          remedy: "Put a plain file there that this user may read.")
      }
    }
    throw StoreFault(
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
    _ name: String, in all: [String], of path: String
  ) throws(StoreFault) -> ServiceFile? {
    var found: [Line]?
    for (index, raw) in all.enumerated() {
      let line = trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        if found != nil { break }
        if line.hasPrefix("[\(name)]") { found = [] }
      } else if found != nil {
        let entry = try entry(line, place: "\(path):\(index + 1)", number: index + 1)
        // Only the first line of a keyword counts.
        if found?.contains(where: { $0.keyword == entry.keyword }) == false { found?.append(entry) }
      }
    }
    return found.map { ServiceFile(path: path, lines: $0) }
  }

  private static func trimmed(_ line: String) -> String {
    line.trimmingCharacters(in: CharacterSet(charactersIn: " \t\r\u{B}\u{C}"))
  }

  private static func entry(
    _ line: String, place: String, number: Int
  ) throws(StoreFault) -> Line {
    guard let equals = line.firstIndex(of: "=") else {
      throw StoreFault(
        .valueUnusable, "\(place) is no line of a service file: it has no =",
        remedy: "Write keyword=value there, one on a line.")
    }
    let keyword = String(line[..<equals])
    guard keyword != "service", LibraryWords.known.contains(keyword) else {
      throw StoreFault(
        .valueUnusable,
        "\(place) names a setting that libpq does not know in a service file",
        remedy: "Write one of libpq's words there, without blanks around the =, such as host=NAME.")
    }
    return Line(
      keyword: keyword, value: String(line[line.index(after: equals)...]), number: number)
  }
}

import BankCore
import BankService

/// Mistakes in a connection string that libpq notices late, in the wrong layer, or by printing
/// half a password as the name of a host.
enum AddressLint {
  static func fault(_ what: String) -> StoreFault {
    StoreFault(.addressUnreadable, "the database address cannot be read: \(what)")
  }

  /// Translates what libpq's parser said. Nothing of its text is repeated but the kind of mistake.
  static func fault(forParser message: String) -> StoreFault {
    if message.contains("percent-encoded") || message.contains("%00") {
      return fault("a % in it is not followed by two hexadecimal digits (write % as %25)")
    }
    if message.contains("missing \"=\"") {
      return fault(
        "it is neither a postgres:// address nor keyword=value pairs (quote a value with spaces)")
    }
    if message.contains("unterminated quoted string") {
      return fault("a quotation mark in it is never closed")
    }
    if message.contains("IPv6") || message.contains("matching \"]\"") {
      return fault("an IPv6 address in it needs [ and ]")
    }
    if message.contains("invalid connection option") || message.contains("URI query parameter") {
      let word = message.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first
      let meaning = word.flatMap { LibraryWords.meaning(of: String($0)) }
      return fault(meaning ?? "it names a setting that does not exist")
    }
    return fault("write postgres://USER@HOST:PORT/DATABASE")
  }

  static func check(_ said: [String: String], isURL: Bool) throws(StoreFault) {
    let hint = "a password with @ : / ? or # must be percent-encoded"
    let hosts = said["host"] ?? ""
    if !Disclosure.allows(hosts, of: "host") {
      throw fault("the host's name has a character that no name has; \(hint)")
    }
    for port in (said["port"] ?? "").split(separator: ",") {
      guard let number = Int(port), (1...65_535).contains(number) else {
        throw fault("the port is not a number from 1 to 65535; \(hint)")
      }
    }
    if let database = said["dbname"] {
      if isURL, database.contains("@") { throw fault("the database's name has an @; \(hint)") }
      if database.last?.isWhitespace ?? false || database.first?.isWhitespace ?? false {
        throw fault("the database's name begins or ends with a blank")
      }
    }
    try checkValues(said)
  }

  private static func checkValues(_ said: [String: String]) throws(StoreFault) {
    for keyword in ConnectionKeyword.all {
      guard let value = said[keyword.name], !value.isEmpty else { continue }
      switch keyword.shape {
      case .number where Int(value) == nil:
        throw fault("\(keyword.name) is not a whole number")
      case .choice(let words)
      where !words.contains(value)
        && !(keyword.name.hasSuffix("protocol_version")
          && words.contains { $0.lowercased() == value.lowercased() }):
        throw fault("\(keyword.name) is not one of \(words.joined(separator: ", "))")
      case .name where value.contains("://"), .path where value.contains("://"):
        throw fault("\(keyword.name) holds another address")
      default: continue
      }
    }
  }

  /// As many numeric addresses and ports as hosts, and numeric addresses that are numeric.
  static func checkLists(_ values: ConnectionValues) throws(StoreFault) {
    func count(_ keyword: String) -> Int? {
      values[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
    }
    let hosts = count("host") ?? count("hostaddr") ?? 1
    if let numerics = count("hostaddr"), numerics != hosts {
      throw wrong("hostaddr", values, "does not have as many parts as there are hosts")
    }
    if let ports = count("port"), ports != 1, ports != hosts {
      throw wrong("port", values, "does not have as many parts as there are hosts")
    }
    for numeric in (values["hostaddr"] ?? "").split(separator: ",")
    where NameLookup.numeric(String(numeric)) == nil {
      throw wrong("hostaddr", values, "is not a numeric address")
    }
  }

  /// A connection for replication takes other commands than SQL, or none of the kind that is sent here.
  static func checkKind(_ values: ConnectionValues) throws(StoreFault) {
    let isUsual = ["", "0", "false", "off", "no"]
    guard let value = values["replication"], !isUsual.contains(value.lowercased()) else { return }
    let place = values.source("replication").words
    throw StoreFault(
      .valueUnusable,
      "the replication that \(place) gives asks for the wrong kind of connection: one for "
        + "replication, which takes no entries",
      remedy: "Take replication= out of \(place).")
  }

  private static func wrong(
    _ keyword: String, _ values: ConnectionValues, _ what: String
  ) -> StoreFault {
    let place = values.source(keyword).words
    guard values.source(keyword) != .address else { return fault("\(keyword) \(what)") }
    return StoreFault(
      .valueUnusable, "the \(keyword) that \(place) gives \(what)",
      remedy: "Correct \(place), or take it away.")
  }
}

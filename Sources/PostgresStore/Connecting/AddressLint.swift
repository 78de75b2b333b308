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
      return fault("it names a setting that does not exist")
    }
    return fault("write postgres://USER@HOST:PORT/DATABASE")
  }

  static func check(_ said: [String: String], isURL: Bool) throws(StoreFault) {
    let hint = "a password with @ : / ? or # must be percent-encoded"
    let hosts = said["host"] ?? ""
    if hosts.contains(where: { "@ ?#".contains($0) }) && !hosts.hasPrefix("@") {
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

  private static let numbers = [
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout",
  ]
  private static let words: [String: Set<String>] = [
    "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
    "target_session_attrs": [
      "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
    ],
    "gssencmode": ["disable", "prefer", "require"],
    "channel_binding": ["disable", "prefer", "require"],
  ]

  private static func checkValues(_ said: [String: String]) throws(StoreFault) {
    for keyword in numbers {
      if let value = said[keyword], Int(value) == nil {
        throw fault("\(keyword) is not a whole number")
      }
    }
    for (keyword, allowed) in words.sorted(by: { $0.key < $1.key }) {
      if let value = said[keyword], !allowed.contains(value) {
        throw fault("\(keyword) is not one of \(allowed.sorted().joined(separator: ", "))")
      }
    }
  }
}

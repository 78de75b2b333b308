import BankCore
import Foundation

/// A database address as it may be shown: each part by the rule of `Disclosure`.
public enum Secrets {
  /// The address with every password replaced. What cannot be taken apart is not shown at all:
  /// a misplaced `@` or quote would show a password as a host.
  public static func masked(_ address: String) -> String {
    guard address.utf8.count <= AddressMistake.byteLimit else {
      return "(an address that is too long, not shown)"
    }
    if let url = PostgresURL(address) { return url.masked }
    if address.hasPrefix("sqlite:") {
      let path = String(address.dropFirst(7))
      return "sqlite:" + (Disclosure.allowsFile(path) ? path : Disclosure.mask)
    }
    if let words = KeywordString(address) { return words.masked }
    return "(an address that cannot be read, not shown)"
  }

  /// Whether the address carries a password.
  public static func hasPassword(_ address: String) -> Bool {
    if let url = PostgresURL(address) { return url.hasPassword }
    return KeywordString(address)?.hasPassword ?? false
  }

}

/// A URL for libpq, taken apart so far as is needed to hide its secrets.
struct PostgresURL {
  static let schemes = ["postgres://", "postgresql://"]

  private let scheme: String
  /// Before the last `@`; a password with an unescaped `@`, `/` or `?` stays inside.
  private let user: String?
  private let password: String?
  private let rest: Substring
  private let parameters: [Substring]

  /// Nil for anything that does not begin like a URL of PostgreSQL.
  init?(_ text: String) {
    guard let scheme = Self.schemes.first(where: text.hasPrefix) else { return nil }
    self.scheme = scheme
    let body = text.dropFirst(scheme.count)
    var afterUser = body
    if let at = body.lastIndex(of: "@") {
      let credentials = body[..<at]
      let colon = credentials.firstIndex(of: ":")
      user = String(credentials[..<(colon ?? credentials.endIndex)])
      password = colon.map { String(credentials[credentials.index(after: $0)...]) }
      afterUser = body[body.index(after: at)...]
    } else {
      user = nil
      password = nil
    }
    let question = afterUser.firstIndex(of: "?")
    rest = afterUser[..<(question ?? afterUser.endIndex)]
    parameters =
      question.map { afterUser[afterUser.index(after: $0)...].split(separator: "&") } ?? []
  }

  var hasPassword: Bool {
    password?.isEmpty == false || parameters.contains { Self.isSecret($0) } || !hasPlainPorts
  }

  var masked: String {
    // `postgres://ana:secret/books`, the host forgotten: the password stands where a port belongs.
    // Signs that stand in no host and no database were meant as a part of the password.
    let said = said
    guard hasPlainPorts, isPlain(rest), isPlain(user ?? ""),
      Disclosure.allows(said["host"] ?? "", of: "host")
    else { return "\(scheme)\(Disclosure.mask)" }
    var text = scheme
    if let user {
      let isShown = Disclosure.allows(user.removingPercentEncoding ?? user, of: "user")
      text += isShown ? user : Disclosure.mask
      text += (password.map { _ in ":\(Disclosure.mask)" } ?? "") + "@"
    }
    text += rest.prefix { $0 != "/" }
    let database = rest.drop { $0 != "/" }.dropFirst()
    if rest.contains("/") {
      let isShown = Disclosure.allows(
        database.removingPercentEncoding ?? String(database), of: "dbname")
      text += "/" + (isShown ? String(database) : Disclosure.mask)
    }
    guard !parameters.isEmpty else { return text }
    return text + "?" + parameters.map(Self.maskedParameter).joined(separator: "&")
  }

  /// What the URL says, keyword by keyword, as libpq would take it; empty where it cannot be taken
  /// apart without showing a password as something else.
  var said: [String: String] {
    guard hasPlainPorts else { return [:] }
    var said: [String: String] = [:]
    func say(_ keyword: String, _ value: String) {
      if !value.isEmpty { said[keyword] = value.removingPercentEncoding ?? value }
    }
    say("user", user ?? "")
    say("password", password ?? "")
    let hosts = rest.prefix { $0 != "/" }.split(separator: ",", omittingEmptySubsequences: false)
      .map(Self.hostAndPort)
    say("host", hosts.map(\.host).joined(separator: ","))
    if hosts.contains(where: { !$0.port.isEmpty }) {
      say("port", hosts.map(\.port).joined(separator: ","))
    }
    say("dbname", String(rest.drop { $0 != "/" }.dropFirst()))
    for parameter in parameters {
      guard let equals = parameter.firstIndex(of: "=") else { continue }
      let name = String(parameter[..<equals])
      say(
        name.removingPercentEncoding ?? name, String(parameter[parameter.index(after: equals)...]))
    }
    return said
  }

  private static func hostAndPort(_ text: Substring) -> (host: String, port: String) {
    let bracket = text.lastIndex(of: "]")
    let colon = text[(bracket ?? text.startIndex)...].firstIndex(of: ":")
    let host = text[..<(colon ?? text.endIndex)].filter { $0 != "[" && $0 != "]" }
    return (host, colon.map { String(text[text.index(after: $0)...]) } ?? "")
  }

  /// Whether everything that stands where a port belongs is a number.
  private var hasPlainPorts: Bool {
    let hosts = rest.prefix { $0 != "/" }.split(separator: ",")
    return hosts.allSatisfy { host in
      // An address of IP version 6 has colons of its own, in brackets.
      let outside = host.lastIndex(of: "]").map { host[host.index(after: $0)...] } ?? host
      guard let colon = outside.firstIndex(of: ":") else { return true }
      return outside[outside.index(after: colon)...].allSatisfy { $0.isASCII && $0.isNumber }
    }
  }

  private func isPlain(_ part: some StringProtocol) -> Bool {
    part.removingPercentEncoding != nil
      && !part.contains { "#'\"\\`?&<>|^{}".contains($0) || $0.isWhitespace }
  }

  private static func maskedParameter(_ parameter: Substring) -> String {
    guard let equals = parameter.firstIndex(of: "=") else { return Disclosure.mask }
    let word = String(parameter[..<equals])
    let name = decoded(parameter)
    let value = String(parameter[parameter.index(after: equals)...])
    guard !Disclosure.allows(value.removingPercentEncoding ?? value, of: name) else {
      return String(parameter)
    }
    return "\(AddressKeywords.shown(name) == name ? word : Disclosure.mask)=\(Disclosure.mask)"
  }

  private static func isSecret(_ parameter: Substring) -> Bool {
    AddressKeywords.isSecret(decoded(parameter))
  }

  /// libpq decodes names too, so `pass%77ord` is a password.
  private static func decoded(_ parameter: Substring) -> String {
    String(parameter.prefix { $0 != "=" }).removingPercentEncoding ?? "password"
  }
}

/// libpq's `host=db.branch dbname=books`, read by its rules: blanks around `=` allowed, values in
/// single quotes, backslashes before quotes and backslashes.
struct KeywordString {
  private let pairs: [(name: String, value: String)]

  /// Nil for anything else, an unknown first word included.
  init?(_ text: String) {
    var pairs: [(String, String)] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard !rest.isEmpty else { break }
      let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
      rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
      guard rest.first == "=", Self.isName(name) else { return nil }
      rest = rest.dropFirst().drop(while: \.isWhitespace)
      guard let value = Self.value(&rest) else { return nil }
      pairs.append((String(name), value))
    }
    guard !pairs.isEmpty else { return nil }
    self.pairs = pairs
  }

  /// What it says; of a keyword that stands there twice the last counts, as with libpq.
  var said: [String: String] {
    Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  var hasPassword: Bool {
    pairs.contains { AddressKeywords.isSecret($0.name) && !$0.value.isEmpty }
  }

  var masked: String {
    pairs.map { name, value in
      let shown = Disclosure.allows(value, of: name) ? Self.quoted(value) : Disclosure.mask
      return "\(AddressKeywords.shown(name))=\(shown)"
    }.joined(separator: " ")
  }

  private static func isName(_ word: Substring) -> Bool {
    !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
  }

  /// Takes a value off the front; nil when its quote is never closed.
  private static func value(_ rest: inout Substring) -> String? {
    var value = ""
    let isQuoted = rest.first == "'"
    if isQuoted { rest = rest.dropFirst() }
    while let character = rest.popFirst() {
      if character == "\\" {
        if let escaped = rest.popFirst() { value.append(escaped) }
      } else if isQuoted ? character == "'" : character.isWhitespace {
        return value
      } else {
        value.append(character)
      }
    }
    return isQuoted ? nil : value
  }

  private static func quoted(_ value: String) -> String {
    guard value.isEmpty || value.contains(where: { $0.isWhitespace || $0 == "'" || $0 == "\\" })
    else { return value }
    let escaped = value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    return "'\(escaped)'"
  }
}

import Foundation

/// Which part of an address cannot be read, and where. It says positions, words of libpq and the
/// signs that must be escaped, never a value: that may be a piece of the password.
enum AddressMistake {
  /// Longer than any address; to look for mistakes in it would take long.
  static let byteLimit = 65_536

  /// The first mistake; nil where there is none, or none that is certain. What only libpq can know
  /// is left to it.
  static func first(in text: String) -> String? {
    guard text.utf8.count <= byteLimit else { return "it is longer than \(byteLimit) bytes" }
    guard let first = text.first(where: { !$0.isWhitespace }) else { return "it is empty" }
    if let place = text.firstIndex(of: "\0") { return "a zero byte stands at \(at(place, text))" }
    if "\"'`".contains(first) {
      return "it begins with a quotation mark, which belongs to the shell or the file around it"
    }
    if PostgresURL.schemes.contains(where: text.hasPrefix) { return inURL(text) }
    return text.contains("://") ? nil : inWords(text)
  }

  private static func at(_ place: String.Index, _ text: String) -> String {
    "character \(text.distance(from: text.startIndex, to: place) + 1)"
  }

  // MARK: URLs

  private static func inURL(_ text: String) -> String? {
    guard let slashes = text.range(of: "://") else { return nil }
    return badPercent(text) ?? misplacedSign(text, text[slashes.upperBound...])
      ?? badParameter(text, text[slashes.upperBound...])
  }

  private static func badPercent(_ text: String) -> String? {
    var rest = text[...]
    while let place = rest.firstIndex(of: "%") {
      rest = rest[text.index(after: place)...]
      guard rest.prefix(2).count == 2, rest.prefix(2).allSatisfy(\.isHexDigit) else {
        return "the % at \(at(place, text)) is not followed by two hexadecimal digits; "
          + "a % itself is written %25"
      }
    }
    return nil
  }

  /// Signs that end the user and the password for libpq, and were meant as a part of them.
  private static func misplacedSign(_ text: String, _ body: Substring) -> String? {
    let stop = body.firstIndex { "@/?".contains($0) } ?? body.endIndex
    let behind = stop < body.endIndex ? body[body.index(after: stop)...] : body[stop...]
    if stop < body.endIndex, body[stop] == "@" {
      let host = behind.prefix { !"/?".contains($0) }
      guard let second = host.lastIndex(of: "@") else { return badPort(text, host) }
      return "of the @ at \(at(stop, text)) and at \(at(second, text)) only the last may stand as "
        + "it is: in a user or a password it is written %40"
    }
    let mistake = badPort(text, body[..<stop])
    guard stop < body.endIndex else { return mistake }
    let isInside =
      body[stop] == "/"
      ? behind.prefix { $0 != "?" }.contains("@") : mistake != nil && behind.contains("@")
    guard isInside else { return mistake }
    return "the \(body[stop]) at \(at(stop, text)) stands before the @: in a user or a password it "
      + "is written \(body[stop] == "/" ? "%2F" : "%3F")"
  }

  private static func badPort(_ text: String, _ hosts: Substring) -> String? {
    for host in hosts.split(separator: ",") {
      if host.hasPrefix("["), !host.contains("]") {
        return "the [ at \(at(host.startIndex, text)) is never closed"
      }
      let name = host.lastIndex(of: "]") ?? host.startIndex
      guard let colon = host[name...].firstIndex(of: ":") else { continue }
      let port = host[host.index(after: colon)...]
      guard !port.isEmpty, !(1...65_535).contains(Int(port) ?? 0) else { continue }
      return "what stands behind the : at \(at(colon, text)) is taken for a port, and is not a "
        + "number from 1 to 65535"
    }
    return nil
  }

  private static func badParameter(_ text: String, _ body: Substring) -> String? {
    guard let question = body.firstIndex(of: "?") else { return nil }
    for parameter in body[body.index(after: question)...].split(separator: "&") {
      guard let equals = parameter.firstIndex(of: "=") else {
        return "the setting at \(at(parameter.startIndex, text)) has no ="
      }
      let name = String(parameter[..<equals]).removingPercentEncoding ?? ""
      if let mistake = misspelt(name, parameter.startIndex, text) { return mistake }
    }
    return nil
  }

  private static func misspelt(
    _ word: String, _ place: String.Index, _ text: String
  ) -> String? {
    guard !AddressKeywords.isKnown(word), let meant = AddressKeywords.nearest(to: word) else {
      return nil
    }
    return "there is no setting like that at \(at(place, text)); did you mean '\(meant)'?"
  }

  // MARK: Keyword strings

  private static func inWords(_ text: String) -> String? {
    var rest = text[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard !rest.isEmpty else { return nil }
      let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
      let start = rest.startIndex
      rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
      guard rest.first == "=" else {
        return
          "the word at \(at(start, text)) has no = behind it: a value with blanks in it stands "
          + "in single quotes"
      }
      guard !name.isEmpty else { return "the = at \(at(start, text)) has no word before it" }
      if let mistake = misspelt(String(name), start, text) { return mistake }
      rest = rest.dropFirst().drop(while: \.isWhitespace)
      guard let end = end(of: rest) else {
        let of = AddressKeywords.isKnown(String(name)) ? ", in the value of \(name)," : ""
        return "the quotation mark at \(at(rest.startIndex, text))\(of) is never closed"
      }
      rest = rest[end...]
    }
  }

  /// Where the value at the front ends; nil when its quote is never closed.
  private static func end(of value: Substring) -> String.Index? {
    let isQuoted = value.first == "'"
    var place = isQuoted ? value.index(after: value.startIndex) : value.startIndex
    while place < value.endIndex {
      let character = value[place]
      place = value.index(after: place)
      if character == "\\" {
        if place < value.endIndex { place = value.index(after: place) }
      } else if isQuoted ? character == "'" : character.isWhitespace {
        return place
      }
    }
    return isQuoted ? nil : place
  }
}

import BankCore
import Foundation

/// Values that libpq or a server would refuse, sometimes late and in the wrong layer: one rule for
/// the address, a variable and a line of a service file.
enum ValueRules {
  /// What is the matter with a value, never the value.
  struct Objection {
    /// Behind the name of the setting and its place: `is not a whole number`.
    let what: String
    /// `write a whole number`
    let instead: String
  }

  /// - Returns: nil for a value that may be used.
  static func objection(
    to value: String, of keyword: ConnectionKeyword, in source: ValueOrigin.Source
  ) -> Objection? {
    let isInAddress = source == .address
    switch keyword.shape {
    case .choice(let words): return choice(value, keyword.name, words)
    case .hosts where !value.isEmpty && !Disclosure.allows(value, of: "host"):
      return Disclosure.holdsWholeAddress(value)
        ? Objection(
          what: "holds a whole address",
          instead: "write the name or the numeric address of a host alone")
        : Objection(
          what: "holds signs that no host has",
          instead: "write the name or the numeric address of a host alone")
    case .ports where !arePorts(value):
      return Objection(
        what: "is not a number from 1 to 65535", instead: "write the number of a port")
    case .number where !value.isEmpty && Int32(trimmed(value)) == nil:
      return Objection(what: "is not a whole number", instead: "write a whole number")
    case .name, .path: return isInAddress ? inAddress(value, keyword) : elsewhere(value, keyword)
    case .options where !isInAddress && !value.isEmpty && !value.contains("-"):
      return Objection(
        what: "holds no settings of a session", instead: "write -c NAME=VALUE")
    default: return nil
    }
  }

  private static func choice(
    _ value: String, _ name: String, _ words: [String]
  ) -> Objection? {
    let isVersion = name.hasSuffix("protocol_version")
    let isKnown = words.contains {
      isVersion ? $0.lowercased() == value.lowercased() : $0 == value
    }
    guard !isKnown, !(isVersion && value.isEmpty) else { return nil }
    let all = words.joined(separator: ", ")
    return Objection(what: "is not one of \(all)", instead: "write one of \(all)")
  }

  private static func inAddress(_ value: String, _ keyword: ConnectionKeyword) -> Objection? {
    if value.contains("://") {
      return Objection(what: "holds another address", instead: "write a name or a path alone")
    }
    let isWithBlank = value.first?.isWhitespace ?? false || value.last?.isWhitespace ?? false
    guard keyword.name == "dbname", isWithBlank else { return nil }
    return Objection(what: "begins or ends with a blank", instead: "take the blank away")
  }

  /// Where a server is not looked for by it, it does no harm.
  private static func elsewhere(_ value: String, _ keyword: ConnectionKeyword) -> Objection? {
    guard ["dbname", "user", "service"].contains(keyword.name),
      Disclosure.holdsWholeAddress(value)
    else { return nil }
    return Objection(what: "holds a whole address or setting", instead: "write a name alone")
  }

  /// A list of ports; one that is empty is libpq's own.
  static func arePorts(_ text: String) -> Bool {
    text.split(separator: ",").allSatisfy { port in
      let number = trimmed(String(port))
      return (1...65_535).contains(Int32(number) ?? 0)
    }
  }

  /// libpq passes over blanks around a number, a line end for instance.
  static func cleaned(_ value: String, of keyword: String) -> String {
    switch ConnectionKeyword.named(keyword)?.shape {
    case .number: trimmed(value)
    case .ports:
      value.split(separator: ",", omittingEmptySubsequences: false).map { trimmed(String($0)) }
        .joined(separator: ",")
    default: value
    }
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

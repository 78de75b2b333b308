import BankCore
import Foundation
import Screen

/// The value of a setting.
public enum SettingValue: Hashable, Sendable {
  case text(String)
  case number(Int64)
  case list([String])

  /// Of two limits what both allow.
  func tightened(by other: SettingValue) -> SettingValue {
    switch (self, other) {
    case (.number(let own), .number(let bound)): .number(min(own, bound))
    case (.list(let own), .list(let bound)): .list(own.filter(bound.contains))
    default: other
    }
  }

  /// As it is written in a configuration file, secrets included.
  var written: String {
    switch self {
    case .text(let text): text
    case .number(let number): String(number)
    case .list(let words): "[\(words.joined(separator: ", "))]"
    }
  }
}

/// What was found where a value is expected, before its shape is known.
enum RawValue: Hashable {
  case scalar(String)
  case list([String])
  /// A flag's or a variable's text, in which blanks separate the words of a list.
  case words(String)
}

/// What the value of a setting may look like.
enum SettingShape: Hashable {
  case text
  /// Text on one line, not empty.
  case line
  case path
  case terminalName
  case choice([String])
  case choices([String])
  case words
  /// Names with a key each: `name=value` in a list.
  case pairs
  /// Names with an entry each, in the same way. A variable parts them by `;`.
  case entries
  /// Names out of these with a text each, in the same way.
  case texts([String])
  case wholeNumber
  case currency
  case timeZone

  /// Whether a file holds it as names with a value each.
  var hasNames: Bool {
    switch self {
    case .pairs, .entries, .texts: true
    default: false
    }
  }

  /// The value in that shape.
  ///
  /// - Throws: `Misfit` with what is wrong, never quoting what may be a secret.
  func read(_ raw: RawValue) throws(Misfit) -> SettingValue {
    switch self {
    case .words:
      let words = Self.words(raw)
      guard !words.isEmpty else { throw Misfit("is empty: write a list of arguments") }
      return .list(words)
    case .pairs:
      let words = Self.words(raw)
      for word in words where word.split(separator: "=", maxSplits: 1).count < 2 {
        throw Misfit("\(Self.quoted(word)) is not a name with a key, such as deposit=D")
      }
      return .list(words)
    case .entries:
      var entries = Self.words(raw)
      if case .words(let text) = raw { entries = Self.parts(text) }
      for entry in entries where entry.split(separator: "=", maxSplits: 1).count < 2 {
        throw Misfit("\(Self.quoted(entry)) is not a name with an entry, such as rent=d 2378 1200")
      }
      return .list(entries)
    case .texts(let known):
      var texts = Self.words(raw)
      if case .words(let text) = raw { texts = Self.parts(text) }
      for text in texts { try Self.checkText(text, among: known) }
      return .list(texts)
    case .choices(let known):
      let words = Self.words(raw)
      for word in words { try Self.check(word, among: known) }
      return .list(known.filter(words.contains))
    default:
      return try readScalar(Self.scalar(raw))
    }
  }

  private func readScalar(_ text: String) throws(Misfit) -> SettingValue {
    guard !text.allSatisfy(\.isWhitespace) else { throw Misfit("has no value") }
    switch self {
    case .text: return .text(text)
    case .line:
      guard !text.contains(where: \.isNewline) else { throw Misfit("must fit on one line") }
      // A name is written into the manual ledger, where it stays.
      guard !Disclosure.holdsAddress(text) else {
        throw Misfit("looks like an address or a password, and would be kept and shown as a name")
      }
      return .text(text)
    case .path:
      let isAddress =
        text.hasPrefix("/") ? Disclosure.holdsWholeAddress(text) : Disclosure.holdsAddress(text)
      guard !text.contains("\0"), !isAddress else { throw Misfit("is not a path") }
      return .text(text)
    case .terminalName:
      guard TerminalName(text) != nil else {
        throw Misfit(
          "\(Self.quoted(text)) is not a terminal's name: 1 to 20 of a-z, 0-9 and -")
      }
      return .text(text)
    case .choice(let known):
      try Self.check(text, among: known)
      return .text(text)
    case .wholeNumber:
      guard let number = Int64(text), number >= 0 else {
        throw Misfit("\(Self.quoted(text)) is not a whole number, zero or greater")
      }
      return .number(number)
    case .currency:
      guard Currency(text) != nil else {
        throw Misfit("\(Self.quoted(text)) is not an ISO 4217 currency, such as EUR")
      }
      return .text(text)
    case .timeZone:
      guard TimeZone(identifier: text) != nil else {
        throw Misfit("\(Self.quoted(text)) is not a time zone, such as Europe/Prague")
      }
      return .text(text)
    case .words, .choices, .pairs, .entries, .texts: throw Misfit("must be a list")
    }
  }

  private static func quoted(_ text: String) -> String { sanitized(Disclosure.quoted(text)) }

  private static func scalar(_ raw: RawValue) throws(Misfit) -> String {
    switch raw {
    case .scalar(let text), .words(let text): return text
    case .list: throw Misfit("must be one value, not a list")
    }
  }

  private static func words(_ raw: RawValue) -> [String] {
    switch raw {
    case .list(let words): words
    case .scalar(let word): [word]
    case .words(let text): text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }

  private static func parts(_ text: String) -> [String] {
    text.split(separator: ";").map { $0.split(separator: " ").joined(separator: " ") }
      .filter { !$0.isEmpty }
  }

  private static func checkText(_ text: String, among known: [String]) throws(Misfit) {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, !parts[1].allSatisfy(\.isWhitespace) else {
      throw Misfit("\(quoted(text)) is not a name with a text, such as received=PAID IN")
    }
    try check(String(parts[0]), among: known)
    guard !text.contains(where: \.isNewline) else {
      throw Misfit("\(quoted(String(parts[0]))) must fit on one line")
    }
  }

  private static func check(_ word: String, among known: [String]) throws(Misfit) {
    guard !known.contains(word) else { return }
    let hint = nearestName(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw Misfit(
      "\(quoted(word)) is none of \(known.joined(separator: ", "))\(hint)")
  }
}

/// Why a value does not fit its setting, to be read after the setting's name.
struct Misfit: Error, Hashable {
  let text: String
  init(_ text: String) { self.text = text }
}

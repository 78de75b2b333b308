import BankCore
import Screen
import Settings

/// The words of a call, looked at before or beside the parser, which may not understand them.
public struct CallWords: Sendable {
  private let words: [String]

  public init(_ words: [String]) { self.words = words }

  /// Where an option may stand.
  private var options: ArraySlice<String> { words.prefix { $0 != "--" } }

  /// Also right when the arguments could not be understood.
  public var wantsJSON: Bool { options.contains("--json") }

  /// A number with a minus sign, which reads as an option; nil without one.
  public var signedNumber: String? {
    options.first { $0.wholeMatch(of: /-[0-9].*/) != nil }
  }

  /// A message of the parser's. It repeats the argument that it does not understand, and that may be
  /// a database's address in the wrong place.
  public func withoutSecrets(_ message: String) -> String {
    words.filter { Disclosure.holdsAddress($0) || $0.contains("@") }.reduce(message) {
      $0.replacing($1, with: Secrets.masked($1))
    }
  }

  /// The same for people: what somebody typed makes no lines of its own among those of the parser.
  public func repeatable(_ message: String) -> String {
    words.filter { $0.contains(where: \.isNewline) }.reduce(withoutSecrets(message)) {
      $0.replacing($1, with: sanitized($1))
    }
  }
}

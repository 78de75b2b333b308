import BankCore

/// Where a value was found.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  case flag(String)
  case environment(String)
  case file(String, line: Int)
  case standard

  public var description: String {
    switch self {
    case .flag(let name): name
    case .environment(let name): name
    case .file(let path, let line): "\(path):\(line)"
    case .standard: "default"
    }
  }

  /// The kind of place, in one word.
  public var word: String {
    switch self {
    case .flag: "flag"
    case .environment: "environment"
    case .file: "file"
    case .standard: "default"
    }
  }
}

/// A setting with where its value comes from, and what that beats.
public struct Setting: Hashable, Sendable {
  /// A value that was found, and where.
  public struct Finding: Hashable, Sendable {
    public let value: SettingValue
    public let origin: Origin

    public init(value: SettingValue, origin: Origin) {
      self.value = value
      self.origin = origin
    }
  }

  public let key: SettingKey
  /// Nil when nobody sets it and it has no default.
  public let winner: Finding?
  /// What was found elsewhere, the strongest first.
  public let overridden: [Finding]
  /// A value of whoever enters that is looser than the bank's policy; it counts only as far as that
  /// allows. It is among the overridden ones too.
  public let refused: Finding?

  init(key: SettingKey, winner: Finding?, overridden: [Finding], refused: Finding? = nil) {
    self.key = key
    self.winner = winner
    self.overridden = overridden
    self.refused = refused
  }

  /// The value as it may be shown: passwords masked. Nil when there is none.
  public var shown: String? { winner.map(shown) }

  /// A finding's value as it may be shown.
  public func shown(_ finding: Finding) -> String { Self.shown(key, finding) }

  /// The same for a finding of any key.
  public static func shown(_ key: SettingKey, _ finding: Finding) -> String {
    switch (key, finding.value) {
    case (.database, let value): Secrets.masked(value.written)
    case (_, .text(let text)): Disclosure.holdsAddress(text) ? Disclosure.mask : text
    case (_, .number(let number)): String(number)
    case (_, .list(let words)):
      "[\(words.map { Disclosure.holdsAddress($0) ? Disclosure.mask : $0 }.joined(separator: ", "))]"
    }
  }
}

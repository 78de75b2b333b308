/// What a candidate would change of one setting, as it may be shown.
public struct SettingChange: Hashable, Sendable {
  public let key: SettingKey
  /// What the files and the defaults say now; nil for nothing.
  public let old: Setting.Finding?
  public let new: Setting.Finding?
  /// The flag or the variable that is stronger than every file: the change would change nothing.
  public let overriddenBy: Setting.Finding?
  /// What the new value is stronger than, beside the default.
  public let overrides: [Setting.Finding]

  public var shownOld: String? { old.map { Setting.shown(key, $0) } }

  public var shownNew: String? {
    guard let new else { return nil }
    let shown = Setting.shown(key, new)
    // Two addresses that differ in their passwords alone look the same.
    return shown == shownOld ? "\(shown) (another password)" : shown
  }
}

extension Settings {
  /// What would be different in the files' part of the settings, in the order of the keys.
  public func changes(to candidate: Settings) -> [SettingChange] {
    SettingKey.allCases.compactMap { key in
      let (now, then) = (self[key], candidate[key])
      guard now.written?.value != then.written?.value else { return nil }
      return SettingChange(
        key: key, old: now.written, new: then.written,
        overriddenBy: then.winner.flatMap { $0.origin.isOfThisCall ? $0 : nil },
        overrides: then.findings.filter { !$0.origin.isOfThisCall && $0.origin != .standard }
          .dropFirst().map { $0 })
    }
  }
}

extension Setting {
  /// All that was found, the strongest first.
  fileprivate var findings: [Finding] { (winner.map { [$0] } ?? []) + overridden }
  /// What files and defaults say, whatever flags and variables are stronger.
  fileprivate var written: Finding? { findings.first { !$0.origin.isOfThisCall } }
}

extension Origin {
  /// A flag or a variable: gone with the call, and stronger than every file.
  public var isOfThisCall: Bool {
    switch self {
    case .flag, .environment: true
    case .file, .standard: false
    }
  }
}

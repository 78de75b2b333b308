import BankCore

/// Where a console whose connection fails should go, as far as the history of its configuration
/// knows.
public struct Suspicion: Hashable, Sendable {
  /// The generation to go to.
  public let target: ConfigurationHistory.Record
  /// The change that lies between it and the console.
  public let change: ConfigurationHistory.Record
  /// The target is in force already: the console was opened before.
  public let isInForce: Bool
}

extension ConfigurationHistory {
  /// The first suspect of a fault under a configuration file's text: the change since the newest
  /// generation that committed and stayed online for ten minutes. A generation that was never
  /// healthy is nothing to go back to, and a text that was is not suspected.
  ///
  /// - Parameter text: what the console was opened with; nil without a file.
  public func suspicion(_ file: String, under text: String?) -> Suspicion? {
    guard let present = inForce(file) else { return nil }
    guard present.generation.content == text else {
      return Suspicion(target: present, change: present, isInForce: true)
    }
    let good = records.last {
      $0.generation.file == file && $0.isConfirmed && $0.health?.isKnownGood == true
    }
    guard let good, good.generation.content != text else { return nil }
    // The first that came after it: what followed may only have repeated its fault.
    let change = records.first {
      $0.generation.file == file && $0.number > good.number && $0.isActivated && !$0.isReverted
    }
    return Suspicion(target: good, change: change ?? present, isInForce: false)
  }
}

extension Settings {
  /// What is different in other settings, in words: `port 5432 → 5433`. No secret is in them.
  public func differences(from other: Settings) -> [String] {
    other.changes(to: self).flatMap { change -> [String] in
      guard change.key == .database, let old = change.old?.value.written,
        let new = change.new?.value.written,
        let parts = Self.parts(from: old, to: new)
      else {
        let (old, new) = (change.shownOld ?? "not set", change.shownNew ?? "not set")
        return ["\(change.key.rawValue) \(old) → \(new)"]
      }
      return parts
    }
  }

  /// Keyword by keyword; nil where an address cannot be taken apart.
  private static func parts(from old: String, to new: String) -> [String]? {
    guard let old = said(old), let new = said(new) else { return nil }
    let order = ["host", "hostaddr", "port", "dbname", "user", "password"]
    let others = Set(old.keys).union(new.keys).subtracting(order).sorted()
    let parts = (order + others).compactMap { keyword -> String? in
      guard old[keyword] != new[keyword] else { return nil }
      guard !Secrets.isSecret(keyword) else { return "another \(keyword)" }
      let name = keyword == "dbname" ? "database" : keyword
      return "\(name) \(old[keyword] ?? "not set") → \(new[keyword] ?? "not set")"
    }
    return parts.isEmpty ? nil : parts
  }

  private static func said(_ address: String) -> [String: String]? {
    let said = PostgresURL(address)?.said ?? KeywordString(address)?.said
    return said?.isEmpty == false ? said : nil
  }
}

import BankCore
import ConnectionString

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
      let word = ConnectionKeyword.shown(keyword)
      guard !ConnectionKeyword.isSecret(keyword) else { return "another \(word)" }
      let name = keyword == "dbname" ? "database" : word
      let (before, after) = (shown(old[keyword], keyword), shown(new[keyword], keyword))
      return "\(name) \(before) → \(after)"
    }
    return parts.isEmpty ? nil : parts
  }

  private static func shown(_ value: String?, _ keyword: String) -> String {
    value.map { Disclosure.shown($0, of: keyword) } ?? "not set"
  }

  private static func said(_ address: String) -> [String: String]? {
    let said = AddressText(address).said
    return said.isEmpty ? nil : said
  }
}

import BankCore

/// What keeps the word *live* true: the list that is looked at is read again every few seconds while
/// the bank answers. The question waits beside the keys, which cost nothing by it.
extension ConsoleState {
  /// Milliseconds after which a list that is looked at is read again.
  private static let rereadAfter: Int64 = 4_000
  /// Milliseconds for which what was read is called live.
  private static let liveFor: Int64 = 10_000

  /// Reads again what is looked at, once it has become old. What a form or a panel covers waits.
  mutating func reread() -> [Effect] {
    guard overlay == nil, form == nil else { return [] }
    return switch screen {
    case .accounts: rereadAccounts()
    case .account: rereadAccount()
    case .journal: rereadJournal()
    case .ledger, .reconcile, .connection, .outages: []
    }
  }

  /// Whether what was read then is to be read again now.
  func isDue(_ provenance: Provenance) -> Bool {
    isAnswering && now.milliseconds(since: provenance.asOf) >= Self.rereadAfter
  }

  private var isAnswering: Bool { status.readsLive && status.mode != .starting }

  /// Where the figures of a list come from: live only while they are read again and again.
  func listSource(_ provenance: Provenance, _ failure: Failure?) -> String {
    let age = now.milliseconds(since: provenance.asOf)
    let isLive = isAnswering && failure == nil && age <= Self.liveFor
    // Read out, a time that moves would be told every few seconds.
    if isLive, options.isPlain, case .live = provenance { return "live" }
    return words.source(provenance, now: now, isLive: isLive)
  }
}

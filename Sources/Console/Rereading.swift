import BankCore

/// What keeps the word *live* true: the list that is looked at is read again every few seconds while
/// the bank answers. The question waits beside the keys, which cost nothing by it.
extension ConsoleState {
  /// Reads again what is looked at, once it has become old. What a form or a panel covers waits.
  mutating func reread() -> [ConsoleEffect] {
    guard context.screenHasFocus else { return [] }
    return changeShownScreen { $0.reread(&$1) }
  }
}

extension Context {
  /// Milliseconds after which a list that is looked at is read again.
  private static let rereadAfter: Int64 = 4_000
  /// Milliseconds for which what was read is called live.
  static let liveFor: Int64 = 10_000

  /// Whether what was read then is to be read again now.
  func isDue(_ readAt: Instant) -> Bool { isAnswering && isOld(readAt) }

  /// Whether what was read then is not new any more.
  func isOld(_ readAt: Instant) -> Bool {
    now.milliseconds(since: readAt) >= Self.rereadAfter
  }

  /// A list that could not be read again is read now: what was said of it is not so any more.
  mutating func stopTellingOfReading(_ screen: ScreenName) {
    if message?.subject == .reading(screen) { message = nil }
  }

  /// What stands beside a list that is not read again by itself: that it is old, where reading it again
  /// has failed.
  func standing(_ failure: Failure?, since readAt: Instant?) -> String? {
    guard let failure, let readAt else { return nil }
    return "as of \(words.moment(readAt, now: now)): \(failure.text)"
  }

  private var isAnswering: Bool { status.readsLive && status.mode != .starting }

  /// Where the figures of a list come from: live only while they are read again and again.
  func listSource(_ provenance: Provenance, _ failure: Failure?) -> String {
    words.source(provenance, now: now, isLive: isLive(provenance, failure))
  }

  /// Whether what is shown is read again and again.
  func isLive(_ provenance: Provenance, _ failure: Failure?) -> Bool {
    isAnswering && failure == nil && now.milliseconds(since: provenance.asOf) <= Self.liveFor
  }
}

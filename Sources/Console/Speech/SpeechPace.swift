import BankCore
import Screen

/// When a reader of lines is told: once what is awaited has come, and a held key is let go. What is
/// told first is then true, and is not told again because of an answer.
public struct SpeechPace: Sendable {
  /// Milliseconds for which answers are waited for.
  static let settlesWithin: Int64 = 300
  /// The same while an entry is written: its receipt is what a teller waits for.
  static let writesWithin: Int64 = 1_500
  /// Milliseconds between two presses of a key that is held. Whoever presses it again is slower.
  static let repeatsWithin: Int64 = 120
  /// The longest that a held key is passed over: nobody should think that it does nothing.
  static let holdsWithin: Int64 = 2_000

  private var unsettledSince: Instant?
  private var lastKey: (key: Key, at: Instant)?
  /// Since when the last key is held.
  private var heldSince: Instant?

  public init() {}

  /// Something is there to be told, and is not told yet.
  public var isWaiting: Bool { unsettledSince != nil }

  public mutating func press(_ key: Key, at now: Instant) {
    defer { lastKey = (key, now) }
    guard let last = lastKey, last.key == key, key.isRepeated,
      (0...Self.repeatsWithin).contains(now.milliseconds(since: last.at))
    else {
      heldSince = nil
      return
    }
    heldSince = heldSince ?? now
  }

  /// Whether what has changed is told now.
  ///
  /// - Parameters:
  ///   - awaits: answers are on their way.
  ///   - isWriting: an entry is on its way to the disk and the bank.
  public mutating func isDue(at now: Instant, awaits: Bool, isWriting: Bool) -> Bool {
    guard isHeld(at: now) || awaits else {
      unsettledSince = nil
      return true
    }
    let since = unsettledSince ?? now
    unsettledSince = since
    let waited = now.milliseconds(since: since)
    guard !isHeld(at: now) else { return waited < 0 }
    return waited < 0 || waited >= (isWriting ? Self.writesWithin : Self.settlesWithin)
  }

  private mutating func isHeld(at now: Instant) -> Bool {
    guard let heldSince, let last = lastKey else { return false }
    let isHeld =
      (0...Self.repeatsWithin).contains(now.milliseconds(since: last.at))
      && now.milliseconds(since: heldSince) < Self.holdsWithin
    if !isHeld { self.heldSince = nil }
    return isHeld
  }
}

extension Key {
  /// A key that people hold to go on.
  fileprivate var isRepeated: Bool {
    switch self {
    case .up, .down, .left, .right, .pageUp, .pageDown, .backspace, .delete, .character, .control:
      true
    default: false
    }
  }
}

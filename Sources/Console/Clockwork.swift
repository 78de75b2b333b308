import BankCore

/// When a console changes by itself: something that it shows tells a time or an age, or is to be read
/// again. Until then nobody has to tell it the time, and the machine can sleep.
public struct Clockwork {
  private let console: ConsoleState
  private var now: Instant { console.now }

  private static let minute: Int64 = 60_000
  /// What could not be read is asked for again, but not more often.
  private static let leastPause: Int64 = 1_000
  /// How exactly the next reading is foretold.
  private static let grain: Int64 = 100

  public init(_ console: ConsoleState) { self.console = console }

  /// The next moment at which the console wants to be told the time, when nothing else happens before.
  public var next: Instant { min(nextPicture, nextReading ?? nextPicture) }

  // MARK: What is shown

  /// Clock, dates and ages move with minutes, each from where it began; only the word *live* is lost
  /// after seconds.
  private var nextPicture: Instant {
    let snapshot = console.status.snapshotAsOf
    // The snapshot is too old only when a second has passed beyond the limit.
    let beginnings = [
      console.status.cause?.since, snapshot, snapshot?.advanced(byMilliseconds: 1_000),
    ]
    let ages = beginnings.compactMap { $0?.advanced(byMilliseconds: 1) }.map(nextMinute)
    let ends = console.shownScreen.sources
      .map { $0.asOf.advanced(byMilliseconds: Context.liveFor + 1) }.filter { $0 > now }
    return (ages + ends).reduce(nextMinute(since: wallMinute), min)
  }

  /// When the minute began that the clock shows.
  private var wallMinute: Instant {
    let local = console.words.local(now).millisecondsSince1970
    return now.advanced(byMilliseconds: -Self.rest(local))
  }

  private func nextMinute(since beginning: Instant) -> Instant {
    now.advanced(
      byMilliseconds: Self.minute - Self.rest(now.milliseconds(since: beginning)))
  }

  private static func rest(_ milliseconds: Int64) -> Int64 {
    (milliseconds % minute + minute) % minute
  }

  // MARK: What is read again

  /// Nil where nothing will be before the next minute. The screen itself is asked when it would read: what
  /// is due stays due.
  private var nextReading: Instant? {
    guard reads(after: Self.minute) else { return nil }
    var (early, late) = (Int64(0), Self.minute)
    while late - early > Self.grain {
      let middle = (early + late) / 2
      if reads(after: middle) { late = middle } else { early = middle }
    }
    return now.advanced(byMilliseconds: max(late, Self.leastPause))
  }

  private func reads(after milliseconds: Int64) -> Bool {
    var later = console
    later.context.now = now.advanced(byMilliseconds: milliseconds)
    return !later.reread().isEmpty
  }
}

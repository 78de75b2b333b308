/// The moment by which something must have ended, on the clock that nobody can set.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant

  init(milliseconds: Int) {
    end = ContinuousClock.now.advanced(by: .milliseconds(milliseconds))
  }

  init(end: ContinuousClock.Instant) { self.end = end }

  /// This deadline, or one `milliseconds` from now, whichever comes first.
  func atMost(milliseconds: Int) -> Deadline {
    Deadline(end: min(end, ContinuousClock.now.advanced(by: .milliseconds(milliseconds))))
  }

  /// This deadline, or another one, whichever comes first.
  func earlier(of other: Deadline) -> Deadline { Deadline(end: min(end, other.end)) }

  /// How long is left, rounded up so that `poll` never spins through the last millisecond.
  var remainingMilliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
  }

  var hasPassed: Bool { ContinuousClock.now >= end }

  var instant: ContinuousClock.Instant { end }
}

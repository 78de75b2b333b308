import BankCore

/// Where the clock below a drawing has its marks.
enum OutageClock {
  private static let second: Int64 = 1_000
  private static let minute: Int64 = 60_000
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 86_400_000
  private static let steps: [Int64] =
    [1, 2, 5, 10, 15, 30].map { $0 * second } + [1, 2, 5, 10, 15, 30].map { $0 * minute }
    + [1, 2, 3, 6, 12].map { $0 * hour } + [1, 2, 7, 30, 365].map { $0 * day }

  /// Milliseconds between two marks: round, and at most ten of them.
  static func step(for span: Int64) -> Int64 {
    steps.first { span / $0 <= 10 } ?? span / 10
  }

  /// Round times of the zone's clock.
  static func ticks(
    from start: Instant, to end: Instant, step: Int64, _ words: Wording
  ) -> [Instant] {
    let past = words.local(start).millisecondsSince1970 % step
    var tick = start.advanced(byMilliseconds: past > 0 ? step - past : -past)
    var ticks: [Instant] = []
    while tick <= end, ticks.count < 12 {
      ticks.append(tick)
      tick = tick.advanced(byMilliseconds: step)
    }
    return ticks
  }

  static func label(_ instant: Instant, step: Int64, _ words: Wording) -> String {
    if step >= day { return words.date(instant) }
    return step >= minute ? words.shortTime(instant) : words.time(instant)
  }
}

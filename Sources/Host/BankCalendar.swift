import BankCore
import Foundation
import Synchronization

/// The bank's calendar: which business day a moment falls on, in the bank's time zone.
public struct BankCalendar: Sendable {
  private let timeZone: TimeZone

  /// Nil when the system does not know a time zone of that IANA name.
  public init?(timeZone name: String) {
    guard let timeZone = TimeZone(identifier: name) else { return nil }
    self.timeZone = timeZone
  }

  /// How far the clock of a time zone is ahead of UTC, in seconds; 0 for nil, and for a zone that the
  /// system does not know.
  @Sendable public static func secondsAhead(at instant: Instant, in timeZone: String?) -> Int {
    timeZone.flatMap { knownSecondsAhead(at: instant, in: $0) } ?? 0
  }

  /// The same; nil for a zone that the system does not know.
  ///
  /// Each picture of the console asks for dozens of moments: of an hour in which no clock is changed, the
  /// answer is kept.
  public static func knownSecondsAhead(at instant: Instant, in timeZone: String) -> Int? {
    let hour = instant.millisecondsSince1970 / millisecondsPerHour
    return offsets.withLock { offsets in
      if let known = offsets.steady[hour], offsets.timeZone == timeZone { return known }
      if offsets.timeZone != timeZone || offsets.steady.count > Offsets.most {
        offsets = Offsets(timeZone: timeZone, calendar: BankCalendar(timeZone: timeZone))
      }
      guard let calendar = offsets.calendar else { return nil }
      let seconds = calendar.secondsAhead(at: instant)
      // Rounded towards 1970, an hour is between these two; the one around 1970 is two.
      let ends = [hour - 1, hour + 1].map {
        calendar.secondsAhead(
          at: Instant(
            millisecondsSince1970: $0.multipliedReportingOverflow(by: millisecondsPerHour)
              .partialValue))
      }
      if ends.allSatisfy({ $0 == seconds }) { offsets.steady[hour] = seconds }
      return seconds
    }
  }

  private static let millisecondsPerHour: Int64 = 3_600_000
  private static let offsets = Mutex(Offsets())

  /// What is known of one time zone: a process serves one bank.
  private struct Offsets {
    /// Two months of hours.
    static let most = 1_500

    var timeZone: String?
    /// Nil where the system does not know the zone.
    var calendar: BankCalendar?
    /// By the hour since 1970, where it is the same all through it.
    var steady: [Int64: Int] = [:]
  }

  private func secondsAhead(at instant: Instant) -> Int {
    timeZone.secondsFromGMT(
      for: Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1000))
  }

  /// Midnight in the bank's time zone ends the business day.
  public func businessDay(of instant: Instant) -> BusinessDay {
    let offset = Int64(secondsAhead(at: instant)) * 1000
    let local = instant.advanced(byMilliseconds: offset).millisecondsSince1970
    let millisecondsPerDay: Int64 = 86_400_000
    let (days, rest) = local.quotientAndRemainder(dividingBy: millisecondsPerDay)
    return BusinessDay(daysSince1970: Int32(clamping: rest < 0 ? days - 1 : days))
  }
}

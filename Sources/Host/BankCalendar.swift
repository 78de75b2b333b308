import BankCore
import Foundation

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
    timeZone.flatMap { BankCalendar(timeZone: $0) }?.secondsAhead(at: instant) ?? 0
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

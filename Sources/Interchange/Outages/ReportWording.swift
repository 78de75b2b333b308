import BankCore

/// How a report writes times, spans and amounts.
public struct ReportWording: Sendable {
  public let notation: AmountNotation
  /// Nil where it is not known here.
  public let bankName: String?
  /// The IANA name of the zone whose clock the times are of.
  public let zoneName: String
  private let offsetSeconds: @Sendable (Instant) -> Int

  /// - Parameter offsetSeconds: how far the zone's clock is ahead of UTC at a moment.
  public init(
    notation: AmountNotation = .point, bankName: String? = nil, zoneName: String = "UTC",
    offsetSeconds: @escaping @Sendable (Instant) -> Int = { _ in 0 }
  ) {
    self.notation = notation
    self.bankName = bankName
    self.zoneName = zoneName
    self.offsetSeconds = offsetSeconds
  }

  static let unknown = "not known"
  /// What the review's template asks for and no record of Daybook can say.
  static let unmeasured = "not measured by Daybook"

  /// `2026-11-23 14:02:11`; `not known` for none.
  func moment(_ instant: Instant?) -> String {
    guard let instant else { return Self.unknown }
    return "\(date(instant)) \(time(instant))"
  }

  /// `14:02:11`
  func time(_ instant: Instant) -> String { String(wallClock(instant).dropFirst(11).prefix(8)) }

  /// `2026-11-23`
  func date(_ instant: Instant) -> String { String(wallClock(instant).prefix(10)) }

  /// The day so many business days later. Saturdays and Sundays are none; holidays are not known.
  func date(_ instant: Instant, businessDaysLater days: Int) -> String {
    var (day, left) = (instant, days)
    while left > 0 {
      day = day.advanced(byMilliseconds: 86_400_000)
      let daysSince1970 = (Double(local(day).millisecondsSince1970) / 86_400_000).rounded(.down)
      // The first of January 1970 was a Thursday: 0 is Saturday here, 1 Sunday.
      let weekday = (daysSince1970 + 5).truncatingRemainder(dividingBy: 7)
      if !(0...1).contains(weekday < 0 ? weekday + 7 : weekday) { left -= 1 }
    }
    return date(day)
  }

  /// The same moment with the zone's clock read as if it were UTC's, for drawing.
  func local(_ instant: Instant) -> Instant {
    let offset = Int64(offsetSeconds(instant)).multipliedReportingOverflow(by: 1000)
    return instant.advanced(byMilliseconds: offset.partialValue)
  }

  private func wallClock(_ instant: Instant) -> String { local(instant).description }

  /// Milliseconds for people.
  func span(_ milliseconds: Int64?) -> String {
    SpanWords.text(milliseconds: milliseconds, notation)
  }

  /// `1,234.50 EUR`
  func money(_ money: Money) -> String {
    "\(money.formatted(notation)) \(money.currency.code)"
  }

  /// `3: 1,234.50`; a dash for none.
  func sum(_ sum: OutageReport.Sum, _ currency: Currency) -> String {
    sum.count == 0 ? "–" : "\(sum.count): \(sum.amount.words(currency) { $0.formatted(notation) })"
  }

  func entries(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
}

/// Text from outside on one line, with everything that could steer a reader's screen replaced.
func plainLine(_ text: String) -> String {
  var line = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
    case .format, .privateUse, .surrogate, .unassigned: line.append("\u{FFFD}")
    default: line.append(scalar)
    }
  }
  return String(line)
}

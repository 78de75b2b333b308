import BankCore

extension Wording {
  /// What the review's template asks for and no record of Daybook can say.
  static let notMeasured = "not measured by Daybook"

  /// The IANA name of the zone whose clock the times are of.
  var zoneName: String { bank?.timeZone ?? "UTC" }

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

  /// `3: 1,234.50`; a dash for none.
  func sum(_ sum: OutageReport.Sum, _ currency: Currency) -> String {
    sum.count == 0 ? "–" : "\(count(sum.count)): \(sum.amount.words(currency, amount))"
  }
}

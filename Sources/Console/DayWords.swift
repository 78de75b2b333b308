import BankCore

/// Days as people say them. Exports and commands keep the ISO form.
extension Wording {
  static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The bank's calendar day at that moment.
  func today(_ now: Instant) -> BusinessDay { day(of: now) }

  /// `14:02:11`, with the day in front where it is not today's: `Sun 29 Nov 14:02:11`.
  func moment(_ instant: Instant, now: Instant) -> String {
    dated(instant, now) { day(today(instant), now: $0) } + time(instant)
  }

  /// `14:02`, with the day in front where it is not today's: `29 Nov 14:02`.
  func shortMoment(_ instant: Instant, now: Instant) -> String {
    dated(instant, now) { shortDay(today(instant), now: $0) } + shortTime(instant)
  }

  private func dated(
    _ instant: Instant, _ now: Instant, day: (BusinessDay) -> String
  ) -> String {
    let today = today(now)
    return self.today(instant) == today ? "" : "\(day(today)) "
  }

  /// `Sun 29 Nov`; with the year, and without the weekday, where the year is another one: `29 Nov 2025`.
  ///
  /// - Parameter isInColumn: days below one another stand digit under digit.
  func day(_ day: BusinessDay, now: BusinessDay, isInColumn: Bool = false) -> String {
    let short = shortDay(day, now: now)
    let text = isInColumn && day.yearMonthDay.day < 10 ? " \(short)" : short
    return day.yearMonthDay.year == now.yearMonthDay.year ? "\(weekday(day)) \(text)" : text
  }

  /// `29 Nov`; with the year where it is another one: `29 Nov 2025`.
  func shortDay(_ day: BusinessDay, now: BusinessDay) -> String {
    "\(day.yearMonthDay.day) \(month(of: day, now: now))"
  }

  /// `Nov`; with the year where it is another one: `Nov 2025`.
  func month(of day: BusinessDay, now: BusinessDay) -> String {
    let (year, month, _) = day.yearMonthDay
    let name = Self.months[max(0, min(11, month - 1))]
    return year == now.yearMonthDay.year ? name : "\(name) \(year)"
  }

  private func weekday(_ day: BusinessDay) -> String {
    let place = Int(day.daysSince1970) % 7
    return Self.weekdays[place < 0 ? place + 7 : place]
  }
}

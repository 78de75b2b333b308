import BankCore

/// Days as people say them. Exports and commands keep the ISO form.
extension Wording {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The bank's calendar day at that moment.
  func today(_ now: Instant) -> BusinessDay {
    BusinessDay(date(now)) ?? BusinessDay(daysSince1970: 0)
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

  /// `14:02:11`; on another day than `now` with that day in front: `Sun 29 Nov 14:02:11`.
  func dayAndTime(_ instant: Instant, now: Instant) -> String {
    let (day, today) = (today(instant), today(now))
    return day == today ? time(instant) : "\(self.day(day, now: today)) \(time(instant))"
  }

  private func weekday(_ day: BusinessDay) -> String {
    let place = Int(day.daysSince1970) % 7
    return Self.weekdays[place < 0 ? place + 7 : place]
  }
}

import BankCore
import Testing

@testable import Console

@Suite struct DayWordsTests {
  private let words = Wording()

  @Test(
    arguments: [
      ("2026-11-29", "Sun 29 Nov", "29 Nov", "Nov"), ("2026-03-02", "Mon 2 Mar", "2 Mar", "Mar"),
      ("2025-11-29", "29 Nov 2025", "29 Nov 2025", "Nov 2025"),
      ("1969-12-31", "31 Dec 1969", "31 Dec 1969", "Dec 1969"),
    ]) func daysAreSaid(_ day: String, _ long: String, _ short: String, _ month: String)
  {
    let day = BusinessDay(day)!
    #expect(words.day(day, now: today) == long)
    #expect(words.shortDay(day, now: today) == short)
    #expect(words.month(of: day, now: today) == month)
  }

  @Test func belowOneAnotherDigitsStandUnderDigits() {
    let days = ["2026-11-09", "2026-11-10"].map {
      words.day(BusinessDay($0)!, now: today, isInColumn: true)
    }
    #expect(days == ["Mon  9 Nov", "Tue 10 Nov"])
  }

  @Test func everyWeekdayFollowsTheOneBefore() {
    let first = BusinessDay("2026-01-01")!
    let names = (0..<14).map { words.day(first.advanced(byDays: $0), now: today).prefix(3) }
    #expect(names.prefix(7) == ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"])
    #expect(names.prefix(7) == names.suffix(7))
  }

  @Test(
    arguments: [
      ("2026-11-23T12:02:11Z", "12:02:11", "12:02"),
      ("2026-11-22T23:59:59Z", "Sun 22 Nov 23:59:59", "22 Nov 23:59"),
      ("2025-11-23T12:02:11Z", "23 Nov 2025 12:02:11", "23 Nov 2025 12:02"),
    ]) func momentsHaveTheirDayWhereItIsNotToday(_ moment: String, _ long: String, _ short: String)
  {
    let moment = Instant(moment)!
    #expect(words.moment(moment, now: noon) == long)
    #expect(words.shortMoment(moment, now: noon) == short)
  }
}

import BankCore
import Testing

@Suite("Instants and business days")
struct InstantTests {
  @Test(
    "An instant is written and read in RFC 3339",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (1_795_422_779_123, "2026-11-23T08:32:59.123Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
  func roundTrip(milliseconds: Int64, text: String) {
    let instant = Instant(millisecondsSince1970: milliseconds)
    #expect(instant.description == text)
    #expect(Instant(text) == instant)
  }

  @Test("Milliseconds may be missing")
  func seconds() {
    #expect(Instant("1970-01-01T00:00:01Z")?.millisecondsSince1970 == 1_000)
  }

  @Test(
    "What is no instant",
    arguments: [
      "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-13-01T00:00:00Z",
      "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
      "1970-01-01T00:00:60Z", "1970-01-01T00:00:00+01:00", "1970-01-01T00:00:00.1Z",
      "1970-01-01T00:00:00.12aZ", "1970-01-01T00:00:00,000Z", "é970-01-01T00:00:00Z",
      "0000-01-01T00:00:00Z",
    ])
  func malformed(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test("Sums and differences saturate at the ends of time, and even those are printed")
  func saturation() {
    let last = Instant(millisecondsSince1970: .max)
    let first = Instant(millisecondsSince1970: .min)
    #expect(last.advanced(byMilliseconds: 1) == last)
    #expect(first.advanced(byMilliseconds: -1) == first)
    #expect(last.milliseconds(since: first) == .max)
    #expect(first.milliseconds(since: last) == .min)
    #expect(last.milliseconds(since: last) == 0)
    #expect(!last.description.isEmpty)
    #expect(!first.description.isEmpty)
  }

  @Test("Every day of four centuries is read as it was written")
  func everyDay() throws {
    var day = try #require(BusinessDay("1900-01-01"))
    var before = day.yearMonthDay
    for _ in 0..<146_097 {
      day = day.advanced(byDays: 1)
      let now = day.yearMonthDay
      #expect(BusinessDay(year: now.year, month: now.month, day: now.day) == day)
      let isNext =
        now.day == before.day + 1 && now.month == before.month
        || now.day == 1 && (now.month == before.month + 1 || now.month == 1 && before.month == 12)
      #expect(isNext)
      before = now
    }
    #expect(day.description == "2300-01-01")
  }

  @Test(
    "What is no day",
    arguments: [
      "", "2026", "2026-1-1", "2026-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-11-00",
      "0000-01-01", "2026/11/23", "2026-11-23 ", "20261-1-23", "-026-11-23",
    ])
  func impossibleDays(text: String) {
    #expect(BusinessDay(text) == nil)
  }

  @Test("Leap days are days")
  func leapDays() {
    #expect(BusinessDay("2024-02-29")?.description == "2024-02-29")
    #expect(BusinessDay("2000-02-29")?.daysSince1970 == 11_016)
  }
}

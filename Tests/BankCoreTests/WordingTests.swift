import BankCore
import BankTesting
import Testing

@Suite("How things are written for people")
struct WordingTests {
  private let make = Fixtures()

  @Test("times are of the bank's clock, with the date where it is another day")
  func times() throws {
    let bank = BankIdentity(
      id: make.bank.id, name: "x", environment: "test", currency: make.euro,
      timeZone: "Europe/Prague", epoch: 1, schema: 1)
    let here = Wording(bank: bank) { $1 == "Europe/Prague" ? 3_600 : 0 }
    let late = try #require(Instant("2026-11-23T23:02:11.999Z"))
    #expect(here.time(late) == "00:02:11" && here.shortTime(late) == "00:02")
    #expect(here.date(late) == "2026-11-24" && here.moment(late) == "2026-11-24 00:02:11")
    #expect(Wording(bank: nil).moment(late) == "2026-11-23 23:02:11")
    #expect(here.moment(nil) == "not known")
  }

  @Test("a count has its separators and the noun that it takes")
  func counts() {
    let words = Wording()
    #expect(words.entries(0) == "0 entries" && words.entries(1) == "1 entry")
    #expect(words.entries(4_500) == "4,500 entries" && words.count(-1_234_567) == "-1,234,567")
    #expect(words.count(1_000, "exception waits", "exceptions wait") == "1,000 exceptions wait")
    #expect(words.count(CappedCount(count: 1_000, isCapped: true)) == "1,000+")
  }

  @Test("a span has two units at most, an age one")
  func spans() {
    let words = Wording()
    let spans: [(Int64?, String)] = [
      (nil, "not known"), (0, "0.0 s"), (9_999, "9.9 s"), (40_000, "40 s"), (725_000, "12 min 5 s"),
      (720_000, "12 min"), (12_000_000, "3 h 20 min"), (187_200_000, "2 d 4 h"),
    ]
    for (milliseconds, text) in spans { #expect(words.span(milliseconds) == text) }
    #expect(Wording(.comma).span(400) == "0,4 s")
    let ages: [(Int64, String)] = [
      (119, "119 s"), (120, "2 min"), (5_400, "90 min"), (93_600, "26 h"), (259_200, "3 days"),
    ]
    for (seconds, text) in ages { #expect(Wording.age(seconds: seconds) == text) }
  }
}

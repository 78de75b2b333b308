/// How amounts, counts, times and spans are written for people: on screens, by commands and in
/// reports. The times are of the bank's clock.
public struct Wording: Sendable {
  /// What is said of what no record tells.
  public static let notKnown = "not known"

  public let notation: AmountNotation
  /// Nil while the bank is not known.
  public let bank: BankIdentity?
  private let offset: @Sendable (Instant, _ timeZone: String?) -> Int

  /// - Parameters:
  ///   - bank: nil while it is not known.
  ///   - offset: how many seconds the clock of that IANA time zone is ahead of UTC at that moment. It
  ///     is asked for the bank's zone, and for nil while the bank is not known.
  public init(
    _ notation: AmountNotation = .point, bank: BankIdentity? = nil,
    offset: @escaping @Sendable (Instant, _ timeZone: String?) -> Int = { _, _ in 0 }
  ) {
    self.notation = notation
    self.bank = bank
    self.offset = offset
  }

  // MARK: Times

  /// `14:02:11`
  public func time(_ instant: Instant) -> String { local(instant).time }

  /// `14:02`
  public func shortTime(_ instant: Instant) -> String { local(instant).shortTime }

  /// `2026-11-23`
  public func date(_ instant: Instant) -> String { day(of: instant).description }

  /// The bank's calendar day at that moment.
  public func day(of instant: Instant) -> BusinessDay { local(instant).day }

  /// `2026-11-23 14:02:11`
  public func moment(_ instant: Instant) -> String { "\(date(instant)) \(time(instant))" }

  /// `2026-11-23 14:02:11`; `not known` for none.
  public func moment(_ instant: Instant?) -> String {
    guard let instant else { return Self.notKnown }
    return moment(instant)
  }

  /// The same moment with the zone's clock read as if it were UTC's: for drawing and counting days.
  public func local(_ instant: Instant) -> Instant {
    let milliseconds = Int64(offset(instant, bank?.timeZone)).multipliedReportingOverflow(by: 1000)
    return instant.advanced(byMilliseconds: milliseconds.partialValue)
  }

  // MARK: Amounts and counts

  /// `1,234.50`
  public func amount(_ money: Money) -> String { money.formatted(notation) }

  /// `1,234.50 CZK`
  public func money(_ money: Money) -> String { "\(amount(money)) \(money.currency.code)" }

  /// `4,500`
  public func count(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(notation.groupingSeparator) }
      text.append(digit)
    }
    return count < 0 ? "-\(text)" : text
  }

  /// `4,500`, or `1,000+` where counting stopped.
  public func count(_ capped: CappedCount) -> String {
    count(capped.count) + (capped.isCapped ? "+" : "")
  }

  /// `1 currency`, `4,500 currencies`: the number with the noun that it takes.
  public func count(_ number: Int, _ singular: String, _ plural: String) -> String {
    "\(count(number)) \(number == 1 ? singular : plural)"
  }

  /// `1 entry`, `4,500 entries`
  public func entries(_ number: Int) -> String { count(number, "entry", "entries") }

  // MARK: Spans

  /// How long something took, in milliseconds: `0.4 s`, `40 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`;
  /// `not known` for none.
  public func span(_ milliseconds: Int64?) -> String {
    guard let milliseconds else { return Self.notKnown }
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<10: return "\(seconds)\(notation.decimalSeparator)\(milliseconds % 1000 / 100) s"
    case ..<60: return "\(seconds) s"
    case ..<3_600: return Self.pair(seconds / 60, "min", seconds % 60, "s")
    case ..<86_400: return Self.pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
    default: return Self.pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
    }
  }

  private static func pair(
    _ great: Int64, _ greatUnit: String, _ small: Int64, _ unit: String
  ) -> String {
    small == 0 ? "\(great) \(greatUnit)" : "\(great) \(greatUnit) \(small) \(unit)"
  }

  /// How old something is, in one unit: `40 s`, `90 min`, `26 h`, `3 days`. It is no span: nobody
  /// needs the age of a copy to the minute.
  public static func age(seconds: Int64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}

/// A moment in UTC, in milliseconds since 1970. The clock that reads it lives elsewhere.
public struct Instant: Hashable, Sendable, Comparable {
  public let millisecondsSince1970: Int64

  public init(millisecondsSince1970: Int64) {
    self.millisecondsSince1970 = millisecondsSince1970
  }

  public static func < (a: Instant, b: Instant) -> Bool {
    a.millisecondsSince1970 < b.millisecondsSince1970
  }

  /// Saturates at the ends of time rather than trap.
  public func advanced(byMilliseconds milliseconds: Int64) -> Instant {
    let (sum, overflow) = millisecondsSince1970.addingReportingOverflow(milliseconds)
    guard overflow else { return Instant(millisecondsSince1970: sum) }
    return Instant(millisecondsSince1970: milliseconds < 0 ? .min : .max)
  }

  public func milliseconds(since earlier: Instant) -> Int64 {
    let (difference, overflow) = millisecondsSince1970.subtractingReportingOverflow(
      earlier.millisecondsSince1970)
    guard overflow else { return difference }
    return self < earlier ? .min : .max
  }
}

extension Instant: CustomStringConvertible {
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// RFC 3339 in UTC with milliseconds: `2026-11-23T04:32:59.123Z`.
  public var description: String {
    "\(day)T\(shortTime):\(padded(second, 2)).\(padded(rest % 1000, 3))Z"
  }

  /// The day in UTC.
  public var day: BusinessDay {
    BusinessDay(
      daysSince1970: Int32(
        clamping: millisecondsSince1970.flooredQuotient(Self.millisecondsPerDay)))
  }

  /// `04:32:59`, in UTC.
  public var time: String { "\(shortTime):\(padded(second, 2))" }

  /// `04:32`, in UTC.
  public var shortTime: String {
    "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2))"
  }

  private var second: Int64 { rest / 1000 % 60 }

  /// Milliseconds since the day began.
  private var rest: Int64 {
    let remainder = millisecondsSince1970 % Self.millisecondsPerDay
    return remainder < 0 ? remainder + Self.millisecondsPerDay : remainder
  }

  /// Reads what `description` writes; the milliseconds may be missing. Nil for anything else.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 24, bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes.last == UInt8(ascii: "Z"), bytes.count == 20 || bytes[19] == UInt8(ascii: "."),
      let day = BusinessDay(text.prefix(10)),
      let hours = decimal(bytes[11..<13]), hours < 24,
      let minutes = decimal(bytes[14..<16]), minutes < 60,
      let seconds = decimal(bytes[17..<19]), seconds < 60,
      let milliseconds = bytes.count == 24 ? decimal(bytes[20..<23]) : 0
    else { return nil }
    let inDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    self.init(
      millisecondsSince1970: Int64(day.daysSince1970) * Self.millisecondsPerDay + inDay)
  }
}

/// As its description.
extension Instant: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let instant = Instant(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a moment")
    }
    self = instant
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A day of the bank's calendar, in the bank's time zone.
public struct BusinessDay: Hashable, Sendable, Comparable {
  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  public let daysSince1970: Int32

  public init(daysSince1970: Int32) { self.daysSince1970 = daysSince1970 }

  /// Reads `2026-11-23`; nil for anything else, impossible days included.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]),
      let day = decimal(bytes[8..<10])
    else { return nil }
    self.init(year: Int(year), month: Int(month), day: Int(day))
  }

  /// Nil for impossible dates and for years outside 1 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    let candidate = BusinessDay(daysSince1970: Self.days(year, month, day))
    guard candidate.yearMonthDay == (year, month, day) else { return nil }
    self = candidate
  }

  public func advanced(byDays days: Int32) -> BusinessDay {
    BusinessDay(daysSince1970: daysSince1970 &+ days)
  }

  /// 1 is Monday, 7 is Sunday. 1970-01-01 was a Thursday.
  public var weekday: Int { Int(((daysSince1970 % 7) + 10) % 7) + 1 }

  public static func < (a: BusinessDay, b: BusinessDay) -> Bool {
    a.daysSince1970 < b.daysSince1970
  }

  /// Days from the civil calendar by counting years from March (Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms").
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(clamping: era * 146_097 + dayOfEra - 719_468)
  }

  public var yearMonthDay: (year: Int, month: Int, day: Int) {
    let shifted = Int(daysSince1970) + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension BusinessDay: CustomStringConvertible {
  public var description: String {
    let (year, month, day) = yearMonthDay
    return "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
  }
}

extension FixedWidthInteger {
  func flooredQuotient(_ divisor: Self) -> Self {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

private func padded(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func decimal(_ bytes: ArraySlice<UInt8>) -> Int64? {
  var value: Int64 = 0
  for byte in bytes {
    guard byte >= 48, byte <= 57 else { return nil }
    value = value * 10 + Int64(byte - 48)
  }
  return value
}

import BankCore

/// How a file writes dates: `YYYY` or `YY`, `MM` or `M`, `DD` or `D`, and whatever stands between
/// them. `M` and `D` take one digit or two.
struct DateFormat: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case year(digits: Int)
    case month(padded: Bool)
    case day(padded: Bool)
    case literal(Unicode.Scalar)

    /// Whether only what stands behind it tells how many digits it has.
    var takesOneOrTwo: Bool { self == .month(padded: false) || self == .day(padded: false) }

    var isDigits: Bool {
      if case .literal(let scalar) = self { ("0"..."9").contains(scalar) } else { true }
    }
  }

  let pattern: String
  private let parts: [Part]
  /// Two-digit years lie in the hundred years that begin here.
  private let firstYear: Int?
  /// What may have been added to the month: 50 in Czech birth numbers of women.
  private let monthMayCarry: Int

  /// Reads `date_format`, `first_year` and `month_may_carry`.
  init(_ node: RulesNode, _ values: [String: RulesNode]) throws(RulesFault) {
    pattern = try node.text()
    parts = Self.parse(pattern)
    let hasAll =
      parts.count { if case .year = $0 { true } else { false } } == 1
      && parts.count { if case .month = $0 { true } else { false } } == 1
      && parts.count { if case .day = $0 { true } else { false } } == 1
    guard hasAll else {
      throw node.fault(
        "\(quoted(pattern)) is no date format: write a year, a month and a day, such as"
          + " YYYY-MM-DD, DD.MM.YYYY or YYMMDD.")
    }
    for (part, next) in zip(parts, parts.dropFirst()) where part.takesOneOrTwo && next.isDigits {
      throw node.fault(
        "\(quoted(pattern)) can be read in two ways: M and D take one digit or two, so something that"
          + " is no digit must stand behind them.")
    }
    firstYear = try values["first_year"]?.number(in: 1...9900)
    monthMayCarry = try values["month_may_carry"]?.number(in: 0...80) ?? 0
    guard !parts.contains(.year(digits: 2)) || firstYear != nil else {
      throw node.fault(
        "A year of two digits needs \"first_year\": with 1950, 93 is 1993 and 07 is 2007.")
    }
  }

  private static func parse(_ pattern: String) -> [Part] {
    var parts: [Part] = []
    var rest = pattern.unicodeScalars[...]
    let tokens: [(String, Part)] = [
      ("YYYY", .year(digits: 4)), ("YY", .year(digits: 2)), ("MM", .month(padded: true)),
      ("M", .month(padded: false)), ("DD", .day(padded: true)), ("D", .day(padded: false)),
    ]
    while let scalar = rest.first {
      if let (token, part) = tokens.first(where: { rest.starts(with: $0.0.unicodeScalars) }) {
        parts.append(part)
        rest = rest.dropFirst(token.unicodeScalars.count)
      } else {
        parts.append(.literal(scalar))
        rest = rest.dropFirst()
      }
    }
    return parts
  }

  /// Nil where the text is no date, or none that exists.
  func day(_ text: String) -> BusinessDay? {
    // Scalars, so that nothing that is put upon a digit goes by unseen.
    var rest = text.unicodeScalars[...]
    var (year, month, day) = (0, 0, 0)
    for part in parts {
      switch part {
      case .literal(let scalar):
        guard rest.popFirst() == scalar else { return nil }
      case .year(let digits):
        guard let number = Self.number(&rest, digits...digits) else { return nil }
        year = digits == 2 ? fullYear(number) : number
      case .month(let padded):
        guard let number = Self.number(&rest, (padded ? 2 : 1)...2) else { return nil }
        month = monthMayCarry > 0 && number > monthMayCarry ? number - monthMayCarry : number
      case .day(let padded):
        guard let number = Self.number(&rest, (padded ? 2 : 1)...2) else { return nil }
        day = number
      }
    }
    return rest.isEmpty ? BusinessDay(year: year, month: month, day: day) : nil
  }

  private func fullYear(_ twoDigits: Int) -> Int {
    guard let firstYear else { return twoDigits }
    let candidate = firstYear - firstYear % 100 + twoDigits
    return candidate < firstYear ? candidate + 100 : candidate
  }

  private static func number(
    _ rest: inout Substring.UnicodeScalarView, _ digits: ClosedRange<Int>
  ) -> Int? {
    var value = 0
    var count = 0
    while count < digits.upperBound, let digit = rest.first, ("0"..."9").contains(digit) {
      value = value * 10 + Int(digit.value - Unicode.Scalar("0").value)
      count += 1
      rest = rest.dropFirst()
    }
    return count >= digits.lowerBound ? value : nil
  }
}

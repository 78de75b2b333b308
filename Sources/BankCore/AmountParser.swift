extension Money {
  /// Reads an amount that a person or a script wrote: digits, at most one decimal separator,
  /// greater than zero. The one parser of amounts in Daybook.
  ///
  /// - Parameter notation: whose decimal separator is meant; the command line always uses `.point`.
  /// - Throws: `AmountError`, which names what is wrong in words a teller understands.
  public init(
    parsing text: String, _ currency: Currency, notation: AmountNotation = .point
  ) throws(AmountError) {
    let units = try Self.minorUnits(text, currency, notation)
    guard units > 0 else { throw .zero }
    self.init(minorUnits: units, currency)
  }

  /// The same reading for amounts that may be zero or carry a leading minus: balances and limits
  /// in files, never what a teller enters.
  public init(
    parsingSigned text: String, _ currency: Currency, notation: AmountNotation = .point
  ) throws(AmountError) {
    let negative = text.hasPrefix("-")
    let units = try Self.minorUnits(negative ? String(text.dropFirst()) : text, currency, notation)
    self.init(minorUnits: negative ? -units : units, currency)
  }

  private static func minorUnits(
    _ text: String, _ currency: Currency, _ notation: AmountNotation
  ) throws(AmountError) -> Int64 {
    guard !text.isEmpty else { throw .empty }
    var units: Int64 = 0
    var decimals: Int?
    var digits = 0
    for character in text {
      if let digit = character.asciiDigit {
        if let seen = decimals {
          guard seen < currency.decimals else { throw .tooManyDecimals(currency) }
          decimals = seen + 1
        }
        units = try appending(digit, to: units)
        digits += 1
      } else if character == notation.decimalSeparator {
        guard decimals == nil else { throw .notAnAmount }
        guard currency.decimals > 0 else { throw .tooManyDecimals(currency) }
        decimals = 0
      } else {
        throw AmountError(unexpected: character, notation)
      }
    }
    // "12." and ".50" are slips of the finger as often as they are amounts.
    guard digits > (decimals ?? 0), decimals != 0 else { throw .notAnAmount }
    for _ in (decimals ?? 0)..<currency.decimals { units = try appending(0, to: units) }
    return units
  }

  private static func appending(_ digit: Int64, to units: Int64) throws(AmountError) -> Int64 {
    let (tens, overflowed) = units.multipliedReportingOverflow(by: 10)
    let (sum, carried) = tens.addingReportingOverflow(digit)
    guard !overflowed, !carried else { throw .tooLarge }
    return sum
  }
}

/// Why a text is not an amount.
public enum AmountError: Error, Hashable, Sendable {
  case empty
  case notAnAmount
  case sign
  case grouping
  case otherSeparator(AmountNotation)
  case tooManyDecimals(Currency)
  case zero
  case tooLarge

  fileprivate init(unexpected character: Character, _ notation: AmountNotation) {
    switch character {
    case "+", "-": self = .sign
    case " ", "'", "_", "\u{A0}", "\u{202F}": self = .grouping
    case notation.groupingSeparator: self = .otherSeparator(notation)
    default: self = .notAnAmount
    }
  }

  /// One sentence: what is wrong and what to write instead.
  public var text: String {
    switch self {
    case .empty: "No amount: write one, such as 12.50."
    case .notAnAmount: "Not an amount: write digits and one decimal separator, such as 12.50."
    case .sign: "An amount has no sign: the kind of entry says which way it goes."
    case .grouping: "Write the amount without grouping, such as 1200.50."
    case .otherSeparator(let notation):
      "'\(notation.groupingSeparator)' is not the decimal separator here: write 12"
        + "\(notation.decimalSeparator)50, without grouping."
    case .tooManyDecimals(let currency):
      currency.decimals == 0
        ? "\(currency.code) has no decimals."
        : "\(currency.code) has \(currency.decimals) decimals."
    case .zero: "An amount is greater than zero."
    case .tooLarge: "This amount is too large to be booked."
    }
  }
}

extension Character {
  var asciiDigit: Int64? {
    guard let value = asciiValue, value >= 48, value <= 57 else { return nil }
    return Int64(value) - 48
  }
}

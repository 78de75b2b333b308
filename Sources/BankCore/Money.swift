/// An amount in the minor units of one currency. Arithmetic is checked: overflow and mixed
/// currencies are errors, never traps and never wrong sums.
public struct Money: Hashable, Sendable {
  /// Signed count of minor units (cents for `EUR`).
  public let minorUnits: Int64
  public let currency: Currency

  public init(minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

  public var isNegative: Bool { minorUnits < 0 }

  /// - Throws: `MoneyError.mixedCurrencies` or `.overflow`.
  public func adding(_ other: Money) throws(MoneyError) -> Money {
    try combining(other, minorUnits.addingReportingOverflow(other.minorUnits))
  }

  /// - Throws: `MoneyError.mixedCurrencies` or `.overflow`.
  public func subtracting(_ other: Money) throws(MoneyError) -> Money {
    try combining(other, minorUnits.subtractingReportingOverflow(other.minorUnits))
  }

  /// - Throws: `MoneyError.overflow` for the one value that has no opposite.
  public func negated() throws(MoneyError) -> Money {
    try Money.zero(currency).subtracting(self)
  }

  private func combining(
    _ other: Money, _ result: (partialValue: Int64, overflow: Bool)
  ) throws(MoneyError) -> Money {
    guard currency == other.currency else {
      throw .mixedCurrencies(currency, other.currency)
    }
    guard !result.overflow else { throw .overflow }
    return Money(minorUnits: result.partialValue, currency)
  }
}

/// Why two amounts cannot be reckoned with.
public enum MoneyError: Error, Hashable, Sendable {
  case overflow
  case mixedCurrencies(Currency, Currency)
}

extension Money: CustomStringConvertible {
  /// `1234.50`: no grouping, always `.`; the shape of the command line's contract.
  public var decimalString: String { rendered(decimalSeparator: ".", grouping: nil) }

  /// `1,234.50`: for people, in the configured notation.
  public func formatted(_ notation: AmountNotation = .point) -> String {
    rendered(decimalSeparator: notation.decimalSeparator, grouping: notation.groupingSeparator)
  }

  public var description: String { "\(formatted()) \(currency.code)" }

  private func rendered(decimalSeparator: Character, grouping: Character?) -> String {
    let digits = Array(String(minorUnits.magnitude))
    let padding = max(0, currency.decimals + 1 - digits.count)
    let padded = Array(repeating: Character("0"), count: padding) + digits
    let wholeCount = padded.count - currency.decimals
    var text = minorUnits < 0 ? "-" : ""
    for (index, digit) in padded.enumerated() {
      if index == wholeCount {
        text.append(decimalSeparator)
      } else if let grouping, index > 0, index < wholeCount, (wholeCount - index) % 3 == 0 {
        text.append(grouping)
      }
      text.append(digit)
    }
    return text
  }
}

/// Which of the two decimal separators people write and read. The other one is then an error in
/// input, never guessed.
public enum AmountNotation: String, Hashable, Sendable, CaseIterable {
  /// `1,234.50`
  case point
  /// `1.234,50`
  case comma

  public var decimalSeparator: Character { self == .point ? "." : "," }
  public var groupingSeparator: Character { self == .point ? "," : "." }
}

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
  public var decimalString: String { rendered(decimalSeparator: UInt8(ascii: "."), grouping: nil) }

  /// `1,234.50`: for people, in the configured notation.
  public func formatted(_ notation: AmountNotation = .point) -> String {
    notation == .point
      ? rendered(decimalSeparator: UInt8(ascii: "."), grouping: UInt8(ascii: ","))
      : rendered(decimalSeparator: UInt8(ascii: ","), grouping: UInt8(ascii: "."))
  }

  public var description: String { "\(formatted()) \(currency.code)" }

  /// A sign, 20 digits, the separators between them, and zeros before them for some currency.
  private static let mostBytes = 64

  private func rendered(decimalSeparator: UInt8, grouping: UInt8?) -> String {
    // From the last digit on, byte by byte: lists show hundreds of amounts, and each key draws them again.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.mostBytes) { bytes in
      var first = bytes.endIndex
      func put(_ byte: UInt8) {
        first -= 1
        bytes[first] = byte
      }
      var rest = minorUnits.magnitude
      var place = -currency.decimals
      repeat {
        if place == 0, currency.decimals > 0 {
          put(decimalSeparator)
        } else if let grouping, place > 0, place % 3 == 0 {
          put(grouping)
        }
        put(UInt8(ascii: "0") + UInt8(rest % 10))
        (rest, place) = (rest / 10, place + 1)
      } while rest > 0 || place <= 0
      if minorUnits < 0 { put(UInt8(ascii: "-")) }
      return String(decoding: bytes[first...], as: UTF8.self)
    }
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

/// A sum of amounts of one currency: exact, or called impossible, never saturated.
public struct CheckedSum: Hashable, Sendable {
  /// Nil once the amounts could not be added any more. It stays so: what was lost is not known.
  public private(set) var minorUnits: Int64?

  /// - Parameter minorUnits: nil for a sum that could not be added.
  public init(_ minorUnits: Int64? = 0) { self.minorUnits = minorUnits }

  public mutating func add(_ amount: Int64) {
    guard let sum = minorUnits?.addingReportingOverflow(amount) else { return }
    minorUnits = sum.overflow ? nil : sum.partialValue
  }

  public mutating func subtract(_ amount: Int64) {
    guard let sum = minorUnits?.subtractingReportingOverflow(amount) else { return }
    minorUnits = sum.overflow ? nil : sum.partialValue
  }

  /// Of all the parts; nil where one of them, or the sum itself, is impossible.
  public static func total(of parts: [CheckedSum]) -> CheckedSum {
    parts.reduce(into: CheckedSum()) { total, part in
      guard let amount = part.minorUnits else { return total = CheckedSum(nil) }
      total.add(amount)
    }
  }

  /// Nil where the amounts cannot be added.
  public func money(_ currency: Currency) -> Money? {
    minorUnits.map { Money(minorUnits: $0, currency) }
  }

  /// The sum as `write` writes money, or that it cannot be added.
  public func words(_ currency: Currency, _ write: (Money) -> String) -> String {
    money(currency).map(write) ?? "cannot be added"
  }
}

extension CheckedSum: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self.init(value) }
}

extension Money {
  /// The largest amount of one entry, in minor units: 9,999,999,999,999.99 of a currency with two
  /// decimals. Nine thousand such entries can still be added exactly.
  public static let largestEntryMinorUnits: Int64 = 999_999_999_999_999
}

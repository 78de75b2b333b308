import BankCore

/// How many entries, and the sum of their amounts in minor units.
public struct Tally: Hashable, Sendable {
  public private(set) var count: Int64
  public private(set) var sum: CheckedSum

  public init(count: Int64 = 0, sum: CheckedSum = 0) {
    self.count = count
    self.sum = sum
  }

  mutating func add(_ amount: Money) {
    count = count.addingClamped(1)
    sum.add(amount.minorUnits)
  }

  mutating func remove(_ amount: Money) {
    count = count.addingClamped(-1)
    sum.subtract(amount.minorUnits)
  }
}

/// The control totals of one currency: captured = posted + suspense + refused + voided + waiting.
public struct LedgerTotals: Hashable, Sendable {
  public internal(set) var captured = Tally()
  public internal(set) var posted = Tally()
  public internal(set) var suspense = Tally()
  public internal(set) var refused = Tally()
  public internal(set) var voided = Tally()
  public internal(set) var waiting = Tally()

  public init() {}

  /// The amounts alone, as they stand on screen until they agree.
  public func control(_ currency: Currency) -> ControlTotals {
    var control = ControlTotals(currency)
    control.captured = captured.sum
    control.posted = posted.sum
    control.suspense = suspense.sum
    control.refused = refused.sum
    control.voided = voided.sum
    control.waiting = waiting.sum
    return control
  }

  /// Whether every entry that was captured is accounted for, by count and by amount.
  public var agree: Bool {
    let parts = [posted, suspense, refused, voided, waiting]
    return captured.count == parts.reduce(0) { $0.addingClamped($1.count) }
      && captured.sum.minorUnits != nil
      && captured.sum == CheckedSum.total(of: parts.map(\.sum))
  }

  mutating func add(_ amount: Money, decidedAs outcome: Outcome) {
    switch outcome {
    case .posted: posted.add(amount)
    case .suspense: suspense.add(amount)
    case .refused: refused.add(amount)
    }
  }

  mutating func remove(_ amount: Money, decidedAs outcome: Outcome) {
    switch outcome {
    case .posted: posted.remove(amount)
    case .suspense: suspense.remove(amount)
    case .refused: refused.remove(amount)
    }
  }
}

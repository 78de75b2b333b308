/// What must always agree: captured = posted + suspense + refused + voided + waiting. A settlement
/// moves an amount from suspense to posted; it is no capture.
public struct ControlTotals: Hashable, Sendable {
  public let currency: Currency
  public var captured: CheckedSum = 0
  public var posted: CheckedSum = 0
  public var suspense: CheckedSum = 0
  public var refused: CheckedSum = 0
  public var voided: CheckedSum = 0
  public var waiting: CheckedSum = 0
  /// The part of what waits whose outcome nobody knows.
  public var unknown: CheckedSum = 0
  /// The part of what waits that the bank knows with other content.
  public var blocked: CheckedSum = 0

  public init(_ currency: Currency) { self.currency = currency }

  /// False also where a sum is impossible.
  public var agrees: Bool {
    isExact
      && captured == CheckedSum.total(of: [posted, suspense, refused, voided, waiting])
  }

  /// Whether all of it could be added.
  public var isExact: Bool {
    [captured, posted, suspense, refused, voided, waiting].allSatisfy { $0.minorUnits != nil }
  }
}

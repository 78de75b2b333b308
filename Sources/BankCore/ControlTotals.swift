/// What must always agree: captured = posted + suspense + refused + voided + waiting.
public struct ControlTotals: Hashable, Sendable {
  public let currency: Currency
  public var captured: Int64 = 0
  public var posted: Int64 = 0
  public var suspense: Int64 = 0
  public var refused: Int64 = 0
  public var voided: Int64 = 0
  public var waiting: Int64 = 0

  public init(_ currency: Currency) { self.currency = currency }

  public var agrees: Bool {
    captured
      == posted.addingClamped(suspense).addingClamped(refused).addingClamped(voided)
      .addingClamped(waiting)
  }
}

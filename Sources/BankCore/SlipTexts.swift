/// The texts that a bank has put in the place of a slip's own, for its customers' language or its form.
public struct SlipTexts: Hashable, Sendable {
  /// What can be replaced.
  public enum Name: String, CaseIterable, Sendable {
    /// A line above all others; there is none by itself.
    case heading
    /// The first line of an entry that is booked.
    case posted
    /// The same while it has to be booked yet.
    case recorded
    /// The same while it may still be refused.
    case taken
    case received
    case paidOut = "paid_out"
    case valueDate = "value_date"
    case bookingDate = "booking_date"
    case balance
    /// A line below all others; there is none by itself.
    case closing
  }

  private let texts: [Name: String]

  /// - Parameter texts: by the names of ``Name``; a name that is none has no effect.
  public init(_ texts: [(name: String, text: String)] = []) {
    self.texts = Dictionary(
      texts.compactMap { pair in Name(rawValue: pair.name).map { ($0, pair.text) } },
      uniquingKeysWith: { _, last in last })
  }

  /// What the bank has put there; nil where it has left the slip's own.
  public subscript(name: Name) -> String? { texts[name] }
}

extension Receipt {
  /// The headline as a slip says it.
  public func headline(_ texts: SlipTexts) -> String {
    let own: String? =
      switch state {
      case .posted: texts[.posted]
      case .recorded: texts[.recorded]
      case .taken: texts[.taken]
      case .refused, .unknown, .voided, .suspense, .settled, .blocked: nil
      }
    return own ?? headline
  }

  /// What was done at the counter as a slip says it; nil where no cash has moved.
  public func deed(_ texts: SlipTexts) -> String? {
    deed.map { (entry.kind == .deposit ? texts[.received] : texts[.paidOut]) ?? $0 }
  }
}

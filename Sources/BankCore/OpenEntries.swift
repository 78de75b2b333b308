/// How many entries of a till the bank has not decided yet, told apart: somebody may rely on what
/// waits, and on nothing that is unknown or blocked. One rule for every place that counts them.
public struct OpenEntries: Hashable, Sendable {
  /// Recorded or taken.
  public var waiting = 0
  /// Whoever asked was told that nobody knows.
  public var unknown = 0
  /// A person has to end them.
  public var blocked = 0
  /// Written, and nobody was told.
  public var untold = 0

  public init(waiting: Int = 0, unknown: Int = 0, blocked: Int = 0) {
    self.waiting = waiting
    self.unknown = unknown
    self.blocked = blocked
  }

  /// Counts those of the states that are open; decided ones are passed over.
  public init(_ states: some Sequence<LedgerEntryView.State>) {
    for state in states { add(state) }
  }

  public mutating func add(_ state: LedgerEntryView.State) {
    switch state {
    case .waiting: waiting += 1
    case .unknown: unknown += 1
    case .blocked: blocked += 1
    case .untold: untold += 1
    case .posted, .suspense, .settled, .refused, .voided: break
    }
  }

  public var count: Int { waiting + unknown + blocked + untold }

  /// `3 waiting, 1 UNKNOWN`; empty where none is open.
  ///
  /// - Parameter count: how a count is written where this is read.
  public func text(_ count: (Int) -> String = { String($0) }) -> String {
    [
      (waiting, "waiting"), (unknown, "UNKNOWN"), (blocked, "BLOCKED"), (untold, "not told"),
    ].filter { $0.0 > 0 }.map { "\(count($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  public static func + (a: OpenEntries, b: OpenEntries) -> OpenEntries {
    var sum = OpenEntries(
      waiting: a.waiting + b.waiting, unknown: a.unknown + b.unknown,
      blocked: a.blocked + b.blocked)
    sum.untold = a.untold + b.untold
    return sum
  }
}

extension ServiceStatus {
  /// What is open at this till: `waiting` counts all of it.
  public var open: OpenEntries {
    OpenEntries(waiting: waiting - unknown - blocked, unknown: unknown, blocked: blocked)
  }
}

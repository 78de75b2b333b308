import BankCore

/// What is asked beside a greeting, so that its bank is believed.
struct GreetingCare: Sendable {
  var isFresh: Bool
  var isStarting: Bool
  /// Nil before this terminal has met any bank.
  var expectedBank: Identifier?
  /// It wants to know whether an entry could be taken.
  var asksForName: Bool

  /// Whether the bank is asked for the row that it had acknowledged last. Between two probes of one
  /// session the counter tells enough.
  var asksForLast: Bool { isFresh || isStarting }

  /// Whether the terminal's name must be free. In another bank the name may well belong to somebody else:
  /// that it is another one is said.
  func needsFreeName(_ greeting: Greeting) -> Bool {
    let isRight = expectedBank.map { $0 == greeting.bank.id } ?? true
    return greeting.terminal == nil && isRight && asksForName
  }
}

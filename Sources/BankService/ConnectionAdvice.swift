import BankCore

/// What a console's desk consults about its connection: the doctor, and the history of the
/// configuration. Everything goes over connections of its own; the desk's one is left alone.
public protocol ConnectionAdvice: Sendable {
  /// Begins an examination (nil), or waits until the one under way has come further than so many
  /// steps. There is at most one at a time; one that is asked for twice goes on.
  func examination(after steps: Int?) async -> Examination

  /// Ends the examination under way; nobody looks at it any more.
  func stopExamining() async

  /// The change of the configuration that may be behind a fault; nil when there is none.
  func suspect() async -> ConfigurationSuspect?

  /// Goes back to that generation, once a transaction was really committed under it.
  ///
  /// - Returns: what was done, and the store that the desk talks to from now on.
  /// - Throws: `Failure` that says why nothing was changed.
  func goBack(to generation: Int) async throws(Failure) -> (WayBack, any Store)
}

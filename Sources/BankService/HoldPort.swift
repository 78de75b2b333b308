import BankCore

/// Whether the bank is kept away from the tills of a state directory, written down where all of
/// them see it. It outlives whoever wrote it.
public protocol HoldPort: Sendable {
  func look() async -> HoldState

  /// Takes the bank away.
  ///
  /// - Throws: `Failure` when something speaks against it, or it cannot be written down.
  func begin(_ kind: Hold.Kind, by name: String) async throws(Failure) -> HoldState

  /// Gives the bank back.
  ///
  /// - Parameter kind: what alone may be ended; nil for whatever keeps the bank away.
  /// - Throws: `Failure` when something speaks against it, or it cannot be written down.
  func end(_ kind: Hold.Kind?, by name: String) async throws(Failure) -> HoldState

  /// The state each time it differs, whoever has changed it, until the reader is cancelled.
  func changes() -> AsyncStream<HoldState>
}

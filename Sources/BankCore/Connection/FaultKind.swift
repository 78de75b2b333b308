/// One way in which a connection can fail, with everything that is said about it to people. The
/// doctor, the causes of the manual mode and `docs/connections.md` all speak from here.
public struct FaultKind: Hashable, Sendable {
  /// For programs, such as `nothing-listens`.
  public let name: String
  /// The layer that has failed.
  public let layer: Layer
  /// What is wrong, in one plain sentence.
  public let cause: String
  /// What to do about it.
  public let fix: String
  /// What people commonly take it for.
  public let mistakenFor: String

  init(_ name: String, _ layer: Layer, cause: String, fix: String, mistakenFor: String) {
    self.name = name
    self.layer = layer
    self.cause = cause
    self.fix = fix
    self.mistakenFor = mistakenFor
  }
}

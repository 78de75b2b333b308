import BankCore

/// Looks at the layers of one connection, one after the other. PostgreSQL and SQLite stand behind
/// it; what their findings mean is decided in the module Diagnosis.
public protocol ConnectionProbe: Sendable {
  /// The host and port, or the path; no secret.
  var place: String { get }

  /// Looks at one layer. The layers are asked for in order, the next only when the last was no
  /// failure, so that a session of one layer may serve the next.
  ///
  /// - Parameter milliseconds: by when there must be an answer, whatever the layer is.
  func look(_ layer: Layer, within milliseconds: Int) async -> LayerFinding

  /// Whether the server said at the login that it takes no entries.
  var isReadOnly: Bool { get }

  /// Ends what is still open.
  func close() async
}

extension ConnectionProbe {
  public var isReadOnly: Bool { false }
}

/// What a probe saw at one layer.
public enum LayerFinding: Sendable {
  /// In order; the sentence says what was observed.
  case pass(String)
  /// With the fix for exactly this case, where it says more than the catalogue's.
  case warn(FaultKind, String, remedy: String? = nil)
  /// The fault's kind says which layer it really belongs to, which may be another one; a fault
  /// without a kind is not understood.
  case fail(StoreFault)
  case notApplicable(String)
  /// C02: where the values come from.
  case origins([ValueOrigin])
  /// C14: who answers, where, and what it knows of this till where it was asked about it.
  case bank(BankIdentity, String, TillKnowledge? = nil)
  /// C21: milliseconds of each question.
  case roundTrips([Double])
  /// C22: the server's clock, about half of `roundTripMilliseconds` before the answer was here.
  case clock(Instant, roundTripMilliseconds: Double)
}

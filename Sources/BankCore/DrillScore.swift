/// How a drill went at one till.
public struct DrillScore: Hashable, Sendable {
  /// From the drill's beginning until this till's banner said so, in milliseconds.
  public let toNotice: Int64?
  public let entries: Int
  /// From the bank's return until the last of its entries was settled, in milliseconds; nil while
  /// one waits, and where there was none.
  public let toReconcile: Int64?
  public let waiting: Int
  /// Exceptions that nobody has settled yet.
  public let exceptions: Int
  /// This till has not been back at the bank since.
  public let isRunning: Bool

  /// `noticed in 0.3 s, 3 entries recorded, reconciled in 21 s, nothing left to do`
  public func words(_ wording: Wording) -> String {
    var parts = [
      "noticed in \(wording.span(toNotice))",
      "\(wording.entries(entries)) recorded",
    ]
    if let toReconcile {
      parts.append("reconciled in \(wording.span(toReconcile))")
    }
    return (parts + [left]).joined(separator: ", ")
  }

  /// What still has to be done.
  public var left: String {
    var parts = isRunning ? ["not back yet"] : []
    if waiting > 0 { parts.append("\(waiting) still to reconcile") }
    if exceptions > 0 {
      parts.append(exceptions == 1 ? "1 exception to settle" : "\(exceptions) exceptions to settle")
    }
    return parts.isEmpty ? "nothing left to do" : parts.joined(separator: ", ")
  }
}

extension OutageReport {
  /// Nil for an outage that is no drill.
  public var drillScore: DrillScore? {
    guard isDrill else { return nil }
    return DrillScore(
      toNotice: toDetect, entries: entries, toReconcile: toReconcile, waiting: waiting,
      exceptions: exceptions.count { $0.settledBy == nil }, isRunning: !isOver)
  }
}

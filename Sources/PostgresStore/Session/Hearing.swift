import Synchronization

/// When the server said something last. A slow line is told from a silent server by it.
final class Hearing: Sendable {
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  var lastHeard: ContinuousClock.Instant? { last.withLock { $0 } }

  func heard() { last.withLock { $0 = .now } }
}

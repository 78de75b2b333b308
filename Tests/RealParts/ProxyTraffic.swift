import Foundation
import Glibc

/// What goes through a proxy: its connections, and whether they may pass.
///
/// Checked by a lock and not by the compiler: pumps wait on the condition, which `Mutex` lacks.
final class ProxyTraffic: @unchecked Sendable {
  private let condition = NSCondition()
  private var isSilent = false
  private var isOver = false
  private var delay: TimeInterval = 0
  private var forbidden: [UInt8] = []
  private var armed: SilentProxy.CommitFault?
  private var open: [ObjectIdentifier: ProxyConnection] = [:]

  var isArmed: Bool { locked { armed != nil } }
  var connectionCount: Int { locked { open.count } }

  func setSilent(_ silent: Bool) {
    locked {
      isSilent = silent
      condition.broadcast()
    }
  }

  func setDelay(_ seconds: TimeInterval) {
    locked { delay = seconds }
  }

  /// As long as a message is under way on a slow line.
  func travel() {
    locked {
      let arrival = Date(timeIntervalSinceNow: delay)
      while delay > 0, !isOver, condition.wait(until: arrival) {}
    }
  }

  func forbid(_ text: String) {
    locked { forbidden = Array(text.utf8) }
  }

  func isForbidden(_ bytes: [UInt8]) -> Bool {
    let text = locked { forbidden }
    guard !text.isEmpty, bytes.count >= text.count else { return false }
    return (0...(bytes.count - text.count)).contains { bytes[$0...].starts(with: text) }
  }

  func arm(_ fault: SilentProxy.CommitFault?) {
    locked { armed = fault }
  }

  /// The armed fault, if it is one of those; it happens once.
  func takeFault(
    where matches: (SilentProxy.CommitFault) -> Bool
  ) -> SilentProxy.CommitFault? {
    locked {
      guard let fault = armed, matches(fault) else { return nil }
      armed = nil
      return fault
    }
  }

  /// Waits while there is silence. False when the traffic is over for good.
  func waitForPassage() -> Bool {
    locked {
      while isSilent, !isOver { condition.wait() }
      return !isOver
    }
  }

  func add(_ connection: ProxyConnection) -> Bool {
    locked {
      guard !isOver else { return false }
      open[ObjectIdentifier(connection)] = connection
      return true
    }
  }

  func remove(_ connection: ProxyConnection) {
    locked { open[ObjectIdentifier(connection)] = nil }
  }

  func closeConnections() {
    for connection in locked({ Array(open.values) }) { connection.shut() }
  }

  func end() {
    locked {
      isOver = true
      condition.broadcast()
    }
    closeConnections()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }
}

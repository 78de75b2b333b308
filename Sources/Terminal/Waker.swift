import CNcurses
import Glibc

/// Interrupts a wait for terminal events, from any thread.
public final class Waker: Sendable {
  /// Readable once somebody has called ``wake()``; -1 where the system had no descriptor to give.
  let descriptor: Int32

  public init() {
    descriptor = terminal_wake_descriptor()
  }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  /// Makes the current wait, or the next one, report ``TerminalEvent/woken``. Never blocks; many
  /// calls before the wait are one report.
  public func wake() {
    var one: UInt64 = 1
    // A full counter already means "awake", so a failed write needs no answer.
    _ = Glibc.write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes back all calls of ``wake()`` so far.
  func clear() {
    var count: UInt64 = 0
    _ = Glibc.read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}

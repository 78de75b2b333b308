import Dispatch
import Foundation
import Glibc
import Synchronization

/// Where the work on one connection is done, one piece after the other.
protocol Lane: Sendable {
  func add(_ work: @escaping @Sendable () -> Void)
}

/// For what people wait for.
final class PromptLane: Lane {
  private let queue = DispatchQueue(label: "daybook.sqlite")

  func add(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }
}

/// For what nobody waits for, such as minutes of copying: a thread of its own that gives way to
/// every other one of this program. A thread of the shared pool could be made to give way, but not
/// to stop doing so: raising a priority is a privilege.
final class PatientLane: Lane {
  /// Of the scheduler's weights, a tenth of what other threads have: while they are busy the copy
  /// still goes on, slowly, and ends what it has begun in the file.
  private static let niceness: Int32 = 10

  private let work = Work()

  init() {
    let thread = Thread { [work] in
      // On Linux this is about the calling thread alone.
      setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.niceness)
      while let next = work.next() { next() }
    }
    thread.name = "daybook.sqlite.copy"
    thread.start()
  }

  deinit { work.end() }

  func add(_ piece: @escaping @Sendable () -> Void) { work.put(piece) }

  private final class Work: Sendable {
    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func put(_ piece: @escaping @Sendable () -> Void) {
      waiting.withLock { $0.append(piece) }
      arrived.signal()
    }

    /// Behind all pieces that were put.
    func end() { arrived.signal() }

    /// The next piece, when there is one; nil at the end.
    func next() -> (@Sendable () -> Void)? {
      arrived.wait()
      return waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
  }
}

import BankService
import Dispatch
import Synchronization

/// Runs blocking work on its own lane and answers by the deadline at the latest. Work that misses
/// it is abandoned: it may still end later, and nobody waits for it.
///
/// Nothing blocks on the threads of Swift's cooperative pool.
func answer<Value: Sendable>(
  within seconds: Double, on lane: any Lane, otherwise fault: StoreFault,
  _ work: @escaping @Sendable () -> Result<Value, StoreFault>
) async -> Result<Value, StoreFault> {
  await withCheckedContinuation { continuation in
    let asked = Once(continuation)
    let alarm = DispatchWorkItem { asked.answer(.failure(fault)) }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: alarm)
    let cancelAlarm = Cancelling(alarm)
    lane.add {
      asked.answer(work())
      cancelAlarm.cancel()
    }
  }
}

/// A continuation that takes the first answer and ignores later ones.
private final class Once<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = Mutex(continuation)
  }

  func answer(_ value: Value) {
    let waiting = continuation.withLock { held in
      defer { held = nil }
      return held
    }
    waiting?.resume(returning: value)
  }
}

/// `cancel()` of a work item may be called from any thread, which its type does not say.
private final class Cancelling: @unchecked Sendable {
  private let item: DispatchWorkItem
  init(_ item: DispatchWorkItem) { self.item = item }
  func cancel() { item.cancel() }
}

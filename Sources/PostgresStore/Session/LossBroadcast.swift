import BankService
import Synchronization

/// Tells everybody who wants to know when a quiet connection is lost.
final class LossBroadcast: Sendable {
  private let readers = Mutex<(next: Int, open: [Int: AsyncStream<StoreFault>.Continuation])>(
    (0, [:]))

  func stream() -> AsyncStream<StoreFault> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: StoreFault.self, bufferingPolicy: .bufferingNewest(16))
    let ticket = readers.withLock { readers -> Int in
      readers.next += 1
      readers.open[readers.next] = continuation
      return readers.next
    }
    continuation.onTermination = { [weak self] _ in
      self?.readers.withLock { _ = $0.open.removeValue(forKey: ticket) }
    }
    return stream
  }

  func tell(_ fault: StoreFault) {
    for reader in readers.withLock({ Array($0.open.values) }) { reader.yield(fault) }
  }

  deinit {
    for reader in readers.withLock({ Array($0.open.values) }) { reader.finish() }
  }
}

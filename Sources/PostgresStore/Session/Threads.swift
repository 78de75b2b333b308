import BankCore
import BankService
import Glibc

/// Starts a thread that nobody waits for. Signals stay with the program's own threads: SIGWINCH
/// and SIGTERM are for the console.
///
/// - Returns: whether the system had a thread to give.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var all = sigset_t()
  var before = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  let box = Unmanaged.passRetained(Box(body))
  var thread = pthread_t()
  let made = pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }, box.toOpaque())
  guard made == 0 else {
    box.release()
    return false
  }
  pthread_detach(thread)
  return true
}

/// Does blocking work on a thread of its own; the work ends by a deadline of its own.
func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws(StoreFault) -> Value
) async throws(StoreFault) -> Value {
  let result = await withCheckedContinuation { continuation in
    let started = startThread {
      do throws(StoreFault) {
        continuation.resume(returning: Result<Value, StoreFault>.success(try body()))
      } catch {
        continuation.resume(returning: Result<Value, StoreFault>.failure(error))
      }
    }
    if !started {
      continuation.resume(
        returning: .failure(StoreFault(.connect, "this machine has no thread left")))
    }
  }
  return try result.get()
}

/// Rests; only for a thread of one's own.
func pause(milliseconds: Int) { usleep(UInt32(clamping: milliseconds * 1_000)) }

/// Closes a socket; nobody waits for the other side.
func shutDown(_ descriptor: Int32) {
  shutdown(descriptor, Int32(SHUT_RDWR))
  Glibc.close(descriptor)
}

/// Something that a thread can wait for together with a socket: a pipe with a byte in it.
final class Signal: Sendable {
  /// Readable while the signal is raised; -1 when the system has no descriptor left.
  let descriptor: Int32
  private let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      (descriptor, writing) = (-1, -1)
      return
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writing) = (ends[0], ends[1])
  }

  deinit {
    for end in [descriptor, writing] where end >= 0 { Glibc.close(end) }
  }

  var works: Bool { descriptor >= 0 }

  func raise() {
    // A full pipe is raised already.
    _ = write(writing, [1], 1)
  }

  func lower() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) == bytes.count {}
  }

  /// Waits until it is raised, which it stays, or until the deadline.
  func wait(by deadline: Deadline) {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&poller, 1, deadline.remainingMilliseconds) < 0, errno == EINTR {}
  }
}

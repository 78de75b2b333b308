import BankService
import ConnectionString
import Glibc
import Synchronization

/// One connection on one thread of its own, which does what it is given in order and, between two
/// jobs, watches the socket. Neither the console's thread nor the shared ones ever wait in libpq.
final class Session: Sendable {
  private let inbox: Inbox

  /// - Parameter onLost: called on the session's thread when a quiet connection is lost.
  init(
    _ address: ServerAddress, _ lastWay: LastWay, onLost: @escaping @Sendable (StoreFault) -> Void
  ) {
    let inbox = Inbox()
    self.inbox = inbox
    let started =
      inbox.wake.works && startThread { SessionLoop(address, lastWay, inbox, onLost).run() }
    // Without a thread there is nobody to answer: every job is refused at once.
    if !started { inbox.stop() }
  }

  deinit { inbox.stop() }

  var hasThread: Bool { !inbox.isStopping }

  /// Does `job` on the session's thread; nil when the session has no thread.
  func perform<Value: Sendable>(
    _ job: @escaping @Sendable (SessionDesk) -> Value
  ) async -> Value? {
    await withCheckedContinuation { continuation in
      let accepted = inbox.put { continuation.resume(returning: job($0)) }
      if !accepted { continuation.resume(returning: nil) }
    }
  }

  /// The jobs of a session, and the signal that wakes its thread.
  fileprivate final class Inbox: Sendable {
    typealias Job = @Sendable (SessionDesk) -> Void

    let wake = Signal()
    private let state = Mutex<(jobs: [Job], isStopping: Bool)>(([], false))

    func put(_ job: @escaping Job) -> Bool {
      let accepted = state.withLock { state in
        guard !state.isStopping else { return false }
        state.jobs.append(job)
        return true
      }
      wake.raise()
      return accepted
    }

    func stop() {
      state.withLock { $0.isStopping = true }
      wake.raise()
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// The next job; nil when there is none.
    func next() -> (job: Job?, isStopping: Bool) {
      state.withLock { state in
        (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isStopping)
      }
    }
  }
}

/// What runs on the thread.
private struct SessionLoop {
  private let inbox: Session.Inbox
  private let desk: SessionDesk
  private let onLost: @Sendable (StoreFault) -> Void

  init(
    _ address: ServerAddress, _ lastWay: LastWay, _ inbox: Session.Inbox,
    _ onLost: @escaping @Sendable (StoreFault) -> Void
  ) {
    self.inbox = inbox
    desk = SessionDesk(address, lastWay)
    self.onLost = onLost
  }

  func run() {
    while true {
      let (job, isStopping) = inbox.next()
      if let job {
        job(desk)
      } else if isStopping {
        return desk.close()
      } else {
        waitForSomething()
      }
    }
  }

  private func waitForSomething() {
    var pollers = [
      pollfd(fd: inbox.wake.descriptor, events: Int16(POLLIN), revents: 0),
      // A negative descriptor, that of a closed connection, is left out by the system.
      pollfd(fd: desk.socket, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&pollers, 2, -1) > 0 else { return }
    inbox.wake.lower()
    if pollers[1].revents != 0, let fault = desk.lookWhileIdle() { onLost(fault) }
  }
}

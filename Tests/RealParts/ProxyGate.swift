import Dispatch
import Foundation
import Glibc
import Synchronization
import SystemPackage

/// The listening end of a proxy, with a thread that lets clients in.
///
/// It keeps one socket for life, whatever its state: a second one at the same port would have to
/// wait until every child process that was being started has let go of the first.
final class ProxyGate: Sendable {
  enum State: Sendable {
    case open
    /// The system drops every attempt to connect.
    case choked
    /// The system refuses every attempt to connect.
    case shut
    /// For good: the thread has ended.
    case gone
  }

  private static let queueLength: Int32 = 64

  private let listener: Int32
  private let port: UInt16
  // The thread is told of a new state by a byte on this line, and says that it has heard.
  private let bell: (listening: Int32, ringing: Int32)
  private let heard = DispatchSemaphore(value: 0)
  private let state: SharedState
  private let fillers = Mutex<[Int32]>([])

  /// What the gate and its thread both know; the thread does not keep the gate itself alive.
  private final class SharedState: Sendable {
    let state = Mutex(State.open)
    /// The ports of our own connections that fill the queue; they are no clients.
    let fillerPorts = Mutex<Set<UInt16>>([])
  }

  init(port: UInt16, letIn: @escaping @Sendable (_ client: Int32) -> Void) throws {
    let (descriptor, bound) = FreePort.bindLoopback(port)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard bound, listen(descriptor, Self.queueLength) == 0,
      socketpair(AF_UNIX, type, 0, &ends) == 0
    else {
      let fault = Errno(rawValue: errno)
      Glibc.close(descriptor)
      throw RealPartFault("cannot listen at port \(port): \(fault)")
    }
    self.port = port
    listener = descriptor
    bell = (ends[0], ends[1])
    state = SharedState()
    let (bell, heard, state) = (bell.listening, heard, state)
    Thread.detachNewThread {
      Self.serve(listener: descriptor, bell: bell, heard: heard, state, letIn)
    }
  }

  deinit {
    tell(.gone)
    dropFillers()
    for descriptor in [listener, bell.listening, bell.ringing] { Glibc.close(descriptor) }
  }

  /// Lets clients in (again), those first who have been trying in the meantime.
  func open() throws {
    guard listen(listener, Self.queueLength) == 0 else {
      throw RealPartFault("cannot listen at port \(port): \(Errno(rawValue: errno))")
    }
    dropFillers()
    tell(.open)
  }

  /// Makes the system refuse every further attempt to connect.
  func shut() {
    tell(.shut)
    // Closing would leave the port listening while a child that is being started holds a copy.
    shutdown(listener, Int32(SHUT_RDWR))
    dropFillers()
  }

  /// Makes the system drop every further attempt to connect, as a firewall would: nobody is let
  /// in any more, and the queue in front of the gate is filled up.
  func choke() throws {
    tell(.choked)
    listen(listener, 0)
    for _ in 0..<Self.queueLength {
      if !(try addFiller()) { return }
    }
    throw RealPartFault("the system accepts connections at port \(port) without end")
  }

  /// Whether the connection was made. Over loopback, one that is not made at once was dropped.
  private func addFiller() throws -> Bool {
    let (filler, bound) = FreePort.bindLoopback(0)
    fillers.withLock { $0.append(filler) }
    guard bound else { throw RealPartFault("no socket to fill the queue at port \(port)") }
    state.fillerPorts.withLock { _ = $0.insert(FreePort.port(of: filler, getsockname)) }
    _ = fcntl(filler, F_SETFL, O_NONBLOCK)
    _ = FreePort.withLoopback(port) { connect(filler, $0, $1) }
    var made = pollfd(fd: filler, events: Int16(POLLOUT), revents: 0)
    return poll(&made, 1, 50) != 0
  }

  private func dropFillers() {
    fillers.withLock { fillers in
      for filler in fillers { Glibc.close(filler) }
      fillers = []
    }
  }

  private func tell(_ next: State) {
    state.state.withLock { $0 = next }
    _ = write(bell.ringing, [0], 1)
    heard.wait()
  }

  private static func serve(
    listener: Int32, bell: Int32, heard: DispatchSemaphore, _ shared: SharedState,
    _ letIn: (Int32) -> Void
  ) {
    var state = State.open
    while state != .gone {
      var events = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
      if state == .open { events.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
      guard poll(&events, nfds_t(events.count), -1) > 0 else { continue }
      if events[0].revents != 0 {
        var byte: UInt8 = 0
        _ = read(bell, &byte, 1)
        state = shared.state.withLock { $0 }
        heard.signal()
        continue
      }
      let client = accept(listener, nil, nil)
      guard client >= 0 else { continue }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      let isFiller = shared.fillerPorts.withLock {
        $0.remove(FreePort.port(of: client, getpeername)) != nil
      }
      if isFiller { Glibc.close(client) } else { letIn(client) }
    }
  }
}

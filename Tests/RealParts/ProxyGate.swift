import Dispatch
import Foundation
import Glibc
import Synchronization
import SystemPackage

/// The listening end of a proxy, with a thread that lets clients in. It is open from the
/// beginning; once choked it stays so, and another gate takes its place.
final class ProxyGate: Sendable {
  private let listener: Int32
  private let port: UInt16
  // A byte on this line ends the thread.
  private let bell: (listening: Int32, ringing: Int32)
  private let threadEnded = DispatchSemaphore(value: 0)
  private let isOpen = Mutex(true)
  private let fillers = Mutex<[Int32]>([])

  init(port: UInt16, letIn: @escaping @Sendable (_ client: Int32) -> Void) throws {
    let (descriptor, bound) = FreePort.bindLoopback(port)
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard bound, listen(descriptor, 64) == 0, socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      let fault = Errno(rawValue: errno)
      Glibc.close(descriptor)
      throw RealPartFault("cannot listen at port \(port): \(fault)")
    }
    self.port = port
    listener = descriptor
    bell = (ends[0], ends[1])
    let (bell, threadEnded) = (bell.listening, threadEnded)
    Thread.detachNewThread {
      while let client = Self.nextClient(listener: descriptor, bell: bell) { letIn(client) }
      threadEnded.signal()
    }
  }

  deinit {
    stopLettingIn()
    for descriptor in [listener, bell.listening, bell.ringing] { Glibc.close(descriptor) }
    fillers.withLock { $0.forEach { Glibc.close($0) } }
  }

  /// Makes the system drop every further attempt to connect, as a firewall would: nobody is let
  /// in any more, and the queue in front of the gate is filled up.
  func choke() throws {
    guard stopLettingIn() else { return }
    listen(listener, 0)
    for _ in 0..<64 {
      let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
      let filler = socket(AF_INET, type | Int32(SOCK_NONBLOCK.rawValue), 0)
      fillers.withLock { $0.append(filler) }
      _ = FreePort.withLoopback(port) { connect(filler, $0, $1) }
      // Over loopback a connection that is not made at once was dropped.
      var made = pollfd(fd: filler, events: Int16(POLLOUT), revents: 0)
      if poll(&made, 1, 50) == 0 { return }
    }
    throw RealPartFault("the system accepts connections at port \(port) without end")
  }

  /// Ends the thread; false if it had ended before.
  @discardableResult
  private func stopLettingIn() -> Bool {
    let wasOpen = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    guard wasOpen else { return false }
    _ = write(bell.ringing, [0], 1)
    threadEnded.wait()
    return true
  }

  private static func nextClient(listener: Int32, bell: Int32) -> Int32? {
    while true {
      var events = [
        pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&events, 2, -1) >= 0 || errno == EINTR, events[1].revents == 0 else { return nil }
      guard events[0].revents != 0 else { continue }
      let client = accept(listener, nil, nil)
      guard client >= 0 else { continue }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      return client
    }
  }
}

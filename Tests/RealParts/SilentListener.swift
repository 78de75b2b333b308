import Glibc

/// A port that never says a word: like a server that is frozen, or one behind a firewall.
public final class SilentListener: Sendable {
  public let port: UInt16
  private let descriptors: [Int32]

  /// - Parameters:
  ///   - address: one of this machine's own, such as `127.0.0.9`.
  ///   - wanted: the port; any that is free for nil.
  ///   - dropsPackets: whether the system drops every attempt to connect, as a firewall would; else
  ///     it accepts them.
  public init(
    at address: String = "127.0.0.1", _ wanted: UInt16? = nil,
    droppingPackets dropsPackets: Bool = false
  ) throws {
    port = try wanted ?? FreePort.find()
    let (listener, bound) = FreePort.bindLoopback(port, at: address)
    var descriptors = [listener]
    guard bound, listen(listener, dropsPackets ? 0 : 8) == 0 else {
      Glibc.close(listener)
      throw RealPartFault("cannot listen at \(address):\(port)")
    }
    // A queue that is full of our own connections takes nobody else's.
    var isFull = !dropsPackets
    for _ in 0..<8 where !isFull {
      let (filler, bound) = FreePort.bindLoopback(0)
      descriptors.append(filler)
      guard bound else { break }
      _ = fcntl(filler, F_SETFL, O_NONBLOCK)
      _ = FreePort.withLoopback(port, at: address) { connect(filler, $0, $1) }
      var made = pollfd(fd: filler, events: Int16(POLLOUT), revents: 0)
      isFull = poll(&made, 1, 50) == 0
    }
    self.descriptors = descriptors
    guard isFull else { throw RealPartFault("\(address):\(port) accepts connections without end") }
  }

  deinit { descriptors.forEach { Glibc.close($0) } }
}

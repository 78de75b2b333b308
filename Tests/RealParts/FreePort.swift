import Glibc

/// Finds TCP ports on the loopback address that nobody listens at.
public enum FreePort {
  /// A port that was free a moment ago. Below the range from which the system takes the ports
  /// of outgoing connections, so that it is still free after a restart.
  public static func find() throws -> UInt16 {
    for _ in 0..<100 {
      let port = UInt16.random(in: 20_000..<32_000)
      let (descriptor, bound) = bindLoopback(port)
      close(descriptor)
      if bound { return port }
    }
    throw RealPartFault("no free port on the loopback address")
  }

  /// A new TCP socket, and whether it could be bound to that port of the loopback address.
  ///
  /// - Parameter address: another one of this machine's own, such as `127.0.0.9`.
  static func bindLoopback(
    _ port: UInt16, at address: String = "127.0.0.1"
  ) -> (descriptor: Int32, bound: Bool) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_INET, type, 0)
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let result = withLoopback(port, at: address) { bind(descriptor, $0, $1) }
    return (descriptor, result == 0)
  }

  /// Calls a socket function with an address of this machine's own and a port.
  static func withLoopback<Result>(
    _ port: UInt16, at address: String = "127.0.0.1",
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = inet_addr(address)
    return withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// The port at one end of a socket: `getsockname` tells of this end, `getpeername` of the other.
  static func port(
    of descriptor: Int32,
    _ end: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { end(descriptor, $0, &length) }
    }
    return result == 0 ? UInt16(bigEndian: address.sin_port) : 0
  }
}

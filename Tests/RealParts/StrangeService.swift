import Foundation
import Glibc

/// Something that listens at a port, says one thing to everybody and is no database.
public final class StrangeService: Sendable {
  /// Where it listens on 127.0.0.1.
  public let port: UInt16
  private let listener: Int32
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - words: what it says; nil closes the connection without a word.
  ///   - holdsOn: it leaves each connection open, silent, as long as it lives.
  ///   - host: an address of this machine's own.
  ///   - wanted: the port; any that is free for 0.
  public init(
    saying words: String?, holdsOn: Bool = false, at host: String = "127.0.0.1",
    _ wanted: UInt16 = 0
  ) throws {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let listener = socket(AF_INET, type, 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    // Else its closed connections would keep the port from whoever comes next.
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard bound else {
      ended.signal()
      throw RealPartFault("cannot listen")
    }
    let ended = ended
    Thread.detachNewThread {
      var held: [Int32] = []
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        var greeting = [UInt8](repeating: 0, count: 1024)
        _ = read(client, &greeting, greeting.count)
        let bytes = Array((words ?? "").utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if holdsOn { held.append(client) } else { Glibc.close(client) }
      }
      held.forEach { Glibc.close($0) }
      ended.signal()
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    ended.wait()
    Glibc.close(listener)
  }
}

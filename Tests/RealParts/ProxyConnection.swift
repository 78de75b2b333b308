import Foundation
import Glibc
import Synchronization

/// One connection through a proxy: a thread for each direction.
final class ProxyConnection: Sendable {
  private let client: Int32
  private let server: Int32
  private let traffic: ProxyTraffic
  private let conversation = Mutex(PostgresConversation())
  // An answer is complete when the server says that it is ready again.
  private let lossAfterAnswer = Mutex<SilentProxy.Loss?>(nil)

  /// Connects a client that was let in to the server; its end is closed if nobody listens there.
  static func join(client: Int32, serverPort: UInt16, traffic: ProxyTraffic) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let server = socket(AF_INET, type, 0)
    let joined = FreePort.withLoopback(serverPort) { connect(server, $0, $1) } == 0
    var yes: Int32 = 1
    for end in [client, server] {
      setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    let connection = ProxyConnection(client: client, server: server, traffic: traffic)
    guard joined, traffic.add(connection) else { return }
    let pumps = DispatchGroup()
    for direction in [PostgresConversation.Side.client, .server] {
      pumps.enter()
      Thread.detachNewThread {
        connection.pump(from: direction)
        pumps.leave()
      }
    }
    // The descriptors are closed when nobody uses them any more, or a stranger might get the number.
    pumps.notify(queue: .global()) { traffic.remove(connection) }
  }

  private init(client: Int32, server: Int32, traffic: ProxyTraffic) {
    self.client = client
    self.server = server
    self.traffic = traffic
  }

  deinit {
    close(client)
    close(server)
  }

  /// Ends the connection at both ends.
  func shut() {
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_RDWR))
  }

  private func pump(from side: PostgresConversation.Side) {
    let (source, target) = side == .client ? (client, server) : (server, client)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      traffic.travel()
      let messages = conversation.withLock { $0.messages(from: side, adding: buffer[..<count]) }
      for message in messages {
        guard pass(message, from: side, to: target) else { return shut() }
      }
    }
    let rest = conversation.withLock { $0.rest(from: side) }
    // The end of a conversation is a message too: silence holds it back.
    guard traffic.waitForPassage(), send(rest, to: target) else { return shut() }
    shutdown(target, Int32(SHUT_WR))
  }

  /// Passes one message on, unless it meets with the fault that a test has armed.
  private func pass(
    _ message: PostgresConversation.Message, from side: PostgresConversation.Side, to target: Int32
  ) -> Bool {
    if side == .client, traffic.isForbidden(message.bytes) { return false }
    if message.kind == .commit {
      switch traffic.takeFault(where: { $0.side == side }) {
      case nil: break
      case .requestLost(.close), .answerLost(.close): return false
      case .requestLost(.silence), .answerLost(.silence): traffic.setSilent(true)
      case .answeredThen(let loss): lossAfterAnswer.withLock { $0 = loss }
      }
    }
    guard traffic.waitForPassage(), send(message.bytes, to: target) else { return false }
    guard side == .server, message.kind == .ready else { return true }
    let loss = lossAfterAnswer.withLock { loss in
      defer { loss = nil }
      return loss
    }
    if loss == .silence { traffic.setSilent(true) }
    return loss != .close
  }

  private func send(_ bytes: [UInt8], to target: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}

extension SilentProxy.CommitFault {
  fileprivate var side: PostgresConversation.Side {
    switch self {
    case .requestLost: .client
    case .answerLost, .answeredThen: .server
    }
  }
}

import BankCore
import BankService
import Glibc

/// Plain sockets to one host: whether anything accepts a connection there, before a word of
/// PostgreSQL is spoken.
enum Reaching {
  struct Answer: Sendable {
    /// The numeric address; nil for a socket in the file system.
    let numeric: String?
    let milliseconds: Double
    /// Open and connected; -1 where nothing answered.
    let descriptor: Int32
    /// Why not: an error of the system, `ETIMEDOUT` when the deadline passed.
    let error: Int32
  }

  /// Knocks at all addresses at the same time, so that a silent one costs the others nothing.
  ///
  /// - Parameter patience: how long, in milliseconds, the others are waited for once one accepts;
  ///   nil for as long as there is time.
  static func reach(
    _ host: ServerAddress.Host, _ numerics: [String], by limit: Deadline, patience: Int? = nil
  ) -> [Answer] {
    var deadline = limit
    var knocks =
      host.isSocket
      ? [Knock(socketIn: host.name, port: host.port)]
      : numerics.map { Knock(numeric: $0, port: host.port) }
    while knocks.contains(where: \.isPending), !deadline.hasPassed {
      var pollers = knocks.map {
        pollfd(fd: $0.isPending ? $0.descriptor : -1, events: Int16(POLLOUT), revents: 0)
      }
      guard poll(&pollers, nfds_t(pollers.count), deadline.remainingMilliseconds) > 0 else {
        continue
      }
      for (index, poller) in pollers.enumerated() where poller.revents != 0 {
        knocks[index].finish()
        if let patience, knocks[index].answer.descriptor >= 0 {
          deadline = deadline.atMost(milliseconds: patience)
        }
      }
    }
    for index in knocks.indices where knocks[index].isPending { knocks[index].giveUp(ETIMEDOUT) }
    return knocks.map(\.answer)
  }
}

/// One attempt to open a socket.
private struct Knock {
  private let numeric: String?
  private let began = ContinuousClock.now
  private(set) var descriptor: Int32 = -1
  private(set) var isPending = false
  private var error: Int32 = 0
  private var milliseconds = 0.0

  init(numeric: String, port: String) {
    self.numeric = numeric
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(numeric, port, &hints, &list) == 0, let info = list else {
      giveUp(EINVAL)
      return
    }
    defer { freeaddrinfo(list) }
    open(info.pointee.ai_family, info.pointee.ai_addr, info.pointee.ai_addrlen)
  }

  init(socketIn directory: String, port: String) {
    numeric = nil
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(directory)/.s.PGSQL.\(port)".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
      giveUp(ENAMETOOLONG)
      return
    }
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      room.copyBytes(from: path)
      // `@` stands for the abstract name space, whose names begin with a zero byte.
      if directory.hasPrefix("@") { room[0] = 0 }
    }
    let isAbstract = directory.hasPrefix("@")
    let length =
      isAbstract
      ? MemoryLayout<sa_family_t>.size + path.count : MemoryLayout<sockaddr_un>.size
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        open(AF_UNIX, $0, socklen_t(length))
      }
    }
  }

  private mutating func open(
    _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
  ) {
    let type =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { return giveUp(errno) }
    if connect(descriptor, address, length) == 0 { return finish() }
    if errno == EINPROGRESS || errno == EAGAIN {
      isPending = true
    } else {
      giveUp(errno)
    }
  }

  mutating func finish() {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 else { return giveUp(code) }
    isPending = false
    milliseconds = began.duration(to: .now) / .milliseconds(1)
  }

  mutating func giveUp(_ code: Int32) {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    isPending = false
    error = code
    milliseconds = began.duration(to: .now) / .milliseconds(1)
  }

  var answer: Reaching.Answer {
    Reaching.Answer(
      numeric: numeric, milliseconds: milliseconds, descriptor: descriptor, error: error)
  }
}

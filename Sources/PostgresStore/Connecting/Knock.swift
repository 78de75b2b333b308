import BankCore
import BankService
import ConnectionString
import Glibc

/// One attempt to open a socket to one address, and to ask there for encryption.
struct Knock: Sendable {
  enum State: Sendable {
    case connecting, connected
    /// The question is sent, or will be as soon as the socket is open.
    case asked
    /// PostgreSQL: `S` for encryption, `N` for none, or `E` for a server that only complains.
    case spoke(Character)
    /// Something answered that is no PostgreSQL, or hung up.
    case odd(StoreFault)
    /// An error of the system.
    case failed(Int32)
  }

  let way: ServerAddress.Host
  private(set) var state = State.connecting
  /// How long it took until a connection was accepted, or refused.
  private(set) var milliseconds = 0.0
  /// When PostgreSQL has spoken.
  private(set) var spokeAt: ContinuousClock.Instant?
  /// The connection was accepted, whatever came then.
  private(set) var hasReached = false
  private let began = ContinuousClock.now
  private var descriptor: Int32 = -1
  private var asks = false

  /// Begins to open a socket; nobody waits here.
  ///
  /// - Parameter asks: whether the question is sent as soon as it is open.
  init(at way: ServerAddress.Host, asking asks: Bool) {
    self.way = way
    self.asks = asks
    if way.isSocket {
      open(socketIn: way.name, port: way.port)
    } else {
      open(numeric: way.numeric ?? way.name, port: way.port)
    }
  }

  var isConnecting: Bool { if case .connecting = state { true } else { false } }
  var isConnected: Bool { if case .connected = state { true } else { false } }
  var answer: Character? { if case .spoke(let letter) = state { letter } else { nil } }
  var isOdd: Bool { if case .odd = state { true } else { false } }

  /// Whether an answer may still come.
  var isPending: Bool {
    switch state {
    case .connecting, .connected, .asked: true
    case .spoke, .odd, .failed: false
    }
  }

  /// Why nobody speaks PostgreSQL there, at the end of the time; nil where somebody does.
  func fault(milliseconds: Int) -> StoreFault? {
    switch state {
    case .spoke: nil
    case .odd(let fault): fault
    case .failed(let code):
      ConnectFaults.systemFault(code, way)
        ?? StoreFault(.connect, "no connection to \(way.place)")
    case .connecting, .connected, .asked:
      ConnectFaults.silence(way, hasReached: hasReached, milliseconds: milliseconds)
    }
  }

  /// When the patience with those ends that come before one that speaks; nil where nobody speaks
  /// yet, and a moment that has passed where nobody comes before.
  static func patience(for knocks: [Knock]) -> Deadline? {
    guard let first = knocks.firstIndex(where: { $0.answer != nil }) else { return nil }
    guard knocks[..<first].contains(where: \.isPending) else { return Deadline(milliseconds: 0) }
    return knocks.compactMap(\.spokeAt).min().map(Connecting.patience(from:))
  }

  /// Waits until something has happened at one of them, and takes it in.
  ///
  /// - Parameter others: what else is waited for.
  static func wait(for knocks: inout [Knock], or others: [Int32] = [], by deadline: Deadline) {
    var pollers = knocks.map { knock in
      let events = knock.isConnecting ? POLLOUT : POLLIN
      return pollfd(
        fd: knock.isConnecting || knock.isAsked ? knock.descriptor : -1, events: Int16(events),
        revents: 0)
    }
    pollers += others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&pollers, nfds_t(pollers.count), deadline.remainingMilliseconds) > 0 else { return }
    for index in knocks.indices where pollers[index].revents != 0 { knocks[index].react() }
  }

  private var isAsked: Bool { if case .asked = state { true } else { false } }

  /// Sends the question, now or as soon as the socket is open.
  mutating func ask() {
    asks = true
    guard isConnected else { return }
    say(ServerGreeting.question)
  }

  /// The end of a line, for a service that waits for one.
  mutating func prompt() {
    guard isAsked else { return }
    say(Array("\r\n\r\n".utf8))
  }

  /// Closes the socket; nobody waits for the other side.
  mutating func close() {
    if descriptor >= 0 { shutDown(descriptor) }
    descriptor = -1
  }

  // MARK: What happens

  private mutating func react() {
    if isConnecting { return connected() }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    let greeting = ServerGreeting(place: way.place)
    do throws(StoreFault) {
      state = .spoke(try greeting.understand(bytes.prefix(max(0, count))))
      spokeAt = .now
    } catch {
      state = .odd(error)
    }
    close()
  }

  private mutating func connected() {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 else { return fail(code) }
    state = .connected
    hasReached = true
    milliseconds = began.duration(to: .now) / .milliseconds(1)
    if asks { ask() }
  }

  private mutating func say(_ bytes: [UInt8]) {
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      state = .odd(ServerGreeting(place: way.place).closed)
      return close()
    }
    state = .asked
  }

  private mutating func fail(_ code: Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    state = .failed(code)
    milliseconds = began.duration(to: .now) / .milliseconds(1)
  }

  // MARK: Opening

  private mutating func open(numeric: String, port: String) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(numeric, port, &hints, &list) == 0, let info = list else {
      return fail(EINVAL)
    }
    defer { freeaddrinfo(list) }
    open(info.pointee.ai_family, info.pointee.ai_addr, info.pointee.ai_addrlen)
  }

  private mutating func open(socketIn directory: String, port: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(directory)/.s.PGSQL.\(port)".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
      return fail(ENAMETOOLONG)
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
    guard descriptor >= 0 else { return fail(errno) }
    if connect(descriptor, address, length) == 0 { return connected() }
    if errno != EINPROGRESS, errno != EAGAIN { fail(errno) }
  }
}

import BankCore
import BankService
import CLibPQ
import Glibc

/// Makes a connection: each host in turn, each of its addresses in turn, every step by a deadline
/// of its own.
enum Connecting {
  /// - Parameter preferred: the host that answered last time is tried first.
  /// - Throws: the fault that got furthest: a refused password proves that the other layers work.
  static func connect(
    to address: ServerAddress, preferring preferred: ServerAddress.Host?, _ errand: Errand
  ) throws(StoreFault) -> (Connection, ServerAddress.Host) {
    var worst: StoreFault?
    let hosts = address.hosts.filter { $0 == preferred } + address.hosts.filter { $0 != preferred }
    for host in hosts {
      do throws(StoreFault) {
        return (try connect(to: host, address.settings, errand), host)
      } catch {
        let error = LoginWords(address, host).explained(error)
        if worst == nil || reach(error) > reach(worst) { worst = error }
        // A second try elsewhere could lock the role.
        if error.cause == .login { break }
      }
      if errand.deadline.hasPassed { break }
    }
    throw worst ?? AddressLint.fault("it names no host")
  }

  private static func connect(
    to host: ServerAddress.Host, _ settings: [String: String], _ errand: Errand
  ) throws(StoreFault) -> Connection {
    let share = errand.deadline.atMost(milliseconds: errand.connectMilliseconds)
    var worst: StoreFault?
    let numerics: [String?] =
      host.isSocket ? [nil] : try NameLookup.addresses(of: host, by: share).map(\.self)
    for numeric in numerics {
      let attempt = ConnectAttempt(host, numeric: numeric, settings)
      do throws(StoreFault) {
        let deadline = errand.deadline.atMost(milliseconds: errand.connectMilliseconds)
        return try attempt.run(by: deadline, errand)
      } catch {
        if worst == nil || reach(error) > reach(worst) { worst = error }
        if error.cause == .login { break }
      }
      if errand.deadline.hasPassed { break }
    }
    throw worst ?? StoreFault(.unknownName, "the name \(host.name) has no address")
  }

  /// How far a fault got: the number of its layer.
  private static func reach(_ fault: StoreFault?) -> Int {
    fault.flatMap { Int($0.cause.code.dropFirst()) } ?? 0
  }
}

/// One attempt to connect to one address of one host.
struct ConnectAttempt {
  private let host: ServerAddress.Host
  private let numeric: String?
  private let settings: [String: String]

  init(_ host: ServerAddress.Host, numeric: String?, _ settings: [String: String]) {
    self.host = host
    self.numeric = numeric
    self.settings = settings
  }

  /// Our own choices, which the address may overrule. The kernel notices a peer that is silent on
  /// an open connection after quarter of an hour unless it is told otherwise.
  private static let defaults = [
    "fallback_application_name": "daybook", "gssencmode": "disable", "tcp_user_timeout": "5000",
    "keepalives_idle": "10", "keepalives_interval": "3", "keepalives_count": "3",
  ]

  func run(by deadline: Deadline, _ errand: Errand) throws(StoreFault) -> Connection {
    var values = Self.defaults.merging(settings) { _, said in said }
    values["host"] = host.name.isEmpty ? nil : host.name
    values["hostaddr"] = numeric
    values["port"] = host.port
    let pairs = values.sorted { $0.key < $1.key }
    let handle = withCStrings(pairs.map(\.key)) { keywords in
      withCStrings(pairs.map(\.value)) { PQconnectStartParams(keywords, $0, 0) }
    }
    guard let handle else { throw StoreFault(.connect, "there is no memory for a connection") }
    let notices = Notices()
    notices.listen(to: handle)
    // Only then does libpq's message carry the code of an error during connecting.
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    do throws(StoreFault) {
      try poll(handle, by: deadline, errand.hearing)
    } catch {
      PQfinish(handle)
      throw CertificateLook(host: host, numeric: numeric).explain(error, by: deadline)
    }
    return try Connection(
      connected: handle, place: host.display, notices: notices, errand)
  }

  private func poll(
    _ handle: OpaquePointer, by deadline: Deadline, _ hearing: Hearing?
  ) throws(StoreFault) {
    let started = ContinuousClock.now
    var (hasReached, hasSpoken) = (false, false)
    var next = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while true {
      switch next {
      case PGRES_POLLING_OK:
        return
      case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
        let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
        var poller = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        let ready = Glibc.poll(&poller, 1, deadline.remainingMilliseconds)
        if ready < 0, errno == EINTR { continue }
        guard ready > 0 else {
          let waited = started.duration(to: .now) / .milliseconds(1)
          throw hasSpoken
            ? ConnectFaults.unfinished(handle, host, milliseconds: Int(waited))
            : ConnectFaults.silence(host, hasReached: hasReached, milliseconds: Int(waited))
        }
      default:
        throw ConnectFaults.fault(
          handle, host, hasReached: hasReached, hiding: [settings["password"] ?? ""])
      }
      if next == PGRES_POLLING_READING {
        hasSpoken = true
        hearing?.heard()
      }
      next = PQconnectPoll(handle)
      // Anything later than the first two states means that the TCP connection stands.
      let status = PQstatus(handle)
      hasReached =
        hasReached
        || status != CONNECTION_STARTED && status != CONNECTION_BAD
          && status != CONNECTION_NEEDED
    }
  }
}

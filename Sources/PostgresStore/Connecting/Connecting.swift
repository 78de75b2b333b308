import BankCore
import BankService
import CLibPQ
import ConnectionString
import Cryptography
import Glibc

/// Makes a connection. The rule, for the till and the doctor alike: all addresses of all hosts are
/// asked at the same time whether PostgreSQL speaks there; those that speak are tried in turn, as
/// they are written and as the name server gives them. The first that lets us in and can be written
/// to is taken; else the first that lets us in.
enum Connecting {
  /// How long, in milliseconds, those that come first are waited for once a later one speaks: the
  /// Connection Attempt Delay of RFC 8305, section 5.
  static let patience = 250

  static func patience(from moment: ContinuousClock.Instant) -> Deadline {
    Deadline(end: moment.advanced(by: .milliseconds(patience)))
  }

  /// - Parameter preferred: where an answer came from last time; it comes first.
  /// - Throws: the fault that got furthest: a refused password proves that the other layers work.
  static func connect(
    to address: ServerAddress, preferring preferred: ServerAddress.Host?, _ errand: Errand
  ) throws(StoreFault) -> (Connection, ServerAddress.Host) {
    var search = Search(errand: errand, address: address)
    var asking = Asking(address, preferring: preferred, errand)
    while !search.hasEnded, let way = asking.next() {
      guard let found = search.attempt(way, ofWays: asking.left + 1) else { continue }
      // Those that nobody has heard of are still open.
      asking.end()
      return found
    }
    asking.end()
    if let found = search.readable { return found }
    throw asking.faults.noting(search.faults).worst
      ?? StoreFault(.addressUnreadable, "the database address names no host")
  }

  /// What was found so far.
  private struct Search {
    let errand: Errand
    let address: ServerAddress
    /// The first that let us in and can only be read.
    private(set) var readable: (Connection, ServerAddress.Host)?
    private(set) var faults = FurthestFault()
    private var isRefused = false

    init(errand: Errand, address: ServerAddress) {
      (self.errand, self.address) = (errand, address)
    }

    /// A second try elsewhere after a refused login could lock the role.
    var hasEnded: Bool { isRefused || errand.deadline.hasPassed }

    /// - Returns: the connection, where it can be written to.
    mutating func attempt(
      _ way: Asking.Way, ofWays left: Int
    ) -> (Connection, ServerAddress.Host)? {
      do throws(StoreFault) {
        let connection = try ConnectAttempt(way.host, numeric: way.host.numeric, address.settings)
          .run(by: errand.share(of: left), errand)
        guard connection.saysThatItIsReadOnly else { return (connection, way.host) }
        if readable == nil { readable = (connection, way.host) }
      } catch {
        let fault = LoginWords(address, way.host).explained(error)
        faults.note(fault.suspecting(address.origins(of: way.host)), at: way.number)
        isRefused = isRefused || fault.cause == .login
      }
      return nil
    }
  }
}

/// Of several faults the one that got furthest, and of those the one of the earliest way.
struct FurthestFault {
  private(set) var worst: StoreFault?
  private var number = 0

  mutating func note(_ fault: StoreFault, at number: Int) {
    let isFurther = Self.reach(fault) - Self.reach(worst)
    guard worst == nil || isFurther > 0 || (isFurther == 0 && number < self.number) else { return }
    (worst, self.number) = (fault, number)
  }

  func noting(_ other: FurthestFault) -> FurthestFault {
    var both = self
    if let fault = other.worst { both.note(fault, at: other.number) }
    return both
  }

  /// How far a fault got: the number of its layer.
  private static func reach(_ fault: StoreFault?) -> Int {
    fault.flatMap { Int($0.cause.description.dropFirst()) } ?? 0
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

  /// OpenSSL itself would ask for a locked key's password at the terminal, and wait there for ever.
  /// libpq's own answer is what `sslpassword` says, and else nothing.
  private static let asksNobody: Void = PQsetSSLKeyPassHook_OpenSSL {
    PQdefaultSSLKeyPassHook_OpenSSL($0, $1, $2)
  }

  func run(by deadline: Deadline, _ errand: Errand) throws(StoreFault) -> Connection {
    let connection = try open(by: deadline, errand)
    if let encoding = connection.parameter("server_encoding"), encoding != "UTF8" {
      connection.close()
      throw StoreFault(
        .wrongEncoding, "the database at \(host.place) has the encoding \(encoding)")
    }
    if let start = connection.start, start.isUnusable {
      let fault = unclean(start, by: deadline, errand)
      connection.close()
      throw fault
    }
    return connection
  }

  /// Somebody was in this session before. While it is open here, a pooler that lends sessions for a
  /// transaction at a time gives the same one to a second client; another has not cleaned it.
  private func unclean(
    _ start: SessionStart, by deadline: Deadline, _ errand: Errand
  ) -> StoreFault {
    let isLent: Bool
    do throws(StoreFault) {
      let second = try open(by: deadline.atMost(milliseconds: 500), errand)
      isLent = second.start?.serverProcess == start.serverProcess
      second.close()
    } catch {
      isLent = false
    }
    return isLent
      ? StoreFault(
        .poolerPerTransaction,
        "a pooler at \(host.place) gives one session of the server to several clients in turn")
      : start.fault(at: host.place)
  }

  private func open(by deadline: Deadline, _ errand: Errand) throws(StoreFault) -> Connection {
    Self.asksNobody
    var values = Self.defaults.merging(settings) { _, said in said }
    values["host"] = host.name.isEmpty ? nil : host.name
    values["hostaddr"] = numeric
    values["port"] = host.port
    let handle = beginConnecting(values)
    guard let handle else { throw StoreFault(.connect, "there is no memory for a connection") }
    let notices = Notices()
    notices.listen(to: handle)
    // Only then does libpq's message carry the code of an error during connecting.
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    do throws(StoreFault) {
      try poll(handle, by: deadline, errand.hearing)
    } catch {
      PQfinish(handle)
      throw CertificateLook(host: host, numeric: numeric).explain(cramped(error), by: deadline)
    }
    var first = errand
    first.deadline = deadline
    do throws(StoreFault) {
      let connection = try Connection(
        connected: handle, place: host.place, pool: pool, notices: notices, first)
      connection.begin(errand)
      return connection
    } catch {
      throw cramped(error)
    }
  }

  /// The server's sessions that a pooler lends are those of one database and role.
  private var pool: String {
    [host.place, settings["dbname"] ?? "", settings["user"] ?? ""].joined(separator: " ")
  }

  /// A session that is not answered, while this program's own ones stand in the pooler's places, waits
  /// for them: nobody else is slow.
  private func cramped(_ fault: StoreFault) -> StoreFault {
    let own = OwnSessions.places(in: pool)
    guard fault.missedDeadline, own > 0 else { return fault }
    return StoreFault(
      .fewSessions,
      "a pooler at \(host.place) has no place for another session of this till, which has \(own)",
      remedy: Self.poolRemedy, missedDeadline: true)
  }

  static let poolRemedy =
    "Raise pool_size of this database in the pooler (or default_pool_size) to "
    + "\(SessionPool.needed) for each till, then RELOAD."

  /// What a server's words may not repeat: the password, and what could be one.
  private var hidden: [String] {
    settings.filter { !Disclosure.allows($0.value, of: $0.key) }.map(\.value)
      .sorted { $0.count > $1.count }
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
          handle, host, hasReached: hasReached, hiding: hidden)
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

/// Begins a connection with these keywords and values, which decide everything about it; nil when
/// there is no memory for one. Written as one string: of a list libpq passes over an empty value, and
/// asks a variable in its place.
func beginConnecting(_ values: [String: String]) -> OpaquePointer? {
  // Whoever calls `exit` may still have a thread in here.
  LibCrypto.leaveStandingAtExit()
  let words = values.sorted { $0.key < $1.key }.map { keyword, value in
    "\(keyword)=\(KeywordParts.inQuotes(value))"
  }
  return PQconnectStart(words.joined(separator: " "))
}

import BankCore
import BankService
import CLibPQ
import Glibc
import Synchronization

/// A statement with its parameters.
struct Call {
  let sql: String
  let parameters: [Parameter]
  /// Whether the server keeps the statement for the next time.
  let isPrepared: Bool

  init(_ sql: String, _ parameters: [Parameter] = []) {
    self.init(sql, parameters, isPrepared: true)
  }

  /// A statement that the server shall not keep.
  init(once sql: String) { self.init(sql, [], isPrepared: false) }

  private init(_ sql: String, _ parameters: [Parameter], isPrepared: Bool) {
    self.sql = sql
    self.parameters = parameters
    self.isPrepared = isPrepared
  }

  /// READ COMMITTED is said aloud: a server may have another default, under which a statement
  /// after a lock would not see what the lock was waited for.
  static let begin = Call("BEGIN ISOLATION LEVEL READ COMMITTED", [], isPrepared: false)
  /// One view of the books for several statements.
  static let beginReading = Call(
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", [], isPrepared: false)
  static let commit = Call("COMMIT", [], isPrepared: false)
  static let rollBack = Call("ROLLBACK", [], isPrepared: false)
  /// What is put off until the COMMIT, such as a deferred trigger, is done now.
  static let nothingDeferred = Call("SET CONSTRAINTS ALL IMMEDIATE", [], isPrepared: false)
}

/// A session with the server, over non-blocking libpq. It belongs to one thread. Every wait ends
/// by the deadline of the present errand; a session that missed it is closed and never used again,
/// because its answer may still come and would be taken for the next one's.
final class Connection {
  let handle: OpaquePointer
  /// Host and port as people know them.
  let place: String
  private(set) var isBroken = false
  /// Whether this errand has had an answer; before the first, a lost session was simply stale.
  private(set) var hasAnswered = false
  /// Knows statements that the server has forgotten: not to be used for another errand.
  private(set) var isStale = false
  /// How many sessions this program has, whatever they are for.
  static let open = Atomic<Int>(0)
  private(set) var errand: Errand
  /// What the server complained of last.
  private(set) var lastError: ServerError?
  private let notices: Notices
  /// Names of the statements that the server has prepared in this session.
  private var prepared: [String: String] = [:]
  private var namesGiven = 0
  private var serverTimeoutMilliseconds: Int?
  /// As it was handed over; nil before its first answer.
  private(set) var start: SessionStart?
  /// Where it came from: sessions of one server, database and role are interchangeable.
  let pool: String

  init(
    connected handle: OpaquePointer, place: String, pool: String, notices: Notices,
    _ errand: Errand
  ) throws(StoreFault) {
    self.handle = handle
    self.place = place
    self.pool = pool
    self.notices = notices
    self.errand = errand
    Self.open.add(1, ordering: .relaxed)
    guard PQsetnonblocking(handle, 1) == 0 else { throw lost() }
    let answers = try run([SessionStart.call(process), SessionSettings.call], limited: false)
    let start = try SessionStart(answers[0])
    self.start = start
    OwnSessions.opened(start, in: pool)
  }

  deinit { close() }

  /// Starts a new errand on this session.
  func begin(_ errand: Errand) {
    self.errand = errand
    hasAnswered = false
    notices.clear()
  }

  /// Goes on with the errand in another layer, for a while of its own; who listened still does.
  func turn(to layer: Layer, milliseconds: Int) {
    var part: Errand =
      layer == .writeProbe
      ? .writing(milliseconds: milliseconds) : .reading(milliseconds: milliseconds)
    part.hearing = errand.hearing
    begin(part)
  }

  var isInTransaction: Bool { !isBroken && PQtransactionStatus(handle) != PQTRANS_IDLE }

  /// Whether the server said, with a warning, that a commit is not confirmed by its standby.
  var commitWasNotConfirmed: Bool { notices.hasUnconfirmedCommit }

  var socket: Int32 { isBroken ? -1 : PQsocket(handle) }

  /// What servers since 14 say at the login of themselves.
  var saysThatItIsReadOnly: Bool {
    ["in_hot_standby", "default_transaction_read_only"].contains { parameter($0) == "on" }
  }

  /// Sends all calls at once and returns their answers: one round trip.
  ///
  /// - Parameter limited: whether the server is told first how long the errand may take.
  /// - Throws: the fault of the first call that failed; the later ones were not carried out.
  @discardableResult
  func run(_ calls: [Call], limited: Bool = true) throws(StoreFault) -> [Rows] {
    guard !isBroken else { throw closedBefore }
    guard PQpipelineStatus(handle) != PQ_PIPELINE_OFF || PQenterPipelineMode(handle) == 1 else {
      throw lost()
    }
    var expected: [Expected] = []
    let setsTimeouts = limited && serverTimeoutMilliseconds != errand.statementTimeoutMilliseconds
    if setsTimeouts {
      // Behind a mark of its own: in one piece with a BEGIN it would be a part of the transaction.
      try send(SessionSettings.timeouts(errand), &expected)
      try sendMark(&expected)
    }
    for call in calls { try send(call, &expected) }
    try sendMark(&expected)
    try flush()
    var answers = try collect(expected)
    if setsTimeouts {
      answers.removeFirst()
      serverTimeoutMilliseconds = errand.statementTimeoutMilliseconds
    }
    hasAnswered = true
    return answers
  }

  /// Sends one call and returns its answer.
  @discardableResult
  func run(_ sql: String, _ parameters: [Parameter] = []) throws(StoreFault) -> Rows {
    try run(Call(sql, parameters))
  }

  func run(_ call: Call) throws(StoreFault) -> Rows {
    let answers = try run([call])
    guard let rows = answers.first else { throw lost() }
    return rows
  }

  /// Ends a transaction that must not be kept. A session that cannot even do that is closed.
  func rollBack() {
    guard isInTransaction else { return }
    // Alone: a failed transaction takes nothing else.
    do throws(StoreFault) { try run([.rollBack], limited: false) } catch { close() }
  }

  /// Closes the socket at once. Nothing waits for the server.
  func close() {
    guard !isBroken else { return }
    isBroken = true
    Self.open.subtract(1, ordering: .relaxed)
    if let start { OwnSessions.closed(start, in: pool) }
    // libpq would say goodbye first; on a shut socket that cannot hold anybody up.
    let socket = PQsocket(handle)
    if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
    PQfinish(handle)
  }

  /// Looks at a socket that became readable while nobody had asked anything.
  ///
  /// - Returns: what was observed, when the session is lost; it is closed then.
  func lookWhileIdle() -> StoreFault? {
    guard !isBroken else { return nil }
    let isOpen = PQconsumeInput(handle) == 1
    // Only this makes libpq read what the server says on its own account, such as its goodbye.
    _ = PQisBusy(handle)
    guard isOpen, PQstatus(handle) == CONNECTION_OK, notices.goodbye == nil else { return lost() }
    return nil
  }

  // MARK: Sending

  private enum Expected {
    case preparation(sql: String, name: String)
    case answer
    /// The end of a piece: what fails in one piece leaves the next alone.
    case mark
  }

  private func sendMark(_ expected: inout [Expected]) throws(StoreFault) {
    guard PQpipelineSync(handle) == 1 else { throw lost() }
    expected.append(.mark)
  }

  private func send(_ call: Call, _ expected: inout [Expected]) throws(StoreFault) {
    guard call.isPrepared else {
      guard PQsendQueryParams(handle, call.sql, 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
      return expected.append(.answer)
    }
    var name = prepared[call.sql]
    if name == nil {
      for case .preparation(call.sql, let sent) in expected { name = sent }
    }
    if name == nil {
      namesGiven += 1
      let new = "s\(namesGiven)"
      guard PQsendPrepare(handle, new, call.sql, 0, nil) == 1 else { throw lost() }
      expected.append(.preparation(sql: call.sql, name: new))
      name = new
    }
    guard sendExecution(name ?? "", call.parameters) else { throw lost() }
    expected.append(.answer)
  }

  private func sendExecution(_ name: String, _ parameters: [Parameter]) -> Bool {
    var lengths: [Int32] = []
    var all: [UInt8] = []
    for parameter in parameters {
      lengths.append(Int32(clamping: parameter.bytes?.count ?? 0))
      all += parameter.bytes ?? []
    }
    // An empty value still needs an address: NULL is told by the lack of one.
    all.append(0)
    let formats = [Int32](repeating: 1, count: parameters.count)
    return all.withUnsafeBytes { buffer -> Bool in
      guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return false }
      var place = 0
      var values: [UnsafePointer<CChar>?] = []
      for (index, parameter) in parameters.enumerated() {
        values.append(parameter.bytes == nil ? nil : base + place)
        place += Int(lengths[index])
      }
      return PQsendQueryPrepared(
        handle, name, Int32(parameters.count), values, lengths, formats, 1) == 1
    }
  }

  /// Hands everything over to the system, reading meanwhile so that neither side waits for the
  /// other with full buffers.
  func flush() throws(StoreFault) {
    while true {
      switch PQflush(handle) {
      case 0: return
      case 1:
        let ready = try wait(for: Int16(POLLIN | POLLOUT))
        if ready & Int16(POLLIN | POLLHUP | POLLERR) != 0, PQconsumeInput(handle) != 1 {
          throw lost()
        }
      default: throw lost()
      }
    }
  }

  // MARK: Receiving

  private func collect(_ expected: [Expected]) throws(StoreFault) -> [Rows] {
    var answers: [Rows] = []
    var fault: StoreFault?
    for step in expected {
      guard let result = try nextResult() else { throw lost() }
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
        let rows = Rows(owning: result)
        switch step {
        case .preparation(let sql, let name): prepared[sql] = name
        case .answer: answers.append(rows)
        case .mark: throw lost()
        }
      case PGRES_PIPELINE_SYNC:
        PQclear(result)
        guard case .mark = step else { throw lost() }
        continue
      case PGRES_PIPELINE_ABORTED:
        PQclear(result)
      default:
        let observed = try self.fault(consuming: result)
        fault = fault ?? observed
      }
      if let more = try nextResult() {
        PQclear(more)
        throw lost()
      }
    }
    if let fault { throw fault }
    return answers
  }

  /// The next result; nil between the results of two statements.
  func nextResult() throws(StoreFault) -> OpaquePointer? {
    while PQisBusy(handle) == 1 {
      _ = try wait(for: Int16(POLLIN))
      guard PQconsumeInput(handle) == 1 else { throw lost() }
    }
    return PQgetResult(handle)
  }

  /// What an error result means. When the server ends the session with it, so do we.
  func fault(consuming result: OpaquePointer) throws(StoreFault) -> StoreFault {
    let answer = ServerError(result)
    PQclear(result)
    guard let state = answer.sqlState else { throw lost() }
    lastError = answer
    let fault = StatementFaults.fault(
      state, answer.message, routine: answer.routine, layer: errand.layer, place: place)
    if answer.endsSession || PQstatus(handle) != CONNECTION_OK {
      close()
      throw fault
    }
    isStale = isStale || StatementFaults.isStaleSession(state)
    return fault
  }

  /// Waits until the socket is ready, and not a moment longer than the errand may take.
  func wait(for events: Int16) throws(StoreFault) -> Int16 {
    while true {
      var poller = pollfd(fd: PQsocket(handle), events: events, revents: 0)
      let ready = poll(&poller, 1, errand.deadline.remainingMilliseconds)
      if ready > 0 {
        if poller.revents & Int16(POLLIN) != 0 { errand.hearing?.heard() }
        return poller.revents
      }
      if ready < 0, errno == EINTR { continue }
      if ready < 0 { throw lost() }
      close()
      throw StoreFault(
        errand.layer == .writeProbe ? .writeSlow : .readSlow,
        "\(place) did not answer within \(seconds(errand.milliseconds))", missedDeadline: true)
    }
  }

  /// The session is gone: closes it and says what libpq or the server said about it.
  func lost() -> StoreFault {
    guard !isBroken else { return closedBefore }
    let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let goodbye = notices.goodbye
    close()
    guard let state = goodbye?.sqlState ?? SQLState.found(in: message) else {
      return StoreFault(.connectionLost, "the connection to \(place) was lost")
    }
    return StatementFaults.fault(
      state, goodbye?.message ?? "", layer: errand.layer, place: place)
  }

  private var closedBefore: StoreFault {
    StoreFault(.connectionLost, "the connection to \(place) was lost")
  }
}

/// `2 s` or `1.5 s`.
func seconds(_ milliseconds: Int) -> String {
  let tenths = (milliseconds + 50) / 100
  return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
}

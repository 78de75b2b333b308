import BankCore
import BankService
import CLibPQ

/// C14 to C23: what a session finds out about the database it is in. Nothing of it stays: what is
/// written is taken back.
struct SessionChecks {
  let connection: Connection
  /// Known from C14 on.
  let bank: BankIdentity?
  /// What the database is asked about when it is this till's bank.
  let memory: TillMemory?
  let milliseconds: Int

  func look(_ layer: Layer) throws(StoreFault) -> LayerFinding {
    switch layer {
    case .wrongBank: try identity()
    case .schema: try schema()
    case .privileges: try privileges()
    case .readOnly: try role()
    case .readProbe: try read()
    case .writeProbe: try write()
    case .diskFull: try fill()
    case .latency: try roundTrips()
    case .clock: try clock()
    default: .notApplicable("")
    }
  }

  private func identity() throws(StoreFault) -> LayerFinding {
    let identity = Identity(connection: connection)
    let bank = try identity.bank()
    let database =
      try connection.run("SELECT current_database()::text")
      .first { cells throws(StoreFault) in try cells.text() } ?? ""
    let place = "in the database \(database)"
    guard let memory, memory.bank == bank.id else { return .bank(bank, place) }
    return .bank(bank, place, try identity.knowledge(memory, bank))
  }

  private func schema() throws(StoreFault) -> LayerFinding {
    let present = Int64(bank?.schema ?? 0)
    try Migration.check(present, place: connection.place)
    try BooksShape(connection: connection).check()
    return .pass("schema \(present), as this version needs it")
  }

  private func privileges() throws(StoreFault) -> LayerFinding {
    let explanation = FaultExplanation(connection: connection)
    guard let fault = try NeededRights(connection: connection).missing() else {
      return .pass("the role may do all that Daybook does, and no row is hidden from it")
    }
    guard fault.kind == .rightsMissing, let rehearsal else { throw fault }
    // A right may be given in another way, such as column by column. To try it decides.
    do throws(StoreFault) {
      try rehearsal.read(milliseconds: milliseconds)
      try rehearsal.post(milliseconds: milliseconds)
      try rehearsal.administer(milliseconds: milliseconds)
    } catch {
      throw explanation.explain(fault)
    }
    return .pass("the role may do all that Daybook does: it was tried")
  }

  private func role() throws(StoreFault) -> LayerFinding {
    let answer = try connection.run(
      "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean"
    ).first { cells throws(StoreFault) in (try cells.bool(), try cells.bool()) }
    let place = connection.place
    switch answer {
    case (true, _)?:
      throw StoreFault(.standby, "\(place) is a standby: it follows another server", sqlState: nil)
    case (_, true)?:
      throw StoreFault(
        .readOnlySessions, "\(place) is a primary, and its sessions are set to read-only",
        remedy: try readOnlyRemedy())
    default: return .pass("a primary that may be written to")
    }
  }

  /// Where the setting was made; the nearest to the session wins.
  private func readOnlyRemedy() throws(StoreFault) -> String? {
    let places = try SettingOrigin(connection).remedies(
      of: "default_transaction_read_only", source: nil, turningOn: false)
    return places.isEmpty
      ? "ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf(), or take it out "
        + "of options= in the address"
      : places.joined(separator: "; ")
  }

  // MARK: Probes

  private var rehearsal: Rehearsal? { bank.map { Rehearsal(connection, of: $0) } }

  private func read() throws(StoreFault) -> LayerFinding {
    try rehearsal?.read(milliseconds: milliseconds)
    return .pass("the tables of the books can be read")
  }

  private func write() throws(StoreFault) -> LayerFinding {
    try rehearsal?.post(milliseconds: milliseconds)
    let promise = try CommitPromise(connection)
    try promise.check()
    do throws(StoreFault) {
      try rehearsal?.administer(milliseconds: milliseconds)
    } catch {
      guard error.kind == .writeBlocked else { throw error }
      return .warn(
        .writeBlocked,
        "entries are posted; no account can be opened meanwhile: \(error.text)")
    }
    return try promise.warning(connection)
      ?? .pass(
        "entries were posted and taken back; the commit itself is not tried\(promise.reservation)")
  }

  /// So much that the table has to grow: one line may still find room on a full disk. The digits
  /// are random, or they would be compressed.
  private func fill() throws(StoreFault) -> LayerFinding {
    let call = Call(
      """
      INSERT INTO daybook.account_change (entry_id, account, what, operator, at)
      SELECT gen_random_uuid(), 'doctor', 'open', string_agg(md5(random()::text), ''), 0
      FROM generate_series(1, 2000)
      """)
    do throws(StoreFault) {
      try connection.run([.begin, call])
    } catch {
      connection.rollBack()
      guard error.kind == .writeBlocked else { throw error }
      return .notApplicable("not tried: another session holds daybook.account_change")
    }
    connection.rollBack()
    return .pass("64 kB were written and taken back")
  }

  // MARK: Figures

  private func roundTrips() throws(StoreFault) -> LayerFinding {
    var times: [Double] = []
    let start = ContinuousClock.now
    // Five where they are quick; over a slow line the deadline would end a fifth.
    while times.count < 5, start.duration(to: .now) < .milliseconds(400) {
      let began = ContinuousClock.now
      try connection.run("SELECT 1")
      times.append(began.duration(to: .now) / .milliseconds(1))
    }
    return .roundTrips(times)
  }

  private func clock() throws(StoreFault) -> LayerFinding {
    let began = ContinuousClock.now
    let rows = try connection.run("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
    let milliseconds = began.duration(to: .now) / .milliseconds(1)
    guard let now = try rows.first({ cells throws(StoreFault) in try cells.instant() }) else {
      throw StoreFault(.schemaUnreadable, "\(connection.place) does not tell the time")
    }
    return .clock(now, roundTripMilliseconds: milliseconds)
  }
}

extension Connection {
  /// How the connection is protected, for people.
  var isEncrypted: Bool { PQsslInUse(handle) == 1 }

  var encryptionWords: String {
    guard isEncrypted else { return "not encrypted" }
    let version = PQsslAttribute(handle, "protocol").map { String(cString: $0) } ?? "TLS"
    return "encrypted with \(version)"
  }

  /// What the server said of itself at the start of the session, such as `server_encoding`.
  func parameter(_ name: String) -> String? {
    PQparameterStatus(handle, name).map { String(cString: $0) }
  }

  /// The process that serves the session, as it was named at the login: behind a pooler, a number
  /// of the pooler's.
  var process: Int64 { Int64(PQbackendPID(handle)) }

  /// The process that serves the session, as the server itself says.
  func serverProcess() throws(StoreFault) -> Int64? {
    try run("SELECT pg_backend_pid()::bigint")
      .first { cells throws(StoreFault) in try cells.integer() }
  }
}

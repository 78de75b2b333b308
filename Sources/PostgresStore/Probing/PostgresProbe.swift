import BankCore
import BankService
import CLibPQ
import ConnectionString
import Glibc
import Synchronization

/// Looks at the layers between this machine and one host of a PostgreSQL address. What libpq and
/// the store do every day is done here with the same parts, one step at a time.
public final class PostgresProbe: ConnectionProbe {
  public let place: String
  private let address: Result<ServerAddress, StoreFault>
  private let host: ServerAddress.Host
  private let memory: TillMemory?
  private let state = Mutex(State())

  struct State {
    /// What the port answered to the question for encryption.
    var offersEncryption = false
    /// Numeric addresses, when the name was looked up.
    var numerics: [String] = []
    /// The open sockets to the addresses, in their order.
    var knocks: [Knock] = []
    var pool: SessionPool?
    /// A pooler has no place for a second session.
    var isCramped = false
    var bank: BankIdentity?
    /// As the server said at the login.
    var isReadOnly = false
  }

  public var isReadOnly: Bool { state.withLock(\.isReadOnly) }

  /// One probe for each host of the address; one for an address that cannot be read.
  ///
  /// - Parameter memory: what the database must know if it is this till's bank.
  public static func probes(
    of text: String, remembering memory: TillMemory? = nil
  ) -> [PostgresProbe] {
    do throws(StoreFault) {
      let address = try ServerAddress.read(text)
      return address.hosts.map { PostgresProbe(.success(address), $0, memory) }
    } catch {
      let nowhere = ServerAddress.Host(name: "", numeric: nil, port: "")
      return [PostgresProbe(.failure(error), nowhere, memory)]
    }
  }

  private init(
    _ address: Result<ServerAddress, StoreFault>, _ host: ServerAddress.Host,
    _ memory: TillMemory?
  ) {
    self.address = address
    self.host = host
    self.memory = memory
    place =
      switch address {
      case .success: host.display
      case .failure(let fault):
        fault.cause == .unparsable ? "unreadable address" : "incomplete address"
      }
  }

  public func close() async {
    var (knocks, pool) = state.withLock { state in
      defer { (state.knocks, state.pool) = ([], nil) }
      return (state.knocks, state.pool)
    }
    for index in knocks.indices { knocks[index].close() }
    pool?.endAll()
  }

  public func look(_ layer: Layer, within milliseconds: Int) async -> LayerFinding {
    do throws(StoreFault) {
      if layer == .unparsable, case .failure(let fault) = address, fault.cause != .layer(layer) {
        return .pass("the address can be read")
      }
      let address = try address.get()
      switch layer {
      case .unparsable: return .pass("the address can be read; it names \(words(address))")
      case .valueMissing: return .origins(address.origins(of: host))
      case .secretMissing: return address.password(for: host).finding
      case .nameLookup: return try await lookUp(within: milliseconds)
      case .connect: return try await reach(within: milliseconds)
      case .notThisService: return try await greet(within: milliseconds)
      case .encryption: return try await connect(address, within: milliseconds)
      case .notReady: return .pass("the server takes sessions")
      case .noSlots: return try await sessions(within: milliseconds)
      case .accessRule: return .pass("the access rules let this machine in")
      case .login: return .pass("the login was accepted")
      case .noSuchDatabase: return .pass("the database is there and may be entered")
      case .startOptions: return .pass("the server knows every setting asked for")
      case .pooler: return try await pooler(within: milliseconds)
      default: return try await lookInside(layer, within: milliseconds)
      }
    } catch {
      return .fail(error)
    }
  }

  // MARK: C01 to C03: on paper

  private func words(_ address: ServerAddress) -> String {
    address.hosts.count == 1
      ? "one host, \(place)" : "\(address.hosts.count) hosts, of which this is \(place)"
  }

  // MARK: C04 to C06: the way there

  private func lookUp(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let host = host
    if host.isSocket { return .notApplicable("a socket in the file system needs no name") }
    if let numeric = host.numeric ?? ResolvedName.numeric(host.name) {
      state.withLock { $0.numerics = [numeric] }
      return .notApplicable("\(numeric) is numeric: nothing to look up")
    }
    let numerics = try await onThread { () throws(StoreFault) in
      try NameLookup.addresses(of: host, by: Deadline(milliseconds: milliseconds))
    }
    state.withLock { $0.numerics = numerics }
    return .pass("\(host.name) is \(numerics.joined(separator: ", "))")
  }

  private func reach(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let host = host
    let numerics = state.withLock { $0.numerics }
    let knocks = try await onThread { () throws(StoreFault) in
      let ways = host.isSocket ? [host] : numerics.map(host.at)
      var knocks = ways.map { Knock(at: $0, asking: false) }
      Reaching.reach(&knocks, by: Deadline(milliseconds: milliseconds))
      return knocks
    }
    guard let first = knocks.first(where: \.isConnected) else {
      var furthest = FurthestFault()
      for (number, knock) in knocks.enumerated() {
        knock.fault(milliseconds: milliseconds).map { furthest.note($0, at: number) }
        var open = knock
        open.close()
      }
      throw furthest.worst ?? StoreFault(.connect, "no connection to \(place)")
    }
    state.withLock { $0.knocks = knocks }
    let others = knocks.filter { !$0.isConnected }.compactMap(\.way.numeric)
    let silent = others.isEmpty ? "" : "; \(others.joined(separator: ", ")) did not"
    return .pass("\(first.way.numeric ?? place) accepts connections\(silent)")
  }

  /// The first address that speaks decides: the till takes it too.
  private func greet(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let begun = state.withLock { state in
      defer { state.knocks = [] }
      return state.knocks
    }
    let knocks = try await onThread { () throws(StoreFault) in
      var knocks = begun
      Reaching.ask(&knocks, by: Deadline(milliseconds: milliseconds))
      for index in knocks.indices { knocks[index].close() }
      return knocks
    }
    guard let answer = knocks.lazy.compactMap(\.answer).first else {
      var furthest = FurthestFault()
      for (number, knock) in knocks.enumerated() {
        knock.fault(milliseconds: milliseconds).map { furthest.note($0, at: number) }
      }
      throw furthest.worst
        ?? StoreFault(.connectionLost, "the connection to \(host.place) was lost")
    }
    state.withLock { state in
      state.offersEncryption = answer == "S"
      // Those behind the first that speaks were not waited for: they may be as good.
      let behind = knocks.drop { $0.answer == nil }.filter(\.isPending)
      let usable = knocks.filter { $0.answer != nil } + knocks.filter(\.isOdd) + behind
      state.numerics = usable.compactMap(\.way.numeric)
    }
    let words =
      switch answer {
      case "S": "it speaks PostgreSQL and offers encryption"
      case "N": "it speaks PostgreSQL and offers no encryption"
      default: "it speaks PostgreSQL and answers with an error"
      }
    return silentAhead(knocks, words) ?? .pass(words)
  }

  /// Each connection waits for an address that comes before the one that speaks, and says nothing.
  private func silentAhead(_ knocks: [Knock], _ words: String) -> LayerFinding? {
    let silent = knocks.prefix { $0.answer == nil }.filter(\.isPending)
    guard !silent.isEmpty else { return nil }
    return .warn(
      .silentAhead, "\(words); \(SilentAhead(places: silent.map(\.way.place)).words)")
  }

  // MARK: C07 to C13: the login

  private func connect(
    _ address: ServerAddress, within milliseconds: Int
  ) async throws(StoreFault) -> LayerFinding {
    let numerics = state.withLock { $0.numerics }
    let pool = SessionPool(address.narrowed(to: host, at: numerics)) { _ in }
    state.withLock { $0.pool = pool }
    do throws(StoreFault) {
      // The time of the encryption and that of the login.
      let (text, isEncrypted, isReadOnly) = try await pool.run(
        .reading(milliseconds: 2 * milliseconds)
      ) { connection throws(StoreFault) in
        (connection.encryptionWords, connection.isEncrypted, connection.saysThatItIsReadOnly)
      }
      state.withLock { $0.isReadOnly = isReadOnly }
      if !isEncrypted, let why = await dropped(address, numerics, within: milliseconds) {
        return why
      }
      return .pass(text)
    } catch {
      switch error.cause {
      case .layer(.noSlots): throw error
      // Also when the settings of the session, sent right behind the login, were not answered.
      case _ where error.missedDeadline && error.kind != .noAnswer:
        throw ConnectFaults.loginUnanswered(place, milliseconds: 2 * milliseconds)
      case .layer(.connect):
        // It has just spoken PostgreSQL: why the connection ended, nobody can say from here.
        throw StoreFault(
          .connect, "\(error.text), in the middle of the login", sqlState: error.sqlState)
      default: throw error
      }
    }
  }

  /// Where libpq has gone on without the encryption that was offered, because of something on this
  /// side: with sslmode=prefer it does so without a word.
  private func dropped(
    _ address: ServerAddress, _ numerics: [String], within milliseconds: Int
  ) async -> LayerFinding? {
    guard state.withLock({ $0.offersEncryption }), address.mayDropEncryption else { return nil }
    let encrypted = address.narrowed(to: host, at: numerics).demandingEncryption()
    let pool = SessionPool(encrypted) { _ in }
    defer { pool.endAll() }
    do throws(StoreFault) {
      try await pool.run(.reading(milliseconds: milliseconds)) { _ in }
      return nil
    } catch {
      guard error.cause == .encryption, let kind = error.kind else { return nil }
      return .warn(
        kind, "the connection is not encrypted, although the server offers it: \(error.text)",
        remedy: error.remedy)
    }
  }

  /// There was a free connection; whether there are as many as a till needs.
  private func sessions(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    guard let pool = state.withLock({ $0.pool }) else {
      return .pass("there was a free connection")
    }
    let errand = Errand.reading(milliseconds: milliseconds)
    let lease = try await pool.lease(errand)
    do throws(StoreFault) {
      let (finding, isPooled) = try await lease.run(errand) { connection throws(StoreFault) in
        (try SessionRoom(connection).finding, connection.start?.isPooled ?? false)
      }
      // What else may be wrong with a second one, later layers tell.
      if isPooled, await isCramped(pool, errand) {
        state.withLock { $0.isCramped = true }
      }
      await lease.end()
      guard case .pass = finding, state.withLock(\.isCramped) else { return finding }
      return .warn(
        .fewSessions,
        "a pooler at \(place) has no place for a second session: a till needs up to "
          + "\(SessionPool.needed)",
        remedy: ConnectAttempt.poolRemedy)
    } catch {
      await lease.end()
      throw error
    }
  }

  private func isCramped(_ pool: SessionPool, _ errand: Errand) async -> Bool {
    do throws(StoreFault) { return try await second(pool, errand) == nil } catch { return false }
  }

  // MARK: C14 to C23: inside

  private func lookInside(
    _ layer: Layer, within milliseconds: Int
  ) async throws(StoreFault) -> LayerFinding {
    guard let pool = state.withLock({ $0.pool }) else {
      throw StoreFault(.connectionLost, "the connection to \(place) was lost")
    }
    let (known, memory) = (state.withLock { $0.bank }, memory)
    let writes = layer == .writeProbe || layer == .diskFull
    let errand: Errand =
      writes ? .writing(milliseconds: milliseconds) : .reading(milliseconds: milliseconds)
    do throws(StoreFault) {
      let finding = try await pool.run(errand) { connection throws(StoreFault) -> LayerFinding in
        let checks = SessionChecks(
          connection: connection, bank: known, memory: memory, milliseconds: milliseconds)
        do throws(StoreFault) {
          return try checks.look(layer)
        } catch {
          throw FaultExplanation(connection: connection).explain(error)
        }
      }
      if case .bank(let bank, _, _) = finding { state.withLock { $0.bank = bank } }
      return finding
    } catch {
      guard [.readBlocked, .writeBlocked].contains(error.kind) else { throw error }
      throw await withHolder(error, layer, pool)
    }
  }

  /// A pooler gives us a number of its own for the session. One that lends a server's session for
  /// each transaction alone lends the same one to two clients who are both there.
  private func pooler(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    guard let pool = state.withLock({ $0.pool }) else {
      throw StoreFault(.connectionLost, "the connection to \(place) was lost")
    }
    let errand = Errand.reading(milliseconds: milliseconds)
    let lease = try await pool.lease(errand)
    do throws(StoreFault) {
      let seen = try await lease.run(errand) { connection throws(StoreFault) in
        (
          mine: connection.process, server: try connection.serverProcess(),
          start: connection.start
        )
      }
      guard seen.mine != seen.server else {
        await lease.end()
        return .notApplicable("no pooler stands in between")
      }
      let isCramped = state.withLock(\.isCramped)
      let second = isCramped ? nil : try await second(pool, errand)
      let again = try await lease.run(errand) { connection throws(StoreFault) in
        try connection.serverProcess()
      }
      await lease.end()
      guard seen.server == again, seen.server != second else {
        throw StoreFault(
          .poolerPerTransaction,
          "a pooler at \(place) gives one session of the server to several clients in turn")
      }
      if let start = seen.start, start.isUnclean {
        return .warn(.poolerUnclean, start.fault(at: place).text)
      }
      return .pass("a pooler stands in between and keeps the session")
    } catch {
      await lease.end()
      throw error
    }
  }

  /// The server's process behind a second session; nil where the pooler has no room for one.
  private func second(_ pool: SessionPool, _ errand: Errand) async throws(StoreFault) -> Int64? {
    do throws(StoreFault) {
      return try await pool.run(.reading(milliseconds: errand.milliseconds / 2), fresh: true) {
        connection throws(StoreFault) in try connection.serverProcess()
      }
    } catch {
      guard error.missedDeadline || error.cause == .noSlots else { throw error }
      return nil
    }
  }

  /// Tries the same once more, while a second session asks the server who is in the way.
  private func withHolder(
    _ fault: StoreFault, _ layer: Layer, _ pool: SessionPool
  ) async -> StoreFault {
    let limit = 600
    let (bank, memory) = (state.withLock { $0.bank }, memory)
    do throws(StoreFault) {
      let lease = try await pool.lease(.writing(milliseconds: limit))
      let process = try? await lease.run(.reading(milliseconds: limit)) {
        connection throws(StoreFault) in try connection.serverProcess()
      }
      guard let process else {
        await lease.end()
        return fault
      }
      let waiting = Task {
        _ = try? await lease.run(.writing(milliseconds: limit)) { connection throws(StoreFault) in
          try SessionChecks(
            connection: connection, bank: bank, memory: memory, milliseconds: limit
          ).look(layer)
        }
        await lease.end()
      }
      let found = try? await pool.run(.reading(milliseconds: limit), fresh: true) {
        connection throws(StoreFault) -> LockHolders.Head? in
        let end = Deadline(milliseconds: limit / 2)
        while !end.hasPassed {
          if let head = try LockHolders(connection: connection).head(of: process) { return head }
          pause(milliseconds: 20)
        }
        return nil
      }
      await waiting.value
      guard let found else { return fault }
      return StoreFault(
        fault.kind ?? .writeBlocked, found.text(fault), remedy: found.remedy,
        sqlState: fault.sqlState, missedDeadline: true)
    } catch {
      return fault
    }
  }
}

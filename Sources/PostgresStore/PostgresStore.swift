import BankCore
import BankService
import ConnectionString
import Synchronization

/// The bank's books in a PostgreSQL database, over libpq.
///
/// Every call ends by its own deadline. Connections are made when they are needed and replaced
/// when they are lost; a few are kept, each on a thread of its own.
public final class PostgresStore: Store {
  public let endpoint: String
  let schemaFolder: String
  private let pool: Mutex<Result<SessionPool, StoreFault>>
  /// As it was given: what a service file lacks may be put there while a console is open.
  private let address: String
  private let addresses: Int
  private let broadcast: LossBroadcast
  private let hearing = Hearing()
  /// How long the last successful greeting over a fresh connection took.
  private let lastGreeting = Mutex<Int?>(nil)

  /// Connects to nothing yet: the first call does. A text that cannot be read answers every call
  /// with C01, so that a console can start and show it.
  ///
  /// - Parameters:
  ///   - address: `postgres://…` or libpq's keyword string. It may hold a secret, which is never
  ///     shown.
  ///   - schemaFolder: where the migrations `001.sql`, … for PostgreSQL are; `createBank` needs
  ///     them.
  public init(_ address: String, schemaFolder: String) {
    self.schemaFolder = schemaFolder
    self.address = address
    let broadcast = LossBroadcast()
    self.broadcast = broadcast
    do throws(StoreFault) {
      let read = try ServerAddress.read(address)
      endpoint = read.hosts.first?.display ?? "no host"
      addresses = read.hosts.count
      pool = Mutex(.success(SessionPool(read) { broadcast.tell($0) }))
    } catch {
      endpoint = error.cause == .valueMissing ? "incomplete address" : "unreadable address"
      addresses = 1
      pool = Mutex(.failure(error))
    }
  }

  public var lost: AsyncStream<StoreFault> { broadcast.stream() }

  public var lastHeard: ContinuousClock.Instant? { hearing.lastHeard }

  public func disconnect() async {
    if case .success(let pool) = pool.withLock({ $0 }) { pool.endAll() }
  }

  /// Runs an errand on one of the sessions.
  func run<Value: Sendable>(
    _ errand: Errand, fresh: Bool = false,
    _ body: @escaping @Sendable (Connection) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    do throws(StoreFault) {
      return try await sessions().run(errand, fresh: fresh, body)
    } catch {
      throw error.traced
    }
  }

  /// A session for several errands in one view of the books.
  func lease(_ errand: Errand) async throws(StoreFault) -> SessionLease {
    try await sessions().lease(errand)
  }

  private func sessions() throws(StoreFault) -> SessionPool {
    let found = pool.withLock { pool -> Result<SessionPool, StoreFault> in
      guard case .failure(let fault) = pool, fault.cause == .valueMissing else { return pool }
      do throws(StoreFault) {
        let read = try ServerAddress.read(address)
        pool = .success(SessionPool(read) { [broadcast] in broadcast.tell($0) })
      } catch {
        pool = .failure(error)
      }
      return pool
    }
    return try found.get()
  }

  // MARK: Identity

  public func greet(
    _ terminal: Identifier, fresh: Bool, recognized: @escaping @Sendable (Greeting) -> Void
  ) async throws(StoreFault) -> Greeting {
    let began = ContinuousClock.now
    let limit = greetingLimit(fresh: fresh)
    let errand = Errand.greeting(milliseconds: limit, addresses: fresh ? addresses : 1, hearing)
    var greeting = try await run(errand, fresh: fresh) { connection throws(StoreFault) in
      try Greeter(connection: connection).greet(
        terminal, rehearsing: fresh, milliseconds: limit, recognized: recognized)
    }
    let taken = Int(began.duration(to: .now) / .milliseconds(1))
    lastGreeting.withLock { last in
      if fresh || last == nil { last = taken }
    }
    if addresses == 1 { greeting.place = nil }
    return greeting
  }

  /// A probe must end soon, so that an outage is noticed soon; only the first greeting, and those
  /// over a line that is known to be slow, get the time that a connection may take at most.
  private func greetingLimit(fresh: Bool) -> Int {
    guard let last = lastGreeting.withLock({ $0 }) else { return 3_000 }
    return min(3_000, max(fresh ? 1_500 : 1_000, 4 * last))
  }

  public func createBank(
    _ draft: BankDraft
  ) async throws(StoreFault) -> (bank: BankIdentity, created: Bool) {
    let migrations = try Migration.all(in: schemaFolder)
    return try await run(.writing(milliseconds: 30_000)) { connection throws(StoreFault) in
      try Founding(connection: connection).createBank(draft, migrations)
    }
  }

  public func enrol(_ terminal: TerminalIdentity, at now: Instant) async throws(StoreFault) {
    try await run(.writing()) { connection throws(StoreFault) in
      try Identity(connection: connection).enrol(terminal, at: now)
    }
  }

  public func terminals() async throws(StoreFault) -> [TerminalRecord] {
    try await run(.reading()) { connection throws(StoreFault) in
      try Identity(connection: connection).terminals()
    }
  }

  public func closePeriod(through day: BusinessDay) async throws(StoreFault) {
    try await run(.writing()) { connection throws(StoreFault) in
      try Identity(connection: connection).closePeriod(through: day)
    }
  }

  public func assignException(
    _ id: EntryID, to owner: String
  ) async throws(StoreFault) -> Bool {
    try await run(.writing()) { connection throws(StoreFault) in
      try JournalReading(connection: connection).assign(id, to: owner)
    }
  }

  public func raiseEpoch(
    terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) async throws(StoreFault) -> BankIdentity {
    try await run(.writing()) { connection throws(StoreFault) in
      try Identity(connection: connection).raiseEpoch(
        terminal, counterAtLeast: counter, epochAbove: epoch)
    }
  }

  // MARK: Posting

  public func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt {
    try await Bisecting { batch throws(StoreFault) in
      // 5 s for a handful; large batches get time in proportion.
      let limit = 5_000 + 5 * batch.submissions.count
      return try await self.run(.writing(milliseconds: limit)) { connection throws(StoreFault) in
        do throws(StoreFault) {
          return try PostingTransaction(connection: connection, batch: batch).post()
        } catch {
          throw Greeter(connection: connection).judge(error, milliseconds: 1_000)
        }
      }
    }.post(batch)
  }

  public func plan(_ batch: PostingBatch) async throws(StoreFault) -> [Decision] {
    let limit = 2_000 + 5 * batch.submissions.count
    return try await run(.reading(milliseconds: limit)) { connection throws(StoreFault) in
      try PostingTransaction(connection: connection, batch: batch).plan()
    }
  }

  public func inbox(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: InboxRow] {
    try await run(.reading(milliseconds: 2_000 + ids.count)) { connection throws(StoreFault) in
      try FactReading.inbox(connection.run(FactReading.inboxCall(ids)))
    }
  }

  // MARK: Accounts

  public func change(
    _ instruction: AccountInstruction
  ) async throws(StoreFault) -> AccountChange {
    try await run(.writing()) { connection throws(StoreFault) in
      try AccountChanging(connection: connection, instruction: instruction).carryOut()
    }
  }
}

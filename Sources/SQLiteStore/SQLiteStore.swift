import BankCore
import BankService
import Foundation
import GRDB
import Synchronization

/// The embedded bank: the whole of its books in one SQLite file.
public final class SQLiteStore: Store {
  public let endpoint: String
  let file: SQLiteFile
  private let schemaFolder: String
  private let memory: Memory

  /// Opens nothing yet: the first call does.
  ///
  /// - Parameters:
  ///   - path: the bank's file.
  ///   - schemaFolder: where the migrations `001.sql`, … for SQLite are; `createBank` needs them.
  public init(path: String, schemaFolder: String) {
    endpoint = URL(fileURLWithPath: path).lastPathComponent
    self.schemaFolder = schemaFolder
    let memory = Memory()
    self.memory = memory
    let plan = SQLiteFile.Plan(path: path, durability: .full) { database in
      try SchemaGuard.check(database, path: path)
      guard let bank = try BookReading(database: database).bank() else {
        throw SchemaGuard.missingIdentity
      }
      try memory.recognise(bank.identity, path: path)
    }
    file = SQLiteFile(plan)
  }

  /// The bank that this store has met. A file that is put in its place later must be the same.
  private final class Memory: Sendable {
    private let bank = Mutex<Identifier?>(nil)

    func recognise(_ met: BankIdentity, path: String) throws(StoreFault) {
      let isStranger = bank.withLock { known in
        if known == nil { known = met.id }
        return known != met.id
      }
      if isStranger {
        throw StoreFault(.anotherBank, "\(path) now holds another bank: \(met.name)")
      }
    }
  }

  // MARK: Identity

  public func greet(
    _ terminal: Identifier, fresh: Bool, recognized: @escaping @Sendable (Greeting) -> Void
  ) async throws(StoreFault) -> Greeting {
    if fresh { await file.close() }
    let path = file.path
    return try await file.run(.writeProbe, seconds: 2) { database in
      let clock = ContinuousClock()
      let began = clock.now
      let isWritable = try Self.canWrite(database)
      let (bank, record, newest) = try database.inOneTransaction(.deferred) {
        let books = BookReading(database: database)
        return (try books.bank(), try books.terminal(terminal), try books.newestBookedDay())
      }
      guard let bank else { throw SchemaGuard.missingIdentity }
      try self.memory.recognise(bank.identity, path: path)
      return Greeting(
        bank: bank.identity, isWritable: isWritable, terminal: record,
        closedThrough: bank.closedThrough,
        roundTripMilliseconds: (clock.now - began) / .milliseconds(1),
        time: .newestBooking(newest))
    }
  }

  /// A write that is taken back at once.
  private static func canWrite(_ database: Database) throws -> Bool {
    do {
      try database.inTransaction(.immediate) {
        try database.carryOut("UPDATE bank SET change = change")
        return .rollback
      }
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      return false
    }
  }

  public func createBank(
    _ draft: BankDraft
  ) async throws(StoreFault) -> (bank: BankIdentity, created: Bool) {
    let migrations = try Migration.all(in: schemaFolder)
    let path = file.path
    let made = try await file.write(creating: true) { database in
      try SchemaGuard.upgrade(database, path: path, with: migrations)
      let books = BookReading(database: database)
      if let bank = try books.bank() { return (bank: bank.identity, created: false) }
      try database.carryOut(
        """
        INSERT INTO bank (id, name, environment, currency, time_zone, epoch)
        VALUES (?, ?, ?, ?, ?, 1)
        """,
        [
          draft.id.blob, draft.name.storable, draft.environment.storable, draft.currency.code,
          draft.timeZone.storable,
        ])
      guard let bank = try books.bank() else { throw SchemaGuard.missingIdentity }
      return (bank: bank.identity, created: true)
    }
    try memory.recognise(made.bank, path: path)
    return made
  }

  public func enrol(_ terminal: TerminalIdentity, at now: Instant) async throws(StoreFault) {
    try await file.write { database in
      try database.carryOut(
        "INSERT INTO terminal (id, name, enrolled_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [terminal.id.blob, terminal.name.text, now.millisecondsSince1970])
      let known = try BookReading(database: database).terminal(terminal.id)
      guard known?.name == terminal.name.text else {
        throw StoreFault(
          .terminalCloned,
          known.map { "this terminal is enrolled as \($0.name), not as \(terminal.name)" }
            ?? "the name \(terminal.name) belongs to another terminal")
      }
    }
  }

  public func terminals() async throws(StoreFault) -> [TerminalRecord] {
    try await file.read { try BookReading(database: $0).terminals() }
  }

  // MARK: Posting

  public func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt {
    let file = file
    return try await Bisecting { batch throws(StoreFault) in
      // 5 s for a handful; large batches get time in proportion.
      let seconds = 5 + Double(batch.submissions.count) * 0.005
      return try await file.run(.writeProbe, seconds: seconds) { database in
        var receipt = PostingReceipt(decisions: [], counter: 0, epoch: 0)
        try database.inTransaction(.immediate) {
          let answer = try PostingTransaction(database: database, batch: batch).post()
          receipt = answer.receipt
          return answer.mayCommit ? .commit : .rollback
        }
        return receipt
      }
    }.post(batch)
  }

  public func plan(_ batch: PostingBatch) async throws(StoreFault) -> [Decision] {
    let seconds = 2 + Double(batch.submissions.count) * 0.005
    return try await file.read(seconds: seconds) {
      try PostingTransaction(database: $0, batch: batch).plan().decisions
    }
  }

  public func inbox(_ ids: [EntryID]) async throws(StoreFault) -> [EntryID: InboxRow] {
    try await file.read(seconds: 2 + Double(ids.count) * 0.001) { database in
      var known: [EntryID: InboxRow] = [:]
      for id in ids { known[id] = try BookReading(database: database).inboxRow(id) }
      return known
    }
  }

  // MARK: Accounts

  public func change(
    _ instruction: AccountInstruction
  ) async throws(StoreFault) -> AccountChange {
    try await file.write { try BookWriting(database: $0).carryOut(instruction) }
  }

  public func change(
    _ instructions: [AccountInstruction]
  ) async throws(StoreFault) -> [AccountChange] {
    let seconds = 5 + Double(instructions.count) * 0.005
    return try await file.write(seconds: seconds) { database in
      try instructions.map { try BookWriting(database: database).carryOut($0) }
    }
  }

  // MARK: Reading

  public func account(_ number: AccountNumber) async throws(StoreFault) -> Account? {
    try await file.read { database in
      guard number.isOwn else { return try AccountReading(database: database).account(number) }
      return Account(own: number, shares: try BookReading(database: database).shares(of: number))
    }
  }

  public func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage {
    try await file.read { try AccountSearch(WordIndex(database: $0)).page(query) }
  }

  public func countAccounts(
    _ filter: String, cap: Int
  ) async throws(StoreFault) -> CappedCount {
    try await file.read { try AccountSearch(WordIndex(database: $0)).count(filter, cap: cap) }
  }

  public func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage {
    try await file.read { database in
      let page = try AccountReading(database: database).statement(query)
      return try BookReading(database: database).marked(page)
    }
  }

  public func transactions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ReversalTarget] {
    try await file.read { database in
      var found: [EntryID: ReversalTarget] = [:]
      for id in ids { found[id] = try BookReading(database: database).target(id) }
      return found
    }
  }

  public func journal(_ query: JournalQuery) async throws(StoreFault) -> JournalPage {
    try await file.read { try BookReading(database: $0).journal(query) }
  }

  public func exceptions(
    _ ids: [EntryID]
  ) async throws(StoreFault) -> [EntryID: ExceptionRecord] {
    try await file.read(seconds: 2 + Double(ids.count) * 0.001) {
      try BookReading(database: $0).exceptions(ids)
    }
  }

  public func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) async throws(StoreFault) -> [ExceptionRecord] {
    try await file.read {
      try BookReading(database: $0)
        .exceptions(includingSettled: includingSettled, after: after, limit: limit)
    }
  }

  public func assignException(
    _ id: EntryID, to owner: String
  ) async throws(StoreFault) -> Bool {
    try await file.write { database in
      guard try BookReading(database: database).isOpenException(id) == true else { return false }
      try database.changeOne(
        "UPDATE exception SET owner = ? WHERE entry_id = ?", [owner.storable, id.blob])
      return true
    }
  }

  public func countOpenExceptions() async throws(StoreFault) -> Int {
    try await file.read { try BookReading(database: $0).countOpenExceptions() }
  }

  // MARK: Periods and healing

  public func closePeriod(through day: BusinessDay) async throws(StoreFault) {
    try await file.write { database in
      // A period that is closed stays closed.
      try database.carryOut(
        "UPDATE bank SET closed_through = max(coalesce(closed_through, ?1), ?1)",
        [day.daysSince1970])
    }
  }

  public func raiseEpoch(
    terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) async throws(StoreFault) -> BankIdentity {
    try await file.write { database in
      try database.carryOut("UPDATE bank SET epoch = max(epoch, ?) + 1", [epoch])
      try database.carryOut(
        "UPDATE terminal SET counter = max(counter, ?) WHERE id = ?", [counter, terminal.blob])
      guard let bank = try BookReading(database: database).bank() else {
        throw SchemaGuard.missingIdentity
      }
      return bank.identity
    }
  }

  // MARK: Snapshots

  public func changes(
    since mark: SnapshotMark?, terminal: Identifier,
    deliver: @Sendable (SnapshotPart) async throws(StoreFault) -> Void
  ) async throws(StoreFault) -> SnapshotMark {
    var feed = SnapshotFeed(since: mark, terminal: terminal)
    while true {
      let current = feed
      let page = try await file.read(seconds: 5) { try current.page($0) }
      if !page.part.items.isEmpty { try await deliver(page.part) }
      if page.isLast { return page.mark }
      feed = feed.after(page)
    }
  }

  public func snapshotPart(_ numbers: [AccountNumber]) async throws(StoreFault) -> SnapshotPart {
    try await file.read { database in
      SnapshotPart(
        items: try numbers.compactMap { try SnapshotFeed.item($0, in: database) })
    }
  }

  public func bucketSums() async throws(StoreFault) -> [BucketSum] {
    try await file.read { try AccountReading(database: $0).bucketSums() }
  }

  public func disconnect() async { await file.close() }
}

extension SQLiteStore {
  /// How the file is really kept, asked of SQLite itself.
  struct Settings: Sendable {
    let synchronous: Int64
    let journalMode: String
    let foreignKeys: Int64
  }

  func settings() async throws(StoreFault) -> Settings {
    try await file.run(.readProbe, seconds: 1) { database in
      Settings(
        synchronous: try database.row("PRAGMA synchronous")?.integer("synchronous") ?? -1,
        journalMode: try database.row("PRAGMA journal_mode")?.text("journal_mode") ?? "",
        foreignKeys: try database.row("PRAGMA foreign_keys")?.integer("foreign_keys") ?? -1)
    }
  }
}

import BankCore
import BankService
import Foundation
import GRDB
import Synchronization

/// One SQLite file: opened when it is first needed, opened again when it was replaced, and given up
/// when it misses a deadline.
final class SQLiteFile: Sendable {
  /// How hard the file tries to survive a power loss.
  enum Durability: Sendable {
    /// Each commit is on the disk before it is told. The books.
    case full
    /// The file stays sound, the newest commits may be lost. Enough for what can be copied again.
    case normal
  }

  /// Looks at a file that was just opened, and throws when it is not what it should be.
  typealias Inspection = @Sendable (Database) throws -> Void

  /// What is opened and how.
  struct Plan: Sendable {
    let path: String
    let durability: Durability
    /// Whether a missing file is made on first use; otherwise only a call that says so makes it.
    var makesFile = false
    /// Whether the work gives way to all other work of this program.
    var isPatient = false
    let inspect: Inspection
  }

  var path: String { plan.path }
  var isThere: Bool { FileManager.default.fileExists(atPath: path) }
  private let plan: Plan
  private let session: Mutex<Session>

  init(_ plan: Plan) {
    self.plan = plan
    session = Mutex(Session(plan))
  }

  /// Runs `work` outside any transaction.
  ///
  /// - Parameters:
  ///   - layer: the one to name when the deadline is missed or the file is locked.
  ///   - seconds: the deadline of the whole call.
  ///   - creating: whether a missing file is made, and an unknown one not inspected.
  func run<Value: Sendable>(
    _ layer: Layer, seconds: Double, creating: Bool = false,
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    let session = session.withLock { $0 }
    let path = path
    let late = StoreFault(
      .layer(layer), "\(path) did not answer within \(seconds) s", missedDeadline: true)
    let result = await answer(within: seconds, on: session.lane, otherwise: late) {
      () -> Result<Value, StoreFault> in
      Result { try session.perform(creating: creating, work) }
        .mapError { StoreFault(error: $0, path: path, layer: layer) }
    }
    if case .failure(late) = result { abandon(session) }
    return try result.get()
  }

  /// Reads in one consistent view.
  func read<Value: Sendable>(
    seconds: Double = 2, _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    try await run(.readProbe, seconds: seconds) { database in
      try database.inOneTransaction(.deferred) { try work(database) }
    }
  }

  /// Writes in one transaction that takes the write lock at once.
  func write<Value: Sendable>(
    seconds: Double = 5, creating: Bool = false,
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    try await run(.writeProbe, seconds: seconds, creating: creating) { database in
      try database.inOneTransaction(.immediate) { try work(database) }
    }
  }

  /// Closes the connection; the next call opens a new one.
  func close() async {
    let session = session.withLock { $0 }
    let failure = StoreFault(.readProbe, "\(path) did not close", missedDeadline: true)
    let result = await answer(within: 2, on: session.lane, otherwise: failure) {
      session.close()
      return .success(())
    }
    if case .failure = result { abandon(session) }
  }

  /// Closes the connection, removes the file and what SQLite keeps beside it.
  func remove() async throws(StoreFault) {
    await close()
    let path = path
    do {
      for suffix in ["", "-journal", "-wal", "-shm"] {
        let file = path + suffix
        if FileManager.default.fileExists(atPath: file) {
          try FileManager.default.removeItem(atPath: file)
        }
      }
    } catch {
      throw StoreFault(.readOnly, "\(path) cannot be removed")
    }
  }

  /// Leaves a session that hangs to itself; it closes when its work ends.
  private func abandon(_ hung: Session) {
    session.withLock { current in
      guard current === hung else { return }
      hung.interrupt()
      current = Session(plan)
    }
  }
}

extension Database {
  /// A transaction that ends in all cases. A commit that finds the file locked is rolled back: its
  /// busy time is over.
  func inOneTransaction<Value>(
    _ kind: TransactionKind, _ work: () throws -> Value
  ) throws -> Value {
    var value: Value?
    try inTransaction(kind) {
      value = try work()
      return .commit
    }
    guard let value else { throw StoreFault(.readProbe, "a transaction ended without an answer") }
    return value
  }
}

/// A connection and the lane that everything on it runs on.
///
/// Unchecked: `connection` and `identity` are touched on `lane` only, except to interrupt, which
/// GRDB allows from any thread.
private final class Session: @unchecked Sendable {
  let lane: any Lane
  private let plan: SQLiteFile.Plan
  private var path: String { plan.path }
  private var connection: DatabaseQueue?
  private var identity: FileIdentity?
  private let interruptible = Mutex<DatabaseQueue?>(nil)

  init(_ plan: SQLiteFile.Plan) {
    self.plan = plan
    lane = plan.isPatient ? PatientLane() : PromptLane()
  }

  func perform<Value>(creating: Bool, _ work: (Database) throws -> Value) throws -> Value {
    // A file that was put in place of ours must not be written through the old descriptor: the
    // entries would go to a file that nobody can find any more.
    if connection != nil, FileIdentity(path) != identity { close() }
    let connection = try connection ?? open(creating: creating)
    let value = try connection.writeWithoutTransaction(work)
    guard FileIdentity(path) == identity else {
      close()
      throw StoreFault(.writeProbe, "\(path) was replaced by another file meanwhile")
    }
    return value
  }

  func close() {
    interruptible.withLock { $0 = nil }
    try? connection?.close()
    connection = nil
    identity = nil
  }

  func interrupt() { interruptible.withLock { $0 }?.interrupt() }

  private func open(creating: Bool) throws -> DatabaseQueue {
    var isFolder: ObjCBool = false
    if let objection = BankFile.objection(to: path) { throw objection }
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard !isFolder.boolValue else { throw StoreFault(.notSQLite, "\(path) is a folder") }
    if !exists {
      guard creating || plan.makesFile else {
        throw StoreFault(.fileMissing, "there is no file \(path)")
      }
      try create()
    }
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    let patience = LockPatience()
    configuration.busyMode = .callback { patience.lasts(afterTries: $0) }
    configuration.label = "daybook"
    let opened = try DatabaseQueue(path: path, configuration: configuration)
    try opened.writeWithoutTransaction { database in
      try settle(database)
      if !creating { try plan.inspect(database) }
    }
    connection = opened
    identity = FileIdentity(path)
    interruptible.withLock { $0 = opened }
    return opened
  }

  /// Only its owner may read a bank.
  private func create() throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let made = FileManager.default.createFile(
      atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    guard made else { throw StoreFault(.fileUnreadable, "\(path) cannot be created") }
  }

  /// A rollback journal rather than a write-ahead log, so that the bank is one file: whoever copies
  /// it while nothing is being written has all of it. Truncating the journal is synced with
  /// `synchronous = FULL`; deleting it would not be.
  ///
  /// After GRDB has opened the file, since GRDB has its own idea of `synchronous`.
  private func settle(_ database: Database) throws {
    try database.execute(sql: "PRAGMA journal_mode = TRUNCATE")
    let wanted = plan.durability == .full ? 2 : 1
    try database.execute(sql: "PRAGMA synchronous = \(wanted)")
    guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == wanted else {
      throw StoreFault(.writeProbe, "\(path) does not accept the durability that books need")
    }
  }
}

/// How long a connection waits for another's lock: less than the second that the doctor has for a
/// layer, which would else end without an answer. By the clock, and not by counting: on a busy machine
/// a sleep is longer than it says.
///
/// Unchecked: SQLite asks from within the connection's own calls, one at a time.
private final class LockPatience: @unchecked Sendable {
  private static let limit = Duration.milliseconds(800)
  private var began = ContinuousClock.now

  /// Waits a millisecond, since SQLite's own steps of up to a tenth of a second may miss every gap
  /// that a busy neighbour leaves.
  func lasts(afterTries tries: Int) -> Bool {
    if tries == 0 { began = .now }
    guard began.duration(to: .now) < Self.limit else { return false }
    Thread.sleep(forTimeInterval: 0.001)
    return true
  }
}

/// Which file a path leads to, so that a replaced file is noticed.
private struct FileIdentity: Equatable {
  let system: Int
  let file: Int

  init?(_ path: String) {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let system = attributes[.systemNumber] as? Int,
      let file = attributes[.systemFileNumber] as? Int
    else { return nil }
    self.system = system
    self.file = file
  }
}

import BankCore
import BankService
import Foundation
import GRDB

/// Looks at the layers of an embedded bank: path, rights, kind of file, identity, schema and
/// integrity, read-only, locked, full. The layers of a network do not apply to it.
public final class SQLiteProbe: ConnectionProbe {
  public var place: String { file.path }
  private let file: SQLiteFile
  private let memory: TillMemory?

  /// - Parameter memory: what the file must know if it is this till's bank.
  public init(path: String, remembering memory: TillMemory? = nil) {
    self.memory = memory
    // What the store refuses at once is looked at here layer by layer.
    file = SQLiteFile(.init(path: path, durability: .full) { _ in })
  }

  public func close() async { await file.close() }

  public func look(_ layer: Layer, within milliseconds: Int) async -> LayerFinding {
    do throws(StoreFault) {
      switch layer {
      case .unparsable: return .pass("the address names the file \(place)")
      case .connect: return try reach()
      case .notThisService: return try await open(within: milliseconds)
      case .noSuchDatabase: return .pass("the file is there")
      case .wrongBank: return try await identity(within: milliseconds)
      case .schema: return try await schema(within: milliseconds)
      case .readOnly: return try role()
      case .readProbe: return try await read(within: milliseconds)
      case .writeProbe: return try await write(within: milliseconds, bytes: 1)
      case .diskFull: return try await write(within: milliseconds, bytes: 65_536)
      case .latency: return try await roundTrips(within: milliseconds)
      default: return .notApplicable("an embedded file has no such layer")
      }
    } catch {
      return .fail(error)
    }
  }

  // MARK: Path and rights

  private func reach() throws(StoreFault) -> LayerFinding {
    let files = FileManager.default
    let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard access(folder, X_OK) == 0 || errno == ENOENT else {
      throw StoreFault(.fileUnreadable, "the folder \(folder) may not be entered")
    }
    if let objection = BankFile.objection(to: place) { throw objection }
    guard files.fileExists(atPath: place, isDirectory: &isFolder) else {
      throw StoreFault(.fileMissing, "there is no file \(place)")
    }
    guard !isFolder.boolValue else { throw StoreFault(.notSQLite, "\(place) is a folder") }
    guard access(place, R_OK) == 0 else {
      throw StoreFault(.fileUnreadable, "\(place) may not be read by this user")
    }
    return .pass("the file may be read")
  }

  private func open(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let version = try await run(.readProbe, milliseconds) { database in
      // Only a look at the tables makes SQLite read the file.
      _ = try database.row("SELECT count(*) AS count FROM sqlite_schema")
      return try database.row("SELECT sqlite_version() AS version")?.text("version") ?? ""
    }
    return .pass("an SQLite file, read with SQLite \(version)")
  }

  // MARK: Whose, and whole

  private func identity(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let (path, memory) = (place, memory)
    let (bank, knowledge) = try await run(.readProbe, milliseconds) { database in
      try SchemaGuard.checkOwner(database, path: path)
      guard try SchemaGuard.schema(of: database) > 0,
        let bank = try BookReading(database: database).bank()?.identity
      else { throw StoreFault(.bankMissing, "\(path) has no bank in it") }
      guard let memory, memory.bank == bank.id else { return (bank, TillKnowledge?.none) }
      let reading = BookReading(database: database)
      return (
        bank,
        TillKnowledge(
          counter: try reading.terminal(memory.terminal)?.counter ?? 0, epoch: bank.epoch,
          knowsLast: try memory.lastAcknowledged.map { try reading.inboxRow($0) != nil } ?? true)
      )
    }
    return .bank(bank, "in the file", knowledge)
  }

  private func schema(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    let path = place
    try await run(.readProbe, milliseconds) { try SchemaGuard.check($0, path: path) }
    do throws(StoreFault) {
      let words = try await run(.readProbe, milliseconds) { database in
        try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
      }
      guard words == ["ok"] else {
        throw StoreFault(.fileDamaged, "\(path) is damaged: its quick check says so")
      }
    } catch {
      guard error.missedDeadline else { throw error }
      return .warn(.integrityUnchecked, "schema \(SchemaGuard.version); the check was not finished")
    }
    return .pass("schema \(SchemaGuard.version), and the file is whole")
  }

  // MARK: Use

  private func role() throws(StoreFault) -> LayerFinding {
    let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
    guard access(place, W_OK) == 0 else {
      throw StoreFault(.readOnlyFile, "\(place) may not be written by this user")
    }
    guard access(folder, W_OK) == 0 else {
      throw StoreFault(.readOnlyFile, "\(folder), where SQLite keeps its journal, is read-only")
    }
    return .pass("the file and its folder may be written")
  }

  private func read(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    try await run(.readProbe, milliseconds) { database in
      try database.inOneTransaction(.deferred) {
        for table in ["account", "line", "booking", "inbox", "exception", "terminal"] {
          _ = try database.row("SELECT 1 AS one FROM \(table) LIMIT 1")
        }
      }
    }
    return .pass("the tables of the books can be read")
  }

  /// Writes and takes it back.
  private func write(
    within milliseconds: Int, bytes: Int
  ) async throws(StoreFault) -> LayerFinding {
    try await run(.writeProbe, milliseconds) { database in
      // With so small a cache SQLite cannot keep the change to itself until it is taken back: it
      // has to meet the disk.
      try database.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1")
      try database.inTransaction(.immediate) {
        try database.carryOut(
          """
          INSERT INTO inbox (entry_id, content_hash, terminal, outcome, reason, flags, decided_at)
          VALUES (randomblob(16), 'doctor', 'doctor', 'refused', 'R001', hex(randomblob(?)), 0)
          """, [bytes / 2])
        return .rollback
      }
    }
    return .pass(
      bytes == 1 ? "a line was written and taken back" : "64 kB were written and taken back")
  }

  private func roundTrips(within milliseconds: Int) async throws(StoreFault) -> LayerFinding {
    .roundTrips(
      try await run(.readProbe, milliseconds) { database in
        try (0..<5).map { _ in
          let began = ContinuousClock.now
          _ = try database.row("SELECT epoch AS one FROM bank")
          return began.duration(to: .now) / .milliseconds(1)
        }
      })
  }

  private func run<Value: Sendable>(
    _ layer: Layer, _ milliseconds: Int, _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    try await file.run(layer, seconds: Double(milliseconds) / 1000, work)
  }
}

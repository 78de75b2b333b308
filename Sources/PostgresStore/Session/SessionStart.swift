import BankCore
import BankService
import Synchronization

/// What a session was when it was handed over. A server's own session is new; a pooler hands on those
/// of other clients, and one that does not clean them hands on what was left in them too.
struct SessionStart {
  /// Of the server, whatever number a pooler gave us.
  let serverProcess: Int64
  let isPooled: Bool
  /// Settings that another client has made.
  private let settings: [String]
  /// Statements that another client has prepared.
  private let statements: Int64

  /// Asked before anything is set here.
  ///
  /// - Parameter process: as it was named at the login.
  static func call(_ process: Int64) -> Call {
    Call(
      once: """
        SELECT pg_backend_pid()::bigint, pg_backend_pid() <> \(process),
          CASE WHEN pg_backend_pid() <> \(process) THEN ARRAY(
            SELECT name FROM pg_catalog.pg_settings
            WHERE source = 'session' AND setting IS DISTINCT FROM reset_val
              AND name NOT IN (\(harmless)) AND (name <> 'search_path' OR setting <> '')
            UNION ALL SELECT 'role' WHERE current_setting('role') <> 'none')
          ELSE '{}' END::text,
          CASE WHEN pg_backend_pid() <> \(process)
            THEN (SELECT count(*) FROM pg_catalog.pg_prepared_statements) ELSE 0 END
        """)
  }

  /// What is set here anyway, and what poolers themselves carry from client to client.
  private static let harmless =
    (SessionSettings.names.filter { $0 != "search_path" }
    + [
      "application_name", "DateStyle", "IntervalStyle", "TimeZone", "extra_float_digits",
      "standard_conforming_strings",
    ]).map { "'\($0)'" }.joined(separator: ", ")

  init(_ rows: Rows) throws(StoreFault) {
    let read = try rows.first { cells throws(StoreFault) in
      (try cells.integer(), try cells.bool(), try cells.text(), try cells.integer())
    }
    let (process, isPooled, settings, statements) = read ?? (0, false, "{}", 0)
    serverProcess = process
    self.isPooled = isPooled
    self.settings = settings.dropFirst().dropLast().split(separator: ",").map(String.init)
    self.statements = statements
  }

  /// With these, entries would not be posted as they should be, or not at all.
  private static let harmful = [
    "default_transaction_read_only", "role", "session_replication_role",
  ]

  var isUnclean: Bool { !settings.isEmpty || statements > 0 }

  /// Whether nobody can work in it.
  var isUnusable: Bool { statements > 0 || settings.contains(where: Self.harmful.contains) }

  func fault(at place: String) -> StoreFault {
    let count = statements == 1 ? "1 prepared statement" : "\(statements) prepared statements"
    let left = settings + (statements > 0 ? [count] : [])
    return StoreFault(
      .poolerUnclean,
      "a pooler at \(place) reuses sessions as another client has left them, with "
        + left.joined(separator: ", "))
  }
}

/// The sessions of this program, by the server's own numbers for them: what they hold is nobody else's.
enum OwnSessions {
  private struct Known {
    let pool: String
    let process: Int64
    let isPooled: Bool
    var closedAt: ContinuousClock.Instant?
  }

  private static let known = Mutex<[Known]>([])
  /// A server may notice so late that a session was lost, and keeps its locks until then.
  private static let longestAfterlife = Duration.seconds(120)

  static func opened(_ start: SessionStart, in pool: String) {
    known.withLock { known in
      known.removeAll { session in
        session.closedAt.map { $0.duration(to: .now) > longestAfterlife } ?? false
      }
      known.append(
        Known(pool: pool, process: start.serverProcess, isPooled: start.isPooled))
    }
  }

  static func closed(_ start: SessionStart, in pool: String) {
    known.withLock { known in
      let index = known.firstIndex {
        $0.pool == pool && $0.process == start.serverProcess && $0.closedAt == nil
      }
      if let index { known[index].closedAt = .now }
    }
  }

  /// How many places of a pooler's they take.
  static func places(in pool: String) -> Int {
    known.withLock { known in
      known.count { $0.pool == pool && $0.isPooled && $0.closedAt == nil }
    }
  }

  /// Their numbers at the server, those included whose end it may not have noticed.
  static func processes(in pool: String) -> [Int64] {
    known.withLock { known in known.filter { $0.pool == pool }.map(\.process) }
  }
}

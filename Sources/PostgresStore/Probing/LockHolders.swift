import BankCore
import BankService

/// Who stands at the head of the line that somebody waits in: the server itself is asked, while he
/// waits.
struct LockHolders {
  /// Of a session that does not wait.
  let connection: Connection

  struct Head {
    /// What is added to the observation.
    fileprivate let who: String
    /// The exact fix.
    let remedy: String
    /// It is a session of this program itself, whose end the server may not have noticed.
    fileprivate var isOwn = false

    func text(_ fault: StoreFault) -> String {
      isOwn ? "what is needed is held by this till itself" + who : fault.text + who
    }
  }

  /// - Parameter waiting: the process of the session that waits.
  /// - Returns: nil where nobody is in its way. Nobody's statement is shown: it may hold what only its
  ///   author may see.
  func head(of waiting: Int64) throws(StoreFault) -> Head? {
    let heads = try connection.run(
      """
      WITH RECURSIVE line (process, seen) AS (
        SELECT blocker::bigint, ARRAY[$1::bigint, blocker]
        FROM unnest(pg_blocking_pids($1::bigint::integer)) AS direct (blocker)
        UNION ALL
        SELECT blocker::bigint, seen || blocker::bigint
        FROM line CROSS JOIN LATERAL unnest(pg_blocking_pids(process::integer)) AS next (blocker)
        WHERE process <> 0 AND blocker <> ALL (seen) AND cardinality(seen) < 20)
      SELECT process, cardinality(seen)::bigint,
        (SELECT relname::text FROM pg_catalog.pg_locks
         JOIN pg_catalog.pg_class ON pg_class.oid = pg_locks.relation
         WHERE pid = process AND granted AND relkind IN ('r', 'p') AND relnamespace =
           (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
         ORDER BY mode DESC LIMIT 1),
        coalesce(usename::text, '?'), coalesce(application_name, ''),
        coalesce(extract(epoch FROM clock_timestamp() - xact_start)::bigint, 0)
      FROM line LEFT JOIN pg_catalog.pg_stat_activity ON pid = process
      WHERE process = 0 OR cardinality(pg_blocking_pids(process::integer)) = 0
      ORDER BY cardinality(seen) DESC LIMIT 1
      """, [.integer(waiting)]
    ).read { cells throws(StoreFault) in
      let process = try cells.integer()
      let isBehindOthers = try cells.integer() > 2
      let table = cells.optionalText().map { " on daybook.\($0)" } ?? ""
      let role = try cells.text()
      let program = try cells.text()
      let who = program.isEmpty ? role : "\(role), \(program)"
      let queue = isBehindOthers ? ", and others wait behind it" : ""
      return (
        process: process,
        text: ": session \(process) (\(who)) has held a lock\(table) for "
          + "\(try cells.integer()) s\(queue)"
      )
    }
    guard let first = heads.first else { return nil }
    guard first.process != 0 else { return try prepared() }
    let ending = "SELECT pg_terminate_backend(\(first.process));"
    guard !OwnSessions.processes(in: connection.pool).contains(first.process) else {
      return Head(
        who: first.text,
        remedy: "Wait: it ends once the server notices that its connection was lost. At once: "
          + ending, isOwn: true)
    }
    return Head(
      who: first.text, remedy: "End its transaction, or end the session: \(ending)")
  }

  /// The session of this program that alone holds anything of the books, for a till that was kept
  /// waiting and waits no longer; nil where somebody else may have been in its way.
  func own() throws(StoreFault) -> Head? {
    let own = OwnSessions.processes(in: connection.pool)
    let holders = try connection.run(
      """
      SELECT DISTINCT pid::bigint FROM pg_catalog.pg_locks
      JOIN pg_catalog.pg_class ON pg_class.oid = pg_locks.relation
      WHERE granted AND pid <> pg_backend_pid() AND cardinality(pg_blocking_pids(pid)) = 0
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
      UNION ALL SELECT 0 FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()
      """
    ).read { cells throws(StoreFault) in try cells.integer() }
    guard let process = holders.first, holders.allSatisfy(own.contains) else { return nil }
    return Head(
      who: ": session \(process)",
      remedy: "Wait: it ends once the server notices that its connection was lost. At once: "
        + "SELECT pg_terminate_backend(\(process));", isOwn: true)
  }

  /// A prepared transaction belongs to no session, and outlives them and the server.
  private func prepared() throws(StoreFault) -> Head? {
    let transactions = try connection.run(
      """
      SELECT gid, owner::text,
        extract(epoch FROM clock_timestamp() - prepared)::bigint, quote_literal(gid)
      FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()
      ORDER BY EXISTS (
        SELECT FROM pg_catalog.pg_locks JOIN pg_catalog.pg_class
          ON pg_class.oid = pg_locks.relation
        WHERE pid IS NULL AND split_part(virtualtransaction, '/', 2) = transaction::text
          AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook'))
        DESC, prepared
      LIMIT 1
      """
    ).read { cells throws(StoreFault) in
      let gid = try cells.text()
      let owner = try cells.text()
      return Head(
        who: ": the prepared transaction \(gid) (\(owner)) has held a lock for "
          + "\(try cells.integer()) s; it belongs to no session, and a restart does not end it",
        remedy: "ROLLBACK PREPARED \(try cells.text());")
    }
    return transactions.first
  }
}

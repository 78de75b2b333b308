import BankCore
import BankService

/// The rights that the store's statements need, and which of them the role lacks.
struct NeededRights {
  let connection: Connection

  /// Of each table. A lock on a row needs the right to change it.
  private static let tables: [(name: String, rights: String)] = [
    ("migration", "SELECT"),
    ("bank", "SELECT, UPDATE"),
    ("terminal", "SELECT, INSERT, UPDATE"),
    ("account", "SELECT, INSERT, UPDATE"),
    ("account_word", "SELECT, INSERT"),
    ("own_account", "SELECT, INSERT, UPDATE"),
    ("inbox", "SELECT, INSERT"),
    ("booking", "SELECT, INSERT"),
    ("line", "SELECT, INSERT"),
    ("exception", "SELECT, INSERT, UPDATE"),
    ("account_change", "INSERT"),
  ]

  /// - Returns: the fault with the exact GRANTs; nil when nothing is missing.
  func missing() throws(StoreFault) -> StoreFault? {
    let grants = try schemaGrants() + tableGrants()
    guard !grants.isEmpty else { return nil }
    return StoreFault(
      .rightsMissing,
      "this role lacks \(grants.count == 1 ? "a right" : "\(grants.count) rights") at "
        + connection.place,
      remedy: grants.map { $0 + ";" }.joined(separator: " "), sqlState: "42501")
  }

  private func schemaGrants() throws(StoreFault) -> [String] {
    try connection.run(
      """
      SELECT format('GRANT USAGE ON SCHEMA daybook TO %I', current_user)
      FROM pg_catalog.pg_namespace
      WHERE nspname = 'daybook' AND NOT has_schema_privilege(oid, 'USAGE')
      UNION ALL
      SELECT format('GRANT USAGE ON SEQUENCE daybook.change_number TO %I', current_user)
      FROM pg_catalog.pg_class
      WHERE relname = 'change_number' AND NOT has_sequence_privilege(oid, 'USAGE, UPDATE')
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
      """
    ).read { cells throws(StoreFault) in try cells.text() }
  }

  private func tableGrants() throws(StoreFault) -> [String] {
    // By the catalogue's numbers: a name cannot even be looked up without USAGE on its schema.
    let names = Self.tables.flatMap { table in
      table.rights.split(separator: ", ").map { (table.name, String($0)) }
    }
    return try connection.run(
      """
      SELECT format('GRANT %s ON daybook.%I TO %I', string_agg(needed.privilege, ', '),
        needed.relation, current_user)
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
        AS needed (relation, privilege, position)
      JOIN pg_catalog.pg_namespace ON nspname = 'daybook'
      JOIN pg_catalog.pg_class
        ON relname = needed.relation AND relnamespace = pg_namespace.oid
      WHERE NOT has_table_privilege(pg_class.oid, needed.privilege)
      GROUP BY needed.relation ORDER BY min(position)
      """, [.texts(names.map(\.0)), .texts(names.map(\.1))]
    ).read { cells throws(StoreFault) in try cells.text() }
  }
}

/// Who keeps others from reading or writing.
struct LockHolders {
  let connection: Connection

  /// - Returns: what is added to the observation, and the exact fix. Nobody's statement is shown: it
  ///   may hold what only its author may see.
  func words(blockingWrites: Bool) throws(StoreFault) -> (text: String, remedy: String?) {
    let modes =
      blockingWrites
      ? ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"]
      : ["AccessExclusiveLock"]
    let holders = try connection.run(
      """
      SELECT pg_locks.pid::bigint, relname::text, coalesce(usename::text, '?'),
        coalesce(application_name, ''),
        coalesce(extract(epoch FROM clock_timestamp() - xact_start)::bigint, 0)
      FROM pg_catalog.pg_locks
      JOIN pg_catalog.pg_class ON pg_class.oid = pg_locks.relation
      JOIN pg_catalog.pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid
      WHERE granted AND mode = ANY ($1::text[]) AND pg_locks.pid <> pg_backend_pid()
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
        AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      ORDER BY xact_start LIMIT 1
      """, [.texts(modes)]
    ).read { cells throws(StoreFault) in
      let process = try cells.integer()
      let table = try cells.text()
      let role = try cells.text()
      let program = try cells.text()
      let named = program.isEmpty ? role : "\(role), \(program)"
      return (
        process,
        ": session \(process) (\(named)) has held a lock on daybook.\(table) for "
          + "\(try cells.integer()) s"
      )
    }
    guard let first = holders.first else { return ("", nil) }
    return (
      first.1,
      "End its transaction, or end the session: SELECT pg_terminate_backend(\(first.0));"
    )
  }
}

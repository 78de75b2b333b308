import BankCore
import BankService

/// The rights that the store's statements need, and which of them the role lacks.
struct NeededRights {
  let connection: Connection

  /// Of each table. A lock on a row needs the right to change it.
  static let tables: [(name: String, rights: String)] = [
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

  /// - Returns: the fault with the statements that mend it; nil when nothing is missing or hidden.
  func missing() throws(StoreFault) -> StoreFault? {
    let grants = try schemaGrants() + tableGrants()
    guard !grants.isEmpty else { return try hidden() }
    return StoreFault(
      .rightsMissing,
      "this role lacks \(grants.count == 1 ? "a right" : "\(grants.count) rights") at "
        + connection.place,
      remedy: grants.map { $0 + ";" }.joined(separator: " "), sqlState: "42501")
  }

  /// Whether row policies are in force for this role, whatever they let through: nobody can know
  /// what they will hide tomorrow.
  private func hidden() throws(StoreFault) -> StoreFault? {
    let found = try connection.run(
      """
      SELECT relname::text, format('ALTER TABLE daybook.%I %s ROW LEVEL SECURITY', relname,
        CASE WHEN pg_has_role(relowner, 'USAGE') THEN 'NO FORCE' ELSE 'DISABLE' END)
      FROM pg_catalog.pg_class
      WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
        AND relkind IN ('r', 'p') AND row_security_active(pg_class.oid)
      ORDER BY relname
      """
    ).read { cells throws(StoreFault) in (try cells.text(), try cells.text()) }
    guard !found.isEmpty else { return nil }
    let tables = found.map { "daybook.\($0.0)" }.joined(separator: ", ")
    return StoreFault(
      .rowsHidden,
      "row security at \(connection.place) applies to this role on \(tables): rows may be hidden "
        + "from it",
      remedy: found.map { $0.1 + ";" }.joined(separator: " "), sqlState: "42501")
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

import BankCore
import BankService

/// What the server itself knows about a fault: which rights are missing, which table, which trigger.
/// The doctor and the till's greeting ask here, so that both say the same.
struct FaultExplanation {
  let connection: Connection

  /// When the server cannot say, the fault stands as it is.
  func explain(_ fault: StoreFault) -> StoreFault {
    guard !connection.isBroken else { return fault }
    connection.turn(to: .readProbe, milliseconds: 500)
    connection.rollBack()
    do throws(StoreFault) {
      switch fault.kind {
      case .rightsMissing?:
        return try NeededRights(connection: connection).missing() ?? fault
      case .schemaMissing?: return try missingTables(fault)
      case .writeRejected?: return try strangers(fault)
      case .readBlocked?, .writeBlocked?: return try held(fault)
      default: return fault
      }
    } catch {
      return fault
    }
  }

  /// What this program holds itself is not another session's.
  private func held(_ fault: StoreFault) throws(StoreFault) -> StoreFault {
    guard let kind = fault.kind, let own = try LockHolders(connection: connection).own() else {
      return fault
    }
    return StoreFault(
      kind, own.text(fault), remedy: own.remedy, sqlState: fault.sqlState,
      missedDeadline: fault.missedDeadline)
  }

  /// No table at all is a database without a bank; one that is not there was taken from a bank.
  private func missingTables(_ fault: StoreFault) throws(StoreFault) -> StoreFault {
    let names = NeededRights.tables.map(\.name) + ["change_number"]
    let there = try connection.run(
      """
      SELECT relname::text FROM pg_catalog.pg_class
      WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
        AND relkind IN ('r', 'p', 'S', 'v', 'm', 'f')
      ORDER BY relname
      """
    ).read { cells throws(StoreFault) in try cells.text() }
    let missing = names.filter { !there.contains($0) }
    guard missing.count < names.count else { return fault }
    guard let first = missing.first else {
      // A trigger or a view of somebody's own looks for what is not there.
      return StoreFault(
        .schemaUnreadable, "something at \(connection.place) looks for a table that is not there",
        sqlState: fault.sqlState)
    }
    let strange = there.filter { !names.contains($0) && !$0.hasSuffix("_seq") }
    let isRenamed = missing.count == 1 && strange.count == 1
    let tables = missing.map { "daybook.\($0)" }.joined(separator: ", ")
    return StoreFault(
      .schemaUnreadable, "\(tables) is missing from the bank at \(connection.place)",
      remedy: isRenamed
        ? "ALTER TABLE daybook.\(strange[0]) RENAME TO \(first);"
        : "Restore the bank from its backup, or create \(tables) as data/schema does.",
      sqlState: fault.sqlState)
  }

  /// Triggers and rules that Daybook has not made; else the constraint or the column that objects.
  private func strangers(_ fault: StoreFault) throws(StoreFault) -> StoreFault {
    let found = try connection.run(
      """
      SELECT 'trigger ' || tgname, relname::text,
        format('ALTER TABLE daybook.%I DISABLE TRIGGER %I', relname, tgname)
      FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_class ON pg_class.oid = tgrelid
      WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
      UNION ALL
      SELECT 'rule ' || rulename, relname::text,
        format('ALTER TABLE daybook.%I DISABLE RULE %I', relname, rulename)
      FROM pg_catalog.pg_rewrite JOIN pg_catalog.pg_class ON pg_class.oid = ev_class
      WHERE rulename <> '_RETURN' AND ev_enabled IN ('O', 'A')
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
      """
    ).read { cells throws(StoreFault) in
      (name: try cells.text(), table: try cells.text(), remedy: try cells.text())
    }
    // Where the words name a table, what hangs on the others is not suspected.
    let named = found.filter { fault.text.contains("daybook.\($0.table) ") }
    let suspects = named.isEmpty ? found : named
    guard !suspects.isEmpty else { return objector(fault) }
    let words = suspects.map { "the \($0.name) on daybook.\($0.table)" }
    return StoreFault(
      .writeRejected,
      "\(fault.text); somebody has added \(words.joined(separator: ", "))",
      remedy: fault.remedy ?? suspects.map { $0.remedy + ";" }.joined(separator: " "),
      sqlState: fault.sqlState)
  }

  /// The column or the constraint that the server has named.
  private func objector(_ fault: StoreFault) -> StoreFault {
    guard let error = connection.lastError, error.sqlState == fault.sqlState,
      let table = error.table
    else { return fault }
    let remedy =
      switch (error.sqlState, error.column, error.constraint) {
      case ("23502"?, let column?, _):
        "ALTER TABLE \(table) ALTER COLUMN \(quoted(column)) DROP NOT NULL;"
      case ("23514"?, _, let constraint?), ("23503"?, _, let constraint?):
        "ALTER TABLE \(table) DROP CONSTRAINT \(quoted(constraint));"
      default: nil as String?
      }
    return StoreFault(.writeRejected, fault.text, remedy: remedy, sqlState: fault.sqlState)
  }

  private func quoted(_ name: String) -> String {
    "\"\(name.replacing("\"", with: "\"\""))\""
  }
}

import BankCore
import BankService

/// What the server's settings say of a COMMIT: whether it is waited for by a standby that answers,
/// and whether it is on the disk. A rehearsal is taken back and cannot tell.
struct CommitPromise {
  private let place: String
  private let synchronousCommit: String
  private let standbyNames: String
  /// Standbys that count and answer.
  private let answering: Int64
  /// Senders of which the role may see no more than that they are there.
  private let unseen: Int64
  /// How long some commit that the role may see has waited for a standby; 0 for none.
  private let waitedMilliseconds: Int64
  private let offSettings: [(name: String, source: String)]
  private let unlogged: [String]

  init(_ connection: Connection) throws(StoreFault) {
    place = connection.place
    let answers = try connection.run([
      Call(
        """
        SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
          (SELECT count(*) FROM pg_catalog.pg_stat_replication
           WHERE sync_state IN ('sync', 'quorum') AND state IN ('streaming', 'stopping')),
          (SELECT count(*) FROM pg_catalog.pg_stat_replication WHERE sync_state IS NULL),
          (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)) * 1000, 0)::bigint
           FROM pg_catalog.pg_stat_activity WHERE wait_event = 'SyncRep')
        """),
      Call(
        """
        SELECT name, source FROM pg_catalog.pg_settings
        WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes') AND setting = 'off'
        ORDER BY name DESC
        """),
      Call(
        """
        SELECT relname::text FROM pg_catalog.pg_class
        WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
          AND relkind = 'r' AND relpersistence = 'u' ORDER BY relname
        """),
    ])
    let read = try answers[0].first { cells throws(StoreFault) in
      (
        try cells.text(), try cells.text(), try cells.integer(), try cells.integer(),
        try cells.integer()
      )
    }
    (synchronousCommit, standbyNames, answering, unseen, waitedMilliseconds) =
      read ?? ("on", "", 0, 0, 0)
    offSettings = try answers[1].read { cells throws(StoreFault) in
      (try cells.text(), try cells.text())
    }
    unlogged = try answers[2].read { cells throws(StoreFault) in try cells.text() }
  }

  /// How many standbys must confirm each COMMIT: `s1, s2`, `FIRST 2 (a, b, c)`, `ANY 1 (*)`.
  static func wanted(_ names: String) -> Int64 {
    guard names.contains(where: { !$0.isWhitespace }) else { return 0 }
    let counted = #/^\s*(?:(?i:first|any)\s+)?(?<count>[0-9]+)\s*\(/#
    return names.firstMatch(of: counted).flatMap { Int64($0.count) } ?? 1
  }

  private var wanted: Int64 {
    ["off", "local"].contains(synchronousCommit) ? 0 : Self.wanted(standbyNames)
  }

  /// - Throws: C19 where a COMMIT would wait for ever.
  func check() throws(StoreFault) {
    guard wanted > 0 else { return }
    let asks = "each COMMIT at \(place) waits for \(wanted) of the standbys \(standbyNames)"
    if waitedMilliseconds >= 2_000 {
      throw StoreFault(
        .standbyMissing,
        "\(asks), and one has waited for \(seconds(Int(clamping: waitedMilliseconds)))")
    }
    if unseen == 0, answering < wanted {
      throw StoreFault(.standbyMissing, "\(asks), and \(answering) of them follow")
    }
  }

  /// Said with what was found in order: what the role may not see.
  var reservation: String {
    guard wanted > 0, unseen > 0, answering < wanted else { return "" }
    return "; a COMMIT waits for a standby (\(standbyNames)), and this role may not see whether it "
      + "follows: GRANT pg_read_all_stats"
  }

  /// The warning about a COMMIT that promises too much; nil where there is none to give.
  func warning(_ connection: Connection) throws(StoreFault) -> LayerFinding? {
    guard !offSettings.isEmpty || !unlogged.isEmpty else { return nil }
    var facts = offSettings.map { "\($0.name) is off" }
    var remedies: [String] = []
    for setting in offSettings {
      remedies += try SettingOrigin(connection).remedies(
        of: setting.name, source: setting.source, turningOn: true)
    }
    for table in unlogged {
      facts.append("daybook.\(table) is unlogged")
      remedies.append("ALTER TABLE daybook.\(table) SET LOGGED")
    }
    return .warn(
      .commitsNotDurable,
      "\(facts.joined(separator: ", ")): a crash can lose what the bank has called booked"
        + reservation,
      remedy: remedies.map { $0 + ";" }.joined(separator: " "))
  }
}

/// Where a setting of the session was made, and how it is taken back there.
struct SettingOrigin {
  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// - Parameter source: as `pg_settings` has it; nil to look among roles and databases alone.
  func remedies(
    of setting: String, source: String?, turningOn: Bool
  ) throws(StoreFault) -> [String] {
    let made = try connection.run(
      """
      SELECT CASE WHEN setdatabase <> 0 AND setrole <> 0
          THEN format('ALTER ROLE %I IN DATABASE %I RESET %s', session_user, current_database(), $1::text)
        WHEN setrole <> 0 THEN format('ALTER ROLE %I RESET %s', session_user, $1::text)
        ELSE format('ALTER DATABASE %I RESET %s', current_database(), $1::text) END
      FROM pg_catalog.pg_db_role_setting
      WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database
          WHERE datname = current_database()))
        AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
        AND EXISTS (SELECT FROM unnest(setconfig) AS setting
          WHERE split_part(setting, '=', 1) = $1::text
            AND split_part(setting, '=', 2) IN ('on', 'true', 'yes', '1') <> $2::bigint::int::bool)
      """, [.text(setting), .integer(turningOn ? 1 : 0)]
    ).read { cells throws(StoreFault) in try cells.text() }
    guard made.isEmpty else { return made }
    guard source != "client" else { return ["Take \(setting) out of options= or PGOPTIONS"] }
    return turningOn
      ? ["ALTER SYSTEM SET \(setting) = on", "SELECT pg_reload_conf()"] : []
  }
}

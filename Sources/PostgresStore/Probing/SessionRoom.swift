import BankCore
import BankService
import Synchronization

/// How many sessions there is room for. A till that is let in once may still be refused its second
/// session, and then takes its own sessions for a full server.
struct SessionRoom {
  private struct Limit {
    let name: String
    let most: Int64
    /// Sessions of others than this program.
    let others: Int64
    /// What gives it `count` sessions.
    let remedy: (Int64) -> String
    var left: Int64 { max(0, most - others) }
  }

  private var limits: [Limit] = []

  init(_ connection: Connection) throws(StoreFault) {
    let own = Int64(Connection.open.load(ordering: .relaxed))
    let read = try connection.run(
      """
      SELECT session_user::text, quote_ident(session_user), current_database()::text,
        quote_ident(current_database()),
        (SELECT CASE WHEN rolsuper THEN -1 ELSE rolconnlimit END::bigint
         FROM pg_catalog.pg_roles WHERE rolname = session_user),
        (SELECT CASE WHEN rolsuper THEN -1 ELSE datconnlimit END::bigint
         FROM pg_catalog.pg_database, pg_catalog.pg_roles
         WHERE datname = current_database() AND rolname = session_user),
        (SELECT sum(CASE WHEN name = 'max_connections' THEN 1 WHEN rolsuper THEN 0 ELSE -1 END
           * setting::bigint)::bigint
         FROM pg_catalog.pg_settings, pg_catalog.pg_roles WHERE rolname = session_user AND name IN
           ('max_connections', 'superuser_reserved_connections', 'reserved_connections')),
        count(*) FILTER (WHERE usename = session_user),
        count(*) FILTER (WHERE datname = current_database()), count(*)
      FROM pg_catalog.pg_stat_activity WHERE datid IS NOT NULL
      """
    ).first { cells throws(StoreFault) -> [Limit] in
      let (role, roleName) = (try cells.text(), try cells.text())
      let (database, databaseName) = (try cells.text(), try cells.text())
      let most = (try cells.integer(), try cells.integer(), try cells.integer())
      let used = (try cells.integer(), try cells.integer(), try cells.integer())
      return [
        Limit(name: "the role \(role)", most: most.0, others: max(0, used.0 - own)) {
          "ALTER ROLE \(roleName) CONNECTION LIMIT \($0);"
        },
        Limit(name: "the database \(database)", most: most.1, others: max(0, used.1 - own)) {
          "ALTER DATABASE \(databaseName) CONNECTION LIMIT \($0);"
        },
        Limit(name: "the server", most: most.2, others: max(0, used.2 - own)) {
          "ALTER SYSTEM SET max_connections = \($0 + 10); then restart the server."
        },
      ]
    }
    limits = (read ?? []).filter { $0.most >= 0 }
  }

  var finding: LayerFinding {
    let narrow = limits.first {
      $0.most < SessionPool.needed || $0.left < SessionPool.least
    }
    guard let narrow else { return .pass("there was a free connection, and there are more") }
    return .warn(
      .fewSessions,
      "\(narrow.name) may have \(narrow.most) sessions, and others have \(narrow.others): a till "
        + "needs up to \(SessionPool.needed)",
      remedy: narrow.remedy(narrow.others + SessionPool.needed))
  }
}

import BankCore
import BankService
import GRDB

/// The tables of the local snapshot. It can be copied from the bank again at any time, so there are
/// no migrations: a file of another version is forgotten.
enum SnapshotSchema {
  static let version: Int64 = 2
  /// `DYSN`, for Daybook snapshot.
  static let applicationID: Int64 = 0x4459_534E

  /// Makes the tables in an empty file, and refuses a file that is not a snapshot of this version.
  static func inspect(_ database: Database, path: String) throws {
    let owner = try database.row("PRAGMA application_id")?.integer("application_id")
    let present = try database.row("PRAGMA user_version")?.integer("user_version")
    if owner == applicationID {
      guard present == version else {
        throw StoreFault(.schema, "\(path) is a snapshot of another version")
      }
      return
    }
    let tables = try database.row("SELECT count(*) AS count FROM sqlite_schema")?.integer("count")
    guard owner == 0, tables == 0 else {
      throw StoreFault(.notThisService, "\(path) is not a snapshot")
    }
    try database.inOneTransaction(.immediate) { try database.execute(sql: tablesSQL) }
  }

  private static let tablesSQL = """
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);
    CREATE TABLE standing (
      id BLOB NOT NULL, name TEXT NOT NULL, environment TEXT NOT NULL, currency TEXT NOT NULL,
      time_zone TEXT NOT NULL, epoch INTEGER NOT NULL, schema INTEGER NOT NULL,
      mark_epoch INTEGER NOT NULL, mark_change INTEGER NOT NULL, mark_counter INTEGER NOT NULL,
      as_of INTEGER NOT NULL, single INTEGER PRIMARY KEY DEFAULT 1 CHECK (single = 1)
    ) STRICT;
    CREATE TABLE unfinished (
      bank BLOB NOT NULL, epoch INTEGER NOT NULL, reached INTEGER NOT NULL,
      single INTEGER PRIMARY KEY DEFAULT 1 CHECK (single = 1)
    ) STRICT;
    CREATE TABLE account (
      number TEXT PRIMARY KEY, holder TEXT NOT NULL, words TEXT NOT NULL,
      currency TEXT NOT NULL, status TEXT NOT NULL, overdraft INTEGER NOT NULL, balance INTEGER NOT NULL,
      last_sequence INTEGER NOT NULL, reference TEXT, version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE account_word (
      word TEXT NOT NULL, number TEXT NOT NULL, marks INTEGER NOT NULL,
      PRIMARY KEY (word, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE statement_line (
      account TEXT NOT NULL, share TEXT NOT NULL DEFAULT '', sequence INTEGER NOT NULL,
      entry_id BLOB NOT NULL, label TEXT NOT NULL, booking_date INTEGER NOT NULL,
      value_date INTEGER NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL, balance INTEGER,
      currency TEXT NOT NULL, memo TEXT NOT NULL, counter_account TEXT NOT NULL,
      PRIMARY KEY (account, share, sequence)
    ) STRICT, WITHOUT ROWID;
    """
}

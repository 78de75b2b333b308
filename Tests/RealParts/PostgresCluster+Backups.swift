/// A backup of one database, as `pg_dump` wrote it.
public struct DatabaseBackup: Sendable {
  let file: String
}

extension PostgresCluster {
  /// Backs up one database.
  public func dump(database: String) async throws -> DatabaseBackup {
    let backup = DatabaseBackup(
      file: "\(caretaker.directory)/backup-\(UInt64.random(in: 0...UInt64.max)).dump")
    try await Command.succeed([
      "\(installation.programs)/pg_dump", "--format=custom", "--file=\(backup.file)",
      "--dbname=\(url(database: database))",
    ])
    return backup
  }

  /// Puts a backup in the place of a database, whether that still exists or not.
  public func restore(_ backup: DatabaseBackup, database: String) async throws {
    try await dropDatabase(database)
    try await psql("CREATE DATABASE \(database)")
    try await Command.succeed([
      "\(installation.programs)/pg_restore", "--exit-on-error",
      "--dbname=\(url(database: database))", backup.file,
    ])
  }
}

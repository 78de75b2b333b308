import BankCore
import BankService

/// Makes the tables, or brings them up to date, and gives the bank its identity.
struct Founding {
  let connection: Connection

  func createBank(
    _ draft: BankDraft, _ migrations: [Migration]
  ) throws(StoreFault) -> (bank: BankIdentity, created: Bool) {
    try checkEncoding()
    try upgrade(with: migrations)
    let inserted = try connection.run(
      """
      INSERT INTO daybook.bank (id, name, environment, currency, time_zone, epoch)
      VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, 1) ON CONFLICT (single) DO NOTHING
      """,
      [
        .identifier(draft.id), .text(draft.name), .text(draft.environment),
        .text(draft.currency.code), .text(draft.timeZone),
      ])
    return (try Identity(connection: connection).bank(), inserted.affected == 1)
  }

  /// In any other encoding some customer's name could not be stored.
  private func checkEncoding() throws(StoreFault) {
    let encoding = try connection.run("SELECT current_setting('server_encoding')")
      .first { cells throws(StoreFault) in try cells.text() }
    guard let encoding, encoding != "UTF8" else { return }
    throw StoreFault(
      .wrongEncoding,
      "the database at \(connection.place) has the encoding \(encoding): create it with UTF8")
  }

  private func upgrade(with migrations: [Migration]) throws(StoreFault) {
    for migration in migrations where migration.number <= Migration.newest {
      guard try present() < migration.number else { continue }
      do throws(StoreFault) {
        try apply(migration)
      } catch {
        connection.rollBack()
        // Somebody else may have done it at the same moment.
        guard !connection.isBroken, try present() >= migration.number else { throw error }
      }
    }
    try Migration.check(try present(), place: connection.place)
  }

  private func apply(_ migration: Migration) throws(StoreFault) {
    try connection.runScript(
      """
      BEGIN;
      \(migration.text)
      INSERT INTO daybook.migration (number, applied_at)
      VALUES (\(migration.number), (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
      COMMIT;
      """)
  }

  /// The newest migration that the database has; 0 before the first.
  private func present() throws(StoreFault) -> Int64 {
    let exists = try connection.run("SELECT to_regclass('daybook.migration') IS NOT NULL")
      .first { cells throws(StoreFault) in try cells.bool() }
    guard exists ?? false else { return 0 }
    return try connection.run("SELECT coalesce(max(number), 0)::bigint FROM daybook.migration")
      .first { cells throws(StoreFault) in try cells.integer() } ?? 0
  }
}

import BankCore
import BankService
import GRDB

/// The local copy of the bank for browsing while it is away: each account with its newest lines.
///
/// Its file is written with `synchronous = NORMAL`: what a power loss takes from it is copied again,
/// and no receipt ever rests on it. A damaged or foreign file is a fault; `reset()` mends it.
public final class SQLiteSnapshot: SnapshotStore {
  private let file: SQLiteFile
  /// The same file over a connection of its own, for the copy: minutes of work in a large bank,
  /// beside which keys are answered at once.
  private let copying: SQLiteFile

  /// Opens nothing yet; the file is made on first use.
  public init(path: String) {
    var plan = SQLiteFile.Plan(path: path, durability: .normal, makesFile: true) { database in
      try SnapshotSchema.inspect(database, path: path)
    }
    file = SQLiteFile(plan)
    (plan.makesFile, plan.isPatient) = (false, true)
    copying = SQLiteFile(plan)
  }

  // MARK: What the snapshot knows of itself

  public func standing() async throws(StoreFault) -> SnapshotStanding? {
    try await file.read { database in
      guard let row = try database.row("SELECT * FROM standing") else { return nil }
      return SnapshotStanding(
        bank: BankIdentity(
          id: try row.identifier("id"), name: try row.text("name"),
          environment: try row.text("environment"), currency: try row.currency("currency"),
          timeZone: try row.text("time_zone"), epoch: try row.integer("epoch"),
          schema: Int(try row.integer("schema"))),
        mark: SnapshotMark(
          epoch: try row.integer("mark_epoch"), change: try row.integer("mark_change"),
          counter: try row.integer("mark_counter")),
        asOf: try row.instant("as_of"))
    }
  }

  public func seal(
    _ bank: BankIdentity, _ mark: SnapshotMark, asOf now: Instant
  ) async throws(StoreFault) {
    try await file.write { database in
      try database.carryOut(
        """
        INSERT OR REPLACE INTO standing (id, name, environment, currency, time_zone, epoch,
          schema, mark_epoch, mark_change, mark_counter, as_of, single)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
        """,
        [
          bank.id.blob, bank.name.storable, bank.environment.storable, bank.currency.code,
          bank.timeZone.storable, bank.epoch, bank.schema, mark.epoch, mark.change, mark.counter,
          now.millisecondsSince1970,
        ])
      try database.carryOut("DELETE FROM unfinished", [])
    }
  }

  public func unfinished(of bank: BankIdentity) async throws(StoreFault) -> SnapshotMark? {
    try await file.read { database in
      try database.row(
        "SELECT reached FROM unfinished WHERE bank = ? AND epoch = ?", [bank.id.blob, bank.epoch]
      ).map {
        SnapshotMark(epoch: bank.epoch, change: try $0.integer("reached"), counter: 0)
      }
    }
  }

  /// Forgets everything: the file is removed, whatever is in it, and made anew by the next call.
  public func reset() async throws(StoreFault) {
    await copying.close()
    try await file.remove()
  }

  /// Closes the file; the next call opens it again.
  public func close() async {
    await copying.close()
    await file.close()
  }

  // MARK: Copying

  public func apply(_ part: SnapshotPart, of bank: BankIdentity) async throws(StoreFault) {
    if !file.isThere { try await file.read { _ in } }
    let seconds = 5 + Double(part.items.count) * 0.02
    try await copying.write(seconds: seconds) { database in
      var named: [(number: AccountNumber, words: AccountWords)] = []
      for item in part.items {
        let words = try Self.replace(item, in: database)
        if let words { named.append((item.account.number, words)) }
      }
      try WordIndex(database: database).add(named)
      guard let reached = part.reached else { return }
      try database.carryOut(
        """
        INSERT OR REPLACE INTO unfinished (bank, epoch, reached, single)
        SELECT ?, ?, ?, 1 WHERE NOT EXISTS (SELECT 1 FROM standing)
        """, [bank.id.blob, bank.epoch, reached])
    }
  }

  /// - Returns: the words to be indexed of an account that is new or called otherwise now.
  private static func replace(
    _ item: SnapshotPart.Item, in database: Database
  ) throws -> AccountWords? {
    let account = item.account
    let words = AccountWords(account)
    let known = try AccountReading(database: database).account(account.number)
    try database.carryOut(
      """
      INSERT OR REPLACE INTO account (number, holder, words, currency, status, overdraft,
        balance, last_sequence, reference, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        account.number.text, account.holder.storable, words.text, account.currency.code,
        account.status.rawValue, account.overdraftMinorUnits, account.balanceMinorUnits,
        account.lastSequence, account.reference?.storable, item.version,
      ])
    let isRenamed = known?.holder != account.holder
    if isRenamed, let known {
      try WordIndex(database: database).remove(known.number, AccountWords(known))
    }
    try database.carryOut("DELETE FROM statement_line WHERE account = ?", [account.number.text])
    for line in item.lines { try insert(line, account.number, in: database) }
    return isRenamed ? words : nil
  }

  private static func insert(
    _ line: StatementLine, _ account: AccountNumber, in database: Database
  ) throws {
    try database.carryOut(
      """
      INSERT INTO statement_line (account, sequence, entry_id, label, booking_date, value_date,
        kind, amount, balance, currency, memo, counter_account)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        account.text, line.sequence, line.entry.blob, line.label, line.bookingDate.daysSince1970,
        line.valueDate.daysSince1970, line.kind.rawValue, line.amount.minorUnits,
        line.balance?.minorUnits, line.amount.currency.code, line.memo.storable,
        line.counterAccount.text,
      ])
  }

  // MARK: Reading

  public func account(_ number: AccountNumber) async throws(StoreFault) -> Account? {
    try await file.read { try AccountReading(database: $0).account(number) }
  }

  public func accounts(_ query: AccountQuery) async throws(StoreFault) -> AccountPage {
    try await file.read { try AccountSearch(WordIndex(database: $0)).page(query) }
  }

  public func countAccounts(_ filter: String, cap: Int) async throws(StoreFault) -> CappedCount {
    try await file.read { try AccountSearch(WordIndex(database: $0)).count(filter, cap: cap) }
  }

  public func statement(_ query: StatementQuery) async throws(StoreFault) -> StatementPage {
    try await file.read { try AccountReading(database: $0).statement(query) }
  }

  public func bucketSums() async throws(StoreFault) -> [BucketSum] {
    try await file.read { try AccountReading(database: $0).bucketSums() }
  }
}

import BankCore
import BankService

/// Reads what the local snapshot is made of.
struct SnapshotReading {
  private static let linesPerAccount = 50
  /// Small enough that a page of full statements stays a few megabytes.
  private static let accountsPerPart = 250

  let connection: Connection

  /// Behind the last account that was read, in the order of spans of changes.
  struct Cursor: Sendable {
    /// Accounts that changed later than this are read.
    let since: Int64
    let span: Int64
    let number: String
  }

  struct Beginning: Sendable {
    let mark: SnapshotMark
    let cursor: Cursor
    /// The next changes would get numbers that accounts have already: a copy whose sequences did not
    /// come with it, such as a logical replica.
    let isSequenceBehind: Bool
  }

  /// Opens one view of the books for all pages, and reads where it stands before anything else.
  func begin(
    since mark: SnapshotMark?, terminal: Identifier
  ) throws(StoreFault) -> Beginning {
    let answers = try connection.run([
      .beginReading,
      Call(
        """
        SELECT epoch,
          coalesce((SELECT counter FROM daybook.terminal WHERE terminal.id = $1::uuid), 0),
          coalesce((
            SELECT max(changed) FROM daybook.account WHERE changed_span = (
              SELECT changed_span FROM daybook.account ORDER BY changed_span DESC LIMIT 1)), 0),
          coalesce(pg_sequence_last_value('daybook.change_number'), 0)
        FROM daybook.bank
        """, [.identifier(terminal)]),
    ])
    let found = try answers[1].first { cells throws(StoreFault) in
      let epoch = try cells.integer()
      let counter = try cells.integer()
      let change = try cells.integer()
      return (
        SnapshotMark(epoch: epoch, change: change, counter: counter),
        isBehind: try cells.integer() < change
      )
    }
    guard let (standing, isBehind) = found else {
      throw Identity(connection: connection).missing
    }
    let since = isBehind ? 0 : standing.change(since: mark)
    return Beginning(
      mark: standing, cursor: Cursor(since: since, span: since >> Self.spanBits, number: ""),
      isSequenceBehind: isBehind)
  }

  /// Moves the numbers of changes past all that accounts have. One till at a time, and so far ahead that
  /// numbers given out meanwhile are passed too.
  static let mendsSequence = [
    Call.begin, Call("SELECT FROM daybook.bank FOR UPDATE"),
    Call(
      """
      SELECT setval('daybook.change_number', newest + 1000000)
      FROM (SELECT coalesce(max(changed), 0) AS newest FROM daybook.account) AS account
      WHERE coalesce(pg_sequence_last_value('daybook.change_number'), 0) < newest
      """), Call.commit,
  ]

  /// As the schema makes spans of change numbers.
  private static let spanBits: Int64 = 6

  func page(after cursor: Cursor) throws(StoreFault) -> (part: SnapshotPart, next: Cursor?) {
    guard connection.isInTransaction else {
      throw StoreFault(.connect, "the connection to \(connection.place) was lost")
    }
    let rows = try connection.run(
      """
      SELECT \(Account.columns), version, changed_span FROM daybook.account
      WHERE (changed_span, number) > ($1::bigint, $2::text) AND changed > $3::bigint
      ORDER BY changed_span, number LIMIT \(Self.accountsPerPart)
      """, [.integer(cursor.span), .text(cursor.number), .integer(cursor.since)])
    var last: Cursor?
    let accounts = try rows.read { cells throws(StoreFault) in
      let account = try Account(&cells)
      let version = try cells.integer()
      last = Cursor(
        since: cursor.since, span: try cells.integer(), number: account.number.text)
      return (account, version)
    }
    // Of the last account's span others may follow.
    let reached = last.map { ($0.span << Self.spanBits) - 1 }
    let part = SnapshotPart(items: try withLines(accounts), reached: reached)
    return (part, accounts.count < Self.accountsPerPart ? nil : last)
  }

  func part(_ numbers: [AccountNumber]) throws(StoreFault) -> SnapshotPart {
    let accounts = try connection.run(
      """
      SELECT \(Account.columns), version FROM daybook.account WHERE number = ANY ($1::text[])
      ORDER BY number
      """, [.texts(numbers.map(\.text))]
    ).read { cells throws(StoreFault) in (try Account(&cells), try cells.integer()) }
    return SnapshotPart(items: try withLines(accounts))
  }

  private func withLines(
    _ accounts: [(Account, version: Int64)]
  ) throws(StoreFault) -> [SnapshotPart.Item] {
    guard !accounts.isEmpty else { return [] }
    var lines: [AccountNumber: [StatementLine]] = [:]
    let read = try connection.run(
      """
      SELECT line.account, \(StatementLine.columns)
      FROM unnest($1::text[]) AS wanted (number)
      CROSS JOIN LATERAL (
        SELECT * FROM daybook.line WHERE line.account = wanted.number AND line.share = ''
        ORDER BY line.sequence DESC LIMIT \(Self.linesPerAccount)) AS line
      JOIN daybook.booking ON booking.entry_id = line.entry_id
      ORDER BY line.account, line.sequence
      """, [.texts(accounts.map(\.0.number.text))]
    ).read { cells throws(StoreFault) in (try cells.accountNumber(), try StatementLine(&cells)) }
    for (number, line) in read { lines[number, default: []].append(line) }
    return accounts.map { account, version in
      SnapshotPart.Item(account: account, version: version, lines: lines[account.number] ?? [])
    }
  }

  func bucketSums() throws(StoreFault) -> [BucketSum] {
    let answers = try connection.run([
      .beginReading, SessionSettings.allowsWholeTables,
      Call(
        """
        SELECT ascii(right(number, 1))::bigint, count(*), sum(version)::bigint
        FROM daybook.account GROUP BY 1 ORDER BY 1
        """), .commit,
    ])
    return try answers[2].read { cells throws(StoreFault) in
      BucketSum(
        bucket: Int(try cells.integer()), accounts: Int(try cells.integer()),
        versions: try cells.integer())
    }
  }
}

import RealParts
import Testing

/// The bank's books, looked at from behind: in SQL, without Daybook.
struct Books {
  let cluster: PostgresCluster
  let database: String

  /// Checks that the books hold exactly these receipts, each once, and are sound in themselves.
  ///
  /// - Parameter opening: balances that were there before the first receipt, in cents.
  func expect(
    _ slips: [Slip], opening: [String: Int64] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let sold = slips.filter { $0.standing != .refused }
    #expect(Set(sold.map(\.number)).count == sold.count, sourceLocation: sourceLocation)
    let expected = sold.sorted { $0.number < $1.number }.map { slip in
      "\(slip.number)|\(slip.instruction.kind.rawValue)|\(slip.instruction.account)"
        + "|\(slip.instruction.cents)|posted"
    }
    #expect(try await bookings() == expected, sourceLocation: sourceLocation)
    var balances = opening
    for slip in sold { balances[slip.instruction.account, default: 0] += slip.instruction.effect }
    #expect(try await self.balances() == balances, sourceLocation: sourceLocation)
    try await expectSound(sourceLocation: sourceLocation)
  }

  /// Checks what must be so in any books: each entry id once with its two lines, running balances
  /// without a gap, and a sum of nothing over all accounts.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for (fault, query) in Self.faults {
      let found = try await ask(query)
      #expect(found == [], "\(fault)", sourceLocation: sourceLocation)
    }
    #expect(try await ask(Self.sumOfAllAccounts) == ["0"], sourceLocation: sourceLocation)
  }

  /// `number|kind|customer|amount|outcome` of every entry, by number.
  func bookings() async throws -> [String] {
    try await ask(
      """
      SELECT number, kind, CASE WHEN debit LIKE 'BANK-%' THEN credit ELSE debit END, amount, outcome
      FROM daybook.booking WHERE number > 0 AND terminal = 'till-1' ORDER BY number
      """)
  }

  func balances() async throws -> [String: Int64] {
    let rows = try await ask("SELECT number, balance FROM daybook.account ORDER BY number")
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in
        let parts = row.split(separator: "|")
        return parts.count == 2 ? Int64(parts[1]).map { (String(parts[0]), $0) } : nil
      })
  }

  private func ask(_ query: String) async throws -> [String] {
    try await cluster.psql(query, database: database).split(separator: "\n").map(String.init)
  }

  private static let sumOfAllAccounts =
    """
    SELECT (SELECT coalesce(sum(balance), 0) FROM daybook.account)
      + (SELECT coalesce(sum(balance), 0) FROM daybook.own_account)
    """

  /// Queries that find nothing in sound books.
  private static let faults = [
    (
      "a booking without its inbox row, or the other way round",
      """
      SELECT coalesce(b.entry_id, i.entry_id)
      FROM daybook.booking b
      FULL JOIN (
        SELECT * FROM daybook.inbox
        WHERE outcome <> 'refused' AND number IS NOT NULL
          AND entry_id NOT IN (SELECT entry_id FROM daybook.account_change)
      ) i USING (entry_id)
      WHERE b.entry_id IS NULL OR i.entry_id IS NULL
      """
    ),
    (
      "a booking without exactly one line of the right amount on each side",
      """
      SELECT b.entry_id FROM daybook.booking b
      LEFT JOIN daybook.line l USING (entry_id)
      GROUP BY b.entry_id, b.debit, b.credit, b.amount
      HAVING count(l.entry_id) <> 2
        OR count(*) FILTER (WHERE l.account = b.debit AND l.amount = -b.amount) <> 1
        OR count(*) FILTER (WHERE l.account = b.credit AND l.amount = b.amount) <> 1
      """
    ),
    (
      "a line whose balance is not the sum of all lines up to it, or a gap in the lines",
      """
      SELECT account, share, sequence FROM (
        SELECT *, sum(amount) OVER earlier AS total, row_number() OVER earlier AS place
        FROM daybook.line WINDOW earlier AS (PARTITION BY account, share ORDER BY sequence)
      ) lines WHERE balance <> total OR sequence <> place
      """
    ),
    (
      "an account whose balance is not that of its last line",
      """
      SELECT a.number FROM (
        SELECT number, '' AS share, balance, last_sequence AS sequence FROM daybook.account
        UNION ALL SELECT number, share, balance, sequence FROM daybook.own_account
      ) a
      LEFT JOIN (
        SELECT account, share, sum(amount) AS total, max(sequence) AS last
        FROM daybook.line GROUP BY account, share
      ) l ON l.account = a.number AND l.share = a.share
      WHERE a.balance <> coalesce(l.total, 0) OR a.sequence <> coalesce(l.last, 0)
      """
    ),
  ]
}

import RealParts
import Testing

/// The bank's books, looked at from behind: in SQL, without Daybook.
struct Books {
  let cluster: PostgresCluster
  let database: String

  /// Checks that the books hold exactly these receipts, each once, and are sound in themselves.
  ///
  /// - Parameter interrupted: instructions whose receipt nobody has seen; they may be in the books
  ///   as well, once at most.
  func expect(
    _ slips: [Slip], perhaps interrupted: [Instruction] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var unexplained = try await bookings()
    var missing = slips.filter { $0.standing != .refused }.map { slip in
      "\(slip.number)|\(Self.words(slip.instruction))"
    }
    #expect(Set(missing).count == missing.count, sourceLocation: sourceLocation)
    missing.removeAll { receipt in
      guard let place = unexplained.firstIndex(of: receipt) else { return false }
      unexplained.remove(at: place)
      return true
    }
    var booked = slips.filter { $0.standing != .refused }.map(\.instruction)
    for instruction in interrupted {
      guard let place = unexplained.firstIndex(where: { $0.hasSuffix(Self.words(instruction)) })
      else { continue }
      unexplained.remove(at: place)
      booked.append(instruction)
    }
    #expect(missing == [], "on paper, not in the books", sourceLocation: sourceLocation)
    #expect(unexplained == [], "in the books, not on paper", sourceLocation: sourceLocation)
    var balances = try await self.balances().mapValues { _ in Int64(0) }
    for instruction in booked { balances[instruction.account, default: 0] += instruction.effect }
    #expect(try await self.balances() == balances, sourceLocation: sourceLocation)
    try await expectSound(sourceLocation: sourceLocation)
  }

  /// An instruction as `bookings` tells it, without its number.
  private static func words(_ instruction: Instruction) -> String {
    "\(instruction.kind.rawValue)|\(instruction.account)|\(instruction.cents)|posted"
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
        WHERE outcome <> 'refused'
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

import RealParts

/// The bank's books after the chaos, looked at from behind: in SQL, without Daybook.
struct ChaosBooks: Sendable {
  struct Booking: Sendable {
    let memo, id, terminal, kind, debit, credit, currency, outcome: String
    let replaces, reverses: String
    let amount: Int64
  }

  struct Exception: Sendable {
    let id, terminal, outcome, resolution: String
  }

  /// By their memos; settlements stand apart.
  let byMemo: [String: [Booking]]
  let settlements: [Booking]
  let exceptions: [String: Exception]
  let balances: [String: Int64]

  init(_ scene: ChaosScene) async throws {
    let bookings = try await scene.rows(
      """
      SELECT memo, entry_id, terminal, kind, debit, credit, currency, outcome,
        coalesce(replaces::text, ''), coalesce(reverses::text, ''), amount
      FROM daybook.booking ORDER BY position
      """, columns: 11
    ).map {
      Booking(
        memo: $0[0], id: $0[1], terminal: $0[2], kind: $0[3], debit: $0[4], credit: $0[5],
        currency: $0[6], outcome: $0[7], replaces: $0[8], reverses: $0[9],
        amount: Int64($0[10]) ?? 0)
    }
    byMemo = Dictionary(grouping: bookings.filter { $0.kind != "settlement" }, by: \.memo)
    settlements = bookings.filter { $0.kind == "settlement" }
    let exceptions = try await scene.rows(
      "SELECT entry_id, terminal, outcome, coalesce(resolution, '') FROM daybook.exception",
      columns: 4
    ).map { ($0[0], Exception(id: $0[0], terminal: $0[1], outcome: $0[2], resolution: $0[3])) }
    self.exceptions = Dictionary(uniqueKeysWithValues: exceptions)
    let balances = try await scene.rows(
      "SELECT number, balance FROM daybook.account", columns: 2)
    self.balances = Dictionary(
      uniqueKeysWithValues: balances.map { ($0[0], Int64($0[1]) ?? 0) })
  }

  var bookings: [Booking] { byMemo.values.flatMap { $0 } }
}

extension ChaosScene {
  /// Rows of a query; the columns must not contain `|`.
  func rows(_ query: String, columns: Int) async throws -> [[String]] {
    try await cluster.psql(query, database: database).split(separator: "\n").map { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == columns else { throw RealPartFault("not \(columns) columns: \(line)") }
      return parts
    }
  }
}

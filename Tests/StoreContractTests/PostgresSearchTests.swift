import BankCore
import BankService
import RealParts
import Testing

@testable import PostgresStore

@Suite("Searching many accounts in PostgreSQL", .timeLimit(.minutes(3)))
struct PostgresSearchTests {
  @Test("Numbers that begin alike and stand at the far end are all found, in order, both ways")
  func farEnd() async throws {
    try await PostgresBranch.onSharedServer { branch in
      try await branch.cluster.psql(Self.accounts, database: branch.database)
      let store = branch.store()
      let first = try await store.accounts(AccountQuery(filter: "b", limit: 3))
      #expect(first.accounts.map(\.number.text) == ["B00001", "B00002", "B00003"])
      #expect(first.hasMore)
      let next = try await store.accounts(
        AccountQuery(filter: "b", after: AccountNumber("B20998"), limit: 3))
      #expect(next.accounts.map(\.number.text) == ["B20999", "B21000"])
      #expect(!next.hasMore)
      let before = try await store.accounts(
        AccountQuery(filter: "b", before: AccountNumber("B00003"), limit: 3))
      #expect(before.accounts.map(\.number.text) == ["B00001", "B00002"])
      let both = try await store.accounts(AccountQuery(filter: "b zita", limit: 3))
      #expect(both.accounts.map(\.number.text) == ["B07000", "B14000", "B21000"])
      let near = try await store.accounts(AccountQuery(filter: "a", limit: 2))
      #expect(near.accounts.map(\.number.text) == ["A00001", "A00002"])
      await store.disconnect()
    }
  }

  /// 4,000 accounts `A…`, then 21,000 accounts `B…`; every 7,000th belongs to Zita.
  private static let accounts = """
    CREATE TEMP TABLE made AS
      SELECT 'A' || lpad(n::text, 5, '0') AS number, 'nobody' AS word FROM generate_series(1, 4000) AS n
      UNION ALL
      SELECT 'B' || lpad(n::text, 5, '0'), CASE WHEN n % 7000 = 0 THEN 'zita' ELSE 'nobody' END
      FROM generate_series(1, 21000) AS n;
    INSERT INTO daybook.account (number, holder, words, currency, status, overdraft, changed)
      SELECT number, word, ' ' || word, 'EUR', 'open', 0, nextval('daybook.change_number')
      FROM made;
    INSERT INTO daybook.account_word (word, number, marks)
      SELECT place, number, marks FROM made JOIN (VALUES
        ('nobody', 'nobody', \(AccountWords.marks(of: ["nobody"]))),
        ('nobody', 'n', \(AccountWords.marks(of: ["nobody"]))),
        ('zita', 'zita', \(AccountWords.marks(of: ["zita"]))),
        ('zita', 'z', \(AccountWords.marks(of: ["zita"])))) AS places (word, place, marks)
      USING (word);
    ANALYZE daybook.account;
    ANALYZE daybook.account_word;
    """
}

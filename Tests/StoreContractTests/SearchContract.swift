import BankCore
import BankService
import BankTesting
import Testing

/// Words that are common and whose accounts stand together at the far end of the list: where a
/// search that goes by the order of the list, or by the words, would go on for ever.
@Suite("Searching for common words, over every store", .timeLimit(.minutes(3)))
struct SearchContract {
  /// What an account at the far end is called; words that begin with `za`, `zb` and `zc` are on
  /// thousands of entries each, and `zb` and `zc` never on the same account.
  private static let farHolders = [
    [("za", 20), ("zb", 24)], [("za", 20), ("zc", 26)], [("zb", 40)],
  ].map { words in
    words.flatMap { beginning, count in (0..<count).map { "\(beginning)\($0)" } }
      .joined(separator: " ")
  }
  /// Enough words before them that no store walks past these accounts, whatever it looks for.
  private static let nearHolder = (0..<46).map { "near\($0)" }.joined(separator: " ")

  private static let near = (0..<900).map { "A\(1_000 + $0)" }
  private static let far = (0..<600).map { "B\(1_000 + $0)" }

  private static func far(_ remainders: Int...) -> [String] {
    far.indices.filter { remainders.contains($0 % 3) }.map { far[$0] }
  }

  /// Digits that begin a number, stand behind zeros, in a later part, or in a name.
  private static let digits = [
    ("0000000771", "Quist"), ("77", "Quist"), ("770-1", "Quist"), ("B2-77", "Quist"),
    ("B3-0077", "Quist"), ("C1", "77 Sunset"), ("C2", "077 Club"), ("77A", "77 77A"),
  ]

  /// Filters, and the accounts that have all their words.
  private static let searches = [
    ("77", ["0000000771", "77", "770-1", "77A", "B2-77", "B3-0077", "C1"]), ("077", ["C2"]),
    ("0077", ["B3-0077"]), ("00", ["0000000771", "B3-0077"]), ("77a", ["77A"]),
    ("771 q", ["0000000771"]), ("77 su", ["C1"]), ("77 77a", ["77A"]),
    ("za", far(0, 1)), ("z", far), ("zb", far(0, 2)), ("za zb", far(0)), ("zc za", far(1)),
    ("zb zc", []), ("za zb zc", []), ("z near", []), ("za0", far(0, 1)),
    ("b1 zb", far(0, 2)), ("b1599 z", ["B1599"]), ("b1598 zb zc", []), ("a1", near),
  ]

  @Test("Every page is whole and in order, and no count says too much", arguments: allStores())
  func search(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      try await branch.accounts(Self.near) { _ in Self.nearHolder }
      for (index, holder) in Self.farHolders.enumerated() {
        try await branch.accounts(Self.far(index)) { _ in holder }
      }
      for (number, holder) in Self.digits { try await branch.account(number, holder: holder) }
      for (filter, expected) in Self.searches {
        try await forwards(branch.store, filter, expected)
        try await backwards(branch.store, filter, expected)
        try await between(branch.store, filter, expected)
        try await count(branch.store, filter, expected)
      }
      // What stands on few entries is counted to the end.
      let exact = try await branch.store.countAccounts("b1598 z", cap: 10)
      #expect(exact == CappedCount(count: 1, isCapped: false))
    }
  }

  private func forwards(
    _ store: any Store, _ filter: String, _ expected: [String]
  ) async throws {
    var found: [String] = []
    var query = AccountQuery(filter: filter, limit: 180)
    var hasMore = true
    while hasMore {
      let page = try await store.accounts(query)
      found += page.accounts.map(\.number.text)
      query.after = page.accounts.last?.number
      hasMore = page.hasMore
      #expect(page.accounts.count == 180 || !hasMore, "\(filter)")
    }
    #expect(found == expected, "\(filter)")
  }

  private func backwards(
    _ store: any Store, _ filter: String, _ expected: [String]
  ) async throws {
    var found: [String] = []
    var query = AccountQuery(filter: filter, before: AccountNumber("Z"), limit: 180)
    var hasMore = true
    while hasMore {
      let page = try await store.accounts(query)
      found = page.accounts.map(\.number.text) + found
      query.before = page.accounts.first?.number
      hasMore = page.hasMore
      #expect(page.accounts.count == 180 || !hasMore, "\(filter)")
    }
    #expect(found == expected, "\(filter)")
  }

  private func between(
    _ store: any Store, _ filter: String, _ expected: [String]
  ) async throws {
    let page = try await store.accounts(
      AccountQuery(
        filter: filter, after: AccountNumber("B1100"), before: AccountNumber("B1500"), limit: 100))
    let between = expected.filter { $0 > "B1100" && $0 < "B1500" }
    #expect(page.accounts.map(\.number.text) == Array(between.prefix(100)), "\(filter)")
    #expect(page.hasMore == (between.count > 100), "\(filter)")
  }

  private func count(_ store: any Store, _ filter: String, _ expected: [String]) async throws {
    let count = try await store.countAccounts(filter, cap: 1_000)
    #expect(count.count <= expected.count, "\(filter)")
    #expect(count.isCapped || count.count == expected.count, "\(filter)")
    let few = try await store.countAccounts(filter, cap: 10)
    #expect(few.count <= min(10, expected.count), "\(filter)")
    #expect(few.isCapped || few.count == expected.count, "\(filter)")
  }

  @Test(
    "Of random accounts exactly those are found whose words begin so", arguments: allStores())
  func random(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let town = SmallTown(accounts: 600, seed: 1)
      try await branch.accounts(town.holders.keys.sorted()) { town.holders[$0] ?? "" }
      for filter in SmallTown.filters {
        let expected = try #require(town.found(by: filter))
        try await forwards(branch.store, filter, expected)
        try await backwards(branch.store, filter, expected)
        try await between(branch.store, filter, expected)
        try await count(branch.store, filter, expected)
      }
    }
  }
}

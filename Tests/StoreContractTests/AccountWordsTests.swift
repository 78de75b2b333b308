import BankCore
import BankService
import BankTesting
import GRDB
import Testing

@testable import SQLiteStore

@Suite("Where an account stands in the index of words")
struct AccountWordsTests {
  private let make = Fixtures()

  private func words(_ number: String, _ holder: String) -> AccountWords {
    AccountWords(Account(number: make.number(number), holder: holder, currency: make.euro))
  }

  @Test("Under its words, their first letters, and the first letters of each two")
  func places() {
    let novak = words("0000002378", "Novák, Jan")
    #expect(novak.text == " 2378 jan novak")
    #expect(
      novak.places == ["2378", "jan", "novak", "2", "j", "n", "2 j", "2 n", "j n"])
    #expect(words("1", "Ana").places == ["ana", "a"])
    #expect(words("1", "").places.isEmpty)
    #expect(words("1", "A Ana ana").places == ["a", "ana", "a a"])
    #expect(words("1", "Jan Jana").places == ["jan", "jana", "j", "j j"])
    #expect(words("1", "山田").places == ["山田", "田", "山", "山 田"])
  }

  @Test("The word that a number begins with needs no place, whoever is called so")
  func numbers() {
    #expect(words("77A-12", "77a Ana").words == ["12", "ana"])
    #expect(words("12-12", "").words.isEmpty)
    #expect(words("-7", "").words == ["7"])
  }

  @Test(
    "An account has the marks of all beginnings of its words",
    arguments: ["Marek Novák", "J", "山田太郎 Ø", "Ab Abc Abd Abcdefgh"])
  func marks(holder: String) {
    let account = words("0012-7", holder)
    for word in account.words {
      for end in word.indices {
        let marks = AccountWords.marks(of: [String(word[...end])])
        #expect(account.marks & marks == marks)
      }
    }
    #expect(AccountWords.marks(of: account.words) == account.marks)
  }

  @Test("Names that begin alike are told apart by their marks")
  func difference() {
    let sought = AccountWords.marks(of: ["marek", "novak"])
    for holder in ["Marie Nováková", "Martin Novák", "Marek Novotný"] {
      #expect(words("1", holder).marks & sought != sought)
    }
  }

  @Test("Whichever way a word leads, the same accounts are found", arguments: [1, 2, 3])
  func ways(seed: Int) async throws {
    let folder = try Folder()
    let town = SmallTown(accounts: 900, seed: UInt64(seed))
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    let items = town.holders.map { number, holder in
      SnapshotPart.Item(
        account: Account(number: make.number(number), holder: holder, currency: make.euro),
        version: 1, lines: [])
    }
    try await snapshot.apply(SnapshotPart(items: items), of: make.identity)
    await snapshot.close()
    try examine(folder.path("snapshot.sqlite"), town)
  }

  private func examine(_ path: String, _ town: SmallTown) throws {
    try DatabaseQueue(path: path).read { database in
      // From "every word is common" to "each is rare".
      for commonFrom in [1, 40, 2_000] {
        let search = AccountSearch(WordIndex(database: database), commonFrom: commonFrom)
        for filter in SmallTown.filters {
          try check(search, filter, #require(town.found(by: filter)))
        }
      }
    }
  }

  private func check(_ search: AccountSearch<WordIndex>, _ filter: String, _ expected: [String])
    throws
  {
    func numbers(_ page: AccountPage) -> [String] { page.accounts.map(\.number.text) }
    let (low, high) = (make.number("1200"), make.number("B1300"))
    let first = try search.page(AccountQuery(filter: filter, limit: 70))
    #expect(numbers(first) == Array(expected.prefix(70)), "\(filter)")
    let last = try search.page(AccountQuery(filter: filter, before: high, limit: 7))
    #expect(numbers(last) == expected.filter { $0 < high.text }.suffix(7), "\(filter)")
    let between = try search.page(
      AccountQuery(filter: filter, after: low, before: high, limit: 2_000))
    #expect(
      numbers(between) == expected.filter { $0 > low.text && $0 < high.text }, "\(filter)")
    #expect(
      try search.count(filter, cap: 50)
        == CappedCount(count: min(50, expected.count), isCapped: expected.count > 50))
  }
}

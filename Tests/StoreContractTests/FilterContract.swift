import BankCore
import BankService
import BankTesting
import SQLiteStore
import Testing

/// What `/` finds is said once, by `RowFilter`: each store, and the copy of one, finds the same.
@Suite("Filters of the journal and of statements, over every store")
struct FilterContract {
  private static let notation = AmountNotation.point

  private func filter(_ text: String) -> RowFilter { RowFilter(text, Self.notation) }

  // MARK: Paging

  /// All that the journal has for a filter, page by page, and how many rows were looked through.
  private func journal(
    _ store: any Store, _ filter: RowFilter, forwards: Bool = false, limit: Int, most: Int
  ) async throws -> (lines: [JournalLine], looked: Int) {
    var query = JournalQuery(after: forwards ? 0 : nil, limit: limit)
    query.filter = filter
    query.mostLookedThrough = most
    var lines: [JournalLine] = []
    var looked = 0
    while true {
      let page = try await store.journal(query)
      let reached = try #require(page.looked)
      #expect(reached.rows <= most && page.lines.count <= limit)
      lines = forwards ? lines + page.lines : page.lines + lines
      looked += reached.rows
      guard page.hasMore else { return (lines, looked) }
      if forwards { query.after = reached.end } else { query.before = reached.end }
    }
  }

  private func statement(
    _ reader: any BookReader, of account: AccountNumber, _ filter: RowFilter,
    forwards: Bool = false, limit: Int, most: Int
  ) async throws -> (lines: [StatementLine], looked: Int) {
    var query = StatementQuery(
      account: account, afterSequence: forwards ? 0 : nil, limit: limit)
    query.filter = filter
    query.mostLookedThrough = most
    var lines: [StatementLine] = []
    var looked = 0
    while true {
      let page = try await reader.statement(query)
      let reached = try #require(page.looked)
      #expect(reached.rows <= most && page.lines.count <= limit)
      lines = forwards ? lines + page.lines : page.lines + lines
      looked += reached.rows
      guard page.hasMore else { return (lines, looked) }
      if forwards { query.afterSequence = reached.end } else { query.beforeSequence = reached.end }
    }
  }

  // MARK: What is found

  @Test("What `/` finds, by each of the things that it looks through", arguments: allStores())
  func stories(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("0000002378")
      let petr = try await branch.account("0000003818")
      let yen = try await branch.account("CZ65-0800", currency: Currency("JPY")!)
      let rent = make.deposit(to: ana, "1250.50", memo: "Nájem, říjen")
      let wrong = make.deposit(to: petr, "0.22", memo: "O\u{2019}Brien & Groß")
      let entries = [
        rent, wrong, make.reversal(of: wrong), make.withdrawal(from: ana, "12.00"),
        make.deposit(to: yen, "6598863", currency: Currency("JPY")!, memo: "\u{5C71}\u{7530}"),
      ]
      for entry in entries { try await branch.post(make.request(entry)) }
      func found(_ text: String) async throws -> [String] {
        try await journal(branch.store, filter(text), limit: 9, most: 100).lines
          .map(\.transaction.entry.label)
      }
      #expect(try await found("najem") == [rent.label])
      #expect(try await found("NÁJEM ŘÍJ") == [rent.label])
      #expect(try await found("obrien gross") == [wrong.label])
      #expect(try await found("GROẞ") == [wrong.label])
      #expect(try await found("o'bri").contains(wrong.label))
      #expect(try await found("\u{7530}") == [entries[4].label])
      #expect(try await found("378").count == 2, "the last digits of an account")
      #expect(try await found("3818").count == 2, "without the leading zeros")
      #expect(try await found("cz65").count == 1)
      #expect(try await found("1250") == [rent.label])
      #expect(try await found("1,250.5") == [rent.label], "a grouped amount")
      #expect(try await found("250.50") == [], "an amount is found by its beginning")
      #expect(try await found("0.2").count == 2)
      #expect(try await found("6598863") == [entries[4].label])
      #expect(try await found("reversal") == [entries[2].label])
      #expect(try await found("till-1/0004") == [entries[3].label])
      #expect(try await found("ana posted").count == 5)
      #expect(try await found("\(make.today)").count == 5)
      #expect(try await found("withdrawal 12 378") == [entries[3].label])
      #expect(try await found("BANK-TILL") == [], "the bank's own accounts are no customer's")
      #expect(try await found("% _ ' \\ .* [ ( ^") == [])
      #expect(try await found("nov\0") == [])

      let lines = try await statement(branch.store, of: ana, filter("najem"), limit: 9, most: 9)
      #expect(lines.lines.map(\.label) == [rent.label])
    }
  }

  @Test(
    "Whatever is written and typed: each store finds what the filter says, both ways and in pages",
    arguments: allStores(), [11, 12] as [UInt64])
  func random(_ kind: StoreUnderTest, _ seed: UInt64) async throws {
    var chance = SeededRandom(seed: seed)
    let folder = try Folder()
    let snapshot = SQLiteSnapshot(path: folder.path("snapshot.sqlite"))
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("0000002378", overdraft: "9999999.00")
      let petr = try await branch.account("CZ65-0800")
      for _ in 0..<40 {
        let memo = Self.memo(&chance)
        let (whole, cents) = (chance.next() % 2_000, 10 + chance.next() % 90)
        let amount = "\(whole).\(cents)"
        make.operatorName = chance.next() % 2 == 0 ? "ana" : "Jiří"
        let entry =
          switch chance.next() % 4 {
          case 0: make.entry(.transfer, debit: ana, credit: petr, make.money(amount), memo: memo)
          case 1: make.withdrawal(from: ana, amount, memo: memo)
          default: make.deposit(to: ana, amount, memo: memo)
          }
        try await branch.post(make.request(entry))
      }
      let journal = try await branch.store.journal(JournalQuery(limit: 1_000)).lines
      let lines = try await branch.lines(ana)
      try await snapshot.apply(branch.store.snapshotPart([ana, petr]), of: make.identity)
      for _ in 0..<60 {
        let filter = filter(Self.query(&chance, of: journal))
        guard !filter.isEmpty else { continue }
        let limit = Int.random(in: 1...5, using: &chance)
        let most = Int.random(in: 1...50, using: &chance)
        let expected = journal.filter { filter.matches($0.transaction.searchFields) }
        for forwards in [false, true] {
          let found = try await self.journal(
            branch.store, filter, forwards: forwards, limit: limit, most: most)
          #expect(found.lines == expected, "\(filter) seed \(seed)")
          #expect(found.looked == journal.count)
        }
        let answering = lines.filter { filter.matches($0.searchFields) }
        let found = try await statement(
          branch.store, of: ana, filter, forwards: true, limit: limit, most: most)
        #expect(found.lines == answering && found.looked == lines.count, "\(filter)")
        let copied = try await statement(snapshot, of: ana, filter, limit: limit, most: most)
        #expect(copied.lines.map(\.entry) == answering.map(\.entry), "\(filter)")
      }
      await snapshot.close()
    }
  }

  /// Letters of every kind that the fold knows, and of some that it does not.
  private static func memo(_ chance: inout SeededRandom) -> String {
    let letters = Array(
      "abcsßſﬁæœþðđłøıİĀéÉěŘřŽž eE\u{301}\u{30C}'\u{2019}`ΑάωЙйёЁ山田がガハングａＡ０שרהعر১-.,/%_\\")
    return String(
      (0..<Int.random(in: 0...24, using: &chance)).map { _ in
        letters.randomElement(using: &chance) ?? "a"
      })
  }

  /// A word out of what was written, sometimes spoilt, or two of them.
  private static func query(
    _ chance: inout SeededRandom, of journal: [JournalLine]
  ) -> String {
    (0..<Int.random(in: 1...2, using: &chance)).map { _ in
      guard let entry = journal.randomElement(using: &chance)?.transaction.entry else { return "a" }
      let texts = [
        entry.memo, entry.memo, SearchWords.folded(entry.memo), entry.label, entry.credit.text,
        entry.amount.decimalString, entry.operatorName, entry.kind.rawValue, "posted", "20",
      ]
      let text = Array(texts.randomElement(using: &chance) ?? "a")
      guard !text.isEmpty else { return "a" }
      let start = Int.random(in: 0..<text.count, using: &chance)
      let part = text[start...].prefix(Int.random(in: 1...4, using: &chance))
      return String(part)
    }.joined(separator: " ")
  }

  // MARK: The way back from a folded letter

  /// A letter that the fold changes and `Spellings` does not know would be lost on a server.
  @Test func everyLetterThatIsFoldedIsKnown() {
    let known = Spellings.all
    for scalar in Spellings.known.joined().compactMap({ Unicode.Scalar($0) }) {
      let folded = SearchWords.folded(String(Character(scalar))).unicodeScalars
      if folded.isEmpty {
        #expect(known.ignored.contains(scalar), "\(scalar)")
        continue
      }
      for letter in folded where letter != scalar {
        #expect(known.letters[letter]?.contains(scalar) == true, "\(scalar)")
      }
    }
  }
}

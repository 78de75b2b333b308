import BankCore
import BankService
import BankTesting
import Testing

@Suite("Reading, over every store")
struct ReadingContract {
  // MARK: Accounts

  @Test("Accounts are paged by number, both ways", arguments: allStores())
  func accountPages(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      // Byte order, not that of any language: digits, then letters.
      let numbers = ["-9", "007", "1", "10", "2", "A1", "AB", "B"]
      for number in numbers.reversed() { try await branch.account(number) }
      func page(_ query: AccountQuery) async throws -> ([String], Bool) {
        let page = try await branch.store.accounts(query)
        return (page.accounts.map(\.number.text), page.hasMore)
      }
      let at = branch.make.number

      #expect(try await page(AccountQuery(limit: 3)) == (["-9", "007", "1"], true))
      #expect(try await page(AccountQuery(after: at("1"), limit: 3)) == (["10", "2", "A1"], true))
      #expect(try await page(AccountQuery(after: at("A1"), limit: 3)) == (["AB", "B"], false))
      #expect(try await page(AccountQuery(after: at("B"), limit: 3)) == ([], false))
      #expect(try await page(AccountQuery(before: at("A1"), limit: 2)) == (["10", "2"], true))
      #expect(try await page(AccountQuery(before: at("007"), limit: 2)) == (["-9"], false))
      // A cursor need not be an account.
      #expect(try await page(AccountQuery(after: at("AA"), limit: 9)) == (["AB", "B"], false))
      #expect(
        try await page(AccountQuery(after: at("007"), before: at("A1"), limit: 2))
          == (["1", "10"], true))
      #expect(try await page(AccountQuery(limit: 8)).1 == false)
      #expect(try await page(AccountQuery(limit: 0)).0.isEmpty)
    }
  }

  @Test("A filter finds words by their beginnings, in any order and script", arguments: allStores())
  func filters(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let holders = [
        "0000002378": "Novák, Jan", "0000002379": "Jana Nováková", "3": "Łukasz Żółć",
        "4": "山田太郎", "5": "Søren Ærø-Đokić", "6": "Groß, Ömer", "7": "שרה כהן",
        "CZ65-0800": "Ďuriš & Syn, s.r.o.",
      ]
      for (number, holder) in holders { try await branch.account(number, holder: holder) }
      func found(_ filter: String) async throws -> [String] {
        let accounts = try await branch.store.accounts(AccountQuery(filter: filter)).accounts
        return accounts.map(\.number.text)
      }

      #expect(try await found("nov") == ["0000002378", "0000002379"])
      #expect(try await found("NOVÁK jan") == ["0000002378", "0000002379"])
      #expect(try await found("jan novak") == ["0000002378", "0000002379"])
      #expect(try await found("novakova") == ["0000002379"])
      #expect(try await found("ovak") == [])
      #expect(try await found("lukasz zolc") == ["3"])
      #expect(try await found("soren aero dokic") == ["5"])
      #expect(try await found("gross") == ["6"])
      #expect(try await found("GROẞ omer") == ["6"])
      #expect(try await found("山田") == ["4"])
      #expect(try await found("田太郎") == ["4"])
      #expect(try await found("郎") == ["4"])
      #expect(try await found("太田") == [])
      #expect(try await found("כהן שרה") == ["7"])
      #expect(try await found("duris syn") == ["CZ65-0800"])
      // Numbers: as written, without leading zeros, and by their parts.
      #expect(try await found("2378") == ["0000002378"])
      #expect(try await found("000000237") == ["0000002378", "0000002379"])
      #expect(try await found("cz65-08") == ["CZ65-0800"])
      #expect(try await found("novak 2379") == ["0000002379"])
      // No words: blanks ask for all, signs find nothing, and nothing breaks.
      #expect(try await found("  ").count == holders.count)
      #expect(try await found("%") == [])
      #expect(try await found("_'\"\\;--") == [])
      #expect(try await found("nov\0") == ["0000002378", "0000002379"])
    }
  }

  @Test("A filtered list is paged like any other", arguments: allStores())
  func filteredPages(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      for number in 10..<20 {
        let holder = number.isMultiple(of: 2) ? "Even, Anna" : "Odd, Anna"
        try await branch.account("\(number)", holder: holder)
      }
      let at = branch.make.number
      let first = try await branch.store.accounts(AccountQuery(filter: "even", limit: 3))
      #expect(first.accounts.map(\.number.text) == ["10", "12", "14"])
      #expect(first.hasMore)
      let second = try await branch.store.accounts(
        AccountQuery(filter: "anna even", after: at("14"), limit: 3))
      #expect(second.accounts.map(\.number.text) == ["16", "18"])
      #expect(!second.hasMore)
      let back = try await branch.store.accounts(
        AccountQuery(filter: "even", before: at("16"), limit: 2))
      #expect(back.accounts.map(\.number.text) == ["12", "14"])
      #expect(back.hasMore)
    }
  }

  @Test("Counts stop at their cap, except that of all accounts", arguments: allStores())
  func counts(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      for number in 1...7 { try await branch.account("\(number)", holder: "Novák") }
      let store = branch.store
      let all = try await store.countAccounts("", cap: 3)
      #expect(all == CappedCount(count: 7, isCapped: false))
      let some = try await store.countAccounts("nov", cap: 3)
      #expect(some == CappedCount(count: 3, isCapped: true))
      let exact = try await store.countAccounts("nov", cap: 7)
      #expect(exact == CappedCount(count: 7, isCapped: false))
      let none = try await store.countAccounts("xyz", cap: 3)
      #expect(none == CappedCount(count: 0, isCapped: false))
    }
  }

  @Test("An account that is not there is no fault", arguments: allStores())
  func unknown(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let nowhere = branch.make.number("404")
      let account = try await branch.store.account(nowhere)
      #expect(account == nil)
      #expect(try await branch.lines(nowhere).isEmpty)
      #expect(try await branch.store.transaction(branch.make.id()) == nil)
      #expect(try await branch.store.account(branch.make.till()) == nil)
    }
  }

  // MARK: Statements

  @Test(
    "A statement is paged by sequence, both ways, with running balances", arguments: allStores())
  func statementPages(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      for amount in ["1.00", "2.00", "3.00", "4.00", "5.00"] {
        try await branch.post(make.request(make.deposit(to: ana, amount, memo: "of \(amount)")))
      }
      func page(
        after: Int64? = nil, before: Int64? = nil, limit: Int
      ) async throws -> ([Int64], Bool) {
        let page = try await branch.store.statement(
          StatementQuery(
            account: ana, afterSequence: after, beforeSequence: before, limit: limit))
        return (page.lines.map(\.sequence), page.hasMore)
      }

      #expect(try await page(limit: 2) == ([4, 5], true))
      #expect(try await page(before: 4, limit: 2) == ([2, 3], true))
      #expect(try await page(before: 2, limit: 2) == ([1], false))
      #expect(try await page(after: 0, limit: 2) == ([1, 2], true))
      #expect(try await page(after: 3, limit: 2) == ([4, 5], false))
      #expect(try await page(after: 5, limit: 2) == ([], false))

      let line = try #require(try await branch.lines(ana).last)
      #expect(line.amount == make.money("5.00"))
      #expect(line.balance == make.money("15.00"))
      #expect(line.memo == "of 5.00")
      #expect(line.label == "till-1/0005")
      #expect(line.kind == .deposit)
      #expect(line.counterAccount == make.till())
    }
  }

  @Test("A withdrawal is negative on the account and positive in the till", arguments: allStores())
  func signs(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", overdraft: "50.00")
      try await branch.post(make.request(make.withdrawal(from: ana, "12.00")))
      #expect(try await branch.lines(ana).map(\.amount) == [make.money("-12.00")])
      let till = try await branch.lines(make.till(), share: "till-1")
      #expect(till.map(\.amount) == [make.money("12.00")])
      #expect(till.map(\.counterAccount) == [ana])
      let account = try await branch.store.account(make.till())
      #expect(account?.holder == "Till till-1 EUR")
      #expect(account?.lastSequence == 1)
    }
  }

  @Test(
    "Each terminal has a share of the bank's own accounts, with a statement of its own",
    arguments: allStores())
  func shares(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "50.00")
      let other = Fixtures(seed: 2, terminal: "till-2")
      try await branch.store.enrol(other.terminal, at: other.now)
      try await branch.post(make.request(make.fee(from: ana, "1.00")))
      _ = try await branch.store.post(
        other.batch([other.request(other.fee(from: ana, "2.00"))]))

      let fees = OwnAccount.fees.number(make.euro)
      let mine = try await branch.lines(fees, share: "till-1")
      let theirs = try await branch.lines(fees, share: "till-2")
      #expect(mine.map(\.balance) == [make.money("1.00")])
      #expect(theirs.map(\.balance) == [make.money("2.00")])
      #expect(theirs.map(\.sequence) == [1])
      #expect(try await branch.balance(fees) == "3.00")
    }
  }

  @Test("A statement between two booking dates", arguments: allStores())
  func statementDates(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let first = make.today
      for day in 0..<5 {
        make.today = first.advanced(byDays: Int32(day))
        try await branch.post(make.request(make.deposit(to: ana, "1.00")))
      }
      let page = try await branch.store.statement(
        StatementQuery(
          account: ana, afterSequence: 0, from: first.advanced(byDays: 1),
          to: first.advanced(byDays: 3), limit: 2))
      #expect(page.lines.map(\.sequence) == [2, 3])
      #expect(page.hasMore)
      let newest = try await branch.store.statement(
        StatementQuery(account: ana, to: first.advanced(byDays: 3), limit: 2))
      #expect(newest.lines.map(\.sequence) == [3, 4])
    }
  }

  // MARK: Reversals

  @Test(
    "A line and a transaction say which entry takes them back, and which they take back",
    arguments: allStores())
  func reversalMarks(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let kept = make.deposit(to: ana, "1.00")
      let wrong = make.deposit(to: ana, "2.00")
      let reversal = make.reversal(of: wrong)
      for entry in [kept, wrong, reversal] { try await branch.post(make.request(entry)) }
      let marks = [
        ReversalMarks(), ReversalMarks(reversedBy: reversal.label),
        ReversalMarks(reverses: wrong.label),
      ]

      #expect(try await branch.lines(ana).map(\.reversal) == marks)
      let till = try await branch.lines(make.till(), share: "till-1")
      #expect(till.map(\.reversal) == marks)
      let journal = try await branch.store.journal(JournalQuery(limit: 9))
      #expect(journal.lines.map(\.reversal) == marks)
      // Also where the other one is not on the page.
      let one = try await branch.store.statement(
        StatementQuery(account: ana, beforeSequence: 3, limit: 1))
      #expect(one.lines.map(\.reversal) == [marks[1]])
      let last = try await branch.store.journal(JournalQuery(limit: 1))
      #expect(last.lines.map(\.reversal) == [marks[2]])
    }
  }

  // MARK: The journal

  @Test(
    "The journal is paged both ways and chosen by date, terminal and operator",
    arguments: allStores())
  func journal(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      var entries: [Entry] = []
      let first = make.today
      for day in 0..<6 {
        make.today = first.advanced(byDays: Int32(day))
        make.operatorName = day.isMultiple(of: 2) ? "ana" : "petr"
        entries.append(make.deposit(to: ana, "1.00"))
        try await branch.post(make.request(entries[day]))
      }
      func page(_ query: JournalQuery) async throws -> ([EntryID], Bool, [Int64]) {
        let page = try await branch.store.journal(query)
        return (
          page.lines.map(\.transaction.entry.id), page.hasMore, page.lines.map(\.position)
        )
      }
      let ids = entries.map(\.id)

      let newest = try await page(JournalQuery(limit: 2))
      #expect(newest.0 == [ids[4], ids[5]])
      #expect(newest.1)
      let back = try await page(JournalQuery(before: newest.2.first, limit: 3))
      #expect(back.0 == [ids[1], ids[2], ids[3]])
      #expect(back.1)
      let onwards = try await page(JournalQuery(after: back.2.last, limit: 3))
      #expect(onwards.0 == [ids[4], ids[5]])
      #expect(!onwards.1)
      let oldest = try await page(JournalQuery(after: 0, limit: 2))
      #expect(oldest.0 == [ids[0], ids[1]])
      let petr = try await page(JournalQuery(operatorName: "petr", limit: 9))
      #expect(petr.0 == [ids[1], ids[3], ids[5]])
      let middle = try await page(
        JournalQuery(from: first.advanced(byDays: 2), to: first.advanced(byDays: 3)))
      #expect(middle.0 == [ids[2], ids[3]])
      #expect(try await page(JournalQuery(terminal: "till-2")).0.isEmpty)
      #expect(try await page(JournalQuery(terminal: "till-1", limit: 50)).0 == ids)
    }
  }
}

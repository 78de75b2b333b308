import BankCore
import BankService
import BankTesting
import Foundation
import RealParts
import Testing

@testable import PostgresStore

@Suite("The books in PostgreSQL", .timeLimit(.minutes(3)))
struct PostgresBooksTests {
  /// Names and memos as they come from outside: quotes, escapes, controls, other scripts.
  static let hostile = [
    "O'Brien \"Bob\" \\ \\N \\. \\x00", "tab\tline\nreturn\rform\u{c}", "{1,2},\"a\"",
    "$1 $$ --x /*",
    "\u{0}zero\u{0}", "\u{202E}txt.exe\u{202C}", "王小明 ‏שלום", "👩‍👩‍👧‍👦 e\u{301}", "", " ", "NULL",
    String(repeating: "ž", count: 5_000),
    String(decoding: [0x41, 0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self),
  ]

  @Test("Hostile text comes back as it went in, by INSERT and by COPY", arguments: [1, 20])
  func text(_ copies: Int) async throws {
    try await PostgresBranch.onSharedServer { branch in
      let (make, store) = (branch.make, branch.store())
      let memos = (0..<copies).flatMap { _ in Self.hostile }
      let submissions = memos.map { memo in
        make.request(
          make.entry(
            .deposit, debit: make.till(), credit: branch.ana, make.money("1.00"), memo: memo))
      }
      let receipt = try await store.post(make.batch(submissions))
      #expect(receipt.decisions.allSatisfy { $0.verdict == .posted })
      let lines = try await store.statement(
        StatementQuery(account: branch.ana, afterSequence: 1, limit: 1_000)
      ).lines
      #expect(lines.map(\.memo) == memos.map { $0.replacing("\0", with: "\u{FFFD}") })

      for (index, holder) in Self.hostile.enumerated() where !holder.isEmpty {
        let draft = AccountDraft(
          number: make.number("H\(index)"), holder: holder, currency: make.euro)
        _ = try await store.openAccount(draft, id: make.id(), by: holder, at: make.now)
        let stored = try await store.account(draft.number)
        #expect(stored?.holder == holder.replacing("\0", with: "\u{FFFD}"))
        _ = try await store.accounts(AccountQuery(filter: holder))
      }
      try await branch.checkBooks()
      await store.disconnect()
    }
  }

  @Test("Two stores post on the same accounts at the same time: no deadlock, no cent lost")
  func concurrent() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let first = branch.store()
      for number in 0..<6 {
        try await OpenBank(store: first, make: branch.make)
          .account("C\(number)", balance: "1000.00")
      }
      let bank = branch.bank
      try await withThrowingTaskGroup(of: Int.self) { group in
        for till in 1...4 {
          group.addTask {
            let make = Fixtures(seed: UInt64(100 + till), terminal: "till-9\(till)")
            let store = bank.store()
            try await store.enrol(make.terminal, at: make.now)
            var posted = 0
            for round in 0..<25 {
              // Each till takes the accounts in another order.
              let submissions = (0..<6).map { step in
                let from = (step * till + round) % 6
                return make.request(
                  make.transfer(
                    from: make.number("C\(from)"), to: make.number("C\((from + till) % 6)"), "1.00")
                )
              }
              let receipt = try await store.post(make.batch(submissions))
              posted += receipt.decisions.count { $0.verdict == .posted }
            }
            await store.disconnect()
            return posted
          }
        }
        var posted = 0
        for try await count in group { posted += count }
        #expect(posted == 600)
      }
      #expect(
        try await branch.psql(
          "SELECT sum(balance) FROM daybook.account WHERE number LIKE 'C%'") == "600000")
      try await branch.checkBooks()
      await first.disconnect()
    }
  }

  @Test("The same entry sent by two sessions at once is booked once")
  func sameAtOnce() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let store = branch.store()
      // An account that nobody can lock: only the inbox stands between the two.
      let unknown = branch.make.number("UNKNOWN")
      for round in 0..<20 {
        let account = round.isMultiple(of: 2) ? branch.ana : unknown
        let batch = branch.make.batch([
          branch.make.advice(branch.make.deposit(to: account, "1.00"))
        ])
        async let first = store.post(batch)
        async let second = store.post(batch)
        let both = try await [first, second]
        #expect(both.count { $0.decisions.first?.wasKnown == false } == 1)
        #expect(both[0].only == both[1].only)
      }
      try await branch.checkBooks()
      await store.disconnect()
    }
  }

  @Test("A batch of 5,000 is one transaction, in order, each once")
  func largeBatch() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let (make, store) = (branch.make, branch.store())
      let submissions = (0..<5_000).map { _ in
        make.advice(make.deposit(to: branch.ana, "0.01"))
      }
      let receipt = try await store.post(make.batch(submissions))
      #expect(receipt.decisions.allSatisfy { $0.verdict == .posted })
      #expect(receipt.counter == 2)
      #expect(try await branch.balance() == "15000")
      let again = try await store.post(make.batch(submissions))
      #expect(again.decisions.allSatisfy { $0.wasKnown })
      #expect(try await store.plan(make.batch(submissions)).allSatisfy { $0.wasKnown })
      try await branch.checkBooks()
      await store.disconnect()
    }
  }

  @Test("One entry that the database rejects is held, the rest of a large batch goes on")
  func rejected() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let (make, store) = (branch.make, branch.store())
      var submissions = (0..<300).map { _ in make.request(make.deposit(to: branch.ana, "0.01")) }
      let bad = make.entry(
        .deposit, debit: make.till(), credit: branch.ana, Money(minorUnits: -5, make.euro))
      submissions.insert(make.advice(bad), at: 150)
      let receipt = try await store.post(make.batch(submissions))
      #expect(receipt.decisions[150].verdict == .held(.rejectedByDatabase))
      #expect(receipt.decisions.count { $0.verdict == .posted } >= 150)
      try await branch.checkBooks()
      await store.disconnect()
    }
  }

  @Test("A copy of the books is one view, whatever is booked meanwhile")
  func consistentCopy() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let (make, store) = (branch.make, branch.store())
      for number in 0..<400 {
        try await OpenBank(store: store, make: make).account("V\(number)", balance: "1.00")
      }
      let seen = Seen()
      let last = make.number("V399")
      let deposit = make.batch([make.request(make.deposit(to: last, "5.00"))])
      let other = branch.store()
      let mark = try await store.changes(since: nil, terminal: make.terminal.id) {
        part throws(StoreFault) in
        // Booked after the view was opened and before its last page: not in this copy.
        if await seen.add(part) == 1 { _ = try await other.post(deposit) }
      }
      #expect(await seen.balance(of: last) == 100)
      let next = try await store.changes(since: mark, terminal: make.terminal.id) {
        part throws(StoreFault) in
        _ = await seen.add(part)
      }
      #expect(await seen.balance(of: last) == 600)
      #expect(next.counter == mark.counter + 1)
      await other.disconnect()
      await store.disconnect()
    }
  }

  private actor Seen {
    private var balances: [AccountNumber: Int64] = [:]
    private var parts = 0

    func add(_ part: SnapshotPart) -> Int {
      for item in part.items { balances[item.account.number] = item.account.balanceMinorUnits }
      parts += 1
      return parts
    }

    func balance(of number: AccountNumber) -> Int64? { balances[number] }
  }

  @Test("A period that is being closed waits for entries on their way, and they for it")
  func closing() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let store = branch.store()
      let (bank, today) = (branch.bank, branch.make.today)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await bank.store().closePeriod(through: today) }
        for seed in 1...4 {
          group.addTask {
            let make = Fixtures(seed: UInt64(200 + seed), terminal: "till-8\(seed)")
            let own = bank.store()
            try await own.enrol(make.terminal, at: make.now)
            for _ in 0..<10 {
              _ = try await own.post(
                make.batch([make.request(make.deposit(to: bank.ana, "1.00"))]))
            }
            await own.disconnect()
          }
        }
        try await group.waitForAll()
      }
      let receipt = try await store.post(branch.deposit("1.00"))
      #expect(receipt.decisions.first?.bookingDate == branch.make.today.advanced(byDays: 1))
      try await branch.checkBooks()
      await store.disconnect()
    }
  }

  @Test("Two who found the bank at once found one bank")
  func foundedTwice() async throws {
    let cluster = try await PostgresCluster.shared
    let database = try await cluster.createDatabase()
    func store() -> PostgresStore {
      PostgresStore(cluster.url(database: database), schemaFolder: schemaFolder("postgres"))
    }
    let (one, two) = (store(), store())
    let drafts = (Fixtures(seed: 1).bank, Fixtures(seed: 2).bank)
    async let first = one.createBank(drafts.0)
    async let second = two.createBank(drafts.1)
    let both = try await [first, second]
    #expect(both[0].bank == both[1].bank)
    #expect(both.count { $0.created } == 1)
    await one.disconnect()
    await two.disconnect()
    try await cluster.dropDatabase(database)
  }

  @Test("More calls at once than sessions: each has its turn")
  func crowd() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let store = branch.store()
      let ana = branch.ana
      let balances = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<8 {
          group.addTask { try await store.account(ana)?.balance.decimalString }
        }
        return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
      }
      #expect(balances == ["100.00"])
      #expect(try await branch.cluster.backends(database: branch.database).count <= 4)
      await store.disconnect()
      try await eventually("no session is left") {
        try await branch.cluster.backends(database: branch.database).isEmpty
      }
    }
  }

  @Test("A wider integer than the column promises is another schema, not a trap")
  func anotherSchema() async throws {
    try await PostgresBranch.onSharedServer { branch in
      _ = try await branch.psql(
        """
        ALTER TABLE daybook.account ALTER COLUMN balance TYPE numeric;
        """)
      let fault = await faultOf { () async throws(StoreFault) in
        _ = try await branch.store().account(branch.ana)
      }
      #expect(fault?.cause == .schema)
    }
  }
}

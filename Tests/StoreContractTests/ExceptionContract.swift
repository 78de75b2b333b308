import BankCore
import BankService
import BankTesting
import Testing

@Suite("Exceptions and their settlement, over every store")
struct ExceptionContract {
  /// Settles an exception, moving money through `entry` where the resolution needs it.
  private func settle(
    _ exception: EntryID, _ resolution: Resolution, through entry: Entry? = nil,
    in branch: OpenBank, by name: String = "petra"
  ) async throws -> PostingReceipt {
    let request = SettlementRequest(
      exception: exception,
      settlement: Settlement(
        resolution: resolution, by: name, note: "looked at it", at: branch.make.now),
      through: entry?.id)
    let submissions = entry.map { [branch.make.request($0)] } ?? []
    return try await branch.store.post(branch.make.batch(submissions, settlements: [request]))
  }

  /// A deposit whose cash was taken for an account that is closed.
  private func suspendedDeposit(
    in branch: OpenBank
  ) async throws -> (entry: Entry, account: AccountNumber) {
    let closed = try await branch.account("1001")
    _ = try await branch.change(closed, to: .closed)
    let deposit = branch.make.deposit(to: closed, "40.00")
    try await branch.post(branch.make.advice(deposit))
    return (deposit, closed)
  }

  @Test("What an exception tells", arguments: allStores())
  func record(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let (deposit, account) = try await suspendedDeposit(in: branch)
      let open = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 10)
      let expected = ExceptionRecord(
        entry: deposit.id, label: deposit.label, kind: .deposit, account: account,
        amount: make.money("40.00"), outcome: .suspense(.accountClosed), flags: [],
        probableDuplicateOf: nil, maker: "ana", terminal: "till-1",
        facts: CaptureFacts(deposit), openedAt: make.now)
      #expect(open == [expected])
      #expect(try await branch.store.countOpenExceptions() == 1)
    }
  }

  @Test("Re-pointing moves the money out of suspense, once", arguments: allStores())
  func repointing(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let (deposit, _) = try await suspendedDeposit(in: branch)
      let petr = try await branch.account("1002")
      let move = make.settlement(fromSuspenseTo: petr, "40.00")

      let receipt = try await settle(deposit.id, .to(petr), through: move, in: branch)
      let again = try await settle(deposit.id, .to(petr), through: move, in: branch)

      #expect(receipt.only == .posted)
      #expect(again.decisions.first?.wasKnown == true)
      #expect(try await branch.balance(petr) == "40.00")
      #expect(try await branch.balance(OwnAccount.suspense.number(make.euro)) == "0.00")
      #expect(try await branch.store.countOpenExceptions() == 0)
      let settled = try await branch.store.exceptions(includingSettled: true, after: nil, limit: 10)
      #expect(
        settled.map(\.settlement?.resolution) == [.to(petr)])
      #expect(settled.first?.settlement?.by == "petra")
      #expect(settled.first?.settlement?.note == "looked at it")
    }
  }

  @Test("Two people settling the same exception move the money once", arguments: allStores())
  func settledByTwo(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let (deposit, _) = try await suspendedDeposit(in: branch)
      let petr = try await branch.account("1002")
      let eva = try await branch.account("1003")

      _ = try await settle(
        deposit.id, .to(petr), through: make.settlement(fromSuspenseTo: petr, "40.00"),
        in: branch)
      let second = try await settle(
        deposit.id, .to(eva), through: make.settlement(fromSuspenseTo: eva, "40.00"),
        in: branch, by: "karel")

      #expect(second.only == .refused(.alreadySettled))
      #expect(try await branch.balance(petr) == "40.00")
      #expect(try await branch.balance(eva) == "0.00")
      let settled = try await branch.store.exceptions(includingSettled: true, after: nil, limit: 10)
      #expect(settled.first?.settlement?.by == "petra")
    }
  }

  @Test("A settlement that cannot be booked leaves the exception open", arguments: allStores())
  func refusedSettlement(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let (deposit, closed) = try await suspendedDeposit(in: branch)
      let receipt = try await settle(
        deposit.id, .post, through: branch.make.settlement(fromSuspenseTo: closed, "40.00"),
        in: branch)
      #expect(receipt.only == .refused(.accountClosed))
      #expect(try await branch.store.countOpenExceptions() == 1)
    }
  }

  @Test("Accepting, matching and refusing need no money to move", arguments: allStores())
  func withoutMoney(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let overdrawing = make.withdrawal(from: ana, "15.00")
      let refused = make.transfer(from: ana, to: make.number("404"), "1.00")
      let other = make.deposit(to: ana, "0.01")
      try await branch.post(
        make.advice(overdrawing), make.released(refused), make.request(other))
      #expect(try await branch.store.countOpenExceptions() == 2)

      let receipt = try await settle(overdrawing.id, .post, in: branch)
      _ = try await settle(refused.id, .match(other.id), in: branch)
      // The first settlement stands.
      _ = try await settle(refused.id, .refuse, in: branch, by: "karel")

      #expect(receipt.decisions.isEmpty)
      #expect(receipt.counter > 0)
      #expect(try await branch.store.countOpenExceptions() == 0)
      let settled = try await branch.store.exceptions(includingSettled: true, after: nil, limit: 10)
      let resolutions = Dictionary(
        uniqueKeysWithValues: settled.map { ($0.entry, $0.settlement?.resolution) })
      #expect(resolutions == [overdrawing.id: .post, refused.id: .match(other.id)])
    }
  }

  @Test(
    "A refusal that the customer was told of later becomes an exception, once",
    arguments: allStores())
  func refusedAfterRelease(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let petr = try await branch.account("1002")
      let transfer = make.transfer(from: ana, to: petr, "5.00")

      try await branch.post(make.request(transfer))
      #expect(try await branch.store.countOpenExceptions() == 0)
      try await branch.post(make.released(transfer))
      try await branch.post(make.released(transfer))

      let open = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 10)
      #expect(open.map(\.entry) == [transfer.id])
      #expect(open.first?.outcome == .refused(.insufficientFunds))
      _ = try await settle(transfer.id, .refuse, in: branch)
      try await branch.post(make.released(transfer))
      #expect(try await branch.store.countOpenExceptions() == 0)
    }
  }

  @Test(
    "Exceptions come in the order they were opened, and no more than asked for",
    arguments: allStores())
  func order(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let entries = (1...4).map { make.deposit(to: make.number("40\($0)"), "1.00") }
      for entry in entries {
        make.now = make.now.advanced(byMilliseconds: 1)
        try await branch.post(make.advice(entry))
      }
      let first = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 3)
      #expect(first.map(\.entry) == entries.prefix(3).map(\.id))
    }
  }

  @Test("What the customer said is kept, and so is whoever is to see to it", arguments: allStores())
  func said(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposit = Entry(
        id: make.id(), number: 50, terminal: make.terminal.name, operatorName: "ana",
        kind: .deposit, debit: make.till(), credit: make.number("999999"),
        amount: make.money("3.00"), memo: "rent 'o\u{301}' --", capturedAt: make.now,
        valueDate: make.today, statedHolder: "Mystery, Man")
      let transfer = make.transfer(from: ana, to: make.number("1002"), "5.00")
      try await branch.post(make.advice(deposit), make.released(transfer))

      #expect(try await branch.store.assignException(deposit.id, to: "petra"))
      #expect(try await branch.store.assignException(make.id(), to: "petra") == false)
      let found = try await branch.store.exceptions([deposit.id, transfer.id])
      #expect(found[deposit.id]?.facts == CaptureFacts(deposit))
      #expect(found[deposit.id]?.facts.statedHolder == "Mystery, Man")
      #expect(found[deposit.id]?.owner == "petra")
      #expect(found[transfer.id]?.owner == "ana")
      #expect(found[transfer.id]?.accounts == [ana, make.number("1002")])

      _ = try await settle(transfer.id, .refuse, in: branch)
      #expect(try await branch.store.assignException(transfer.id, to: "petra") == false)
    }
  }

  @Test("The list goes on behind any exception, to its end", arguments: allStores())
  func pages(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let entries = (1...7).map { make.deposit(to: make.number("40\($0)"), "1.00") }
      // Several are opened at the same moment.
      try await branch.post(make.advice(entries[0]), make.advice(entries[1]))
      for entry in entries.dropFirst(2) { try await branch.post(make.advice(entry)) }
      let all = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 50)
      #expect(Set(all.map(\.entry)) == Set(entries.map(\.id)))
      var seen: [EntryID] = []
      while true {
        let part = try await branch.store.exceptions(
          includingSettled: false, after: seen.last, limit: 2)
        guard !part.isEmpty else { break }
        seen += part.map(\.entry)
      }
      #expect(seen == all.map(\.entry))
    }
  }

  @Test("Each side of a late transfer shows its own value date", arguments: allStores())
  func valueDates(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let petr = try await branch.account("1002")
      let captured = make.today.advanced(byDays: -2)
      let transfer = make.entry(
        .transfer, debit: ana, credit: petr, make.money("5.00"), valueDate: captured)
      try await branch.post(make.released(transfer))
      let debit = try await branch.store.statement(StatementQuery(account: ana, limit: 1)).lines
      let credit = try await branch.store.statement(StatementQuery(account: petr, limit: 1)).lines
      #expect(debit.map(\.valueDate) == [make.today])
      #expect(credit.map(\.valueDate) == [captured])
    }
  }
}

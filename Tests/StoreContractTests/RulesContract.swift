import BankCore
import BankService
import BankTesting
import Testing

/// The rules are tested cell by cell in BankCoreTests; here each store proves that it gives them the
/// right facts and keeps what they decide.
@Suite("The rules at reconciliation, over every store")
struct RulesContract {
  @Test(
    "An advice on a frozen or closed account goes to suspense, a request is refused",
    arguments: allStores())
  func suspense(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let frozen = try await branch.account("1001", balance: "10.00")
      _ = try await branch.change(frozen, to: .frozen)
      let closed = try await branch.account("1002")
      _ = try await branch.change(closed, to: .closed)
      let unknown = make.number("9999")

      let receipt = try await branch.post(
        make.advice(make.withdrawal(from: frozen, "5.00")),
        make.advice(make.deposit(to: frozen, "3.00")),
        make.advice(make.deposit(to: closed, "4.00")),
        make.advice(make.deposit(to: unknown, "6.00")),
        make.request(make.withdrawal(from: frozen, "5.00")),
        make.request(make.deposit(to: frozen, "5.00")),
        make.request(make.deposit(to: closed, "4.00")),
        make.request(make.deposit(to: unknown, "6.00")))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .suspense(.accountFrozen), .posted, .suspense(.accountClosed),
          .suspense(.unknownAccount), .refused(.accountFrozen), .refused(.accountFrozen),
          .refused(.accountClosed),
          .refused(.unknownAccount),
        ])
      #expect(try await branch.balance(OwnAccount.suspense.number(make.euro)) == "5.00")
      #expect(try await branch.balance(frozen) == "13.00")
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
      let open = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 10)
      #expect(Set(open.map(\.account)) == [frozen, closed, unknown])
    }
  }

  @Test(
    "Another currency is kept in suspense in the entry's own, never converted",
    arguments: allStores())
  func otherCurrency(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let yen = try #require(Currency("JPY"))
      let ana = try await branch.account("1001", balance: "10.00")

      let receipt = try await branch.post(
        make.advice(make.deposit(to: ana, "500", currency: yen)),
        make.request(make.deposit(to: ana, "500", currency: yen)))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .suspense(.currencyDiffers), .refused(.currencyDiffers),
        ])
      #expect(try await branch.balance(OwnAccount.suspense.number(yen)) == "500")
      #expect(try await branch.balance(ana) == "10.00")
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0, yen: 0])
    }
  }

  @Test("A released entry that another terminal may have booked is flagged", arguments: allStores())
  func probableDuplicates(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let petr = try await branch.account("1002")
      let elsewhere = try #require(TerminalName("till-2"))
      let other = TerminalIdentity(id: make.id(), name: elsewhere)
      try await branch.store.enrol(other, at: make.now)
      let theirs = make.entry(
        .deposit, debit: OwnAccount.till(elsewhere).number(make.euro), credit: ana,
        make.money("50.00"), terminal: elsewhere)
      _ = try await branch.store.post(
        make.batch([make.request(theirs)], terminal: .some(other.id)))

      let receipt = try await branch.post(
        make.advice(make.deposit(to: ana, "50.00")),
        make.advice(make.deposit(to: ana, "50.01")),
        make.advice(make.deposit(to: petr, "50.00")),
        make.request(make.deposit(to: ana, "50.00")))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .decided(.posted, [.probableDuplicate]), .posted, .posted, .posted,
        ])
      let open = try await branch.store.exceptions(includingSettled: false, after: nil, limit: 10)
      #expect(open.map(\.probableDuplicateOf) == [theirs.id])
      #expect(try await branch.balance(ana) == "200.01")
    }
  }

  @Test("The same instruction from the same terminal is no duplicate", arguments: allStores())
  func repetitionAtOneTerminal(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      try await branch.post(make.advice(make.deposit(to: ana, "50.00")))
      let receipt = try await branch.post(make.advice(make.deposit(to: ana, "50.00")))
      #expect(receipt.only == .posted)
    }
  }

  @Test(
    "An entry over an offline limit is flagged, or held for a supervisor", arguments: allStores())
  func overLimit(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "5000.00")
      let petr = try await branch.account("1002")
      let transfer = make.transfer(from: ana, to: petr, "900.00")

      let receipt = try await branch.post(
        make.released(make.withdrawal(from: ana, "800.00"), isOverLimit: true),
        make.released(transfer, isOverLimit: true),
        make.request(make.withdrawal(from: ana, "1.00")),
        make.advice(make.withdrawal(from: ana, "2.00")))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .decided(.posted, [.overLimit]), .held(.needsSupervisor), .held(.heldBehind), .posted,
        ])
      #expect(try await branch.store.inbox([transfer.id]).isEmpty)
      #expect(try await branch.balance(ana) == "4198.00")
    }
  }

  @Test("A closed period: booked in the open one, with the old value date", arguments: allStores())
  func closedPeriod(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "50.00")
      let yesterday = make.today.advanced(byDays: -1)
      try await branch.store.closePeriod(through: yesterday)
      let late = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("5.00"), valueDate: yesterday)

      let receipt = try await branch.post(make.request(late))

      #expect(receipt.only == .decided(.posted, [.backValue]))
      let line = try #require(try await branch.lines(ana).last)
      #expect(line.valueDate == yesterday)
      #expect(line.bookingDate == make.today)
      #expect(try await branch.store.countOpenExceptions() == 0)
    }
  }

  @Test("When today is closed already, the next open day is booked on", arguments: allStores())
  func todayClosed(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      try await branch.store.closePeriod(through: make.today)
      // Closing an earlier day afterwards reopens nothing.
      try await branch.store.closePeriod(through: make.today.advanced(byDays: -9))

      let receipt = try await branch.post(make.request(make.deposit(to: ana, "5.00")))

      #expect(receipt.decisions.first?.bookingDate == make.today.advanced(byDays: 1))
      let greeting = try await branch.store.greet(make.terminal.id, fresh: false)
      #expect(greeting.closedThrough == make.today)
    }
  }

  @Test("Data that the books reject is held alone, and the rest goes on", arguments: allStores())
  func bisecting(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let petr = try await branch.account("1002", balance: "10.00")
      let counter = try #require(try await branch.store.terminals().first?.counter)
      // No parser lets such an amount through; the CHECKs of the books are the last line.
      let bad = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("-3.00"))

      let receipt = try await branch.post(
        make.request(make.deposit(to: petr, "1.00")), make.request(bad),
        make.request(make.withdrawal(from: ana, "2.00")),
        make.advice(make.withdrawal(from: ana, "3.00")),
        make.request(make.withdrawal(from: petr, "4.00")))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .posted, .held(.rejectedByDatabase), .held(.heldBehind), .posted, .posted,
        ])
      #expect(try await branch.balance(ana) == "7.00")
      #expect(try await branch.balance(petr) == "7.00")
      #expect(try await branch.store.inbox([bad.id]).isEmpty)
      #expect(try await branch.store.terminals().first?.counter == receipt.counter)
      #expect(receipt.counter > counter)
    }
  }

  @Test("A batch of nothing but rejected data still tells the counter", arguments: allStores())
  func onlyRejected(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let bad = make.entry(.deposit, debit: make.till(), credit: ana, make.money("0.00"))
      let receipt = try await branch.post(make.request(bad))
      #expect(receipt.only == .held(.rejectedByDatabase))
      #expect(receipt.counter > 1)
      #expect(receipt.epoch == 1)
    }
  }

  @Test(
    "A balance that would grow too large is refused, and cash goes to suspense",
    arguments: allStores())
  func overflow(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let petr = try await branch.account("1002")
      let clearing = OwnAccount.clearing.number(make.euro)
      let vast = Money(minorUnits: .max, make.euro)
      try await branch.post(
        make.request(make.entry(.transfer, debit: clearing, credit: ana, vast)))

      let receipt = try await branch.post(
        make.request(make.transfer(from: petr, to: ana, "0.01")),
        make.request(make.deposit(to: ana, "0.01")),
        make.advice(make.deposit(to: ana, "0.01")))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .refused(.insufficientFunds), .refused(.amountTooLarge), .suspense(.amountTooLarge),
        ])
      #expect(try await branch.store.account(ana)?.balanceMinorUnits == .max)
    }
  }
}

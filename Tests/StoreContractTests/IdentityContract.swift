import BankCore
import BankService
import BankTesting
import Testing

@Suite("Identity, accounts and healing, over every store")
struct IdentityContract {
  @Test("A place without a bank says so", arguments: allStores())
  func noBankYet(_ kind: StoreUnderTest) async throws {
    let place = try await kind.make()
    let fault = await #expect(throws: StoreFault.self) {
      try await place.store.greet(Fixtures().terminal.id, fresh: false)
    }
    #expect(fault?.cause == .schema || fault?.cause == .noSuchDatabase)
    #expect(fault?.text.isEmpty == false)
    await place.remove()
  }

  @Test("A bank is made once and keeps its identity", arguments: allStores())
  func createdOnce(_ kind: StoreUnderTest) async throws {
    let place = try await kind.make()
    let make = Fixtures()
    let first = try await place.store.createBank(make.bank)
    var other = make.bank
    other.id = make.id()
    other.name = "Another Bank"
    let second = try await place.store.createBank(other)

    #expect(first.created)
    #expect(!second.created)
    #expect(second.bank == first.bank)
    #expect(first.bank.id == make.bank.id)
    #expect(first.bank.name == "Riverside Bank")
    #expect(first.bank.environment == "test")
    #expect(first.bank.timeZone == "Europe/Prague")
    #expect(first.bank.currency == make.euro)
    #expect(first.bank.epoch == 1)
    #expect(first.bank.schema >= 1)
    await place.remove()
  }

  @Test("A greeting tells the bank and this terminal", arguments: allStores())
  func greeting(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      for fresh in [false, true] {
        let greeting = try await branch.store.greet(make.terminal.id, fresh: fresh)
        #expect(greeting.bank.id == make.bank.id)
        #expect(greeting.isWritable)
        #expect(greeting.terminal?.name == "till-1")
        #expect(greeting.terminal?.counter == 0)
        #expect(greeting.terminal?.highestNumber == 0)
        #expect(greeting.closedThrough == nil)
      }
      #expect(try await branch.store.greet(make.id(), fresh: false).terminal == nil)
    }
  }

  @Test("A terminal's name belongs to one terminal", arguments: allStores())
  func enrolment(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      try await branch.store.enrol(make.terminal, at: make.now)
      let clone = TerminalIdentity(id: make.id(), name: make.terminal.name)
      let fault = await #expect(throws: StoreFault.self) {
        try await branch.store.enrol(clone, at: make.now)
      }
      #expect(fault?.cause == .terminalCloned)
      #expect(try await branch.store.terminals().map(\.name) == ["till-1"])
    }
  }

  @Test("A connection that was ended is opened again by the next call", arguments: allStores())
  func reconnecting(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let ana = try await branch.account("1001", balance: "1.00")
      await branch.store.disconnect()
      #expect(try await branch.balance(ana) == "1.00")
    }
  }

  // MARK: Accounts

  @Test("An account is opened with what it was given", arguments: allStores())
  func opening(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let yen = try #require(Currency("JPY"))
      let draft = AccountDraft(
        number: make.number("CZ65-08000"), holder: "Ōe, 健三郎", currency: yen,
        overdraftMinorUnits: 5_000, reference: "old-77")
      let id = make.id()
      let expected = Account(
        number: draft.number, holder: draft.holder, currency: yen, overdraftMinorUnits: 5_000,
        reference: "old-77")

      #expect(
        try await branch.store.openAccount(draft, id: id, by: "ana", at: make.now)
          == .done(expected))
      #expect(try await branch.store.account(draft.number) == expected)
      // The same id again is the same account; another id finds the number taken.
      #expect(
        try await branch.store.openAccount(draft, id: id, by: "ana", at: make.now)
          == .done(expected))
      #expect(
        try await branch.store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
          == .refused(.accountExists))
      var other = draft
      other.holder = "Someone Else"
      #expect(
        try await branch.store.openAccount(other, id: id, by: "ana", at: make.now)
          == .refused(.contentDiffers))
    }
  }

  @Test("The bank's own numbers and nameless holders are not opened", arguments: allStores())
  func notOpened(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let own = AccountDraft(
        number: make.number("BANK-VAULT-EUR"), holder: "Vault", currency: make.euro)
      let nameless = AccountDraft(number: make.number("1"), holder: "", currency: make.euro)
      let answers = (try await branch.open(own), try await branch.open(nameless))
      #expect(answers == (.refused(.ownAccount), .refused(.holderNeeded)))
      #expect(try await branch.balance(nameless.number) == nil)
    }
  }

  @Test("A refused change of an account stays refused under its id", arguments: allStores())
  func refusedChange(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "5.00")
      let id = make.id()
      #expect(
        try await branch.store.changeStatus(ana, to: .closed, id: id, by: "ana", at: make.now)
          == .refused(.balanceNotZero))
      try await branch.post(make.request(make.withdrawal(from: ana, "5.00")))
      #expect(
        try await branch.store.changeStatus(ana, to: .closed, id: id, by: "ana", at: make.now)
          == .refused(.balanceNotZero))
      let closed = try await branch.change(ana, to: .closed)
      guard case .done(let account) = closed else { throw Unexpected(closed) }
      #expect(account.status == .closed)
    }
  }

  @Test("Open, frozen, open, closed, open: each step is kept", arguments: allStores())
  func statuses(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let ana = try await branch.account("1001")
      for status: AccountStatus in [.frozen, .open, .closed, .open] {
        _ = try await branch.change(ana, to: status)
        #expect(try await branch.store.account(ana)?.status == status)
      }
      #expect(try await branch.change(ana, to: .open) == .refused(.statusNotPossible))
      let unknown = branch.make.number("404")
      #expect(try await branch.change(unknown, to: .frozen) == .refused(.unknownAccount))
      #expect(try await branch.change(branch.make.till(), to: .frozen) == .refused(.ownAccount))
    }
  }

  @Test(
    "Many changes at once are answered in their order, each under its own id",
    arguments: allStores())
  func manyChanges(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      func opening(_ number: String) -> AccountInstruction {
        let draft = AccountDraft(
          number: make.number(number), holder: "Novák", currency: make.euro)
        return AccountInstruction(.open(draft), id: make.id(), by: "ana", at: make.now)
      }
      let first = opening("1")
      let freeze = AccountInstruction(
        .status(make.number("1"), .frozen), id: make.id(), by: "ana", at: make.now)
      let answers = try await branch.store.change([first, opening("1"), freeze, opening("2")])
      guard answers.count == 4, case .done(let one) = answers[0] else {
        throw Unexpected(answers)
      }
      #expect(one.status == .open)
      #expect(answers[1] == .refused(.accountExists))
      #expect(try await branch.store.account(make.number("1"))?.status == .frozen)
      #expect(try await branch.store.account(make.number("2")) != nil)
      // Sent again, the same opening is the same account as it is now.
      var frozen = one
      frozen.status = .frozen
      #expect(try await branch.store.change([first]) == [.done(frozen)])
    }
  }

  // MARK: Healing

  @Test("A healed bank has a higher epoch and a counter that is not behind", arguments: allStores())
  func epochs(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let bank = try await branch.store.raiseEpoch(
        terminal: make.terminal.id, counterAtLeast: 40, epochAbove: 0)
      #expect(bank.epoch == 2)
      #expect(bank.id == make.bank.id)
      let greeting = try await branch.store.greet(make.terminal.id, fresh: false)
      #expect(greeting.bank.epoch == 2)
      #expect(greeting.terminal?.counter == 40)
      _ = try await branch.store.raiseEpoch(
        terminal: make.terminal.id, counterAtLeast: 3, epochAbove: 0)
      #expect(try await branch.store.terminals().first?.counter == 40)
      // A backup of before an earlier healing knows an older epoch than the till does.
      let above = try await branch.store.raiseEpoch(
        terminal: make.terminal.id, counterAtLeast: 0, epochAbove: 7)
      #expect(above.epoch == 8)
    }
  }

  @Test(
    "Recorded outcomes are booked again as they were, whatever the rules would say now",
    arguments: allStores())
  func replaying(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let lastWeek = make.today.advanced(byDays: -7)
      func recorded(
        _ entry: Entry, _ outcome: Outcome, _ flags: Set<Flag> = [], as id: EntryID? = nil
      ) -> Submission {
        let isBooked = outcome.isBooked
        return make.submission(
          entry, .request, secondID: id,
          recorded: RecordedOutcome(
            outcome: outcome, flags: flags, bookedAs: id ?? entry.id,
            bookingDate: isBooked ? lastWeek : nil))
      }
      let overdrawing = make.withdrawal(from: ana, "30.00")
      let second = make.id()

      let receipt = try await branch.post(
        recorded(overdrawing, .posted, [.overdrawn]),
        recorded(make.deposit(to: ana, "5.00"), .suspense(.accountClosed)),
        recorded(make.withdrawal(from: ana, "1.00"), .refused(.insufficientFunds)),
        recorded(make.deposit(to: ana, "9.00"), .posted, as: second),
        recorded(make.deposit(to: make.number("404"), "2.00"), .posted))

      #expect(
        receipt.decisions.map(\.verdict) == [
          .decided(.posted, [.overdrawn]), .suspense(.accountClosed),
          .refused(.insufficientFunds), .posted, .suspense(.unknownAccount),
        ])
      #expect(try await branch.balance(ana) == "-21.00")
      #expect(try await branch.balance(OwnAccount.suspense.number(make.euro)) == "7.00")
      #expect(try await branch.lines(ana).map(\.bookingDate) == [lastWeek, lastWeek])
      #expect(try await branch.store.transaction(second) != nil)
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
    }
  }
}

import BankCore
import BankService
import BankTesting
import Testing

@Suite("Posting, over every store")
struct PostingContract {
  @Test("Every kind of entry moves money between accounts", arguments: allStores())
  func everyKind(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "100.00")
      let petr = try await branch.account("1002")

      let receipt = try await branch.post(
        make.request(make.withdrawal(from: ana, "10.00")),
        make.request(make.transfer(from: ana, to: petr, "25.50")),
        make.request(make.fee(from: ana, "1.00")))

      #expect(receipt.decisions.map(\.verdict) == [.posted, .posted, .posted])
      #expect(receipt.decisions.allSatisfy { $0.bookingDate == make.today && !$0.wasKnown })
      #expect(try await branch.balance(ana) == "63.50")
      #expect(try await branch.balance(petr) == "25.50")
      #expect(try await branch.balance(make.till()) == "-90.00")
      #expect(try await branch.balance(OwnAccount.fees.number(make.euro)) == "1.00")
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
    }
  }

  @Test("A booked entry keeps everything that was captured", arguments: allStores())
  func keepsWhatWasCaptured(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "100.00")
      let entry = Entry(
        id: make.id(), number: 77, terminal: make.terminal.name, operatorName: "Žofie",
        kind: .withdrawal, debit: ana, credit: make.till(), amount: make.money("12.34"),
        memo: "nájem 山田 'quoted' \\ \t\n{1,2}", capturedAt: make.now,
        valueDate: make.today.advanced(byDays: -2), replaces: make.id(), approvedBy: "petra",
        statedHolder: "Nová, Ana")

      try await branch.post(make.request(entry))

      let target = try await branch.store.transaction(entry.id)
      #expect(target?.transaction.entry == entry)
      #expect(target?.transaction.outcome == .posted)
      #expect(target?.transaction.bookingDate == make.today)
      #expect(target?.reversedBy == nil)
    }
  }

  @Test("Text with NUL bytes and control characters does no harm", arguments: allStores())
  func hostileText(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", holder: "A\0B \u{1B}[2J \u{202E}x")
      let memo = "a\0b\u{1B}]0;x\u{7}\r\n\\N\\.\"',;--\u{FFFE}"
      let receipt = try await branch.post(make.request(make.deposit(to: ana, "1.00", memo: memo)))
      #expect(receipt.only == .posted)
      let line = try #require(try await branch.lines(ana).first)
      #expect(line.memo.hasPrefix("a"))
      #expect(line.memo.hasSuffix("\u{FFFE}"))
      #expect(try await branch.balance(ana) == "1.00")
    }
  }

  @Test("The same entry sent twice is booked once", arguments: allStores())
  func sameIDTwice(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposit = make.request(make.deposit(to: ana, "50.00"))

      try await branch.post(deposit)
      let again = try await branch.post(deposit)
      let thrice = try await branch.post(deposit, deposit)

      #expect(again.only == .posted)
      #expect(again.decisions.first?.wasKnown == true)
      #expect(thrice.decisions.allSatisfy { $0.wasKnown && $0.verdict == .posted })
      #expect(try await branch.balance(ana) == "50.00")
      #expect(try await branch.lines(ana).count == 1)
    }
  }

  @Test("The same entry twice within one batch is booked once", arguments: allStores())
  func sameIDWithinABatch(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposit = make.request(make.deposit(to: ana, "50.00"))
      let receipt = try await branch.post(deposit, deposit)
      #expect(receipt.decisions.map(\.wasKnown) == [false, true])
      #expect(try await branch.balance(ana) == "50.00")
    }
  }

  @Test(
    "A known id with another content is blocked, wherever it stands in its batch",
    arguments: allStores())
  func sameIDOtherContent(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let (ana, petr) = (try await branch.account("1001"), try await branch.account("1002"))
      for place in 0..<4 {
        let first = make.deposit(to: ana, "50.00")
        try await branch.post(make.request(first))
        let forged = make.entry(
          .deposit, debit: make.till(), credit: ana, make.money("60.00"), id: first.id,
          number: make.deposit(to: ana, "1.00").number)
        var batch = [petr, ana, petr].map { make.advice(make.deposit(to: $0, "7.00")) }
        batch.insert(make.advice(forged), at: place)

        let receipt = try await branch.store.post(make.batch(batch))

        for (index, decision) in receipt.decisions.enumerated() {
          #expect(decision.verdict == (index == place ? .blocked(.contentDiffers) : .posted))
        }
        try await branch.checkThatDecisionsAreBooked(receipt, place)
      }
      #expect(try await branch.balance(ana) == "228.00")
      #expect(try await branch.balance(petr) == "56.00")
    }
  }

  @Test("With an alarm nothing of the batch is decided, wherever it stands", arguments: allStores())
  func alarmDecidesNothing(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let first = make.deposit(to: ana, "50.00")
      try await branch.post(make.request(first))
      for place in 0..<4 {
        var batch = (0..<3).map { _ in make.advice(make.deposit(to: ana, "7.00")) }
        let clone = make.entry(
          .deposit, debit: make.till(), credit: ana, make.money("60.00"), number: first.number)
        batch.insert(make.advice(clone), at: place)

        let receipt = try await branch.store.post(make.batch(batch))

        #expect(receipt.decisions.map(\.verdict) == [.alarm(.numberUsed)])
        #expect(receipt.only == .alarm(.numberUsed))
        #expect(try await branch.store.inbox(batch.map(\.entry.id)).isEmpty)
        #expect(try await branch.balance(ana) == "50.00")
      }
    }
  }

  @Test(
    "On a person's word a blocked entry is booked under its second id", arguments: allStores())
  func secondIDOnAWord(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let first = make.deposit(to: ana, "50.00")
      try await branch.post(make.request(first))
      let other = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("60.00"), id: first.id,
        number: make.deposit(to: ana, "1.00").number)
      let second = make.id()
      let submission = Submission(
        entry: other, standing: .advice, contentHash: "other", secondID: second,
        wasReleased: true, mayTakeSecondID: true)
      for isAgain in [false, true] {
        let receipt = try await branch.store.post(make.batch([submission]))
        let decision = try #require(receipt.decisions.first)
        #expect(decision.verdict == .posted && decision.bookedAs == second)
        #expect(decision.wasKnown == isAgain)
      }
      #expect(try await branch.balance(ana) == "110.00")
      #expect(try await branch.store.transaction(second)?.transaction.entry.replaces == first.id)
    }
  }

  @Test("A number that another entry of this terminal holds is an alarm", arguments: allStores())
  func numberUsedTwice(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let first = make.deposit(to: ana, "50.00")
      try await branch.post(make.request(first))
      let clone = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("60.00"), number: first.number)

      let receipt = try await branch.post(make.request(clone))

      #expect(receipt.only == .alarm(.numberUsed))
      #expect(try await branch.balance(ana) == "50.00")
      #expect(try await branch.store.inbox([clone.id]).isEmpty)
    }
  }

  @Test("Only the numbers of the batch itself are looked at", arguments: allStores())
  func numbersWithGaps(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      func deposit(_ number: Int64) -> Submission {
        make.request(
          make.entry(.deposit, debit: make.till(), credit: ana, make.money("1.00"), number: number))
      }
      let first = try await branch.store.post(make.batch([4, 1, 2, 9].map(deposit)))
      #expect(first.decisions.map(\.verdict) == [.posted, .posted, .posted, .posted])
      let second = try await branch.store.post(make.batch([3, 5, 6, 8, 7, 10].map(deposit)))
      #expect(second.decisions.allSatisfy { $0.verdict == .posted })

      let third = try await branch.store.post(make.batch([11, 12, 7, 13].map(deposit)))
      #expect(third.decisions.map(\.verdict).last == .alarm(.numberUsed))
      #expect(try await branch.balance(ana) == "10.00")
      let twice = try await branch.store.post(make.batch([11, 11].map(deposit)))
      #expect(twice.decisions.map(\.verdict).last == .alarm(.numberUsed))
    }
  }

  @Test(
    "A batch without a terminal asks for no numbers: an import has none", arguments: allStores())
  func importsHaveNoNumbers(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let clearing = OwnAccount.clearing.number(make.euro)
      let rows = (1...3).map { day in
        make.history(
          make.entry(
            .transfer, debit: clearing, credit: ana, make.money("\(day).00"), number: 0,
            valueDate: make.today.advanced(byDays: Int32(-100 - day))))
      }

      let receipt = try await branch.store.post(make.batch(rows, terminal: .some(nil)))

      #expect(receipt.decisions.map(\.verdict) == [.posted, .posted, .posted])
      #expect(receipt.counter == 0)
      #expect(try await branch.balance(ana) == "6.00")
      let lines = try await branch.lines(ana)
      #expect(lines.map(\.bookingDate) == rows.map(\.entry.valueDate))
    }
  }

  @Test("A refusal is stored: the id is decided for ever", arguments: allStores())
  func refusalsAreStored(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let withdrawal = make.request(make.withdrawal(from: ana, "50.00"))

      #expect(try await branch.post(withdrawal).only == .refused(.insufficientFunds))
      try await branch.post(make.request(make.deposit(to: ana, "100.00")))
      let again = try await branch.post(withdrawal)

      #expect(again.only == .refused(.insufficientFunds))
      #expect(again.decisions.first?.wasKnown == true)
      #expect(try await branch.balance(ana) == "110.00")
      let row = try await branch.store.inbox([withdrawal.entry.id])[withdrawal.entry.id]
      #expect(row?.outcome == .refused(.insufficientFunds))
      #expect(row?.number == withdrawal.entry.number)
      #expect(row?.contentHash == withdrawal.contentHash)
    }
  }

  @Test(
    "An advice whose first id had been refused is booked under its second", arguments: allStores())
  func secondID(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let withdrawal = make.withdrawal(from: ana, "50.00")
      let second = make.id()
      try await branch.post(make.request(withdrawal))

      let advice = make.advice(withdrawal, secondID: second)
      let receipt = try await branch.post(advice)
      let again = try await branch.post(advice)

      #expect(receipt.only == .decided(.posted, [.overdrawn]))
      #expect(receipt.decisions.first?.bookedAs == second)
      #expect(again.decisions.first?.wasKnown == true)
      #expect(again.decisions.first?.bookedAs == second)
      #expect(try await branch.balance(ana) == "-40.00")
      let booked = try await branch.store.transaction(second)?.transaction.entry
      #expect(booked?.replaces == withdrawal.id)
      #expect(booked?.number == withdrawal.number)
      #expect(try await branch.store.transaction(withdrawal.id) == nil)
    }
  }

  @Test("An entry is reversed once", arguments: allStores())
  func reversals(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposit = make.deposit(to: ana, "50.00")
      let reversal = make.reversal(of: deposit)
      try await branch.post(make.request(deposit))

      #expect(try await branch.post(make.request(reversal)).only == .posted)
      #expect(
        try await branch.post(make.request(make.reversal(of: deposit))).only
          == .refused(.alreadyReversed))
      #expect(
        try await branch.post(make.request(make.reversal(of: reversal))).only
          == .refused(.notReversible))
      #expect(try await branch.balance(ana) == "0.00")
      #expect(try await branch.store.transaction(deposit.id)?.reversedBy == reversal.id)
    }
  }

  @Test("A reversal behind its target in the same batch is booked", arguments: allStores())
  func reversalInOneBatch(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let deposit = make.deposit(to: ana, "50.00")
      let receipt = try await branch.post(
        make.request(deposit), make.request(make.reversal(of: deposit)),
        make.request(make.reversal(of: deposit)))
      #expect(
        receipt.decisions.map(\.verdict) == [.posted, .posted, .refused(.alreadyReversed)])
    }
  }

  @Test("A plan predicts the outcomes and writes nothing", arguments: allStores())
  func planning(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "10.00")
      let batch = make.batch([
        make.request(make.withdrawal(from: ana, "8.00")),
        make.request(make.withdrawal(from: ana, "8.00")),
        make.released(make.withdrawal(from: ana, "8.00")),
      ])
      let counter = try await branch.store.terminals().first?.counter

      let plan = try await branch.store.plan(batch)

      #expect(
        plan.map(\.verdict) == [
          .posted, .refused(.insufficientFunds), .decided(.posted, [.overdrawn]),
        ])
      #expect(try await branch.store.inbox(batch.submissions.map(\.entry.id)).isEmpty)
      #expect(try await branch.balance(ana) == "10.00")
      #expect(try await branch.store.countOpenExceptions() == 0)
      #expect(try await branch.store.terminals().first?.counter == counter)
      #expect(try await branch.store.post(batch).decisions.map(\.verdict) == plan.map(\.verdict))
    }
  }

  @Test("Each transaction of a terminal advances its counter", arguments: allStores())
  func counters(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let first = make.request(make.deposit(to: ana, "1.00"))
      let second = make.request(make.deposit(to: ana, "2.00"))

      #expect(try await branch.post(first).counter == 1)
      #expect(try await branch.post(second).counter == 2)
      #expect(try await branch.post(first).counter == 3)

      let record = try #require(
        try await branch.store.greet(make.terminal.id, fresh: true).terminal)
      #expect(record.counter == 3)
      #expect(record.highestNumber == second.entry.number)
      #expect(record.highestLineHash == second.lineHash)
    }
  }

  @Test("A terminal that was never enrolled can post nothing", arguments: allStores())
  func unknownTerminal(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let batch = make.batch(
        [make.request(make.deposit(to: ana, "1.00"))], terminal: .some(make.id()))
      await #expect(throws: StoreFault.self) { try await branch.store.post(batch) }
      #expect(try await branch.balance(ana) == "0.00")
    }
  }
}

extension OpenBank {
  /// What was decided is what the books hold: an outcome is told only from what was committed.
  fileprivate func checkThatDecisionsAreBooked(
    _ receipt: PostingReceipt, _ place: Int
  ) async throws {
    for decision in receipt.decisions {
      let row = try await store.inbox([decision.bookedAs])[decision.bookedAs]
      switch decision.verdict {
      case .decided(let outcome, _): #expect(row?.outcome == outcome, "poison at \(place)")
      case .held, .alarm: #expect(row == nil, "poison at \(place)")
      case .blocked: #expect(row != nil, "poison at \(place)")
      }
    }
  }
}

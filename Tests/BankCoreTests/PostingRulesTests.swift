import BankCore
import BankTesting
import Testing

/// What surrounds the table: order, ids and numbers, suspense, settlements, healing.
@Suite("The rules of posting")
struct PostingRulesTests {
  // MARK: Order

  @Test("A held entry holds the later requests of its own accounts only, and advices never wait")
  func order() {
    var ruling = Ruling()
    let make = ruling.make
    let eva = make.number("1003")
    ruling.set(eva)
    let writes = ruling.decide(
      make.released(make.transfer(from: ruling.ana, to: ruling.petr, "10.00"), isOverLimit: true),
      make.request(make.withdrawal(from: ruling.petr, "1.00")),
      make.advice(make.withdrawal(from: ruling.ana, "2.00")),
      make.request(make.deposit(to: eva, "3.00")),
      make.request(make.transfer(from: eva, to: ruling.ana, "4.00")),
      make.request(make.withdrawal(from: eva, "5.00")))
    #expect(
      writes.verdicts == [
        .held(.needsSupervisor), .held(.heldBehind), .posted, .posted, .held(.heldBehind),
        // It waits behind the transfer that waits.
        .held(.heldBehind),
      ])
  }

  @Test("Tills never make entries wait for one another")
  func tillsDoNotBind() {
    let ruling = Ruling()
    let make = ruling.make
    let held = make.entry(
      .deposit, debit: make.till(), credit: make.number("404"), make.money("1.00"))
    let writes = ruling.decide(
      make.submission(held, .request, isOverLimit: true),
      make.request(make.deposit(to: ruling.ana, "1.00")))
    #expect(writes.verdicts == [.held(.needsSupervisor), .posted])
  }

  @Test("Each entry sees the effects of those before it")
  func effectsInOrder() {
    let ruling = Ruling()
    let make = ruling.make
    let writes = ruling.decide(
      make.request(make.withdrawal(from: ruling.ana, "60.00")),
      make.request(make.withdrawal(from: ruling.ana, "60.00")),
      make.request(make.deposit(to: ruling.ana, "20.00")),
      make.request(make.withdrawal(from: ruling.ana, "60.00")))
    #expect(writes.verdicts == [.posted, .refused(.insufficientFunds), .posted, .posted])
    let lines = writes.lines.filter { $0.account.account == ruling.ana }
    #expect(lines.map(\.sequence) == [8, 9, 10])
    #expect(lines.map(\.balanceMinorUnits) == [40_00, 60_00, 0])
  }

  // MARK: Ids and numbers

  @Test("A number held by another entry is an alarm; held by the same entry it is not")
  func numbers() {
    var ruling = Ruling()
    let request = ruling.make.request(ruling.make.deposit(to: ruling.ana, "1.00"))
    ruling.facts.numbersTaken[request.entry.terminalNumber] = ruling.make.id()
    #expect(ruling.verdict(request) == .alarm(.numberUsed))
    ruling.facts.numbersTaken[request.entry.terminalNumber] = request.entry.id
    #expect(ruling.verdict(request) == .posted)
  }

  @Test("A number used twice within a batch is an alarm")
  func numberTwiceInBatch() {
    let ruling = Ruling()
    let make = ruling.make
    let first = make.deposit(to: ruling.ana, "1.00")
    let second = make.entry(
      .deposit, debit: make.till(), credit: ruling.ana, make.money("2.00"), number: first.number)
    let writes = ruling.decide(make.request(first), make.request(second))
    #expect(writes.alarm?.verdict == .alarm(.numberUsed))
    #expect(writes.isEmpty)
  }

  @Test("An advice whose first id was refused is booked under its second, which names the first")
  func secondID() {
    var ruling = Ruling()
    let make = ruling.make
    let withdrawal = make.withdrawal(from: ruling.ana, "10.00")
    let second = make.id()
    ruling.remember(make.request(withdrawal), .refused(.insufficientFunds))

    let writes = ruling.decide(make.advice(withdrawal, secondID: second))
    #expect(writes.verdicts == [.posted])
    #expect(writes.decisions.first?.bookedAs == second)
    #expect(writes.transactions.first?.entry.replaces == withdrawal.id)
    #expect(writes.inbox.map(\.id) == [second])
    #expect(writes.inbox.first?.number == nil)
    // Without a second id the refusal stands, and a person must tell the customer.
    let stuck = ruling.decide(make.advice(withdrawal))
    #expect(stuck.verdicts == [.refused(.insufficientFunds)])
    #expect(stuck.exceptions.map(\.entry) == [withdrawal.id])
  }

  @Test("A second id that is known with another content is blocked")
  func secondIDForged() {
    var ruling = Ruling()
    let make = ruling.make
    let withdrawal = make.withdrawal(from: ruling.ana, "10.00")
    let second = make.id()
    ruling.remember(make.request(withdrawal), .refused(.insufficientFunds))
    ruling.remember(make.request(make.deposit(to: ruling.petr, "1.00")), .posted, under: second)
    #expect(
      ruling.verdict(make.advice(withdrawal, secondID: second)) == .blocked(.contentDiffers))
  }

  @Test("The terminal's highest number goes with the hash of its line")
  func highest() {
    let ruling = Ruling()
    let make = ruling.make
    let first = make.request(make.deposit(to: ruling.ana, "1.00"))
    let second = make.request(make.deposit(to: ruling.ana, "2.00"))
    let writes = ruling.decide(second, first)
    #expect(writes.highest?.number == second.entry.number)
    #expect(writes.highest?.lineHash == second.lineHash)
  }

  // MARK: Kinds and sides

  @Test("Both sides the same account is refused")
  func sameAccount() {
    let ruling = Ruling()
    let make = ruling.make
    #expect(
      ruling.verdict(make.request(make.transfer(from: ruling.ana, to: ruling.ana, "1.00")))
        == .refused(.sameAccount))
  }

  @Test("One of the bank's own accounts takes its own currency only")
  func ownCurrency() throws {
    let ruling = Ruling()
    let make = ruling.make
    let yen = try #require(Currency("JPY"))
    let mixed = make.entry(
      .deposit, debit: make.till(yen), credit: ruling.ana, make.money("1.00"))
    #expect(ruling.verdict(make.request(mixed)) == .refused(.currencyDiffers))
  }

  @Test("History asks neither for funds nor for status, and is booked on its own day")
  func history() {
    var ruling = Ruling()
    let make = ruling.make
    ruling.set(ruling.ana, balance: "0.00", status: .closed)
    let day = make.today.advanced(byDays: -900)
    ruling.facts.closedThrough = day.advanced(byDays: -1)
    let old = make.entry(
      .withdrawal, debit: ruling.ana, credit: OwnAccount.clearing.number(make.euro),
      make.money("5.00"), valueDate: day)
    let writes = ruling.decide(make.history(old))
    #expect(writes.verdicts == [.posted])
    #expect(writes.transactions.first?.bookingDate == day)
    #expect(
      ruling.verdict(make.history(make.withdrawal(from: make.number("404"), "1.00")))
        == .refused(.unknownAccount))
  }

  @Test("Nothing of history goes into a closed period, and nothing is written of it")
  func historyOfClosedPeriod() {
    var ruling = Ruling()
    let make = ruling.make
    let day = make.today.advanced(byDays: -900)
    let old = make.entry(
      .deposit, debit: OwnAccount.clearing.number(make.euro), credit: ruling.ana,
      make.money("5.00"), valueDate: day)
    for days: Int32 in [0, 1, 900] {
      ruling.facts.closedThrough = day.advanced(byDays: days)
      let writes = ruling.decide(make.history(old))
      #expect(writes.verdicts == [.held(.periodClosed)])
      #expect(writes.inbox.isEmpty && writes.transactions.isEmpty && writes.lines.isEmpty)
    }
  }

  @Test("No balance overflows: a request is refused, cash goes to suspense, else it waits")
  func overflow() {
    var ruling = Ruling()
    let make = ruling.make
    ruling.facts.accounts[ruling.ana]?.balanceMinorUnits = .max
    let deposit = make.deposit(to: ruling.ana, "0.01")
    #expect(ruling.verdict(make.request(deposit)) == .refused(.amountTooLarge))
    #expect(ruling.verdict(make.advice(deposit)) == .suspense(.amountTooLarge))
    let suspense = AccountShare(
      account: OwnAccount.suspense.number(make.euro), share: make.terminal.name.text)
    ruling.facts.shares[suspense] = ShareStanding(sequence: 1, balanceMinorUnits: .max)
    #expect(ruling.verdict(make.advice(deposit)) == .held(.amountTooLarge))
  }

  @Test("Amounts that no parser lets through trap nowhere", arguments: [0, -1, Int64.min, .max])
  func absurdAmounts(amount: Int64) {
    let ruling = Ruling()
    let make = ruling.make
    let money = Money(minorUnits: amount, make.euro)
    for standing in [Standing.advice, .request, .history] {
      let entry = make.entry(.deposit, debit: make.till(), credit: ruling.ana, money)
      #expect(ruling.decide(make.submission(entry, standing)).decisions.count == 1)
    }
  }

  // MARK: Exceptions and settlements

  @Test("A refusal is an exception only where the customer was told otherwise")
  func refusals() {
    let ruling = Ruling()
    let make = ruling.make
    let transfer = make.transfer(from: ruling.ana, to: make.number("404"), "1.00")
    #expect(ruling.decide(make.request(transfer)).exceptions.isEmpty)
    let told = ruling.decide(make.released(transfer)).exceptions
    #expect(told.map(\.outcome) == [.refused(.unknownAccount)])
    #expect(told.first?.need.hasPrefix("Refused: tell the customer.") == true)
  }

  /// A deposit for Ana that lies in suspense.
  private func suspend(_ ruling: inout Ruling) -> Entry {
    let make = ruling.make
    let meant = make.deposit(to: ruling.ana, "5.00")
    let suspense = OwnAccount.suspense.number(make.euro)
    let booked = make.entry(
      .deposit, debit: meant.debit, credit: suspense, meant.amount, id: meant.id,
      number: meant.number)
    ruling.book(booked, .suspense(.accountClosed))
    return meant
  }

  @Test("In one batch, too, what is booked under its second id is reversed by its first, once")
  func reversedByFirstID() {
    var ruling = Ruling()
    let make = ruling.make
    let deposit = make.deposit(to: ruling.ana, "5.00")
    let advice = make.advice(deposit, secondID: make.id())
    ruling.remember(advice, .refused(.accountFrozen))
    let reversals = [make.reversal(of: deposit), make.reversal(of: deposit)]
    let writes = ruling.decide(advice, make.request(reversals[0]), make.request(reversals[1]))
    #expect(writes.verdicts == [.posted, .posted, .refused(.alreadyReversed)])
    #expect(writes.transactions.map(\.entry.reverses) == [nil, advice.secondID])
  }

  private func request(
    _ exception: EntryID, through entry: Entry, _ ruling: Ruling
  ) -> SettlementRequest {
    SettlementRequest(
      exception: exception,
      settlement: Settlement(
        resolution: .post, by: "petra", note: "seen", at: ruling.make.now),
      through: entry.id)
  }

  @Test("A settlement moves money only while its exception is open")
  func settlements() {
    var ruling = Ruling()
    let make = ruling.make
    let suspended = suspend(&ruling)
    let exception = suspended.id
    let first = make.settlement(fromSuspenseTo: ruling.ana, "5.00")
    let second = make.settlement(fromSuspenseTo: ruling.petr, "5.00")
    let batch = make.batch(
      [make.request(first), make.request(second)],
      settlements: [
        request(exception, through: first, ruling), request(exception, through: second, ruling),
      ])

    let closed = PostingRules.decide(batch, given: ruling.facts)
    #expect(closed.verdicts == [.refused(.alreadySettled), .refused(.alreadySettled)])
    #expect(closed.settled.isEmpty)

    let record = ExceptionRecord(
      suspended, as: exception, .suspense(.accountClosed), openedAt: make.now)
    ruling.facts.openExceptions[exception] = record
    let open = PostingRules.decide(batch, given: ruling.facts)
    #expect(open.verdicts == [.posted, .refused(.alreadySettled)])
    #expect(open.settled.map(\.through) == [first.id])
  }

  @Test("A settlement that is refused settles nothing")
  func refusedSettlement() {
    var ruling = Ruling()
    let make = ruling.make
    ruling.set(ruling.ana, status: .closed)
    let suspended = suspend(&ruling)
    let exception = suspended.id
    ruling.facts.openExceptions[exception] = ExceptionRecord(
      suspended, as: exception, .suspense(.accountClosed), openedAt: make.now)
    let move = make.settlement(fromSuspenseTo: ruling.ana, "5.00")
    let writes = PostingRules.decide(
      make.batch([make.request(move)], settlements: [request(exception, through: move, ruling)]),
      given: ruling.facts)
    #expect(writes.verdicts == [.refused(.accountClosed)])
    #expect(writes.settled.isEmpty)
  }

  @Test(
    "Booked under its second id a settlement settles its exception, once", arguments: [false, true])
  func settlementUnderSecondID(isRecorded: Bool) {
    var ruling = Ruling()
    let make = ruling.make
    let suspended = suspend(&ruling)
    let exception = suspended.id
    ruling.facts.openExceptions[exception] = ExceptionRecord(
      suspended, as: exception, .suspense(.accountClosed), openedAt: make.now)
    let first = make.settlement(fromSuspenseTo: ruling.ana, "5.00")
    let other = make.settlement(fromSuspenseTo: ruling.petr, "5.00")
    let second = make.id()
    // The books know its first id with other content.
    ruling.remember(make.request(make.deposit(to: ruling.petr, "1.00")), .posted, under: first.id)
    let recorded = RecordedOutcome(
      outcome: .posted, flags: [], bookedAs: second, bookingDate: make.today)
    let submission = Submission(
      entry: first, standing: .request, contentHash: "first", secondID: second,
      recorded: isRecorded ? recorded : nil, mayTakeSecondID: true)
    let batch = make.batch(
      [submission, make.request(other)],
      settlements: [
        request(exception, through: first, ruling), request(exception, through: other, ruling),
      ])
    let writes = PostingRules.decide(batch, given: ruling.facts)
    #expect(writes.verdicts == [.posted, .refused(.alreadySettled)])
    #expect(writes.decisions.first?.bookedAs == second)
    #expect(writes.settled.map(\.through) == [first.id])

    // Somebody else was first.
    ruling.facts.openExceptions[exception] = nil
    ruling.facts.settledExceptions = [exception]
    let late = PostingRules.decide(batch, given: ruling.facts)
    #expect(late.verdicts == [.refused(.alreadySettled), .refused(.alreadySettled)])
    #expect(late.settled.isEmpty && late.transactions.isEmpty)
  }

  // MARK: Healing

  @Test("A recorded outcome is booked as it was, without asking the rules")
  func recorded() {
    var ruling = Ruling()
    let make = ruling.make
    ruling.set(ruling.ana, balance: "0.00", status: .frozen)
    let day = make.today.advanced(byDays: -5)
    let entry = make.withdrawal(from: ruling.ana, "9.00")
    let writes = ruling.decide(
      make.submission(
        entry, .request,
        recorded: RecordedOutcome(
          outcome: .posted, flags: [.overdrawn], bookedAs: entry.id, bookingDate: day)))
    #expect(writes.verdicts == [.posted(.overdrawn)])
    #expect(writes.transactions.first?.bookingDate == day)
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == -9_00)
  }

  @Test("A recorded transfer between accounts that are both forgotten is refused: nothing can move")
  func recordedBetweenForgotten() {
    let ruling = Ruling()
    let make = ruling.make
    let entry = make.transfer(from: make.number("404"), to: make.number("405"), "9.00")
    let recorded = RecordedOutcome(
      outcome: .posted, flags: [], bookedAs: entry.id, bookingDate: make.today)
    #expect(
      ruling.verdict(make.submission(entry, .request, recorded: recorded))
        == .refused(.unknownAccount))
  }
}

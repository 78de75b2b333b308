import BankCore
import BankTesting
import Testing

/// One test per cell of the table "Rules at reconciliation" in PRODUCT.md, named by row and column.
@Suite("The table of rules at reconciliation")
struct RulesTableTests {
  // MARK: All well

  @Test("all well × advice: post")
  func allWellAdvice() {
    let ruling = Ruling()
    let deposit = ruling.make.deposit(to: ruling.ana, "12.00")
    let writes = ruling.decide(ruling.make.advice(deposit))
    #expect(writes.verdicts == [.posted])
    #expect(writes.transactions.map(\.entry) == [deposit])
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == 112_00)
    #expect(writes.accounts[ruling.ana]?.sequence == 8)
    #expect(writes.exceptions.isEmpty)
  }

  @Test("all well × request: post")
  func allWellRequest() {
    let ruling = Ruling()
    let transfer = ruling.make.transfer(from: ruling.ana, to: ruling.petr, "100.00")
    let writes = ruling.decide(ruling.make.request(transfer))
    #expect(writes.verdicts == [.posted])
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == 0)
    #expect(writes.accounts[ruling.petr]?.balanceMinorUnits == 200_00)
    #expect(writes.lines.map(\.amountMinorUnits).reduce(0, +) == 0)
  }

  // MARK: Same id, same content already booked

  @Test("same id, same content × advice: already posted, done")
  func knownAdvice() {
    var ruling = Ruling()
    let advice = ruling.make.advice(ruling.make.withdrawal(from: ruling.ana, "12.00"))
    ruling.remember(advice, .posted)
    let writes = ruling.decide(advice)
    #expect(writes.verdicts == [.posted])
    #expect(writes.decisions.first?.wasKnown == true)
    #expect(writes.isEmpty)
  }

  @Test("same id, same content × request: already posted, done")
  func knownRequest() {
    var ruling = Ruling()
    let request = ruling.make.request(ruling.make.withdrawal(from: ruling.ana, "12.00"))
    ruling.remember(request, .refused(.accountFrozen))
    let writes = ruling.decide(request)
    #expect(writes.verdicts == [.refused(.accountFrozen)])
    #expect(writes.decisions.first?.wasKnown == true)
    #expect(writes.isEmpty)
  }

  // MARK: Same id, other content

  @Test("same id, other content × advice: blocked, and the rest of the batch is written")
  func contentDiffersAdvice() {
    var ruling = Ruling()
    let entry = ruling.make.deposit(to: ruling.ana, "12.00")
    ruling.remember(ruling.make.advice(entry), .posted)
    let forged = ruling.make.entry(
      .deposit, debit: entry.debit, credit: ruling.petr, entry.amount, id: entry.id)
    let innocent = ruling.make.advice(ruling.make.deposit(to: ruling.petr, "1.00"))
    let writes = ruling.decide(innocent, ruling.make.advice(forged))
    #expect(writes.verdicts == [.posted, .blocked(.contentDiffers)])
    #expect(writes.alarm == nil)
    #expect(writes.transactions.map(\.entry.id) == [innocent.entry.id])
  }

  @Test("same id, other content × request: blocked")
  func contentDiffersRequest() {
    var ruling = Ruling()
    let entry = ruling.make.deposit(to: ruling.ana, "12.00")
    ruling.remember(ruling.make.request(entry), .refused(.accountClosed))
    let forged = ruling.make.entry(
      .deposit, debit: entry.debit, credit: entry.credit, ruling.make.money("12.01"), id: entry.id)
    #expect(ruling.verdict(ruling.make.request(forged)) == .blocked(.contentDiffers))
  }

  // MARK: Insufficient funds

  @Test("insufficient funds × advice: post, flag overdrawn")
  func insufficientAdvice() {
    let ruling = Ruling()
    let writes = ruling.decide(
      ruling.make.advice(ruling.make.withdrawal(from: ruling.ana, "100.01")))
    #expect(writes.verdicts == [.posted(.overdrawn)])
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == -1)
    #expect(writes.exceptions.map(\.flags) == [[.overdrawn]])
  }

  @Test("insufficient funds × request: refuse")
  func insufficientRequest() {
    let ruling = Ruling()
    let writes = ruling.decide(
      ruling.make.request(ruling.make.withdrawal(from: ruling.ana, "100.01")))
    #expect(writes.verdicts == [.refused(.insufficientFunds)])
    #expect(writes.accounts.isEmpty)
    #expect(writes.inbox.map(\.outcome) == [.refused(.insufficientFunds)])
  }

  @Test("insufficient funds: an agreed overdraft is available to both")
  func overdraft() {
    var ruling = Ruling()
    ruling.set(ruling.ana, balance: "10.00", overdraft: "5.00")
    let make = ruling.make
    #expect(ruling.verdict(make.advice(make.withdrawal(from: ruling.ana, "15.00"))) == .posted)
    #expect(ruling.verdict(make.request(make.withdrawal(from: ruling.ana, "15.00"))) == .posted)
    #expect(
      ruling.verdict(make.request(make.withdrawal(from: ruling.ana, "15.01")))
        == .refused(.insufficientFunds))
  }

  // MARK: Account frozen

  @Test("account frozen × advice: credit posts")
  func frozenAdviceCredit() {
    var ruling = Ruling()
    ruling.set(ruling.ana, status: .frozen)
    let writes = ruling.decide(ruling.make.advice(ruling.make.deposit(to: ruling.ana, "1.00")))
    #expect(writes.verdicts == [.posted])
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == 101_00)
  }

  @Test("account frozen × advice: debit to suspense")
  func frozenAdviceDebit() {
    var ruling = Ruling()
    ruling.set(ruling.ana, status: .frozen)
    let writes = ruling.decide(
      ruling.make.advice(ruling.make.withdrawal(from: ruling.ana, "1.00")))
    #expect(writes.verdicts == [.suspense(.accountFrozen)])
    let booked = writes.transactions.first?.entry
    #expect(booked?.debit == OwnAccount.suspense.number(ruling.make.euro))
    #expect(booked?.credit == ruling.make.till())
    #expect(writes.accounts.isEmpty)
    #expect(writes.exceptions.map(\.account) == [ruling.ana])
  }

  @Test("account frozen × request: refuse", arguments: [EntryKind.deposit, .withdrawal])
  func frozenRequest(kind: EntryKind) {
    var ruling = Ruling()
    ruling.set(ruling.ana, status: .frozen)
    let make = ruling.make
    let entry =
      kind == .deposit
      ? make.deposit(to: ruling.ana, "1.00") : make.withdrawal(from: ruling.ana, "1.00")
    #expect(ruling.verdict(make.request(entry)) == .refused(.accountFrozen))
  }

  // MARK: Account closed or unknown

  @Test("account closed × advice: suspense")
  func closedAdvice() {
    var ruling = Ruling()
    ruling.set(ruling.ana, status: .closed)
    let writes = ruling.decide(ruling.make.advice(ruling.make.deposit(to: ruling.ana, "1.00")))
    #expect(writes.verdicts == [.suspense(.accountClosed)])
    #expect(
      writes.transactions.first?.entry.credit == OwnAccount.suspense.number(ruling.make.euro))
  }

  @Test("account closed × request: refuse")
  func closedRequest() {
    var ruling = Ruling()
    ruling.set(ruling.ana, status: .closed)
    #expect(
      ruling.verdict(ruling.make.request(ruling.make.deposit(to: ruling.ana, "1.00")))
        == .refused(.accountClosed))
  }

  @Test("account unknown × advice: suspense")
  func unknownAdvice() {
    let ruling = Ruling()
    let gone = ruling.make.number("404")
    let writes = ruling.decide(
      ruling.make.advice(ruling.make.withdrawal(from: gone, "1.00")),
      ruling.make.advice(ruling.make.deposit(to: gone, "2.00")))
    #expect(writes.verdicts == [.suspense(.unknownAccount), .suspense(.unknownAccount)])
    #expect(writes.shares.values.map(\.balanceMinorUnits).reduce(0, +) == 0)
  }

  @Test("account unknown × request: refuse")
  func unknownRequest() {
    let ruling = Ruling()
    let gone = ruling.make.number("404")
    #expect(
      ruling.verdict(ruling.make.request(ruling.make.transfer(from: ruling.ana, to: gone, "1.00")))
        == .refused(.unknownAccount))
  }

  // MARK: Currency differs

  @Test("currency differs × advice: suspense in the entry's currency, never converted")
  func currencyAdvice() throws {
    let ruling = Ruling()
    let yen = try #require(Currency("JPY"))
    let writes = ruling.decide(
      ruling.make.advice(ruling.make.deposit(to: ruling.ana, "500", currency: yen)))
    #expect(writes.verdicts == [.suspense(.currencyDiffers)])
    let booked = writes.transactions.first?.entry
    #expect(booked?.credit == OwnAccount.suspense.number(yen))
    #expect(booked?.amount == Money(minorUnits: 500, yen))
    #expect(writes.accounts.isEmpty)
  }

  @Test("currency differs × request: refuse")
  func currencyRequest() throws {
    var ruling = Ruling()
    let yen = try #require(Currency("JPY"))
    ruling.set(ruling.petr, currency: yen)
    #expect(
      ruling.verdict(
        ruling.make.request(ruling.make.transfer(from: ruling.ana, to: ruling.petr, "1.00")))
        == .refused(.currencyDiffers))
  }

  // MARK: Over an offline limit

  @Test("over an offline limit × advice: post, flag")
  func overLimitAdvice() {
    let ruling = Ruling()
    let writes = ruling.decide(
      ruling.make.released(ruling.make.withdrawal(from: ruling.ana, "90.00"), isOverLimit: true))
    #expect(writes.verdicts == [.posted(.overLimit)])
    #expect(writes.exceptions.map(\.flags) == [[.overLimit]])
  }

  @Test("over an offline limit × request: needs a supervisor")
  func overLimitRequest() {
    let ruling = Ruling()
    let transfer = ruling.make.transfer(from: ruling.ana, to: ruling.petr, "90.00")
    let writes = ruling.decide(ruling.make.released(transfer, isOverLimit: true))
    #expect(writes.verdicts == [.held(.needsSupervisor)])
    #expect(writes.isEmpty)
  }

  // MARK: Period closed

  @Test(
    "period closed × advice and request: book in the open period, keep the value date",
    arguments: [Standing.advice, .request])
  func periodClosed(standing: Standing) {
    var ruling = Ruling()
    let make = ruling.make
    ruling.facts.closedThrough = make.today
    let late = make.entry(
      .deposit, debit: make.till(), credit: ruling.ana, make.money("1.00"),
      valueDate: make.today.advanced(byDays: -3))
    let writes = ruling.decide(make.submission(late, standing))
    #expect(writes.verdicts == [.posted(.backValue)])
    #expect(writes.transactions.first?.bookingDate == make.today.advanced(byDays: 1))
    #expect(writes.transactions.first?.entry.valueDate == make.today.advanced(byDays: -3))
    #expect(writes.exceptions.isEmpty)
  }

  @Test("period closed: an entry of the open period carries no flag")
  func periodOpen() {
    var ruling = Ruling()
    ruling.facts.closedThrough = ruling.make.today.advanced(byDays: -1)
    let writes = ruling.decide(ruling.make.request(ruling.make.deposit(to: ruling.ana, "1.00")))
    #expect(writes.verdicts == [.posted])
    #expect(writes.transactions.first?.bookingDate == ruling.make.today)
  }

  // MARK: Reversals

  @Test("reversal × advice: there is none, a released reversal stays a request")
  func reversalAdvice() {
    #expect(Standing(released: .reversal) == .request)
    #expect(Standing(released: .transfer) == .request)
    #expect(Standing(released: .fee) == .request)
    #expect(Standing(released: .deposit) == .advice)
    #expect(Standing(released: .withdrawal) == .advice)
  }

  @Test("reversal of an entry that is held × request: hold behind its target")
  func reversalBehindTarget() {
    let ruling = Ruling()
    let make = ruling.make
    let transfer = make.transfer(from: ruling.ana, to: ruling.petr, "90.00")
    let writes = ruling.decide(
      make.released(transfer, isOverLimit: true), make.request(make.reversal(of: transfer)))
    #expect(writes.verdicts == [.held(.needsSupervisor), .held(.heldBehind)])
  }

  @Test("reversal of an unknown entry × request: refuse")
  func reversalOfUnknown() {
    let ruling = Ruling()
    let deposit = ruling.make.deposit(to: ruling.ana, "1.00")
    #expect(
      ruling.verdict(ruling.make.request(ruling.make.reversal(of: deposit)))
        == .refused(.unknownTarget))
  }

  @Test("reversal of an already reversed entry × request: refuse")
  func reversalOfReversed() {
    var ruling = Ruling()
    let deposit = ruling.make.deposit(to: ruling.ana, "1.00")
    ruling.book(deposit, reversedBy: ruling.make.id())
    #expect(
      ruling.verdict(ruling.make.request(ruling.make.reversal(of: deposit)))
        == .refused(.alreadyReversed))
  }

  @Test("reversal of what was suspended, of a reversal, or with another content: refuse")
  func reversalOfOthers() {
    var ruling = Ruling()
    let make = ruling.make
    let deposit = make.deposit(to: ruling.ana, "1.00")
    ruling.book(deposit, .suspense(.accountClosed))
    #expect(
      ruling.verdict(make.request(make.reversal(of: deposit))) == .refused(.notReversible))

    let reversal = make.reversal(of: deposit)
    ruling.book(reversal)
    #expect(
      ruling.verdict(make.request(make.reversal(of: reversal))) == .refused(.notReversible))

    let other = make.deposit(to: ruling.ana, "2.00")
    ruling.book(other)
    let halved = make.entry(
      .reversal, debit: ruling.ana, credit: make.till(), make.money("1.00"), reverses: other.id)
    #expect(ruling.verdict(make.request(halved)) == .refused(.contentDiffers))
  }

  // MARK: Probable duplicate

  @Test("probable duplicate × advice: flag for a person, never dropped")
  func duplicateAdvice() {
    var ruling = Ruling()
    let deposit = ruling.make.deposit(to: ruling.ana, "1.00")
    let other = ruling.make.id()
    ruling.facts.probableDuplicates[deposit.id] = other
    let writes = ruling.decide(ruling.make.advice(deposit))
    #expect(writes.verdicts == [.posted(.probableDuplicate)])
    #expect(writes.accounts[ruling.ana]?.balanceMinorUnits == 101_00)
    #expect(writes.exceptions.map(\.probableDuplicateOf) == [other])
  }

  @Test("probable duplicate × request: flag for a person, never dropped")
  func duplicateRequest() {
    var ruling = Ruling()
    let transfer = ruling.make.transfer(from: ruling.ana, to: ruling.petr, "1.00")
    let other = ruling.make.id()
    ruling.facts.probableDuplicates[transfer.id] = other
    let writes = ruling.decide(ruling.make.released(transfer))
    #expect(writes.verdicts == [.posted(.probableDuplicate)])
    #expect(writes.exceptions.map(\.probableDuplicateOf) == [other])
  }
}

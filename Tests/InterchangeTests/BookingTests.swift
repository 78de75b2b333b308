import BankCore
import Interchange
import Testing

/// Books in memory, decided by the bank's own rules.
private struct Books {
  var facts = PostingFacts()

  init(_ accounts: [ImportedAccount]) {
    for account in accounts {
      let draft = account.draft
      facts.accounts[draft.number] = Account(
        number: draft.number, holder: draft.holder, currency: draft.currency,
        overdraftMinorUnits: draft.overdraftMinorUnits, reference: draft.reference)
    }
  }

  /// Decides a batch and keeps what it writes.
  mutating func post(_ submissions: [Submission]) -> [Decision] {
    let batch = PostingBatch(
      terminal: nil, submissions: submissions, today: BusinessDay(daysSince1970: 20_780),
      decidedAt: Instant(millisecondsSince1970: 0))
    let writes = PostingRules.decide(batch, given: facts)
    for row in writes.inbox { facts.inbox[row.id] = row }
    for (number, standing) in writes.accounts {
      facts.accounts[number]?.balanceMinorUnits = standing.balanceMinorUnits
      facts.accounts[number]?.lastSequence = standing.sequence
    }
    for (share, standing) in writes.shares { facts.shares[share] = standing }
    return writes.decisions
  }

  var sum: Int64 {
    facts.accounts.values.reduce(0) { $0 + $1.balanceMinorUnits }
      + facts.shares.values.reduce(0) { $0 + $1.balanceMinorUnits }
  }
}

@Suite("Imported history in the books")
struct BookingTests {
  @Test("an import is posted as it is, overdrawn or not, and a second time changes nothing")
  func importTwice() throws {
    let accounts = try importAccounts(
      sampleFolder + "account.asc", rules(named: "berka-accounts.yaml"))
    let transactions = try importTransactions(
      sampleFolder + "trans.asc", rules(named: "berka-transactions.yaml"))
    let submissions = transactions.items.map {
      $0.submission(operatorName: "ana", digest: standInDigest)
    }
    var books = Books(accounts.items)
    let first = books.post(submissions)
    #expect(first.map(\.verdict) == Array(repeating: .decided(.posted, []), count: 15))
    #expect(first.map(\.bookingDate) == transactions.items.map(\.date))
    let overdrawn = try #require(AccountNumber("0000000012"))
    #expect(books.facts.accounts[overdrawn]?.balanceMinorUnits == -21_955)
    #expect(books.sum == 0)

    let second = books.post(submissions)
    #expect(second.allSatisfy { $0.wasKnown && $0.verdict == .decided(.posted, []) })
    #expect(books.facts.accounts[overdrawn]?.balanceMinorUnits == -21_955)
  }

  @Test("the same identity with another amount is not booked")
  func changedContent() throws {
    let accounts = try importAccounts(
      sampleFolder + "account.asc", rules(named: "berka-accounts.yaml"))
    var books = Books(accounts.items)
    let imported = try importTransactions(
      sampleFolder + "trans.asc", rules(named: "berka-transactions.yaml"))
    let first = try #require(imported.items.first)
    let changed = ImportedTransaction(
      line: first.line, id: first.id, account: first.account, counterAccount: first.counterAccount,
      direction: first.direction, amount: Money(minorUnits: 1, first.amount.currency),
      kind: first.kind, date: first.date, memo: first.memo)
    _ = books.post([first.submission(operatorName: "ana", digest: standInDigest)])
    let decisions = books.post([changed.submission(operatorName: "ana", digest: standInDigest)])
    #expect(decisions.map(\.verdict) == [.blocked(.contentDiffers)])
  }

  @Test("the whole sample bank is posted without a flag")
  func sampleBank() {
    let bank = SampleBankTests.bank
    var books = Books(bank.accounts)
    let decisions = books.post(bank.submissions)
    #expect(decisions.count == bank.submissions.count)
    #expect(decisions.allSatisfy { $0.verdict == .decided(.posted, []) })
    #expect(books.sum == 0)
    for (number, status) in bank.statusChanges {
      #expect(books.facts.accounts[number]?.objection(toStatus: status) == nil)
    }
  }
}

import BankCore
import BankTesting
import Testing

/// A bank's books as one test needs them, and what the rules decide over them.
struct Ruling {
  let make = Fixtures()
  var facts = PostingFacts()
  let ana: AccountNumber
  let petr: AccountNumber

  /// Two open accounts with 100.00 each.
  init() {
    ana = make.number("1001")
    petr = make.number("1002")
    for number in [ana, petr] { set(number, balance: "100.00") }
  }

  mutating func set(
    _ number: AccountNumber, balance: String = "100.00", status: AccountStatus = .open,
    overdraft: String = "0.00", currency: Currency? = nil
  ) {
    let currency = currency ?? make.euro
    facts.accounts[number] = Account(
      number: number, holder: "Novák, Jan", currency: currency, status: status,
      overdraftMinorUnits: make.money(overdraft).minorUnits,
      balanceMinorUnits: make.money(balance).minorUnits, lastSequence: 7)
  }

  /// The books know the submission already.
  mutating func remember(_ submission: Submission, _ outcome: Outcome, under id: EntryID? = nil) {
    let id = id ?? submission.entry.id
    facts.inbox[id] = InboxRow(
      id: id, contentHash: submission.contentHash, terminal: "till-1",
      number: submission.entry.number, outcome: outcome, flags: [], decidedAt: make.now)
  }

  /// The books hold the transaction, so that it can be reversed.
  mutating func book(_ entry: Entry, _ outcome: Outcome = .posted, reversedBy: EntryID? = nil) {
    facts.targets[entry.id] = ReversalTarget(
      transaction: BookedTransaction(
        entry: entry, outcome: outcome, flags: [], bookingDate: make.today),
      reversedBy: reversedBy)
  }

  func decide(_ submissions: Submission...) -> PostingWrites {
    PostingRules.decide(make.batch(submissions), given: facts)
  }

  /// The verdict over a single submission.
  func verdict(_ submission: Submission) -> Decision.Verdict? {
    decide(submission).decisions.first?.verdict
  }
}

extension Decision.Verdict {
  static let posted = Decision.Verdict.decided(.posted, [])
  static func posted(_ flags: Flag...) -> Decision.Verdict { .decided(.posted, Set(flags)) }
  static func suspense(_ reason: Reason) -> Decision.Verdict { .decided(.suspense(reason), []) }
  static func refused(_ reason: Reason) -> Decision.Verdict { .decided(.refused(reason), []) }
}

extension PostingWrites {
  var verdicts: [Decision.Verdict] { decisions.map(\.verdict) }

  /// Nothing of this may reach the books.
  var isEmpty: Bool {
    inbox.isEmpty && transactions.isEmpty && lines.isEmpty && accounts.isEmpty && shares.isEmpty
      && exceptions.isEmpty && settled.isEmpty && highest == nil
  }
}

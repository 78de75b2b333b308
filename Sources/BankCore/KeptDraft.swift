/// What a reversal takes back, as it stood on the screen where it was chosen.
public struct ReversalChoice: Hashable, Sendable {
  public let entry: EntryID
  public let label: String
  public let kind: EntryKind
  public let amount: Money
  public let memo: String
  /// The booking date.
  public let date: BusinessDay
  /// The account that the reversal would debit.
  public let debit: AccountNumber
  /// The account that the reversal would credit.
  public let credit: AccountNumber

  public init(
    entry: EntryID, label: String, kind: EntryKind, amount: Money, memo: String, date: BusinessDay,
    debit: AccountNumber, credit: AccountNumber
  ) {
    self.entry = entry
    self.label = label
    self.kind = kind
    self.amount = amount
    self.memo = memo
    self.date = date
    self.debit = debit
    self.credit = credit
  }
}

/// What stands half typed in a form, as it is typed: it may be wrong, and no part need be there.
public struct KeptDraft: Hashable, Sendable {
  public var kind: EntryKind
  /// Who typed it.
  public var operatorName: String
  /// When it was typed last, by the clock of the till.
  public var at: Instant
  /// The number of an account that was chosen, else what is typed.
  public var account = ""
  public var counterAccount = ""
  /// As the customer states it, where the account is not known.
  public var holder = ""
  public var currency = ""
  public var amount = ""
  public var memo = ""
  /// What the amount comes to, where it is one.
  public var money: Money?
  /// What a reversal takes back; its reason is the memo.
  public var reversal: ReversalChoice?

  public init(_ kind: EntryKind, by operatorName: String, at instant: Instant) {
    self.kind = kind
    self.operatorName = operatorName
    at = instant
  }

  /// Whether an entry is what became of it: captured since, of that content. A kill may come between the
  /// entry and the end of what was kept.
  public func became(_ entry: Entry) -> Bool {
    guard entry.capturedAt >= at, entry.kind == kind else { return false }
    if let reversal { return entry.reverses == reversal.entry }
    let accounts = [account, counterAccount].filter { !$0.isEmpty }
    return entry.amount == money
      && entry.customerAccounts.map(\.text) == accounts
  }
}

extension Failure {
  /// No command prints receipts here.
  public static let noPrinter = Failure(
    .usage, code: "print", text: "No command for printing receipts is configured.",
    fix: "Set print in the configuration, such as print: [lp, -d, receipts].")
}

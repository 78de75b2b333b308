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

  public init(_ kind: EntryKind, by operatorName: String, at instant: Instant) {
    self.kind = kind
    self.operatorName = operatorName
    at = instant
  }

  /// Whether an entry is what became of it: captured since, of that content. A kill may come between the
  /// entry and the end of what was kept.
  public func became(_ entry: Entry) -> Bool {
    let accounts = [account, counterAccount].filter { !$0.isEmpty }
    return entry.capturedAt >= at && entry.kind == kind && entry.amount == money
      && entry.customerAccounts.map(\.text) == accounts
  }
}

extension Failure {
  /// No command prints receipts here.
  public static let noPrinter = Failure(
    .usage, code: "print", text: "No command for printing receipts is configured.",
    fix: "Set print in the configuration, such as print: [lp, -d, receipts].")
}

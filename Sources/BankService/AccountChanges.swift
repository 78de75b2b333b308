import BankCore

/// A change of an account passes through the inbox like an entry: its id is decided once, and the
/// same id with another content is refused.
public struct AccountInstruction: Hashable, Sendable {
  /// Which change is asked for, and of which account.
  public enum Action: Hashable, Sendable {
    case open(AccountDraft)
    case status(AccountNumber, AccountStatus)
  }

  public let action: Action
  public let id: EntryID
  public let operatorName: String
  public let at: Instant

  public init(_ action: Action, id: EntryID, by operatorName: String, at now: Instant) {
    self.action = action
    self.id = id
    self.operatorName = operatorName
    self.at = now
  }

  public var account: AccountNumber {
    switch action {
    case .open(let draft): draft.number
    case .status(let number, _): number
    }
  }

  /// What stands in the inbox in place of a content hash: the instruction in plain words.
  public var content: String {
    switch action {
    case .open(let draft):
      [
        "open", draft.number.text, draft.currency.code, String(draft.overdraftMinorUnits),
        draft.holder, draft.reference ?? "-",
      ].joined(separator: "|").replacing("\0", with: "\u{FFFD}")
    case .status(let number, let status): "status|\(number)|\(status.rawValue)"
    }
  }

  /// Why the change may not be made on `account`, which is nil where there is none; nil when it may.
  public func objection(_ account: Account?) -> Reason? {
    switch action {
    case .open(let draft):
      draft.objection ?? (account == nil ? nil : .accountExists)
    case .status(let number, let status):
      number.isOwn ? .ownAccount : account.map { $0.objection(toStatus: status) } ?? .unknownAccount
    }
  }

  /// The account after the change; nil where a status is to change and there is no account.
  public func result(_ account: Account?) -> Account? {
    switch action {
    case .open(let draft):
      return Account(
        number: draft.number, holder: draft.holder, currency: draft.currency,
        overdraftMinorUnits: draft.overdraftMinorUnits, reference: draft.reference)
    case .status(_, let status):
      var changed = account
      changed?.status = status
      return changed
    }
  }

  /// `open`, `freeze`, `unfreeze`, `close` or `reopen`: how the books call the change.
  public func word(from status: AccountStatus?) -> String {
    switch action {
    case .open: "open"
    case .status(_, .frozen): "freeze"
    case .status(_, .closed): "close"
    case .status(_, .open): status == .closed ? "reopen" : "unfreeze"
    }
  }

  /// The row that remembers the decision.
  public func inboxRow(_ outcome: Outcome) -> InboxRow {
    InboxRow(
      id: id, contentHash: content, terminal: "", number: nil, outcome: outcome, flags: [],
      decidedAt: at)
  }

  /// The answer to an instruction whose id is known already.
  public func answer(known row: InboxRow, _ account: Account?) -> AccountChange {
    guard row.contentHash == content else { return .refused(.contentDiffers) }
    if case .refused(let reason) = row.outcome { return .refused(reason) }
    return account.map(AccountChange.done) ?? .refused(.unknownAccount)
  }
}

import BankCore

/// An account as an imported line describes it.
public struct ImportedAccount: Hashable, Sendable {
  public let line: Int
  /// Under which the account is opened; the same each time the line is imported.
  public let id: EntryID
  public let draft: AccountDraft
  /// What it must become after its transactions are in.
  public let status: AccountStatus

  public init(line: Int, id: EntryID, draft: AccountDraft, status: AccountStatus) {
    self.line = line
    self.id = id
    self.draft = draft
    self.status = status
  }
}

extension AccountRules {
  func account(
    _ row: Row, _ interpreter: LineInterpreter, namespace: String, digest: ContentDigest
  ) throws(LineFlaw) -> ImportedAccount {
    let number = try interpreter.accountNumber(self.number, row)
    let currency = try interpreter.currency(self.currency, row)
    let draft = AccountDraft(
      number: number, holder: try interpreter.filled(holder, row), currency: currency,
      overdraftMinorUnits: try overdraftMinorUnits(row, interpreter, currency),
      reference: try referenceText(row, interpreter))
    return ImportedAccount(
      line: row.line,
      id: ImportIdentity.make(
        .account, namespace: namespace, name: number.text, digest: digest),
      draft: draft, status: try accountStatus(row, interpreter))
  }

  private func overdraftMinorUnits(
    _ row: Row, _ interpreter: LineInterpreter, _ currency: Currency
  ) throws(LineFlaw) -> Int64 {
    guard let overdraft else { return 0 }
    let amount = try interpreter.signedAmount(overdraft, currency, row)?.minorUnits ?? 0
    guard amount >= 0 else { throw LineFlaw("the overdraft is negative") }
    return amount
  }

  private func referenceText(
    _ row: Row, _ interpreter: LineInterpreter
  ) throws(LineFlaw) -> String? {
    guard let reference else { return nil }
    let text = try interpreter.text(reference, row)
    return text.isEmpty ? nil : text
  }

  private func accountStatus(
    _ row: Row, _ interpreter: LineInterpreter
  ) throws(LineFlaw) -> AccountStatus {
    guard let status else { return .open }
    let word = try interpreter.text(status, row)
    guard let found = AccountStatus(rawValue: word) else {
      throw LineFlaw("\(quoted(word)) is no status: open, frozen or closed")
    }
    return found
  }
}

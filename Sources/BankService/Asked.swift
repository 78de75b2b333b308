import BankCore
import ManualLedger

/// What is read of the bank's books, or of the copy of them.
enum BookQuestion: Hashable, Sendable {
  case account(AccountNumber)
  case accounts(AccountQuery)
  case count(filter: String)
  case statement(StatementQuery)
  case journal(JournalQuery)
  case review(Draft)
  case exceptions(ExceptionQuery)

  /// What the copy does not have: without the bank there is no answer.
  var isForBankAlone: Bool {
    switch self {
    case .journal, .exceptions: true
    case .account, .accounts, .count, .statement, .review: false
    }
  }
}

/// What takes several turns with the bank.
enum Operation: Hashable, Sendable {
  case resolve(EntryID, Resolution, note: String)
  case foretell(EntryID, Resolution)
  case assign(EntryID, owner: String)
  case tell(EntryID, note: String)
  case adopt(Adoption, note: String, planOnly: Bool)
  case openAccount(AccountDraft)
  case changeStatus(AccountNumber, AccountStatus)
  case closePeriod(BusinessDay)
  case heal(planOnly: Bool)
}

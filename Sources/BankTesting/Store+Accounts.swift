import BankCore
import BankService

extension Store {
  /// Opens an account, or says why not.
  public func openAccount(
    _ draft: AccountDraft, id: EntryID, by operatorName: String, at now: Instant
  ) async throws(StoreFault) -> AccountChange {
    try await change(AccountInstruction(.open(draft), id: id, by: operatorName, at: now))
  }

  /// Freezes, unfreezes, closes or reopens an account, or says why not.
  public func changeStatus(
    _ number: AccountNumber, to status: AccountStatus, id: EntryID, by operatorName: String,
    at now: Instant
  ) async throws(StoreFault) -> AccountChange {
    try await change(
      AccountInstruction(.status(number, status), id: id, by: operatorName, at: now))
  }
}

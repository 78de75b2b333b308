import BankCore
import BankService

/// What commands need of the bank service: questions and answers.
protocol Desk: Sendable {
  func ask(_ request: Request) async -> Reply
  func status() async -> ServiceStatus
  /// Waits until what `status` counts is up to date.
  func quiet() async
  /// Lets go of the database and of the ledger.
  func close() async
}

extension BankDesk: Desk {}

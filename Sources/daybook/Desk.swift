import BankCore

/// What commands need of the bank service: questions and answers.
protocol Desk: Sendable {
  func ask(_ request: Request) async -> Reply
  func status() async -> ServiceStatus
  /// Lets go of the database and of the ledger.
  func close() async
}

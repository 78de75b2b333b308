import BankCore
import BankService

/// What commands need of the bank service: questions and answers.
protocol Desk: Sendable {
  func ask(_ request: Request) async -> Reply
  func status() async -> ServiceStatus
  /// The status each time it changes; the newest one is enough for a slow reader.
  var statuses: AsyncStream<ServiceStatus> { get }
  /// Waits until what `status` counts is up to date.
  func quiet() async
  /// Lets go of the database and of the ledger.
  func close() async
}

extension BankDesk: Desk {}

import BankCore
import BankService

extension Connection {
  /// Carries `body` out as one transaction, which it begins and commits itself. Where two
  /// transactions met, it is done again from the start, as long as the errand may take.
  func transaction<Value>(
    _ body: () throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    var attempts = 0
    while true {
      attempts += 1
      do throws(StoreFault) {
        return try body()
      } catch {
        rollBack()
        guard let most = StatementFaults.attempts(worthMaking: error.sqlState), attempts < most,
          !isBroken, !errand.deadline.hasPassed
        else { throw error }
      }
    }
  }

  /// Sends the last calls of a transaction together with its COMMIT.
  ///
  /// - Throws: also when the server took the commit for a rollback, and when its standby did not
  ///   confirm it: then nobody may be told that it is done.
  @discardableResult
  func commit(after calls: [Call] = []) throws(StoreFault) -> [Rows] {
    let answers = try run(calls + [.commit])
    guard answers.last?.commandTag == "COMMIT" else {
      throw StoreFault(.layer(errand.layer), "\(place) took the transaction back")
    }
    guard !commitWasNotConfirmed else {
      throw StatementFaults.fault("01000", "", layer: errand.layer, place: place)
    }
    return answers
  }
}

import BankCore

extension StoreFault {
  /// Whether the answer alone may be lost, and not what was asked for. Where the server has said no, or
  /// was never reached with a question, nothing was done. The classes 08 and 57 end a session, whatever
  /// was done in it.
  public var mayHideAnswer: Bool {
    guard cause.isTransient, !isRejection else { return false }
    return sqlState.map { ["08", "57"].contains($0.prefix(2)) || $0 == "40003" } ?? true
  }
}

extension Operation {
  /// What is to be said while nobody knows whether the bank has done it, and where to look; nil for
  /// what changes no books, and for decisions, which the ledger keeps and sends again.
  var doubt: String? {
    switch self {
    case .openAccount(let draft):
      "It is not known whether the account was opened. Look at it before you open another one: "
        + "daybook account show \(draft.number)."
    case .changeStatus(let number, _):
      "It is not known whether the account was changed. Look at it before you try again: "
        + "daybook account show \(number)."
    case .closePeriod:
      "It is not known whether the period was closed. Close it again: what is closed stays closed."
    case .assign:
      "It is not known whether it was assigned. Assign it again, or look at daybook exceptions list."
    case .heal(let planOnly):
      planOnly
        ? nil
        : "It is not known how much was given back. Run daybook heal again: nothing is booked twice."
    case .resolve, .foretell, .tell, .adopt:
      nil
    }
  }

  /// One transaction, which is there as a whole or not at all.
  fileprivate var isOneTransaction: Bool { if case .heal = self { false } else { true } }
}

extension Failure {
  /// An operation that only the database could carry out, and it could not.
  init(fault: StoreFault, of operation: Operation) {
    let nothingDone = Failure(fault: fault)
    guard let doubt = operation.doubt, fault.mayHideAnswer || !operation.isOneTransaction else {
      self = nothingDone
      return
    }
    self.init(
      nothingDone.kind, code: nothingDone.code, text: nothingDone.text,
      fix: "\(doubt) \(fault.cause.remedy)")
  }
}

/// Where the answer may be lost, the bank is asked once more for what is done once however often it
/// is asked. Not where it is silent: nobody waits for two deadlines.
func askedTwice<Value: Sendable>(
  _ ask: @Sendable () async throws(StoreFault) -> Value
) async throws(StoreFault) -> Value {
  do throws(StoreFault) { return try await ask() } catch {
    guard error.mayHideAnswer, !error.missedDeadline else { throw error }
    return try await ask()
  }
}

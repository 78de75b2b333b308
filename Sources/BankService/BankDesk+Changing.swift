import BankCore

/// Changes of the books that are no entries. A fault leaves open whether one was made, as it does of a
/// post: asked again it is the same change, and what nobody knows is never told as undone.
extension BankDesk {
  /// Opens an account or changes its status. Until the bank has answered, the same wish keeps its id.
  func change(_ action: AccountInstruction.Action, _ ticket: Ticket) async throws(StoreFault) {
    let kept = unanswered[action]
    var change = try await ask(kept ?? instruction(action))
    // The account may have changed since it was first asked: then the old answer is none.
    if kept != nil, !action.stands(after: change) { change = try await ask(instruction(action)) }
    switch change {
    case .refused(let reason):
      step(.operated(ticket, .failed(Failure(reason)), nil))
    case .done(let account):
      await talk(.refreshSnapshot(accounts: [account.number]))
      let view = AccountView(account: account, provenance: .live(clock.now()))
      step(.operated(ticket, .account(view), nil))
    }
  }

  private func instruction(_ action: AccountInstruction.Action) -> AccountInstruction {
    AccountInstruction(action, id: clock.mint(), by: configuration.operatorName, at: clock.now())
  }

  private func ask(_ instruction: AccountInstruction) async throws(StoreFault) -> AccountChange {
    unanswered[instruction.action] = instruction
    let change = try await askedTwice { () async throws(StoreFault) in
      try await self.carryOut(instruction)
    }
    unanswered[instruction.action] = nil
    return change
  }

  private func carryOut(
    _ instruction: AccountInstruction
  ) async throws(StoreFault) -> AccountChange {
    switch instruction.action {
    case .open(let draft):
      try await store.openAccount(
        draft, id: instruction.id, by: instruction.operatorName, at: instruction.at)
    case .status(let number, let status):
      try await store.changeStatus(
        number, to: status, id: instruction.id, by: instruction.operatorName, at: instruction.at)
    }
  }

  /// Where the answer may be lost, the bank is asked once more for what is done once however often it
  /// is asked. Not where it is silent: nobody waits for two deadlines.
  func askedTwice<Value: Sendable>(
    _ ask: () async throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    do throws(StoreFault) { return try await ask() } catch {
      guard error.mayHideAnswer, !error.missedDeadline else { throw error }
      return try await ask()
    }
  }
}

extension AccountInstruction.Action {
  /// Whether that answer is one to this wish as it is now.
  fileprivate func stands(after change: AccountChange) -> Bool {
    switch (self, change) {
    case (_, .refused): false
    case (.open, .done): true
    case (.status(_, let status), .done(let account)): account.status == status
    }
  }
}

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

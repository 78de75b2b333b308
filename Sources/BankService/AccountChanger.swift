import BankCore

/// Asks the bank for changes of accounts. Until the bank has answered, the same wish keeps its id: a
/// fault leaves open whether the change was made, and asked again it is the same one.
actor AccountChanger {
  private let clock: any DeskClock
  private let operatorName: String
  /// Changes that the bank was asked for and has not answered.
  private var unanswered: [AccountInstruction.Action: AccountInstruction] = [:]

  init(_ operatorName: String, _ clock: any DeskClock) {
    self.operatorName = operatorName
    self.clock = clock
  }

  /// Opens an account or changes its status.
  func change(
    _ action: AccountInstruction.Action, in store: any Store
  ) async throws(StoreFault) -> AccountChange {
    let kept = unanswered[action]
    let change = try await ask(kept ?? instruction(action), store)
    // The account may have changed since it was first asked: then the old answer is none.
    guard kept != nil, !action.stands(after: change) else { return change }
    return try await ask(instruction(action), store)
  }

  private func instruction(_ action: AccountInstruction.Action) -> AccountInstruction {
    AccountInstruction(action, id: clock.mint(), by: operatorName, at: clock.now())
  }

  private func ask(
    _ instruction: AccountInstruction, _ store: any Store
  ) async throws(StoreFault) -> AccountChange {
    unanswered[instruction.action] = instruction
    let change = try await askedTwice { () async throws(StoreFault) in
      try await store.change(instruction)
    }
    unanswered[instruction.action] = nil
    return change
  }
}

extension AccountInstruction.Action {
  /// Whether that answer is one to this wish as it is now.
  func stands(after change: AccountChange) -> Bool {
    switch (self, change) {
    case (_, .refused): false
    case (.open, .done): true
    case (.status(_, let status), .done(let account)): account.status == status
    }
  }
}

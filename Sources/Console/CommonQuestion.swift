import BankCore

/// What the console itself asks the service: for no screen and no panel.
enum CommonQuestion: Question {
  /// The receipt of the selected entry.
  case receipt
  /// The receipt of an entry whose outcome became known late.
  case lateReceipt(EntryID)
  /// Never abandoned: every capture has a slot of its own.
  case capture(serial: Int)
  /// What was asked for, in words for the message line.
  case control(String)
  /// `goto` and the like: the account that a typed number means.
  case lookUp(String)

  enum Slot: Hashable {
    case receipt, control, lookUp
    case lateReceipt(EntryID)
    case capture(Int)
  }

  var slot: Slot {
    switch self {
    case .receipt: .receipt
    case .lateReceipt(let entry): .lateReceipt(entry)
    case .capture(let serial): .capture(serial)
    case .control: .control
    case .lookUp: .lookUp
    }
  }

  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .receipt: console.receiveReceipt(reply)
    case .lateReceipt: return console.receiveLateReceipt(reply)
    case .capture(let serial): return console.receiveCapture(reply, serial)
    case .control(let what):
      guard case .failed(let failure) = reply else { return console.told(what, nil) }
      return console.told(what, failure)
    case .lookUp(let text): return console.receiveLookUp(reply, text)
    }
    return []
  }
}

/// What the console itself asks the branch.
enum BranchQuestion: Question {
  typealias Answer = BranchReply
  case drillScore
  /// What was asked for, in words for the message line.
  case control(String)

  enum Slot: Hashable { case drillScore, control }

  var slot: Slot {
    switch self {
    case .drillScore: .drillScore
    case .control: .control
    }
  }

  func receive(_ reply: BranchReply, in console: inout ConsoleState) -> [ConsoleEffect] {
    switch (self, reply) {
    case (.drillScore, _): console.receiveDrillScore(reply)
    case (.control(let what), .failed(let failure)): console.told(what, failure)
    case (.control(let what), _): console.told(what, nil)
    }
  }
}

extension ConsoleState {
  fileprivate mutating func receiveReceipt(_ reply: Reply) {
    switch reply {
    case .receipt(let receipt): overlay = ReceiptPanel(receipt: receipt)
    case .failed(let failure): message = .failed(failure)
    default: break
    }
  }

  /// What was asked for is done, or was not.
  fileprivate mutating func told(_ what: String, _ failure: Failure?) -> [ConsoleEffect] {
    if let failure {
      message = .failed(failure).about(.standing)
    } else if !what.isEmpty {
      message = .good(what).about(.standing)
    }
    return refresh()
  }

  fileprivate mutating func receiveLookUp(_ reply: Reply, _ text: String) -> [ConsoleEffect] {
    switch reply {
    case .accounts(let view):
      switch AccountMatch(text, among: view.accounts) {
      case .one(let found): return open(found)
      case .several:
        message = .cannot("Several accounts match '\(text)'. Type more of the number.")
      case .none: message = .cannot("No account matches '\(text)'.")
      }
    case .account(let view):
      guard let view else {
        message = .cannot("Account \(text) is not known here.")
        return []
      }
      return open(view)
    case .failed(let failure): message = .failed(failure)
    default: break
    }
    return []
  }
}

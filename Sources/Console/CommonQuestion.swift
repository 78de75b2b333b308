import BankCore

/// What the console itself asks: for no screen and no panel.
enum CommonQuestion: Question {
  /// The receipt of the selected entry.
  case receipt
  /// The receipt of an entry whose outcome became known late.
  case lateReceipt(EntryID)
  /// Never abandoned: every capture has a slot of its own.
  case capture(serial: Int)
  case drillScore
  /// What was asked for, in words for the message line.
  case control(String)
  /// `goto` and the like: the account that a typed number means.
  case lookUp(String)

  enum Slot: Hashable {
    case receipt, drillScore, control, lookUp
    case lateReceipt(EntryID)
    case capture(Int)
  }

  var slot: Slot {
    switch self {
    case .receipt: .receipt
    case .lateReceipt(let entry): .lateReceipt(entry)
    case .capture(let serial): .capture(serial)
    case .drillScore: .drillScore
    case .control: .control
    case .lookUp: .lookUp
    }
  }

  func receive(_ reply: Reply, in console: inout ConsoleState) -> [Effect] {
    switch self {
    case .receipt: console.receiveReceipt(reply)
    case .lateReceipt: return console.receiveLateReceipt(reply)
    case .capture(let serial): return console.receiveCapture(reply, serial)
    case .drillScore: return console.receiveDrillScore(reply)
    case .control(let what): return console.receiveControl(reply, what)
    case .lookUp(let text): return console.receiveLookUp(reply, text)
    }
    return []
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

  fileprivate mutating func receiveControl(_ reply: Reply, _ what: String) -> [Effect] {
    switch reply {
    case .failed(let failure): message = .failed(failure).about(.standing)
    default: if !what.isEmpty { message = .good(what).about(.standing) }
    }
    return refresh()
  }

  fileprivate mutating func receiveLookUp(_ reply: Reply, _ text: String) -> [Effect] {
    switch reply {
    case .accounts(let view):
      switch AccountMatch(text, among: view.accounts) {
      case .one(let found): return open(found)
      case .several:
        message = .cannot("Several accounts match '\(text)': type more of the number.")
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

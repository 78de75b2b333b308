import BankCore

extension ConsoleState {
  /// Hands a reply to whoever asked. What nobody waits for any more is ignored.
  mutating func receive(_ reply: Reply, to token: Token) -> [Effect] {
    questions.close(token)?.receive(reply, in: &self) ?? []
  }

  mutating func receive(_ reply: Reply, for purpose: Purpose) -> [Effect] {
    switch purpose {
    case .matches: return receiveMatches(reply)
    case .settlePick: return receiveSettlePick(reply)
    case .drillScore: return receiveDrillScore(reply)
    case .review: return receiveReview(reply)
    case .capture(let serial): return receiveCapture(reply, serial)
    case .pick(let field): return receivePick(reply, field)
    case .receipt: receiveReceipt(reply)
    case .foretell(let entry, let resolution): receiveForetold(reply, entry, resolution)
    case .foreseeReversal(let target): receiveForeseen(reply, target)
    case .lateReceipt: return receiveLateReceipt(reply)
    case .change(let change): return receiveChanged(reply, change)
    case .control(let what): return receiveControl(reply, what)
    case .lookUp(let text): return receiveLookUp(reply, text)
    }
    return []
  }

  private mutating func receiveReceipt(_ reply: Reply) {
    switch reply {
    case .receipt(let receipt): overlay = .receipt(receipt)
    case .failed(let failure): message = .failed(failure)
    default: break
    }
  }

  private mutating func receiveControl(_ reply: Reply, _ what: String) -> [Effect] {
    switch reply {
    case .failed(let failure): message = .failed(failure).about(.standing)
    default: if !what.isEmpty { message = .good(what).about(.standing) }
    }
    return refresh()
  }

  private mutating func receiveLookUp(_ reply: Reply, _ text: String) -> [Effect] {
    switch reply {
    case .accounts(let view):
      switch AccountMatch(text, among: view.accounts) {
      case .one(let found): return CommonAction.openAccount(found).perform(on: &self)
      case .several:
        message = .cannot("Several accounts match '\(text)': type more of the number.")
      case .none: message = .cannot("No account matches '\(text)'.")
      }
    case .account(let view):
      guard let view else {
        message = .cannot("Account \(text) is not known here.")
        return []
      }
      return CommonAction.openAccount(view).perform(on: &self)
    case .failed(let failure): message = .failed(failure)
    default: break
    }
    return []
  }
}

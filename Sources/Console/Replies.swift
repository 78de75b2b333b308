import BankCore

extension ConsoleState {
  /// Hands a reply to whoever asked. What nobody waits for any more is ignored.
  mutating func receive(_ reply: Reply, to token: Token) -> [Effect] {
    questions.close(token)?.receive(reply, in: &self) ?? []
  }

  mutating func receive(_ reply: Reply, for purpose: Purpose) -> [Effect] {
    switch purpose {
    case .accounts(let load): return receiveAccounts(reply, load)
    case .countAll, .countMatching: receiveCount(reply, purpose)
    case .statement(let number, let load): return receiveStatement(reply, number, load)
    case .journal(let load): return receiveJournal(reply, load)
    case .ledger(let load): receiveLedger(reply, load)
    case .plan: return receivePlan(reply)
    case .exceptions: return receiveExceptions(reply)
    case .beside(let number): receiveBeside(reply, number)
    case .matches: return receiveMatches(reply)
    case .settlePick: return receiveSettlePick(reply)
    case .reconcile: return receiveReconciled(reply)
    case .drillScore: return receiveDrillScore(reply)
    case .examination: return receiveExamination(reply)
    case .stopExamining: break
    case .suspect: receiveSuspect(reply)
    case .goBack: return receiveWayBack(reply)
    case .review: return receiveReview(reply)
    case .capture(let serial): return receiveCapture(reply, serial)
    case .pick(let field): return receivePick(reply, field)
    case .receipt: receiveReceipt(reply)
    case .void(let entry), .keep(let entry): return receiveNoted(reply, entry)
    case .settle(let entry): return receiveSettled(reply, entry)
    case .foretell(let entry, let resolution): receiveForetold(reply, entry, resolution)
    case .noticeDone: return receiveNoticeDone(reply)
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

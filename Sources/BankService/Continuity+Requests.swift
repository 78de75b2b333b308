import BankCore
import ManualLedger

/// What is asked goes to the value that decides about it.
extension Continuity {
  mutating func asked(_ ticket: Ticket, _ request: Request, _ moment: Moment) -> [Effect] {
    if link.defers(request) {
      deferred.append((ticket, request))
      return []
    }
    switch request {
    case .capture(let draft):
      if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
      return follow(captures.capture(draft, ticket, backlog, link, moment), moment)
    case .receipt(let id): return [.reply(ticket, till.receiptReply(id))]
    case .receiptNumbered(let number): return [.reply(ticket, till.receiptReply(number))]
    case .void(let id, let note):
      return follow(worklist.void(id, note, ticket, till, dispatch, health, moment), moment)
    case .keep(let id): return follow(captures.keep(id, ticket, backlog, moment), moment)
    case .notices: return [.reply(ticket, .notices(till.notices))]
    case .noteDone(let id): return worklist.noteDone(id, ticket, till, objectionToWriting, moment)
    case .ledger(let query): return [.reply(ticket, .ledger(till.ledgerPage(query)))]
    case .plan: return dispatch.plan(ticket, till, link, moment)
    case .reconcile: return dispatch.reconcile(ticket, backlog, link, moment)
    case .send(let chosen):
      return dispatch.reconcile(ticket, only: chosen, backlog, link, moment)
    case .probe: return [.reply(ticket, .done)] + probe(fresh: true)
    case .heal(planOnly: true) where health.isDamaged:
      return [.reply(ticket, .healed(health.damageReport(link.bank, backlog.ledger)))]
    case .heal where health.isDamaged:
      return health.acceptDamage(ticket, link, backlog.ledger, moment)
    case .resolve(let id, let resolution, let note) where isMissing(id):
      if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
      return worklist.noteMissing(id, resolution, note, ticket, moment)
    case .resolve(let id, let resolution, let note) where backlog.awaitsPerson(id):
      let consequences = worklist.resolve(
        held: id, resolution, note, ticket, till, dispatch, health, link, moment)
      return follow(consequences, moment)
    // Of a lost line only a note is taken.
    case .foretell(let id, _) where isMissing(id): return [.reply(ticket, .done)]
    case .foretell(let id, let resolution) where backlog.awaitsPerson(id):
      return worklist.foretell(held: id, resolution, ticket, backlog, dispatch, link, moment)
    // Of files, whether the bank is there or not.
    case .adopt(let adoption, let note, let planOnly):
      return [.operate(ticket, .adopt(adoption, note: note, planOnly: planOnly))]
    case .resolve(let id, let resolution, let note):
      return link.operate(ticket, .resolve(id, resolution, note: note))
    case .foretell(let id, let resolution):
      return link.operate(ticket, .foretell(id, resolution))
    case .assign(let id, let owner): return link.operate(ticket, .assign(id, owner: owner))
    case .tell(let id, let note): return link.operate(ticket, .tell(id, note: note))
    case .openAccount(let draft): return link.operate(ticket, .openAccount(draft))
    case .changeStatus(let number, let status):
      return link.operate(ticket, .changeStatus(number, status))
    case .closePeriod(let day): return link.operate(ticket, .closePeriod(day))
    case .heal(let planOnly): return link.operate(ticket, .heal(planOnly: planOnly))
    case .account(let number): return link.read(ticket, .account(number))
    case .accounts(let query): return link.read(ticket, .accounts(query))
    case .count(let filter): return link.read(ticket, .count(filter: filter))
    case .statement(let query): return link.read(ticket, .statement(query))
    case .journal(let query): return link.read(ticket, .journal(query))
    case .exceptions(let query): return link.read(ticket, .exceptions(query))
    case .review(let draft): return link.read(ticket, .review(draft))
    }
  }

  /// Why nothing can be entered at this terminal; nil where it can.
  var objectionToWriting: Failure? { health.objectionToWriting(link) }

  private func isMissing(_ id: EntryID) -> Bool {
    backlog.ledger.missing.contains { $0.id == id }
  }
}

extension Request {
  /// What a screen shows first: rows of the books, each found by a key.
  var showsBooks: Bool {
    switch self {
    case .account, .accounts, .statement: true
    default: false
    }
  }

  /// Whether the answer depends on what the bank says first.
  var needsMode: Bool {
    switch self {
    case .receipt, .receiptNumbered, .ledger, .notices, .noteDone, .probe: false
    case .account, .accounts, .count, .statement, .journal, .review, .capture, .void, .keep, .plan,
      .reconcile, .send, .exceptions, .resolve, .foretell, .assign, .tell, .adopt, .openAccount,
      .changeStatus, .closePeriod, .heal:
      true
    }
  }
}

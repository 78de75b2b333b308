import BankCore
import ManualLedger

/// An id that was given is one entry for ever: here, at the other tills of the directory, at the bank.
extension Continuity {
  /// What is said to an id that this ledger holds open, or is writing just now; nil for any other.
  mutating func knownHere(
    _ id: EntryID, _ draft: Draft, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect]? {
    if let known = backlog[id] ?? backlog.ledger.adopted(id) {
      return repeated(known, draft, ticket, moment)
    }
    guard let inWriting = captures.inWriting(id) else { return nil }
    let reason: Reason =
      drafting(moment).content(of: inWriting, equals: draft) ? .outcomeUnknown : .contentDiffers
    return [.reply(ticket, .failed(Failure(reason)))]
  }

  mutating func ledgersSearched(
    _ ticket: Ticket, _ draft: Draft, _ id: EntryID, _ result: Result<LedgerEntry?, Failure>,
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let failure): return [.reply(ticket, .failed(failure))]
    case .success(let known?):
      return [.reply(ticket, drafting(moment).answer(to: draft, knownAs: known))]
    case .success(nil):
      // Somebody else may have asked with the same id meanwhile.
      if let known = knownHere(id, draft, ticket, moment) { return known }
      // It may stand in the books from another state directory: ask before writing.
      return isLive ? [.checkID(ticket, draft, id)] : captureUnknown(draft, ticket, moment)
    }
  }

  mutating func idChecked(
    _ ticket: Ticket, _ draft: Draft, _ result: Result<InboxRow?, StoreFault>, _ moment: Moment
  ) -> [Effect] {
    if let id = draft.id, let known = knownHere(id, draft, ticket, moment) { return known }
    switch result {
    case .failure(let fault):
      return noteFault(fault, moment) + captureUnknown(draft, ticket, moment)
    case .success(nil):
      return captureUnknown(draft, ticket, moment)
    case .success(let row?):
      // What a reversal moves stands with what it reverses.
      guard draft.kind == .reversal, let target = draft.reverses else {
        return [.reply(ticket, drafting(moment).answer(to: draft, target: nil, knownAs: row))]
      }
      if let known = backlog[target] {
        return [
          .reply(ticket, drafting(moment).answer(to: draft, target: known.entry, knownAs: row))
        ]
      }
      return [.findTarget(ticket, draft, target, knownAs: row)]
    }
  }
}

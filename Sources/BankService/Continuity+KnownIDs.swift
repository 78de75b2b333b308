import BankCore
import ManualLedger
import OrderedCollections

/// An id that was given is one entry for ever: here, at the other tills of the directory, at the bank.
extension Continuity {
  /// What is said to an id that this ledger holds open, or is writing just now; nil for any other.
  mutating func knownHere(
    _ id: EntryID, _ draft: Draft, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect]? {
    if let known = ledger[id] ?? ledger.adopted(id) {
      return repeated(known, draft, ticket, moment)
    }
    guard let inWriting = writing[id] else { return nil }
    let reason: Reason =
      content(of: inWriting, equals: draft) ? .outcomeUnknown : .contentDiffers
    return [.reply(ticket, .failed(Failure(reason)))]
  }

  mutating func ledgersSearched(
    _ ticket: Ticket, _ draft: Draft, _ id: EntryID, _ result: Result<LedgerEntry?, Failure>,
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let failure): return [.reply(ticket, .failed(failure))]
    case .success(let known?): return [.reply(ticket, answer(to: draft, knownAs: known))]
    case .success(nil):
      // Somebody else may have asked with the same id meanwhile.
      if let known = knownHere(id, draft, ticket, moment) { return known }
      // It may stand in the books from another state directory: ask before writing.
      return isLive ? [.checkID(ticket, draft, id)] : captureUnknown(draft, ticket, moment)
    }
  }

  /// An id is known for ever: the same content is the same entry, and another one is refused.
  func answer(to draft: Draft, knownAs known: LedgerEntry) -> Reply {
    guard content(of: known.entry, equals: draft) else { return .failed(Failure(.contentDiffers)) }
    switch known.state {
    case .voided: return .failed(Failure(known.blocked?.reason ?? .voidedAtTerminal))
    case .untold: return .failed(Failure(.untold))
    // Of another till, in its hands just now.
    case .unknown: return .failed(Failure(.outcomeUnknown))
    case .waiting, .blocked, .posted, .suspense, .settled, .refused:
      return .receipt(receipt(known, isCopy: true))
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
        return [.reply(ticket, answer(to: draft, target: nil, knownAs: row, moment))]
      }
      if let known = ledger[target] {
        return [.reply(ticket, answer(to: draft, target: known.entry, knownAs: row, moment))]
      }
      return [.findTarget(ticket, draft, target, knownAs: row)]
    }
  }

  /// The bank knows the id: the same content is the same entry, and another one is refused.
  func answer(
    to draft: Draft, target: Entry?, knownAs row: InboxRow, _ moment: Moment
  ) -> Reply {
    guard case .success(let entry) = entry(from: draft, target: target, moment),
      entry.contentHash == row.contentHash
    else { return .failed(Failure(.contentDiffers)) }
    return .receipt(
      Receipt(
        entry: entry.numbered(row.number ?? 0, at: TerminalName(row.terminal) ?? entry.terminal),
        state: Receipt.State(row.outcome), reason: row.outcome.reason, code: "",
        at: row.decidedAt, isCopy: true, takesBackUnknown: takesBackUnknown(entry)))
  }
}

import BankCore
import ManualLedger

/// From a draft to an entry whose line is on its way to the disk.
///
/// An id that was given is one entry for ever: here, at the other tills of the directory, at the bank.
extension Captures {
  mutating func capture(
    _ draft: Draft, _ ticket: Ticket, _ backlog: Backlog, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    if let no = till(backlog).objection(toReplacing: draft) { return [.fail(ticket, Failure(no))] }
    guard let id = draft.id else { return begin(draft, ticket, backlog, link, moment) }
    // A given id may have been used long ago, or at the next till.
    return knownHere(id, draft, ticket, backlog, moment)
      ?? [.effect(.searchLedgers(ticket, draft, id))]
  }

  /// The kept segments of all tills of the directory were searched for the draft's id.
  mutating func ledgersSearched(
    _ ticket: Ticket, _ draft: Draft, _ id: EntryID, _ result: Result<LedgerEntry?, Failure>,
    _ backlog: Backlog, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    switch result {
    case .failure(let failure): return [.fail(ticket, failure)]
    case .success(let known?):
      return [.reply(ticket, drafting(backlog, moment).answer(to: draft, knownAs: known))]
    case .success(nil):
      // Somebody else may have asked with the same id meanwhile.
      if let known = knownHere(id, draft, ticket, backlog, moment) { return known }
      // It may stand in the books from another state directory: ask before writing.
      return link.isLive
        ? [.effect(.checkID(ticket, draft, id))] : begin(draft, ticket, backlog, link, moment)
    }
  }

  /// - Parameter row: what the bank knows under the draft's id; nil where it knows nothing, or could
  ///   not be asked.
  mutating func idChecked(
    _ ticket: Ticket, _ draft: Draft, _ row: InboxRow?, _ backlog: Backlog, _ link: Link,
    _ moment: Moment
  ) -> [Consequence] {
    if let id = draft.id, let known = knownHere(id, draft, ticket, backlog, moment) { return known }
    guard let row else { return begin(draft, ticket, backlog, link, moment) }
    // What a reversal moves stands with what it reverses.
    guard draft.kind == .reversal, let target = draft.reverses else {
      let reply = drafting(backlog, moment).answer(to: draft, target: nil, knownAs: row)
      return [.reply(ticket, reply)]
    }
    guard let known = backlog[target] else {
      return [.effect(.findTarget(ticket, draft, target, knownAs: row))]
    }
    let reply = drafting(backlog, moment).answer(to: draft, target: known.entry, knownAs: row)
    return [.reply(ticket, reply)]
  }

  /// - Parameter row: what the bank knows under the reversal's own id, if it does.
  mutating func targetFound(
    _ ticket: Ticket, _ draft: Draft, _ result: Result<ReversalTarget?, StoreFault>,
    knownAs row: InboxRow?, _ backlog: Backlog, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    if let row, case .success(let found) = result {
      let target = found?.transaction.entry
      let reply = drafting(backlog, moment).answer(to: draft, target: target, knownAs: row)
      return [.reply(ticket, reply)]
    }
    switch result {
    case .failure(let fault): return [.fault(fault), .fail(ticket, Failure(fault: fault))]
    case .success(nil): return [.fail(ticket, Failure(.unknownTarget))]
    case .success(let found?):
      if found.reversedBy != nil { return [.fail(ticket, Failure(.alreadyReversed))] }
      if found.isMoved { return [.fail(ticket, Failure(.movedAlready))] }
      return begin(draft, target: found.transaction.entry, ticket, backlog, link, moment)
    }
  }

  // MARK: A new entry

  /// The id is known nowhere. What a reversal moves stands with what it reverses.
  private mutating func begin(
    _ draft: Draft, _ ticket: Ticket, _ backlog: Backlog, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    guard draft.kind == .reversal, let target = draft.reverses else {
      return begin(draft, target: nil, ticket, backlog, link, moment)
    }
    if let known = backlog[target] {
      return begin(draft, target: known.entry, ticket, backlog, link, moment)
    }
    guard !link.isUnanswered else { return [.postpone(ticket, draft)] }
    guard link.readsLive else { return [.fail(ticket, Failure(.targetNotKnown))] }
    return [.effect(.findTarget(ticket, draft, target, knownAs: nil))]
  }

  private mutating func begin(
    _ draft: Draft, target: Entry?, _ ticket: Ticket, _ backlog: Backlog, _ link: Link,
    _ moment: Moment
  ) -> [Consequence] {
    switch drafting(backlog, moment).entry(from: draft, target: target) {
    case .failure(let failure): return [.fail(ticket, failure)]
    case .success(let entry):
      note(entry)
      open(
        Capture(
          ticket: ticket, entry: entry, draft: draft, phase: link.isLive ? .asking : .lookingUp,
          isDurable: false))
      // Its number is only given when its line is written: a refusal here must leave no gap.
      guard link.isLive else { return [.effect(lookUp(entry))] }
      write(entry)
      return [
        .effect(deadline(entry.id)),
        .effect(.append(.capture(entry.id), [.entry(record(of: entry, backlog))])),
      ]
    }
  }

  func record(of entry: Entry, _ backlog: Backlog) -> EntryRecord {
    EntryRecord(entry, takesBackUnknown: till(backlog).takesBackUnknown(entry))
  }

  /// An exception is settled by an entry of its own.
  mutating func settle(
    _ entry: Entry, _ resolution: Resolution, _ ticket: Ticket
  ) -> [Effect] {
    open(Capture(ticket: ticket, entry: entry, phase: .asking, isDurable: false))
    write(entry)
    return [
      deadline(entry.id),
      .append(.capture(entry.id), [.entry(EntryRecord(entry, resolution: resolution))]),
    ]
  }

  // MARK: The same id again

  /// What is said to an id that this ledger holds open, or is writing just now; nil for any other.
  private mutating func knownHere(
    _ id: EntryID, _ draft: Draft, _ ticket: Ticket, _ backlog: Backlog, _ moment: Moment
  ) -> [Consequence]? {
    if let known = backlog[id] ?? backlog.ledger.adopted(id) {
      return repeated(known, draft, ticket, backlog, moment)
    }
    guard let written = self.inWriting(id) else { return nil }
    let isSame = drafting(backlog, moment).content(of: written, equals: draft)
    return [.fail(ticket, Failure(isSame ? .outcomeUnknown : .contentDiffers))]
  }

  private mutating func repeated(
    _ known: LedgerEntry, _ draft: Draft, _ ticket: Ticket, _ backlog: Backlog, _ moment: Moment
  ) -> [Consequence] {
    let id = known.entry.id
    guard drafting(backlog, moment).content(of: known.entry, equals: draft) else {
      return [.fail(ticket, Failure(.contentDiffers))]
    }
    if known.state == .untold { return keep(id, ticket, backlog, moment) }
    // What was taken back is not done again, and must not look as if it were.
    if known.state == .voided {
      return [.fail(ticket, Failure(known.blocked?.reason ?? .voidedAtTerminal))]
    }
    if backlog.isBlocked(id), known.release == nil {
      return [.fail(ticket, Failure(known.blocked?.reason ?? .contentDiffers))]
    }
    guard backlog.isWaiting(id), known.release == nil, !isOpen(id) else {
      return [.reply(ticket, .receipt(till(backlog).receipt(known, isCopy: true)))]
    }
    return [.ask(known, ticket)]
  }

  /// An entry whose fate is unknown is asked about again, under its id.
  mutating func ask(
    again known: LedgerEntry, _ ticket: Ticket, isLive: Bool
  ) -> [Consequence] {
    open(
      Capture(
        ticket: ticket, entry: known.entry, phase: isLive ? .asking : .lookingUp, isDurable: true))
    guard isLive else { return [.effect(lookUp(known.entry))] }
    return [.send(known.entry.id), .effect(deadline(known.entry.id))]
  }

  /// How long the bank has to decide.
  private func deadline(_ id: EntryID) -> Effect {
    .setTimer(.decision(id), afterMilliseconds: configuration.decisionDeadlineMilliseconds)
  }
}

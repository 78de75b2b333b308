import BankCore
import ManualLedger

/// Taking over what an old copy of this till's directory has captured.
extension BankDesk {
  func adopt(_ adoption: Adoption, note: String, _ ticket: Ticket) async {
    if let failure = objection(to: adoption) {
      return step(.operated(ticket, .failed(failure), nil))
    }
    await written()
    let state: LedgerState
    do throws(Failure) { state = try await ledger.history() } catch {
      return step(.operated(ticket, .failed(error), nil))
    }
    // What the bank has booked is there, wherever it was captured; a bank that is away cannot say.
    let acknowledged = adoption.items.compactMap(\.acknowledgedAs)
    var known: [EntryID: InboxRow]? = machine?.isLive == true ? [:] : nil
    for chunk in acknowledged.chunks(of: 1_000) where known != nil {
      guard let found = try? await store.inbox(chunk) else {
        known = nil
        continue
      }
      known?.merge(found) { $1 }
    }
    let lines = Self.lines(adoption, besides: state, inBank: known ?? [:]) { clock.mint() }
    let isTaken = { (line: AdoptionLine) in known != nil || line.item.acknowledgedAs == nil }
    step(
      .adopting(
        ticket, lines.filter(isTaken),
        unasked: lines.filter { !isTaken($0) }.map(\.item.entry.id), note: note))
  }

  private func objection(to adoption: Adoption) -> Failure? {
    if let cause = machine?.status.cause, cause.code == .terminalCloned {
      return Failure(
        .refused, code: cause.code.code,
        text: "This directory is the old copy. \(cause.sentence)",
        fix: "Nothing was changed. Run it with --state in the newest directory.")
    }
    guard adoption.terminal == configuration.terminal.id else {
      return Failure(
        .refused, code: "another-terminal",
        text: "That directory holds the ledger of another terminal of this name.",
        fix: "Nothing was changed. Name an old copy of this till's own directory.")
    }
    guard machine?.expectedBank == nil || adoption.bank == machine?.expectedBank else {
      return Failure(
        .wrongBank, code: CauseCode.wrongBank.code,
        text: "That directory belongs to another bank.",
        fix: "Nothing was changed. Name an old copy of this till's own directory.")
    }
    return nil
  }

  /// What is not here yet. An entry is here under its own id, where both copies have it from before, or
  /// as one that was taken over, from that copy or from another; and it is the same entry only with the
  /// same content.
  ///
  /// - Parameter inBank: what the bank knows of the entries that it had acknowledged to the copy.
  static func lines(
    _ adoption: Adoption, besides state: LedgerState, inBank: [EntryID: InboxRow] = [:],
    mint: () -> EntryID
  ) -> [AdoptionLine] {
    var adopted: [EntryID: [LedgerEntry]] = [:]
    for known in state.entries where known.isAdopted {
      if let first = known.entry.replaces { adopted[first, default: []].append(known) }
    }
    return adoption.items.compactMap { item in
      let entry = item.entry
      let first = item.isAdopted ? entry.replaces ?? entry.id : entry.id
      let same = [state[entry.id], state[first]].compactMap(\.self)
      guard !same.contains(where: { $0.entry.moves(as: entry) }) else { return nil }
      let known = ((adopted[entry.id] ?? []) + (adopted[first] ?? []))
        .last { $0.entry.moves(as: entry) }
      guard known == nil || known?.state == .untold else { return nil }
      if let row = item.acknowledgedAs.flatMap({ inBank[$0] }),
        row.contentHash == entry.contentHash
      {
        return nil
      }
      return AdoptionLine(
        item: item, id: known?.entry.id ?? mint(), secondID: mint(), isUntold: known != nil,
        hasOtherContent: state[entry.id] != nil)
    }
  }
}

extension Entry {
  /// Whether it is the same instruction; what a reversal takes back may have got a new id.
  func moves(as other: Entry) -> Bool {
    kind == other.kind && debit == other.debit && credit == other.credit && amount == other.amount
      && (kind == .reversal || reverses == other.reverses)
  }
}

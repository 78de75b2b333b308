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
    let lines = Self.lines(adoption, besides: state) { clock.mint() }
    step(.adopting(ticket, lines, note: note))
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
  /// as one that was taken over, from that copy or from another.
  static func lines(
    _ adoption: Adoption, besides state: LedgerState, mint: () -> EntryID
  ) -> [AdoptionLine] {
    var adopted: [EntryID: LedgerEntry] = [:]
    for known in state.entries where known.isAdopted {
      if let first = known.entry.replaces { adopted[first] = known }
    }
    return adoption.items.compactMap { item in
      let first = item.isAdopted ? item.entry.replaces ?? item.entry.id : item.entry.id
      guard state[item.entry.id] == nil, state[first] == nil else { return nil }
      let known = adopted[item.entry.id] ?? adopted[first]
      guard known == nil || known?.state == .untold else { return nil }
      return AdoptionLine(
        item: item, id: known?.entry.id ?? mint(), secondID: mint(),
        isUntold: known != nil)
    }
  }
}

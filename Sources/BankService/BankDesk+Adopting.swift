import BankCore
import ManualLedger

/// Taking over what an old copy of this till's directory has captured.
extension BankDesk {
  func adopt(_ adoption: Adoption, note: String, planOnly: Bool, _ ticket: Ticket) async {
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
    let taken = lines.filter(isTaken)
    let unasked = lines.filter { !isTaken($0) }.map(\.item.entry.id)
    guard planOnly else {
      return step(.adopting(ticket, taken, unasked: unasked, note: note))
    }
    if let no = machine?.objectionToWriting { return step(.operated(ticket, .failed(no), nil)) }
    var plan = AdoptionReport(
      taken.map { AdoptedEntry(entry: $0.id, replaces: $0.item.entry.id) }, unasked: unasked)
    plan.held = Self.held(adoption, by: state)
    step(.operated(ticket, .adopted(plan), nil))
  }

  private func objection(to adoption: Adoption) -> Failure? {
    if let cause = machine?.link.cause, cause.code == .terminalCloned {
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
    guard machine?.link.expectedBank == nil || adoption.bank == machine?.link.expectedBank else {
      return Failure(
        .wrongBank, code: CauseCode.wrongBank.code,
        text: "That directory belongs to another bank.",
        fix: "Nothing was changed. Name an old copy of this till's own directory.")
    }
    return nil
  }

  /// What is here already of all that was told with the copy, under which id. Whatever became of it here
  /// is its end: nobody may void it with the copy.
  static func held(_ adoption: Adoption, by state: LedgerState) -> [AdoptedEntry] {
    let holdings = Holdings(state)
    return adoption.items.compactMap { item in
      let id = item.entry.id
      let same = item.acknowledgedAs == nil ? holdings.same(item) : nil
      return (holdings.adopted(item) ?? same).map {
        AdoptedEntry(entry: $0.entry.id, replaces: id)
      }
    }
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
    let holdings = Holdings(state)
    return adoption.items.compactMap { item in
      let entry = item.entry
      guard holdings.same(item) == nil else { return nil }
      let known = holdings.adopted(item)
      guard known == nil || known?.state == .untold else { return nil }
      if let row = item.acknowledgedAs.flatMap({ inBank[$0] }),
        row.contentHash == entry.contentHash
      {
        return nil
      }
      let promised = adoption.takenOver[entry.id].flatMap { state[$0] == nil ? $0 : nil }
      let id = known?.entry.id ?? (promised == entry.id ? nil : promised) ?? mint()
      return AdoptionLine(
        item: item, id: id, secondID: mint(), isUntold: known != nil,
        hasOtherContent: state[entry.id] != nil)
    }
  }
}

/// What a directory holds of an old copy's entries; the same entry has the same content.
private struct Holdings {
  private let state: LedgerState
  /// By the ids that they had before.
  private var adopted: [EntryID: [LedgerEntry]] = [:]

  init(_ state: LedgerState) {
    self.state = state
    for known in state.entries where known.isAdopted {
      if let first = known.entry.replaces { adopted[first, default: []].append(known) }
    }
  }

  /// Both copies have it from before; or the copy had taken it over from this directory.
  func same(_ item: Adoption.Item) -> LedgerEntry? {
    ids(item).compactMap { state[$0] }.first { $0.entry.moves(as: item.entry) }
  }

  /// It was taken over, from that copy or from another.
  func adopted(_ item: Adoption.Item) -> LedgerEntry? {
    ids(item).flatMap { adopted[$0] ?? [] }.last { $0.entry.moves(as: item.entry) }
  }

  /// Its own id, and the one that it had before the copy took it over.
  private func ids(_ item: Adoption.Item) -> [EntryID] {
    let own = item.entry.id
    guard item.isAdopted, let first = item.entry.replaces else { return [own] }
    return [own, first]
  }
}

extension Entry {
  /// Whether it is the same instruction; what a reversal takes back may have got a new id.
  func moves(as other: Entry) -> Bool {
    kind == other.kind && debit == other.debit && credit == other.credit && amount == other.amount
      && (kind == .reversal || reverses == other.reverses)
  }
}

import BankCore
import ManualLedger

/// What is taken over of an old copy of this till's directory, and under which ids.
struct AdoptionPlan: Sendable {
  /// What goes to the ledger now.
  let taken: [AdoptionLine]
  /// What the bank had acknowledged to the copy, and cannot be asked about now.
  let unasked: [EntryID]
  /// What is here already.
  let held: [AdoptedEntry]

  /// What the bank is asked about: it may have booked that, wherever it was captured.
  static func acknowledged(in adoption: Adoption) -> [EntryID] {
    adoption.items.compactMap(\.acknowledgedAs)
  }

  /// - Parameters:
  ///   - state: all kept segments of this directory.
  ///   - inBank: what the bank knows of `acknowledged(in:)`; nil where it could not be asked.
  ///   - mint: an id that nobody has.
  init(
    _ adoption: Adoption, besides state: LedgerState, inBank: [EntryID: InboxRow]?,
    mint: () -> EntryID
  ) {
    let lines = Self.lines(adoption, besides: state, inBank: inBank ?? [:], mint: mint)
    let isTaken = { (line: AdoptionLine) in inBank != nil || line.item.acknowledgedAs == nil }
    taken = lines.filter(isTaken)
    unasked = lines.filter { !isTaken($0) }.map(\.item.entry.id)
    held = Self.held(adoption, by: state)
  }

  /// As it is told beforehand.
  var report: AdoptionReport {
    var report = AdoptionReport(
      taken.map { AdoptedEntry(entry: $0.id, replaces: $0.item.entry.id) }, unasked: unasked)
    report.held = held
    return report
  }

  /// Why nothing is taken over from that copy; nil where it can be.
  static func objection(
    to adoption: Adoption, at terminal: TerminalIdentity, cause: Cause?, expectedBank: Identifier?
  ) -> Failure? {
    if let cause, cause.code == .terminalCloned {
      return Failure(
        .refused, code: cause.code.description,
        text: "This directory is the old copy. \(cause.sentence)",
        fix: "Nothing was changed. Run it with --state in the newest directory.")
    }
    guard adoption.terminal == terminal.id else {
      return Failure(
        .refused, code: "another-terminal",
        text: "That directory holds the ledger of another terminal of this name.",
        fix: "Nothing was changed. Name an old copy of this till's own directory.")
    }
    guard expectedBank == nil || adoption.bank == expectedBank else {
      return Failure(
        .wrongBank, code: CauseCode.wrongBank.description,
        text: "That directory belongs to another bank.",
        fix: "Nothing was changed. Name an old copy of this till's own directory.")
    }
    return nil
  }

  /// What is here already of all that was told with the copy, under which id. Whatever became of it here
  /// is its end: nobody may void it with the copy.
  private static func held(_ adoption: Adoption, by state: LedgerState) -> [AdoptedEntry] {
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

import BankCore
import ManualLedger

/// An entry to be taken over from an old copy of this till's directory.
struct AdoptionLine: Sendable {
  var item: Adoption.Item
  /// Its id here, and the second one should it have been refused under the first.
  var id: EntryID
  var secondID: EntryID
  /// Its line is here already, and whoever wrote it was killed before it was told.
  var isUntold: Bool
  /// This directory has another entry under its old id.
  var hasOtherContent = false
}

/// What was captured in an old copy of the state directory goes on here, under new ids that name the old
/// ones: as what it was told, from when it was captured.
extension Continuity {
  mutating func adopt(
    _ lines: [AdoptionLine], unasked: [EntryID], _ note: String, _ ticket: Ticket,
    _ moment: Moment
  ) -> [Effect] {
    if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
    guard !lines.isEmpty else {
      return [.reply(ticket, .adopted(AdoptionReport(unasked: unasked)))]
    }
    let newIDs = Dictionary(
      lines.map { ($0.item.entry.id, $0.id) }, uniquingKeysWith: { first, _ in first })
    var records: [LedgerRecord] = []
    for line in lines { records += adopt(line, newIDs, note, moment) }
    let report = AdoptionReport(
      lines.map { AdoptedEntry(entry: $0.id, replaces: $0.item.entry.id) },
      otherContent: Set(lines.filter(\.hasOtherContent).map(\.item.entry.id)), unasked: unasked)
    return [.append(.adoption(report, ticket), records)]
  }

  mutating func adopt(
    _ line: AdoptionLine, _ newIDs: [EntryID: EntryID], _ note: String, _ moment: Moment
  ) -> [LedgerRecord] {
    let name = configuration.operatorName
    let first: LedgerRecord
    if line.isUntold {
      first = .keep(KeepRecord(entry: line.id, operatorName: name, at: moment.now))
    } else {
      let entry = entry(adopting: line, newIDs)
      captures.write(entry)
      first = .entry(EntryRecord(entry, isAdopted: true))
    }
    let release = line.item.released.map { standing in
      LedgerRecord.released(
        ReleaseRecord(
          entry: line.id, secondID: line.secondID, standing: standing,
          isOverLimit: line.item.isOverLimit, wasSent: line.item.mayHaveBeenSent, at: moment.now))
    }
    let words = NoteRecord(
      "taken over from an old copy, where it was \(line.item.entry.label): \(note)",
      entry: line.id, operatorName: name, at: moment.now)
    return [first] + [release].compactMap { $0 } + [.note(words)]
  }

  /// A reversal of what is taken over as well names the new id.
  private func entry(adopting line: AdoptionLine, _ newIDs: [EntryID: EntryID]) -> Entry {
    let old = line.item.entry
    return Entry(
      id: line.id, number: nextNumber, terminal: configuration.terminal.name,
      operatorName: old.operatorName, kind: old.kind, debit: old.debit, credit: old.credit,
      amount: old.amount, memo: old.memo, capturedAt: old.capturedAt, valueDate: old.valueDate,
      reverses: old.reverses.map { newIDs[$0] ?? backlog.ledger.adopted($0)?.entry.id ?? $0 },
      replaces: old.id,
      approvedBy: old.approvedBy, statedHolder: old.statedHolder)
  }

  /// They are durable: what was paid out on them counts against the caps, and what nobody knows the
  /// outcome of is asked about.
  mutating func adopted(_ report: AdoptionReport, _ ticket: Ticket) -> [Effect] {
    for id in report.entries.map(\.entry) {
      guard let known = backlog[id] else { continue }
      if known.release != nil {
        backlog.expose(known.entry)
      } else if isLive {
        dispatch.add(id)
      }
    }
    return [.reply(ticket, .adopted(report))]
  }
}

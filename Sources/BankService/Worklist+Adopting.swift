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
/// ones: as what it was told, from when it was captured. And what a restored bank is given back.
extension Worklist {
  func adopt(
    _ lines: [AdoptionLine], unasked: [EntryID], _ note: String, _ ticket: Ticket,
    _ till: TillView, _ moment: Moment
  ) -> [Consequence] {
    guard !lines.isEmpty else {
      return [.reply(ticket, .adopted(AdoptionReport(unasked: unasked)))]
    }
    let report = AdoptionReport(
      lines.map { AdoptedEntry(entry: $0.id, replaces: $0.item.entry.id) },
      otherContent: Set(lines.filter(\.hasOtherContent).map(\.item.entry.id)), unasked: unasked)
    let records = adopt(lines, note, till, moment)
    return Self.written(records) + [.effect(.append(.adoption(report, ticket), records))]
  }

  private static func written(_ records: [LedgerRecord]) -> [Consequence] {
    records.compactMap { if case .entry(let record) = $0 { .write(record.entry) } else { nil } }
  }

  /// The lines of entries that are taken over, in their order and numbered on.
  ///
  /// - Parameter blocked: why they wait for a person, by their ids here; nothing where they go on.
  private func adopt(
    _ lines: [AdoptionLine], _ note: String, _ till: TillView, blocked: [EntryID: Reason] = [:],
    _ moment: Moment
  ) -> [LedgerRecord] {
    let newIDs = Dictionary(
      lines.map { ($0.item.entry.id, $0.id) }, uniquingKeysWith: { first, _ in first })
    var number = till.captures.nextNumber(after: till.backlog.ledger)
    var records: [LedgerRecord] = []
    for line in lines {
      if line.isUntold {
        let name = configuration.operatorName
        records.append(.keep(KeepRecord(entry: line.id, operatorName: name, at: moment.now)))
      } else {
        let entry = entry(adopting: line, numbered: number, newIDs, till.backlog.ledger)
        records.append(.entry(EntryRecord(entry, isAdopted: true)))
        number += 1
      }
      records += standing(of: line, note, moment)
      if let reason = blocked[line.id] {
        records.append(.blocked(BlockedRecord(entry: line.id, reason: reason, at: moment.now)))
      }
    }
    return records
  }

  /// What it was told, and from where it comes.
  private func standing(
    of line: AdoptionLine, _ note: String, _ moment: Moment
  ) -> [LedgerRecord] {
    let release = line.item.released.map { standing in
      LedgerRecord.released(
        ReleaseRecord(
          entry: line.id, secondID: line.secondID, standing: standing,
          isOverLimit: line.item.isOverLimit, wasSent: line.item.mayHaveBeenSent, at: moment.now))
    }
    let words = NoteRecord(
      "taken over from an old copy, where it was \(line.item.entry.label): \(note)",
      entry: line.id, operatorName: configuration.operatorName, at: moment.now)
    return [release].compactMap(\.self) + [.note(words)]
  }

  /// A reversal of what is taken over as well names the new id.
  private func entry(
    adopting line: AdoptionLine, numbered number: Int64, _ newIDs: [EntryID: EntryID],
    _ ledger: LedgerState
  ) -> Entry {
    let old = line.item.entry
    return Entry(
      id: line.id, number: number, terminal: configuration.terminal.name,
      operatorName: old.operatorName, kind: old.kind, debit: old.debit, credit: old.credit,
      amount: old.amount, memo: old.memo, capturedAt: old.capturedAt, valueDate: old.valueDate,
      reverses: old.reverses.map { newIDs[$0] ?? ledger.adopted($0)?.entry.id ?? $0 },
      replaces: old.id,
      approvedBy: old.approvedBy, statedHolder: old.statedHolder)
  }

  /// They are durable: what was paid out on them counts against the caps, and what nobody knows the
  /// outcome of is asked about.
  func adopted(
    _ report: AdoptionReport, _ ticket: Ticket, _ backlog: Backlog, isLive: Bool
  ) -> [Consequence] {
    let followed = report.entries.compactMap { backlog[$0.entry] }
      .compactMap { known -> Consequence? in
        if known.release != nil { return .expose(known.entry) }
        return isLive ? .send(known.entry.id) : nil
      }
    return followed + [.reply(ticket, .adopted(report))]
  }

  // MARK: A bank that has forgotten

  /// From now on the till is ahead of the bank, until that is healed.
  func healingBegins(
    _ acknowledgement: Acknowledgement, _ ticket: Ticket, _ moment: Moment
  ) -> Effect {
    let begun = HealedRecord(
      acknowledgement, isBeginning: true, operatorName: configuration.operatorName, at: moment.now)
    return .append(.healingBegins(ticket), [.healed(begun)])
  }

  /// What the bank has made of what it was given back is written down before anybody is told, and
  /// before the bank counts as healed: until then it is given back again.
  func gaveBack(
    _ lines: HealingLines, _ report: HealingReport, _ ticket: Ticket, _ till: TillView,
    _ moment: Moment
  ) -> [Consequence] {
    guard let acknowledgement = lines.acknowledgement else {
      return [.effect(.raiseEpoch(ticket, report))]
    }
    let healed = HealedRecord(
      acknowledgement, operatorName: configuration.operatorName, at: moment.now)
    let blocked = Dictionary(
      lines.taken.map { ($0.line.id, $0.reason) }, uniquingKeysWith: { first, _ in first })
    let taken = adopt(
      lines.taken.map(\.line), "the restored bank could not take it back", till, blocked: blocked,
      moment)
    let records: [LedgerRecord] = [.healed(healed)] + lines.records + taken
    return Self.written(taken) + [.effect(.append(.healing(ticket, report), records))]
  }
}

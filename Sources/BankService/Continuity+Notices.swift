import BankCore
import ManualLedger

/// What became known too late for the customer to be told: kept until a person has seen to it.
extension Continuity {
  /// Open ones and those that were seen to, as far as the ledger is in memory; the oldest first.
  var notices: [Notice] { ledger.entries.compactMap(notice) }

  /// Whether a decision that nobody waits for any more leaves somebody something to do: who was told
  /// that nobody knows hears of it, and cash that was to move once it is booked moves now.
  func leavesSomethingToDo(_ known: LedgerEntry, _ outcome: Outcome) -> Bool {
    guard known.entry.kind != .settlement else { return false }
    guard let release = known.release else { return true }
    return release.standing == .request && outcome == .posted
      && known.entry.cashMove(.certain) != nil
  }

  /// The reversal of that entry which this terminal has captured, unless it came to nothing. It may
  /// name the entry by the id under which it was booked.
  func takenBack(_ known: LedgerEntry) -> Notice.TakenBack? {
    let ids = Set([known.entry.id, bookedID(of: known.entry.id)])
    for reversal in ids.flatMap({ ledger.reversals(of: $0) }).sorted(by: { $0.line > $1.line }) {
      switch view(reversal).state {
      case .posted, .suspense, .settled:
        return Notice.TakenBack(label: reversal.entry.label, isBooked: true)
      case .waiting, .unknown, .blocked:
        return Notice.TakenBack(label: reversal.entry.label, isBooked: false)
      case .refused, .voided, .untold: continue
      }
    }
    return nil
  }

  func takesBackUnknown(_ known: LedgerEntry) -> Bool {
    takesBackUnknown(known.entry, asItsLineSays: known.takesBackUnknown)
  }

  /// Whether it reverses an entry of which its customer was told that nobody knows, as far as this
  /// terminal's ledger tells: no cash moved then.
  ///
  /// - Parameter isSaid: what the reversal's own line says; it counts where the entry itself stands in
  ///   an older segment.
  func takesBackUnknown(_ entry: Entry, asItsLineSays isSaid: Bool = false) -> Bool {
    guard let target = entry.reverses else { return false }
    guard let known = ledger.named(target) else { return isSaid || toldUnknown.contains(target) }
    guard known.release == nil else { return false }
    let id = known.entry.id
    return isWaiting(id) || (decided[id] ?? known.outcome)?.needsNotice == true
  }

  /// - Parameter wasToldUnknown: whether older segments say so of what the draft reverses.
  mutating func noteToldUnknown(_ draft: Draft, _ wasToldUnknown: Bool) {
    if wasToldUnknown, let target = draft.reverses { toldUnknown.insert(target) }
  }

  /// How long it takes at most until a console has painted a reply. A command says when it has
  /// written its own.
  private static let tellingMilliseconds: Int64 = 200

  /// Writes what the bank has decided. Where somebody is being told of it, the line waits until that is
  /// over: whoever is killed before leaves an entry without an outcome, and the next run makes a
  /// notice of it. Later outcomes wait behind it, for they stand in the order of the bank's
  /// transactions.
  mutating func write(_ records: [LedgerRecord], isTelling: Bool) -> [Effect] {
    guard !records.isEmpty else { return [] }
    guard isTelling || !owed.isEmpty else { return [.append(.outcomes, records)] }
    owed += records
    return [.setTimer(.told, afterMilliseconds: Self.tellingMilliseconds)]
  }

  mutating func told() -> [Effect] {
    guard !owed.isEmpty else { return [] }
    defer { owed = [] }
    return [.append(.outcomes, owed)]
  }

  mutating func noteDone(_ id: EntryID, _ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard let known = ledger[id], let notice = notice(known) else {
      return [
        .reply(
          ticket,
          .failed(
            Failure(
              .refused, code: "unknown-notice", text: "There is no notice of entry \(id) here.",
              fix: "See 'daybook notice list'. Nothing was changed.")))
      ]
    }
    // Seen to twice is seen to: a script may ask again.
    guard notice.isOpen else { return [.reply(ticket, .notices([notice]))] }
    if let no = objectionToWriting { return [.reply(ticket, .failed(no))] }
    let record = NoteRecord(
      "Seen to: \(known.state.rawValue).", entry: id, decision: .noted,
      operatorName: configuration.operatorName, at: moment.now)
    return [.append(.noted(id, ticket), [.note(record)])]
  }
}

import BankCore
import ManualLedger

/// What became known too late for the customer to be told: kept until a person has seen to it.
extension Continuity {
  mutating func noteDone(_ id: EntryID, _ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard let known = backlog[id], let notice = till.notice(known) else {
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

extension LedgerEntry {
  /// Whether a decision that nobody waits for any more leaves somebody something to do: who was told
  /// that nobody knows hears of it, and cash that was to move once it is booked moves now.
  func leavesSomethingToDo(_ outcome: Outcome) -> Bool {
    guard entry.kind != .settlement else { return false }
    guard let release = release else { return true }
    return release.standing == .request && outcome == .posted
      && entry.cashMove(.certain) != nil
  }

}

import BankCore

/// What a person has decided about an entry. Of each entry one decision is asked at a time, whoever
/// asks.
struct EntryDecision: Question {
  enum Kind: Hashable, Sendable {
    /// Of a line of the manual ledger.
    case voided, kept
    /// Of an exception.
    case settled
    /// Of a notice.
    case seenTo
  }

  let entry: EntryID
  let kind: Kind

  init(_ entry: EntryID, _ kind: Kind) {
    self.entry = entry
    self.kind = kind
  }

  var slot: EntryID { entry }

  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    if kind == .settled {
      return console.change(ReconcileScreen.self) { $0.receiveSettled(reply, entry, &$1) }
    }
    switch reply {
    case .receipt(let receipt):
      if console.context.screenHasFocus { console.overlay = ReceiptPanel(receipt: receipt) }
      console.message = .good("\(receipt.entry.label): \(receipt.shortHeadline)")
    case .notices(let notices):
      let label = notices.first.map { "\($0.entry.label) is" } ?? "The notice is"
      console.message = .good("\(label) marked as done by \(console.status.operatorName).")
    case .failed(let failure): console.message = .failed(failure)
    default: break
    }
    return console.refresh()
  }
}

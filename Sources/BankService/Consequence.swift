import BankCore
import ManualLedger

/// What one of the values behind ``Continuity`` has decided: for the runtime, or for another one of them.
enum Consequence: Sendable {
  case effect(Effect)
  /// An entry whose line is durable goes to the bank, or is asked about again.
  case send(EntryID)
  /// Somebody waits for what the bank says of an entry whose line is durable.
  case ask(LedgerEntry, Ticket)
  /// An entry settles an exception: it takes the one path of every entry.
  case settle(Entry, Resolution, Ticket)
  /// The entry's line goes to the disk, with its number.
  case write(Entry)
  /// An entry is taken on this terminal's word, and counts against the caps.
  case expose(Entry)
  /// A person voids an entry: it is not sent while that is being written.
  case void(VoidRecord, Ticket)
  /// The bank has failed.
  case fault(StoreFault)
  /// Only the bank can allow it, and the bank has not answered yet.
  case postpone(Ticket, Draft)

  static func reply(_ ticket: Ticket, _ reply: Reply) -> Consequence {
    .effect(.reply(ticket, reply))
  }

  static func fail(_ ticket: Ticket, _ failure: Failure) -> Consequence {
    .effect(.reply(ticket, .failed(failure)))
  }
}

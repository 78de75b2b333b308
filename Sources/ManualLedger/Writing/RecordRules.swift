import BankCore

/// What may be appended, checked before anything is written: the ledger never holds a line that
/// its own reader would find irregular.
enum RecordRules {
  static func check(_ records: [LedgerRecord], against state: LedgerState) throws(LedgerFault) {
    var nextNumber = state.nextNumber
    var added: Set<EntryID> = []
    for record in records {
      switch record {
      case .entry(let record):
        let entry = record.entry
        guard state[entry.id] == nil, added.insert(entry.id).inserted else {
          throw .alreadyRecorded(entry.id)
        }
        guard entry.number == nextNumber else {
          throw .wrongNumber(expected: nextNumber, found: entry.number)
        }
        nextNumber += 1
      case .released(let release): try require(release.entry, added, state)
      case .outcome(let outcome): try require(outcome.entry, added, state)
      case .void(let void): try require(void.entry, added, state)
      case .keep(let keep): try require(keep.entry, added, state)
      case .blocked(let blocked): try require(blocked.entry, added, state)
      // An exception may be of an entry that another till has captured.
      case .settled, .mode, .note, .sending, .healed: break
      case .open, .recovery, .seal: throw .reserved
      }
    }
  }

  private static func require(
    _ id: EntryID, _ added: Set<EntryID>, _ state: LedgerState
  ) throws(LedgerFault) {
    guard added.contains(id) || state[id] != nil else { throw .unknownEntry(id) }
  }
}

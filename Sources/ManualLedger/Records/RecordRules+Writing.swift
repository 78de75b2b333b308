import BankCore

extension RecordRules {
  /// What the writer asks before it writes: the ledger never holds a line that its own reader would
  /// find irregular. So the reader itself is asked, line by line, each with those before it.
  static func check(_ records: [LedgerRecord], against state: LedgerState) throws(LedgerFault) {
    var sum = state.excerpt(for: records)
    // Where they will stand says nothing here.
    let line = LineReference(segment: 0, record: 0)
    for record in records {
      switch record {
      case .open, .recovery, .seal: throw .reserved
      case .entry(let record) where sum.position(of: record.entry.id) != nil:
        throw .alreadyRecorded(record.entry.id)
      // A reader lets a line that was salvaged fill the gap that it left.
      case .entry(let record) where record.entry.number != sum.nextNumber:
        throw .wrongNumber(expected: sum.nextNumber, found: record.entry.number)
      default: break
      }
      if let why = irregularity(of: record, at: line, in: sum) { throw LedgerFault(why) }
      sum.apply(record, hash: .none, at: line)
    }
  }
}

extension LedgerFault {
  fileprivate init(_ why: Irregularity) {
    self =
      switch why {
      case .duplicateEntry(let id, _): .alreadyRecorded(id)
      case .numberGap(let expected, let found, _): .wrongNumber(expected: expected, found: found)
      case .unknownEntry(let id, _): .unknownEntry(id)
      default: .forbidden(why.text)
      }
  }
}

extension LedgerState {
  /// As much of it as the rules ask for to judge these records: a ledger of very many entries is much
  /// to copy.
  func excerpt(for records: [LedgerRecord]) -> LedgerState {
    excerpt(of: Set(records.flatMap(\.namedEntries).compactMap(position(ofNamed:))))
  }
}

extension LedgerRecord {
  /// The ids of all entries that the rules look up to judge it.
  fileprivate var namedEntries: [EntryID] {
    switch self {
    case .entry(let record):
      [record.entry.id, record.entry.reverses, record.entry.replaces, record.resolution?.other]
        .compactMap { $0 }
    case .released(let release): [release.entry, release.secondID]
    case .outcome(let outcome): [outcome.entry]
    case .settled(let settled): [settled.exception]
    case .void(let void): [void.entry]
    case .keep(let keep): [keep.entry]
    case .blocked(let blocked): [blocked.entry]
    case .note(let note): [note.entry].compactMap { $0 }
    case .open, .sending, .healed, .mode, .recovery, .seal: []
    }
  }
}

extension Resolution {
  fileprivate var other: EntryID? { if case .match(let id) = self { id } else { nil } }
}

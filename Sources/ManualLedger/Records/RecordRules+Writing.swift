import BankCore

extension RecordRules {
  /// What the writer asks before it writes: the ledger never holds a line that its own reader would
  /// find irregular.
  static func check(_ records: [LedgerRecord], against state: LedgerState) throws(LedgerFault) {
    var group = Group(state: state)
    for record in records { try group.check(record) }
  }

  /// Records that are written together, each judged with those before it.
  private struct Group {
    let state: LedgerState
    private var nextNumber: Int64
    private var added: [EntryID: LedgerEntry] = [:]
    private var lastDecision: Acknowledgement?
    private var isHealing: Bool
    private var settled: [EntryID: SettledRecord] = [:]

    init(state: LedgerState) {
      self.state = state
      nextNumber = state.nextNumber
      lastDecision = state.lastDecision
      isHealing = state.isHealing
    }

    mutating func check(_ record: LedgerRecord) throws(LedgerFault) {
      isHealing = isHealing && record.tellsOfHealing
      switch record {
      case .entry(let record): try check(record)
      case .released(let release):
        var known = try require(release.entry)
        try refuse(problem(of: release, to: known, in: state))
        known.release = release
        added[release.entry] = known
      case .outcome(let outcome):
        var known = try require(outcome.entry)
        try refuse(
          problem(
            of: outcome, to: known, after: lastDecision, isHealing: isHealing, in: state))
        known.outcome = outcome
        added[outcome.entry] = known
        lastDecision = outcome.acknowledgement ?? lastDecision
      case .settled(let record):
        try refuse(
          problem(of: record, after: settled[record.exception], in: state))
        settled[record.exception] = record
      case .void(let void): _ = try require(void.entry)
      case .keep(let keep): _ = try require(keep.entry)
      case .blocked(let blocked):
        try refuse(problem(of: blocked, to: try require(blocked.entry), isHealing: isHealing))
      case .healed: isHealing = true
      case .mode, .note, .sending: break
      case .open, .recovery, .seal: throw .reserved
      }
    }

    private mutating func check(_ record: EntryRecord) throws(LedgerFault) {
      let entry = record.entry
      guard state[entry.id] == nil, added[entry.id] == nil else {
        throw .alreadyRecorded(entry.id)
      }
      guard entry.number == nextNumber else {
        throw .wrongNumber(expected: nextNumber, found: entry.number)
      }
      if let owner = state.owner { try refuse(problem(of: record, owner, in: state)) }
      // Where it will stand says nothing here.
      added[entry.id] = LedgerEntry(
        record, lineHash: .none, line: LineReference(segment: 0, record: 0))
      nextNumber += 1
    }

    private func refuse(_ problem: String?) throws(LedgerFault) {
      if let problem { throw .forbidden(problem) }
    }

    private func require(_ id: EntryID) throws(LedgerFault) -> LedgerEntry {
      guard let known = added[id] ?? state[id] else { throw .unknownEntry(id) }
      return known
    }
  }
}

import BankCore

/// What a line may say, stated once. The writer asks before it writes; opening, `ledger verify` and
/// the readers of other tills' ledgers ask of every line that they find. A line that breaks a rule
/// was written by no till, however well its hash fits.
///
/// Only what a line and those before it show is judged here. Whether an amount is the one that the
/// customer handed over, no ledger knows by itself.
enum RecordRules {
  /// What is wrong with a line; nil when a till may have written it.
  ///
  /// - Parameters:
  ///   - line: where it stands.
  ///   - state: the sum of the lines before it.
  static func irregularity(
    of record: LedgerRecord, at line: LineReference, in state: LedgerState
  ) -> Irregularity? {
    switch record {
    case .open(let opening): place(of: opening, at: line, in: state)
    case .entry(let record): entry(record, at: line, in: state)
    case .released(let release):
      unknown(release.entry, at: line, in: state)
        ?? state[release.entry].flatMap { problem(of: release, to: $0, in: state) }
        .map { .forbidden($0, line) }
    case .outcome(let outcome):
      unknown(outcome.entry, at: line, in: state)
        ?? state[outcome.entry].flatMap {
          problem(
            of: outcome, to: $0, after: state.lastDecision, isHealing: state.isHealing, in: state)
        }
        .map { .forbidden($0, line) }
    case .settled(let settled):
      problem(of: settled, in: state).map { .forbidden($0, line) }
    case .void(let void):
      unknown(void.entry, at: line, in: state)
        ?? state[void.entry].flatMap { problem(ofVoid: $0, in: state) }.map { .forbidden($0, line) }
    case .keep(let keep): unknown(keep.entry, at: line, in: state)
    case .blocked(let blocked):
      unknown(blocked.entry, at: line, in: state)
        ?? state[blocked.entry].flatMap { problem(of: blocked, to: $0, isHealing: state.isHealing) }
        .map { .forbidden($0, line) }
    case .sending(let sending):
      sending.through < state.nextNumber
        ? nil : .forbidden("it lets entries go that were never captured", line)
    case .recovery(let recovery):
      isInPlace(recovery, at: line) ? nil : .forbidden("it takes told lines back", line)
    // A seal that had to move to another segment counts the lines of the one before.
    case .healed, .mode, .note, .seal: nil
    }
  }

  private static func unknown(
    _ id: EntryID, at line: LineReference, in state: LedgerState
  ) -> Irregularity? {
    state.position(of: id) == nil ? .unknownEntry(id, line) : nil
  }

  // MARK: Entries

  private static func entry(
    _ record: EntryRecord, at line: LineReference, in state: LedgerState
  ) -> Irregularity? {
    let entry = record.entry
    if state.position(of: entry.id) != nil { return .duplicateEntry(entry.id, line) }
    if let owner = state.owner, let problem = problem(of: record, owner, in: state) {
      return .forbidden(problem, line)
    }
    if entry.number > state.nextNumber, record.salvagedHash == nil {
      return .numberGap(expected: state.nextNumber, found: entry.number, line)
    }
    // A line that is written again in its own place fills the gap that it left.
    guard entry.number < state.nextNumber, !state.gaps.contains(entry.number) else { return nil }
    return .forbidden("number \(entry.number) was given before", line)
  }

  /// Why no till of that owner captures such an entry; nil when one may.
  static func problem(
    of record: EntryRecord, _ owner: LedgerOwner, in state: LedgerState
  ) -> String? {
    let entry = record.entry
    guard entry.terminal == owner.terminal.name else {
      return "\(entry.label) is an entry of another terminal"
    }
    if let problem = sides(of: entry, at: owner.terminal.name, in: state) { return problem }
    // A value date is the bank's own day of the capture; no time zone is further off than a day.
    let captured = entry.capturedAt.millisecondsSince1970 / 86_400_000
    guard abs(Int64(entry.valueDate.daysSince1970) - captured) <= 1 else {
      return "its value date \(entry.valueDate) is not the day of its capture"
    }
    guard entry.kind == .reversal || entry.reverses == nil else {
      return "a \(entry.kind.rawValue) takes nothing back"
    }
    return problem(ofSettlement: record, in: state)
  }

  /// Between which accounts an entry of each kind moves money.
  private static func sides(
    of entry: Entry, at terminal: TerminalName, in state: LedgerState
  ) -> String? {
    let till = { OwnAccount.till(terminal).number(entry.amount.currency) }
    let isRight: Bool =
      switch entry.kind {
      case .deposit: !entry.credit.isOwn && entry.debit == till()
      case .withdrawal: !entry.debit.isOwn && entry.credit == till()
      case .fee:
        !entry.debit.isOwn && entry.credit == OwnAccount.fees.number(entry.amount.currency)
      case .transfer: !entry.debit.isOwn && !entry.credit.isOwn
      case .reversal: isReversal(entry, in: state)
      // From where the exception's amount was placed, in suspense or on a customer's account.
      case .settlement:
        entry.replaces != nil
          && [entry.debit, entry.credit].contains {
            !$0.isOwn || $0.isSuspense
          }
      }
    guard !isRight else { return nil }
    return
      "a \(entry.kind.rawValue) from \(entry.debit) to \(entry.credit) is none that a till makes"
  }

  private static func isReversal(_ entry: Entry, in state: LedgerState) -> Bool {
    guard let reverses = entry.reverses, reverses != entry.id else { return false }
    guard let target = state.entry(reverses) else {
      return !entry.debit.isOwn || !entry.credit.isOwn
    }
    return entry.debit == target.credit && entry.credit == target.debit
      && entry.amount == target.amount
  }

  // MARK: The ledger's own lines

  private static func place(
    of opening: SegmentOpening, at line: LineReference, in state: LedgerState
  ) -> Irregularity? {
    guard state.owner != nil, opening.nextNumber < state.nextNumber else { return nil }
    return .forbidden("it gives number \(opening.nextNumber) a second time", line)
  }

  /// What was never told are the lines right before it, and never the segment's first.
  private static func isInPlace(_ recovery: RecoveryRecord, at line: LineReference) -> Bool {
    guard let untold = recovery.untold else { return true }
    return untold.first > 1 && untold.first <= untold.last && untold.last == line.record - 1
  }
}

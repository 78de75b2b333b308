import BankCore
import ManualLedger

/// How this till's own entries stand: in lists, receipts, notices and totals, and for whoever wants to
/// reverse or replace one. It changes nothing.
struct TillView {
  let backlog: Backlog
  let captures: Captures

  private var ledger: LedgerState { backlog.ledger }

  /// Entries whose customer was told that nobody knows, or nothing; not those that somebody is
  /// waiting to hear about.
  var unknown: [LedgerEntry] {
    ledger.unknown.filter {
      !captures.isOpen($0.entry.id) && backlog.decided[$0.entry.id] == nil
    }
  }

  /// Whether there is something to reconcile: all that waits, but for what waits for a person, and
  /// for what somebody at this terminal is being told about at this moment.
  var hasBacklog: Bool {
    backlog.openCount
      > captures.openIDs.count { backlog.isWaiting($0) && !backlog.isBlocked($0) }
  }

  /// The ledger's totals with what is decided but not yet written counted as decided.
  var controlTotals: [ControlTotals] {
    var totals: [Currency: ControlTotals] = [:]
    for (currency, total) in ledger.totals { totals[currency] = total.control(currency) }
    for (id, outcome) in backlog.decided {
      guard let amount = ledger.captured(id) else { continue }
      if outcome.sameAs == nil {
        totals[amount.currency]?.move(amount.minorUnits, to: outcome.recorded.outcome)
      } else {
        totals[amount.currency]?.captured.subtract(amount.minorUnits)
        totals[amount.currency]?.waiting.subtract(amount.minorUnits)
      }
    }
    for known in unknown where known.entry.kind != .settlement {
      totals[known.entry.amount.currency]?.unknown.add(known.entry.amount.minorUnits)
    }
    for known in backlog.blockedIDs.compactMap({ ledger[$0] }) {
      totals[known.entry.amount.currency]?.blocked.add(known.entry.amount.minorUnits)
    }
    return totals.values.sorted { $0.currency < $1.currency }
  }

  // MARK: Receipts and the manual ledger's list

  func ledgerPage(_ query: LedgerQuery) -> LedgerPage {
    let range = ledgerRange(query)
    let total = ledger.entries.count
    return LedgerPage(
      entries: ledger.entries[range].reversed().map { view($0) },
      hasMore: query.part.reachesUp ? range.upperBound < total : range.lowerBound > 0,
      total: total, leftOut: ledger.leftOut)
  }

  private func ledgerRange(_ query: LedgerQuery) -> Range<Int> {
    let total = ledger.entries.count
    let limit = min(max(0, query.limit), total)
    func up(from first: Int) -> Range<Int> { first..<min(first + limit, total) }
    func down(from end: Int) -> Range<Int> { max(0, end - limit)..<end }
    return switch query.part {
    case .newest: down(from: total)
    case .oldest: up(from: 0)
    case .olderThan(let id): down(from: ledger.position(of: id) ?? total)
    case .from(let id): down(from: ledger.position(of: id).map { $0 + 1 } ?? total)
    case .newerThan(let id):
      ledger.position(of: id).map { up(from: $0 + 1) } ?? down(from: total)
    }
  }

  func view(_ known: LedgerEntry) -> LedgerEntryView {
    let id = known.entry.id
    let outcome = backlog.outcome(of: known)?.recorded.outcome
    var state = known.state
    if known.isWaiting, let outcome { state = LedgerEntryView.State(outcome) }
    // Somebody is being told of it at this moment.
    if state == .unknown, captures.isOpen(id) { state = .waiting }
    if known.isWaiting, backlog.blocking[id] != nil { state = .blocked }
    let reason =
      outcome?.reason ?? backlog.reasonToHold(id) ?? backlog.blocking[id]?.reason
      ?? known.blockedReason
    return LedgerEntryView(
      entry: known.entry, state: state, reason: reason,
      released: known.release?.standing, wasSent: known.mayHaveBeenSent,
      settledBy: known.settledBy)
  }

  func receiptReply(_ id: EntryID) -> Reply {
    guard let known = backlog[id] ?? ledger.adopted(id) else {
      return .failed(.unknownEntry(id))
    }
    return .receipt(receipt(known, isCopy: true))
  }

  /// The newest one with the number, should it have been given twice.
  func receiptReply(_ number: EntryNumber) -> Reply {
    let known = ledger.entries.last { $0.entry.terminalNumber == number && $0.state != .untold }
    guard let known else {
      let own = ledger.owner?.terminal.name.text
      return .failed(.unknownNumber(number, isOwn: own == nil || own == number.terminal))
    }
    return .receipt(receipt(known, isCopy: true))
  }

  private static let twinMilliseconds: Int64 = 60_000

  /// What was captured here within the last minute and does the same: its customer may have been served
  /// already. What was refused or voided was not.
  func twin(of entry: Entry) -> Entry? {
    guard entry.kind != .reversal else { return nil }
    for known in ledger.entries.reversed() {
      let other = known.entry
      guard entry.capturedAt.milliseconds(since: other.capturedAt) <= Self.twinMilliseconds else {
        return nil
      }
      let isSame =
        other.id != entry.id && other.kind == entry.kind && other.amount == entry.amount
        && (other.debit, other.credit) == (entry.debit, entry.credit)
      if isSame, ![.refused, .voided, .untold].contains(view(known).state) { return other }
    }
    return nil
  }

  func receipt(
    _ known: LedgerEntry, isCopy: Bool, isOneCopyOnly: Bool = false
  ) -> Receipt {
    let recorded = backlog.outcome(of: known)?.recorded
    let outcome = recorded?.outcome
    let state: Receipt.State =
      if known.state == .settled {
        .settled
      } else if let outcome {
        Receipt.State(outcome)
      } else if case .voided = known.state {
        .voided
      } else if backlog.isBlocked(known.entry.id) {
        .blocked
      } else if let release = known.release {
        release.standing == .advice ? .recorded : .taken
      } else {
        .unknown
      }
    return Receipt(
      known, state, reason: outcome?.reason ?? reason(of: known, state),
      // When the customer stood at the counter: a copy has the time of the original.
      at: known.entry.capturedAt, isOneCopyOnly: isOneCopyOnly, isCopy: isCopy,
      takesBackUnknown: takesBackUnknown(known), bookingDate: recorded?.bookingDate)
  }

  private func reason(of known: LedgerEntry, _ state: Receipt.State) -> Reason? {
    switch state {
    case .blocked: known.blocked?.reason
    case .unknown: known.state == .untold ? .untold : .outcomeUnknown
    default: nil
    }
  }

  // MARK: Notices

  /// Open ones and those that were seen to, as far as the ledger is in memory; the oldest first.
  var notices: [Notice] { ledger.entries.compactMap(notice) }

  /// Nil for an entry without a late outcome.
  func notice(_ known: LedgerEntry) -> Notice? {
    guard let outcome = known.outcome, outcome.needsNotice else { return nil }
    return Notice(
      entry: known.entry, outcome: outcome.recorded.outcome, at: outcome.at,
      doneBy: known.notedBy, takenBack: takenBack(known), isSettled: known.state == .settled,
      takesBackUnknown: takesBackUnknown(known))
  }

  /// The reversal of that entry which this terminal has captured, unless it came to nothing. It may
  /// name the entry by the id under which it was booked.
  func takenBack(_ known: LedgerEntry) -> Notice.TakenBack? {
    let ids = Set([known.entry.id, backlog.bookedID(of: known.entry.id)])
    for reversal in ids.flatMap({ ledger.reversals(of: $0) }).sorted(by: {
      $0.line > $1.line
    }) {
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
    guard let known = ledger.named(target) else {
      return isSaid || backlog.toldUnknown.contains(target)
    }
    guard known.release == nil else { return false }
    return backlog.isWaiting(known.entry.id) || backlog.outcome(of: known)?.needsNotice == true
  }

  // MARK: What stands in the way of another entry

  /// Why an entry cannot be reversed, as far as is known at this machine; nil where nothing is.
  func objection(toReversal entry: Entry, _ elsewhere: Elsewhere) -> Reason? {
    guard entry.kind == .reversal, let target = entry.reverses else { return nil }
    let known = ledger.named(target)
    if let known, let no = objection(toReversing: known) { return no }
    let ids = Set([target] + (known?.ids ?? []))
    func isOther(_ other: Entry) -> Bool {
      other.id != entry.id && other.reverses.map(ids.contains) ?? false
    }
    if captures.inWriting.contains(where: isOther) { return .reversalWaits }
    let others = entry.customerAccounts.flatMap { elsewhere[$0] }
    let states = ledger.entries.lazy.filter { isOther($0.entry) }.map {
      view($0).state
    }
    return others.lazy.filter { isOther($0.entry) }.map(\.state).compactMap(\.objection).first
      ?? states.compactMap(\.objection).first
  }

  private func objection(toReversing known: LedgerEntry) -> Reason? {
    guard known.entry.kind != .reversal, known.entry.kind != .settlement else {
      return .notReversible
    }
    return switch view(known).state {
    case .voided: .voidedAtTerminal
    case .untold: .untold
    case .blocked: .contentDiffers
    case .refused: .unknownTarget
    case .suspense, .settled: .notReversible
    case .waiting, .unknown, .posted: nil
    }
  }

  /// The reversal of an entry that is not decided yet; nil where there is none.
  func waitingReversal(of known: LedgerEntry) -> Entry? {
    func isReversal(_ other: Entry) -> Bool { other.reverses.map(known.ids.contains) ?? false }
    let account = known.entry.customerAccounts.first
    let waiting = account.map(backlog.pending.ids) ?? []
    return waiting.lazy.compactMap { backlog[$0]?.entry }.first(where: isReversal)
      ?? captures.inWriting.first(where: isReversal)
  }

  /// Why an entry cannot stand for the one that it names: that one has not ended. Of entries that this
  /// ledger does not hold, nothing is known.
  func objection(toReplacing draft: Draft) -> Reason? {
    guard let replaces = draft.replaces else { return nil }
    guard replaces != draft.id else { return .replacesStanding }
    guard let known = backlog[replaces] else { return nil }
    let state = view(known).state
    return state == .refused || state == .voided ? nil : .replacesStanding
  }

  /// Why an entry cannot be taken back any more; nil where it can.
  ///
  /// - Parameter mayHaveLeft: it may be on its way to the bank.
  func objection(toVoiding known: LedgerEntry, mayHaveLeft: Bool) -> Failure? {
    let id = known.entry.id
    let isVoidable =
      known.state == .untold || (backlog.isBlocked(id) && backlog.blocking[id]?.endsAtOnce != true)
      || (backlog.isWaiting(id) && !mayHaveLeft)
    guard isVoidable, !backlog.voiding.contains(id) else { return notVoidable(known) }
    guard let reversal = waitingReversal(of: known) else { return nil }
    // Both would give the same cash back.
    return Failure(
      .refused, code: "not-voidable",
      text: "\(known.entry.label) is being reversed: \(reversal.label) waits for the bank.",
      fix: "Void \(reversal.label) first, or wait until it is decided.")
  }

  private func notVoidable(_ known: LedgerEntry) -> Failure {
    let (what, fix) =
      switch view(known).state {
      case _ where backlog.voiding.contains(known.entry.id):
        ("is being voided at this moment.", "Nothing is left to do.")
      case .voided: ("is voided already.", "Nothing is left to do.")
      case .posted: ("is booked: it can no longer be voided.", "Reverse it.")
      case .suspense:
        ("is booked in suspense: it can no longer be voided.", "Settle it as an exception.")
      case .settled:
        ("was settled as an exception: it can no longer be voided.", "Nothing is left to do.")
      case .refused: ("was refused: there is nothing to void.", "Nothing is left to do.")
      case .waiting, .unknown, .blocked, .untold:
        (
          "may have reached the bank: it can no longer be voided.",
          "Wait for its outcome, then reverse it."
        )
      }
    return Failure(
      .refused, code: "not-voidable", text: "\(known.entry.label) \(what)", fix: fix)
  }
}

extension ControlTotals {
  /// Counts an amount that waited as decided.
  fileprivate mutating func move(_ amount: Int64, to outcome: Outcome) {
    waiting.subtract(amount)
    switch outcome {
    case .posted: posted.add(amount)
    case .suspense: suspense.add(amount)
    case .refused: refused.add(amount)
    }
  }
}

extension LedgerEntryView.State {
  init(_ outcome: Outcome) {
    switch outcome {
    case .posted: self = .posted
    case .suspense: self = .suspense
    case .refused: self = .refused
    }
  }
}

extension LedgerEntryView.State {
  /// What a reversal in that state says against another one of the same entry.
  fileprivate var objection: Reason? {
    switch self {
    case .posted: .alreadyReversed
    case .waiting, .unknown, .blocked: .reversalWaits
    case .suspense, .settled, .refused, .voided, .untold: nil
    }
  }
}

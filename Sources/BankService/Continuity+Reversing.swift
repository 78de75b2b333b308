import BankCore
import ManualLedger
import OrderedCollections

/// What this till's own ledger proves about a reversal, and about what an entry replaces, whether the
/// bank is there or not.
extension Continuity {
  /// The id under which an entry of this till stands in the books: its second one, where it was booked
  /// under that; any other as it is.
  func bookedID(of id: EntryID) -> EntryID {
    (decided[id] ?? ledger[id]?.outcome)?.recorded.bookedAs ?? id
  }

  /// Why an entry cannot be reversed, as far as is known at this machine; nil where nothing is.
  func objection(toReversal entry: Entry, _ elsewhere: Elsewhere) -> Reason? {
    guard entry.kind == .reversal, let target = entry.reverses else { return nil }
    let known = ledger.named(target)
    if let known, let no = objection(toReversing: known) { return no }
    let ids = Set([target] + (known?.ids ?? []))
    func isOther(_ other: Entry) -> Bool {
      other.id != entry.id && other.reverses.map(ids.contains) ?? false
    }
    if writing.values.contains(where: isOther) { return .reversalWaits }
    let others = entry.customerAccounts.flatMap { elsewhere[$0] }
    let states = ledger.entries.lazy.filter { isOther($0.entry) }.map { self.view($0).state }
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
    let waiting = account.map(pending.ids) ?? []
    return waiting.lazy.compactMap { ledger[$0]?.entry }.first(where: isReversal)
      ?? writing.values.first(where: isReversal)
  }

  /// Why an entry cannot stand for the one that it names: that one has not ended. Of entries that this
  /// ledger does not hold, nothing is known.
  func objection(toReplacing draft: Draft) -> Reason? {
    guard let replaces = draft.replaces else { return nil }
    guard replaces != draft.id else { return .replacesStanding }
    guard let known = ledger[replaces] else { return nil }
    let state = view(known).state
    return state == .refused || state == .voided ? nil : .replacesStanding
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

extension Account {
  /// With what the entries do that its source does not know.
  func estimated(with effect: AccountEffect) -> Account {
    var account = self
    account.balanceMinorUnits = balanceMinorUnits.addingClamped(effect.minorUnits)
    account.uncertainMinorUnits = effect.uncertainMinorUnits
    return account
  }
}

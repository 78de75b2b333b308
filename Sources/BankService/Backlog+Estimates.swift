import BankCore
import ManualLedger

/// What the entries of this till do to a balance that comes from somewhere else.
extension Backlog {
  /// What the entries that the source does not know yet do to an account's balance.
  func effect(
    on account: AccountNumber, isLive: Bool, _ elsewhere: Elsewhere = Elsewhere(),
    except: EntryID? = nil
  ) -> AccountEffect {
    var total = pending.effect(on: account)
    elsewhere.add(to: &total, on: account)
    let shown = (elsewhere.shownHere[account] ?? []).filter { $0 != except }
    for id in shown where isWaiting(id) {
      ledger[id].map { pending.remove($0.entry, on: account, from: &total) }
    }
    if let except, isWaiting(except), let own = ledger[except]?.entry {
      pending.remove(own, on: account, from: &total)
    }
    guard !isLive else { return total }
    total.add(unrefreshed.byAccount.effect(on: account))
    for id in shown {
      unrefreshed[id].map { total.remove($0, account) }
    }
    if let except, let own = unrefreshed[except] { total.remove(own, account) }
    return total
  }

  /// This terminal's entries of which only the account's own lines tell whether its balance has them:
  /// those that wait and may have reached the bank; of a snapshot also those that the bank posted
  /// and no finished copy is known to have. An account is copied before the copy is known as
  /// finished, alone or with all others, and the bank may be lost in between.
  func doubtful(on account: AccountNumber, _ source: ReadSource) -> [LedgerEntry] {
    let sent = pending.ids(on: account).compactMap { ledger[$0] }.filter(\.mayHaveBeenSent)
    guard source == .snapshot else { return sent }
    return sent + unrefreshed.byAccount.ids(on: account).compactMap { ledger[$0] }
  }

  /// Which of the doubtful entries the account has.
  ///
  /// - Parameter lines: the entries on its newest lines. An account that shows an entry of this
  ///   terminal was read after all that the bank had acknowledged to it before.
  func shown(
    on account: AccountNumber, _ source: ReadSource, lines: Set<EntryID>
  ) -> Set<EntryID> {
    let readThrough = lines.compactMap { ledger[$0]?.counter }.max() ?? .min
    return Set(
      doubtful(on: account, source).filter { known in
        known.isShown(in: lines) || known.counter.map { $0 <= readThrough } ?? false
      }.map(\.entry.id))
  }

  /// An account as its source has it, with what the source does not know yet.
  func view(_ account: Account, _ footing: Footing) -> AccountView {
    let effect = effect(on: account.number, isLive: footing.isLive, footing.elsewhere)
    guard effect.entries > 0 else {
      return AccountView(account: account, provenance: footing.plain)
    }
    return AccountView(
      account: account.estimated(with: effect),
      provenance: .estimated(
        base: account.balance, effect: Money(minorUnits: effect.minorUnits, account.currency),
        entries: effect.entries, asOf: footing.asOf, isLive: footing.isLive))
  }

  /// How old a copy of that moment is now. It was taken before the outage that lasts.
  func snapshotAge(asOf: Instant?, at now: Instant) -> SnapshotAge {
    SnapshotAge(asOf: asOf, latestSeen: ledger.latestInOutage, at: now)
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

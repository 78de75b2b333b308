import BankCore
import ManualLedger

/// What the manual ledgers of the other tills in this directory say of customers' accounts: what
/// waits there, and what the bank has posted for them.
public struct OtherTills: Sendable {
  /// Names the ledgers that could not be read; nil when all could.
  public let notice: String?
  private let states: [LedgerState]
  /// By customer's account, each till's entries in their order.
  private var places: [AccountNumber: [Place]] = [:]

  private struct Place: Sendable {
    let state: Int
    let position: Int
  }

  /// - Parameter bank: a ledger of another bank's till says nothing about this one's accounts.
  public init(_ states: [LedgerState] = [], of bank: Identifier? = nil, notice: String? = nil) {
    self.states = states.filter { $0.owner?.bank == bank }
    self.notice = notice
    for (index, state) in self.states.enumerated() {
      for (position, known) in state.entries.enumerated() where known.isOnAccounts {
        for account in known.entry.customerAccounts {
          places[account, default: []].append(Place(state: index, position: position))
        }
      }
    }
  }

  /// How many entries there are on each account.
  public var entryCounts: [AccountNumber: Int] { places.mapValues(\.count) }

  /// How many entries wait at each till, or are still to be kept or voided.
  public var waitingCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for state in states {
      guard let terminal = state.owner?.terminal.name.text else { continue }
      counts[terminal, default: 0] += state.waitingCount + state.untold.count
    }
    return counts
  }

  private func entries(on account: AccountNumber) -> [LedgerEntry] {
    (places[account] ?? []).map { states[$0.state].entries[$0.position] }
  }

  /// Whether only the account's lines can tell if a source as of that moment has all of it.
  func needsLines(of account: AccountNumber, asOf: Instant) -> Bool {
    entries(on: account).contains { known in
      known.isWaiting ? known.mayHaveBeenSent : known.isPosted(since: asOf)
    }
  }

  /// What a source does not show yet.
  ///
  /// A snapshot belongs to all tills of its directory and is copied whole, and also account by
  /// account when an entry touches one. So what was acknowledged before the whole copy is in it;
  /// of what came later, the account's own lines tell. An account that shows an entry of a till
  /// was copied after all that the bank had acknowledged to that till before.
  ///
  /// - Parameters:
  ///   - asOf: when the source was copied whole; now for the bank itself.
  ///   - lines: the entries on the account's newest lines, by the ids they are booked under.
  func unseen(on account: AccountNumber, asOf: Instant, lines: Set<EntryID>) -> [LedgerEntry] {
    let entries = entries(on: account)
    var copiedThrough: [TerminalName: Int64] = [:]
    for known in entries {
      guard let counter = known.counter(shownIn: lines) else { continue }
      let terminal = known.entry.terminal
      copiedThrough[terminal] = max(copiedThrough[terminal] ?? counter, counter)
    }
    return entries.filter { known in
      if known.isWaiting { return !known.isShown(in: lines) }
      let copied = copiedThrough[known.entry.terminal] ?? .min
      return known.isPosted(since: asOf) && known.counter ?? .max > copied
    }
  }
}

/// What the source of one answer does not show yet of what the other tills have taken, and what it
/// shows already of what waits here.
struct Elsewhere: Sendable {
  /// This terminal's own entries that the account has already although they wait here, or no copy of
  /// it is known as finished.
  var shownHere: [AccountNumber: Set<EntryID>] = [:]
  private(set) var entries: [AccountNumber: [LedgerEntry]] = [:]
  var notice: String?

  init(notice: String? = nil, shownHere: [AccountNumber: Set<EntryID>] = [:]) {
    self.notice = notice
    self.shownHere = shownHere
  }

  subscript(account: AccountNumber) -> [LedgerEntry] {
    get { entries[account] ?? [] }
    set { entries[account] = newValue }
  }

  func add(to effect: inout AccountEffect, on account: AccountNumber) {
    for known in self[account] {
      effect.add(known.entry, account, mayBeRefused: known.mayBeRefused)
    }
  }

  /// Counts what was paid out there and not booked yet against the caps of its accounts; the cap
  /// of a terminal is its own.
  func count(in usage: inout OfflinePolicy.Usage) {
    for (account, entries) in entries {
      for known in entries where known.isWaiting && known.release != nil {
        usage.countElsewhere(known.entry, on: account)
      }
    }
  }
}

extension LedgerEntry {
  /// Whether it does something to its accounts, as far as its ledger knows: what was refused,
  /// voided, placed in suspense or never told does nothing.
  fileprivate var isOnAccounts: Bool { isWaiting || outcome?.recorded.outcome == .posted }

  /// Whether the bank has not decided it, and no cash of it has moved.
  var mayBeRefused: Bool { isWaiting && release?.standing != .advice }

  /// Whether the bank acknowledged it at that moment or later.
  func isPosted(since moment: Instant) -> Bool {
    guard let outcome, outcome.recorded.outcome == .posted else { return false }
    return outcome.at >= moment
  }

  /// The counter of the bank's acknowledgement.
  var counter: Int64? { outcome?.acknowledgement?.counter }

  func isShown(in lines: Set<EntryID>) -> Bool { !lines.isDisjoint(with: ids) }

  /// The counter of the bank's acknowledgement, when the entry stands on one of the lines.
  fileprivate func counter(shownIn lines: Set<EntryID>) -> Int64? {
    guard let outcome, lines.contains(outcome.recorded.bookedAs) else { return nil }
    return counter
  }
}

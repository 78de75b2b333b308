import BankCore
import ManualLedger

/// From what a teller asks to the entry that it makes, or why it makes none. It changes nothing.
struct Drafting {
  let configuration: DeskConfiguration
  let till: TillView
  let moment: Moment

  private var backlog: Backlog { till.backlog }
  private var captures: Captures { till.captures }

  /// The number the next entry gets.
  private var nextNumber: Int64 { captures.nextNumber(after: backlog.ledger) }

  /// The entry a draft makes, or why it makes none.
  func entry(from draft: Draft, target: Entry?) -> Result<Entry, Failure> {
    let sides: (debit: AccountNumber, credit: AccountNumber)
    let amount: Money
    if draft.kind == .reversal {
      guard let target else { return .failure(Failure(.unknownTarget)) }
      sides = (target.credit, target.debit)
      amount = target.amount
    } else {
      guard let account = draft.account, let money = draft.amount, money.minorUnits > 0 else {
        return .failure(
          Failure(
            .usage, code: "incomplete", text: "An account and an amount are needed.",
            fix: "Fill both in."))
      }
      guard !account.isOwn, draft.counterAccount?.isOwn != true else {
        return .failure(Failure(.ownAccount))
      }
      if let no = objection(toAmount: money) { return .failure(no) }
      guard let found = sidesOf(draft, account, money.currency) else {
        return .failure(Failure(.sameAccount))
      }
      sides = found
      amount = money
    }
    return .success(
      Entry(
        id: draft.id ?? moment.ids.0, number: nextNumber,
        terminal: configuration.terminal.name, operatorName: configuration.operatorName,
        kind: draft.kind, debit: sides.debit, credit: sides.credit, amount: amount,
        memo: draft.memo, capturedAt: moment.now, valueDate: moment.today,
        reverses: draft.reverses.map(backlog.bookedID), replaces: draft.replaces,
        approvedBy: draft.approvedBy,
        statedHolder: draft.statedHolder))
  }

  /// Sums are exact: what could make one impossible is not taken in the first place.
  private func objection(toAmount amount: Money) -> Failure? {
    let limit = Money(minorUnits: Money.largestEntryMinorUnits, amount.currency)
    guard amount.minorUnits <= limit.minorUnits else { return .tooLarge(limit: limit) }
    var captured = backlog.ledger.totals[amount.currency]?.captured.sum ?? 0
    for entry in captures.inWriting where entry.amount.currency == amount.currency {
      captured.add(entry.amount.minorUnits)
    }
    captured.add(amount.minorUnits)
    return captured.minorUnits == nil ? .tooLargeForTotals : nil
  }

  private func sidesOf(
    _ draft: Draft, _ account: AccountNumber, _ currency: Currency
  ) -> (debit: AccountNumber, credit: AccountNumber)? {
    let till = OwnAccount.till(configuration.terminal.name).number(currency)
    switch draft.kind {
    case .deposit: return (till, account)
    case .withdrawal: return (account, till)
    case .fee: return (account, OwnAccount.fees.number(currency))
    case .transfer:
      guard let other = draft.counterAccount, other != account else { return nil }
      return (account, other)
    case .reversal, .settlement: return nil
    }
  }

  func settlementEntry(
    of exception: ExceptionRecord, _ note: String, _ debit: AccountNumber,
    _ credit: AccountNumber
  ) -> Entry {
    Entry(
      id: moment.ids.0, number: nextNumber, terminal: configuration.terminal.name,
      operatorName: configuration.operatorName, kind: .settlement, debit: debit, credit: credit,
      amount: exception.amount, memo: note, capturedAt: moment.now, valueDate: moment.today,
      replaces: exception.entry)
  }

  // MARK: The same id again

  func content(of entry: Entry, equals draft: Draft) -> Bool {
    guard entry.kind == draft.kind else { return false }
    if draft.kind == .reversal {
      // What it reverses may have been taken over with it, under a new id.
      // An undecided entry was named by its first id, and may have been booked under its second since.
      return entry.reverses == draft.reverses
        || draft.reverses.flatMap { backlog.ledger.adopted($0)?.entry.id } == entry.reverses
        || entry.reverses == draft.reverses.map(backlog.bookedID)
    }
    guard let account = draft.account, let amount = draft.amount, amount == entry.amount,
      let sides = sidesOf(draft, account, amount.currency)
    else { return false }
    return sides == (entry.debit, entry.credit)
  }

  /// An id is known for ever: the same content is the same entry, and another one is refused.
  func answer(to draft: Draft, knownAs known: LedgerEntry) -> Reply {
    guard content(of: known.entry, equals: draft) else { return .failed(Failure(.contentDiffers)) }
    switch known.state {
    case .voided: return .failed(Failure(known.blocked?.reason ?? .voidedAtTerminal))
    case .untold: return .failed(Failure(.untold))
    // Of another till, in its hands just now.
    case .unknown: return .failed(Failure(.outcomeUnknown))
    case .waiting, .blocked, .posted, .suspense, .settled, .refused:
      return .receipt(till.receipt(known, isCopy: true))
    }
  }

  /// The bank knows the id: the same content is the same entry, and another one is refused.
  func answer(
    to draft: Draft, target: Entry?, knownAs row: InboxRow
  ) -> Reply {
    guard case .success(let entry) = entry(from: draft, target: target),
      entry.contentHash == row.contentHash
    else { return .failed(Failure(.contentDiffers)) }
    return .receipt(
      Receipt(entry, inBooks: row, takesBackUnknown: till.takesBackUnknown(entry)))
  }
}

/// Which way the money goes to settle an exception. It follows from where the money stands now, and
/// from whom it is for: the one rule for the desk that asks, and for the books that post.
public enum SettlementMove: Hashable, Sendable {
  case nothingMoves
  case move(debit: AccountNumber, credit: AccountNumber)
  case impossible(Reason)

  /// - Parameters:
  ///   - target: how the entry stands in the books; nil for a refusal.
  ///   - matched: the transaction it is said to be the same as.
  ///   - isMatchTaken: another exception was settled as the same as that one.
  public init(
    _ exception: ExceptionRecord, _ target: ReversalTarget?, _ resolution: Resolution,
    matched: ReversalTarget? = nil, isMatchTaken: Bool = false
  ) {
    if let no = exception.objection(to: resolution.way) {
      self = .impossible(no)
      return
    }
    guard exception.outcome.isBooked, (exception.outcome, resolution) != (.posted, .post) else {
      self = .nothingMoves
      return
    }
    guard let target else {
      self = .impossible(.unknownTarget)
      return
    }
    guard target.reversedBy == nil else {
      self = .impossible(.alreadyReversed)
      return
    }
    let sides = Sides(exception, target.transaction.entry)
    switch resolution {
    case .post: self = sides.moved(to: sides.meant)
    case .to(let account): self = sides.repointed(to: account)
    case .match(let id):
      guard id != exception.entry, !isMatchTaken else {
        self = .impossible(.matchTaken)
        return
      }
      self = sides.matched(with: matched, exception)
    case .refuse: self = .nothingMoves
    }
  }

  /// Where the entry's money stands, and the side that a settlement takes it from.
  private struct Sides {
    let debit: AccountNumber
    let credit: AccountNumber
    /// The side in suspense; of a posted entry that of its only customer.
    let isDebitPlaced: Bool
    /// Whom the money of that side is for.
    let meant: AccountNumber

    init(_ exception: ExceptionRecord, _ booked: Entry) {
      (debit, credit) = (booked.debit, booked.credit)
      let isSuspended = exception.outcome != .posted
      isDebitPlaced = isSuspended ? debit.isSuspense : !debit.isOwn
      // The customers' accounts stand there debit first.
      let accounts = exception.accounts
      meant = accounts.count > 1 && !isDebitPlaced ? accounts[1] : exception.account
    }

    private var placed: AccountNumber { isDebitPlaced ? debit : credit }

    func moved(to account: AccountNumber) -> SettlementMove {
      guard account != placed else { return .impossible(.sameAccount) }
      return isDebitPlaced
        ? .move(debit: account, credit: placed) : .move(debit: placed, credit: account)
    }

    func repointed(to account: AccountNumber) -> SettlementMove {
      account.isOwn ? .impossible(.ownAccount) : moved(to: account)
    }

    /// Of two customers each gets back what the entry took or brought. The cash of a single one stays
    /// in the drawer that took it: the other entry's own account gives way.
    func matched(with other: ReversalTarget?, _ exception: ExceptionRecord) -> SettlementMove {
      guard let other else { return .impossible(.unknownTarget) }
      guard other.standsForItself else { return .impossible(.matchTaken) }
      let entry = other.transaction.entry
      guard exception.isSameInstruction(as: entry) else { return .impossible(.matchDiffers) }
      if exception.accounts.count > 1 { return .move(debit: credit, credit: debit) }
      return moved(to: isDebitPlaced ? entry.credit : entry.debit)
    }
  }
}

extension ExceptionRecord {
  /// Why it cannot be settled in that way, as far as the exception tells by itself.
  public func objection(to way: Resolution.Way) -> Reason? {
    if let held { return held.objection(to: way) }
    return switch (outcome, way) {
    case (.refused, .refuse): nil
    case (.refused, _): .refusalIsFinal
    case (_, .refuse): .bookedAlready
    case (.posted, .to): [.deposit, .withdrawal, .fee].contains(kind) ? nil : .staysInPlace
    case (_, .match): [.reversal, .settlement].contains(kind) ? .staysInPlace : nil
    default: nil
    }
  }

  /// Whether that entry moves the same amount of the same customers in the same direction.
  public func isSameInstruction(as entry: Entry) -> Bool {
    entry.kind == kind && entry.amount == amount && entry.customerAccounts == accounts
  }
}

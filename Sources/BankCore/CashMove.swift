/// What cash moves over the counter for an entry as it stands now. One rule for the form, the review,
/// the receipt, the slip and the panel of a void, so that none of them says what another denies.
public enum CashMove: Hashable, Sendable {
  /// It is done: the cash goes this way.
  case now(CashDirection)
  /// The bank may still refuse it: no cash moves before it is booked.
  case onceBooked(CashDirection)
  /// It takes back an entry of which its customer was told that nobody knows, so that no cash was to
  /// move then.
  case ifItMoved(CashDirection)
  /// The same, and the bank may still refuse to take it back.
  case ifItMovedOnceBooked(CashDirection)
  /// It ended after its cash had moved, which goes back this way.
  case back(CashDirection)
  /// It ended, and nobody was told to keep the cash.
  case backIfHere
  /// It ended, and nobody was told to move cash.
  case nothing
  /// It changes the drawer of another till.
  case elsewhere(AccountNumber)

  /// How far an entry has come.
  public enum Stage: Hashable, Sendable {
    /// Booked, or told as taken for good.
    case certain
    /// May still be refused, or its outcome is not known.
    case open
    case refused
    /// - Parameter moved: whether its customer was told that it is taken for good.
    case voided(moved: Bool)
  }

  /// - Parameters:
  ///   - kind: of the entry.
  ///   - direction: over the counter of the entry's own till, were it booked.
  ///   - takesBackUnknown: it reverses an entry whose customer was told that nobody knows.
  public init(
    _ kind: EntryKind, _ direction: CashDirection, _ stage: Stage, takesBackUnknown: Bool
  ) {
    switch stage {
    case .certain where takesBackUnknown: self = .ifItMoved(direction)
    case .certain: self = .now(direction)
    case .open where takesBackUnknown: self = .ifItMovedOnceBooked(direction)
    case .open: self = .onceBooked(direction)
    case .voided(moved: true): self = .back(direction.opposite)
    // A customer hands the cash over before the entry is made.
    case .refused where kind == .deposit, .voided where kind == .deposit: self = .backIfHere
    case .refused, .voided: self = .nothing
    }
  }

  /// What is to be done, in words.
  ///
  /// - Parameter amount: as it is written where this is read.
  public func text(_ amount: String) -> String {
    switch self {
    case .now(.in): "collect \(amount) from the customer"
    case .now(.out): "pay \(amount) out to the customer"
    case .onceBooked(.in): "collect nothing until it is booked, then \(amount) from the customer"
    case .onceBooked(.out): "pay nothing until it is booked, then \(amount) out to the customer"
    case .ifItMoved(.in):
      "none: it was never paid out. Only if you paid after the notice, collect \(amount)"
    case .ifItMoved(.out):
      "none, if the cash went back at once. Only if it was kept, pay \(amount) out"
    case .ifItMovedOnceBooked(.in):
      "none now: it was told as unknown, so nothing was paid. Only if you paid since, collect"
        + " \(amount) once it is booked"
    case .ifItMovedOnceBooked(.out):
      "none now: it was told as unknown, so the cash went back. Only if it was kept, pay"
        + " \(amount) out once it is booked"
    case .back(.in): "take back \(amount) from the customer"
    case .back(.out): "give back \(amount) to the customer"
    case .backIfHere: "give back \(amount) to the customer, if the cash is here"
    case .nothing: "none: nothing is paid and nothing is collected"
    case .elsewhere(let drawer): "none at this till: the books change \(drawer)"
    }
  }
}

extension CashDirection {
  var opposite: CashDirection { self == .in ? .out : .in }
}

extension CashMove {
  /// What cash an entry moves, by the accounts that it debits and credits; nil where it is no matter
  /// of cash.
  ///
  /// - Parameter terminal: the till at which it is entered.
  public init?(
    _ kind: EntryKind, debit: AccountNumber, credit: AccountNumber, _ currency: Currency,
    at terminal: TerminalName, _ stage: Stage, takesBackUnknown: Bool
  ) {
    let drawer = OwnAccount.till(terminal).number(currency)
    if (debit == drawer) != (credit == drawer) {
      let direction: CashDirection = debit == drawer ? .in : .out
      self.init(kind, direction, stage, takesBackUnknown: takesBackUnknown)
    } else if let other = [debit, credit].first(where: \.isDrawer), other != drawer {
      self = .elsewhere(other)
    } else {
      return nil
    }
  }
}

extension Entry {
  /// What cash moves when the entry has come so far; nil where it is no matter of cash.
  public func cashMove(_ stage: CashMove.Stage, takesBackUnknown: Bool = false) -> CashMove? {
    CashMove(
      kind, debit: debit, credit: credit, amount.currency, at: terminal, stage,
      takesBackUnknown: takesBackUnknown)
  }
}

extension Receipt {
  /// What the receipt says about cash: of deposits and withdrawals its headline says it, until they
  /// are voided.
  public var cash: CashMove? {
    guard entry.kind == .reversal || state == .voided else { return nil }
    let stage: CashMove.Stage =
      switch state {
      case .posted, .recorded, .suspense, .settled: .certain
      case .blocked: released == .advice ? .certain : .open
      case .taken, .unknown: .open
      case .refused: .refused
      case .voided: .voided(moved: released == .advice)
      }
    return entry.cashMove(stage, takesBackUnknown: takesBackUnknown)
  }
}

extension LedgerEntryView {
  /// What cash moves when the entry is voided; nil where it is no matter of cash.
  public var cashOfVoid: CashMove? { entry.cashMove(.voided(moved: released == .advice)) }
}

extension Review {
  /// What cash the reviewed reversal would move; nil for other kinds, and where none moves.
  ///
  /// - Parameter terminal: the till at which it is entered.
  public func cash(at terminal: TerminalName) -> CashMove? {
    guard draft.kind == .reversal, let original else { return nil }
    return CashMove(
      .reversal, debit: original.credit, credit: original.debit, original.amount.currency,
      at: terminal, destination.stage(of: .reversal), takesBackUnknown: takesBackUnknown)
  }
}

extension Review.Destination {
  /// How far an entry of that kind comes that goes there.
  public func stage(of kind: EntryKind) -> CashMove.Stage {
    switch self {
    case .postedNow: .certain
    case .manualLedger: Standing(released: kind) == .advice ? .certain : .open
    }
  }
}

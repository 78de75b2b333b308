/// Why an entry was not simply posted. The code is stable; scripts and people may rely on it.
public enum Reason: String, Hashable, Sendable, CaseIterable {
  case sameAccount = "R001"
  case unknownAccount = "R002"
  case accountClosed = "R003"
  case insufficientFunds = "R004"
  case accountFrozen = "R005"
  case currencyDiffers = "R006"
  case overOfflineLimit = "R007"
  case needsSupervisor = "R008"
  case unknownTarget = "R009"
  case alreadyReversed = "R010"
  case contentDiffers = "R011"
  case amountTooLarge = "R012"
  case numberUsed = "R013"
  case heldBehind = "R014"
  case kindNotAllowedOffline = "R015"
  case snapshotTooOld = "R016"
  case notInSnapshot = "R017"
  case outcomeUnknown = "R018"
  case notReversible = "R019"
  case rejectedByDatabase = "R020"
  case ownAccount = "R021"
  case ledgerUnwritable = "R022"
  case holderNeeded = "R023"
  case voidedAtTerminal = "R024"
  case refusedByPerson = "R025"
  case accountExists = "R026"
  case statusNotPossible = "R027"
  case balanceNotZero = "R028"
  case alreadySettled = "R029"
  case periodClosed = "R030"
  case clockBehind = "R031"
  case refusalIsFinal = "R032"
  case bookedAlready = "R033"
  case staysInPlace = "R034"
  case movedAlready = "R035"
  case matchDiffers = "R036"
  case matchTaken = "R037"
  case untold = "R038"
  case reversalWaits = "R039"
  case targetNotKnown = "R040"
  case replacesStanding = "R041"
  case noSuchException = "R042"
  case notRefused = "R043"
  case heldNotMovable = "R044"
  case neverTold = "R045"
  case blockedAdvice = "R046"
  case outcomeNotGiven = "R047"
  case exceptionForgotten = "R048"

  public var code: String { rawValue }

  /// What is wrong, in one sentence for the teller.
  public var text: String {
    switch self {
    case .sameAccount: "Both sides are the same account."
    case .unknownAccount: "The bank has no such account."
    case .accountClosed: "The account is closed."
    case .insufficientFunds: "The available balance does not cover this amount."
    case .accountFrozen: "The account is frozen."
    case .currencyDiffers: "The account is kept in another currency."
    case .overOfflineLimit: "The amount is over what may be paid while the bank is away."
    case .needsSupervisor: "The entry is over an offline limit and waits for a supervisor."
    case .unknownTarget: "The entry that it names is not in the books."
    case .alreadyReversed: "That entry has been reversed already."
    case .contentDiffers: "This entry id is known with other content."
    case .amountTooLarge: "The balance would become too large to be booked."
    case .numberUsed: "This terminal's entry number is already used by another entry."
    case .heldBehind: "The entry waits behind an earlier entry of the same account."
    case .kindNotAllowedOffline: "Entries of this kind are not taken while the bank is away."
    case .snapshotTooOld: "The local snapshot is too old to pay from."
    case .notInSnapshot: "The account is not in the local snapshot: deposits only."
    case .outcomeUnknown: "The bank has not answered: it may or may not have booked it."
    case .notReversible: "A reversal, a settlement or a suspended entry cannot be reversed."
    case .rejectedByDatabase: "The database rejected the data of this entry."
    case .ownAccount: "The bank's own accounts take no entries at the counter."
    case .ledgerUnwritable: "The manual ledger cannot be written."
    case .holderNeeded: "The account is not in the local snapshot: type the holder's name."
    case .voidedAtTerminal: "The entry was voided at the terminal before it was sent."
    case .refusedByPerson: "A person refused the entry."
    case .accountExists: "An account with this number exists already."
    case .statusNotPossible: "The account's present status does not allow that."
    case .balanceNotZero: "An account is closed only with a balance of zero."
    case .alreadySettled: "Somebody else has settled this exception already."
    case .periodClosed: "The period of its booking date is closed."
    case .exceptionForgotten:
      "The bank does not know this exception at present: it was restored from a backup."
    case .outcomeNotGiven:
      "The ledger says that the bank decided the entry, but the bank never did."
    case .clockBehind:
      "This machine's clock is earlier than the local snapshot, so its age is not known."
    case .refusalIsFinal: "A refusal is final. Enter a new entry instead."
    case .bookedAlready: "The entry is booked already, and can no longer be refused."
    case .staysInPlace: "The entry belongs to the accounts that it was entered for."
    case .movedAlready: "A settlement has moved its money already."
    case .matchDiffers: "The other entry has another kind, amount, currency or account."
    case .matchTaken:
      "The other entry is not posted, is reversed or matched already, or is an open exception."
    case .untold: "Nobody was told of the entry before the program ended, and it was never sent."
    case .reversalWaits: "A reversal of that entry waits for the bank already."
    case .targetNotKnown: "This till does not know that entry, and cannot ask the bank now."
    case .replacesStanding: "The entry that it replaces is neither refused nor voided."
    case .noSuchException: "No exception has that entry id."
    case .notRefused: "The entry was not refused."
    case .heldNotMovable: "The entry is not booked yet. Post it first."
    case .neverTold: "The entry was never released, so it has no second id."
    case .blockedAdvice: "The entry is blocked, and its cash has moved."
    }
  }

  /// What to do about it.
  public var fix: String {
    switch self {
    case .sameAccount: "Choose another account for one of the sides."
    case .unknownAccount: "Check the number with the customer, or open the account."
    case .accountClosed: "Reopen the account, or use another one."
    case .insufficientFunds: "Enter a smaller amount, or have money paid in first."
    case .accountFrozen: "If compliance agrees, press F on the account to lift the freeze."
    case .currencyDiffers: "Enter the amount in the account's own currency."
    case .overOfflineLimit: "Enter a smaller amount, or have a supervisor allow it."
    case .needsSupervisor: "A supervisor settles it on screen 5."
    case .unknownTarget:
      "Check the entry id. The entry may still wait in another till's manual ledger."
    case .alreadyReversed:
      "Tell the customer: its reversal is in the journal. Do not reverse it again."
    case .contentDiffers:
      "Enter it again under a new id. The entry that has this id stays as it is."
    case .amountTooLarge: "Check the amount."
    case .exceptionForgotten:
      "Nothing is left to do. The decision is kept, and goes to the bank when the exception is back."
    case .outcomeNotGiven:
      "Compare it with the customer's slip: post it (exceptions resolve --post), or void it."
    case .numberUsed: "Stop this terminal: its state may be a copy. Call a supervisor."
    case .heldBehind: "Settle the earlier entry on screen 5."
    case .kindNotAllowedOffline: "Enter it when the bank is back."
    case .snapshotTooOld: "Take deposits only until the bank is back."
    case .notInSnapshot: "Take a deposit, or wait until the bank is back."
    case .outcomeUnknown: "Pay nothing until it is settled; do not enter it again."
    case .notReversible: "Reverse the original entry, or enter the opposite one."
    case .rejectedByDatabase: "Post it to try again. Run daybook doctor to examine the database."
    case .ownAccount: "Use a customer's account."
    case .ledgerUnwritable: "Pay nothing. Free room for the state directory, or correct its rights."
    case .holderNeeded: "Give the holder's name as the customer states it."
    case .voidedAtTerminal: "Capture a new entry if it is still wanted."
    case .refusedByPerson: "Capture a new entry if it is still wanted."
    case .accountExists:
      "Look at that account: it may be the one that you wanted. Otherwise choose another number."
    case .statusNotPossible:
      "Look at the account first. An open or frozen one can change; a closed one can be reopened."
    case .balanceNotZero: "Pay the balance out or settle it first."
    case .alreadySettled: "Nothing is left to do; see how it was settled on screen 5."
    case .periodClosed: "Nothing is booked in a closed period. Leave the line out."
    case .clockBehind: "Set the clock. Take deposits only until then."
    case .refusalIsFinal: "Note that the customer was told (refuse)."
    case .bookedAlready: "Post it, re-point it to an account, or match it."
    case .staysInPlace: "Accept it (post). Then reverse it, and enter it again."
    case .movedAlready: "See on screen 5 how it was settled, then enter the opposite."
    case .matchDiffers: "Re-point this one (to), or match it with the same instruction."
    case .matchTaken:
      "Match it with a posted entry that is not an open exception, reversed or matched."
    case .untold: "Keep it (send the same id again, K on screen 4), or void it."
    case .reversalWaits: "Wait until the bank has decided that reversal, or void it."
    case .targetNotKnown: "Reverse it when the bank is back."
    case .replacesStanding: "Wait until that entry is decided, or leave out --replaces."
    case .noSuchException: "Look for it with daybook exceptions list, or on screen 5."
    case .notRefused: "Nothing was changed. Run daybook exceptions resolve to settle it."
    case .heldNotMovable: "Post it. A request may be refused too."
    case .neverTold: "Void it, and enter it again under a new id (--replaces)."
    case .blockedAdvice: "Post it (--post), or void it and settle the cash."
    }
  }

  /// What to do about it for an entry of that kind: advice that can be followed there.
  ///
  /// - Parameter isAway: the bank cannot be reached, so that nothing about an account can change.
  public func fix(for kind: EntryKind, isAway: Bool) -> String {
    switch (self, kind) {
    case (.insufficientFunds, .reversal):
      isAway
        ? "A reversal takes the whole amount. Wait until the bank is back."
        : "A reversal takes the whole amount. It must be paid in first."
    case (.insufficientFunds, .settlement):
      "A settlement moves the whole amount. It must be paid in first."
    case (.insufficientFunds, _) where isAway:
      "Enter a smaller amount, or wait until the bank is back."
    case (.currencyDiffers, .transfer):
      "Daybook exchanges no money: choose two accounts of one currency."
    case (.currencyDiffers, .settlement):
      "Daybook exchanges no money: choose an account that is kept in its currency."
    case (.accountFrozen, _) where isAway, (.accountClosed, _) where isAway:
      "Only the bank changes that, when it is back."
    // What it moves stays where it was: other accounts are no way out.
    case (.accountClosed, .reversal): "Reopen the account, then reverse it."
    case (.overOfflineLimit, .reversal):
      "Have a supervisor allow it, or wait until the bank is back."
    // It is said of a settlement that would move the money once more: the exception stays open.
    case (.alreadyReversed, .deposit), (.alreadyReversed, .withdrawal),
      (.alreadyReversed, .transfer), (.alreadyReversed, .fee), (.alreadyReversed, .settlement):
      "Accept it (post): its reversal has moved the money back."
    case (.bookedAlready, .transfer): "Post it, or match it."
    case (.bookedAlready, .reversal): "Post it."
    // A reversal cannot be reversed.
    case (.staysInPlace, .reversal):
      "Accept it (post). If it is wrong, enter again what it reversed."
    case (.matchDiffers, .transfer): "Match it with the same instruction, or post it."
    case (.rejectedByDatabase, .transfer), (.rejectedByDatabase, .fee),
      (.rejectedByDatabase, .reversal):
      "Post it to try again, or refuse it and enter it again (--replaces)."
    default: fix
    }
  }

  /// What to do about it at the counter, where nothing was taken and the entry has ended.
  public var fixAtCounter: String {
    switch self {
    case .rejectedByDatabase: "Nothing was taken. Run daybook doctor, then enter it again."
    case .amountTooLarge: "Nothing was taken. Check the amount, then enter it again."
    default: fix
    }
  }
}

extension Failure {
  /// What whoever is at the counter is told of an entry that has ended with nothing taken.
  public init(atCounter reason: Reason) {
    self.init(.refused, code: reason.code, text: reason.text, fix: reason.fixAtCounter)
  }

  /// An amount that is refused by itself, before anything is recorded.
  ///
  /// - Parameter limit: the largest amount of an entry.
  public static func tooLarge(limit: Money) -> Failure {
    Failure(
      .refused, code: Reason.amountTooLarge.code,
      text: "The amount is larger than any entry may be: \(limit).",
      fix: "\(Reason.amountTooLarge.fix) Nothing was recorded.")
  }

  /// An amount that this terminal's control totals could not be added up with.
  public static let tooLargeForTotals = Failure(
    .refused, code: Reason.amountTooLarge.code,
    text: "With this amount, the sums of this terminal could no longer be added.",
    fix: "Check the amount, or enter it at another terminal. Nothing was recorded.")
}

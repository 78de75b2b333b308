import BankCore

extension CauseCode {
  /// What is to be done before the bank can be asked again.
  public var remedy: String {
    switch self {
    case .wrongBank: FaultKind.anotherBank.fix
    case .databaseForgot: FaultKind.olderDatabase.fix
    case .terminalCloned:
      "Go on in the newest state directory of this terminal (--state), or take another --terminal. "
        + "There, daybook ledger adopt DIR takes over what was captured here."
    case .ledgerDamaged:
      "See daybook ledger verify; when a supervisor has looked, daybook heal goes on."
    case .schema:
      "Put the bank's backup back. Screen 6 and daybook doctor name what does not fit."
    case .privileges, .readOnly:
      "Screen 6 and daybook doctor name the fix; then try again."
    case .held, .drill: "Give the bank back: H on screen 6, or daybook hold off."
    default: "Try again when the bank answers; screen 6 and daybook doctor name the fault."
    }
  }
}

extension Cause {
  /// What is to be done before the bank can be asked again.
  public var remedy: String { fix ?? code.remedy }
}

extension Continuity {
  /// A fault as the cause of an outage. What a schema needs depends on how it differs; where there
  /// is none, a till that had a bank is never told to make one.
  func cause(of fault: StoreFault, since: Instant, stillReads: Bool? = nil) -> Cause {
    let isGone = [.schemaMissing, .bankMissing].contains(fault.kind)
    let saysMore = fault.cause == .schema && !(isGone && expectedBank != nil)
    return Cause(
      fault.cause, words(of: fault), since: since,
      // What accepts connections and says nothing may be a frozen server, which thaws.
      isTransient: fault.kind == .silentService ? true : nil, stillReads: stillReads,
      mayLockRole: fault.kind == .poolerLoginRefused ? true : nil,
      fix: saysMore ? fault.remedy ?? fault.kind?.fix : nil)
  }
}

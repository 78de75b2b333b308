extension CauseCode {
  /// What is to be done before the bank can be asked again: the one catalogue of it, for `status`, for
  /// messages and for the screens. Of a quarantine it names the commands that end it.
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
    case .held: "Give the bank back: H on screen 6, or daybook hold off."
    case .drill: "It is a drill, and ends by itself. To end it now: :drill, or daybook drill end."
    default: "Try again when the bank answers; screen 6 and daybook doctor name the fault."
    }
  }
}

extension CauseCode {
  /// The same for a till that has captured nothing yet and whose name the bank knows from another one.
  public static let nameTakenRemedy =
    "This name is another till's: take another --terminal, or go on in the state directory that has "
    + "it (--state)."
}

extension Cause {
  /// What is to be done before the bank can be asked again.
  public var remedy: String { fix ?? code.remedy }
}

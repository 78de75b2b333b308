import BankCore

extension CauseCode {
  /// What is to be done before the bank can be asked again.
  var remedy: String {
    switch self {
    case .wrongBank: FaultKind.anotherBank.fix
    case .databaseForgot: FaultKind.olderDatabase.fix
    case .terminalCloned:
      "Work in the state directory that has this terminal (--state), or take another --terminal."
    case .ledgerDamaged:
      "See daybook ledger verify; when a supervisor has looked, daybook heal goes on."
    case .schema, .privileges, .readOnly: "daybook doctor names the fix; then try again."
    case .held, .drill: "Give the bank back: daybook hold off."
    default: "Try again when the bank answers; daybook doctor names the fault."
    }
  }
}

extension CauseCode {
  /// What is to be done before the bank can be asked again: the one catalogue of it, for `status`, for
  /// messages and for the screens. Of a quarantine it names the commands that end it.
  public var remedy: String {
    switch self {
    case .layer(.wrongBank): FaultKind.anotherBank.fix
    case .databaseForgot: FaultKind.olderDatabase.fix
    case .terminalCloned:
      "Continue in the newest state directory of this terminal (--state), or use another --terminal. "
        + "To take over what was captured here, run daybook ledger adopt DIR there."
    case .ledgerDamaged:
      "Run daybook ledger verify. When a supervisor has looked at it, run daybook heal."
    case .layer(.schema):
      "Restore the bank's backup. Screen 6 and daybook doctor show what does not fit."
    case .layer(.privileges), .layer(.readOnly):
      "See the fix on screen 6, or run daybook doctor. Then try again."
    case .held: "To give the bank back, press H on screen 6 or run daybook hold off."
    case .drill:
      "This is a drill, and it ends by itself. To end it now, type :drill or run daybook drill end."
    default: "Try again when the bank answers. Screen 6 and daybook doctor show the fault."
    }
  }
}

extension CauseCode {
  /// The same for a till that has captured nothing yet and whose name the bank knows from another one.
  public static let nameTakenRemedy =
    "Another till has this name. Use another --terminal, or continue in the state directory that has "
    + "the name (--state)."
}

extension FaultKind {
  /// What a place says that holds no bank: no file, no tables, or tables without a bank in them.
  public static let noBankThere: Set<FaultKind> = [.fileMissing, .schemaMissing, .bankMissing]

  /// What is to be done where there is no bank yet. A database that is there already may be the wrong
  /// one.
  public var makingRemedy: String {
    let demo = "To try a sample bank, run daybook demo."
    return self == .fileMissing
      ? "\(demo) To make your own, run daybook init." : "\(fix) \(demo)"
  }
}

extension Cause {
  /// What is to be done before the bank can be asked again.
  public var remedy: String { fix ?? code.remedy }
}

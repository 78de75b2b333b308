/// Phrases of the program that several tests look for, so that a new wording is one change here.
enum Phrases {
  // MARK: Modes

  static let manualLedger = "MANUAL LEDGER"
  static let databaseBack = "DATABASE BACK"
  static let oldDatabase = "OLD DATABASE"

  /// What the banner says beside a change of the configuration that is suspected.
  static let wayBack = "Press 6, then b to go back"

  // MARK: Receipts

  static let notYetInTheAccount = "RECORDED, NOT YET IN THE ACCOUNT"
  static let mayBeRefused = "TAKEN, MAY STILL BE REFUSED"
  static let payNothing = "OUTCOME UNKNOWN: PAY NOTHING"

  // MARK: Messages

  static let reconcile = "Press 5 to reconcile; keep serving."
  static let reconciled = "Reconciled: "
  static let sampleBank = "Press d for a deposit"
  static let sameIdentity = "SAME IDENTITY"
  static let anotherTerminal = "Use another --terminal"
  static let nothingRecorded = "Nothing was recorded"
  static let nothingChanged = "Nothing was changed"
  static let notWritten = "could not be written"
  static let notTheNetwork = "not the network"
  static let ruledOut = "Ruled out"

  /// What the doctor says of a value that stands nowhere, `database` for instance.
  static func notGiven(_ value: String) -> String { "no \(value) is given: " }
}

/// Phrases of the console that several tests look for, so that a new wording is one change here.
enum Phrases {
  // MARK: What is due

  static let reconcile = "Press 5 to reconcile; keep serving."
  static let beingReconciled = "being reconciled"
  /// What is said when the bank is lost, not held: the teller keeps serving, or can take nothing.
  static let bankAway = ["The bank is away. Keep serving", "The bank is away. No deposit"]
  static let notHeardFrom = "Not heard from"

  // MARK: What is taken

  static let postedNow = "Posted now"
  static let bookedLater = "booked later"
  static let depositsOpen = "Deposits open"
  static let depositsOnly = "Deposits only"
  static let nothingEntered = "Nothing can be entered at this till"

  // MARK: What became of it

  static let notYetInTheAccount = "NOT YET IN THE ACCOUNT"
  static let mayBeRefused = "MAY STILL BE REFUSED"
  static let payNothing = "OUTCOME UNKNOWN: PAY NOTHING"
  static let notBooked = "not booked"
  static let notKnown = "not known"

  // MARK: Panels and lists

  static let asking = "Asking what the entry would do…"
  static let pDidNotCount = "A p typed before this panel was shown did not count."
  static let settles = "y settles it"
  static let frozen = "The account is frozen."
  static let noAccount = "No account matches."
  static let tooSmall = "Window too small"
  static let lastLineOfHelp = "Leave Daybook; entries that wait"
}

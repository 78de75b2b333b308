/// What a teller or a script asks to have entered, before it has become an entry.
public struct Draft: Hashable, Sendable {
  public var kind: EntryKind
  /// The customer's account; the one that is debited by a transfer. For a reversal nil: the
  /// accounts are those of the entry that is reversed.
  public var account: AccountNumber?
  /// The account a transfer credits.
  public var counterAccount: AccountNumber?
  /// Nil only for a reversal, which takes the amount of what it reverses.
  public var amount: Money?
  public var memo: String
  public var reverses: EntryID?
  public var replaces: EntryID?
  /// Given by scripts; minted otherwise. The same id with the same content is the same entry.
  public var id: EntryID?
  public var statedHolder: String?
  /// The supervisor who allows it beyond the offline limits.
  public var approvedBy: String?

  public init(
    kind: EntryKind, account: AccountNumber? = nil, counterAccount: AccountNumber? = nil,
    amount: Money? = nil, memo: String = "", reverses: EntryID? = nil, replaces: EntryID? = nil,
    id: EntryID? = nil, statedHolder: String? = nil, approvedBy: String? = nil
  ) {
    self.kind = kind
    self.account = account
    self.counterAccount = counterAccount
    self.amount = amount
    self.memo = memo
    self.reverses = reverses
    self.replaces = replaces
    self.id = id
    self.statedHolder = statedHolder
    self.approvedBy = approvedBy
  }
}

/// What the console or a command asks of the bank service. Each gets exactly one `Reply`. What concerns no
/// entry and no account is a `BranchRequest`.
public enum Request: Hashable, Sendable {
  case account(AccountNumber)
  case accounts(AccountQuery)
  /// How many accounts match the filter.
  case count(filter: String)
  case statement(StatementQuery)
  case journal(JournalQuery)
  /// A page of the manual ledger.
  case ledger(LedgerQuery)
  /// What an entry would do and where it would go, without entering it.
  case review(Draft)
  /// Enters it: durable first, then the bank, then a receipt.
  case capture(Draft)
  case receipt(EntryID)
  /// The same, of an entry of this terminal by its number.
  case receiptNumbered(EntryNumber)
  /// Voids an entry that was never sent.
  case void(EntryID, note: String)
  /// Keeps a line that was written but never told.
  case keep(EntryID)
  /// What would become of what waits; while the bank is away, what waits.
  case plan
  /// Sends all that waits to the bank.
  case reconcile
  /// Sends these of the waiting entries, and before them what they must not overtake. It is answered
  /// like `reconcile`.
  case send(Set<EntryID>)
  case exceptions(ExceptionQuery)
  /// The notices of late outcomes, those that were seen to included.
  case notices
  /// Somebody has seen to the notice of that entry.
  case noteDone(EntryID)
  case resolve(EntryID, Resolution, note: String)
  /// Whether the bank would refuse that, without settling anything: `done`, or `failed` with its words.
  case foretell(EntryID, Resolution)
  /// Somebody else is to settle the exception.
  case assign(EntryID, owner: String)
  /// The customer was told of the refusal.
  case tell(EntryID, note: String)
  /// Takes over what an old copy of this till's state directory has captured.
  ///
  /// A plan says what would be taken over, and under which ids, so that the copy knows it first.
  case adopt(Adoption, note: String, planOnly: Bool = false)
  /// Look at the database now, without waiting for the next probe.
  case probe
  case openAccount(AccountDraft)
  case changeStatus(AccountNumber, AccountStatus)
  case closePeriod(BusinessDay)
  /// After a restored backup, on a supervisor's word: what is missing is booked again as it was.
  case heal(planOnly: Bool)
}

/// The answer to a `Request`.
public enum Reply: Hashable, Sendable {
  case account(AccountView?)
  case accounts(AccountsView)
  case count(CappedCount)
  case statement(StatementView)
  case journal(JournalPage, Provenance)
  case ledger(LedgerPage)
  case review(Review)
  /// For `capture`, `receipt`, `receiptNumbered`, `void`, `keep`.
  case receipt(Receipt)
  case plan(ReconciliationPlan)
  case reconciled(ReconciliationReport)
  case exceptions(ExceptionPage)
  /// For `notices` and `noteDone`, the oldest first.
  case notices([Notice])
  /// For `resolve`, `assign` and `tell`.
  case resolved(ExceptionRecord)
  case healed(HealingReport)
  /// For `adopt`: what was taken over now.
  case adopted(AdoptionReport)
  /// For `closePeriod`: through which day all are closed now.
  case periodClosed(through: BusinessDay)
  case done
  case failed(Failure)
}

/// Why a request could not be answered: one sentence what is wrong, one what to do.
public struct Failure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The bank said no, or a person is needed.
    case refused
    /// It could not be done now.
    case fault
    case wrongBank
    case usage
  }

  public let kind: Kind
  /// A reason's or a cause's code, or a word.
  public let code: String
  public let text: String
  public let fix: String

  public init(_ kind: Kind, code: String, text: String, fix: String) {
    self.kind = kind
    self.code = code
    self.text = text
    self.fix = fix
  }

  public init(_ reason: Reason) {
    self.init(.refused, code: reason.code, text: reason.text, fix: reason.fix)
  }

  /// - Parameter kind: of the entry of which it is said, so that the advice can be followed.
  public init(_ reason: Reason, for kind: EntryKind) {
    self.init(
      .refused, code: reason.code, text: reason.text, fix: reason.fix(for: kind, isAway: false))
  }

  /// Why an entry was not taken while the bank is away.
  ///
  /// - Parameter room: what the caps leave, where one of them is the reason.
  public init(_ reason: Reason, away entry: Entry, room: OfflinePolicy.Room) {
    let limits = reason == .overOfflineLimit ? " \(room.sentence())" : ""
    self.init(
      .refused, code: reason.code, text: reason.text + limits,
      fix: reason.fix(for: entry.kind, isAway: true))
  }
}

/// An account with the balance that may be shown and where it comes from.
public struct AccountView: Hashable, Sendable {
  /// Its balance is the shown one: estimated where entries wait.
  public let account: Account
  public let provenance: Provenance

  public init(account: Account, provenance: Provenance) {
    self.account = account
    self.provenance = provenance
  }
}

/// A page of the list of accounts, as it stands on screen.
public struct AccountsView: Hashable, Sendable {
  public let accounts: [AccountView]
  public let hasMore: Bool
  /// Of the list as a whole; single accounts may be estimated.
  public let provenance: Provenance

  public init(accounts: [AccountView], hasMore: Bool, provenance: Provenance) {
    self.accounts = accounts
    self.hasMore = hasMore
    self.provenance = provenance
  }
}

/// An account with a page of its booked lines, and what waits to be booked.
public struct StatementView: Hashable, Sendable {
  public let account: AccountView
  public let page: StatementPage
  /// Entries of this account that wait, oldest first; not part of the booked lines.
  public let waiting: [LedgerEntryView]
  public let provenance: Provenance

  public init(
    account: AccountView, page: StatementPage, waiting: [LedgerEntryView], provenance: Provenance
  ) {
    self.account = account
    self.page = page
    self.waiting = waiting
    self.provenance = provenance
  }
}

/// What the review panel shows before `p`.
public struct Review: Hashable, Sendable {
  public enum Destination: Hashable, Sendable {
    case postedNow
    case manualLedger
  }

  /// With everything filled in that the books or the snapshot know.
  public let draft: Draft
  /// Nil when the account is not known here.
  public let holder: String?
  public let counterHolder: String?
  public let before: Money?
  /// Nil also where something speaks against the entry: what is refused changes no balance.
  public let after: Money?
  public let provenance: Provenance?
  public let destination: Destination
  /// Why it cannot be entered now; nil when it can.
  public let objection: Reason?
  /// A supervisor may allow it (`o`).
  public let supervisorMayAllow: Bool
  /// What a reversal takes back; nil for other kinds, and where it is not known here.
  public let original: Entry?
  /// What the caps leave, where one of them objects.
  public let room: OfflinePolicy.Room?
  /// It takes back an entry of which its customer was told that nobody knows.
  public let takesBackUnknown: Bool
  /// An entry of this terminal with the same content that was captured within the last minute.
  public let twin: Entry?

  public init(
    draft: Draft, holder: String?, counterHolder: String?, before: Money?, after: Money?,
    provenance: Provenance?, destination: Destination, objection: Reason?,
    supervisorMayAllow: Bool, original: Entry? = nil, room: OfflinePolicy.Room? = nil,
    takesBackUnknown: Bool = false, twin: Entry? = nil
  ) {
    self.draft = draft
    self.holder = holder
    self.counterHolder = counterHolder
    self.before = before
    self.after = after
    self.provenance = provenance
    self.destination = destination
    self.objection = objection
    self.supervisorMayAllow = supervisorMayAllow
    self.original = original
    self.room = room
    self.takesBackUnknown = takesBackUnknown
    self.twin = twin
  }
}

/// What the customer gets, on screen and on paper.
public struct Receipt: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    case posted
    /// An advice in the manual ledger: the cash has moved, it will be booked.
    case recorded
    /// A released request in the manual ledger: may still be refused.
    case taken
    case refused
    /// Pay nothing until it is settled.
    case unknown
    case voided
    /// Booked in suspense: a person decides where it belongs.
    case suspense
    /// It was in suspense, and a person has decided.
    case settled
    /// The bank knows its id or its number otherwise: it waits until a person has ended it.
    case blocked

    /// The state of an entry that the bank has decided.
    public init(_ outcome: Outcome) {
      switch outcome {
      case .posted: self = .posted
      case .suspense: self = .suspense
      case .refused: self = .refused
      }
    }

    /// Whether whoever asked is told that a person has to do something.
    public var needsPerson: Bool { self == .refused || self == .unknown || self == .blocked }
  }

  public let entry: Entry
  public let state: State
  public let reason: Reason?
  /// The short code: from the hash of the entry's line in the manual ledger.
  public let code: String
  public let at: Instant
  /// The customer's balance after it; only when live.
  public let balance: Money?
  /// A second copy of the ledger is configured and did not take this line.
  public let isOneCopyOnly: Bool
  /// It was shown or printed before.
  public let isCopy: Bool
  /// Set once the customer was told that it is taken.
  public let released: Standing?
  /// It takes back an entry of which its customer was told that nobody knows.
  public let takesBackUnknown: Bool
  /// The business day on which the bank has booked it; nil while it has not, or where nobody knows here.
  public let bookingDate: BusinessDay?

  /// For the ledger's own entries, whose lines are durable, and for tests: whoever else wants a receipt
  /// has an entry of the ledger, or a row of the books.
  @_spi(Receipts) public init(
    entry: Entry, state: State, reason: Reason? = nil, code: String, at: Instant,
    balance: Money? = nil, isOneCopyOnly: Bool = false, isCopy: Bool = false,
    released: Standing? = nil, takesBackUnknown: Bool = false, bookingDate: BusinessDay? = nil
  ) {
    self.entry = entry
    self.state = state
    self.reason = reason
    self.code = code
    self.at = at
    self.balance = balance
    self.isOneCopyOnly = isOneCopyOnly
    self.isCopy = isCopy
    self.released = released
    self.takesBackUnknown = takesBackUnknown
    self.bookingDate = bookingDate
  }

  /// Of an entry that this terminal's ledger does not hold, and the books do.
  ///
  /// - Parameters:
  ///   - entry: with the content that the books have.
  ///   - row: what they say of it.
  public init(_ entry: Entry, inBooks row: InboxRow, takesBackUnknown: Bool) {
    self.init(
      entry: entry.numbered(row.number ?? 0, at: TerminalName(row.terminal) ?? entry.terminal),
      state: State(row.outcome), reason: row.outcome.reason, code: "", at: row.decidedAt,
      isCopy: true, takesBackUnknown: takesBackUnknown)
  }

  /// What to do about the reason, if there is one, and if nobody has done it.
  public var fix: String? {
    switch state {
    case .settled: nil
    case .blocked where reason == .outcomeNotGiven: Reason.outcomeNotGiven.fix
    // To enter it again beside what was promised would be a second time.
    case .blocked: (released == nil ? Reason.neverTold : .blockedAdvice).fix
    default: reason?.fix(for: entry.kind, isAway: false)
    }
  }

  /// What was done at the counter, where cash has moved for certain; nil where none has.
  public var deed: String? {
    let hasMoved: Bool =
      switch state {
      case .posted, .recorded, .suspense, .settled: true
      case .blocked: released == .advice
      case .taken, .refused, .unknown, .voided: false
      }
    return switch entry.kind {
    case .deposit where hasMoved: "RECEIVED"
    case .withdrawal where hasMoved: "PAID OUT"
    default: nil
    }
  }

  /// Nobody could check whose account it is: what the customer stated stands for the holder.
  public var isVerified: Bool { entry.statedHolder == nil }

  /// What was promised stays promised; when it is booked, a person decides.
  private var blockedHeadline: String {
    switch released {
    case .advice where entry.kind == .deposit:
      "RECORDED, BUT BLOCKED: counts from today, a person must decide, keep this slip"
    case .advice: "RECORDED, BUT BLOCKED: a person must decide, keep this slip"
    case .request, .history: "TAKEN, BUT BLOCKED: not booked until a person decides"
    case nil: "BLOCKED, NOT BOOKED: PAY NOTHING until a person decides"
    }
  }

  /// The words that the customer may rely on.
  public var headline: String {
    switch state {
    case .posted: "POSTED"
    // A debit counts from its booking, unless the bank has set it otherwise.
    case .recorded where entry.kind == .deposit:
      "RECORDED, NOT YET IN THE ACCOUNT: counts from today, keep this slip"
    case .recorded: "RECORDED, NOT YET IN THE ACCOUNT: booked later, keep this slip"
    case .taken: "TAKEN, MAY STILL BE REFUSED"
    case .refused: "REFUSED"
    case .unknown: "OUTCOME UNKNOWN: PAY NOTHING"
    case .voided: "VOIDED"
    case .suspense: "BOOKED IN SUSPENSE: the branch will tell you where it belongs"
    case .settled: "SETTLED: it was in suspense, and the branch has placed it"
    case .blocked: blockedHeadline
    }
  }
}

/// What waits, and what reconciling would do with each entry; nothing is booked by it.
public struct ReconciliationPlan: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    /// How it stands here.
    public let view: LedgerEntryView
    /// What the bank would make of it; nil while it cannot be asked.
    public let predicted: Decision.Verdict?

    public var entry: Entry { view.entry }

    public init(_ view: LedgerEntryView, predicted: Decision.Verdict?) {
      self.view = view
      self.predicted = predicted
    }
  }

  public let lines: [Line]
  public let control: [ControlTotals]
  /// Terminals of the bank that have not reported since the outage began.
  public let silentTerminals: [String]
  /// Why the bank was not asked what it would make of them; nil where it was.
  public let unasked: Failure?

  public init(
    lines: [Line], control: [ControlTotals], silentTerminals: [String] = [],
    unasked: Failure? = nil
  ) {
    self.lines = lines
    self.control = control
    self.silentTerminals = silentTerminals
    self.unasked = unasked
  }
}

/// An entry whose number was given and whose line is gone from the manual ledger: its customer may
/// hold a slip.
public struct MissingEntry: Hashable, Sendable {
  /// What people call it by where an entry id is asked for; made of the terminal and the number.
  public let id: EntryID
  public let number: Int64
  /// `till-1/0002`
  public let label: String

  public init(id: EntryID, number: Int64, label: String) {
    self.id = id
    self.number = number
    self.label = label
  }

  /// What must be done, in words.
  public static let need =
    "Its line is lost. Find the slip, enter it again, and note what became of it."
}

/// What reconciling did: counts of entries, and the control totals per currency.
public struct ReconciliationReport: Hashable, Sendable {
  public var posted = 0
  public var alreadyPosted = 0
  public var suspense = 0
  public var refused = 0
  /// Entries still waiting.
  public var waiting = 0
  public var control: [ControlTotals] = []
  /// Entries that were booked with a flag, placed in suspense, refused or held: a person looks.
  public var exceptions = 0
  /// Lines that were written but never told; they are not sent.
  public var untold: [EntryID] = []

  public init() {}
}

/// The name of an outage: the terminal that saw it, and its number there. `till-1-3`.
public struct OutageID: Hashable, Sendable, CustomStringConvertible {
  public let terminal: TerminalName
  /// From 1, for ever, per terminal.
  public let number: Int64

  public init(terminal: TerminalName, number: Int64) {
    self.terminal = terminal
    self.number = number
  }

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: String) {
    guard let dash = text.lastIndex(of: "-"),
      let terminal = TerminalName(text[..<dash]),
      let number = Int64(text[text.index(after: dash)...]), number > 0
    else { return nil }
    self.init(terminal: terminal, number: number)
    guard description == text else { return nil }
  }

  public var description: String { "\(terminal)-\(number)" }
}

/// What one terminal's records know of an outage. Moments and figures that they do not know are
/// nil; nothing in it is guessed. It names no customer, and accounts by their last four characters.
public struct OutageReport: Hashable, Sendable {
  public let id: OutageID
  public var times = Times()
  /// What happened, in its order.
  public var timeline: [Event] = []
  /// The last changes of the configuration or the program before the first failure, and all while
  /// it lasted, as far as somebody supplied them. In order.
  public var leadup: [Leadup] = []
  /// What the doctor found while it lasted, in order.
  public var examinations: [DoctorFinding] = []
  /// The causes in the order in which they were shown; the first is the first failing layer.
  public var causes: [Event] = []
  /// What was entered while it lasted, by currency.
  public var impact: [Impact] = []
  /// Of entries that were booked: from capture to the bank's decision, in milliseconds.
  public var longestDelay: Int64?
  public var medianDelay: Int64?
  /// How many people made its entries, and how many customer accounts they touch.
  public var operators = 0
  public var customerAccounts = 0
  /// Its entries whose answer was lost: the bank may have had them when the till had to decide alone.
  public var ambiguous = Ambiguous()
  /// Milliseconds until this terminal lost the bank again; nil where it has not.
  public var lostAgainAfter: Int64?
  /// The hash of the manual ledger's last line as it was read, in lower-case hex: whoever keeps it
  /// can show later that nothing before it was changed.
  public var ledgerHead: String?
  /// When each of its entries was captured, in order; for drawing.
  public var captures: [Instant] = []
  public var exceptions: [Exception] = []
  /// Words that people noted about its entries. They may name customers, so only their count is here.
  public var notes = 0
  /// The control totals of the whole manual ledger as it was read, by currency.
  public var control: [ControlTotals] = []
  /// Lines of the ledger that no writer of Daybook writes, such as a gap in the numbers.
  public var irregularities = 0

  public init(_ id: OutageID) { self.id = id }

  /// The moments that a review asks for.
  public struct Times: Hashable, Sendable {
    /// The newest change before the first failure, where it was supplied.
    public var change: Instant?
    public var firstFailure: Instant?
    /// When it was declared, on the screen and in the ledger.
    public var detected: Instant?
    /// When the first cause with its code was shown.
    public var causeShown: Instant?
    public var firstEntry: Instant?
    public var lastEntry: Instant?
    public var rollback: Instant?
    public var online: Instant?
    /// When the last of its entries was settled; nil while one waits, and where there was none.
    public var reconciled: Instant?

    public init() {}
  }

  public struct Event: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case change
      case firstFailure = "first_failure"
      case detected
      case causeChanged = "cause_changed"
      case held
      case holdReleased = "hold_released"
      case quarantined
      case quarantineLifted = "quarantine_lifted"
      case firstEntry = "first_entry"
      case lastEntry = "last_entry"
      case rollback, online
      case reconciliationBegan = "reconciliation_began"
      case reconciliationEnded = "reconciliation_ended"
      case reconciled
    }

    public let kind: Kind
    public let at: Instant
    public let cause: CauseCode?
    /// What was observed, or how the entry is called; may be empty.
    public let text: String
    /// Who acted, where a person did.
    public let operatorName: String?

    public init(
      _ kind: Kind, at: Instant, cause: CauseCode? = nil, text: String = "",
      operatorName: String? = nil
    ) {
      self.kind = kind
      self.at = at
      self.cause = cause
      self.text = text
      self.operatorName = operatorName
    }
  }

  /// How many entries, and the sum of their amounts in minor units.
  public struct Sum: Hashable, Sendable {
    public private(set) var count = 0
    public private(set) var amount: CheckedSum = 0

    public init() {}

    public mutating func add(_ amount: Money) {
      count += 1
      self.amount.add(amount.minorUnits)
    }
  }

  /// The entries of one currency: how they were taken, and what became of them.
  public struct Impact: Hashable, Sendable {
    public let currency: Currency
    public var captured = Sum()
    /// Told as *recorded*: the cash had moved.
    public var recorded = Sum()
    /// Told as *taken, may still be refused*.
    public var taken = Sum()
    /// Told as *outcome unknown*, or not told at all.
    public var unknown = Sum()
    public var posted = Sum()
    public var suspense = Sum()
    public var refused = Sum()
    public var voided = Sum()
    /// Not decided yet: `open` tells them apart.
    public var waiting = Sum()
    public var open = OpenEntries()

    public init(_ currency: Currency) { self.currency = currency }
  }

  /// What the bank made of entries that may have reached it before the till decided alone.
  public struct Ambiguous: Hashable, Sendable {
    /// Posted or in suspense.
    public var booked = 0
    public var refused = 0
    /// Nobody knows yet.
    public var unsettled = 0

    public init() {}

    public var count: Int { booked + refused + unsettled }
  }

  /// An outcome that a person had to settle, or has to.
  public struct Exception: Hashable, Sendable {
    public let label: String
    public let kind: EntryKind
    public let amount: Money
    /// The customer's account, masked.
    public let account: String
    public let outcome: Outcome
    public let flags: [Flag]
    /// The entry of this terminal that settled it, or who settled it and how; nil where this ledger
    /// knows of no settlement.
    public let settledBy: String?

    public init(
      label: String, kind: EntryKind, amount: Money, account: String, outcome: Outcome,
      flags: [Flag], settledBy: String?
    ) {
      self.label = label
      self.kind = kind
      self.amount = amount
      self.account = account
      self.outcome = outcome
      self.flags = flags
      self.settledBy = settledBy
    }
  }
}

extension OutageReport {
  /// The database was taken away on purpose, and came back without another cause.
  public var isOnPurpose: Bool { causes.allSatisfy { $0.cause == .held || $0.cause == .drill } }
  public var isDrill: Bool { causes.first?.cause == .drill }
  public var isOver: Bool { times.online != nil }

  public var entries: Int { impact.reduce(0) { $0 + $1.captured.count } }
  /// Its entries that the bank has not decided yet.
  public var open: OpenEntries { impact.reduce(OpenEntries()) { $0 + $1.open } }
  public var waiting: Int { impact.reduce(0) { $0 + $1.waiting.count } }

  /// It lasts, and nothing has been entered so far: there may never be anything to reconcile.
  public var hasNothingToReconcileYet: Bool { !isOver && entries == 0 }

  /// None of its entries has become an exception so far, and one may: entries wait, or may come.
  public var mayHaveExceptions: Bool { exceptions.isEmpty && (!isOver || waiting > 0) }

  /// Whether every entry of the ledger is accounted for, and no line of it is irregular.
  public var isAgreeing: Bool { irregularities == 0 && control.allSatisfy(\.agrees) }

  // Spans in milliseconds. A clock that was set back makes none of them negative.

  /// When it began, for everybody who says so.
  public var began: Instant? { times.firstFailure ?? times.detected }
  /// From there until the bank was back.
  public var lasted: Int64? { span(began, times.online) }
  /// From the first failure to the banner that said so. What is held on purpose fails nowhere.
  public var toDetect: Int64? {
    causes.first?.cause == .held ? nil : span(times.firstFailure, times.detected)
  }
  /// From there to the first cause with its code.
  public var toDiagnose: Int64? { span(times.detected, times.causeShown) }
  /// From detection until the bank was back.
  public var toRecover: Int64? { span(times.detected, times.online) }
  /// From there until the last of its entries was settled.
  public var toReconcile: Int64? { span(times.online, times.reconciled) }

  private func span(_ start: Instant?, _ end: Instant?) -> Int64? {
    guard let start, let end else { return nil }
    return max(0, end.milliseconds(since: start))
  }

  /// A first proposal, from the figures alone; people decide.
  public var suggestedSeverity: Severity {
    if !isAgreeing { return .figuresDisagree }
    if isOnPurpose { return .onPurpose }
    if !exceptions.isEmpty { return .exceptions }
    if let toRecover, toRecover < 3_600_000 { return entries > 0 ? .short : .unnoticed }
    return .long
  }

  public enum Severity: Hashable, Sendable, CaseIterable {
    case figuresDisagree, exceptions, long, short, unnoticed, onPurpose

    /// The level with its reason.
    public var text: String {
      switch self {
      case .figuresDisagree: "1, the control totals do not agree or the ledger is irregular"
      case .exceptions: "2, entries became exceptions that a person must settle"
      case .long: "2, an hour or longer, or not over yet"
      case .short: "3, under an hour, entries went to the manual ledger"
      case .unnoticed: "4, under an hour, nothing was entered meanwhile"
      case .onPurpose: "none, the database was taken away on purpose"
      }
    }
  }
}

extension OutageReport.Event.Kind {
  /// The words of the screens and of the report.
  public var words: String {
    switch self {
    case .change: "change"
    case .firstFailure: "first failure"
    case .detected: "detected, cause shown"
    case .causeChanged: "cause changed"
    case .held: "held"
    case .holdReleased: "hold released"
    case .quarantined: "quarantined"
    case .quarantineLifted: "quarantine lifted"
    case .firstEntry: "first offline entry"
    case .lastEntry: "last offline entry"
    case .rollback: "rollback"
    case .online: "back online"
    case .reconciliationBegan: "reconciling began"
    case .reconciliationEnded: "reconciling ended"
    case .reconciled: "reconciled"
    }
  }
}

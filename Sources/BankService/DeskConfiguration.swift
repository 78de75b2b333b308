import BankCore

/// What a desk needs to know before it opens. Durations are in milliseconds.
public struct DeskConfiguration: Sendable {
  public var terminal: TerminalIdentity
  public var operatorName: String
  public var policy: OfflinePolicy
  /// It wants to know whether an entry could be taken: a name that belongs to another terminal is a
  /// fault for it, also where it only reads.
  public var asksForName = false
  /// Anything that is kept here, beside the ledger and the snapshot, was made by meeting a bank; true also
  /// where that is not known.
  public var hasMetBank = true
  public var lateDebitValue = LateDebitValue.booking
  /// A command ignores back-off and dwell: the first answer of the right database is believed.
  public var isCommand: Bool
  /// It only looks: nothing is written to the ledger, and nothing is sent to the bank.
  public var isReading: Bool
  /// Reconcile unattended when the database is back.
  public var reconcilesAutomatically: Bool
  /// How long the bank may be silent during its greeting before a command goes on without it; nil
  /// for one that can do nothing without the bank, and for a console, which waits for nothing.
  public var greetingPatienceMilliseconds: Int64?
  /// How long the bank may take to decide before an entry is released.
  public var decisionDeadlineMilliseconds: Int64
  /// A quiet connection is looked at this often.
  public var probeIntervalMilliseconds: Int64
  /// At most so many entries are sent together at reconciliation.
  public var batchSize: Int
  /// At most so many waiting entries of its accounts, and of those linked with them by transfers,
  /// are sent together with a new entry.
  public var mostTakenAlong: Int
  /// Seeds the jitter of the back-off.
  public var seed: UInt64

  public init(
    terminal: TerminalIdentity, operatorName: String, policy: OfflinePolicy = OfflinePolicy(),
    isCommand: Bool = false, isReading: Bool = false, reconcilesAutomatically: Bool = false,
    greetingPatienceMilliseconds: Int64? = nil, decisionDeadlineMilliseconds: Int64 = 800,
    probeIntervalMilliseconds: Int64 = 2_000, batchSize: Int = 8_000,
    mostTakenAlong: Int = 500, seed: UInt64 = 1
  ) {
    self.terminal = terminal
    self.operatorName = operatorName
    self.policy = policy
    self.isCommand = isCommand
    self.isReading = isReading
    self.reconcilesAutomatically = reconcilesAutomatically
    self.greetingPatienceMilliseconds = greetingPatienceMilliseconds
    self.decisionDeadlineMilliseconds = decisionDeadlineMilliseconds
    self.probeIntervalMilliseconds = probeIntervalMilliseconds
    self.batchSize = batchSize
    self.mostTakenAlong = mostTakenAlong
    self.seed = seed
  }
}

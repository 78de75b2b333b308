/// What the first lines of every screen and `status` are made of. Published whenever it changes.
public struct ServiceStatus: Hashable, Sendable {
  public struct Progress: Hashable, Sendable {
    public let done: Int
    public let total: Int

    public init(done: Int, total: Int) {
      self.done = done
      self.total = total
    }
  }

  /// What is left of the offline caps in one currency.
  public struct Caps: Hashable, Sendable {
    public let perEntry: Money
    public let left: Money

    public init(perEntry: Money, left: Money) {
      self.perEntry = perEntry
      self.left = left
    }
  }

  public var mode: Mode = .starting
  public var cause: Cause?
  public var bank: BankIdentity?
  public var terminal: String
  public var operatorName: String
  public var endpoint: String
  public var roundTripMilliseconds: Double?
  /// How far this till's clock is from the bank's, where that is more than `ClockDifference` allows.
  public var clock: ClockDifference?
  public var snapshotAsOf: Instant?
  /// The latest moment that has seen the snapshot older; a clock that was set back is before it.
  public var latestSeen: Instant?
  public var waiting = 0
  public var oldestWaiting: Instant?
  /// Of those that wait: how many have an unknown outcome. Those that somebody at this terminal is
  /// being told about just now are not among them.
  public var unknown = 0
  /// Of those that wait: how many the bank knows with other content.
  public var blocked = 0
  /// What became known after its customer was told something else, and nobody has seen to; the
  /// oldest first.
  public var notices: [Notice] = []
  public var untold = 0
  /// Open exceptions in the books as last seen, and held entries here.
  public var exceptions = 0
  /// Whether the bank has told how many there are; else only those of this terminal are counted.
  public var knowsExceptions = false
  /// Entries whose lines this terminal's ledger has lost, and that nobody has noted yet. They count
  /// among the exceptions.
  public var missing: [MissingEntry] = []
  /// What may be released while the bank is away.
  public var policy = OfflinePolicy()
  /// Whether this terminal has a manual ledger that an entry can go to.
  public var isEnrolled = true
  /// Why nothing can be entered at this terminal; nil where it can.
  public var objectionToEntering: Failure?
  /// The hash of the manual ledger's last line.
  public var ledgerHead: String?
  public var control: [ControlTotals] = []
  public var caps: [Caps] = []
  public var progress: Progress?
  /// What keeps the database away on purpose.
  public var hold: Hold?
  public var isDrill: Bool { hold?.kind == .drill }
  /// There is no bank, and none was here before: nothing can be entered until somebody makes one.
  public var hasNoBankYet: Bool { cause?.saysNoBankYet == true }
  /// The mode in words, as every screen begins with them.
  public var banner: String {
    hasNoBankYet ? Mode.noBankYet : mode.label(cause?.code, isRunning: progress != nil)
  }
  /// Whether reads are answered by the bank; else by the snapshot.
  public var readsLive: Bool { mode.isLive || (mode == .manual && cause?.stillReads == true) }
  /// When the database is tried next; nil while it answers.
  public var nextProbeAt: Instant?
  /// Something about the ledger that a person must know, such as a damaged segment.
  public var ledgerNotice: String?

  public init(terminal: String, operatorName: String, endpoint: String) {
    self.terminal = terminal
    self.operatorName = operatorName
    self.endpoint = endpoint
  }
}

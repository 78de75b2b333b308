import BankCore
import Screen

/// Everything the console knows, as one value. `update` changes it and says what to do; `render`
/// shows it.
public struct ConsoleState: Sendable {
  public let options: ConsoleOptions
  public internal(set) var size: Size
  public internal(set) var now: Instant
  public internal(set) var status: ServiceStatus
  /// Grows with every action; the loop names it when the frame is on the glass.
  public private(set) var generation: UInt64 = 0

  var paintedGeneration: UInt64 = 0
  var screen = ScreenName.accounts
  /// The screens that `esc` and `q` lead back through.
  var trail: [ScreenName] = []
  var accounts = AccountsScreen()
  var account = AccountScreen()
  var journal = JournalScreen()
  var ledger = LedgerScreen()
  var reconcile = ReconcileScreen()
  var connection = ConnectionScreen()
  var outages = OutagesScreen()

  var form: EntryForm?
  var overlay: Overlay?
  var captures = Captures()
  var message: Message?
  /// The next `q` quits although something would be left behind.
  var quitIsArmed = false
  /// What is typed until then belongs to a filter that is not there, and is left out.
  var dropsTextUntil: Instant?
  /// The next `esc` drops what is typed.
  var dropIsArmed = false
  var questions = Questions()
  /// A drill was seen here and not scored yet.
  var awaitsDrillScore = false

  public init(options: ConsoleOptions, size: Size, status: ServiceStatus, now: Instant) {
    self.options = options
    self.size = size
    self.status = status
    self.now = now
    account.showsChart = !options.isPlain
  }

  /// The first questions, asked once when the console opens.
  public mutating func start() -> [Effect] { refresh() + askForSuspect() }

  /// Takes in what happened.
  ///
  /// - Returns: what is to be done about it, in order.
  public mutating func update(_ action: Action) -> [Effect] {
    if case .painted(let painted) = action {
      paintedGeneration = max(paintedGeneration, painted)
      return []
    }
    generation &+= 1
    return take(action) + leaveExamination()
  }

  private mutating func take(_ action: Action) -> [Effect] {
    switch action {
    case .key(let key): return press(key)
    case .replied(let token, let reply): return receive(reply, to: token)
    case .status(let status): return take(status)
    case .notice(let text):
      message = .cannot(text)
      // It may have been the configuration that has changed.
      return askForSuspect()
    case .resized(let size):
      self.size = size
      return []
    case .ticked(let instant):
      now = max(now, instant)
      return reread()
    case .painted: return []
    }
  }

  /// An entry is on its way to the disk and the bank.
  public var isWriting: Bool { captures.isWriting }

  /// Opens a question and says how to ask it.
  mutating func ask(_ request: Request, for purpose: Purpose) -> Effect {
    .ask(request, questions.ask(purpose))
  }

  var words: Words { Words(options, timeZone: status.bank?.timeZone) }

  /// The currency of what nobody knows better.
  var defaultCurrency: Currency? { status.bank?.currency ?? options.currency }

  /// Rows that one page of a list asks for: more than any screen shows, so that moving about does
  /// not wait.
  var pageLimit: Int { max(50, size.rows * 2) }
}

/// One line that answers the last key or tells what came in.
struct Message: Hashable, Sendable {
  /// What it says is so. It is told anew or withdrawn when that has changed.
  enum Subject: Hashable, Sendable {
    /// The bank is away, or back, or a drill is over.
    case loss, wayBack, drillEnd
    /// How everything stood when the last key was pressed.
    case standing
    /// The first `q` names what is left behind.
    case quitting
    /// That list could not be read again.
    case reading(ScreenName)
    /// What has come of a capture.
    case capture(serial: Int)
  }

  let text: String
  let role: Role
  /// Nil for what stays so: what has happened, or what a key is for.
  private(set) var subject: Subject?

  func about(_ subject: Subject) -> Message {
    var message = self
    message.subject = subject
    return message
  }

  /// Why a key cannot do it now.
  static func objection(_ text: String) -> Message { cannot(text).about(.standing) }

  static func plain(_ text: String) -> Message { Message(text: text, role: .text) }
  static func good(_ text: String) -> Message { Message(text: text, role: .success) }
  static func cannot(_ text: String) -> Message { Message(text: text, role: .warning) }
  static func alarm(_ text: String) -> Message { Message(text: text, role: .danger) }

  static func failed(_ failure: Failure) -> Message {
    .cannot([failure.text, failure.fix].filter { !$0.isEmpty }.joined(separator: " "))
  }
}

/// What lies over the screen and takes the keys.
enum Overlay: Sendable {
  case help(firstRow: Int)
  case palette(Palette)
  /// The receipt of that capture, or one that was asked for again. Any key closes it and acts.
  case receipt(Receipt)
  case outcome(serial: Int)
  case settle(SettlePanel)
  case note(NotePanel)
  case change(ChangePanel)
  case notice(NoticePanel)
}

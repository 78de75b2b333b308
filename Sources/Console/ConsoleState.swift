import BankCore
import Screen

/// Everything the console knows, as one value. `update` changes it and says what to do; `render`
/// shows it.
public struct ConsoleState: Sendable {
  /// What the screens and panels share.
  var context: Context
  /// The screens that `esc` and `q` lead back through.
  var trail: [ScreenName] = []
  /// The state of each screen of the table.
  var screens: [any ScreenModel]
  /// The next `q` quits although something would be left behind.
  var quitIsArmed = false
  /// What is typed until then belongs to a filter that is not there, and is left out.
  var dropsTextUntil: Instant?
  /// The next `esc` drops what is typed.
  var dropIsArmed = false
  /// A drill was seen here and not scored yet.
  var awaitsDrillScore = false

  public init(options: ConsoleOptions, size: Size, status: ServiceStatus, now: Instant) {
    context = Context(options: options, size: size, status: status, now: now)
    screens = Screens.all.map { $0.init(options) }
  }

  /// The first questions, asked once when the console opens.
  public mutating func start() -> [Effect] { refresh() + tell(.opened) }

  /// Takes in what happened.
  ///
  /// - Returns: what is to be done about it, in order.
  public mutating func update(_ action: Action) -> [Effect] {
    if case .painted(let painted) = action {
      paintedGeneration = max(paintedGeneration, painted)
      return []
    }
    context.generation &+= 1
    return take(action)
  }

  private mutating func take(_ action: Action) -> [Effect] {
    switch action {
    case .key(let key): return press(key)
    case .replied(let token, let reply): return receive(reply, to: token)
    case .status(let status): return take(status)
    case .notice(let text):
      message = .cannot(text)
      // It may have been the configuration that has changed.
      return tell(.configuration)
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

}

// MARK: The context

extension ConsoleState {
  /// What the console was told when it opened.
  public var options: ConsoleOptions { context.options }
  /// The window, in columns and rows.
  public internal(set) var size: Size {
    get { context.size }
    set { context.size = newValue }
  }
  /// The time, as the console was told it last.
  public internal(set) var now: Instant {
    get { context.now }
    set { context.now = newValue }
  }
  /// How the service stands, as the console was told it last.
  public internal(set) var status: ServiceStatus {
    get { context.status }
    set { context.status = newValue }
  }
  /// Grows with every action; the loop names it when the frame is on the glass.
  public var generation: UInt64 { context.generation }

  var words: Words { context.words }
  var paintedGeneration: UInt64 {
    get { context.paintedGeneration }
    set { context.paintedGeneration = newValue }
  }
  var screen: ScreenName {
    get { context.screen }
    set { context.screen = newValue }
  }
  var form: EntryForm? {
    get { context.form }
    set { context.form = newValue }
  }
  var overlay: Overlay? {
    get { context.overlay }
    set { context.overlay = newValue }
  }
  var captures: Captures {
    get { context.captures }
    set { context.captures = newValue }
  }
  var message: Message? {
    get { context.message }
    set { context.message = newValue }
  }
  var questions: Questions {
    get { context.questions }
    set { context.questions = newValue }
  }
  var defaultCurrency: Currency? { context.defaultCurrency }
  var pageLimit: Int { context.pageLimit }
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

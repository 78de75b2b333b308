import BankCore
import Screen

/// Everything the console knows, as one value. `update` changes it and says what to do; `render`
/// shows it.
public struct ConsoleState: Sendable {
  /// What the screens and panels share.
  var context: Context
  /// The screens that `esc` and `q` lead back through.
  var trail: [ScreenName] = []
  /// The screen that was shown before this one.
  var lastScreen: ScreenName?
  /// When esc closed a form, a panel or a field: keys that repeat must not go on to the screen.
  var closedByEscape: Instant?
  /// The state of each screen of the table.
  var screens: [any ScreenModel]
  /// What is typed until then belongs to a filter that is not there, and is left out.
  var dropsTextUntil: Instant?
  /// What was run from the palette.
  var paletteHistory = PaletteHistory()
  /// A drill was seen here and not scored yet.
  var awaitsDrillScore = false
  /// What the third pane of a great window shows.
  var till = TillPane()
  /// What is half typed, and what was.
  var draftKeeping = DraftKeeping()

  public init(options: ConsoleOptions, size: Size, status: ServiceStatus, now: Instant) {
    context = Context(options: options, size: size, status: status, now: now)
    screens = Screens.all.map { $0.init(options) }
  }

  /// The first questions, asked once when the console opens.
  public mutating func start() -> [ConsoleEffect] {
    refresh() + tell(.opened) + grant(till.follow(&context)) + HalfTyped.ask(&self)
  }

  /// Takes in what happened.
  ///
  /// - Returns: what is to be done about it, in order.
  public mutating func update(_ action: Action) -> [ConsoleEffect] {
    if case .painted(let painted) = action {
      context.paintedGeneration = max(context.paintedGeneration, painted)
      return []
    }
    context.generation &+= 1
    // Its last line stands until somebody has read it: in a low window a message may hide it.
    if case .key = action, context.tour?.step == .end, message == nil || layout.hasNotice {
      context.tour = nil
    }
    defer { followTour() }
    return apply(action) + grant(till.follow(&context)) + HalfTyped.keep(&self)
  }

  private mutating func apply(_ action: Action) -> [ConsoleEffect] {
    switch action {
    case .key(let key): return press(key)
    case .replied(let token, let reply):
      // What nobody waits for any more is ignored.
      return (context.questions.close(token) as? any Question<Reply>)?.receive(reply, in: &self)
        ?? []
    case .branchReplied(let token, let reply):
      return (context.questions.close(token) as? any Question<BranchReply>)?
        .receive(reply, in: &self) ?? []
    case .status(let status): return receive(status)
    case .notice(let text):
      message = .cannot(text)
      // It may have been the configuration that has changed.
      return tell(.configuration)
    case .resized(let size):
      context.size = size
      // There may be room now for what was not asked.
      return reread()
    case .ticked(let instant):
      context.now = max(now, instant)
      return reread()
    case .painted: return []
    }
  }
}

// MARK: The context

extension ConsoleState {
  /// What the console was told when it opened.
  public var options: ConsoleOptions { context.options }
  /// The window, in columns and rows.
  public var size: Size { context.size }
  /// The time, as the console was told it last.
  public var now: Instant { context.now }
  /// How the service stands, as the console was told it last.
  public var status: ServiceStatus { context.status }
  /// Grows with every action; the loop names it when the frame is on the glass.
  public var generation: UInt64 { context.generation }
  /// An entry is on its way to the disk and the bank.
  public var isWriting: Bool { sentDrafts.isWriting }

  var words: Wording { context.words }
  var screen: ScreenName {
    get { context.screen }
    set { context.screen = newValue }
  }
  var form: EntryForm? {
    get { context.form }
    set { context.form = newValue }
  }
  var overlay: (any PanelModel)? {
    get { context.overlay }
    set { context.overlay = newValue }
  }
  var sentDrafts: SentDrafts {
    get { context.sentDrafts }
    set { context.sentDrafts = newValue }
  }
  var message: Message? {
    get { context.message }
    set { context.message = newValue }
  }
}

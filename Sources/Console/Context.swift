import BankCore
import Screen

/// What the screens and panels share: how things stand, what lies over the screen, the open questions
/// and the message line.
///
/// A screen or panel is handed it, reads it, asks questions and leaves a message. To open a panel or to
/// show another screen it returns a ``Wish``.
struct Context: Sendable {
  @Shared private(set) var options: ConsoleOptions
  var size: Size
  var now: Instant
  @Shared var status: ServiceStatus
  /// Grows with every action; the loop names it when the frame is on the glass.
  var generation: UInt64 = 0
  var paintedGeneration: UInt64 = 0

  var screen = ScreenName.accounts
  @Shared var form: EntryForm?
  var overlay: (any PanelModel)? {
    didSet { if overlay?.covers != true { covered = nil } }
  }
  /// The panel under the help or the palette: it still hears its answers, and comes back.
  private(set) var covered: (any PanelModel)?
  @Shared var sentDrafts = SentDrafts()
  var message: Message?
  /// The tour that is under way.
  @Shared var tour: Tour?
  /// What the next press of the same key does although something would be lost.
  var armed: Armed?
  var questions = Questions()
  var usesMouse: Bool

  enum Armed: Hashable, Sendable { case quit, drop }

  init(options: ConsoleOptions, size: Size, status: ServiceStatus, now: Instant) {
    self.options = options
    self.size = size
    self.status = status
    self.now = now
    usesMouse = options.usesMouse && !options.isPlain
  }

  var words: Wording {
    Wording(options.notation, bank: status.bank, offset: options.clockOffsetSeconds)
  }

  /// The currency of what nobody knows better.
  var defaultCurrency: Currency? { status.bank?.currency ?? options.currency }

  /// Rows that one page of a list asks for: more than any screen shows, so that moving about does
  /// not wait.
  var pageLimit: Int { max(50, size.rows * 2) }

  /// The keys go to the screen: neither a form nor a panel lies over it.
  var screenHasFocus: Bool { overlay == nil && form == nil }

  /// Lays the help or the palette over what is there, a panel included.
  mutating func cover(with panel: any PanelModel) {
    if let overlay, overlay.takesKeys, !overlay.covers { covered = overlay }
    overlay = panel
  }

  /// Takes the help or the palette away again. What was answered meanwhile nobody has seen.
  mutating func uncover() {
    let below = covered
    overlay = below
    guard var review = form?.reviewPanel, !review.isAsking else { return }
    review.readySince = max(review.readySince, generation)
    form?.reviewPanel = review
  }

  /// Closes the open panel; where help or palette cover it, they stay.
  mutating func closePanel() {
    if overlay?.covers == true { covered = nil } else { overlay = nil }
  }

  /// Puts a panel in the place of the one that it was made of.
  mutating func replacePanel(with panel: any PanelModel) {
    if overlay?.covers == true { covered = panel } else { overlay = panel }
  }

  /// Opens a question and says how to ask it.
  mutating func ask(_ request: Request, for question: some Question<Reply>) -> Wish {
    .effect(.ask(request, questions.ask(question)))
  }

  /// The same, of the branch.
  mutating func ask(_ request: BranchRequest, for question: some Question<BranchReply>) -> Wish {
    .effect(.askBranch(request, questions.ask(question)))
  }

  /// Whether a question has been on the glass when its `y` was typed; says so where it has not.
  mutating func hasBeenSeen(since generation: UInt64) -> Bool {
    if paintedGeneration >= generation { return true }
    message = .cannot("A y typed before the question was shown did not count.")
    return false
  }

  /// Nobody should take the beginning of a long text for all of it.
  mutating func tell(of field: TextField) {
    guard field.leftOut > 0 else { return }
    let limit = words.count(field.limit)
    message = .cannot("The field holds at most \(limit) characters. The rest was left out.")
  }
}

// MARK: What several screens wish for

extension Context {
  /// Opens the customer's account of an entry; the one that is debited, where there are two.
  mutating func openAccount(of entry: Entry) -> [Wish] {
    guard let number = entry.customerAccounts.first else { return [] }
    return [ask(.account(number), for: CommonQuestion.lookUp(number.text))]
  }
}

// MARK: Pointers

extension Context {
  /// Words that send somebody to a screen; none where it is the one that is shown.
  func pointer(to screen: ScreenName, _ words: String) -> String {
    self.screen == screen ? "" : words
  }

  /// What reconciles from here: the way to screen 5, and there the key that sends.
  var reconcilingKey: String { screen == .reconcile ? "s" : "5" }
}

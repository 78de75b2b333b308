import BankCore
import Screen

/// The last look at an entry before it is captured. Only `p` and `P` post from here.
struct ReviewPanel: Sendable {
  var draft: Draft
  /// Nil until the service has answered.
  var review: Review?
  var failure: Failure?
  /// The state's generation when the answer came: the panel counts as seen once a frame of that
  /// generation or a later one is painted.
  var readySince: UInt64 = .max
  /// A posting key came before the panel could be seen.
  var ignoredPost = false
  /// The mode changed while the panel was open, and it was asked for again.
  var wasAskedAgain = false
  /// The supervisor's name, while it is typed.
  var supervisor: TextField?

  /// The answer is on its way: what an earlier one said may not be so any more.
  var isAsking: Bool { readySince == .max }
}

extension ReviewPanel {
  static let bindings: [Binding] = [
    Binding(
      .character("p"), word: "post", help: "Enter it, as the panel says",
      objection: { $0.objectionToPosting }
    ) { $0.post(thenOpensNext: false) },
    Binding(
      .character("P"), word: "post, next", help: "Enter it and open the next form of its kind",
      objection: {
        $0.form?.kind == .reversal
          ? "A reversal stands alone: p posts it." : $0.objectionToPosting
      }
    ) { $0.post(thenOpensNext: true) },
    Binding(
      .character("o"), word: "supervisor",
      help: "A supervisor allows it beyond the limits: type the name",
      objection: {
        $0.reviewPanel?.isAsking == false && $0.reviewPanel?.review?.supervisorMayAllow == true
          ? nil : "This entry needs no supervisor, or none may allow it."
      }
    ) { $0.askForSupervisor() },
    Binding(
      .enter, word: "post", help: "Nothing: an entry is not posted by habit", footer: .absent,
      isInPalette: false,
      objection: {
        $0.objectionToPosting ?? "Only p posts it; esc goes back to the fields."
      }
    ) { _ in [] },
    Binding(
      .escape, .character("q"), .character("e"), word: "change", help: "Back to the fields"
    ) { $0.backToFields() },
    Binding(
      .character("?"), word: "help", help: "The keys of this panel", isInPalette: false
    ) { state in
      state.overlay = .help(firstRow: 0)
      return []
    },
  ]

  static let supervisorBindings: [Binding] = [
    Binding(.enter, word: "done", help: "Ask again, allowed by that supervisor") {
      $0.approve()
    },
    Binding(.escape, word: "cancel", help: "Without a supervisor") { state in
      state.reviewPanel?.supervisor = nil
      return []
    },
  ]
}

extension ConsoleState {
  /// The open review, if there is one.
  var reviewPanel: ReviewPanel? {
    get {
      if case .review(let panel)? = form?.phase { panel } else { nil }
    }
    set {
      if let newValue, case .review? = form?.phase { form?.phase = .review(newValue) }
    }
  }

  /// Why the reviewed entry cannot be posted; nil also while nobody can have seen the panel.
  var objectionToPosting: String? {
    guard let panel = reviewPanel else { return "There is nothing to post." }
    if panel.isAsking { return nil }
    if let failure = panel.failure { return failure.text }
    if let objection = panel.review?.objection { return "\(objection.code) \(objection.text)" }
    guard let form, !ReviewView(state: self, form: form, panel: panel).showsAll else { return nil }
    return "The window is too small for the whole review: make it larger, then p."
  }

  // MARK: Asking

  mutating func receiveReview(_ reply: Reply) -> [Effect] {
    guard var panel = reviewPanel else { return [] }
    panel.readySince = generation
    switch reply {
    case .review(let review):
      panel.review = review
      panel.draft = review.draft
      panel.failure = nil
    case .failed(let failure):
      panel.review = nil
      panel.failure = failure
    default: return []
    }
    reviewPanel = panel
    return []
  }

  /// Asks for the open review again because what it says may no longer be so.
  mutating func reviewAgain() -> [Effect] {
    guard var panel = reviewPanel else { return [] }
    panel.readySince = .max
    panel.wasAskedAgain = true
    reviewPanel = panel
    return [ask(.review(panel.draft), for: .review)]
  }

  mutating func backToFields() -> [Effect] {
    questions.abandon(.review)
    form?.phase = .editing
    return []
  }

  // MARK: The supervisor

  mutating func askForSupervisor() -> [Effect] {
    reviewPanel?.supervisor = TextField()
    return []
  }

  mutating func typeInSupervisor(_ key: Key) -> [Effect]? {
    guard var field = reviewPanel?.supervisor, field.take(key) else { return nil }
    reviewPanel?.supervisor = field
    return []
  }

  mutating func approve() -> [Effect] {
    guard var panel = reviewPanel, let name = panel.supervisor?.trimmed else { return [] }
    guard !name.isEmpty else {
      message = .cannot("Type the supervisor's name, or esc.")
      return []
    }
    panel.supervisor = nil
    panel.draft.approvedBy = name
    panel.readySince = .max
    reviewPanel = panel
    return [ask(.review(panel.draft), for: .review)]
  }

  // MARK: Posting

  /// `p` and `P`: captures the entry, if its panel was on the glass when the key was pressed.
  mutating func post(thenOpensNext: Bool) -> [Effect] {
    guard let form, let panel = reviewPanel else { return [] }
    guard panel.review != nil, panel.readySince <= paintedGeneration else {
      reviewPanel?.ignoredPost = true
      return []
    }
    let serial = captures.begin(
      panel.draft, holder: panel.review?.holder, takesBack: form.reversal?.label)
    self.form = nil
    overlay = .outcome(serial: serial)
    if thenOpensNext {
      overlay = nil
      self.form = EntryForm(kind: form.kind, currency: defaultCurrency)
      self.form?.followedCapture = serial
    }
    return [ask(.capture(panel.draft), for: .capture(serial: serial))]
  }
}

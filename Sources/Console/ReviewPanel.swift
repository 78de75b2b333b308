import BankCore
import Screen

/// The last look at an entry before it is captured. Only `p` and `P` post from here.
struct ReviewPanel: Sendable {
  var draft: Draft
  /// Nil until the service has answered.
  @Shared var review: Review?
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
  /// So great an amount that it is typed again before it is posted.
  fileprivate(set) var isAboveLimit = false
  /// The amount, while it is typed again.
  var amountAgain: TextField?
  /// It was typed again, and is the same.
  var amountAgrees = false
  /// The word that is typed in place of a key, where the review is heard: nobody posts by a key that
  /// a screen reader takes for its own. Nil on a full screen.
  var word: TextField?

  /// A field of the panel takes the keys, on a full screen.
  var isTyping: Bool { supervisor != nil || amountAgain != nil }

  /// The answer is on its way: what an earlier one said may not be so any more.
  var isAsking: Bool { readySince == .max }
}

extension ReviewPanel {
  private static let keys: [Binding] =
    CommonKeys.following([
      Binding(
        .character("p"), word: "post", help: "Post the entry as shown",
        EntryForm.Action.post(thenNext: false)),
      Binding(
        .character("P"), word: "post, next",
        help: "Post it, and open the next form of the same kind",
        EntryForm.Action.post(thenNext: true)),
      Binding(
        .character("o"), word: "supervisor",
        help: "Let a supervisor allow it beyond the limits",
        EntryForm.Action.askForSupervisor),
      Binding(
        .enter, word: "post", help: "Does nothing here: only p posts", footer: .absent,
        isInPalette: false, EntryForm.Action.postByHabit),
      Binding(
        .escape, .character("q"), word: "change",
        help: "Go back to the fields; press esc again to drop the entry",
        EntryForm.Action.leaveReview),
      Binding(
        .character("e"), word: "edit", help: "Go back to the fields", footer: .absent,
        EntryForm.Action.backToFields),
      CommonKeys.help(.character("?"), .function(1)),
    ])

  static let amountAgainWord = "type the amount again"

  /// The same where `p` does not post yet.
  private static let keysBeforeAmount: [Binding] = keys.map { binding in
    guard let action = binding.action as? EntryForm.Action else { return binding }
    switch action {
    case .post(thenNext: false):
      return Binding(
        keys: binding.keys, word: amountAgainWord,
        help: "Type the amount again; then p posts the entry", action: action)
    case .post(thenNext: true):
      return Binding(
        keys: binding.keys, word: amountAgainWord,
        help: "Type the amount again; then P posts the entry, and opens the next form",
        footer: .absent, action: action)
    default: return binding
    }
  }

  private static let supervisorKeys: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "done", help: "Ask again, allowed by that supervisor",
        EntryForm.Action.approve),
      Binding(
        .escape, word: "cancel", help: "Without a supervisor", EntryForm.Action.forgetSupervisor),
    ])

  private static let amountKeys: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "done", help: "Compare it with the amount of the entry",
        EntryForm.Action.compareAmount),
      Binding(
        .escape, word: "cancel", help: "Back to the review", EntryForm.Action.forgetAmount),
    ])

  private static let wordKeys: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "done",
        help: "Do what is typed: post, next to post and go on, edit, supervisor",
        EntryForm.Action.doWord),
      Binding(
        .escape, word: "change",
        help: "Go back to the fields; press esc again to drop the entry",
        EntryForm.Action.leaveReview),
    ])

  var bindings: [Binding] {
    if amountAgain != nil { return Self.amountKeys }
    if supervisor != nil { return Self.supervisorKeys }
    if word != nil { return Self.wordKeys }
    return wantsAmountAgain ? Self.keysBeforeAmount : Self.keys
  }
}

extension EntryForm {
  /// The open review, if there is one.
  var reviewPanel: ReviewPanel? {
    get {
      if case .review(let panel) = phase { panel } else { nil }
    }
    set {
      if let newValue, case .review = phase { phase = .review(newValue) }
    }
  }

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .post(let thenNext):
      return thenNext && kind == .reversal
        ? "A reversal has no next form. \(howToPost(context))" : objectionToPosting(context)
    case .postByHabit:
      return objectionToPosting(context) ?? howToPost(context)
    case .askForSupervisor:
      let mayAllow =
        reviewPanel?.isAsking == false && reviewPanel?.review?.supervisorMayAllow == true
      if mayAllow { return nil }
      let objection = reviewPanel?.review?.objection
      return objection.map {
        Wording.withCode("No supervisor may allow this.", $0.text, code: $0.code)
      }
        ?? "This entry needs no supervisor."
    default: return nil
    }
  }

  private func howToPost(_ context: Context) -> String {
    let key =
      context.options.isPlain
      ? "Type post, then press enter"
      : reviewPanel?.wantsAmountAgain == true
        ? "Press p to type the amount again" : "Press p to post"
    return "\(key), or esc to go back to the fields."
  }

  /// Why the reviewed entry cannot be posted; nil also while nobody can have seen the panel.
  func objectionToPosting(_ context: Context) -> String? {
    guard let panel = reviewPanel else { return "There is nothing to post." }
    if panel.isAsking { return nil }
    if let failure = panel.failure { return failure.text }
    if let objection = panel.review?.objection { return objection.withCode }
    // What is heard is heard whole.
    guard !context.options.isPlain,
      !ReviewView(context: context, form: self, panel: panel).showsAll
    else { return nil }
    return "The window is too small for the whole review. Make it larger, then press p."
  }

  // MARK: Asking

  mutating func receiveReview(_ reply: Reply, _ context: Context) {
    guard var panel = reviewPanel else { return }
    panel.readySince = context.generation
    switch reply {
    case .review(let review):
      panel.review = review
      panel.draft = review.draft
      panel.isAboveLimit = ReviewPanel.isAboveLimit(review.draft, context)
      panel.failure = nil
    case .failed(let failure):
      panel.review = nil
      panel.failure = failure
    default: return
    }
    reviewPanel = panel
  }

  /// Asks for the open review again because what it says may no longer be so.
  mutating func reviewAgain(_ context: inout Context) -> [Wish] {
    guard var panel = reviewPanel else { return [] }
    panel.readySince = .max
    panel.wasAskedAgain = true
    reviewPanel = panel
    return [context.ask(.review(panel.draft), for: Question.review)]
  }

  // MARK: The supervisor

  /// Gives a key to the field of the panel, if there is one.
  mutating func typeInReview(_ key: Key, _ context: inout Context) -> [Wish]? {
    reviewPanel?.type(key, &context) == true ? [] : nil
  }

  mutating func approve(_ context: inout Context) -> [Wish] {
    guard var panel = reviewPanel, let name = panel.supervisor?.trimmed else { return [] }
    guard !name.isEmpty else {
      context.message = .cannot("Type the supervisor's name, or press esc.")
      return []
    }
    panel.supervisor = nil
    panel.draft.approvedBy = name
    panel.readySince = .max
    reviewPanel = panel
    return [context.ask(.review(panel.draft), for: Question.review)]
  }

  // MARK: The typed word

  /// `enter` after a typed word.
  mutating func doWord(_ context: inout Context) -> [Wish] {
    let word = reviewPanel?.word?.trimmed.lowercased() ?? ""
    let action: Action? =
      switch word {
      case "": .postByHabit
      case "post": .post(thenNext: false)
      case "next", "post next": .post(thenNext: true)
      case "edit": .backToFields
      case "supervisor": .askForSupervisor
      default: nil
      }
    guard let action else {
      context.message = .cannot(
        "\(word) does nothing here. Type post, next, edit or supervisor, then press enter.")
      return []
    }
    reviewPanel?.word = TextField()
    if let objection = objection(to: action, context) {
      context.message = .objection(objection)
      return []
    }
    return perform(action, &context)
  }

  // MARK: Posting

  /// `p` and `P`: captures the entry, if its panel was on the glass when the key was pressed.
  mutating func post(thenOpensNext: Bool, _ context: inout Context) -> [Wish] {
    guard let panel = reviewPanel else { return [] }
    guard panel.review != nil, panel.readySince <= context.paintedGeneration else {
      reviewPanel?.ignoredPost = true
      return []
    }
    guard !panel.wantsAmountAgain else {
      reviewPanel?.amountAgain = TextField()
      return []
    }
    let serial = context.sentDrafts.begin(
      panel.draft, holder: panel.review?.holder, takesBack: reversal?.label)
    let capture = context.ask(
      .capture(panel.draft), for: CommonQuestion.capture(serial: serial))
    guard thenOpensNext else { return [.closeForm, .open(OutcomePanel(serial: serial)), capture] }
    var next = EntryForm(kind: kind, currency: context.defaultCurrency)
    next.batch = EntryBatch(serial, after: batch)
    return [.openForm(next), capture]
  }
}

// MARK: What is typed in it

extension ReviewPanel {
  /// Gives a key to the field that is open: the amount again, a supervisor's name, or the word of
  /// whoever hears the review.
  ///
  /// - Returns: whether one took it.
  fileprivate mutating func type(_ key: Key, _ context: inout Context) -> Bool {
    if var field = amountAgain {
      guard field.accept(key) else { return false }
      amountAgain = field
    } else if var field = supervisor {
      guard field.accept(key) else { return false }
      supervisor = field
    } else {
      guard var field = word, field.accept(key) else { return false }
      // A word that was begun before the review was told is not meant for it.
      guard readySince <= context.paintedGeneration else {
        ignoredPost = true
        return true
      }
      word = field
      context.tell(of: field)
    }
    return true
  }

  /// Whether the amount is to be typed again before the entry is posted.
  var wantsAmountAgain: Bool { isAboveLimit && !amountAgrees }

  /// Whether that amount is to be typed again at this till.
  fileprivate static func isAboveLimit(_ draft: Draft, _ context: Context) -> Bool {
    guard draft.kind != .reversal, let units = context.options.retypesAboveUnits,
      let amount = draft.amount
    else { return false }
    let limit = units.multipliedReportingOverflow(by: amount.currency.minorUnitsPerUnit)
    return !limit.overflow && amount.minorUnits > limit.partialValue
  }

  /// Compares the amount that was typed again with the one of the entry.
  mutating func compareAmount(_ context: inout Context) {
    guard let typed = amountAgain, let amount = draft.amount else { return }
    do {
      let again = try Money(
        parsing: typed.trimmed, amount.currency, notation: context.options.notation)
      amountAgrees = again == amount
      amountAgain = amountAgrees ? nil : TextField()
      context.message =
        amountAgrees
        ? .good("The amounts agree. \(word == nil ? "Press p" : "Type post") to post.")
        : .cannot(
          "You typed \(context.words.money(again)): not the amount of the entry. "
            + "Type it again, or press esc.")
    } catch { context.message = .cannot(error.text) }
  }
}

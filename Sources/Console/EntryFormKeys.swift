import BankCore
import Screen

extension EntryForm: AnsweredPanel {
  enum Action: PanelAction {
    typealias Panel = EntryForm
    case next, leave
    case moveFocus(Int)
    /// Among the matching accounts, or to another field.
    case move(Int)

    // Of the review.
    case post(thenNext: Bool)
    /// What the typed word says.
    case doWord
    case askForSupervisor, approve, forgetSupervisor
    case compareAmount, forgetAmount
    case backToFields
    /// The same, and the next esc leaves the form.
    case leaveReview
    /// `enter` posts nothing.
    case postByHabit
  }

  enum Question: PanelQuestion {
    typealias Panel = EntryForm
    /// The accounts that match what is typed in a field.
    case pick(FieldName)
    case review
    /// What a reversal would do, asked before its reason is typed.
    case reversal(EntryID)

    enum Slot: Hashable {
      case pick(FieldName)
      case review, reversal
    }

    var slot: Slot {
      switch self {
      case .pick(let field): .pick(field)
      case .review: .review
      case .reversal: .reversal
      }
    }
  }

  private static let editing: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "next", help: "Next field; after the last field, the review",
        Action.next),
      Binding(
        .tab, word: "next field", help: "Next field", footer: .absent, Action.moveFocus(1)),
      Binding(.backTab, word: "field before", help: "Field before", Action.moveFocus(-1)),
      Binding(
        .up, word: "up", help: "Up among the matching accounts, or to the field before",
        footer: .absent, Action.move(-1)),
      Binding(
        .down, word: "down", help: "Down among the matching accounts, or to the next field",
        footer: .absent, Action.move(1)),
      Binding(
        .escape, word: "leave", help: "Leave the form; press it twice if something is typed",
        Action.leave),
    ])

  var bindings: [Binding] {
    switch phase {
    case .editing: Self.editing
    case .review(let panel): panel.bindings
    }
  }

  var helpTitle: String {
    if let panel = reviewPanel, !panel.isTyping { "Help: the review" } else { "Help" }
  }

  static func opened(in context: Context) -> EntryForm? { context.form }
  static func replace(with panel: EntryForm, in context: inout Context) { context.form = panel }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    switch phase {
    case .editing:
      EntryFormView(context: console.context, form: self).draw(on: &frame, in: area)
    case .review(let panel):
      ReviewView(context: console.context, form: self, panel: panel).draw(on: &frame, in: area)
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .next: return finishField(&context)
    case .leave: return leave(&context)
    case .moveFocus(let distance): return moveFocus(by: distance, &context)
    case .move(let distance): return move(by: distance, &context)
    case .post(let thenNext): return post(thenOpensNext: thenNext, &context)
    case .doWord: return doWord(&context)
    case .askForSupervisor: reviewPanel?.supervisor = TextField()
    case .approve: return approve(&context)
    case .forgetSupervisor: reviewPanel?.supervisor = nil
    case .compareAmount: reviewPanel?.compareAmount(&context)
    case .forgetAmount: reviewPanel?.amountAgain = nil
    case .backToFields: backToFields(&context)
    case .leaveReview:
      backToFields(&context)
      context.armed = .drop
      context.message = .plain("Change a field, or press esc again to drop the entry.")
    case .postByHabit: break
    }
    return []
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .pick(let field): return receivePick(reply, field, &context)
    case .review: receiveReview(reply, context)
    case .reversal(let target):
      // Whether the customer of what is taken back was told that nobody knows.
      guard case .review(let review) = reply, reversal?.entry == target else { break }
      takesBackUnknown = review.takesBackUnknown
    }
    return []
  }

  // MARK: Opening

  /// Opens the form as it stands, and looks for what is behind it: the accounts that are typed, and what
  /// is known of an entry that is taken back.
  func openAsLeft(_ context: inout Context) -> [Wish] {
    let picks = [FieldName.account, .counterAccount].filter {
      fields.contains($0) && !self[$0].isEmpty
    }
    let known = reversal.map { choice in
      // What its customer was told stands in the ledger alone, and decides which way the cash goes.
      let draft = Draft(kind: .reversal, memo: "", reverses: choice.entry)
      return context.ask(.review(draft), for: Question.reversal(choice.entry))
    }
    return [.openForm(self)]
      + picks.map { field in
        let query = AccountQuery(filter: self[field].trimmed, limit: 8)
        return context.ask(.accounts(query), for: Question.pick(field))
      } + [known].compactMap(\.self)
  }

  // MARK: Leaving

  /// Back to what was refused, else to the last field.
  private mutating func backToFields(_ context: inout Context) {
    context.questions.abandon(Question.review)
    if let refused = reviewPanel?.review?.objection.flatMap(field(refusedFor:)),
      fields.contains(refused)
    {
      focus = refused
    }
    phase = .editing
  }

  /// The field that another text would mend.
  private func field(refusedFor reason: Reason) -> FieldName? {
    switch reason {
    case .insufficientFunds, .overOfflineLimit, .needsSupervisor, .amountTooLarge: .amount
    case .sameAccount: .counterAccount
    case .unknownAccount, .accountClosed, .accountFrozen, .ownAccount, .notInSnapshot,
      .currencyDiffers:
      kind == .transfer ? .counterAccount : .account
    default: nil
    }
  }

  private mutating func leave(_ context: inout Context) -> [Wish] {
    guard isTouched, context.armed != .drop else {
      context.questions.abandon(Question.review)
      return [.closeForm]
    }
    // An arrow key that a slow line tears apart begins with esc: one alone must not lose a form.
    context.armed = .drop
    context.message = .cannot("Press esc again to drop what is typed.")
    return []
  }

  // MARK: Typing

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard case .editing = phase else { return typeInReview(key, &context) }
    let field = focus
    let before = self[field].text
    // Whoever has asked for the review types for its panel, which nobody can have seen.
    if wantsReview, errors.isEmpty, case .character(let character) = key {
      if "pP".contains(character) { ignoredPost = true }
      context.message = .plain("Looking for the account…")
      return []
    }
    guard self[field].accept(key) else { return nil }
    context.tell(of: self[field])
    guard self[field].text != before else { return [] }
    wantsReview = false
    errors[field] = nil
    if field == .amount || field == .currency {
      errors[.amount] = amountError(notation: context.options.notation, isFinished: false)
    }
    guard self[choice: field] != nil else { return [] }
    self[choice: field]?.typedAnew()
    context.questions.abandon(Question.pick(field))
    let text = self[field].trimmed
    return text.isEmpty
      ? []
      : [context.ask(.accounts(AccountQuery(filter: text, limit: 8)), for: Question.pick(field))]
  }

  /// Takes in the accounts that match what is typed in a field.
  private mutating func receivePick(
    _ reply: Reply, _ field: FieldName, _ context: inout Context
  ) -> [Wish] {
    guard self[choice: field] != nil else { return [] }
    switch reply {
    case .accounts(let view):
      let other = field == .counterAccount ? account.number : nil
      self[choice: field]?.found(view, generation: context.generation, other: other)
      guard focus != field || wantsReview else { return [] }
      _ = settle(field, context)
      return wantsReview ? askForReview(&context) : []
    case .failed(let failure):
      errors[field] = failure.text
      wantsReview = false
      focus = field
    default: break
    }
    return []
  }

  // MARK: Going on

  /// `enter`: on to the next field, from the last one to the review.
  private mutating func finishField(_ context: inout Context) -> [Wish] {
    guard check(focus, context) else { return [] }
    guard let next = fieldAfter(focus) else { return askForReview(&context) }
    focus = next
    return []
  }

  private mutating func moveFocus(by distance: Int, _ context: inout Context) -> [Wish] {
    guard let index = fields.firstIndex(of: focus) else { return [] }
    wantsReview = false
    if distance > 0 { return fieldAfter(focus) == nil ? [] : finishField(&context) }
    if index > 0 { focus = fields[index - 1] }
    return []
  }

  private mutating func move(by distance: Int, _ context: inout Context) -> [Wish] {
    if let choice = self[choice: focus], choice.chosen == nil, !choice.candidates.isEmpty {
      self[choice: focus]?.moveHighlight(by: distance)
      return []
    }
    return moveFocus(by: distance, &context)
  }

  private func fieldAfter(_ field: FieldName) -> FieldName? {
    guard let index = fields.firstIndex(of: field), index + 1 < fields.count else { return nil }
    return fields[index + 1]
  }

  /// Checks one field and leaves the error under it.
  private mutating func check(_ field: FieldName, _ context: Context) -> Bool {
    if self[choice: field] != nil { return settle(field, context) }
    let error = error(in: field, notation: context.options.notation)
    errors[field] = error
    return error == nil
  }

  /// Settles which account a field means, and leaves the error under it.
  private mutating func settle(_ field: FieldName, _ context: Context) -> Bool {
    guard var settled = self[choice: field] else { return false }
    var error = settled.settle(paintedGeneration: context.paintedGeneration)
    if error == nil, settled.isNotInSnapshot, kind != .deposit || field != .account {
      error = Reason.notInSnapshot.text
    }
    if error == nil, field == .counterAccount, let number = settled.number,
      number == account.number
    {
      error = Reason.sameAccount.text
    }
    self[choice: field] = settled
    errors[field] = error
    if error != nil {
      focus = field
      wantsReview = false
    } else if settled.isNotInSnapshot, wantsReview {
      wantsReview = false
      focus = .holder
    }
    return error == nil
  }

  /// Asks what the entry would do, once every field is right and the accounts are known.
  private mutating func askForReview(_ context: inout Context) -> [Wish] {
    let asked = fields
    for field in asked where !check(field, context) {
      focus = field
      return []
    }
    if fields != asked {
      // An account turned out not to be in the snapshot: holder and currency are wanted now.
      focus = .holder
      wantsReview = false
      return []
    }
    guard let draft = draft(notation: context.options.notation) else {
      wantsReview = true
      context.message = .plain("Looking for the account…")
      return []
    }
    wantsReview = false
    // The account that was looked for is found.
    context.message = nil
    phase = .review(
      ReviewPanel(
        draft: draft, ignoredPost: ignoredPost, word: context.options.isPlain ? TextField() : nil))
    ignoredPost = false
    return [context.ask(.review(draft), for: Question.review)]
  }
}

extension Provenance {
  /// Whether the database itself was read.
  var isLive: Bool {
    switch self {
    case .live: true
    case .snapshot: false
    case .estimated(_, _, _, _, let isLive): isLive
    }
  }
}

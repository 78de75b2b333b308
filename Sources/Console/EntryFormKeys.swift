import BankCore
import Screen

extension EntryForm {
  static let bindings: [Binding] = [
    Binding(.enter, word: "next", help: "To the next field; from the last one to the review") {
      $0.finishField()
    },
    Binding(.tab, word: "next field", help: "To the next field", footer: .absent) {
      $0.moveFocus(by: 1)
    },
    Binding(.backTab, word: "field before", help: "To the field before") { $0.moveFocus(by: -1) },
    Binding(
      .up, word: "up", help: "Up among the matching accounts, or to the field before",
      footer: .absent
    ) { $0.moveInForm(by: -1) },
    Binding(
      .down, word: "down", help: "Down among the matching accounts, or to the next field",
      footer: .absent
    ) { $0.moveInForm(by: 1) },
    Binding(.escape, word: "leave", help: "Leave the form; twice, if something is typed") {
      $0.leaveForm()
    },
  ]
}

extension ConsoleState {
  // MARK: Opening and leaving

  /// Opens a form for the selected account, or one that asks for the account.
  mutating func openForm(_ kind: EntryKind) -> [Effect] {
    overlay = nil
    form = EntryForm(kind: kind, account: selectedAccount, currency: defaultCurrency)
    return []
  }

  /// Takes in whether the customer of what is taken back was told that nobody knows.
  mutating func receiveForeseen(_ reply: Reply, _ target: EntryID) {
    guard case .review(let review) = reply, form?.reversal?.entry == target else { return }
    form?.takesBackUnknown = review.takesBackUnknown
  }

  mutating func leaveForm() -> [Effect] {
    guard let form, form.isTouched, !dropIsArmed else {
      self.form = nil
      questions.abandon(.review)
      return []
    }
    // An arrow key that a slow line tears apart begins with esc: one alone must not lose a form.
    dropIsArmed = true
    message = .cannot("esc once more drops what is typed.")
    return []
  }

  // MARK: Typing

  mutating func typeInForm(_ key: Key) -> [Effect]? {
    guard var form else { return nil }
    let field = form.focus
    let before = form[field].text
    // Whoever has asked for the review types for its panel, which nobody can have seen.
    if form.wantsReview, form.errors.isEmpty, case .character(let character) = key {
      if "pP".contains(character) { self.form?.ignoredPost = true }
      message = .plain("Looking for the account…")
      return []
    }
    guard form[field].take(key) else { return nil }
    context.tell(of: form[field])
    defer { self.form = form }
    guard form[field].text != before else { return [] }
    form.wantsReview = false
    form.errors[field] = nil
    if field == .amount || field == .currency {
      form.errors[.amount] = form.amountError(notation: options.notation, isFinished: false)
    }
    guard form[choice: field] != nil else { return [] }
    form[choice: field]?.typedAnew()
    questions.abandon(.pick(field))
    let text = form[field].trimmed
    return text.isEmpty
      ? [] : [ask(.accounts(AccountQuery(filter: text, limit: 8)), for: .pick(field))]
  }

  /// Takes in the accounts that match what is typed in a field.
  mutating func receivePick(_ reply: Reply, _ field: FieldName) -> [Effect] {
    guard var form, form[choice: field] != nil else { return [] }
    switch reply {
    case .accounts(let view):
      form[choice: field]?.found(view, generation: generation)
      let wasLeft = form.focus != field || form.wantsReview
      self.form = form
      guard wasLeft else { return [] }
      _ = settle(field)
      return self.form?.wantsReview == true ? askForReview() : []
    case .failed(let failure):
      form.errors[field] = failure.text
      form.wantsReview = false
      form.focus = field
      self.form = form
    default: break
    }
    return []
  }

  // MARK: Going on

  /// `enter`: on to the next field, from the last one to the review.
  mutating func finishField() -> [Effect] {
    guard let form else { return [] }
    guard check(form.focus) else { return [] }
    guard let next = fieldAfter(form.focus) else { return askForReview() }
    self.form?.focus = next
    return []
  }

  mutating func moveFocus(by distance: Int) -> [Effect] {
    guard let form, let index = form.fields.firstIndex(of: form.focus) else { return [] }
    self.form?.wantsReview = false
    if distance > 0 { return fieldAfter(form.focus) == nil ? [] : finishField() }
    if index > 0 { self.form?.focus = form.fields[index - 1] }
    return []
  }

  mutating func moveInForm(by distance: Int) -> [Effect] {
    guard let form else { return [] }
    if let choice = form[choice: form.focus], choice.chosen == nil, !choice.candidates.isEmpty {
      self.form?[choice: form.focus]?.moveHighlight(by: distance)
      return []
    }
    return moveFocus(by: distance)
  }

  private func fieldAfter(_ field: FieldName) -> FieldName? {
    guard let form, let index = form.fields.firstIndex(of: field),
      index + 1 < form.fields.count
    else { return nil }
    return form.fields[index + 1]
  }

  /// Checks one field and leaves the error under it.
  private mutating func check(_ field: FieldName) -> Bool {
    guard let form else { return false }
    if form[choice: field] != nil { return settle(field) }
    let error = form.error(in: field, notation: options.notation)
    self.form?.errors[field] = error
    return error == nil
  }

  /// Settles which account a field means, and leaves the error under it.
  private mutating func settle(_ field: FieldName) -> Bool {
    guard var settled = form?[choice: field] else { return false }
    var error = settled.settle(paintedGeneration: paintedGeneration)
    if error == nil, settled.isNotInSnapshot, form?.kind != .deposit || field != .account {
      error = Reason.notInSnapshot.text
    }
    form?[choice: field] = settled
    form?.errors[field] = error
    if error != nil {
      form?.focus = field
      form?.wantsReview = false
    } else if settled.isNotInSnapshot, form?.wantsReview == true {
      form?.wantsReview = false
      form?.focus = .holder
    }
    return error == nil
  }

  /// Asks what the entry would do, once every field is right and the accounts are known.
  mutating func askForReview() -> [Effect] {
    guard let fields = form?.fields else { return [] }
    for field in fields where !check(field) {
      form?.focus = field
      return []
    }
    if form?.fields != fields { return focusOnFirstGap() }
    guard let form, let draft = form.draft(notation: options.notation) else {
      self.form?.wantsReview = true
      message = .plain("Looking for the account…")
      return []
    }
    self.form?.wantsReview = false
    // The account that was looked for is found.
    message = nil
    self.form?.phase = .review(ReviewPanel(draft: draft, ignoredPost: form.ignoredPost))
    self.form?.ignoredPost = false
    return [ask(.review(draft), for: .review)]
  }

  // An account turned out not to be in the snapshot: holder and currency are wanted now.
  private mutating func focusOnFirstGap() -> [Effect] {
    form?.focus = .holder
    form?.wantsReview = false
    return []
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

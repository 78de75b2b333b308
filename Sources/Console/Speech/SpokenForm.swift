import BankCore
import Screen

// What forms, reviews and receipts say.

extension EntryForm {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    if let panel = reviewPanel {
      return SpokenReview(context: console.context, form: self, panel: panel).parts
    }
    return SpokenEntryForm(form: self, context: console.context).parts
  }
}

/// What a form says: what it is about, the field with its value, and what is wrong with it.
private struct SpokenEntryForm {
  let form: EntryForm
  let context: Context

  var parts: [Speech.Part] { above + [head, field, hint] }

  /// The receipt that the form follows, and what the batch comes to.
  private var above: [Speech.Part] {
    var parts: [Speech.Part] = []
    if let serial = form.followedCapture, let capture = context.sentDrafts[serial] {
      parts.append(.init(.panel, SpokenReceipt(context).text(capture)))
    }
    if let told = form.batch?.inWords(form.kind, context.words) {
      parts.append(.init(.panel, SpokenWords.sentences([SpokenWords.plain(told)])))
    }
    return parts
  }

  /// `Deposit to 2379, Nováková, Jana, open, 233.00 Czech koruna.`
  private var head: Speech.Part {
    let words = context.spoken
    if let reversal = form.reversal {
      return .init(
        .panel,
        SpokenWords.sentences([
          SpokenWords.list(
            "Reversal of \(words.label(reversal.label))",
            "\(reversal.kind.word) of \(words.money(reversal.amount.magnitude))",
            "booked \(words.day(reversal.date))"),
          reversal.memo, form.cashWords(nil, context),
        ]))
    }
    let from = form.account.spoken(context)
    let to = form.counterAccount.spoken(context)
    let way = form.kind == .deposit ? "to" : "from"
    let text = [
      form.kind.title, from.map { "\(way) \($0)" },
      form.kind == .transfer ? to.map { "to \($0)" } : nil,
    ].compactMap(\.self).joined(separator: " ")
    return .init(.panel, SpokenWords.sentences([text]))
  }

  private var field: Speech.Part { .field(form.focus.label(form.kind), form[form.focus]) }

  /// What is wrong, else what the field has found, else what it is for.
  private var hint: Speech.Part {
    let focus = form.focus
    if let error = form.errors[focus] { return .init(.hint, SpokenWords.sentences([error])) }
    guard let choice = form[choice: focus], choice.chosen == nil, !choice.candidates.isEmpty,
      choice.isAnswered
    else {
      let isLooking = form[choice: focus].map { !$0.field.isEmpty && !$0.isAnswered } ?? false
      let view = EntryFormView(context: context, form: form)
      let note =
        isLooking || form[choice: focus]?.chosen != nil
        ? nil : view.note(under: focus, columns: .max)
      return .init(.hint, SpokenWords.sentences([note ?? ""]))
    }
    return choice.spokenCandidate(context)
  }
}

extension AccountChoice {
  /// `2379, Nováková, Jana, open, 233.00 Czech koruna`; nil while nobody knows which account it is.
  fileprivate func spoken(_ context: Context) -> String? {
    guard let view = chosen else {
      return isNotInSnapshot ? "\(typed), not in the snapshot, not verified" : nil
    }
    let words = context.spoken
    let account = view.account
    let source = words.source(view.provenance, isLive: context.status.mode.isLive)
    return SpokenWords.list(
      words.short(account.number), account.holder, account.status.rawValue,
      words.money(account.balance), source == "live" ? nil : source)
  }

  /// The account that the arrows have come to, among those that match.
  func spokenCandidate(_ context: Context) -> Speech.Part {
    let account = candidates[highlight].account
    let count = candidates.count
    let which = count == 1 ? "1 account matches" : "\(highlight + 1) of \(count) that match"
    return .init(
      .hint,
      SpokenWords.sentences([
        SpokenWords.list(
          which, account.holder, account.number.text, account.status.rawValue,
          context.spoken.name(of: account.currency))
      ]))
  }
}

/// What a review says: who, how much, what it makes of the balance, where it will go, and the word
/// that posts it.
struct SpokenReview {
  let context: Context
  let form: EntryForm
  let panel: ReviewPanel

  private var words: SpokenWords { context.spoken }

  var parts: [Speech.Part] {
    let edge = "Nothing has changed."
    if let failure = panel.failure {
      let text = SpokenWords.sentences(["Review", failure.text, failure.fix])
      return [.init(.panel, text, edge: edge)] + prompt + warning
    }
    // Nothing of an older answer is said while a newer one is on its way.
    guard let review = panel.review, !panel.isAsking else {
      return [.init(.panel, "Asking what the entry would do.")]
    }
    return [.init(.panel, text(review), edge: edge)] + prompt + warning
  }

  private func text(_ review: Review) -> String {
    let memo = panel.draft.memo
    let label = form.kind == .reversal ? "Reason" : "Memo"
    return SpokenWords.sentences(
      [what(review)] + cash(review) + [
        memo.isEmpty ? "" : "\(label) \(memo)",
        panel.draft.approvedBy.map { "Allowed by \($0)" } ?? "",
      ] + twin(review) + destination(review))
  }

  private func what(_ review: Review) -> String {
    if let choice = form.reversal {
      return "Review: reversal of \(words.label(choice.label)), \(choice.kind.word) of "
        + words.money((review.original?.amount ?? choice.amount).magnitude)
    }
    let amount = panel.draft.amount.map(words.money) ?? ""
    let way = form.kind == .deposit ? "to" : "from"
    let other = panel.draft.counterAccount.map {
      "to \(review.counterHolder ?? form.counterAccount.chosen?.account.holder ?? words.short($0))"
    }
    return SpokenWords.list(
      ["Review: \(form.kind.word) \(amount) \(way) \(holder(review))", other].compactMap(\.self)
        .joined(separator: " "), balances(review))
  }

  private func holder(_ review: Review) -> String {
    if let known = review.holder ?? form.account.chosen?.account.holder { return known }
    let number = panel.draft.account.map(words.short) ?? ""
    return panel.draft.statedHolder.map {
      "\($0), \(number), as the customer states it, not verified"
    } ?? "\(number), holder not known"
  }

  /// `after it 243.00, live`
  private func balances(_ review: Review) -> String {
    guard let before = review.before, let provenance = review.provenance else {
      return "balance not known here"
    }
    let source = words.source(provenance, isLive: context.status.mode.isLive)
    guard let after = review.after else { return "balance \(words.amount(before)), \(source)" }
    return "after it \(words.amount(after)), \(source)"
  }

  private func cash(_ review: Review) -> [String] {
    form.kind == .reversal ? [form.cashWords(review, context)] : []
  }

  /// That the same was entered just now.
  private func twin(_ review: Review) -> [String] {
    guard let twin = review.twin else { return [] }
    return [
      "The same \(twin.kind.word) was entered at \(words.moment(twin.capturedAt)): "
        + words.label(twin.label), "Post this only if it is another one",
    ]
  }

  private func destination(_ review: Review) -> [String] {
    guard let objection = review.objection else {
      return [context.status.banner, ReviewView.destination(review)]
    }
    let limits = review.room?.sentence(context.words.notation) ?? ""
    let fix = objection.fix(for: form.kind, isAway: review.destination == .manualLedger)
    return ["Not possible: \(objection.text)", limits, fix]
  }

  /// What is typed: a word that does something, or the name of a supervisor.
  private var prompt: [Speech.Part] {
    if let again = panel.amountAgain {
      return [.field("Amount again", again, empty: "Type the amount again, then press enter.")]
    }
    if let supervisor = panel.supervisor { return [.field("Supervisor's name", supervisor)] }
    guard let word = panel.word else { return [] }
    let supervisor =
      panel.review?.supervisorMayAllow == true
      ? " Type supervisor, then press enter, to have it allowed." : ""
    let empty =
      form.objectionToPosting(context) == nil
      ? "Type post, then press enter." : "Press escape to go back to the fields.\(supervisor)"
    return [.field("Word", word, empty: empty)]
  }

  private var warning: [Speech.Part] {
    ReviewView(context: context, form: form, panel: panel).warning.map {
      [.init(.hint, SpokenWords.sentences([$0]))]
    } ?? []
  }
}

/// What a receipt says, or what has become of a capture that gave none.
struct SpokenReceipt {
  private let context: Context
  private var words: SpokenWords { context.spoken }

  init(_ context: Context) { self.context = context }

  func text(_ capture: SentDraft) -> String {
    switch capture.state {
    case .writing: "The entry is being written. The receipt follows."
    case .failed(let failure):
      SpokenWords.sentences(["Not entered", failure.text, failure.fix])
    case .told(let receipt): text(receipt, takesBack: capture.takesBack)
    }
  }

  /// `Posted: till-1 14, code C31A 7557, balance 243.00.`
  func text(_ receipt: Receipt, takesBack: String?) -> String {
    let entry = receipt.entry
    let code =
      receipt.code.isEmpty
      ? nil : "code \(receipt.code.split(separator: "-").joined(separator: " "))"
    let balance = receipt.balance.map { "balance \(words.amount($0))" }
    let figures = SpokenWords.list(words.label(entry.label), code, balance)
    let isPlain = receipt.state == .posted
    let head = isPlain ? ["\(receipt.headline): \(figures)"] : [receipt.headline, figures]
    let deed = receipt.deed ?? "\(entry.kind.title) of"
    let what =
      isPlain && !receipt.isCopy
      ? "" : "\(deed) \(words.money(entry.amount)), \(account(entry))"
    return SpokenWords.sentences(
      (receipt.isCopy ? ["Receipt, copy"] : []) + head + [
        what, receipt.cash.map { "Cash: \($0.text(words.money(entry.amount)))" } ?? "",
        entry.statedHolder.map { "Holder \($0), as stated: not verified" } ?? "",
        takesBack.map { "Reverses \(words.label($0))" } ?? "",
        receipt.isCopy ? copied(receipt) : "",
        entry.approvedBy.map { "Allowed by \($0)" } ?? "",
        receipt.reason?.text ?? "", receipt.fix ?? "",
        receipt.isOneCopyOnly ? "One copy: the second ledger did not record this line" : "",
      ])
  }

  private func account(_ entry: Entry) -> String {
    let numbers = entry.customerAccounts.map { "ending in \($0.text.suffix(4))" }
    return "account \(numbers.joined(separator: " to account "))"
  }

  private func copied(_ receipt: Receipt) -> String {
    let memo = receipt.entry.memo
    let label = receipt.entry.kind == .reversal ? "reason" : "memo"
    let booked = receipt.bookingDate.flatMap { context.words.today(receipt.at) == $0 ? nil : $0 }
    return SpokenWords.list(
      words.moment(receipt.at), memo.isEmpty ? nil : "\(label) \(memo)",
      booked.map { "booked \(words.day($0))" })
  }
}

extension ReceiptPanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let takesBack = console.context.sentDrafts.all.last { $0.receipt?.entry.id == receipt.entry.id }
    return [
      .init(
        .panel, SpokenReceipt(console.context).text(receipt, takesBack: takesBack?.takesBack))
    ]
  }
}

extension OutcomePanel {
  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    guard let capture = console.context.sentDrafts[serial] else { return [] }
    return [.init(.panel, SpokenReceipt(console.context).text(capture))]
  }
}

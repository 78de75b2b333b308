import BankCore
import Screen

/// What stands half typed is kept outside as it changes, so that neither a hang-up nor a kill takes it
/// along. One change is under way at a time; the next one tells all that was typed meanwhile.
struct DraftKeeping: Sendable {
  /// What was handed over last.
  private var kept: KeptDraft?
  private var isUnderWay = false
  private var change: UInt64 = 0
  private var hasFailed = false
  /// What the console before this one left is on its way, or not decided: nothing takes its place.
  private(set) var holdsEarlier = true
  /// What is not offered yet because the screen was in use when it came.
  private var offer: KeptDraft?

  /// What is to be kept now; nil where nothing has changed, or not yet.
  ///
  /// - Parameter isLast: the console ends, and nobody hears what becomes of it.
  mutating func next(_ now: KeptDraft?, isLast: Bool = false) -> BranchRequest? {
    guard !holdsEarlier, isLast || !isUnderWay, now?.text != kept?.text else { return nil }
    kept = now
    isUnderWay = true
    change += 1
    return .keepDraft(now, change: change)
  }

  /// - Returns: what went wrong, once: a disk that is full stays full for a while.
  fileprivate mutating func hear(_ reply: BranchReply) -> Failure? {
    isUnderWay = false
    guard case .failed(let failure) = reply, !hasFailed else { return nil }
    hasFailed = true
    return failure
  }

  fileprivate mutating func receive(_ earlier: KeptDraft?) {
    offer = earlier
    holdsEarlier = earlier != nil
  }

  /// The offer, once; what it is about is decided by the panel.
  fileprivate mutating func takeOffer() -> KeptDraft? {
    defer { offer = nil }
    return offer
  }

  /// It is in the form again, or dropped.
  fileprivate mutating func decide(_ earlier: KeptDraft) {
    kept = earlier
    holdsEarlier = false
  }
}

extension KeptDraft {
  /// Without the time at which it was typed.
  fileprivate var text: KeptDraft {
    var text = self
    text.at = Instant(millisecondsSince1970: 0)
    return text
  }

  /// `An unfinished deposit to 2378`, `An unfinished reversal of till-1/0412`
  func inWords(label: (String) -> String = { $0 }) -> String {
    if let reversal { return "An unfinished reversal of \(label(reversal.label))" }
    let whose = account.isEmpty ? "" : kind == .deposit ? " to \(account)" : " from \(account)"
    let other = counterAccount.isEmpty ? "" : " to \(counterAccount)"
    return "An unfinished \(kind.word)\(whose)\(other)"
  }
}

extension KeptDraft {
  /// What is kept of a form; nil where nothing is typed.
  init?(_ form: EntryForm?, _ context: Context) {
    guard let form, form.isTouched else { return nil }
    func text(_ choice: AccountChoice) -> String { choice.number?.text ?? choice.field.trimmed }
    self.init(form.kind, by: context.status.operatorName, at: context.now)
    account = text(form.account)
    if form.kind == .transfer { counterAccount = text(form.counterAccount) }
    holder = form.holder.trimmed
    currency = form.currency.trimmed
    amount = form.amount.trimmed
    memo = form.memo.trimmed
    money = form.draft(notation: context.options.notation)?.amount
    reversal = form.reversal
  }
}

extension EntryForm {
  /// The form as it was left, in which the accounts are looked for again.
  init(_ kept: KeptDraft) {
    if let reversal = kept.reversal {
      self.init(reversing: reversal)
      memo = TextField(kept.memo)
      return
    }
    self.init(kind: kept.kind, currency: Currency(kept.currency))
    account.field = TextField(kept.account)
    counterAccount.field = TextField(kept.counterAccount)
    holder = TextField(kept.holder)
    amount = TextField(kept.amount)
    memo = TextField(kept.memo)
    focus = fields.first { self[$0].isEmpty } ?? .memo
  }
}

/// What the console does about it beside what keys do.
enum HalfTyped {
  /// Keeps what is half typed, where it has changed, and offers what was kept before.
  static func keep(_ console: inout ConsoleState) -> [ConsoleEffect] {
    if console.context.screenHasFocus, let earlier = console.draftKeeping.takeOffer() {
      console.overlay = KeptDraftPanel(draft: earlier, since: console.generation)
    }
    let kept = KeptDraft(console.form, console.context)
    guard let request = console.draftKeeping.next(kept) else { return [] }
    return console.grant([console.context.ask(request, for: DraftQuestion.keep)])
  }

  /// Asks what the console before this one left.
  static func ask(_ console: inout ConsoleState) -> [ConsoleEffect] {
    console.grant([console.context.ask(.keptDraft, for: DraftQuestion.earlier)])
  }
}

extension ConsoleState {
  /// What is still to be kept when the console ends; nil where all is.
  public mutating func lastDraft() -> BranchRequest? {
    draftKeeping.next(KeptDraft(form, context), isLast: true)
  }
}

private enum DraftQuestion: Question {
  typealias Answer = BranchReply
  case keep, earlier

  func receive(_ reply: BranchReply, in console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .keep:
      if let failure = console.draftKeeping.hear(reply) { console.message = .failed(failure) }
    case .earlier:
      if case .keptDraft(let draft) = reply {
        console.draftKeeping.receive(draft)
      } else {
        console.draftKeeping.receive(nil)
      }
      if case .failed(let failure) = reply { console.message = .failed(failure) }
    }
    return []
  }
}

/// Offers what was half typed when the console ended the last time.
struct KeptDraftPanel: PanelModel {
  let draft: KeptDraft
  /// The state's generation when it was opened.
  let since: UInt64

  private static let keys: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "go on", help: "Open the form as it was left", isInPalette: false,
        KeptDraftAction.goOn),
      Binding(
        .character("x"), word: "drop it", help: "Drop what was typed; nothing of it was entered",
        isInPalette: false, KeptDraftAction.drop),
      Binding(
        .escape, word: "decide", help: "Does nothing here: go on, or drop it", footer: .absent,
        isInPalette: false, KeptDraftAction.later),
      CommonKeys.help(.character("?"), .function(1)),
    ])

  var bindings: [Binding] { Self.keys }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    let context = console.context
    let columns = Panel.contentColumns(for: context.size.columns)
    let reversed = draft.reversal.map {
      "\($0.kind.word) of \(context.words.money($0.amount.magnitude))"
    }
    let amount = draft.amount.isEmpty ? "" : "\(draft.amount) \(draft.currency)"
    let values = [
      reversed.map { ("Reverses", $0) } ?? ("Amount", amount), ("Stated holder", draft.holder),
      (reversed == nil ? "Memo" : "Reason", draft.memo),
    ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
    let typed =
      "typed by \(draft.operatorName) \(context.words.moment(draft.at, now: context.now))"
    let lines =
      wrapped("\(draft.inWords()) was kept.", columns: columns, rows: 2).map { ($0, Role.heading) }
      + values.flatMap { wrapped($0, columns: columns, rows: 2) }.map { ($0, Role.text) }
      + wrapped("\(typed). Nothing of it was entered.", columns: columns, rows: 2)
      .map { ($0, Role.dim) }
    let box = Panel(
      title: "Half typed", columns: columns, rows: lines.count + 2)
    let inside = box.draw(on: &frame, in: area)
    for (row, line) in lines.enumerated() {
      frame.write(line.0, in: inside, row: row, role: line.1)
    }
    let last = inside.rows - 1
    frame.write("enter go on   x drop it", in: inside, row: last, role: .accent)
    frame.pointCursor(at: inside, row: last)
  }
}

/// What the keys of the offer do.
private enum KeptDraftAction: ConsoleAction {
  case goOn, drop, later

  func objection(in console: ConsoleState) -> String? {
    self == .later ? "Press enter to go on with it, or x to drop it." : nil
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard let panel = console.overlay as? KeptDraftPanel else { return [] }
    switch self {
    case .later: return []
    case .goOn:
      console.draftKeeping.decide(panel.draft)
      return console.grant(EntryForm(panel.draft).openAsLeft(&console.context))
    case .drop:
      guard console.context.paintedGeneration >= panel.since else {
        console.message = .cannot("An x typed before the question was shown did not count.")
        return []
      }
      console.draftKeeping.decide(panel.draft)
      console.message = .plain("What was half typed is dropped.")
      return console.grant([.closePanel])
    }
  }
}

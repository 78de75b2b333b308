import BankCore
import Screen

extension ChangePanel: AnsweredPanel {
  enum Action: PanelAction {
    typealias Panel = ChangePanel
    case next, leave, confirm
    case moveFocus(Int)
  }

  enum Question: PanelQuestion {
    typealias Panel = ChangePanel
    /// Whether an account has that number already.
    case isTaken(AccountNumber)

    var slot: String { "isTaken" }
  }

  private static let typing: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "next", help: "Next field; after the last field, the question",
        Action.next),
      Binding(
        .tab, .down, word: "next field", help: "Next field", footer: .absent,
        Action.moveFocus(1)),
      Binding(
        .backTab, .up, word: "field before", help: "Field before", Action.moveFocus(-1)),
      Binding(.escape, word: "leave", help: "Go back; nothing is changed", Action.leave),
    ])
  private static let question = Confirmation.bindings(yes: Action.confirm, back: Action.leave)

  var bindings: [Binding] {
    if case .confirm = step { Self.question } else { Self.typing }
  }

  func objection(to action: Action, _ context: Context) -> String? {
    if case .next = action, step == .asking {
      "The bank is being asked. Wait a moment."
    } else {
      nil
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .next:
      let finished = focus
      finishField(context)
      return askWhetherTaken(finished, &context)
    case .moveFocus(let distance):
      let finished = focus
      moveFocus(by: distance, context)
      return askWhetherTaken(finished, &context)
    case .leave: return leave()
    case .confirm: return confirm(&context)
    }
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    ChangeView(context: console.context, panel: self).draw(on: &frame, in: area)
  }

  private mutating func leave() -> [Wish] {
    guard case .confirm = step, !fields.isEmpty else { return [.closePanel] }
    step = .typing
    return []
  }

  // MARK: The number

  /// Nobody should type a whole account for nothing: a number that is taken is told at once.
  private func askWhetherTaken(_ finished: Field, _ context: inout Context) -> [Wish] {
    guard finished == .number, focus != .number,
      let number = AccountNumber(text(.number).uppercased()), context.objectionToChanging == nil
    else { return [] }
    return [context.ask(.account(number), for: Question.isTaken(number))]
  }

  /// What is typed meanwhile goes on where it is typed.
  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    guard case .isTaken(let number) = question, case .account(let view?) = reply else { return [] }
    taken.insert(view.account.number)
    if text(.number).uppercased() == number.text {
      errors[.number] = error(in: .number, notation: context.options.notation)
      if case .confirm = step { step = .typing }
    }
    return []
  }

  // MARK: Typing

  private mutating func finishField(_ context: Context) {
    guard step == .typing, let index = fields.firstIndex(of: focus) else { return }
    let notation = context.options.notation
    errors[focus] = error(in: focus, notation: notation)
    guard errors[focus] == nil else { return }
    if index + 1 < fields.count {
      focus = fields[index + 1]
    } else if let wrong = fields.first(where: { error(in: $0, notation: notation) != nil }) {
      errors[wrong] = error(in: wrong, notation: notation)
      focus = wrong
    } else {
      failure = nil
      step = .confirm(since: context.generation)
    }
  }

  private mutating func moveFocus(by distance: Int, _ context: Context) {
    guard step == .typing, let index = fields.firstIndex(of: focus) else { return }
    errors[focus] = distance > 0 ? error(in: focus, notation: context.options.notation) : nil
    guard errors[focus] == nil else { return }
    focus = fields[max(0, min(fields.count - 1, index + distance))]
  }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard step == .typing else { return nil }
    var field = texts[focus] ?? TextField()
    guard field.accept(key) else { return nil }
    texts[focus] = field
    errors[focus] = nil
    return []
  }

  // MARK: Asking

  /// `y` to the question of the panel.
  private mutating func confirm(_ context: inout Context) -> [Wish] {
    guard case .confirm(let since) = step, context.hasBeenSeen(since: since) else { return [] }
    // The bank may have been lost since the panel was opened.
    if let objection = objectionToAsking(context) {
      context.message = .objection(objection)
      return []
    }
    guard let wish = ask(&context) else { return [] }
    step = .asking
    failure = nil
    return [wish]
  }

  private func objectionToAsking(_ context: Context) -> String? {
    switch change {
    case .drill: context.objectionToDrill
    case .hold, .release: context.objectionToHolding
    case .open, .status, .period: context.objectionToChanging
    }
  }

  /// The bank has not done it: what was typed is there again.
  fileprivate mutating func takeBack(_ failure: Failure, _ context: Context) {
    self.failure = failure
    step = fields.isEmpty ? .confirm(since: context.generation) : .typing
  }
}

/// Whether the bank has made a change. Its answer is told although the panel was left meanwhile.
struct ChangeQuestion: Question {
  let change: ChangePanel.Change

  // One change is asked for at a time.
  var slot: String { "change" }

  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    let panel = ChangePanel.asking(for: change, in: console.context)
    if case .failed(let failure) = reply { return console.takeBack(panel, failure) }
    if panel != nil { console.context.closePanel() }
    switch (change, reply) {
    case (.period, _):
      console.message = .good(
        panel?.day.map { "All days through \($0) are closed." } ?? "The period is closed.")
    case (_, .account(let view?)):
      _ = console.tell(.accountChanged)
      console.message = .good(
        "Account \(view.account.number) is \(view.account.status.rawValue).")
      if change == .open, panel != nil, console.form == nil { return console.open(view) }
    default: break
    }
    return console.refresh()
  }
}

/// Whether the bank is kept away from the tills, or given back; told although the panel was left meanwhile.
struct KeepingQuestion: Question {
  let change: ChangePanel.Change

  func receive(_ reply: BranchReply, in console: inout ConsoleState) -> [ConsoleEffect] {
    let panel = ChangePanel.asking(for: change, in: console.context)
    if case .failed(let failure) = reply { return console.takeBack(panel, failure) }
    if panel != nil { console.context.closePanel() }
    console.message = .good(told).about(.standing)
    return console.refresh()
  }

  private var told: String {
    switch change {
    case .drill: "The drill has begun. It ends in ten minutes; type :drill to end it earlier."
    case .release: "The bank is given back."
    default: "The bank is held: entries go to the manual ledger."
    }
  }
}

/// What may be done with accounts and periods, for screens 1 and 2 and for the palette.
enum ChangeCommand: ConsoleAction {
  case openAccount
  /// Gives the selected account a status; where one is named, only an account of that one before.
  case setStatus(AccountStatus, from: AccountStatus? = nil)
  /// Closing a period is rare and cannot be undone: it has no key of its own.
  case closePeriod

  static let bindings: [Binding] = [
    Binding(
      .character("n"), word: "new account", help: "Open an account: number, holder, currency",
      footer: .absent, openAccount),
    Binding(
      .character("f"), word: "freeze",
      help: "Freeze the selected account: nothing is paid in or out",
      footer: .absent, setStatus(.frozen)),
    Binding(
      .character("F"), word: "unfreeze", help: "Lift the freeze of the selected account",
      footer: .absent, setStatus(.open, from: .frozen)),
    Binding(
      .character("C"), word: "close account",
      help: "Close the selected account, when its balance is zero", footer: .absent,
      setStatus(.closed)),
    Binding(
      .character("O"), word: "reopen account", help: "Open the selected closed account again",
      footer: .absent, setStatus(.open, from: .closed)),
  ]

  func objection(in console: ConsoleState) -> String? {
    if let objection = console.context.objectionToChanging { return objection }
    guard case .setStatus(let status, let before) = self else { return nil }
    guard let account = console.selectedAccount?.account else {
      return "Select an account on screen 1 first."
    }
    if let before, account.status != before {
      return "Account \(account.number) is \(account.status.rawValue), not \(before.rawValue)."
    }
    if account.status == status {
      return "Account \(account.number) is \(status.rawValue) already."
    }
    return account.objection(toStatus: status).map(\.withCode)
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .openAccount: console.openChange(.open)
    case .closePeriod: console.openChange(.period)
    case .setStatus(let status, _):
      if let view = console.selectedAccount { console.openChange(.status(view, status)) }
    }
    return []
  }
}

extension ChangePanel {
  /// The open panel, where it waits for the answer to that change.
  fileprivate static func asking(for change: Change, in context: Context) -> ChangePanel? {
    opened(in: context).flatMap { $0.change == change && $0.step == .asking ? $0 : nil }
  }
}

extension ConsoleState {
  /// What a panel has asked for was not done.
  fileprivate mutating func takeBack(_ panel: ChangePanel?, _ failure: Failure) -> [ConsoleEffect] {
    message = .failed(failure)
    if var panel {
      panel.takeBack(failure, context)
      context.replacePanel(with: panel)
    }
    return []
  }

  mutating func openChange(_ change: ChangePanel.Change) {
    overlay = ChangePanel(
      change, currency: context.defaultCurrency, generation: context.generation)
  }
}

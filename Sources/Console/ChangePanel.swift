import BankCore
import Screen

/// Opening an account, giving one another status, or closing a period: what the bank decides at
/// once, and what cannot wait in the manual ledger.
struct ChangePanel: Sendable {
  enum Change: Hashable, Sendable {
    case open
    case status(AccountView, AccountStatus)
    case period
    /// Not the bank but the tills are changed: it is kept away from them, for a rehearsal.
    case drill
  }

  enum Field: Hashable, Sendable { case number, holder, currency, overdraft, day }

  enum Step: Hashable, Sendable {
    case typing
    /// Counts as seen once a frame of that generation is painted.
    case confirm(since: UInt64)
    /// The bank has been asked and has not answered.
    case asking
  }

  let change: Change
  var step: Step
  var texts: [Field: TextField] = [:]
  var focus: Field
  var errors: [Field: String] = [:]
  /// Why the bank did not do it.
  var failure: Failure?

  init(_ change: Change, currency: Currency?, generation: UInt64) {
    self.change = change
    let fields = Self.fields(of: change)
    focus = fields.first ?? .number
    step = fields.isEmpty ? .confirm(since: generation) : .typing
    texts[.currency] = TextField(currency?.code ?? "")
  }

  var fields: [Field] { Self.fields(of: change) }

  private static func fields(of change: Change) -> [Field] {
    switch change {
    case .open: [.number, .holder, .currency, .overdraft]
    case .status, .drill: []
    case .period: [.day]
    }
  }

  var awaitsYes: Bool { if case .confirm = step { true } else { false } }

  func text(_ field: Field) -> String { (texts[field] ?? TextField()).trimmed }

  // MARK: Checking

  /// What is wrong with what is typed in a field; nil when nothing is.
  func error(in field: Field, notation: AmountNotation) -> String? {
    switch field {
    case .number:
      guard let number = AccountNumber(text(.number).uppercased()) else {
        return "An account number is 1 to 34 of A-Z, 0-9 and -."
      }
      return number.isOwn ? Reason.ownAccount.text : nil
    case .holder: return text(.holder).isEmpty ? "An account has a holder: type the name." : nil
    case .currency:
      return currency == nil ? Words.noCurrency : nil
    case .overdraft:
      do throws(AmountError) {
        _ = try overdraft(notation)
        return nil
      } catch { return error.text }
    case .day: return day == nil ? "Type a day of the bank's calendar, such as 2026-10-31." : nil
    }
  }

  private var currency: Currency? { Currency(text(.currency).uppercased()) }

  var day: BusinessDay? { BusinessDay(text(.day)) }

  /// How far below zero the account may go, in minor units; nothing typed means not at all.
  private func overdraft(_ notation: AmountNotation) throws(AmountError) -> Int64 {
    let text = text(.overdraft)
    guard let currency, !text.isEmpty else { return 0 }
    do throws(AmountError) {
      return try Money(parsing: text, currency, notation: notation).minorUnits
    } catch {
      guard error == .zero else { throw error }
      return 0
    }
  }

  /// What the bank is to be asked; nil while something is missing.
  func request(notation: AmountNotation) -> Request? {
    switch change {
    case .status(let view, let status): return .changeStatus(view.account.number, status)
    case .drill: return .drill(true)
    case .period: return day.map(Request.closePeriod)
    case .open:
      guard let number = AccountNumber(text(.number).uppercased()), let currency,
        let overdraft = try? overdraft(notation)
      else { return nil }
      return .openAccount(
        AccountDraft(
          number: number, holder: text(.holder), currency: currency,
          overdraftMinorUnits: overdraft))
    }
  }
}

extension ChangePanel {
  static let bindings: [Binding] = [
    Binding(
      .enter, word: "next", help: "To the next field; from the last one to the question",
      objection: { state in
        state.changePanel?.step == .asking ? "The bank is being asked." : nil
      }
    ) { $0.finishChangeField() },
    Binding(.tab, .down, word: "next field", help: "To the next field", footer: .absent) {
      $0.moveChangeFocus(by: 1)
    },
    Binding(.backTab, .up, word: "field before", help: "To the field before") {
      $0.moveChangeFocus(by: -1)
    },
    Binding(.escape, word: "leave", help: "Leave everything as it is") { $0.leaveChange() },
  ]

  /// What may be done with accounts and periods, for screens 1 and 2 and for the palette.
  static let commands: [Binding] = [
    Binding(
      .character("n"), word: "new account", help: "Open an account: number, holder, currency",
      footer: .absent, objection: { $0.context.objectionToChanging }
    ) { $0.openChange(.open) },
    statusCommand(
      "f", "freeze", "Freeze the selected account: requests are refused in both directions",
      to: .frozen),
    statusCommand(
      "F", "unfreeze", "Lift the freeze of the selected account", to: .open, from: .frozen),
    statusCommand(
      "C", "close account", "Close the selected account, when its balance is zero", to: .closed),
    statusCommand(
      "O", "reopen account", "Open the selected closed account again", to: .open, from: .closed),
  ]

  /// Closing a period is rare and cannot be undone: it has no key of its own.
  static func closePeriod(_ state: ConsoleState) -> PaletteCommand {
    PaletteCommand(
      "close period", "Close all days through a date; entries are booked after it",
      objection: state.context.objectionToChanging
    ) { $0.openChange(.period) }
  }

  private static func statusCommand(
    _ key: Character, _ word: String, _ help: String, to status: AccountStatus,
    from before: AccountStatus? = nil
  ) -> Binding {
    Binding(
      .character(key), word: word, help: help, footer: .absent,
      objection: { $0.objectionToStatus(status, from: before) }
    ) { state in
      state.selectedAccount.map { state.openChange(.status($0, status)) } ?? []
    }
  }
}

extension ConsoleState {
  var changePanel: ChangePanel? {
    if case .change(let panel)? = overlay { panel } else { nil }
  }

  func objectionToStatus(_ status: AccountStatus, from before: AccountStatus?) -> String? {
    if let objection = context.objectionToChanging { return objection }
    guard let account = selectedAccount?.account else {
      return "Select an account on screen 1 first."
    }
    if let before, account.status != before {
      return "Account \(account.number) is \(account.status.rawValue), not \(before.rawValue)."
    }
    if account.status == status {
      return "Account \(account.number) is \(status.rawValue) already."
    }
    return account.objection(toStatus: status).map { "\($0.code) \($0.text)" }
  }

  mutating func openChange(_ change: ChangePanel.Change) -> [Effect] {
    overlay = .change(ChangePanel(change, currency: defaultCurrency, generation: generation))
    return []
  }

  mutating func leaveChange() -> [Effect] {
    guard var panel = changePanel, case .confirm = panel.step, !panel.fields.isEmpty else {
      overlay = nil
      return []
    }
    panel.step = .typing
    overlay = .change(panel)
    return []
  }

  // MARK: Typing

  mutating func finishChangeField() -> [Effect] {
    guard var panel = changePanel, panel.step == .typing,
      let index = panel.fields.firstIndex(of: panel.focus)
    else { return [] }
    panel.errors[panel.focus] = panel.error(in: panel.focus, notation: options.notation)
    if panel.errors[panel.focus] == nil {
      if index + 1 < panel.fields.count {
        panel.focus = panel.fields[index + 1]
      } else if let wrong = panel.fields.first(where: {
        panel.error(in: $0, notation: options.notation) != nil
      }) {
        panel.errors[wrong] = panel.error(in: wrong, notation: options.notation)
        panel.focus = wrong
      } else {
        panel.failure = nil
        panel.step = .confirm(since: generation)
      }
    }
    overlay = .change(panel)
    return []
  }

  mutating func moveChangeFocus(by distance: Int) -> [Effect] {
    guard var panel = changePanel, panel.step == .typing,
      let index = panel.fields.firstIndex(of: panel.focus)
    else { return [] }
    panel.errors[panel.focus] =
      distance > 0 ? panel.error(in: panel.focus, notation: options.notation) : nil
    if panel.errors[panel.focus] == nil {
      panel.focus = panel.fields[max(0, min(panel.fields.count - 1, index + distance))]
    }
    overlay = .change(panel)
    return []
  }

  mutating func typeInChange(_ key: Key) -> [Effect]? {
    guard var panel = changePanel else { return nil }
    switch panel.step {
    case .typing:
      var field = panel.texts[panel.focus] ?? TextField()
      guard field.take(key) else { return nil }
      panel.texts[panel.focus] = field
      panel.errors[panel.focus] = nil
      overlay = .change(panel)
      return []
    case .confirm, .asking: return nil
    }
  }

  /// `y` to the question of the panel.
  mutating func askChange(_ panel: ChangePanel) -> [Effect] {
    guard case .confirm(let since) = panel.step, context.hasBeenSeen(since: since) else {
      return []
    }
    // The bank may have been lost since the panel was opened.
    if let objection = panel.change == .drill
      ? context.objectionToDrill : context.objectionToChanging
    {
      message = .objection(objection)
      return []
    }
    guard let request = panel.request(notation: options.notation) else { return [] }
    var asking = panel
    asking.step = .asking
    asking.failure = nil
    overlay = .change(asking)
    return [ask(request, for: .change(panel.change))]
  }

  // MARK: The answer

  mutating func receiveChanged(_ reply: Reply, _ change: ChangePanel.Change) -> [Effect] {
    let panel = changePanel.flatMap { $0.change == change && $0.step == .asking ? $0 : nil }
    if case .failed(let failure) = reply {
      message = .failed(failure)
      guard var panel else { return [] }
      panel.failure = failure
      panel.step = panel.fields.isEmpty ? .confirm(since: generation) : .typing
      overlay = .change(panel)
      return []
    }
    let day = panel?.day
    if panel != nil { overlay = nil }
    switch (change, reply) {
    case (.drill, _):
      message = .good("The drill has begun. :drill ends it; it ends by itself after ten minutes.")
    case (.period, _):
      message = .good(day.map { "All days through \($0) are closed." } ?? "The period is closed.")
    case (_, .account(let view?)):
      _ = tell(.accountChanged)
      message = .good("Account \(view.account.number) is \(view.account.status.rawValue).")
      if change == .open, panel != nil, form == nil { return open(view) }
    default: break
    }
    return refresh()
  }
}

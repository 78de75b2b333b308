import BankCore
import Screen

/// Asks for a note and a confirmation before an entry of the manual ledger is voided or kept.
struct NotePanel: ActingPanel {
  enum Purpose: Hashable, Sendable { case void, keep }

  let purpose: Purpose
  let view: LedgerEntryView
  /// Whose entry it is, by number and name.
  let customers: String
  var note = TextField()
  /// The state's generation when the confirmation was first asked for; nil while the note is typed.
  var confirmsSince: UInt64?

  init(_ purpose: Purpose, _ view: LedgerEntryView, of customers: String, _ context: Context) {
    self.purpose = purpose
    self.view = view
    self.customers = customers
    if purpose == .keep { confirmsSince = context.generation }
  }

  enum Action: PanelAction {
    typealias Panel = NotePanel
    case next, leave, confirm
  }

  private static let typing: [Binding] =
    CommonKeys.following([
      Binding(.enter, word: "next", help: "Go on to the question", Action.next),
      Binding(.escape, word: "leave", help: "Go back; nothing is changed", Action.leave),
    ])
  private static let question = Confirmation.bindings(yes: Action.confirm, back: Action.leave)

  var bindings: [Binding] { confirmsSince == nil ? Self.typing : Self.question }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .leave: return [.closePanel]
    case .confirm: return confirm(&context)
    case .next:
      if note.trimmed.isEmpty {
        context.message = .cannot("Type the reason in a few words. It stays with the entry.")
      } else {
        confirmsSince = context.generation
      }
      return []
    }
  }

  /// `y` to the question of the panel.
  private func confirm(_ context: inout Context) -> [Wish] {
    guard let since = confirmsSince, context.hasBeenSeen(since: since) else { return [] }
    let entry = view.entry.id
    let ask =
      switch purpose {
      case .void:
        context.ask(.void(entry, note: note.trimmed), for: EntryDecision(entry, .voided))
      case .keep: context.ask(.keep(entry), for: EntryDecision(entry, .kept))
      }
    return [.closePanel, ask]
  }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard confirmsSince == nil, note.accept(key) else { return nil }
    context.tell(of: note)
    return []
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    NoteView(context: console.context, panel: self).draw(on: &frame, in: area)
  }
}

/// Draws the panel.
struct NoteView {
  let context: Context
  let panel: NotePanel

  func draw(on frame: inout Frame, in area: Area) {
    let entry = panel.view.entry
    let words = context.words
    let box = Panel(
      title: panel.purpose == .void ? "Void \(entry.label)" : "Keep \(entry.label)",
      columns: Panel.contentColumns(for: context.size.columns), rows: 9)
    let inside = box.draw(on: &frame, in: area)
    frame.write(
      "\(entry.kind.title) of \(words.money(entry.amount))", in: inside, role: .heading)
    frame.writeParagraph(panel.customers, in: inside.below(1).top(2), role: .heading)
    frame.write(entry.memo, in: inside, row: 3, role: .dim)
    frame.writeParagraph(consequence, in: inside.below(5).top(2), role: .warning)
    if panel.purpose == .void { drawNote(on: &frame, in: inside.below(7)) }
    guard panel.confirmsSince != nil else { return }
    let question =
      panel.purpose == .void ? "y voids it   esc goes back" : "y keeps it   esc goes back"
    frame.write(question, in: inside, row: 8, role: .accent)
    if context.overlay != nil { frame.pointCursor(at: inside, row: 8) }
  }

  /// What becomes of it: for whoever is about to confirm it.
  var consequence: String {
    switch panel.purpose {
    case .keep:
      "The entry was written, but nobody was told. If you keep it, it is sent to the bank."
    case .void:
      panel.view.cashOfVoid.map {
        "CASH: \($0.text(context.words.money(panel.view.entry.amount)))."
      } ?? "No cash moves: the customer must be told."
    }
  }

  private func drawNote(on frame: inout Frame, in area: Area) {
    let used = frame.write("Note: ", at: area.position(0, 0), role: .label)
    let width = area.columns - used - 2
    let (text, caret) = panel.note.window(columns: width)
    let isTyping = panel.confirmsSince == nil
    frame.write(
      text, at: area.position(used, 0), role: isTyping ? .fieldActive : .text, width: width)
    if isTyping { frame.cursor = area.position(used + min(caret, width - 1), 0) }
  }
}

import BankCore
import Screen

/// What is marked of the plan, and what goes with it: the bank books the entries of an account in their
/// order.
struct SentPart {
  let marked: [Entry]
  /// How many of the marked ones the list does not show now.
  let hidden: Int
  /// They were not marked, and go before those that are.
  let along: [Entry]
  /// What stays.
  let left: [ReconciliationPlan.Line]
  /// Of what stays: entered before the last one that goes, and never sent. The ledger notes up to which
  /// number entries may have reached the bank, and nobody can void those any more.
  let lastVoidable: Int

  /// Nil where nothing is marked, or all.
  init?(of list: ListWindow<ReconciliationPlan.Line>) {
    guard !list.marks.isEmpty, list.marks.count < list.loaded.count else { return nil }
    let waiting = list.loaded.map(\.entry)
    marked = waiting.filter { list.marks.contains($0.id) }
    guard !marked.isEmpty else { return nil }
    hidden = list.hiddenMarks
    let going = waiting.withEarlier(of: Set(marked.map(\.id)))
    along = going.filter { !list.marks.contains($0.id) }
    let ids = Set(going.map(\.id))
    left = list.loaded.filter { !ids.contains($0.entry.id) }
    let last = going.lazy.map(\.number).max() ?? 0
    lastVoidable = left.count { !$0.view.wasSent && $0.entry.number < last }
  }

  var chosen: Set<EntryID> { Set(marked.map(\.id)) }
}

/// Asks whether what is marked is to be sent, and says what goes with it.
struct SendPanel: ActingPanel {
  enum Action: PanelAction {
    typealias Panel = SendPanel
    case confirm, leave
  }

  private static let question = Confirmation.bindings(yes: Action.confirm, back: Action.leave)

  let part: SentPart
  /// Counts as seen once a frame of that generation is painted.
  let since: UInt64

  var bindings: [Binding] { Self.question }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .leave: return [.closePanel]
    case .confirm:
      guard context.hasBeenSeen(since: since) else { return [] }
      return [.closePanel, .perform(ReconcileScreen.Action.send(part.chosen))]
    }
  }

  /// `Send 4 marked and 2 before them`
  func title(_ words: Wording) -> String {
    let along = part.along.isEmpty ? "" : " and \(words.count(part.along.count)) before them"
    return "Send \(words.count(part.marked.count)) marked\(along)"
  }

  /// What is sent, and what that means, each in a sentence.
  func facts(_ words: Wording) -> [(text: String, role: Role)] {
    let marked = words.sums(part.marked.lazy.map(\.amount))
    var facts = [(text: "\(marked) marked.", role: Role.heading)]
    if part.hidden > 0 {
      let hidden = words.count(part.hidden, "marked entry is", "marked entries are")
      facts.append((text: "\(hidden) not shown now.", role: .warning))
    }
    if part.along.isEmpty {
      facts.append((text: "Nothing waits before them on their accounts.", role: .dim))
    } else {
      let count = words.entries(part.along.count)
      let sums = words.sums(part.along.lazy.map(\.amount))
      facts.append(
        (
          text: "\(count) of their accounts came before: \(sums). The bank books in that order.",
          role: .warning
        ))
    }
    facts.append((text: left(words), role: .text))
    return facts
  }

  private func left(_ words: Wording) -> String {
    if part.left.isEmpty { return "So all of the plan is sent." }
    let left = words.count(part.left.count, "entry of the plan stays", "entries of the plan stay")
    guard part.lastVoidable > 0 else { return "\(left)." }
    let bound = words.count(part.lastVoidable, "of them was", "of them were")
    return "\(left). \(bound) entered earlier, and cannot be voided afterwards."
  }

  func spoken(_ console: ConsoleState) -> [Speech.Part] {
    let words = console.words
    return [
      .init(.panel, SpokenWords.sentences([title(words)] + facts(words).map(\.text))),
      .init(.item, "Press y to send them, or escape to go back."),
    ]
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    let context = console.context
    let columns = Panel.contentColumns(for: context.size.columns)
    let facts = facts(context.words).map { fact in
      (rows: wrapped(fact.text, columns: columns).count, fact: fact)
    }
    let rows = facts.reduce(0) { $0 + $1.rows }
    let box = Panel(
      title: title(context.words), columns: columns, rows: rows + 2)
    let inside = box.draw(on: &frame, in: area)
    var below = inside
    for (rows, fact) in facts {
      frame.writeParagraph(fact.text, in: below.top(rows), role: fact.role)
      below = below.below(rows)
    }
    frame.write("y sends them   esc goes back", in: below, row: 1, role: .accent)
    frame.pointCursor(at: below, row: 1)
  }
}

extension ReconcileScreen {
  /// What its key sends, for the footer: `send all 4`, `send 2 marked`.
  func sendingInWords(_ context: Context) -> String {
    let marked = lines.marks.count
    if marked > 0, marked < lines.loaded.count {
      return "send \(context.words.count(marked)) marked"
    }
    return "send all \(context.words.count(context.status.waiting))"
  }

  /// Who sees a part of what waits, or has marked rows that are not there now, may mean a part.
  func objectionToSendingPart(_ context: Context) -> String? {
    let all = context.words.count(context.status.waiting)
    if !lines.marks.isEmpty {
      return lines.loaded.contains { lines.marks.contains($0.listID) }
        ? nil
        : "The marked entries are not listed now. Press ctrl-r, or esc to unmark them."
    }
    guard !lines.rowFilter.isEmpty, lines.elements.count != lines.loaded.count else { return nil }
    return "s sends all \(all) that wait, and the plan shows a part of them. "
      + "Press * to mark what it shows and send that, or esc to see all."
  }
}

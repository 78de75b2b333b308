import BankCore
import Screen

/// What became known after its customer was told something else: a line that stays until somebody
/// has seen to it, a bell, and an item on screen 5.
struct NoticePanel: ActingPanel {
  enum Action: PanelAction {
    typealias Panel = NoticePanel
    case confirm, leave
  }

  private static let question = Confirmation.bindings(yes: Action.confirm, back: Action.leave)

  let notice: Notice
  /// Counts as seen once a frame of that generation is painted.
  let since: UInt64

  var bindings: [Binding] { Self.question }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .leave: return [.closePanel]
    case .confirm:
      guard context.hasBeenSeen(since: since) else { return [] }
      let entry = notice.id
      return [.closePanel, context.ask(.noteDone(entry), for: EntryDecision(entry, .seenTo))]
    }
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    NoticeView(context: console.context, panel: self).draw(on: &frame, in: area)
  }
}

extension Notice: Listed {
  var listID: EntryID { id }
}

extension ReconcileScreen {
  /// Takes in the notices of a new status: rings for what is new, and asks again for the receipts
  /// that say something else.
  mutating func receiveNotices(since old: ServiceStatus, _ context: inout Context) -> [Wish] {
    notices.replace(with: context.openNotices, hasMoreAbove: false, hasMoreBelow: false)
    let known = Set(old.notices.map(\.id))
    let new = context.openNotices.filter { !known.contains($0.id) }
    guard !new.isEmpty else { return [] }
    return [.effect(.bell(2))]
      + new.map { context.ask(.receipt($0.id), for: CommonQuestion.lateReceipt($0.id)) }
  }
}

extension ReconcileView {
  static let noNotice = "No notice is open."

  func paintNotices(on frame: inout Frame, in area: Area) {
    // Where there is no detail, what the notice says stands below the list.
    let hasDetail = context.layout(of: ReconcileScreen.self).detail != nil
    let textRows = hasDetail ? 0 : min(3, max(1, area.rows / 3))
    let list = hasDetail ? area : area.top(area.rows - textRows - 1)
    ListTable(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1)),
        .init(title: "Captured", width: .fixed(8), appearsAt: 2),
        .init(title: "Kind", width: .fixed(10), appearsAt: 1),
        .init(title: "Accounts", width: .flexible(minimum: 12, share: 3), atLeast: 11),
        .money("Amount", minimum: 8), .currency,
        .init(title: "Became known", width: .flexible(minimum: 14, share: 2), atLeast: 8),
      ], in: list
    ).draw(
      screen.notices, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: Self.noNotice
    ) { notice in
      let entry = notice.entry
      return [
        .init(entry.label), .init(context.words.time(entry.capturedAt), .dim),
        .init(entry.kind.word),
        .accounts(of: entry), .amount(entry.amount, context.words),
        .init(entry.amount.currency.code, .dim),
        .init(notice.verdict.lowercased(), notice.outcome.role, short: notice.outcome.word),
      ]
    }
    guard !hasDetail, let notice = screen.notices.selectedElement else { return }
    let below = Area(
      column: 1, row: list.row + list.rows, columns: area.columns - 2, rows: textRows)
    frame.writeParagraph(context.text(of: notice), in: below, role: .warning)
  }
}

/// Draws the question whether somebody has seen to a notice.
struct NoticeView {
  let context: Context
  let panel: NoticePanel

  func draw(on frame: inout Frame, in area: Area) {
    let notice = panel.notice
    let entry = notice.entry
    let words = context.words
    let box = Panel(
      title: "Notice of \(entry.label)", columns: Panel.contentColumns(for: context.size.columns),
      rows: 9)
    let inside = box.draw(on: &frame, in: area)
    frame.write(
      "\(entry.kind.title) of \(words.money(entry.amount))", in: inside, role: .heading)
    let when = words.moment(entry.capturedAt, now: context.now)
    frame.write(
      "captured \(when) by \(entry.operatorName), known since "
        + words.moment(notice.at, now: context.now), in: inside, row: 1, role: .dim)
    frame.writeParagraph(context.text(of: notice), in: inside.below(3).top(4), role: .warning)
    frame.write(
      "y marks it as done   esc leaves it open", in: inside, row: 8, role: .accent)
    frame.pointCursor(at: inside, row: 8)
  }
}

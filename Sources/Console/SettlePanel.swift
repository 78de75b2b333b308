import BankCore
import Screen

/// Settles an exception: how, with which account or entry, and a note.
struct SettlePanel: Sendable {
  enum Way: Hashable, Sendable, CaseIterable { case post, to, match, refuse }

  enum Step: Hashable, Sendable {
    case way
    /// The account to re-point to, or the entry it matches.
    case target
    case note
    /// Counts as seen once a frame of that generation is painted.
    case confirm(since: UInt64)
  }

  let record: ExceptionRecord
  var step = Step.way
  var way = Way.post
  var target = TextField()
  var note = TextField()

  static let bindings: [Binding] = [
    Binding(.enter, word: "next", help: "On, to the confirmation at last") {
      $0.finishSettleStep()
    },
    Binding(.escape, word: "leave", help: "Leave the exception as it is") { state in
      state.overlay = nil
      return []
    },
    Binding(.up, word: "up", help: "The way before", footer: .absent) { $0.moveWay(by: -1) },
    Binding(.down, word: "down", help: "The next way", footer: .absent) { $0.moveWay(by: 1) },
  ]

  var needsTarget: Bool { way == .to || way == .match }

  /// What the ways mean for this exception.
  func explanation(_ way: Way) -> String {
    switch (way, record.outcome) {
    case (.post, .posted): "Accept it as it is booked."
    case (.post, _): "Post it to the account it was meant for."
    case (.to, _): "Post it to another account."
    case (.match, _): "It is the same as an entry that is booked already."
    case (.refuse, .refused): "It stays refused, and the customer was told."
    case (.refuse, _): "Refuse it for good."
    }
  }

  /// Why a way cannot be taken; nil when it can, as far as this console knows.
  func objection(to way: Way) -> String? {
    guard way == .refuse else { return nil }
    if case .refused = record.outcome { return nil }
    return record.kind.movesCash ? "The cash has moved: it can no longer be refused." : nil
  }

  /// The resolution that is typed; nil while its target is not one.
  var resolution: Resolution? {
    switch way {
    case .post: .post
    case .to: AccountNumber(target.trimmed.uppercased()).map(Resolution.to)
    case .match: EntryID(target.trimmed).map(Resolution.match)
    case .refuse: .refuse
    }
  }
}

extension SettlePanel.Way {
  var key: Character {
    switch self {
    case .post: "p"
    case .to: "t"
    case .match: "m"
    case .refuse: "x"
    }
  }

  var word: String {
    switch self {
    case .post: "post"
    case .to: "to account"
    case .match: "match"
    case .refuse: "refuse"
    }
  }
}

extension ConsoleState {
  var objectionToSettling: String? {
    if reconcile.pane == .plan { return "tab shows the exceptions; s starts the plan." }
    if reconcile.exceptions.selectedElement == nil { return "No exception is selected." }
    return status.mode.isCutOff || status.mode == .starting
      ? "Exceptions are settled in the books: wait until the bank is back." : nil
  }

  mutating func openSettlement() -> [Effect] {
    guard let record = reconcile.exceptions.selectedElement else { return [] }
    overlay = .settle(SettlePanel(record: record))
    return []
  }

  private var settlePanel: SettlePanel? {
    if case .settle(let panel)? = overlay { panel } else { nil }
  }

  mutating func moveWay(by distance: Int) -> [Effect] {
    guard var panel = settlePanel, panel.step == .way else { return [] }
    let ways = SettlePanel.Way.allCases
    let index = ways.firstIndex(of: panel.way) ?? 0
    panel.way = ways[max(0, min(ways.count - 1, index + distance))]
    overlay = .settle(panel)
    return []
  }

  mutating func finishSettleStep() -> [Effect] {
    guard var panel = settlePanel else { return [] }
    switch panel.step {
    case .way:
      if let objection = panel.objection(to: panel.way) {
        message = .cannot(objection)
        return []
      }
      panel.step = panel.needsTarget ? .target : .note
    case .target:
      guard panel.resolution != nil else {
        message = .cannot(
          panel.way == .to
            ? "Not an account number: A-Z, 0-9 and -, up to 34."
            : "Not an entry id: 36 characters, as screen 3 and the command line show it.")
        return []
      }
      panel.step = .note
    case .note:
      guard !panel.note.trimmed.isEmpty else {
        message = .cannot("Say why, in a few words: the note stays with the exception.")
        return []
      }
      panel.step = .confirm(since: generation)
    case .confirm: message = .cannot("y settles it, esc leaves it.")
    }
    overlay = .settle(panel)
    return []
  }

  mutating func typeInSettle(_ key: Key) -> [Effect]? {
    guard var panel = settlePanel else { return nil }
    switch panel.step {
    case .way:
      guard case .character(let letter) = key,
        let way = SettlePanel.Way.allCases.first(where: { $0.key == letter })
      else { return nil }
      panel.way = way
      overlay = .settle(panel)
      return finishSettleStep()
    case .target: guard panel.target.take(key) else { return nil }
    case .note: guard panel.note.take(key) else { return nil }
    case .confirm(let since):
      guard key == .character("y") else { return nil }
      return settle(panel, seenSince: since)
    }
    overlay = .settle(panel)
    return []
  }

  private mutating func settle(_ panel: SettlePanel, seenSince since: UInt64) -> [Effect] {
    guard paintedGeneration >= since else {
      message = .cannot("A y typed before the question could be read did not count.")
      return []
    }
    guard let resolution = panel.resolution else { return [] }
    overlay = nil
    let entry = panel.record.entry
    return [
      ask(.resolve(entry, resolution, note: panel.note.trimmed), for: .settle(entry))
    ]
  }

  /// Takes in what became of a settlement.
  mutating func receiveSettled(_ reply: Reply, _ entry: EntryID) -> [Effect] {
    switch reply {
    case .resolved(let record):
      message = .good(
        record.settlement == nil
          ? "\(record.label) is still open." : "\(record.label) is settled.")
    case .failed(let failure): message = .failed(failure)
    default: break
    }
    return refresh()
  }
}

/// Draws the panel.
struct SettleView {
  let state: ConsoleState
  let panel: SettlePanel

  func draw(on frame: inout Frame, in area: Area) {
    let record = panel.record
    let words = state.words
    let box = Panel(
      title: "Settle \(record.label)", columns: Panel.contentColumns(for: state.size.columns),
      rows: 14, isASCIIOnly: state.options.isASCIIOnly)
    let inside = box.draw(on: &frame, in: area)
    frame.write(
      "\(record.kind.title) of \(words.money(record.amount)), \(record.account)", in: inside,
      role: .heading)
    frame.write(
      "captured by \(record.maker) at \(record.terminal)", in: inside, row: 1, role: .dim)
    frame.writeParagraph(record.need, in: inside.below(2).top(2), role: record.outcome.role)
    drawWays(on: &frame, in: inside.below(5))
    drawField(
      panel.way == .to ? "Account" : "Entry id", panel.target, isActive: panel.step == .target,
      isShown: panel.needsTarget && panel.step != .way, on: &frame, in: inside.below(10))
    drawField(
      "Note", panel.note, isActive: panel.step == .note,
      isShown: panel.step != .way && panel.step != .target, on: &frame, in: inside.below(11))
    if case .confirm = panel.step {
      frame.write(
        "y settles it: \(panel.way.word)   esc leaves it", in: inside, row: 13, role: .accent)
      frame.cursor = inside.position(0, 13)
    }
  }

  private func drawWays(on frame: inout Frame, in area: Area) {
    for (row, way) in SettlePanel.Way.allCases.enumerated() {
      let isChosen = way == panel.way
      let reason = panel.objection(to: way)
      frame.write(isChosen ? ">" : " ", at: area.position(0, row))
      frame.write(String(way.key), at: area.position(2, row), role: .footerKey)
      frame.write(
        way.word, at: area.position(5, row), role: reason == nil ? .text : .dim, width: 12)
      frame.write(
        reason ?? panel.explanation(way), at: area.position(18, row), role: .dim,
        width: area.columns - 18)
      if isChosen {
        frame.assign(
          panel.step == .way ? .selection : .selectionInactive, row: area.row + row,
          columns: area.columnRange)
        if panel.step == .way { frame.cursor = area.position(0, row) }
      }
    }
  }

  private func drawField(
    _ label: String, _ field: TextField, isActive: Bool, isShown: Bool, on frame: inout Frame,
    in area: Area
  ) {
    guard isShown else { return }
    frame.write(label, at: area.position(0, 0), role: .label, width: 10)
    let width = area.columns - 10
    let (text, caret) = field.window(columns: width)
    frame.write(
      text, at: area.position(10, 0), role: isActive ? .fieldActive : .field, width: width)
    if isActive { frame.cursor = area.position(10 + min(caret, width - 1), 0) }
  }
}

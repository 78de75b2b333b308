import BankCore
import Screen

extension SettlePanel {
  /// Opens the panel, and asks of the ways that need no target what the bank would say.
  static func open(on record: ExceptionRecord, _ context: inout Context) -> [Wish] {
    var panel = SettlePanel(record: record)
    let ways: [(Way, Resolution)] = [(.post, .post), (.refuse, .refuse)]
    let asked = ways.map(\.1).enumerated().filter { panel.impossibility(of: ways[$0.0].0) == nil }
    let wishes = asked.map { _, resolution in
      panel.forecasts[resolution] = .asked
      return context.ask(
        .foretell(record.entry, resolution), for: Purpose.foretell(record.entry, resolution))
    }
    return [.open(.settle(panel))] + wishes
  }
}

extension ConsoleState {
  /// Asks the bank what it would say to a settlement, so that nobody writes a note for nothing.
  private mutating func foretell(_ resolution: Resolution) -> [Effect] {
    guard var panel = settlePanel else { return [] }
    panel.forecasts[resolution] = .asked
    overlay = .settle(panel)
    let entry = panel.record.entry
    return [ask(.foretell(entry, resolution), for: .foretell(entry, resolution))]
  }

  /// Takes in what the bank would say. A note that is being typed stays, and its way is shut.
  mutating func receiveForetold(_ reply: Reply, _ entry: EntryID, _ resolution: Resolution) {
    guard var panel = settlePanel, panel.record.entry == entry else { return }
    guard case .failed(let failure) = reply, failure.kind == .refused else {
      panel.forecasts[resolution] = .possible
      overlay = .settle(panel)
      return
    }
    panel.forecasts[resolution] = .refused(failure)
    if panel.isPastTarget, panel.resolution == resolution {
      panel.step = panel.needsTarget ? .target : .way
      message = .failed(failure)
    }
    overlay = .settle(panel)
  }

  private var settlePanel: SettlePanel? {
    if case .settle(let panel)? = overlay { panel } else { nil }
  }

  // MARK: Moving

  mutating func moveInSettle(by distance: Int) -> [Effect] {
    guard var panel = settlePanel else { return [] }
    switch panel.step {
    case .way:
      let ways = SettlePanel.Way.allCases
      let index = ways.firstIndex(of: panel.way) ?? 0
      panel.way = ways[max(0, min(ways.count - 1, index + distance))]
    case .target where panel.way == .to: panel.account.moveHighlight(by: distance)
    case .target: panel.booked.moveHighlight(by: distance)
    case .note, .confirm: break
    }
    overlay = .settle(panel)
    return []
  }

  mutating func leaveSettleStep() -> [Effect] {
    guard var panel = settlePanel, panel.step != .way else {
      overlay = nil
      return []
    }
    switch panel.step {
    case .confirm: panel.step = .note
    case .note: panel.step = panel.needsTarget ? .target : .way
    case .way, .target: panel.step = .way
    }
    panel.wantsNote = false
    overlay = .settle(panel)
    return []
  }

  // MARK: Going on

  mutating func finishSettleStep() -> [Effect] {
    guard var panel = settlePanel else { return [] }
    switch panel.step {
    case .way: return takeWay(panel)
    case .target: return finishTarget(panel)
    case .note:
      guard !panel.note.trimmed.isEmpty else {
        message = .cannot("Say why, in a few words: the note stays with the exception.")
        return []
      }
      guard panel.resolution.map({ panel.forecasts[$0] == .possible }) == true else {
        message = .cannot("The bank is being asked whether it takes that: one moment.")
        return []
      }
      panel.step = .confirm(since: generation)
    case .confirm: break
    }
    overlay = .settle(panel)
    return []
  }

  private mutating func takeWay(_ old: SettlePanel) -> [Effect] {
    var panel = old
    if let no = panel.impossibility(of: panel.way) {
      message = .cannot(no)
      overlay = .settle(panel)
      return []
    }
    if let failure = panel.foretoldRefusal(of: panel.way), let resolution = panel.resolution {
      message = .failed(failure)
      overlay = .settle(panel)
      // Somebody may have seen to it meanwhile: the next key finds it out.
      return foretell(resolution)
    }
    panel.step = panel.needsTarget ? .target : .note
    guard panel.way == .match else {
      overlay = .settle(panel)
      return []
    }
    panel.booked = BookedChoice()
    overlay = .settle(panel)
    return [ask(.journal(JournalQuery(limit: BookedChoice.pageLimit)), for: .matches)]
  }

  private mutating func finishTarget(_ old: SettlePanel) -> [Effect] {
    var panel = old
    let error: String?
    if panel.way == .to {
      error =
        panel.account.settle(paintedGeneration: paintedGeneration)
        ?? (panel.account.isNotInSnapshot ? Reason.notInSnapshot.text : nil)
      panel.wantsNote = error == nil && panel.account.chosen == nil
    } else {
      error = panel.booked.settle()
    }
    if let error { message = .cannot(error) }
    overlay = .settle(panel)
    guard error == nil, let resolution = panel.resolution else { return [] }
    if let failure = panel.refusal(foretold: resolution) {
      message = .failed(failure)
    } else {
      panel.step = .note
      overlay = .settle(panel)
    }
    return foretell(resolution)
  }

  // MARK: Answers

  /// Takes in a page of the journal, and asks for the next one while the panel wants more.
  mutating func receiveMatches(_ reply: Reply) -> [Effect] {
    guard var panel = settlePanel, panel.step == .target, panel.way == .match else { return [] }
    var next: JournalQuery?
    switch reply {
    case .journal(let page, _): next = panel.booked.take(page, for: panel.record)
    case .failed(let failure): panel.booked.fail(failure)
    default: break
    }
    overlay = .settle(panel)
    return next.map { [ask(.journal($0), for: .matches)] } ?? []
  }

  /// Takes in the accounts that match what is typed.
  mutating func receiveSettlePick(_ reply: Reply) -> [Effect] {
    guard var panel = settlePanel, panel.step == .target, panel.way == .to else { return [] }
    switch reply {
    case .accounts(let view): panel.account.found(view, generation: generation)
    case .failed(let failure):
      panel.account.fail(failure)
      panel.wantsNote = false
    default: break
    }
    overlay = .settle(panel)
    return panel.wantsNote ? finishTarget(panel) : []
  }

  // MARK: Typing

  mutating func typeInSettle(_ key: Key) -> [Effect]? {
    guard var panel = settlePanel else { return nil }
    switch panel.step {
    case .way:
      guard case .character(let letter) = key,
        let way = SettlePanel.Way.allCases.first(where: { panel.key($0) == letter })
      else { return nil }
      panel.way = way
      return takeWay(panel)
    case .target: return typeTarget(key, panel)
    case .note:
      guard panel.note.take(key) else { return nil }
      context.tell(of: panel.note)
    case .confirm: return nil
    }
    overlay = .settle(panel)
    return []
  }

  private mutating func typeTarget(_ key: Key, _ old: SettlePanel) -> [Effect]? {
    var panel = old
    guard panel.way == .to else {
      guard panel.booked.field.take(key) else { return nil }
      panel.booked.typedAnew()
      overlay = .settle(panel)
      return []
    }
    let before = panel.account.field.text
    guard panel.account.field.take(key) else { return nil }
    guard panel.account.field.text != before else {
      overlay = .settle(panel)
      return []
    }
    panel.account.typedAnew()
    panel.wantsNote = false
    overlay = .settle(panel)
    questions.abandon(.settlePick)
    let text = panel.account.field.trimmed
    return text.isEmpty
      ? [] : [ask(.accounts(AccountQuery(filter: text, limit: 8)), for: .settlePick)]
  }

  /// `y` to the question of the panel.
  mutating func settle(_ panel: SettlePanel) -> [Effect] {
    guard case .confirm(let since) = panel.step, context.hasBeenSeen(since: since),
      panel.resolution != nil
    else { return [] }
    overlay = nil
    return ReconcileScreen.Action.settle(panel).perform(on: &self)
  }
}

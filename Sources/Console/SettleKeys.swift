import BankCore
import Screen

extension SettlePanel: AnsweredPanel {
  enum Action: PanelAction {
    typealias Panel = SettlePanel
    case next, back, settle
    case move(Int)
    case choose(Way)
  }

  enum Question: PanelQuestion {
    typealias Panel = SettlePanel
    /// The journal, for the booked entries that an exception may be the same as.
    case matches
    /// The accounts that an exception may be re-pointed to.
    case pick
    /// Whether the bank would refuse to settle an exception in that way.
    case foretell(EntryID, Resolution)

    enum Slot: Hashable {
      case matches, pick
      case foretell(Resolution)
    }

    // Of each way one forecast is asked at a time.
    var slot: Slot {
      switch self {
      case .matches: .matches
      case .pick: .pick
      case .foretell(_, let resolution): .foretell(resolution)
      }
    }
  }

  private static let steps: [Binding] =
    CommonKeys.following([
      Binding(
        .enter, word: "next", help: "Next step; the last one is the confirmation", Action.next),
      Binding(
        .escape, word: "leave", help: "One step back; from the first step, close the panel",
        Action.back),
      Binding(.up, word: "up", help: "The one above", footer: .absent, Action.move(-1)),
      Binding(.down, word: "down", help: "The one below", footer: .absent, Action.move(1)),
    ])
  private static let question = Confirmation.bindings(yes: Action.settle, back: Action.back)

  var helpTitle: String { "Help: settling an exception" }

  var bindings: [Binding] {
    switch step {
    case .confirm: Self.question
    case .way:
      CommonKeys.following(
        Way.allCases.map { way in
          Binding(
            .character(key(way)), word: word(way), help: explanation(way), footer: .absent,
            Action.choose(way))
        } + Self.steps + [CommonKeys.help(.character("?"), .function(1))])
    case .target, .note: Self.steps
    }
  }

  func objection(to action: Action, _ context: Context) -> String? {
    if case .choose(let way) = action { impossibility(of: way) } else { nil }
  }

  /// Opens the panel, and asks of the ways that need no target what the bank would say.
  ///
  /// - Parameter others: are settled in the same way. What the bank would say to one of many says nothing
  ///   of the others: it is asked as each is settled.
  static func open(
    on record: ExceptionRecord, with others: [ExceptionRecord] = [], _ context: inout Context
  ) -> [Wish] {
    var panel = SettlePanel(record: record, with: others)
    guard others.isEmpty else {
      panel.forecasts = [.post: .possible, .refuse: .possible]
      return [.open(panel)]
    }
    var asked: [Wish] = []
    if panel.impossibility(of: .post) == nil { asked.append(panel.foretell(.post, &context)) }
    if panel.impossibility(of: .refuse) == nil { asked.append(panel.foretell(.refuse, &context)) }
    return [.open(panel)] + asked
  }

  /// Asks the bank what it would say to a settlement, so that nobody writes a note for nothing.
  private mutating func foretell(_ resolution: Resolution, _ context: inout Context) -> Wish {
    forecasts[resolution] = .asked
    let entry = record.entry
    return context.ask(
      .foretell(entry, resolution), for: Question.foretell(entry, resolution))
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .next: return finishStep(&context)
    case .back: return leaveStep()
    case .move(let distance): move(by: distance)
    case .choose(let way):
      self.way = way
      return chooseWay(&context)
    case .settle: return settle(&context)
    }
    return []
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .matches: return receiveMatches(reply, &context)
    case .pick: return receivePick(reply, &context)
    case .foretell(let entry, let resolution):
      receiveForetold(reply, entry, resolution, &context)
    }
    return []
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    SettleView(context: console.context, panel: self).draw(on: &frame, in: area)
  }

  /// Takes in what the bank would say. A note that is being typed stays, and its way is shut.
  private mutating func receiveForetold(
    _ reply: Reply, _ entry: EntryID, _ resolution: Resolution, _ context: inout Context
  ) {
    guard record.entry == entry else { return }
    guard case .failed(let failure) = reply, failure.kind == .refused else {
      forecasts[resolution] = .possible
      return
    }
    forecasts[resolution] = .refused(failure)
    if isPastTarget, self.resolution == resolution {
      step = needsTarget ? .target : .way
      context.message = .failed(failure)
    }
  }

  // MARK: Moving

  private mutating func move(by distance: Int) {
    switch step {
    case .way:
      let ways = Way.allCases
      let index = ways.firstIndex(of: way) ?? 0
      way = ways[max(0, min(ways.count - 1, index + distance))]
    case .target where way == .to: account.moveHighlight(by: distance)
    case .target: booked.moveHighlight(by: distance)
    case .note, .confirm: break
    }
  }

  private mutating func leaveStep() -> [Wish] {
    guard step != .way else { return [.closePanel] }
    switch step {
    case .confirm: step = .note
    case .note: step = needsTarget ? .target : .way
    case .way, .target: step = .way
    }
    wantsNote = false
    return []
  }

  // MARK: Going on

  private mutating func finishStep(_ context: inout Context) -> [Wish] {
    switch step {
    case .way: return chooseWay(&context)
    case .target: return finishTarget(&context)
    case .note:
      guard !note.trimmed.isEmpty else {
        context.message = .cannot("Type the reason in a few words. It stays with the exception.")
        return []
      }
      guard resolution.map({ forecasts[$0] == .possible }) == true else {
        context.message = .cannot("The bank is being asked whether it accepts that. Wait a moment.")
        return []
      }
      step = .confirm(since: context.generation)
    case .confirm: break
    }
    return []
  }

  private mutating func chooseWay(_ context: inout Context) -> [Wish] {
    if let no = impossibility(of: way) {
      context.message = .cannot(no)
      return []
    }
    if let failure = foretoldRefusal(of: way), let resolution {
      context.message = .failed(failure)
      // Somebody may have seen to it meanwhile: the next key finds it out.
      return [foretell(resolution, &context)]
    }
    step = needsTarget ? .target : .note
    guard way == .match else {
      return []
    }
    booked = BookedChoice()
    return [
      context.ask(.journal(JournalQuery(limit: BookedChoice.pageLimit)), for: Question.matches)
    ]
  }

  private mutating func finishTarget(_ context: inout Context) -> [Wish] {
    let error: String?
    if way == .to {
      error =
        account.settle(paintedGeneration: context.paintedGeneration)
        ?? (account.isNotInSnapshot ? Reason.notInSnapshot.text : nil)
      wantsNote = error == nil && account.chosen == nil
    } else {
      error = booked.settle()
    }
    if let error { context.message = .cannot(error) }
    guard error == nil, let resolution else { return [] }
    if let failure = refusal(foretold: resolution) {
      context.message = .failed(failure)
    } else {
      step = .note
    }
    return [foretell(resolution, &context)]
  }

  // MARK: Answers

  /// Takes in a page of the journal, and asks for the next one while the panel wants more.
  private mutating func receiveMatches(_ reply: Reply, _ context: inout Context) -> [Wish] {
    guard step == .target, way == .match else { return [] }
    var next: JournalQuery?
    switch reply {
    case .journal(let page, _): next = booked.receive(page, for: record)
    case .failed(let failure): booked.fail(failure)
    default: break
    }
    return next.map { [context.ask(.journal($0), for: Question.matches)] } ?? []
  }

  /// Takes in the accounts that match what is typed.
  private mutating func receivePick(_ reply: Reply, _ context: inout Context) -> [Wish] {
    guard step == .target, way == .to else { return [] }
    switch reply {
    case .accounts(let view): account.found(view, generation: context.generation)
    case .failed(let failure):
      account.fail(failure)
      wantsNote = false
    default: break
    }
    return wantsNote ? finishTarget(&context) : []
  }

  // MARK: Typing

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    switch step {
    case .way: return nil
    case .target: return typeTarget(key, &context)
    case .note:
      guard note.accept(key) else { return nil }
      context.tell(of: note)
    case .confirm: return nil
    }
    return []
  }

  private mutating func typeTarget(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard way == .to else {
      guard booked.field.accept(key) else { return nil }
      booked.typedAnew()
      return []
    }
    let before = account.field.text
    guard account.field.accept(key) else { return nil }
    guard account.field.text != before else {
      return []
    }
    account.typedAnew()
    wantsNote = false
    context.questions.abandon(Question.pick)
    let text = account.field.trimmed
    return text.isEmpty
      ? [] : [context.ask(.accounts(AccountQuery(filter: text, limit: 8)), for: Question.pick)]
  }

  /// `y` to the question of the panel.
  private func settle(_ context: inout Context) -> [Wish] {
    guard case .confirm(let since) = step, context.hasBeenSeen(since: since), resolution != nil
    else { return [] }
    return [.closePanel, .perform(ReconcileScreen.Action.settle(self))]
  }
}

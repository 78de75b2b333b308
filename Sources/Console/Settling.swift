import BankCore
import Screen

/// Exceptions that are being settled in one way, one after the other: each is an act of its own, which the
/// bank checks as if it were the only one.
struct Settling: Sendable {
  let panel: SettlePanel
  let resolution: Resolution
  private var waiting: ArraySlice<ExceptionRecord>
  /// What the bank is being asked for now.
  private(set) var current: ExceptionRecord
  private(set) var settled = 0
  private var failures: [Failure] = []

  /// Nil while the target is missing.
  init?(_ panel: SettlePanel) {
    guard let resolution = panel.resolution, let first = panel.records.first else { return nil }
    self.panel = panel
    self.resolution = resolution
    current = first
    waiting = panel.records.dropFirst()
  }

  var total: Int { panel.records.count }
  var isOfMany: Bool { total > 1 }
  var progress: ServiceStatus.Progress {
    ServiceStatus.Progress(done: settled + failures.count, total: total)
  }

  mutating func noteSettled() { settled += 1 }

  mutating func noteFailed(_ failure: Failure) { failures.append(failure) }

  /// Goes on to the next one.
  ///
  /// - Returns: nil where none is left.
  mutating func next() -> ExceptionRecord? {
    guard let next = waiting.popFirst() else { return nil }
    current = next
    return next
  }

  /// What has come of all of them: nothing is half told.
  func message(_ words: Wording) -> Message {
    let open = total - settled
    guard open > 0 else {
      return .good("\(words.count(settled, "exception is", "exceptions are")) settled.")
    }
    let why = failures.last.map { " \($0.text)" } ?? ""
    return .cannot(
      "\(words.count(settled)) of \(words.count(total)) are settled. "
        + "\(words.count(open)) stay open and marked.\(why)")
  }
}

extension ReconcileScreen {
  // MARK: What may be settled

  func objectionToSettling(_ context: Context) -> String? {
    if let settling, settling.isOfMany {
      return "Exceptions are being settled: \(settling.progress.done) of \(settling.total)."
    }
    if pane == .plan { return "Press tab for the exceptions, or s to send what waits." }
    if exceptions.selectedElement == nil { return "No exception is selected." }
    if context.status.isCutOff || context.status.mode == .starting {
      return "Exceptions are settled at the bank. Wait until it is back."
    }
    return exceptions.marks.isEmpty ? nil : objectionToSettlingMarked(context)
  }

  /// One note settles what is of one kind, and all of it must be in sight.
  private func objectionToSettlingMarked(_ context: Context) -> String? {
    guard exceptions.hiddenMarks == 0 else {
      let hidden = context.words.count(exceptions.hiddenMarks)
      return "\(hidden) of the marked exceptions are not shown. Clear the filter, or press esc."
    }
    let marked = exceptions.markedElements
    guard let first = marked.first else { return nil }
    return marked.allSatisfy { $0.isSettledLike(first) }
      ? nil : "The marked exceptions have different reasons. Mark those of one reason."
  }

  func openSettling(_ context: inout Context) -> [Wish] {
    let marked = exceptions.markedElements
    if let first = marked.first {
      return SettlePanel.open(on: first, with: Array(marked.dropFirst()), &context)
    }
    return exceptions.selectedElement.map { SettlePanel.open(on: $0, &context) } ?? []
  }

  // MARK: One after the other

  mutating func settle(_ panel: SettlePanel, _ context: inout Context) -> [Wish] {
    settling = Settling(panel)
    done.forgetRefusals()
    return askSettling(&context)
  }

  private func askSettling(_ context: inout Context) -> [Wish] {
    guard let settling else { return [] }
    let entry = settling.current.entry
    return [
      context.ask(
        .resolve(entry, settling.resolution, note: settling.panel.note.trimmed),
        for: EntryDecision(entry, .settled))
    ]
  }

  /// Takes in what became of a settlement.
  mutating func receiveSettled(
    _ reply: Reply, _ entry: EntryID, _ context: inout Context
  ) -> [Wish] {
    let isCurrent = settling?.current.entry == entry
    var wishes: [Wish] = []
    switch reply {
    case .resolved(let record):
      if let settlement = record.settlement {
        noteSettled(record, settlement)
        context.message = .good("\(record.label) is settled.")
      } else {
        let open = Failure(
          .refused, code: "open", text: "\(record.label) is still open.",
          fix: "Look at it by itself.")
        noteNotSettled(entry, open)
        context.message = .good(open.text)
      }
    case .failed(let failure):
      noteNotSettled(entry, failure)
      context.message = .failed(failure)
      if isCurrent, settling?.isOfMany == false { wishes = resumeSettlement(context) }
      // What the bank refuses of one says nothing of the next one; a fault does.
      if isCurrent, failure.kind != .refused { return wishes + endSettling(&context) }
    default: break
    }
    guard isCurrent else { return wishes + [.perform(CommonAction.reload)] }
    return settling?.next() == nil
      ? wishes + endSettling(&context) : wishes + askSettling(&context)
  }

  private mutating func noteSettled(_ record: ExceptionRecord, _ settlement: Settlement) {
    done.settle(record, settlement)
    exceptions.unmark(record.entry)
    exceptions.replace(
      with: exceptions.loaded.filter { $0.entry != record.entry }, hasMoreAbove: false,
      hasMoreBelow: false)
    if settling?.current.entry == record.entry { settling?.noteSettled() }
  }

  private mutating func noteNotSettled(_ entry: EntryID, _ failure: Failure) {
    guard settling?.current.entry == entry else { return }
    settling?.noteFailed(failure)
    if settling?.isOfMany == true { done.refuse(entry, failure) }
  }

  private mutating func endSettling(_ context: inout Context) -> [Wish] {
    if let settling, settling.isOfMany { context.message = settling.message(context.words) }
    settling = nil
    return [.perform(CommonAction.reload)]
  }

  /// What was typed for a settlement that came to nothing is there again, unless the person has gone
  /// on to something else.
  private func resumeSettlement(_ context: Context) -> [Wish] {
    guard var panel = settling?.panel, context.screenHasFocus, context.screen == Self.name else {
      return []
    }
    panel.step = .note
    return [.open(panel)]
  }
}

extension ExceptionRecord {
  /// Whether one note settles both: they are open for the same reason, and were told alike.
  fileprivate func isSettledLike(_ other: ExceptionRecord) -> Bool {
    outcome == other.outcome && held == other.held
      && flags.filter(\.needsPerson) == other.flags.filter(\.needsPerson)
  }
}

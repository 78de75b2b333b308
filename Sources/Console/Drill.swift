import BankCore
import Screen

/// A drill as the console begins, shows and scores it.
extension ConsoleState {
  /// In the demo at once; elsewhere entries are real, and it is asked first.
  mutating func toggleDrill() -> [ConsoleEffect] {
    if status.isDrill {
      // The status that follows says it, with what is left to do.
      return grant([context.ask(.drill(false), for: BranchQuestion.control(""))])
    }
    guard options.isDemo else {
      if let objection = context.objectionToDrill {
        message = .objection(objection)
        return []
      }
      openChange(.drill)
      return []
    }
    let words =
      context.tour == nil
      ? "A drill: the bank is away. Enter something, press 4, then type :drill to end it." : ""
    return grant([context.ask(.drill(true), for: BranchQuestion.control(words))])
  }

  // MARK: The score

  /// Follows a drill to its end, and asks for its score once nothing of it waits.
  mutating func followDrill(since old: ServiceStatus) -> [ConsoleEffect] {
    if status.isDrill {
      awaitsDrillScore = true
      return []
    }
    guard awaitsDrillScore else { return [] }
    if old.isDrill { message = context.drillEndMessage }
    guard status.mode == .online, status.waiting == 0 else { return [] }
    awaitsDrillScore = false
    return grant([context.ask(.outages, for: BranchQuestion.drillScore)])
  }

  mutating func receiveDrillScore(_ reply: BranchReply) -> [ConsoleEffect] {
    guard case .outages(let reports) = reply,
      let report = reports.first(where: { $0.id.terminal.text == status.terminal }),
      let score = report.drillScore
    else { return [] }
    // Screen 7 may have been read before the drill was over.
    let effects = change(OutagesScreen.self) { $0.receive(reply, to: .reports, &$1) }
    message = .good(
      "Drill \(report.id): \(score.words(context.words)).\(context.pointer(to: .outages, " Press 7 to see it."))"
    )
    return effects
  }
}

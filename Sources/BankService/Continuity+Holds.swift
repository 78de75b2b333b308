import BankCore
import ManualLedger

/// A bank that is kept away on purpose: a planned hold, or a drill. It goes through the same
/// machine as every loss.
extension Continuity {
  /// Somebody has taken the bank away or given it back, at this till or elsewhere; also how it
  /// stood when this till was opened.
  mutating func holdChanged(_ state: HoldState, _ moment: Moment) -> [Effect] {
    let before = link.change(state.standing)
    guard let hold = state.standing else {
      // It may have ended while nobody was here: the ledger is told all the same.
      let isUntold = link.isStarting && backlog.ledger.outages.last?.isHeld == true
      return giveBack(state.ended, wasHeld: before != nil, isUntold: isUntold, moment)
    }
    guard hold != before else { return [] }
    return leave(for: hold.cause, moment) + [.disconnect]
  }

  private mutating func giveBack(
    _ ended: HoldState.Ended?, wasHeld: Bool, isUntold: Bool, _ moment: Moment
  ) -> [Effect] {
    var effects =
      wasHeld || isUntold
      ? remark(
        ModeRecord(
          .holdReleased, text: ended?.sentence ?? "", operatorName: ended?.by, at: moment.now)) : []
    guard wasHeld else { return effects }
    link.endDwell(moment.now)
    link.abandonGreeting()
    effects += probe(fresh: true)
    return effects
  }
}

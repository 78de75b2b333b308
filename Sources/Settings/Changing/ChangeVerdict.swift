import BankCore

/// What the deadline marker means at a moment, to somebody who holds the lock of the history: no
/// change is being carried out by anybody else.
public enum ChangeVerdict: Hashable, Sendable {
  /// No change is under way.
  case nothing
  /// It waits to be confirmed.
  case waiting(PendingChange)
  /// These steps settle it; the sentence says which configuration is in force then, and why.
  case settle([ChangeStep], inForce: Int, String)
  /// The time of an edited file is over: what it leads to decides.
  case judge(PendingChange)
}

extension ConfigurationHistory {
  /// - Parameters:
  ///   - current: the text of the pending change's file; nil when there is no file.
  ///   - author: who does it.
  public func verdict(
    current: String?, at moment: ChangeMoment, by author: String
  ) -> ChangeVerdict {
    guard let pending else { return .nothing }
    guard let new = self[pending.generation], let old = self[pending.previous] else {
      return .settle(
        [.disarm], inForce: pending.previous,
        "A change of the configuration was under way whose history is gone: "
          + "\(pending.file) stays as it is.")
    }
    let scene = Scene(pending: pending, new: new, old: old.generation, author: author, moment)
    if new.isConfirmed {
      return .settle(
        [.disarm], inForce: new.number, "Generation \(new.number) had been confirmed.")
    }
    switch pending.kind {
    case .rollback: return scene.finishRollback()
    case .apply: return scene.apply(current)
    case .edit: return scene.edit(current)
    }
  }

  /// Steps back without waiting for the deadline; empty when nothing is pending.
  public func goBackNow(
    _ why: String, at moment: ChangeMoment, by author: String
  ) -> [ChangeStep] {
    guard let pending, let old = self[pending.previous] else { return [] }
    return ChangePlan.goBack(
      pending, to: old.generation, Occurrence(at: moment.now, by: author, text: why))
  }
}

/// One pending change, looked at.
private struct Scene {
  let pending: PendingChange
  let new: ConfigurationHistory.Record
  let old: Generation
  let author: String
  let moment: ChangeMoment

  init(
    pending: PendingChange, new: ConfigurationHistory.Record, old: Generation, author: String,
    _ moment: ChangeMoment
  ) {
    self.pending = pending
    self.new = new
    self.old = old
    self.author = author
    self.moment = moment
  }

  private func occurrence(_ text: String) -> Occurrence {
    Occurrence(at: moment.now, by: author, text: text)
  }

  func finishRollback() -> ChangeVerdict {
    .settle(
      ChangePlan.finishRollback(
        new.generation, occurrence("The rollback had been interrupted.")),
      inForce: new.number,
      "A rollback had been interrupted and is done now: generation \(new.number) is in force.")
  }

  func apply(_ current: String?) -> ChangeVerdict {
    if new.isReverted { return goBack("Its way back had been interrupted") }
    if current == old.content {
      return goBack(
        new.isActivated
          ? "The old text was put back by hand" : "Its activation had been interrupted")
    }
    guard current == new.generation.content else { return editedOver() }
    guard new.isActivated else { return goBack("Its activation had been interrupted") }
    return wait { goBack($0) }
  }

  func edit(_ current: String?) -> ChangeVerdict {
    if new.isReverted { return goBack("Its way back had been interrupted") }
    if current == old.content { return goBack("The old text was put back by hand") }
    guard current == new.generation.content else { return editedOver() }
    return wait { _ in .judge(pending) }
  }

  private func wait(_ over: (String) -> ChangeVerdict) -> ChangeVerdict {
    if pending.hasRestarted(at: moment) {
      return over("The machine was started again before it was confirmed")
    }
    guard pending.isOver(at: moment) else { return .waiting(pending) }
    return over("It was not confirmed within \(pending.withinSeconds) s")
  }

  private func goBack(_ why: String) -> ChangeVerdict {
    .settle(
      ChangePlan.goBack(pending, to: old, occurrence("\(why).")), inForce: old.number,
      "\(why): generation \(new.number) of \(pending.file) is taken back, "
        + "generation \(old.number) is in force.")
  }

  /// Somebody wrote a third text meanwhile: that is an edit of what was in force before.
  private func editedOver() -> ChangeVerdict {
    .settle(
      [
        .note(
          generation: new.number, .reverted,
          occurrence("The file was edited before it was confirmed.")), .disarm,
      ], inForce: old.number,
      "\(pending.file) was edited while generation \(new.number) waited to be confirmed.")
  }
}

import BankCore
import Screen

extension ConsoleState {
  /// Takes in a new status of the service: rings when the bank is lost or back, reads again what
  /// the change has made stale, and asks for the review again when entries now go elsewhere.
  mutating func receive(_ status: ServiceStatus) -> [ConsoleEffect] {
    let old = self.status
    context.status = status
    if !old.isDrill, status.isDrill { context.tour?.hasDrill = true }
    var effects: [ConsoleEffect] = []
    switch (old.isCutOff, status.isCutOff) {
    case (false, true):
      effects.append(.bell(2))
      message = context.lossMessage
    case (true, false):
      effects.append(.bell(1))
      message = context.returnMessage
    default: if old.hasNoBankYet, status.mode.isLive { message = context.foundingMessage }
    }
    effects += tell(.status(since: old))
    effects += followDrill(since: old)
    bringMessageUpToDate(since: old)
    effects += followReceipts(since: old)
    guard Self.changesWhatIsShown(from: old, to: status) else { return effects }
    effects += refresh()
    if old.mode != status.mode { effects += change(EntryForm.self) { $0.reviewAgain(&$1) } }
    return effects
  }

  // MARK: What the message line says of the state

  /// A message that says how things stand says it of the present: it is told anew, or withdrawn.
  private mutating func bringMessageUpToDate(since old: ServiceStatus) {
    guard let subject = message?.subject else { return }
    switch subject {
    case .capture: break
    case .loss: message = context.lossMessage
    case .wayBack: message = context.returnMessage
    case .drillEnd: message = context.drillEndMessage
    case .quitting:
      message = quittingWarning
      context.armed = message == nil ? nil : .quit
    case .standing: if Self.standsOtherwise(old, status) { message = nil }
    case .reading: if old.mode != status.mode { message = nil }
    }
  }

  /// Whether an answer to a key may be another one by now.
  private static func standsOtherwise(_ old: ServiceStatus, _ new: ServiceStatus) -> Bool {
    old.mode != new.mode || old.cause?.code != new.cause?.code || old.hold != new.hold
      || (old.progress == nil) != (new.progress == nil) || old.open != new.open
      || old.exceptions != new.exceptions || old.untold != new.untold
      || old.objectionToEntering != new.objectionToEntering
  }

  private static func changesWhatIsShown(from old: ServiceStatus, to new: ServiceStatus) -> Bool {
    // While thousands of entries are being reconciled the counts change with every batch: the
    // banner follows, the lists are read again once at the end.
    if old.mode == new.mode, new.progress != nil { return false }
    return old.mode != new.mode || old.cause?.code != new.cause?.code || old.progress != nil
      || old.waiting != new.waiting || old.unknown != new.unknown || old.blocked != new.blocked
      || old.exceptions != new.exceptions
      || old.untold != new.untold || old.bank?.epoch != new.bank?.epoch
      || old.bank?.id != new.bank?.id || old.snapshotAsOf == nil && new.snapshotAsOf != nil
  }
}

extension ServiceStatus {
  /// Whether the bank cannot be asked: what rings twice when it begins and once when it ends. A bank
  /// that there is not yet is not missed.
  var isCutOff: Bool { (mode == .manual || mode == .quarantined) && !hasNoBankYet }

  /// Whether the block of an outage stands at the top: what it means and what may be done is said
  /// there.
  var hasBlock: Bool { isCutOff || mode == .suspect }

  /// The role of the mode's words in the first line.
  var modeRole: Role { hasNoBankYet ? .modeStarting : mode.role }
}

extension Mode {
  /// The role of its words.
  var role: Role {
    switch self {
    case .starting: .modeStarting
    case .online: .modeOnline
    case .suspect: .modeSuspect
    case .manual: .modeManual
    case .reconciling: .modeReconciling
    case .quarantined: .modeQuarantined
    }
  }
}

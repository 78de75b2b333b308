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
    guard status.changesWhatIsShown(since: old) else { return effects }
    effects += refresh()
    if old.mode != status.mode { effects += change(EntryForm.self) { $0.reviewAgain(&$1) } }
    return effects
  }

  // MARK: What the message line says of the state

  /// A message that says how things stand says it of the present: it is told anew, or withdrawn.
  private mutating func bringMessageUpToDate(since old: ServiceStatus) {
    guard let subject = message?.subject else { return }
    switch subject {
    case .capture, .slip: break
    case .loss: message = context.lossMessage
    case .wayBack: message = context.returnMessage
    case .drillEnd: message = context.drillEndMessage
    case .quitting:
      message = QuittingWarning(console: self).message
      context.armed = message == nil ? nil : .quit
    case .standing: if status.standsOtherwise(since: old) { message = nil }
    case .reading: if old.mode != status.mode { message = nil }
    }
  }
}

extension ServiceStatus {
  /// Whether an answer to a key may be another one by now.
  fileprivate func standsOtherwise(since old: ServiceStatus) -> Bool {
    old.mode != mode || old.cause?.code != cause?.code || old.hold != hold
      || (old.progress == nil) != (progress == nil) || old.open != open
      || old.exceptions != exceptions || old.untold != untold
      || old.objectionToEntering != objectionToEntering
  }

  fileprivate func changesWhatIsShown(since old: ServiceStatus) -> Bool {
    // While thousands of entries are being reconciled the counts change with every batch: the
    // banner follows, the lists are read again once at the end.
    if old.mode == mode, progress != nil { return false }
    return old.mode != mode || old.cause?.code != cause?.code || old.progress != nil
      || old.waiting != waiting || old.unknown != unknown || old.blocked != blocked
      || old.exceptions != exceptions
      || old.untold != untold || old.bank?.epoch != bank?.epoch
      || old.bank?.id != bank?.id || old.snapshotAsOf == nil && snapshotAsOf != nil
  }

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

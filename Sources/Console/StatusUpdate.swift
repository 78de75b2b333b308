import BankCore
import Screen

extension ConsoleState {
  /// Takes in a new status of the service: rings when the bank is lost or back, reads again what
  /// the change has made stale, and asks for the review again when entries now go elsewhere.
  mutating func take(_ status: ServiceStatus) -> [Effect] {
    let old = self.status
    self.status = status
    var effects: [Effect] = []
    switch (old.mode.isCutOff, status.mode.isCutOff) {
    case (false, true):
      effects.append(.bell(2))
      connection.wayBack = nil
      message = lossMessage
    case (true, false):
      effects.append(.bell(1))
      message = returnMessage
    default: break
    }
    if old.mode.isCutOff != status.mode.isCutOff || old.cause?.code != status.cause?.code {
      effects += screen == .connection ? [] : askForSuspect()
    }
    effects += takeNotices(since: old)
    effects += followDrill(since: old)
    bringMessageUpToDate(since: old)
    effects += followReceipts(since: old)
    guard Self.changesWhatIsShown(from: old, to: status) else { return effects }
    if old.mode != status.mode { accounts.totalAskedAt = nil }
    effects += refresh()
    if old.mode != status.mode { effects += reviewAgain() }
    return effects
  }

  // MARK: What the message line says of the state

  /// A message that says how things stand says it of the present: it is told anew, or withdrawn.
  private mutating func bringMessageUpToDate(since old: ServiceStatus) {
    guard let subject = message?.subject else { return }
    switch subject {
    case .capture: break
    case .loss: message = lossMessage
    case .wayBack: message = returnMessage
    case .drillEnd: message = drillEndMessage
    case .quitting:
      message = quittingWarning
      quitIsArmed = message != nil
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

  /// Only where entries wait for somebody there is something to reconcile: what the bank decides by
  /// itself within moments is not. Nil while the bank does not answer.
  private var returnMessage: Message? {
    guard status.mode.isLive else { return nil }
    let count = status.waiting - status.blocked
    var text = "The bank is back."
    if status.waiting == 0 {
      text += " Nothing waits."
    } else if status.progress != nil {
      text += " Serve on: what waited is being reconciled."
    } else if status.mode == .reconciling, count > 0 {
      text += " Serve on; press \(reconcilingKey) to reconcile \(words.entries(count))."
    }
    return .good(text).about(.wayBack)
  }

  /// Why this till promises nothing: it has no manual ledger that an entry could go to. Nil where
  /// something can be entered.
  var refusalToEnter: String? {
    guard status.objectionToEntering != nil else { return nil }
    let why =
      status.cause?.code == .terminalCloned
      ? "its name belongs to another one" : "its bank has not enrolled it yet"
    return "Nothing can be entered at this till: \(why)."
  }

  /// That the bank is away, and what is done meanwhile; nil while it is not.
  var lossMessage: Message? {
    status.mode.isCutOff ? .alarm(lossSentence).about(.loss) : nil
  }

  private var lossSentence: String {
    if let refusalToEnter { return refusalToEnter }
    if status.mode == .quarantined {
      return "Nothing is sent to this database until a supervisor decides."
    }
    let why = status.hold == nil ? "The bank is lost" : "The bank is kept away on purpose"
    return offlineTerms.kinds.isEmpty
      ? "\(why). \(offlineTerms.opening(namesAge: false))"
      : "\(why). Serve on: entries go to the manual ledger."
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

extension Mode {
  /// Whether the bank cannot be asked: what rings twice when it begins and once when it ends.
  var isCutOff: Bool { self == .manual || self == .quarantined }

  /// The role of the mode's words in the first line.
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

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
      message = .alarm(lossSentence(status))
    case (true, false):
      effects.append(.bell(1))
      returnSentence = sentence(ofReturn: status)
      message = returnSentence
    default:
      // What it said of waiting entries may be settled by now.
      if let told = returnSentence, message == told {
        returnSentence = sentence(ofReturn: status)
        message = returnSentence
      }
    }
    if old.mode.isCutOff != status.mode.isCutOff || old.cause?.code != status.cause?.code {
      effects += screen == .connection ? [] : askForSuspect()
    }
    effects += takeNotices(since: old)
    effects += followDrill(since: old)
    guard Self.changesWhatIsShown(from: old, to: status) else { return effects }
    if old.mode != status.mode { accounts.totalAskedAt = nil }
    effects += refresh()
    if old.mode != status.mode { effects += reviewAgain() }
    return effects
  }

  /// Only where entries wait for somebody there is something to reconcile: what the bank decides by
  /// itself within moments is not.
  private func sentence(ofReturn status: ServiceStatus) -> Message {
    guard status.mode == .reconciling, status.waiting > 0 else {
      return .good(status.waiting == 0 ? "The bank is back. Nothing waits." : "The bank is back.")
    }
    return .good(
      "The bank is back. Serve on; press \(reconcilingKey) to reconcile "
        + "\(words.entries(status.waiting)).")
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

  private func lossSentence(_ status: ServiceStatus) -> String {
    if let refusalToEnter { return refusalToEnter }
    if status.mode == .quarantined {
      return "Nothing is sent to this database until a supervisor decides."
    }
    return status.hold == nil
      ? "The bank is lost. Serve on: entries go to the manual ledger."
      : "The bank is kept away on purpose. Serve on: entries go to the manual ledger."
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

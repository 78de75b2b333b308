import BankCore
import ManualLedger

extension Continuity {
  /// What every screen begins with, and `daybook status` prints: computed from the values, stored nowhere.
  var status: ServiceStatus {
    var status = ServiceStatus(
      terminal: configuration.terminal.name.text, operatorName: configuration.operatorName,
      endpoint: link.endpoint)
    showLink(in: &status)
    showEntries(in: &status)
    showLedger(in: &status)
    return status
  }

  private func showLink(in status: inout ServiceStatus) {
    status.mode = mode
    status.cause = link.cause
    // However often consoles and commands were started meanwhile, and whatever the cause is by now.
    if let began = backlog.ledger.ongoingOutage?.beganAt { status.cause?.since = began }
    status.bank = link.bank
    status.roundTripMilliseconds = link.roundTripMilliseconds
    status.clock = link.time?.difference
    // Of a bank that answers nobody asks, and each look at it would be news to a console that rests.
    status.nextProbeAt = link.cause == nil ? nil : link.nextProbeAt
    status.hold = link.hold
    status.snapshotAsOf = backlog.snapshotAsOf
  }

  private func showEntries(in status: inout ServiceStatus) {
    status.waiting = backlog.waitingCount
    status.oldestWaiting = backlog.oldestWaiting?.entry.capturedAt
    status.unknown = till.unknown.count
    status.blocked = backlog.blockedCount
    status.notices = backlog.ledger.noticed.compactMap(till.notice)
    status.untold = backlog.ledger.untold.count
    status.missing = backlog.ledger.missing
    status.exceptions =
      (worklist.openAtBank ?? 0) + backlog.heldCount + backlog.blockedCount + status.missing.count
    status.knowsExceptions = worklist.openAtBank != nil
    status.control = till.controlTotals
    // What was paid out counts from its release on, before its line is on the disk.
    let currencies = Set(
      status.control.map(\.currency) + backlog.usage.byCurrency.keys
        + [link.bank?.currency].compactMap { $0 })
    status.caps = currencies.sorted().map {
      ServiceStatus.Caps(
        perEntry: configuration.policy.perEntry($0),
        left: configuration.policy.left($0, backlog.usage))
    }
    status.progress = dispatch.run?.progress
  }

  private func showLedger(in status: inout ServiceStatus) {
    status.objectionToEntering = objectionToWriting
    status.policy = configuration.policy
    status.isEnrolled = health.hasLedger
    status.latestSeen = backlog.ledger.latestInOutage
    status.ledgerHead = health.hasLedger ? backlog.ledger.head.description : nil
    status.ledgerNotice = health.notices(countsOthers: mode != .online)
  }
}

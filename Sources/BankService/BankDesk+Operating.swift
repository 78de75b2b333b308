import BankCore
import ManualLedger

/// What operations ask of their desk.
extension BankDesk: OperatingDesk {
  var operations: Operations {
    Operations(
      configuration: configuration, store: store, ledger: ledger, clock: clock, changer: changer,
      healer: healer, desk: self)
  }

  func operationFacts() -> OperationFacts {
    let backlog = machine?.backlog
    return OperationFacts(
      moment: moment(), isLive: machine?.isLive == true, cause: machine?.link.cause,
      expectedBank: machine?.link.expectedBank, epochSeen: machine?.link.bank?.epoch ?? 0,
      acknowledgement: backlog?.ledger.acknowledgement,
      objectionToWriting: machine?.objectionToWriting,
      waiting: (backlog?.waitingCount ?? 0) + (backlog?.ledger.untold.count ?? 0))
  }

  func openEntries() -> Set<EntryID> {
    Set(machine?.backlog.ledger.entries.map(\.entry.id) ?? [])
  }

  func batchToSettle(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ debit: AccountNumber,
    _ credit: AccountNumber
  ) -> PostingBatch? {
    machine.map {
      $0.worklist.batchToSettle(exception, resolution, debit, credit, $0.till, moment())
    }
  }

  /// Whoever asked for a settlement wants to see the exception.
  func resolved(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ receipt: Receipt
  ) async -> Reply {
    let wish = SettlementWish(
      id: id, resolution: resolution, operatorName: configuration.operatorName)
    if let no = wish.objection(in: receipt) { return .failed(no) }
    let exception = (try? await store.exceptions([id]))?[id]
    await talk(.countExceptions)
    return wish.reply(after: receipt, exception, note: note)
  }
}

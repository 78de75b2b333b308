import BankCore
import ManualLedger

/// Reconciliation: what waits goes to the bank in batches, one after the other.
extension Continuity {
  mutating func reconcile(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard dispatch.run == nil else {
      return [
        .reply(
          ticket,
          .failed(
            Failure(
              .fault, code: "under-way", text: "A reconciliation is under way already.",
              fix: "Watch it on screen 5.")))
      ]
    }
    return startRun(ticket: ticket, moment)
  }

  var cannotReconcile: Failure {
    Failure(
      link.cause?.code == .wrongBank ? .wrongBank : .fault,
      code: link.cause?.code.code ?? "away",
      text: link.cause?.sentence ?? "The database is not known to be the right one yet.",
      fix: "Nothing was changed; what waits is safe in the manual ledger. "
        + (link.cause?.remedy ?? "Try again when the bank answers."))
  }

  mutating func startRun(ticket: Ticket?, _ moment: Moment) -> [Effect] {
    let queue = backlog.waiting.map(\.entry.id)
    let total = queue.count
    dispatch.startRun(queue, ticket: ticket)
    guard total > 0 else { return [] }
    return [
      .append(
        .remark,
        [
          .mode(
            ModeRecord(
              .reconciliationBegan, text: "\(total) waiting",
              operatorName: configuration.operatorName, at: moment.now))
        ])
    ]
  }

  // MARK: Its end

  mutating func finishRun(_ moment: Moment) -> [Effect] {
    guard let finished = dispatch.endRun() else { return [] }
    let report = completed(finished)
    var effects: [Effect] = [.countExceptions]
    if finished.total > 0 {
      effects.append(.runEnded(report))
      effects.append(.refreshSnapshot(accounts: nil))
      effects.append(
        .append(
          .remark,
          [
            .mode(
              ModeRecord(
                .reconciliationEnded, text: "\(report.waiting) waiting",
                operatorName: configuration.operatorName, at: moment.now))
          ]))
      if report.waiting == 0 { effects.append(.rotateLedger(.reconciled)) }
    }
    if let ticket = finished.ticket { effects.append(.reply(ticket, .reconciled(report))) }
    return effects
  }

  /// The database was lost in the middle: what is posted is posted, the rest waits.
  mutating func stopRun(_ moment: Moment) -> [Effect] {
    guard let stopped = dispatch.endRun() else { return [] }
    let report = completed(stopped)
    let reply = stopped.ticket.map { Effect.reply($0, .reconciled(report)) }
    return [.runEnded(report)] + [reply].compactMap(\.self)
  }

  private func completed(_ run: Run) -> ReconciliationReport {
    var report = run.report
    report.waiting = backlog.waitingCount
    report.exceptions += backlog.heldIDs.count + backlog.blockedCount
    report.control = till.controlTotals
    report.untold = backlog.ledger.untold.map(\.entry.id)
    return report
  }

  mutating func plan(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard readSource == .live else { return [.reply(ticket, .failed(cannotReconcile))] }
    return [
      .plan(
        ticket,
        dispatch.batch(
          of: backlog.submissions(of: backlog.waiting.map(\.entry.id)), backlog, moment))
    ]
  }

  mutating func planned(
    _ ticket: Ticket, _ result: Result<[Decision], StoreFault>, _ silent: [String],
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let fault):
      return noteFault(fault, moment) + [.reply(ticket, .failed(Failure(fault: fault)))]
    case .success(let decisions):
      let lines = decisions.compactMap { decision in
        backlog[decision.id].map {
          ReconciliationPlan.Line(entry: $0.entry, predicted: decision.verdict)
        }
      }
      return [
        .reply(
          ticket,
          .plan(
            ReconciliationPlan(lines: lines, control: till.controlTotals, silentTerminals: silent)))
      ]
    }
  }
}

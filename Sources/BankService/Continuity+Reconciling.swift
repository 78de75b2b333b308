import BankCore
import ManualLedger

/// Reconciliation: what waits goes to the bank in batches, one after the other.
extension Continuity {
  mutating func reconcile(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard isLive else { return [.reply(ticket, .failed(cannotReconcile))] }
    guard run == nil else {
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
      status.cause?.code == .wrongBank ? .wrongBank : .fault,
      code: status.cause?.code.code ?? "away",
      text: status.cause?.sentence ?? "The database is not known to be the right one yet.",
      fix: "Nothing was changed; what waits is safe in the manual ledger. "
        + (status.cause?.remedy ?? "Try again when the bank answers."))
  }

  mutating func startRun(ticket: Ticket?, _ moment: Moment) -> [Effect] {
    let queue = waiting.map(\.entry.id)
    let total = queue.count
    run = Run(ticket: ticket, queue: queue, most: configuration.batchSize)
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

  // MARK: Batches

  /// The next entries in their order; requests of accounts that an earlier entry holds wait on.
  /// Empty when nothing is left.
  mutating func nextChunk(_ moment: Moment) -> [EntryID] {
    var chunk: [EntryID] = []
    while chunk.isEmpty {
      let chosen = run?.upcoming ?? choose(moment)
      run?.upcoming = nil
      guard !chosen.isEmpty else { return [] }
      chunk = chosen.filter { goes($0) }
    }
    return chunk
  }

  /// Takes so many waiting entries from the run's queue as go together at its present pace. Few while
  /// somebody works at the till: what they enter waits for one batch, and their keys for less.
  mutating func choose(_ moment: Moment) -> [EntryID] {
    guard let run else { return [] }
    let most = isInUse(at: moment.now) ? min(run.pace, Run.leastPace) : run.pace
    let chosen = Array(run.queue[run.next...].prefix(most))
    self.run?.next += chosen.count
    return chosen
  }

  /// Whether it is still to be sent, after all that has become of the entries before it.
  private mutating func goes(_ id: EntryID) -> Bool {
    guard isSendable(id) else {
      if isBlocked(id) {
        ledger[id].map { run?.heldAccounts.formUnion($0.entry.customerAccounts) }
      }
      run?.done += 1
      return false
    }
    guard let heldAccounts = run?.heldAccounts, !heldAccounts.isEmpty,
      let known = ledger[id], known.release?.standing != .advice,
      known.entry.customerAccounts.contains(where: heldAccounts.contains)
    else { return true }
    held[id] = .heldBehind
    self.run?.heldAccounts.formUnion(known.entry.customerAccounts)
    self.run?.done += 1
    return false
  }

  /// A batch is with the bank: the next one is chosen, and the line that lets it go is written
  /// beside the bank's work.
  ///
  /// Not while somebody works at the till: then desk and bank take turns.
  mutating func lookAhead(_ moment: Moment) -> [Effect] {
    guard run != nil, run?.upcoming == nil, !isInUse(at: moment.now) else { return [] }
    let ids = choose(moment)
    guard !ids.isEmpty else { return [] }
    run?.upcoming = ids
    run?.ready = nil
    return letGo(ids, moment).map { [.append(.remark, [$0])] } ?? []
  }

  /// Makes the chosen batch up while the one before it is with the bank.
  mutating func makeReady() {
    guard job?.isUnderWay == true, let upcoming = run?.upcoming, run?.ready == nil else { return }
    let ready = submissions(of: upcoming)
    run?.ready = ready
  }

  /// What was made up beforehand, when it is just what is to be sent.
  mutating func takeReady(for job: Job) -> [Submission]? {
    guard job.isReconciliation, let ready = run?.ready else { return nil }
    run?.ready = nil
    return ready.lazy.map(\.entry.id).elementsEqual(job.ids) ? ready : nil
  }

  /// Between two batches the machine, and the bank's, is left to whoever works at the till: where desk
  /// and bank share two processors, each key would otherwise wait for one of them.
  mutating func rest(_ moment: Moment) -> [Effect] {
    guard run != nil, isInUse(at: moment.now) else { return [] }
    run?.isResting = true
    return [.setTimer(.rest, afterMilliseconds: Self.restMilliseconds)]
  }

  mutating func rested() -> [Effect] {
    run?.isResting = false
    return []
  }

  /// As many go together as the bank decides in about a third of a second. The accounts of a batch
  /// are locked meanwhile, and an entry from the counter, which has its own deadline, may have to
  /// wait for it. A few hundred always go: fewer would only be slower.
  mutating func setPace(after job: Job, _ moment: Moment) {
    guard let run, let sentAt = job.sentAt else { return }
    let took = max(1, moment.now.milliseconds(since: sentAt))
    let fitting = Int(clamping: Int64(job.ids.count) * Run.wantedMilliseconds / took)
    self.run?.pace = min(max(fitting, Run.leastPace), 2 * run.pace, configuration.batchSize)
  }

  // MARK: Its end

  mutating func finishRun(_ moment: Moment) -> [Effect] {
    guard let finished = run else { return [] }
    run = nil
    let report = completed(finished)
    var effects: [Effect] = [.countExceptions]
    if finished.total > 0 {
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
    guard let stopped = run else { return [] }
    run = nil
    guard let ticket = stopped.ticket else { return [] }
    return [.reply(ticket, .reconciled(completed(stopped)))]
  }

  private func completed(_ run: Run) -> ReconciliationReport {
    var report = run.report
    report.waiting = waitingCount
    report.exceptions += heldIDs.count + blockedCount
    report.control = controlTotals
    report.untold = ledger.untold.map(\.entry.id)
    return report
  }

  /// The ledger's totals with what is decided but not yet written counted as decided.
  var controlTotals: [ControlTotals] {
    var totals: [Currency: ControlTotals] = [:]
    for (currency, total) in ledger.totals { totals[currency] = total.control(currency) }
    for (id, outcome) in decided {
      guard let amount = ledger.captured(id) else { continue }
      if outcome.sameAs == nil {
        totals[amount.currency]?.move(amount.minorUnits, to: outcome.recorded.outcome)
      } else {
        totals[amount.currency]?.captured.subtract(amount.minorUnits)
        totals[amount.currency]?.waiting.subtract(amount.minorUnits)
      }
    }
    for known in unknown where known.entry.kind != .settlement {
      totals[known.entry.amount.currency]?.unknown.add(known.entry.amount.minorUnits)
    }
    for known in blockedIDs.compactMap({ ledger[$0] }) {
      totals[known.entry.amount.currency]?.blocked.add(known.entry.amount.minorUnits)
    }
    return totals.values.sorted { $0.currency < $1.currency }
  }

  mutating func plan(_ ticket: Ticket, _ moment: Moment) -> [Effect] {
    guard readSource == .live else { return [.reply(ticket, .failed(cannotReconcile))] }
    return [.plan(ticket, batch(of: submissions(of: waiting.map(\.entry.id)), moment))]
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
        ledger[decision.id].map {
          ReconciliationPlan.Line(entry: $0.entry, predicted: decision.verdict)
        }
      }
      return [
        .reply(
          ticket,
          .plan(
            ReconciliationPlan(lines: lines, control: controlTotals, silentTerminals: silent)))
      ]
    }
  }
}

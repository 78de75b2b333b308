import BankCore
import ManualLedger

/// From the durable line to the books, and what the values want of each other.
extension Continuity {
  /// What a value has decided goes to the others, or to the runtime.
  mutating func follow(_ consequences: [Consequence], _ moment: Moment) -> [Effect] {
    consequences.flatMap { follow($0, moment) }
  }

  private mutating func follow(_ consequence: Consequence, _ moment: Moment) -> [Effect] {
    switch consequence {
    case .effect(.append(.release(let id), let records)):
      return recordSilence(moment) + [.append(.release(id), records)]
    case .effect(let effect): return [effect]
    case .send(let id): dispatch.add(id)
    case .ask(let known, let ticket):
      return follow(captures.ask(again: known, ticket, isLive: isLive), moment)
    case .settle(let entry, let resolution, let ticket):
      return captures.settle(entry, resolution, ticket)
    case .write(let entry): captures.write(entry)
    case .expose(let entry): backlog.expose(entry)
    case .void(let record, let ticket):
      backlog.beginVoid(record.entry)
      return [.append(.void(record.entry, ticket), [.void(record)])]
    case .fault(let fault): return noteFault(fault, moment)
    case .postpone(let ticket, let draft): deferred.append((ticket, .capture(draft)))
    }
    return []
  }

  // MARK: After the disk

  mutating func appended(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], _ result: Result<DurableReceipt, Failure>,
    _ moment: Moment
  ) -> [Effect] {
    switch result {
    case .failure(let failure):
      return appendFailed(purpose, records, failure, moment)
    case .success(let receipt):
      health.wrote(nil)
      for line in receipt.lines {
        backlog.apply(line)
        if case .entry(let record) = line.record { captures.endWriting(record.entry) }
        dispatch.recorded(line.record)
      }
      let effects = appended(purpose, isOneCopyOnly: receipt.isOneCopyOnly, moment)
      dispatch.makeReady(backlog)
      return link.isHeld
        ? effects
        : effects
          + OutageLines.examinations(
            after: records, backlog.ledger, at: configuration.terminal.name)
    }
  }

  private mutating func appended(
    _ purpose: AppendPurpose, isOneCopyOnly: Bool, _ moment: Moment
  ) -> [Effect] {
    switch purpose {
    case .capture(let id):
      return follow(
        captures.recorded(id, isOneCopyOnly: isOneCopyOnly, isLive: isLive), moment)
    case .release(let id): return captures.told(id, isOneCopyOnly: isOneCopyOnly, backlog)
    case .void(let id, let ticket):
      backlog.unhold(id)
      backlog.endVoid(id)
      return backlog[id].map { [.reply(ticket, .receipt(till.receipt($0, isCopy: false)))] } ?? []
    case .keep(let id, let ticket): return follow(captures.kept(id, ticket, backlog), moment)
    case .decision(let id, let ticket):
      backlog.unhold(id)
      return follow(worklist.decided(id, ticket, till, link), moment)
    case .noted(let id, let ticket):
      return [.reply(ticket, .notices(till.notices.filter { $0.entry.id == id }))]
    case .settlement(let record, let ticket): return [.settle(ticket, record)]
    case .healingBegins(let ticket): return [.giveBack(ticket)]
    case .healing(let ticket, let report): return [.raiseEpoch(ticket, report)]
    case .lifted(let ticket, let report):
      health.accept()
      link.endDwell(moment.now)
      return [.reply(ticket, .healed(report))] + probe(fresh: true)
    case .missingNoted(let ticket): return [.reply(ticket, .done)]
    case .adoption(let report, let ticket):
      return follow(worklist.adopted(report, ticket, backlog, isLive: isLive), moment)
    case .sending:
      // The bank was left meanwhile: nothing is sent there. What was not released is asked for again
      // when it is back.
      guard isLive else {
        dispatch.endJob()
        return []
      }
      return dispatch.wasLetGo(backlog, moment, isInUse: isInUse(at: moment.now))
    case .outcomes, .remark: return []
    }
  }

  private mutating func appendFailed(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], _ failure: Failure, _ moment: Moment
  ) -> [Effect] {
    health.wrote(failure)
    var effects = captures.lost(records, for: purpose, failure, backlog, moment)
    switch purpose {
    case .void(let id, _):
      backlog.endVoid(id)
      // What nobody has promised anything about is asked for again, as if nothing had been.
      if backlog.isWaiting(id), backlog[id]?.release == nil { dispatch.add(id) }
    case .sending:
      dispatch.endJob()
      effects += dispatch.stopRun(till)
    case .release, .outcomes, .remark: backlog.lose(records)
    default: break
    }
    if let ticket = purpose.ticket { effects.append(.reply(ticket, .failed(failure))) }
    return effects
  }

  // MARK: Sending

  /// Sends the next batch when none is under way.
  mutating func sendNext(_ moment: Moment) -> [Effect] {
    guard isLive else { return [] }
    let isInUse = isInUse(at: moment.now)
    let next = dispatch.next(from: &backlog, isInUse: isInUse)
    let effects = captures.release(next.tooFarBehind)
    if let job = next.job {
      return effects + dispatch.begin(job, backlog, moment, isInUse: isInUse)
    }
    return next.endsRun ? effects + dispatch.finishRun(till, moment) : effects
  }

  /// The bank's answer.
  mutating func posted(
    _ result: Result<PostingReceipt, StoreFault>, _ moment: Moment
  ) -> [Effect] {
    guard let job = dispatch.endJob() else { return [] }
    switch result {
    case .failure(let fault):
      dispatch.lost(job, backlog)
      var effects = captures.release(job.ids)
      if job.isReconciliation { effects += dispatch.stopRun(till) }
      return effects + noteFault(fault, moment)
    case .success(let receipt):
      let answered = dispatch.answered(receipt, of: job, &backlog, &captures, moment)
      worklist.add(answered.newExceptions)
      var effects = answered.effects
      if let cause = answered.alarm {
        link.distrust(cause)
        effects += leave(for: cause, moment)
      }
      effects += backlog.writeOutcomes(answered.records, isTelling: answered.isTelling)
      return effects
        + dispatch.advance(
          after: job, answered.accounts, moment, isInUse: isInUse(at: moment.now))
    }
  }

  /// The bank has let an entry's deadline pass.
  mutating func decisionOverdue(_ id: EntryID, _ moment: Moment) -> [Effect] {
    guard captures[id]?.phase == .asking else { return [] }
    let effects = captures.release([id])
    return isLive ? effects + suspect(link.undecided, moment) : effects
  }
}

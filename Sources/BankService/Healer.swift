import BankCore
import ManualLedger

/// Heals a database that was restored from a backup: what the kept segments have on record and the
/// database does not know is booked again as it was, settlements included. What the database has made
/// of each goes to the ledger, before the database counts as healed.
///
/// A line says first that it begins, and puts this terminal ahead of the database. Only the last
/// transaction, which raises the epoch, catches up with it: until then the database is behind, and
/// whatever was cut off is done by the next healing.
actor Healer {
  /// How a healing goes on.
  enum Beginning: Sendable {
    case answered(Reply)
    /// The line that it begins is to be written: so far this terminal counts as acknowledged.
    case begins(Acknowledgement)
  }

  private let ledger: any LedgerPort
  private let clock: any DeskClock
  private let batchSize: Int
  private let lateDebitValue: LateDebitValue
  /// What is to be given back as soon as the line that it begins is durable.
  private var toGiveBack: [Ticket: Forgotten] = [:]

  init(_ configuration: DeskConfiguration, _ ledger: any LedgerPort, _ clock: any DeskClock) {
    self.ledger = ledger
    self.clock = clock
    batchSize = configuration.batchSize
    lateDebitValue = configuration.lateDebitValue
  }

  /// Finds out what the bank has forgotten.
  func begin(
    planOnly: Bool, _ ticket: Ticket, _ facts: HealingFacts, in store: any Store
  ) async throws(StoreFault) -> Beginning {
    if let no = facts.objection { return .answered(.failed(no)) }
    let greeting = try await store.greet(facts.terminal.id, fresh: true)
    if let no = facts.objection(to: greeting.bank, at: store.endpoint) {
      return .answered(.failed(no))
    }
    let forgotten: Forgotten
    do throws(Failure) { forgotten = try await whatIsForgotten(facts, in: store) } catch {
      return .answered(.failed(error))
    }
    // A new epoch makes every till compare and copy anew: not for a bank that has forgotten nothing.
    let isBehind = forgotten.isBehind(
      greeting, at: facts.terminal, knowsLast: try await knowsLast(forgotten, in: store))
    let isDone = forgotten.isEmpty && !isBehind
    if planOnly || isDone {
      let given = try await giveBack(forgotten, planOnly: planOnly, facts, in: store)
      var report = HealingReport(items: given.items, epoch: greeting.bank.epoch, isPlan: planOnly)
      report.isBehind = isBehind
      return .answered(.healed(report))
    }
    if greeting.terminal == nil { try await store.enrol(facts.terminal, at: clock.now()) }
    toGiveBack[ticket] = forgotten
    return .begins(forgotten.ahead(of: greeting, epochSeen: facts.epochSeen))
  }

  /// The line that it begins is durable: now the bank is given back what it has forgotten.
  ///
  /// - Returns: nil where nothing was to be given back.
  func giveBack(
    _ ticket: Ticket, _ facts: HealingFacts, in store: any Store
  ) async throws(StoreFault) -> (HealingReport, HealingLines)? {
    guard let forgotten = toGiveBack.removeValue(forKey: ticket) else { return nil }
    let given = try await giveBack(forgotten, planOnly: false, facts, in: store)
    return (HealingReport(items: given.items, epoch: 0), given.lines)
  }

  /// What was given back is on record at this terminal: now the database counts as healed.
  func raiseEpoch(
    _ report: HealingReport, _ facts: HealingFacts, in store: any Store
  ) async throws(StoreFault) -> (HealingReport, BankIdentity) {
    // A backup of before an earlier healing knows an older epoch than this terminal does.
    let bank = try await store.raiseEpoch(
      terminal: facts.terminal.id, counterAtLeast: facts.acknowledgement?.counter ?? 0,
      epochAbove: facts.acknowledgement?.epoch ?? 0)
    var report = report
    report.epoch = bank.epoch
    return (report, bank)
  }

  // MARK: Asking the books

  private func knowsLast(
    _ forgotten: Forgotten, in store: any Store
  ) async throws(StoreFault) -> Bool {
    guard forgotten.acknowledged != nil, let last = forgotten.lastAcknowledged else { return true }
    return try await store.inbox([last])[last] != nil
  }

  private func whatIsForgotten(
    _ facts: HealingFacts, in store: any Store
  ) async throws(Failure) -> Forgotten {
    let state = try await ledger.history()
    var books: [EntryID: InboxRow] = [:]
    var exceptions: [EntryID: ExceptionRecord] = [:]
    do throws(StoreFault) {
      for chunk in Forgotten.decided(in: state).chunks(of: 1_000) {
        let ids = chunk.compactMap { $0.outcome?.recorded.bookedAs }
        books.merge(try await store.inbox(ids)) { $1 }
      }
      for chunk in state.settlements.booked.chunks(of: 1_000) {
        exceptions.merge(try await store.exceptions(chunk.map(\.exception))) { $1 }
      }
    } catch {
      throw Failure(fault: error)
    }
    return Forgotten(state, books: books, exceptions: exceptions, facts)
  }

  // MARK: Giving back

  /// What has become of what was forgotten, and the lines that say so.
  private struct GivenBack {
    var items: [HealingReport.Item] = []
    var lines = HealingLines()
  }

  private func giveBack(
    _ forgotten: Forgotten, planOnly: Bool, _ facts: HealingFacts, in store: any Store
  ) async throws(StoreFault) -> GivenBack {
    var given = GivenBack()
    given.lines.acknowledgement = forgotten.acknowledged
    for chunk in forgotten.entries.chunks(of: batchSize) {
      let batch = batch(chunk.map(\.submission), chunk.compactMap(\.settlement), facts)
      var decisions: [Decision]
      if planOnly {
        decisions = try await store.plan(batch)
      } else {
        let receipt = try await store.post(batch)
        given.lines.acknowledgement = Acknowledgement(
          counter: receipt.counter, epoch: receipt.epoch)
        decisions = receipt.decisions
      }
      let byID = Dictionary(decisions.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      for item in chunk {
        let decision = byID[item.known.entry.id]
        given.items.append(
          HealingReport.Item(
            item.known.entry, item.submission.recorded?.outcome, item.settlement,
            decision?.verdict))
        if let decision {
          given.lines.add(decision, of: item.known, now(facts)) { clock.mint() }
        }
      }
    }
    for known in forgotten.doubted {
      given.items.append(
        HealingReport.Item(
          known.entry, known.outcome?.recorded.outcome, nil, .blocked(.outcomeNotGiven)))
      given.lines.doubt(known, now(facts)) { clock.mint() }
    }
    for chunk in forgotten.settlements.chunks(of: batchSize) {
      if !planOnly {
        let receipt = try await store.post(batch([], chunk.map(\.request), facts))
        given.lines.acknowledgement = Acknowledgement(
          counter: receipt.counter, epoch: receipt.epoch)
      }
      for decision in chunk {
        given.items.append(
          HealingReport.Item(
            decision.request,
            .decided(decision.isTooLate ? .refused(.alreadySettled) : .posted, [])))
        if decision.isTooLate { given.lines.addTooLate(decision.request) }
      }
    }
    return given
  }

  private func now(_ facts: HealingFacts) -> HealingFacts {
    var facts = facts
    facts.now = clock.now()
    return facts
  }

  private func batch(
    _ submissions: [Submission], _ settlements: [SettlementRequest], _ facts: HealingFacts
  ) -> PostingBatch {
    PostingBatch(
      terminal: facts.terminal.id, submissions: submissions, today: facts.bookingDay,
      decidedAt: clock.now(), settlements: settlements, lateDebitValue: lateDebitValue)
  }
}

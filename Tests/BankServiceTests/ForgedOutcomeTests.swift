import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Healing books again what a bank gave and lost, and nothing that no bank ever gave.
@Suite("Outcomes that the bank never gave") struct ForgedOutcomeTests {
  /// Two booked deposits, and what somebody has added to the ledger with chain and mark made whole.
  private func town(
    _ outcome: Outcome = .posted, counter: Int64
  ) async throws -> (Town, Entry) {
    let town = try await Town()
    for amount in ["5.00", "6.00"] {
      let desk = try await town.desk()
      _ = await desk.ask(.capture(town.deposit(amount)))
      await desk.close()
      town.clock.advance(byMilliseconds: 1_000)
    }
    let number = try await town.ledger.open().state.nextNumber
    let entry = town.make.entry(
      .deposit, debit: town.make.till(), credit: town.make.number("1001"),
      town.make.money("900.00"), number: number)
    let record = OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: outcome, flags: [], bookedAs: entry.id,
        bookingDate: outcome.isBooked ? town.make.today : nil),
      acknowledgement: Acknowledgement(counter: counter, epoch: 1), at: town.clock.now())
    _ = try await town.ledger.append([.entry(EntryRecord(entry))])
    _ = try await town.ledger.append([.outcome(record)])
    await town.ledger.close()
    return (town, entry)
  }

  private func heal(_ desk: BankDesk, plan: Bool = false) async throws -> HealingReport {
    let reply = await desk.ask(.heal(planOnly: plan))
    guard case .healed(let report) = reply else {
      throw Failure(.fault, code: "test", text: "\(reply)", fix: "")
    }
    return report
  }

  private func balance(_ town: Town) async throws -> Int64? {
    try await town.store.account(town.make.number("1001"))?.balanceMinorUnits
  }

  @Test("One of a transaction that the bank has kept is named, not booked, and waits for a person")
  func kept() async throws {
    do {
      let (town, entry) = try await town(counter: 2)
      let desk = try await town.desk()
      #expect(await desk.status().cause?.code == .databaseForgot)
      let plan = try await heal(desk, plan: true)
      let report = try await heal(desk)
      for items in [plan.items, report.items] {
        #expect(items.map(\.id) == [entry.id])
        #expect(items.first?.verdict == .blocked(.outcomeNotGiven))
      }
      #expect(report.restored == 0)
      #expect(try await balance(town) == 1_100)
      #expect(await desk.status().blocked == 1)
      #expect(await desk.status().control.allSatisfy(\.agrees))
      await desk.close()
      // It stays so until a person has decided, whatever command comes next.
      let next = try await town.desk()
      let status = await next.status()
      #expect(status.mode.isLive && status.blocked == 1)
      #expect(try await heal(next).missing == 0)
      guard case .exceptions(let page) = await next.ask(.exceptions(ExceptionQuery())) else {
        Issue.record("no worklist")
        return
      }
      #expect(page.records.map(\.entry) == [entry.id] && page.records[0].isHeld)
      await next.close()
    }
  }

  @Test("A person has it booked, or voids it")
  func decided() async throws {
    for isPosted in [true, false] {
      let (town, entry) = try await town(counter: 2)
      let healing = try await town.desk()
      _ = try await heal(healing)
      await healing.close()
      let desk = try await town.desk()
      let wish: Request =
        isPosted
        ? .resolve(entry.id, .post, note: "the slip is there")
        : .void(entry.id, note: "nobody has brought it")
      _ = await desk.ask(wish)
      #expect(await desk.status().blocked == 0)
      #expect(await desk.status().control.allSatisfy(\.agrees))
      #expect(try await balance(town) == (isPosted ? 91_100 : 1_100))
      await desk.close()
      let state = try await town.ledger.open().state
      #expect(state[entry.id]?.state == (isPosted ? .posted : .voided))
      #expect(state.irregularities.isEmpty)
      await town.ledger.close()
    }
  }

  @Test("A booked entry that is called refused is booked, and the ledger learns so")
  func calledRefused() async throws {
    let town = try await Town()
    let entry = town.make.entry(
      .deposit, debit: town.make.till(), credit: town.make.number("1001"),
      town.make.money("7.00"), number: 1)
    _ = try await town.ledger.open()
    let line = try await town.ledger.append([.entry(EntryRecord(entry))]).lines[0]
    _ = try await town.store.post(
      PostingBatch(
        terminal: town.make.terminal.id,
        submissions: [
          Submission(
            entry: entry, standing: .request, contentHash: entry.contentHash,
            lineHash: line.hash.description)
        ], today: town.make.today, decidedAt: town.clock.now()))
    _ = try await town.ledger.append([
      .outcome(
        OutcomeRecord(
          entry: entry.id,
          recorded: RecordedOutcome(
            outcome: .refused(.accountClosed), flags: [], bookedAs: entry.id, bookingDate: nil),
          acknowledgement: Acknowledgement(counter: 1, epoch: 1), at: town.clock.now()))
    ])
    await town.ledger.close()
    let desk = try await town.desk()
    #expect(try await heal(desk).items.map(\.verdict) == [.decided(.posted, [])])
    await desk.close()
    #expect(try await balance(town) == 700)
    #expect(try await town.ledger.open().state[entry.id]?.state == .posted)
    await town.ledger.close()
  }

  @Test("Behind all that the bank knows nobody can tell: the plan names it, and it is booked")
  func behind() async throws {
    let (town, entry) = try await town(counter: 3)
    let desk = try await town.desk()
    let plan = try await heal(desk, plan: true)
    #expect(plan.items.map(\.id) == [entry.id])
    #expect(try await heal(desk).restored == 1)
    await desk.close()
  }

  @Test("Whatever a backup has lost is given back, and nothing of it is doubted", arguments: 0..<24)
  func lost(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let town = try await Town()
    var backups = [town.store.checkpoint()]
    for round in 1...3 {
      for _ in 0..<(2 + random.next(6)) {
        town.clock.advance(byMilliseconds: 1_000)
        if random.chance(3) {
          town.store.loseNextAnswer(random.chance(2) ? .afterCommit : .beforeCommit)
        }
        let desk = try await town.desk()
        _ = await desk.ask(.capture(town.deposit("1.00")))
        await desk.close()
        if random.chance(2) { try await reconcile(town) }
        if random.chance(3) { backups.append(town.store.checkpoint()) }
      }
      try await reconcile(town)
      let whole = try await balance(town)
      town.clock.advance(byMilliseconds: 1_000)
      town.store.restore(backups[Int(random.next(UInt64(backups.count)))])
      town.clock.advance(byMilliseconds: 1_000)
      // A healing that breaks off is gone on with by the next one.
      if random.chance(2) {
        town.store.loseNextAnswer(random.chance(2) ? .afterCommit : .beforeCommit)
        let desk = try await town.desk()
        _ = await desk.ask(.heal(planOnly: false))
        await desk.close()
        town.clock.advance(byMilliseconds: 1_000)
      }
      let desk = try await town.desk()
      let report = try await heal(desk)
      #expect(report.restored == report.missing, "seed \(seed), round \(round)")
      await desk.close()
      #expect(try await balance(town) == whole, "seed \(seed), round \(round)")
    }
  }

  private func reconcile(_ town: Town) async throws {
    let desk = try await town.desk()
    _ = await desk.ask(.reconcile)
    await desk.close()
  }
}

import BankCore
import BankService
import BankTesting
import ManualLedger
import RealParts
import Testing

/// A restored bank cannot take everything back: another till has used an id meanwhile, an account is
/// gone, an exception was settled by somebody else. What healing says is what the bank has decided.
@Suite("What a restored bank cannot take back, over every store") struct HealingCases {
  @Test(
    "The id is another entry's now: blocked, then booked under a second id",
    arguments: allStores())
  func otherContent(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      let restore = try await place.backUp()
      let id = town.make.id()
      try await town.pay(in: "1002", "30.00", at: 1, id: id)
      try await town.pay(in: "1001", "2.00", at: 1)
      try await restore()
      try await town.pay(in: "1003", "7.00", at: 0, id: id)

      let report = try await town.heal(1)
      #expect(report.missing == 2 && report.restored == 1)
      #expect(report.items.first?.verdict == .blocked(.contentDiffers))
      try await town.expectOnlineAndSound(1, blocked: 1)
      #expect(try await town.balance("1002") == 0)
      // A second healing finds nothing more: the entry is on the worklist.
      #expect(try await town.heal(1).missing == 0)

      let desk = try await town.desk(town.tills[1])
      let page = await desk.ask(.exceptions(ExceptionQuery()))
      guard case .exceptions(let exceptions) = page else {
        Issue.record("\(page)")
        return
      }
      #expect(exceptions.records.map(\.entry) == [id])
      _ = await desk.ask(.resolve(id, .post, note: "the other one is another customer's"))
      await desk.close()
      try await town.expectOnlineAndSound(1)
      #expect(try await town.balance("1002") == 3_000)
      #expect(try await town.balance("1003") == 700)
    }
  }

  @Test("Its account is gone as well: in suspense, and the ledger says so", arguments: allStores())
  func accountGone(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      let restore = try await place.backUp()
      try await town.open("1005")
      try await town.pay(in: "1005", "40.00", at: 0)
      try await restore()
      let report = try await town.heal(0)
      #expect(report.missing == 1 && report.restored == 0)
      guard case .decided(.suspense(.unknownAccount), _)? = report.items.first?.verdict else {
        Issue.record("\(report)")
        return
      }
      try await town.expectOnlineAndSound(0)
      #expect(try await town.totals(0)?.suspense == 4_000)
    }
  }

  @Test("A settlement whose account is gone: its exception is open again", arguments: allStores())
  func settlementGone(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      try await town.deposit(to: "1005", "30.00", awayAt: 0)
      let restore = try await place.backUp()
      let open = try await town.store.exceptions(includingSettled: false, after: nil, limit: 9)
      let exception = try #require(open.first?.entry)
      try await town.open("1005")
      #expect(try await town.resolve(exception, .post, at: 0) == nil)
      try await restore()
      #expect(try await town.heal(0).restored == 0)
      try await town.expectOnlineAndSound(0)
      #expect(try await town.totals(0)?.suspense == 3_000)
      try await town.open("1005")
      #expect(try await town.resolve(exception, .post, at: 0) == nil)
      #expect(try await town.balance("1005") == 3_000)
      try await town.expectOnlineAndSound(0)
      #expect(try await town.totals(0)?.suspense == 0)
    }
  }

  @Test(
    "Somebody else has settled it meanwhile: refused, and told as refused",
    arguments: allStores())
  func settledByOther(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      try await town.deposit(to: "404", "30.00", awayAt: 0)
      let exception = try #require(
        try await town.store.exceptions(includingSettled: false, after: nil, limit: 9).first?.entry)
      let restore = try await place.backUp()
      #expect(try await town.resolve(exception, .to(town.make.number("1002")), at: 1) == nil)
      try await restore()
      #expect(try await town.resolve(exception, .to(town.make.number("1003")), at: 0) == nil)
      let report = try await town.heal(1)
      #expect(report.restored == 0)
      #expect(report.items.first?.verdict == .decided(.refused(.alreadySettled), []))
      try await town.expectOnlineAndSound(1)
      #expect(try await town.balance("1002") == 0)
      #expect(try await town.balance("1003") == 3_000)
    }
  }

  @Test("Its number is another entry's now: it alone is blocked", arguments: allStores())
  func numberTaken(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      let restore = try await place.backUp()
      for amount in ["1.00", "2.00", "3.00"] { try await town.pay(in: "1001", amount, at: 0) }
      try await restore()
      // An older copy of the till's directory has gone on under its numbers.
      let stranger = town.make.entry(
        .deposit, debit: OwnAccount.till(town.tills[0].terminal.name).number(town.make.euro),
        credit: town.make.number("1002"), town.make.money("9.00"), number: 1,
        terminal: town.tills[0].terminal.name)
      _ = try await town.store.post(
        PostingBatch(
          terminal: town.tills[0].terminal.id,
          submissions: [
            Submission(entry: stranger, standing: .request, contentHash: stranger.contentHash)
          ], today: town.make.today, decidedAt: town.make.now))

      let report = try await town.heal(0)
      #expect(report.missing == 3 && report.restored == 2)
      let blocked = try #require(report.items.first { !$0.isAsBefore })
      #expect(blocked.verdict == .blocked(.numberUsed))
      try await town.expectOnlineAndSound(0, blocked: 1, besides: [stranger.id])
      #expect(try await town.resolve(blocked.id, .post, at: 0) == nil)
      #expect(try await town.balance("1001") == 600)
      try await town.expectOnlineAndSound(0, besides: [stranger.id])
    }
  }

  @Test("The period was closed meanwhile: flagged like any late entry", arguments: allStores())
  func closedMeanwhile(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      let restore = try await place.backUp()
      try await town.pay(in: "1001", "5.00", at: 0)
      func newest() async throws -> BookedTransaction {
        try #require(try await town.store.journal(JournalQuery(limit: 9)).lines.first?.transaction)
      }
      // The bank's own day, where the bank has a clock.
      let day = try await newest().bookingDate
      try await restore()
      try await town.store.closePeriod(through: day)
      _ = try await town.heal(0)
      let booked = try await newest()
      #expect(booked.bookingDate == day.advanced(byDays: 1))
      #expect(booked.flags.contains(.backValue))
      try await town.expectOnlineAndSound(0)
    }
  }
}

extension HealingTown {
  func open(_ number: String) async throws {
    let draft = AccountDraft(number: make.number(number), holder: "Eve", currency: make.euro)
    _ = try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
  }

  func pay(
    in account: String, _ amount: String, at till: Int, id: EntryID? = nil
  ) async throws {
    let desk = try await desk(tills[till])
    var draft = Draft(kind: .deposit, account: make.number(account), amount: make.money(amount))
    draft.id = id
    let reply = await desk.ask(.capture(draft))
    guard case .receipt(let receipt) = reply, receipt.state == .posted else {
      Issue.record("\(reply)")
      return
    }
    await desk.close()
  }

  /// Taken while the bank was away, and reconciled.
  func deposit(to account: String, _ amount: String, awayAt till: Int) async throws {
    try await record(to: account, amount, at: till)
    let desk = try await desk(tills[till])
    _ = await desk.ask(.reconcile)
    await desk.close()
  }

  /// Taken while the bank was away.
  func record(
    to account: String, _ amount: String, at index: Int, id: EntryID? = nil
  ) async throws {
    let till = tills[index]
    let number = try await till.ledger.open().state.nextNumber
    let made = make.entry(
      .deposit, debit: OwnAccount.till(till.terminal.name).number(make.euro),
      credit: make.number(account), make.money(amount), number: number,
      terminal: till.terminal.name)
    let entry = Entry(
      id: id ?? made.id, number: number, terminal: made.terminal, operatorName: made.operatorName,
      kind: made.kind, debit: made.debit, credit: made.credit, amount: made.amount, memo: "",
      capturedAt: made.capturedAt, valueDate: made.valueDate)
    let release = ReleaseRecord(
      entry: entry.id, secondID: make.id(), standing: .advice, wasSent: false, at: clock.now())
    _ = try await till.ledger.append([.entry(EntryRecord(entry)), .released(release)])
    await till.ledger.close()
  }

  /// - Returns: why not.
  func resolve(_ id: EntryID, _ way: Resolution, at till: Int) async throws -> Failure? {
    let desk = try await desk(tills[till])
    let reply = await desk.ask(.resolve(id, way, note: "looked at it"))
    await desk.close()
    if case .failed(let failure) = reply { return failure }
    return nil
  }

  /// Heals, and the plan says the same beforehand.
  func heal(_ till: Int) async throws -> HealingReport {
    let desk = try await desk(tills[till])
    let plan = try #require(await healing(desk, planOnly: true))
    let report = try #require(await healing(desk, planOnly: false))
    #expect(plan.items.map(\.verdict) == report.items.map(\.verdict))
    await desk.close()
    return report
  }

  func balance(_ number: String) async throws -> Int64 {
    try #require(try await store.account(make.number(number))).balanceMinorUnits
  }

  func totals(_ till: Int) async throws -> (posted: Int64?, suspense: Int64?)? {
    let desk = try await desk(tills[till])
    let control = await desk.status().control.first
    await desk.close()
    return control.map { ($0.posted.minorUnits, $0.suspense.minorUnits) }
  }

  /// The till is online, its totals agree, and each entry that its ledger calls booked stands in the
  /// bank with just this outcome; nothing of this till stands there that its ledger does not know.
  func expectOnlineAndSound(
    _ till: Int, blocked: Int = 0, besides strangers: Set<EntryID> = [], _ note: Comment = ""
  ) async throws {
    let desk = try await desk(tills[till])
    // What other tills have settled is learned.
    await desk.quiet()
    let status = await desk.status()
    #expect(status.mode == .online, note)
    #expect(status.cause == nil, note)
    #expect(status.blocked == blocked, note)
    #expect(status.control.allSatisfy { $0.agrees }, note)
    let state = try await tills[till].ledger.history()
    #expect(state.irregularities.isEmpty, note)
    await desk.close()
    var query = JournalQuery(limit: 500)
    query.after = 0
    let booked = try await store.journal(query).lines.map(\.transaction).filter {
      $0.entry.terminal == tills[till].terminal.name && !strangers.contains($0.entry.id)
    }
    var mine: [EntryID: Outcome] = [:]
    for known in state.entries {
      guard let recorded = known.outcome?.recorded, recorded.outcome.isBooked else { continue }
      mine[recorded.bookedAs] = recorded.outcome
      let row = try await store.inbox([recorded.bookedAs])[recorded.bookedAs]
      #expect(row?.contentHash == known.entry.contentHash, note)
    }
    let theirs = Dictionary(booked.map { ($0.entry.id, $0.outcome) }) { $1 }
    #expect(mine == theirs, note)
    let settled = booked.filter { $0.entry.kind != .settlement }
    let suspended = try await store.exceptions(includingSettled: false, after: nil, limit: 500)
    let open = Set(
      suspended.filter { if case .suspense = $0.outcome { true } else { false } }.map(\.entry))
    let inSuspense = settled.filter { open.contains($0.entry.id) }.reduce(0) {
      $0 + $1.entry.amount.minorUnits
    }
    #expect(status.control.first?.suspense.minorUnits ?? 0 == inSuspense, note)
  }
}

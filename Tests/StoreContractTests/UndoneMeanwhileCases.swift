import BankCore
import BankService
import BankTesting
import ManualLedger
import RealParts
import Testing

/// What undoes an entry was forgotten by a restored bank, and another till has undone the entry meanwhile:
/// healing leaves it at that, and the money moves once.
@Suite("What was undone before it came back, over every store") struct UndoneMeanwhileCases {
  /// How an entry is undone.
  enum Undoing: CaseIterable {
    case reversed, repointed, matched

    /// Why this one is refused where that one is in the books.
    func refusal(after other: Undoing) -> Reason {
      switch (self, other) {
      case (_, .reversed): .alreadyReversed
      case (.reversed, _): .movedAlready
      case (_, _): .alreadySettled
      }
    }
  }

  @Test("Each way to undo it, forgotten, and each way meanwhile", arguments: allStores())
  func undone(kind: StoreUnderTest) async throws {
    for forgotten in Undoing.allCases {
      for meanwhile in Undoing.allCases {
        try await HealingTown.open(kind) { town, place in
          try await Self.undone(forgotten, meanwhile, town, place)
        }
      }
    }
  }

  private static func undone(
    _ forgotten: Undoing, _ meanwhile: Undoing, _ town: HealingTown, _ place: StoreUnderTest.Place
  ) async throws {
    let note: Comment = "\(forgotten) forgotten, \(meanwhile) meanwhile"
    let (deposit, twin) = try await town.duplicate("30.00", at: 0)
    let restore = try await place.backUp()
    try await town.undo(deposit, forgotten, "1002", twin, at: 0)
    try await restore()
    try await town.undo(deposit, meanwhile, "1003", twin, at: 2)
    let before = try await town.books()

    let report = try await town.heal(0)
    let refusal = forgotten.refusal(after: meanwhile)
    #expect(report.items.map(\.verdict) == [.decided(.refused(refusal), [])], note)
    #expect(try await town.books().balances == before.balances, note)
    #expect(try await town.balance("1001") == 3_000, note)
    #expect(try await town.balance("1002") == 0, note)
    try await town.expectOnlineAndSound(0, note)
    try await town.expectUndoneOnce(note)
    #expect(try await town.heal(0).missing == 0, note)
    // The cash of a reversal was paid out: somebody has to see to it. A settlement moves no cash.
    let desk = try await town.desk(town.tills[0])
    let notices = await desk.status().notices.map(\.outcome)
    await desk.close()
    #expect(notices == (forgotten == .reversed ? [.refused(refusal)] : []), note)
    let told = try await town.store.exceptions(includingSettled: false, after: nil, limit: 9)
      .filter { $0.kind == .reversal }
    #expect(told.map(\.outcome) == notices, note)
  }

  @Test("What it was matched with was moved, or matched with another", arguments: allStores())
  func matchTaken(kind: StoreUnderTest) async throws {
    for isMoved in [true, false] {
      try await HealingTown.open(kind) { town, place in
        let (deposit, twin) = try await town.duplicate("30.00", at: 0)
        // A second one: the twin of the first, and an exception itself where it is to be moved.
        let (other, _) = try await town.duplicate("30.00", at: 0, twin: twin)
        try await town.expectOnlineAndSound(0)
        let restore = try await place.backUp()
        let target = isMoved ? other : twin
        if isMoved { #expect(try await town.resolve(other, .post, at: 1) == nil) }
        #expect(try await town.resolve(deposit, .match(target), at: 0) == nil)
        try await restore()
        let way: Resolution = isMoved ? .to(town.make.number("1003")) : .match(twin)
        #expect(try await town.resolve(other, way, at: 2) == nil)
        let before = try await town.books()

        let report = try await town.heal(0)
        #expect(report.items.map(\.verdict) == [.decided(.refused(.matchTaken), [])])
        #expect(try await town.books().balances == before.balances)
        try await town.expectOnlineAndSound(0)
        try await town.expectUndoneOnce("moved: \(isMoved)")
      }
    }
  }

  /// The bank had refused it, it was taken all the same, and so it stands there under its second id. Its
  /// reversal names the first one.
  @Test("The entry stands under its second id: its reversal finds it", arguments: allStores())
  func secondID(kind: StoreUnderTest) async throws {
    for isUndoneMeanwhile in [false, true] {
      try await HealingTown.open(kind) { town, place in
        let second = try await town.takenUnderSecondID(at: 0)
        let restore = try await place.backUp()
        try await town.reconcile(0)
        let before = try await town.books()
        #expect(try await town.balance("1005") == 0)
        try await restore()
        if isUndoneMeanwhile { try await town.undo(second, .reversed, "", second, at: 2) }
        let report = try await town.heal(0)
        let expected: Outcome = isUndoneMeanwhile ? .refused(.alreadyReversed) : .posted
        #expect(report.items.map(\.verdict) == [.decided(expected, [])])
        if !isUndoneMeanwhile { #expect(try await town.books().bookings == before.bookings) }
        #expect(try await town.balance("1005") == 0)
        try await town.expectOnlineAndSound(0)
      }
    }
  }

  @Test(
    "A decision about an exception that is not there stays open until it is",
    arguments: allStores())
  func decidedAhead(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      let restore = try await place.backUp()
      let exception = try await town.refusedTransfer(at: 1)
      // The bank was lost before it heard of the decision.
      let settlement = Settlement(
        resolution: .refuse, by: "ana", note: "told", at: town.clock.now())
      try await town.write([.settled(SettledRecord(exception, settlement))], at: 0)
      try await restore()
      try await town.expectOnlineAndSound(0)
      let counter = try await town.counter(0)
      let desk = try await town.desk(town.tills[0])
      try await eventually("it was sent") { try await town.counter(0) > counter }
      await desk.close()
      let open = try await town.tills[0].ledger.history().settlements.open
      #expect(open.map(\.exception) == [exception])
      #expect(try await town.store.exceptions([exception]).isEmpty)

      _ = try await town.heal(1)
      #expect(try await town.store.exceptions([exception])[exception]?.settlement == nil)
      let again = try await town.desk(town.tills[0])
      try await eventually("it is settled") {
        try await town.store.exceptions([exception])[exception]?.settlement == settlement
      }
      try await eventually("the ledger says so") {
        try await town.tills[0].ledger.history().settlements.booked.map(\.exception) == [exception]
      }
      await again.close()
    }
  }
}

extension HealingTown {
  /// A deposit to 1001 at till-2, and the same at another till while the bank was away: an exception.
  ///
  /// - Parameter twin: the first of the two, where it is there already.
  func duplicate(
    _ amount: String, at till: Int, twin known: EntryID? = nil
  ) async throws -> (deposit: EntryID, twin: EntryID) {
    let twin = known ?? make.id()
    if known == nil {
      try await pay(in: "1001", amount, at: 1, id: twin)
      // By the bank's own clock its day may be strange.
      if try await isOpen(twin) { #expect(try await resolve(twin, .post, at: 1) == nil) }
    }
    let deposit = make.id()
    try await record(to: "1001", amount, at: till, id: deposit)
    try await reconcile(till)
    #expect(try await isOpen(deposit))
    return (deposit, twin)
  }

  private func isOpen(_ id: EntryID) async throws -> Bool {
    try await store.exceptions([id])[id].map { $0.settlement == nil } ?? false
  }

  func undo(
    _ id: EntryID, _ undoing: UndoneMeanwhileCases.Undoing, _ account: String, _ twin: EntryID,
    at till: Int
  ) async throws {
    switch undoing {
    case .reversed:
      let reply = try await reverse(id, at: till)
      if case .receipt(let receipt) = reply, receipt.state == .posted { return }
      Issue.record("\(reply)")
    case .repointed: #expect(try await resolve(id, .to(make.number(account)), at: till) == nil)
    case .matched: #expect(try await resolve(id, .match(twin), at: till) == nil)
    }
  }

  @discardableResult
  func reverse(_ id: EntryID, at till: Int) async throws -> Reply {
    let desk = try await desk(tills[till])
    let reply = await desk.ask(
      .capture(Draft(kind: .reversal, memo: "counted wrongly", reverses: id)))
    await desk.close()
    return reply
  }

  /// Taken while the bank was away.
  func recordReversal(of id: EntryID, at till: Int) async throws {
    let history = try await tills[till].ledger.history()
    guard let original = history[id]?.entry else { throw Unexpected(id) }
    let made = make.entry(
      .reversal, debit: original.credit, credit: original.debit, original.amount,
      number: history.nextNumber, reverses: id, terminal: original.terminal)
    let release = ReleaseRecord(
      entry: made.id, secondID: make.id(), standing: .request, wasSent: false, at: clock.now())
    try await write([.entry(EntryRecord(made)), .released(release)], at: till)
  }

  /// A deposit that is booked under its second id, and its reversal, which waits.
  ///
  /// - Returns: the second id.
  func takenUnderSecondID(at till: Int) async throws -> EntryID {
    let id = make.id()
    try await record(to: "1005", "30.00", at: till, id: id)
    guard let known = try await tills[till].ledger.history()[id] else { throw Unexpected(id) }
    let asked = Submission(
      entry: known.entry, standing: .request, contentHash: known.entry.contentHash,
      lineHash: known.lineHash.description)
    _ = try await store.post(
      PostingBatch(
        terminal: tills[till].terminal.id, submissions: [asked], today: make.today,
        decidedAt: make.now))
    try await open("1005")
    try await reconcile(till)
    let booked = try await tills[till].ledger.history()[id]?.outcome?.recorded.bookedAs
    guard let booked, booked != id else { throw Unexpected(id) }
    try await recordReversal(of: id, at: till)
    return booked
  }

  func write(_ records: [LedgerRecord], at till: Int) async throws {
    _ = try await tills[till].ledger.open()
    _ = try await tills[till].ledger.append(records)
    await tills[till].ledger.close()
  }

  /// A transfer whose customer was told that it is taken, and which the bank refuses.
  func refusedTransfer(at index: Int) async throws -> EntryID {
    let name = tills[index].terminal.name
    let entry = make.entry(
      .transfer, debit: make.number("1001"), credit: make.number("405"), make.money("2.00"),
      number: try await tills[index].ledger.history().nextNumber, terminal: name)
    let release = ReleaseRecord(
      entry: entry.id, secondID: make.id(), standing: .request, wasSent: false, at: clock.now())
    try await write([.entry(EntryRecord(entry)), .released(release)], at: index)
    try await reconcile(index)
    #expect(try await isOpen(entry.id))
    return entry.id
  }

  /// How far the bank's count of that terminal's transactions has come.
  func counter(_ till: Int) async throws -> Int64 {
    let terminals = try await store.terminals()
    return try #require(terminals.first { $0.id == tills[till].terminal.id }).counter
  }

  /// No entry is both reversed and moved, none is reversed twice, and each serves one match.
  func expectUndoneOnce(_ note: Comment) async throws {
    var query = JournalQuery(limit: 500)
    query.after = 0
    let entries = try await store.journal(query).lines.map(\.transaction.entry)
    let reversed = entries.compactMap(\.reverses)
    #expect(Set(reversed).count == reversed.count, note)
    for (id, target) in try await store.transactions(reversed) {
      #expect(!target.isMoved, "\(note) \(id)")
    }
    let matches = try await store.exceptions(includingSettled: true, after: nil, limit: 500)
      .compactMap { exception -> EntryID? in
        guard case .match(let id) = exception.settlement?.resolution else { return nil }
        return id
      }
    #expect(Set(matches).count == matches.count, note)
  }
}

import BankCore
import BankService
import BankTesting
import Testing

/// What a settlement moves follows from where the money stands and from whom it is for: every kind of
/// entry, in suspense or flagged, in every way that it can be settled.
@Suite("What settlements move, over every store")
struct SettlementContract {
  @Test("Every kind, every state and every way: nothing stays in suspense", arguments: allStores())
  func table(_ kind: StoreUnderTest) async throws {
    for entry in SettledCase.Shape.allCases {
      for isSuspended in [true, false] where isSuspended || !entry.isOnlyLost {
        for way in Resolution.Way.allCases {
          try await OpenBank.open(kind) { branch in
            try await SettledCase(branch, entry, isSuspended: isSuspended, way).run()
          }
        }
      }
    }
  }

  @Test("What cannot be meant is refused, at the desk and under the locks", arguments: allStores())
  func nonsense(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "500.00")
      let petr = try await branch.account("1002", balance: "500.00")
      let first = try await branch.flagged(make.deposit(to: ana, "40.00"))
      let second = try await branch.flagged(make.deposit(to: ana, "40.00"))
      let transfer = try await branch.flagged(make.transfer(from: ana, to: petr, "40.00"))
      let twin = make.deposit(to: ana, "40.00")
      let undone = make.deposit(to: ana, "40.00")
      let more = make.deposit(to: ana, "40.01")
      let opposite = make.withdrawal(from: ana, "40.00")
      let others = make.deposit(to: petr, "40.00")
      for entry in [twin, undone, more, opposite, others, make.reversal(of: undone)] {
        try await branch.post(make.request(entry))
      }
      let till = OwnAccount.till(make.terminal.name).number(make.euro)
      for (exception, way, reason) in [
        (first, .match(first.id), .matchTaken),
        (first, .match(second.id), .matchTaken),
        (first, .match(undone.id), .matchTaken),
        (first, .match(more.id), .matchDiffers),
        (first, .match(opposite.id), .matchDiffers),
        (first, .match(others.id), .matchDiffers),
        (first, .match(make.id()), .unknownTarget),
        (first, .to(OwnAccount.fees.number(make.euro)), .ownAccount),
        (first, .to(till), .ownAccount),
        (first, .to(ana), .sameAccount),
        (first, .refuse, .bookedAlready),
        (transfer, .to(make.number("1003")), .staysInPlace),
      ] as [(Entry, Resolution, Reason)] {
        #expect(try await branch.move(exception.id, way) == .impossible(reason), "\(way)")
        #expect(try await branch.force(exception.id, way) == reason, "\(way)")
      }
      // One entry serves one match.
      #expect(try await branch.resolve(first.id, .match(twin.id)) == nil)
      #expect(try await branch.resolve(second.id, .match(twin.id)) == .matchTaken)
      #expect(try await branch.balance(ana) == "540.01")
      #expect(try await branch.resolve(second.id, .post) == nil)
      #expect(try await branch.sumOfAllBalances().values.allSatisfy { $0 == 0 })
    }
  }

  @Test("A settlement and a reversal never undo the same entry twice", arguments: allStores())
  func undoneOnce(_ kind: StoreUnderTest) async throws {
    for isMatch in [true, false] {
      for isReversedFirst in [true, false] {
        try await OpenBank.open(kind) { branch in
          let make = branch.make
          let ana = try await branch.account("1001", balance: "100.00")
          let petr = try await branch.account("1002", balance: "100.00")
          let entry = try await branch.flagged(make.withdrawal(from: ana, "30.00"))
          let twin = make.withdrawal(from: ana, "30.00")
          try await branch.post(make.request(twin))
          let way = isMatch ? Resolution.match(twin.id) : .to(petr)
          let reversal = make.reversal(of: entry)
          if isReversedFirst {
            #expect(try await branch.post(make.request(reversal)).only == .posted)
            #expect(try await branch.move(entry.id, way) == .impossible(.alreadyReversed))
            #expect(try await branch.force(entry.id, way) == .alreadyReversed)
            #expect(try await branch.resolve(entry.id, .post) == nil)
          } else {
            #expect(try await branch.resolve(entry.id, way) == nil)
            #expect(
              try await branch.post(make.request(reversal)).only == .refused(.movedAlready))
          }
          #expect(try await branch.balance(ana) == "70.00")
          #expect(
            try await branch.balance(petr) == (isMatch || isReversedFirst ? "100.00" : "70.00"))
          // Accepted as it is, an entry can still be reversed.
          let other = try await branch.flagged(make.withdrawal(from: ana, "1.00"))
          #expect(try await branch.resolve(other.id, .post) == nil)
          #expect(try await branch.post(make.request(make.reversal(of: other))).only == .posted)
        }
      }
    }
  }

  @Test(
    "A decision about an exception that is not there settles nothing, then or later",
    arguments: allStores())
  func absent(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "100.00")
      let entry = make.deposit(to: ana, "40.00")
      let request = SettlementRequest(
        exception: entry.id,
        settlement: Settlement(resolution: .post, by: "petra", note: "seen", at: make.now),
        through: nil)
      for isThere in [false, true] {
        if isThere { _ = try await branch.flagged(entry) }
        #expect(try await branch.store.countOpenExceptions() == (isThere ? 1 : 0))
        _ = try await branch.store.post(make.batch([], settlements: [request]))
        let found = try await branch.store.exceptions([entry.id])[entry.id]
        #expect(found?.settlement == (isThere ? request.settlement : nil))
      }
    }
  }

  @Test("Within one batch, too, an entry is undone once", arguments: allStores())
  func withinBatch(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "100.00")
      let petr = try await branch.account("1002", balance: "100.00")
      let entry = try await branch.flagged(make.withdrawal(from: ana, "30.00"))
      let reversal = make.request(make.reversal(of: entry))
      let (move, settlement) = try await branch.settlement(of: entry.id, .to(petr))
      let moved = make.request(try #require(move))
      let order = [[moved, reversal], [reversal, moved]]
      let planned = try await order.asyncMap { submissions in
        try await branch.store.plan(make.batch(submissions, settlements: [settlement]))
          .map(\.verdict)
      }
      #expect(planned[0] == [.posted, .refused(.movedAlready)])
      #expect(planned[1] == [.posted, .refused(.alreadyReversed)])
    }
  }
}

/// One cell of the table.
private struct SettledCase {
  enum Shape: CaseIterable {
    case deposit, withdrawal, fee, lostPayer, lostPayee, lostReversal

    /// A posted one of these belongs to the accounts that it was entered for.
    var hasTwoCustomers: Bool { self == .lostPayer || self == .lostPayee }
    var isOnlyLost: Bool { self == .lostPayee || self == .lostReversal }
  }

  let branch: OpenBank
  let shape: Shape
  let isSuspended: Bool
  let way: Resolution.Way
  let note: Comment
  private var make: Fixtures { branch.make }
  private var suspense: AccountNumber { OwnAccount.suspense.number(make.euro) }
  private let ana: AccountNumber
  private let lost: AccountNumber
  private let third: AccountNumber

  init(_ branch: OpenBank, _ shape: Shape, isSuspended: Bool, _ way: Resolution.Way) async throws {
    self.branch = branch
    self.shape = shape
    self.isSuspended = isSuspended
    self.way = way
    note = "\(shape), suspended: \(isSuspended), \(way)"
    ana = try await branch.account("1001", balance: "100.00")
    third = try await branch.account("1003", balance: "100.00")
    lost = branch.make.number("1009")
  }

  private func entry(at terminal: String = "till-1") -> Entry {
    let name = TerminalName(terminal) ?? make.terminal.name
    let till = OwnAccount.till(name).number(make.euro)
    let amount = make.money("40.00")
    switch shape {
    case .deposit:
      return make.entry(.deposit, debit: till, credit: lost, amount, terminal: name)
    case .withdrawal:
      return make.entry(.withdrawal, debit: lost, credit: till, amount, terminal: name)
    case .fee:
      let fees = OwnAccount.fees.number(make.euro)
      return make.entry(.fee, debit: lost, credit: fees, amount, terminal: name)
    case .lostPayer:
      return make.entry(.transfer, debit: lost, credit: ana, amount, terminal: name)
    case .lostPayee:
      return make.entry(.transfer, debit: ana, credit: lost, amount, terminal: name)
    case .lostReversal:
      return make.entry(
        .reversal, debit: till, credit: lost, amount, reverses: make.id(), terminal: name)
    }
  }

  func run() async throws {
    if !isSuspended { try await branch.account("1009", balance: "100.00") }
    let entry = entry()
    try await branch.recorded(entry, flags: isSuspended ? [] : [.valueDate])
    if isSuspended {
      #expect(try await branch.balance(suspense) != "0.00", note)
      try await branch.account("1009", balance: "100.00")
    }
    let twin = self.entry(at: "till-2")
    if way == .match, shape != .lostReversal { try await branch.recorded(twin) }
    let refused = try await branch.resolve(entry.id, resolution(twin.id))
    #expect(refused == expectedRefusal, note)
    guard refused == nil else { return }
    // What the customers hold, from first principles.
    var expected: [AccountNumber: Int64] = [:]
    for number in [ana, third, lost] {
      let place = number == third ? lost : number
      let isHit = way == .to ? number != lost : number != third
      expected[number] = 100_00 + (isHit ? entry.effect(on: place) : 0)
    }
    for (number, balance) in expected {
      let account = try await branch.store.account(number)
      #expect(account?.balanceMinorUnits == balance, "\(note) \(number)")
    }
    #expect(try await branch.balance(suspense) ?? "0.00" == "0.00", note)
    #expect(try await branch.store.countOpenExceptions() == 0, note)
    try await expectDrawers(entry)
  }

  private func resolution(_ twin: EntryID) -> Resolution {
    switch way {
    case .post: .post
    case .to: .to(third)
    case .match: .match(twin)
    case .refuse: .refuse
    }
  }

  private var expectedRefusal: Reason? {
    switch way {
    case .refuse: .bookedAlready
    case .to where !isSuspended && shape.hasTwoCustomers: .staysInPlace
    case .match where shape == .lostReversal: .staysInPlace
    default: nil
    }
  }

  /// The cash was moved once, in the drawer that says so: where it was captured first.
  private func expectDrawers(_ entry: Entry) async throws {
    let paidIn: Int64 = -300_00
    let first = OwnAccount.till(make.terminal.name).number(make.euro)
    let drawer = try await branch.store.account(first)?.balanceMinorUnits
    #expect(drawer == paidIn + entry.effect(on: first), "\(note) \(first)")
    let name = try #require(TerminalName("till-2"))
    let second = OwnAccount.till(name).number(make.euro)
    #expect(try await branch.balance(second) ?? "0.00" == "0.00", "\(note) \(second)")
    #expect(try await branch.sumOfAllBalances().values.allSatisfy { $0 == 0 }, note)
  }
}

extension OpenBank {
  /// Books an entry as a bank gets it back that was restored: posted, or in suspense where it does not
  /// know an account.
  @discardableResult
  func recorded(_ entry: Entry, flags: Set<Flag> = []) async throws -> Entry {
    let outcome = RecordedOutcome(
      outcome: .posted, flags: flags, bookedAs: entry.id, bookingDate: make.today)
    try await post(make.submission(entry, .request, wasReleased: true, recorded: outcome))
    return entry
  }

  /// Books an entry that is posted and an exception.
  func flagged(_ entry: Entry) async throws -> Entry {
    try await recorded(entry, flags: [.valueDate])
  }

  /// What the desk says.
  func move(_ exception: EntryID, _ resolution: Resolution) async throws -> SettlementMove {
    var other: EntryID?
    if case .match(let id) = resolution { other = id }
    let found = try await store.transactions([exception] + [other].compactMap(\.self))
    guard let record = try await store.exceptions([exception])[exception] else {
      throw Unexpected(exception)
    }
    return SettlementMove(
      record, found[exception], resolution, matched: other.flatMap { found[$0] })
  }

  /// The settlement that carries it out, and its entry where money moves.
  func settlement(
    of exception: EntryID, _ resolution: Resolution
  ) async throws -> (entry: Entry?, request: SettlementRequest) {
    var entry: Entry?
    if case .move(let debit, let credit) = try await move(exception, resolution) {
      entry = try await moving(exception, debit, credit)
    }
    return (entry, request(exception, resolution, through: entry))
  }

  /// Settles it as the desk does.
  ///
  /// - Returns: why not; nil when it is settled.
  func resolve(_ exception: EntryID, _ resolution: Resolution) async throws -> Reason? {
    if case .impossible(let reason) = try await move(exception, resolution) { return reason }
    let (entry, request) = try await settlement(of: exception, resolution)
    let submissions = entry.map { [make.request($0)] } ?? []
    let receipt = try await store.post(make.batch(submissions, settlements: [request]))
    return receipt.refusal
  }

  /// Sends a settlement that no desk would send, as if the books had changed since it looked.
  func force(_ exception: EntryID, _ resolution: Resolution) async throws -> Reason? {
    let entry = try await moving(
      exception, make.number("1001"), OwnAccount.suspense.number(make.euro))
    let request = request(exception, resolution, through: entry)
    let receipt = try await store.post(
      make.batch([make.request(entry)], settlements: [request]))
    return receipt.refusal
  }

  private func moving(
    _ exception: EntryID, _ debit: AccountNumber, _ credit: AccountNumber
  ) async throws -> Entry {
    guard let record = try await store.exceptions([exception])[exception] else {
      throw Unexpected(exception)
    }
    return make.entry(
      .settlement, debit: debit, credit: credit, record.amount, replaces: exception)
  }

  private func request(
    _ exception: EntryID, _ resolution: Resolution, through entry: Entry?
  ) -> SettlementRequest {
    SettlementRequest(
      exception: exception,
      settlement: Settlement(
        resolution: resolution, by: "petra", note: "looked at it", at: make.now),
      through: entry?.id)
  }
}

extension PostingReceipt {
  fileprivate var refusal: Reason? {
    guard case .decided(.refused(let reason), _) = only else { return nil }
    return reason
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(
    _ transform: (Element) async throws -> Value
  ) async throws -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}

import BankCore
import OrderedCollections
import Testing

@testable import BankService
@testable import BankTesting
@testable import ManualLedger

/// An id that was captured is known for ever: each state × each way to send it again × each mode,
/// before and after its segment was sealed.
@Suite("An id used again") struct KnownIDTests {
  enum Fate: CaseIterable {
    case posted, refused, voided, recorded, suspense, settled, unknown, untold, blocked, held
    case refusedLater

    /// Nothing of it is open, so that its segment can be forgotten.
    var isOver: Bool {
      switch self {
      case .posted, .refused, .voided, .settled, .refusedLater, .suspense: true
      case .recorded, .unknown, .untold, .blocked, .held: false
      }
    }
  }

  enum Again: CaseIterable {
    case same, otherAmount, otherAccount, otherKind, otherTill, otherDirectory
  }

  enum Weather: CaseIterable {
    case online, away, suspect, quarantined
  }

  @Test(arguments: Fate.allCases, Again.allCases)
  func again(_ fate: Fate, _ again: Again) throws {
    for isSealed in fate.isOver ? [false, true] : [false] {
      for weather in Weather.allCases {
        try meet(fate, again, weather, isSealed: isSealed)
      }
    }
  }

  private func meet(_ fate: Fate, _ again: Again, _ weather: Weather, isSealed: Bool) throws {
    let story = "\(fate) \(again) \(weather) sealed \(isSealed)"
    var world = World.calm()
    var draft = try world.meet(fate)
    let id = try #require(draft.id)
    if isSealed {
      try world.sealAndForget()
      // An open exception is kept in memory.
      if fate != .suspense, fate != .settled {
        #expect(
          world.machine.backlog.ledger[id] == nil && world.machine.backlog.ledger.leftOut > 0,
          "\(story)")
      }
    }
    var other = try again.isElsewhere ? world.neighbour(sharing: again == .otherTill) : nil
    world.turn(weather)
    other?.books = world.books
    other?.turn(weather)
    if let other { world.books = other.books }
    let before = try #require(try world.everything()[id])
    let entries = world.allEntries
    let bookings = world.books.bookings.count
    draft.change(again, world)

    let reply: Heard?
    if again.isElsewhere {
      reply = other?.hear(draft)
      if let other { world.books = other.books }
    } else {
      reply = world.hear(draft)
    }

    #expect(world.allEntries == entries, "\(story): no line of its own for what is known")
    if again != .otherDirectory {
      #expect(other?.allEntries.isEmpty ?? true, "\(story)")
      let expected = Self.expected(again, before, draft)
      #expect(expected.contains(where: { $0 == reply }), "\(story): \(String(describing: reply))")
      if fate != .untold { #expect(world.books.bookings.count == bookings, "\(story)") }
    }
    world.comeBack()
    if var other {
      other.books = world.books
      other.comeBack()
      #expect(other.machine.status.control.allSatisfy { $0.agrees }, "\(story)")
      world.books = other.books
    }
    #expect(world.machine.status.control.allSatisfy { $0.agrees }, "\(story)")
    #expect(world.books.bookings.count { $0.entry.id == id } <= 1, "\(story)")
    let second = before.release?.secondID
    #expect(world.books.bookings.count { $0.entry.id == second } == 0, "\(story)")
  }

  /// What may be said to it, given what the till's own ledger says of the entry just then.
  private static func expected(_ again: Again, _ known: LedgerEntry, _ draft: Draft) -> [Heard] {
    let isAnother = again != .same && !(again == .otherTill && draft.kind == .transfer)
    if isAnother { return [.failure(.contentDiffers)] }
    let isElsewhere = again == .otherTill
    return switch known.state {
    case .posted: [.slip(.posted)]
    case .suspense: [.slip(.suspense)]
    case .settled: [.slip(.settled)]
    case .refused: [.slip(.refused)]
    case .voided: [.failure(.voidedAtTerminal)]
    case .blocked: [.slip(.blocked)]
    case .unknown: [isElsewhere ? .failure(.outcomeUnknown) : .slip(.unknown)]
    case .untold: isElsewhere ? [.failure(.untold)] : [.slip(.recorded), .slip(.posted)]
    case .waiting: [.slip(known.release?.standing == .advice ? .recorded : .taken)]
    }
  }

  @Test("Another till of the directory has used it: known there too")
  func otherTill() throws {
    var world = World.calm()
    let other = TerminalIdentity(
      id: world.fixtures.id(), name: try #require(TerminalName("till-2")))
    let owner = LedgerOwner(bank: world.fixtures.bank.id, terminal: other)
    let writer = try LedgerWriter.open(on: world.volume, owner: owner, at: world.now)
    let entry = Entry(
      id: world.fixtures.id(), number: 1, terminal: other.name, operatorName: "bob",
      kind: .transfer, debit: world.accounts[0], credit: world.accounts[1],
      amount: world.fixtures.money("5.00"), memo: "", capturedAt: world.now,
      valueDate: World.day(of: world.now))
    let release = ReleaseRecord(
      entry: entry.id, secondID: world.fixtures.id(), standing: .request, wasSent: false,
      at: world.now)
    try writer.append([.entry(EntryRecord(entry)), .released(release)], at: world.now)
    try writer.append(
      [
        .void(VoidRecord(entry: entry.id, note: "wrong", operatorName: "bob", at: world.now))
      ], at: world.now)
    for amount in ["5.00", "6.00"] {
      world.ask(
        .capture(
          Draft(
            kind: .transfer, account: world.accounts[0], counterAccount: world.accounts[1],
            amount: world.fixtures.money(amount), id: entry.id)))
      world.settle(rounds: 20)
    }
    #expect(
      world.failures.map(\.code)
        == [Reason.voidedAtTerminal.code, Reason.contentDiffers.code])
    #expect(world.books.bookings.isEmpty)
  }
}

extension KnownIDTests.Again {
  fileprivate var isElsewhere: Bool { self == .otherTill || self == .otherDirectory }
}

extension Draft {
  fileprivate mutating func change(_ again: KnownIDTests.Again, _ world: World) {
    switch again {
    case .same, .otherTill, .otherDirectory: break
    case .otherAmount: amount = world.fixtures.money("77.00")
    case .otherAccount: account = world.accounts[4]
    case .otherKind:
      kind = kind == .deposit ? .withdrawal : .deposit
      counterAccount = nil
    }
  }
}

/// What a teller is told.
private enum Heard: Equatable {
  case slip(Receipt.State)
  case failure(Reason)
  case other(String)
}

extension World {
  /// Lets an entry with an id of its own meet that fate; the draft it was made of.
  fileprivate mutating func meet(_ fate: KnownIDTests.Fate) throws -> Draft {
    let id = fixtures.id()
    var draft = deposit("12.00")
    switch fate {
    case .refused: draft = withdrawal("60.00")
    case .unknown: draft = withdrawal("900.00")
    case .held, .refusedLater:
      draft = Draft(
        kind: .transfer, account: accounts[0], counterAccount: accounts[1],
        amount: fixtures.money(fate == .held ? "500.01" : "40.00"))
    default: draft.statedHolder = "Holder"
    }
    draft.id = id
    if fate == .unknown || fate == .held || fate == .refusedLater {
      ask(.capture(deposit("5000.00")))
      comeToRest()
    }
    switch fate {
    case .posted, .refused:
      ask(.capture(draft))
      settle()
    case .unknown:
      fates = [.lostBeforeCommit]
      ask(.capture(draft))
      for _ in 0..<200 where slips.last?.state != .unknown { settle(rounds: 1) }
    case .held:
      try recordBeyond(draft, id)
    case .untold:
      goAway()
      try losingMark { $0.recordAway(draft) }
    default: recordAway(draft)
    }
    try goOn(fate, id)
    return draft
  }

  private mutating func recordAway(_ draft: Draft) {
    goAway()
    ask(.capture(draft))
    settle(rounds: 10)
    #expect([.recorded, .taken].contains(slips.last?.state))
  }

  /// A transfer beyond the limit that nobody has allowed: the bank's answer is a person's.
  private mutating func recordBeyond(_ draft: Draft, _ id: EntryID) throws {
    let entry = Entry(
      id: id, number: machine.captures.nextNumber(after: machine.backlog.ledger),
      terminal: terminal.name, operatorName: "ana",
      kind: .transfer, debit: accounts[0], credit: accounts[1],
      amount: try #require(draft.amount), memo: "", capturedAt: now, valueDate: Self.day(of: now))
    let release = ReleaseRecord(
      entry: id, secondID: fixtures.id(), standing: .request, isOverLimit: true, wasSent: false,
      at: now)
    try writer?.append([.entry(EntryRecord(entry)), .released(release)], at: now)
    crash(.process)
    comeBack()
    #expect(machine.backlog.held[id] == .needsSupervisor)
  }

  /// What befalls it after it was recorded.
  private mutating func goOn(_ fate: KnownIDTests.Fate, _ id: EntryID) throws {
    switch fate {
    case .voided:
      ask(.void(id, note: "typed wrong"))
      settle(rounds: 10)
    case .suspense, .settled:
      books.accounts[accounts[0]]?.account.status = .closed
      comeBack()
      guard fate == .settled else { return }
      books.accounts[accounts[0]]?.account.status = .open
      let exception = try #require(books.exceptions[id])
      let suspense = OwnAccount.suspense.number(fixtures.euro)
      nextTicket += 1
      asked[nextTicket] = .resolve(id, .to(accounts[1]), note: "as it was meant")
      step(
        .settling(
          nextTicket, exception, .to(accounts[1]), "as it was meant",
          .move(debit: suspense, credit: accounts[1])))
      comeBack()
    case .blocked:
      knowOtherwise(id)
      comeBack()
    case .refusedLater:
      setBalance("0.00")
      comeBack()
    default: break
    }
  }

  /// Another till of the bank, of this directory or of one of its own.
  fileprivate mutating func neighbour(sharing isShared: Bool) throws -> World {
    let identity = TerminalIdentity(
      id: fixtures.id(), name: try #require(TerminalName("till-2")))
    var other = World(beside: self, identity, sharesDirectory: isShared)
    other.settle()
    books = other.books
    return other
  }

  fileprivate mutating func turn(_ weather: KnownIDTests.Weather) {
    switch weather {
    case .online: comeBack()
    case .away: goAway()
    case .suspect:
      comeBack()
      isUp = false
      step(.connectionLost(StoreFault(.latency, "no answer", missedDeadline: true)))
      #expect(machine.mode == .suspect)
    case .quarantined:
      goAway()
      hear(.failure(StoreFault(.wrongBank, "another")))
      #expect(machine.mode == .quarantined)
    }
  }

  /// Asks, and lets happen what happens until the answer is there; what the bank says to a greeting
  /// meanwhile is left out.
  fileprivate mutating func hear(_ draft: Draft) -> Heard? {
    let (told, refused) = (slips.count, failures.count)
    ask(.capture(draft))
    let ticket = nextTicket
    for _ in 0..<200 where asked[ticket] != nil {
      let isGreeting = { (effect: Effect) in if case .greet = effect { true } else { false } }
      if let next = pending.firstIndex(where: { !isGreeting($0) }) {
        carryOut(pending.remove(at: next))
      } else if let timer = timers.keys.first(where: {
        if case .decision = $0 { true } else { false }
      }) {
        timers.removeValue(forKey: timer)
        step(.timer(timer))
      } else {
        break
      }
    }
    if slips.count > told { return slips.last.map { .slip($0.state) } }
    guard failures.count > refused, let code = failures.last?.code else { return nil }
    return Reason(rawValue: code).map(Heard.failure) ?? .other(code)
  }

  /// All that the till's own files know.
  fileprivate func everything() throws -> LedgerState {
    try LedgerReading(of: terminal.name, on: volume, scope: .everything).state
  }

  mutating func goAway() {
    guard isUp else { return }
    isUp = false
    step(.connectionLost(StoreFault(.connect, "closed")))
    settle(rounds: 20)
  }

  /// Everything is settled, the segment is closed, and a new one holds something else.
  mutating func sealAndForget() throws {
    comeBack()
    try writer?.seal(.dayEnd, at: now)
    // A settled entry stays in memory for a day at least.
    now = now.advanced(byMilliseconds: 3 * LedgerState.recentMilliseconds)
    ask(.capture(Draft(kind: .deposit, account: accounts[3], amount: fixtures.money("1.00"))))
    settle()
    try writer?.seal(.dayEnd, at: now)
    ask(.capture(Draft(kind: .deposit, account: accounts[3], amount: fixtures.money("1.00"))))
    settle()
    crash(.process)
    settle()
  }

  /// Of all segments.
  var allEntries: [EntryID] {
    let all = try? LedgerReading(of: terminal.name, on: volume, scope: .everything)
    return all?.state.entries.map(\.entry.id) ?? []
  }
}

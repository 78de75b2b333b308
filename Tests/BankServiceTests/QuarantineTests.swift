import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A database that is not to be believed gets nothing, and work goes on.
@Suite("Quarantine") struct QuarantineTests {
  @Test("A database restored from before an acknowledged entry is noticed")
  func restored() throws {
    var world = World.calm()
    let backup = world.books
    world.ask(.capture(world.deposit("12.00")))
    world.comeToRest()
    world.books = backup
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    #expect(world.machine.mode == .quarantined)
    #expect(world.machine.status.cause?.code == .databaseForgot)

    world.ask(.capture(world.deposit("5.00")))
    world.settle(rounds: 10)
    #expect(world.slips.last?.state == .recorded)
    #expect(world.books.bookings.isEmpty)
  }

  @Test("A greeting that was read before a post was acknowledged says nothing about that post")
  func staleGreeting() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("1.00")))
    world.settle()
    world.ask(.capture(world.deposit("12.00")))
    let isPost = { (effect: Effect) in if case .post = effect { true } else { false } }
    while !world.pending.contains(where: isPost) { world.settle(rounds: 1) }
    let place = try #require(world.pending.firstIndex(where: isPost))
    guard case .post(let batch) = world.pending.remove(at: place) else {
      Issue.record("no post was under way")
      return
    }

    world.step(.connectionLost(StoreFault(.connect, "closed")))
    let isGreeting = { (effect: Effect) in if case .greet = effect { true } else { false } }
    let greetings = world.pending.filter(isGreeting)
    #expect(greetings.count == 1)
    world.pending.removeAll(where: isGreeting)
    let early = Greeting(
      bank: try #require(world.books.bank), isWritable: true,
      terminal: world.books.terminals[world.fixtures.terminal.id], closedThrough: nil,
      roundTripMilliseconds: 1, time: .newestBooking(nil))
    world.step(.posted(.success(try world.books.post(batch))))
    while !world.pending.isEmpty, !world.pending.contains(where: isGreeting) {
      world.carryOut(world.pending.removeFirst())
    }
    world.hear(.success(early))
    #expect(world.machine.status.cause?.code != .databaseForgot)
    world.settle()
    #expect(world.machine.mode == .online)
  }

  @Test("A state directory restored from a copy is noticed")
  func cloned() throws {
    var world = World.calm()
    let copy = world.volume.copy()
    world.ask(.capture(world.deposit("12.00")))
    world.comeToRest()
    world.volume = copy
    world.start()
    world.settle(rounds: 10)
    #expect(world.machine.mode == .quarantined)
    #expect(world.machine.status.cause?.code == .terminalCloned)
  }

  @Test("Another bank is noticed")
  func otherBank() throws {
    var world = World.calm()
    var other = SimulatedBooks()
    _ = other.create(Fixtures(seed: 9).bank)
    world.books = other
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    #expect(world.machine.mode == .quarantined)
    #expect(world.machine.status.cause?.code == .wrongBank)
  }

  @Test("Another bank that knows a terminal of the same name is another bank, and no old copy")
  func otherBankWithTheSameName() async throws {
    let town = try await Town()
    let stranger = SimulatedStore()
    let other = Fixtures(seed: 9)
    _ = try await stranger.createBank(other.bank)
    let twin = TerminalIdentity(id: other.id(), name: town.make.terminal.name)
    try await stranger.enrol(twin, at: town.make.now)
    for (store, cause) in [(stranger, CauseCode.wrongBank), (town.store, nil)] {
      for asks in [true, false] {
        var configuration = DeskConfiguration(
          terminal: town.make.terminal, operatorName: "ana", isCommand: true)
        configuration.asksForName = asks
        let desk = BankDesk(
          configuration, store: store, snapshot: NoSnapshot(), ledger: town.ledger,
          clock: town.clock)
        try await desk.open()
        #expect(await desk.status().cause?.code == cause, "\(asks)")
        await desk.close()
      }
    }
  }

  @Test(
    "What a schema needs is said, and a till that had a bank is never told to make one",
    arguments: [
      (FaultKind.schemaOlder, FaultKind.schemaOlder.fix),
      (.schemaNewer, FaultKind.schemaNewer.fix), (.schemaUnreadable, "ALTER TABLE"),
      (.schemaMissing, CauseCode.schema.remedy), (.bankMissing, CauseCode.schema.remedy),
    ])
  func schema(kind: FaultKind, fix: String) throws {
    var world = World.calm()
    let remedy = kind == .schemaUnreadable ? "ALTER TABLE" : nil
    world.hear(.failure(StoreFault(kind, "odd", remedy: remedy)))
    world.hear(.failure(StoreFault(kind, "odd", remedy: remedy)))
    #expect(world.machine.status.cause?.code == .schema)
    #expect(world.machine.status.cause?.remedy == fix)
  }

  @Test("Another store in its place is greeted at once, and believed like any other")
  func turned() throws {
    var world = World.calm()
    let right = world.books
    var other = SimulatedBooks()
    _ = other.create(Fixtures(seed: 9).bank)
    world.books = other
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    #expect(world.machine.mode == .quarantined)

    world.books = right
    world.step(.storeTurned(endpoint: "db.branch:5432"))
    #expect(world.machine.status.endpoint == "db.branch:5432")
    #expect(
      world.pending.contains { if case .greet(isFresh: true, _, _) = $0 { true } else { false } })
    world.settle()
    #expect(world.machine.mode == .online && world.machine.status.cause == nil)

    // A store that leads to the other bank again is no better than before.
    world.books = other
    world.step(.storeTurned(endpoint: "elsewhere"))
    world.settle(rounds: 10)
    #expect(world.machine.mode == .quarantined)
  }

  @Test("An entry id of the ledger used again with other content is refused before writing")
  func otherContent() throws {
    var world = World.calm()
    var draft = world.deposit("12.00")
    draft.id = world.fixtures.id()
    world.ask(.capture(draft))
    world.comeToRest()
    draft.amount = world.fixtures.money("13.00")
    world.ask(.capture(draft))
    world.settle(rounds: 10)
    #expect(world.failures.last?.code == Reason.contentDiffers.code)
    #expect(world.machine.backlog.ledger.entries.count == 1)
    #expect(world.machine.mode == .online)
  }

  @Test("The same id with the same content is the same entry")
  func sameContent() throws {
    var world = World.calm()
    var draft = world.deposit("12.00")
    draft.id = world.fixtures.id()
    for _ in 0..<2 {
      world.ask(.capture(draft))
      world.comeToRest()
    }
    #expect(world.slips.map(\.state) == [.posted, .posted])
    #expect(world.slips.last?.isCopy == true)
    #expect(world.books.bookings.count == 1)
  }

  @Test("A bank that has forgotten nothing is healed by nothing: no till has to copy it anew")
  func nothingToHeal() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    _ = await desk.ask(.capture(town.deposit("5.00")))
    for _ in 0..<2 {
      guard case .healed(let report) = await desk.ask(.heal(planOnly: false)) else {
        Issue.record("not healed")
        return
      }
      #expect(report.missing == 0 && report.restored == 0 && report.epoch == 1)
    }
    await desk.close()
  }
}

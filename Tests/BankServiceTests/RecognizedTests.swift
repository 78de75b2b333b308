import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A bank that has said who it is, while it is still looked at whether entries could be booked there.
@Suite("A bank that can be read before it can be believed") struct RecognizedTests {
  private let number = Fixtures().number("000000101")

  /// A till of that bank that has just been started, and is asked for what a console shows first.
  private func starting(_ make: () -> World = { World.calm() }) -> World {
    var world = make()
    world.ask(.capture(world.deposit("12.00")))
    world.settle()
    world.start()
    world.ask(.accounts(AccountQuery()))
    world.ask(.statement(StatementQuery(account: number)))
    world.ask(.count(filter: ""))
    world.ask(.capture(world.deposit("1.00")))
    return world
  }

  private func reads(_ world: World) -> [ReadSource] {
    world.pending.compactMap { if case .read(_, _, let source) = $0 { source } else { nil } }
  }

  @Test("Its accounts are shown meanwhile. What counts or enters waits for the end of the greeting")
  func shows() throws {
    var world = starting()
    #expect(reads(world).isEmpty)
    let greeting = try #require(world.greeting())
    let number = try #require(world.machine.link.greeting)
    world.step(.recognized(greeting, number: number))
    #expect(reads(world) == [.live, .live])
    #expect(world.machine.mode == .starting && !world.machine.isLive)
    #expect(!world.pending.contains { if case .append = $0 { true } else { false } })
    // What is asked from now on is answered too, and a read that fails changes nothing.
    world.ask(.account(self.number))
    #expect(reads(world) == [.live, .live, .live])
    world.settle()
    #expect(world.machine.mode == .online)
    #expect(world.slips.count == 2 && world.failures.isEmpty)
  }

  @Test("A bank that is found wanting at the end is not read any more")
  func wanting() throws {
    var world = starting()
    var greeting = try #require(world.greeting())
    world.step(.recognized(greeting, number: try #require(world.machine.link.greeting)))
    greeting.hindrance = StoreFault(.schemaUnreadable, "a key is gone")
    world.hear(.success(greeting))
    #expect(world.machine.mode != .online && world.machine.mode != .starting)
    #expect(world.machine.link.readsLive == world.machine.status.readsLive)
  }

  @Test("What a store has said of itself says nothing of another, nor beyond its greeting")
  func ends() throws {
    var world = starting()
    let greeting = try #require(world.greeting())
    world.step(.recognized(greeting, number: try #require(world.machine.link.greeting)))
    #expect(world.machine.link.isRecognized && world.machine.link.readsLive)
    var turned = world
    turned.step(.storeTurned(endpoint: "elsewhere"))
    #expect(!turned.machine.link.isRecognized && !turned.machine.link.readsLive)
    let before = reads(turned).count
    turned.ask(.account(number))
    #expect(reads(turned).count == before)
    let number = try #require(world.machine.link.greeting)
    #expect(world.machine.link.greetingEnded(number) == false)
    #expect(!world.machine.link.isRecognized && !world.machine.link.readsLive)
  }

  @Test(
    "Another bank, one that has forgotten entries, and one that this till is new to show nothing")
  func strangers() throws {
    let world = starting()
    let greeting = try #require(world.greeting())
    let own = greeting.bank
    let bank = BankIdentity(
      id: Fixtures().id(), name: own.name, environment: own.environment, currency: own.currency,
      timeZone: own.timeZone, epoch: own.epoch, schema: own.schema)
    let number = try #require(world.machine.link.greeting)
    let known = try #require(greeting.terminal)
    let forgetful = TerminalRecord(
      id: known.id, name: known.name, highestNumber: known.highestNumber,
      highestLineHash: known.highestLineHash, counter: 0, enrolledAt: known.enrolledAt)
    for (bank, terminal) in [
      (bank, greeting.terminal), (greeting.bank, forgetful), (greeting.bank, nil),
    ] {
      var other = world
      other.step(
        .recognized(
          Greeting(
            bank: bank, isWritable: true, terminal: terminal, closedThrough: nil,
            roundTripMilliseconds: 1, time: greeting.time), number: number))
      #expect(reads(other).isEmpty && !other.machine.link.isRecognized)
    }
    var late = world
    late.step(.recognized(greeting, number: number + 1))
    #expect(reads(late).isEmpty)
  }

  @Test("A command waits for the whole greeting: what it prints it prints once")
  func command() throws {
    var world = starting {
      var world = World(seed: 1, patience: 500)
      world.isUnlucky = false
      world.settle()
      return world
    }
    let greeting = try #require(world.greeting())
    world.step(.recognized(greeting, number: try #require(world.machine.link.greeting)))
    #expect(reads(world).isEmpty)
  }
}

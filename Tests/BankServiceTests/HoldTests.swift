import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A bank that is kept away on purpose goes through the same machine as one that is lost.
@Suite("A hold and a drill") struct HoldTests {
  private func hold(_ kind: Hold.Kind, in world: World, secondsAgo: Int64 = 0) -> Hold {
    Hold(kind, by: "sue", since: world.now.advanced(byMilliseconds: -1_000 * secondsAgo))
  }

  /// What the terminal's ledger says of the connection, oldest first.
  private func events(_ world: World) -> [ModeRecord.Event] {
    world.machine.backlog.ledger.modes.map(\.event)
  }

  @Test("Held: entries are recorded and nothing is sent; given back: they are booked once")
  func held() throws {
    var world = World.calm()
    world.settle()
    world.step(.holdChanged(HoldState(standing: hold(.hold, in: world))))
    world.settle(rounds: 20)
    #expect(world.machine.mode == .manual && world.machine.status.cause?.code == .held)
    #expect(world.machine.status.cause?.text.hasPrefix("Held by sue: ") == true)
    world.ask(.capture(world.deposit("12.00")))
    world.settle(rounds: 20)
    #expect(world.slips.last?.state == .recorded && world.books.bookings.isEmpty)
    #expect(world.pending.isEmpty && world.machine.status.nextProbeAt == nil)

    world.step(.holdChanged(HoldState()))
    world.settle()
    #expect(world.machine.mode == .reconciling)
    world.ask(.reconcile)
    world.settle()
    #expect(world.books.bookings.count == 1 && world.machine.mode == .online)
    #expect(events(world).prefix(3) == [.held, .holdReleased, .outageEnded])
    #expect(world.machine.backlog.ledger.modes.first?.operatorName == "sue")
    #expect(world.examined.isEmpty, "nobody examines what is kept away on purpose")
  }

  @Test("The doctor looks once at a cause of the connection, after it stands in the ledger")
  func examined() throws {
    var world = World.calm()
    world.settle()
    world.isReadOnly = true
    world.ask(.probe)
    world.settle(rounds: 20)
    #expect(world.machine.mode == .manual && world.examined == ["till-1-1 C17"])
    world.settle(rounds: 20)
    #expect(world.examined.count == 1, "the same cause is no news")
    world.isUp = false
    world.settle(rounds: 60)
    #expect(world.examined.count > 1 && world.examined.allSatisfy { $0.hasPrefix("till-1-1 C") })
  }

  @Test("A program that is started while it is held never asks the bank")
  func startedWhileHeld() throws {
    var world = World.calm()
    world.settle()
    let hold = hold(.hold, in: world)
    world.step(.holdChanged(HoldState(standing: hold)))
    world.settle(rounds: 20)
    world.crash(.process)
    world.pending.removeAll()
    world.step(.holdChanged(HoldState(standing: hold)))
    let asks = world.pending.contains { if case .greet = $0 { true } else { false } }
    #expect(world.machine.mode == .manual && !asks)
    world.settle(rounds: 20)
    #expect(world.machine.backlog.ledger.outages.count == 1, "it goes on with its outage")
  }

  @Test("A drill that ended while nobody was here is told to the ledger at the next start")
  func endedMeanwhile() throws {
    var world = World.calm()
    world.settle()
    let drill = hold(.drill, in: world, secondsAgo: 3)
    world.step(.holdChanged(HoldState(standing: drill)))
    world.settle(rounds: 20)
    #expect(world.machine.status.isDrill)
    #expect(
      world.machine.backlog.ledger.modes.first?.firstFailureAt == drill.since, "noticed 3 s later")
    world.crash(.process)
    let ended = HoldState.Ended(drill, by: nil, at: world.now)
    world.step(.holdChanged(HoldState(ended: ended)))
    world.settle()
    #expect(world.machine.mode == .online && !world.machine.status.isDrill)
    #expect(events(world) == [.held, .holdReleased, .outageEnded])
    #expect(world.machine.backlog.ledger.modes[1].text == "The drill's time is over.")
    // Told once.
    world.step(.holdChanged(HoldState(ended: ended)))
    world.settle(rounds: 20)
    #expect(events(world).count == 3)
  }

  @Test("A hold that begins before this till has seen the drill end is another cause of its outage")
  func drillThenHold() throws {
    var world = World.calm()
    world.settle()
    world.step(.holdChanged(HoldState(standing: hold(.drill, in: world))))
    world.step(.holdChanged(HoldState(standing: hold(.hold, in: world))))
    world.settle(rounds: 20)
    #expect(world.machine.status.cause?.code == .held && !world.machine.status.isDrill)
    #expect(world.machine.backlog.ledger.outages.count == 1)
    #expect(world.machine.backlog.ledger.modes.map(\.cause) == [.drill, .held])
  }

  @Test("Held while the bank is lost anyway: given back, it is looked for as before")
  func heldWhileLost() throws {
    var world = World.calm()
    world.settle()
    world.isUp = false
    world.ask(.probe)
    world.settle(rounds: 30)
    #expect(world.machine.mode == .manual && world.machine.status.cause?.code != .held)
    world.step(.holdChanged(HoldState(standing: hold(.hold, in: world))))
    world.settle(rounds: 20)
    #expect(world.machine.status.cause?.code == .held)
    world.step(.holdChanged(HoldState()))
    world.settle(rounds: 30)
    #expect(world.machine.mode == .manual && world.machine.status.cause?.code != .held)
    world.isUp = true
    world.settle()
    #expect(world.machine.mode == .online)
  }
}

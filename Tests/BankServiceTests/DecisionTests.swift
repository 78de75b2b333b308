import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What a supervisor has decided about a held entry stands in the ledger, and holds.
@Suite("Decisions about held entries") struct DecisionTests {
  @Test("Allowed, and the program ended before it was sent: it is posted by the next run")
  func allowed() throws {
    var world = World.calm()
    let entry = try world.holdTransfer()
    #expect(world.machine.backlog.held[entry.id] == .needsSupervisor)
    world.decide(entry, .post)
    #expect(world.books.bookings.count == 1)
    #expect(world.machine.backlog.ledger[entry.id]?.isWaiting == true)

    world.ask(.reconcile)
    world.settle()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .posted)
    #expect(world.machine.backlog.held.isEmpty)
    #expect(world.books.bookings.map(\.entry.id).contains(entry.id))
  }

  @Test("Refused by a person, and the program ended before: the next run refuses it")
  func refused() throws {
    var world = World.calm()
    let entry = try world.holdTransfer()
    world.decide(entry, .refuse)
    world.ask(.reconcile)
    world.settle()
    #expect(world.machine.backlog.ledger[entry.id]?.state == .refused)
    #expect(world.books.inbox[entry.id]?.outcome == .refused(.refusedByPerson))
    #expect(world.books.bookings.count == 1)
  }

  @Test("Beyond a limit with a supervisor's name: the payment is flagged, the transfer is not held")
  func allowedAtCapture() throws {
    var world = World.calm()
    world.setBalance("9000.00")
    world.ask(.capture(world.deposit("1.00")))
    world.comeToRest()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    var withdrawal = world.withdrawal("600.00")
    world.ask(.capture(withdrawal))
    world.settle(rounds: 10)
    #expect(world.failures.map(\.code) == [Reason.overOfflineLimit.code])

    withdrawal.approvedBy = "eva"
    let transfer = Draft(
      kind: .transfer, account: world.accounts[0], counterAccount: world.accounts[1],
      amount: world.fixtures.money("700.00"), approvedBy: "eva")
    for draft in [withdrawal, transfer] {
      world.ask(.capture(draft))
      world.settle(rounds: 10)
    }
    #expect(world.slips.suffix(2).map(\.state) == [.recorded, .taken])

    world.isUp = true
    world.comeToRest()
    #expect(world.machine.backlog.held.isEmpty)
    #expect(world.books.bookings.suffix(2).map(\.entry.kind) == [.withdrawal, .transfer])
    let flagged = world.books.exceptions(includingSettled: true, after: nil, limit: 10)
    #expect(flagged.map(\.flags) == [[.overLimit]])
    #expect(flagged.map(\.kind) == [.withdrawal])
  }

  @Test("What a customer was refused at once is no exception; what was taken and then refused is")
  func refusedAtOnce() {
    var world = World.calm()
    world.setBalance("500.00")
    world.ask(.capture(world.withdrawal("600.00")))
    world.settle(rounds: 10)
    #expect(world.slips.map(\.state) == [.refused])
    #expect(world.machine.status.exceptions == 0)

    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    let transfer = Draft(
      kind: .transfer, account: world.accounts[0], counterAccount: world.accounts[1],
      amount: world.fixtures.money("400.00"))
    world.ask(.capture(transfer))
    world.settle(rounds: 10)
    world.setBalance("0.00")
    world.isUp = true
    world.comeToRest()
    #expect(world.books.exceptions(includingSettled: false, after: nil, limit: 10).count == 1)
    #expect(world.machine.status.exceptions == 1)
  }

  @Test("Words without a decision decide nothing, as in ledgers from before")
  func words() throws {
    var world = World.calm()
    let entry = try world.holdTransfer()
    try world.writer?.append(
      [.note(NoteRecord("post: allowed", entry: entry.id, operatorName: "sue", at: world.now))],
      at: world.now)
    world.crash(.process)
    world.settle()
    world.ask(.reconcile)
    world.settle()
    #expect(world.machine.backlog.held[entry.id] == .needsSupervisor)
  }

  @Test("The disk refuses the decision: nothing is decided and nothing is sent")
  func notWritten() throws {
    var world = World.calm()
    let entry = try world.holdTransfer()
    world.volume.capacity = 0
    world.ask(.resolve(entry.id, .post, note: "allowed"))
    world.settle()
    #expect(world.failures.count == 1)
    #expect(world.machine.backlog.held[entry.id] == .needsSupervisor)
    #expect(world.books.bookings.count == 1)
  }
}

extension DecisionTests {
  @Test(
    "Whoever decides is shown what became of it, and a refusal that was wished for is no failure",
    arguments: [Resolution.post, .refuse])
  func answers(_ resolution: Resolution) async throws {
    let town = try await Town()
    let first = try await town.desk()
    _ = await first.ask(.capture(town.deposit("100.00")))
    await first.close()
    let entry = try await town.recordTransferOverLimit()
    let desk = try await town.desk()
    _ = await desk.ask(.reconcile)
    guard case .resolved(let record) = await desk.ask(.resolve(entry.id, resolution, note: "so"))
    else {
      Issue.record("no exception was shown")
      return
    }
    #expect(record.entry == entry.id)
    #expect(record.outcome == (resolution == .post ? .posted : .refused(.refusedByPerson)))
    #expect(record.settlement?.note == (resolution == .post ? "so" : nil))
    #expect(await desk.status().waiting == 0)
    await desk.close()
  }
}

extension DecisionTests {
  @Test("Whether a held entry would be refused is told before anybody decides, and changes nothing")
  func foretold() async throws {
    let town = try await Town()
    let first = try await town.desk()
    _ = await first.ask(.capture(town.deposit("100.00")))
    await first.close()
    let entry = try await town.recordTransferOverLimit()
    let desk = try await town.desk()
    _ = await desk.ask(.reconcile)
    #expect(await desk.ask(.foretell(entry.id, .post)) == .done)
    let payer = town.make.number("1001")
    func change(to status: AccountStatus) async throws {
      _ = try await town.store.changeStatus(
        payer, to: status, id: town.make.id(), by: "sue", at: town.make.now)
    }
    try await change(to: .frozen)
    let refusal = Reply.failed(Failure(.accountFrozen))
    #expect(await desk.ask(.foretell(entry.id, .post)) == refusal)
    #expect(await desk.ask(.foretell(entry.id, .refuse)) == .done)
    guard case .failed(let no) = await desk.ask(.foretell(entry.id, .to(payer))) else {
      Issue.record("a held entry goes to no other account")
      return
    }
    #expect(no.kind == .refused)
    #expect(await desk.status().waiting == 1)
    #expect(try await town.store.inbox([entry.id]).isEmpty)
    try await change(to: .open)
    #expect(await desk.ask(.foretell(entry.id, .post)) == .done)
    await desk.close()
  }
}

extension World {
  /// A released transfer that is over a limit waits, and the bank holds it for a supervisor.
  fileprivate mutating func holdTransfer() throws -> Entry {
    let entry = try recordBeyondLimit()
    ask(.reconcile)
    settle()
    return entry
  }

  /// Decides; the line is written, and the program ends before anything is sent.
  fileprivate mutating func decide(_ entry: Entry, _ resolution: Resolution) {
    ask(.resolve(entry.id, resolution, note: "as the customer wishes"))
    let isAppend = { (effect: Effect) in if case .append = effect { true } else { false } }
    while let next = pending.firstIndex(where: isAppend) { carryOut(pending.remove(at: next)) }
    pending.removeAll()
    crash(.process)
    for _ in 0..<20 where machine.mode != .reconciling { settle(rounds: 1) }
  }
}

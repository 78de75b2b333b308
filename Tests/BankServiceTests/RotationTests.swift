import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Segments end with the day and after a reconciliation, in the order of the lines.
@Suite("Where segments of the ledger end") struct RotationTests {
  @Test("The first line of a day at the bank begins a new segment")
  func dayEnd() throws {
    var world = World.calm()
    world.ask(.capture(world.deposit("1.00")))
    world.comeToRest()
    world.ask(.capture(world.deposit("2.00")))
    world.comeToRest()
    #expect(world.writer?.segment == 1)
    world.now = world.now.advanced(byMilliseconds: 86_400_000)
    world.ask(.capture(world.deposit("3.00")))
    world.ask(.capture(world.deposit("4.00")))
    world.comeToRest()
    #expect(world.writer?.segment == 2)
    let records = try world.records()
    #expect(records.compactMap(\.sealCause) == [.dayEnd])
    let sealed = try #require(records.firstIndex { $0.sealCause != nil })
    #expect(records[..<sealed].compactMap(\.capturedMinorUnits) == [1_00, 2_00])
    #expect(records[sealed...].compactMap(\.capturedMinorUnits) == [3_00, 4_00])
    #expect(world.books.bookings.count == 4)
  }

  @Test("A day that began while the program did not run is noticed by the next run")
  func overnight() throws {
    var world = World.calm()
    world.isUp = false
    world.step(.connectionLost(StoreFault(.connect, "closed")))
    world.settle(rounds: 10)
    world.ask(.capture(world.deposit("1.00")))
    world.settle(rounds: 10)
    world.now = world.now.advanced(byMilliseconds: 86_400_000)
    world.crash(.process)
    world.settle(rounds: 10)
    world.ask(.capture(world.deposit("2.00")))
    world.settle(rounds: 10)
    #expect(try world.records().compactMap(\.sealCause) == [.dayEnd])
    // What waits in the closed segment is still known.
    #expect(world.machine.backlog.waitingCount == 2)
    world.comeToRest()
    try world.checkTruths(seed: 0)
  }

  @Test("A command that reconciles closes the segment behind the last word of it")
  func reconciled() async throws {
    let town = try await Town()
    town.store.weather = .unreachable
    let away = try await town.desk()
    guard case .receipt(let slip) = await away.ask(.capture(town.deposit("5.00"))) else {
      Issue.record("no receipt")
      return
    }
    #expect(slip.state == .recorded)
    await away.close()
    town.store.weather = .fair
    let desk = try await town.desk()
    _ = await desk.ask(.reconcile)
    await desk.close()

    let records = try await town.ledger.records()
    #expect(records.last?.sealCause == .reconciled)
    guard case .mode(let mode)? = records.dropLast().last else {
      Issue.record("\(records)")
      return
    }
    #expect(mode.event == .reconciliationEnded)

    let next = try await town.desk()
    _ = await next.ask(.capture(town.deposit("6.00")))
    await next.close()
    #expect(town.store.calls.contains(.post))
    let openings = try await town.ledger.records().filter {
      if case .open = $0 { true } else { false }
    }
    #expect(openings.count == 2)
  }

  @Test("A segment that cannot be closed goes on, and nothing is held up")
  func failedRotation() async throws {
    let town = try await Town()
    let desk = try await town.desk { StubbornLedger(town.ledger) }
    _ = await desk.ask(.capture(town.deposit("5.00")))
    town.clock.advance(byMilliseconds: 86_400_000)
    guard case .receipt(let slip) = await desk.ask(.capture(town.deposit("6.00"))) else {
      Issue.record("no receipt")
      return
    }
    #expect(slip.state == .posted)
    await desk.close()
    let records = try await town.ledger.records()
    #expect(records.compactMap(\.sealCause).isEmpty)
    #expect(records.compactMap(\.capturedMinorUnits) == [5_00, 6_00])
  }
}

extension World {
  /// Every line of the ledger that counts.
  func records() throws -> [LedgerRecord] {
    var records: [LedgerRecord] = []
    _ = try LedgerReading(of: fixtures.terminal.name, on: volume, scope: .everything) {
      record, _, _ in records.append(record)
    }
    return records
  }
}

extension LedgerRecord {
  fileprivate var sealCause: SealRecord.Cause? {
    if case .seal(let seal) = self { seal.cause } else { nil }
  }

  fileprivate var capturedMinorUnits: Int64? {
    if case .entry(let record) = self { record.entry.amount.minorUnits } else { nil }
  }
}

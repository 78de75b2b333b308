import BankCore
import BankTesting
import ManualLedger
import Testing

@testable import BankService

/// A till that has never met a bank is told apart from one whose bank is away: the first has nothing to
/// keep going, the second must keep going.
@Suite("No bank yet") struct NoBankYetTests {
  let fixtures = Fixtures()

  /// A till on its first day, which was told that by its greeting.
  private func till(
    _ fault: StoreFault, hasMetBank: Bool = false, remembers snapshot: Bool = false,
    hasLedger: Bool = false
  ) -> Continuity {
    var configuration = DeskConfiguration(terminal: fixtures.terminal, operatorName: "ana")
    configuration.hasMetBank = hasMetBank
    var machine = Continuity(
      configuration, endpoint: "books",
      contents: LedgerContents(
        state: LedgerState(), bank: hasLedger ? fixtures.identity.id : nil))
    if snapshot {
      machine.remember(
        SnapshotStanding(
          bank: fixtures.identity, mark: SnapshotMark(epoch: 1, change: 1, counter: 1),
          asOf: fixtures.now))
    }
    _ = machine.begin()
    hear(.failure(fault), &machine)
    return machine
  }

  @discardableResult
  private func hear(
    _ result: Result<Greeting, StoreFault>, _ machine: inout Continuity, at milliseconds: Int64 = 0
  ) -> [Effect] {
    let number = machine.link.greeting ?? 0
    return machine.step(
      .greeted(result, isFresh: true, knowsLast: true, number: number),
      at: moment(milliseconds))
  }

  private func moment(_ milliseconds: Int64 = 0) -> Moment {
    Moment(
      now: fixtures.now.advanced(byMilliseconds: milliseconds), today: fixtures.today,
      ids: (Identifier(high: 7, low: 1), Identifier(high: 7, low: 2)))
  }

  @Test("is said where the place holds none and nothing here has met one", arguments: FaultKind.all)
  func said(_ kind: FaultKind) {
    let fault = StoreFault(kind, "odd")
    let isNew = FaultKind.noBankThere.contains(kind)
    let status = till(fault).status
    #expect(status.hasNoBankYet == isNew, "\(kind.name)")
    #expect((status.banner == "NO BANK YET") == isNew)
    #expect(!till(fault, hasMetBank: true).status.hasNoBankYet, "it had a bank: \(kind.name)")
    #expect(!till(fault, remembers: true).status.hasNoBankYet, "a copy of it is here")
    #expect(!till(fault, hasLedger: true).status.hasNoBankYet, "its ledger is here")
  }

  @Test("takes no entry, and says what to do instead", arguments: FaultKind.noBankThere)
  func refuses(_ kind: FaultKind) throws {
    var machine = till(StoreFault(kind, "there is no file bank.sqlite"))
    let draft = Draft(
      kind: .deposit, account: AccountNumber("1"), amount: Money(minorUnits: 100, fixtures.euro),
      memo: "")
    for request in [Request.capture(draft), .closePeriod(fixtures.today)] {
      let failures = machine.step(.asked(1, request), at: moment()).compactMap { effect in
        if case .reply(_, .failed(let failure)) = effect { failure } else { nil }
      }
      let failure = try #require(failures.first, "\(request)")
      #expect(failure.text.hasPrefix("There is no bank yet"), "\(failure)")
      #expect(failure.fix.contains("daybook demo") && failure.fix.contains("daybook init"))
    }
  }

  @Test("ends by itself once somebody has made one, and is never said again")
  func ends() throws {
    let missing = StoreFault(.schemaMissing, "no tables")
    var machine = till(missing)
    let planned = machine.status.nextProbeAt
    #expect(planned.map { $0.milliseconds(since: fixtures.now) <= 5_000 } == true)
    let greeting = Greeting(
      bank: fixtures.identity, isWritable: true, terminal: nil, closedThrough: nil,
      roundTripMilliseconds: 1, time: .newestBooking(nil))
    for milliseconds in [Int64(1_000), 9_000] {
      _ = machine.step(.asked(1, .probe), at: moment(milliseconds))
      hear(.success(greeting), &machine, at: milliseconds)
      _ = machine.step(
        .enrolled(.success(Enrolment(bank: fixtures.identity, ledger: LedgerState()))),
        at: moment(milliseconds))
    }
    #expect(machine.mode == .online)
    #expect(!machine.status.hasNoBankYet)
    for milliseconds in [Int64(10_000), 11_000, 12_000] {
      _ = machine.step(.asked(1, .probe), at: moment(milliseconds))
      hear(.failure(missing), &machine, at: milliseconds)
    }
    #expect(machine.mode == .quarantined)
    #expect(!machine.status.hasNoBankYet && machine.status.objectionToEntering == nil)
  }

  @Test("is not said where a copy of a bank cannot be read", arguments: [true, false])
  func unreadableCopy(_ isReadable: Bool) async throws {
    let store = SimulatedStore()
    store.weather = .down(StoreFault(.fileMissing, "there is no file"))
    let clock = SimulatedClock(at: fixtures.now)
    var configuration = DeskConfiguration(
      terminal: fixtures.terminal, operatorName: "ana", isCommand: true)
    configuration.hasMetBank = false
    let desk = BankDesk(
      configuration, store: store,
      snapshot: isReadable ? NoSnapshot() : NoSnapshot(isDamaged: true),
      ledger: SimulatedLedger(fixtures.terminal, clock: clock), clock: clock)
    try await desk.open()
    #expect(await desk.status().hasNoBankYet == isReadable)
    await desk.close()
  }
}

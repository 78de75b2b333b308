import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// A change of the books that is no entry, and whose answer is lost: nobody is told that it was not made
/// where it was, and asked again it is made once.
@Suite("Changes whose answer is lost") struct UnansweredChangesTests {
  /// Each request that changes the books and is kept in no ledger.
  enum Change: CaseIterable {
    case open, freeze, period, assign, giveBack, epoch

    var call: SimulatedStore.Call {
      switch self {
      case .open, .freeze, .period, .assign: .change
      case .giveBack: .post
      case .epoch: .heal
      }
    }

    /// Whether the bank is asked once more by itself: what is made of several transactions goes on when
    /// it is asked for again.
    var isAskedTwice: Bool { self != .giveBack && self != .epoch }

    func prepare(_ town: Town) async throws -> Request {
      let make = town.make
      switch self {
      case .open:
        return .openAccount(
          AccountDraft(number: make.number("2001"), holder: "Bea", currency: make.euro))
      case .freeze: return .changeStatus(make.number("1001"), .frozen)
      case .period: return .closePeriod(make.today.advanced(byDays: -1))
      case .assign:
        let transfer = make.transfer(from: make.number("1001"), to: make.number("404"), "3.00")
        _ = try await town.store.post(
          PostingBatch(
            terminal: nil, submissions: [make.released(transfer)], today: make.today,
            decidedAt: make.now))
        return .assign(transfer.id, owner: "petra")
      case .giveBack, .epoch:
        let backup = town.store.checkpoint()
        let desk = try await town.desk()
        _ = await desk.ask(.capture(town.deposit("5.00")))
        await desk.close()
        town.store.restore(backup)
        return .heal(planOnly: false)
      }
    }

    func isDone(_ town: Town) async throws -> Bool {
      let (make, store) = (town.make, town.store)
      switch self {
      case .open: return try await store.account(make.number("2001")) != nil
      case .freeze: return try await store.account(make.number("1001"))?.status == .frozen
      case .period:
        return try await store.greet(make.terminal.id, fresh: false).closedThrough
          == make.today.advanced(byDays: -1)
      case .assign:
        let all = try await store.exceptions(includingSettled: true, after: nil, limit: 10)
        return all.map(\.owner) == ["petra"]
      case .giveBack, .epoch:
        let balance = try await store.account(make.number("1001"))?.balanceMinorUnits
        return try await store.greet(make.terminal.id, fresh: false).bank.epoch > 1
          && balance == 500
      }
    }
  }

  /// The bank is found again, as a console finds it.
  private func untilLive(_ desk: BankDesk, _ town: Town) async {
    for _ in 0..<50 {
      if await desk.status().mode.isLive { return }
      _ = await desk.ask(.probe)
      town.clock.advance(byMilliseconds: 1_000)
    }
  }

  private func isFailure(_ reply: Reply) -> Bool { if case .failed = reply { true } else { false } }

  @Test(
    "Nothing is told as unchanged that is changed; asked again it is done, once",
    arguments: Change.allCases, [SimulatedStore.AnswerLoss.afterCommit, .beforeCommit])
  func lost(_ change: Change, _ loss: SimulatedStore.AnswerLoss) async throws {
    for times in 1...2 {
      let town = try await Town()
      let request = try await change.prepare(town)
      let desk = try await town.desk()
      #expect(try await !change.isDone(town))
      for _ in 0..<times { town.store.loseNextAnswer(loss, to: change.call) }
      let reply = await desk.ask(request)
      let isDone = try await change.isDone(town)
      if case .failed(let failure) = reply {
        #expect(times == 2 || !change.isAskedTwice, "\(failure)")
        #expect(failure.fix.contains("It is not known"), "\(failure)")
        #expect(!failure.fix.contains("Nothing was") || !isDone, "\(failure)")
      } else {
        #expect(times == 1 && change.isAskedTwice && isDone, "\(reply)")
      }
      if change.isAskedTwice, times == 2 {
        // The same wish is the same change.
        var again = reply
        for _ in 0..<10 where isFailure(again) {
          // A connection may be found to be closed only when it is used.
          await untilLive(desk, town)
          again = await desk.ask(request)
        }
        #expect(!isFailure(again), "\(again)")
        #expect(try await change.isDone(town))
      } else if !change.isAskedTwice {
        // The second loss may be still ahead.
        for _ in 0..<10 where try await !change.isDone(town) {
          await untilLive(desk, town)
          _ = await desk.ask(request)
        }
        #expect(try await change.isDone(town))
      }
      await desk.close()
    }
  }

  @Test("What the bank refuses or cannot do is told as unchanged")
  func refused() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let make = town.make
    let draft = AccountDraft(number: make.number("2001"), holder: "Bea", currency: make.euro)
    town.store.weather = .standby
    guard case .failed(let failure) = await desk.ask(.openAccount(draft)) else {
      Issue.record("a standby has opened an account")
      return
    }
    #expect(failure.fix.contains("Nothing was changed"), "\(failure)")
    #expect(try await town.store.account(draft.number) == nil)
    await desk.close()
  }

  @Test("An account that changed meanwhile is changed anew, not answered with what was")
  func changedMeanwhile() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let number = town.make.number("1001")
    for _ in 0..<2 { town.store.loseNextAnswer(.afterCommit, to: .change) }
    let lost = await desk.ask(.changeStatus(number, .frozen))
    #expect(isFailure(lost), "\(lost)")
    // Somebody else lifts the freeze before this teller asks again.
    _ = try await town.store.changeStatus(
      number, to: .open, id: town.make.id(), by: "eve", at: town.make.now)
    await untilLive(desk, town)
    let again = await desk.ask(.changeStatus(number, .frozen))
    #expect(!isFailure(again), "\(again)")
    #expect(try await town.store.account(number)?.status == .frozen)
    await desk.close()
  }
}

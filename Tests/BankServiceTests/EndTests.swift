import BankCore
import ManualLedger
import OrderedCollections
import Testing

@testable import BankService
@testable import BankTesting

/// Whatever becomes of an entry: a command ends it, and what is said of it until then is so.
@Suite("Every entry has an end") struct EndTests {
  // MARK: What the database itself rejects

  @Test("Rejected while its customer waits: nothing was taken, and nothing is left")
  func rejectedAtOnce() throws {
    for kind in [EntryKind.deposit, .withdrawal, .transfer] {
      var world = World.calm()
      world.setBalance("100.00")
      var draft = world.draft(kind, "9.00")
      draft.id = world.fixtures.id()
      world.rejected = [try #require(draft.id)]
      world.ask(.capture(draft))
      world.settle()
      #expect(world.slips.isEmpty && world.failures.map(\.code) == ["R020"], "\(kind)")
      #expect(world.failures.last?.fix == Reason.rejectedByDatabase.fixAtCounter)
      #expect(world.machine.backlog.waitingCount == 0 && world.machine.status.exceptions == 0)
      #expect(world.machine.status.control.allSatisfy { $0.agrees })
    }
  }

  @Test(
    "Rejected after it was told as taken: it is blocked, known to the next run, and has two ends")
  func rejectedLater() throws {
    for (kind, isMended) in [
      (EntryKind.deposit, false), (.deposit, true), (.withdrawal, false), (.withdrawal, true),
      (.transfer, false), (.transfer, true),
    ] {
      let story = "\(kind) \(isMended)"
      var world = World.calm()
      world.setBalance("100.00")
      world.ask(.capture(world.deposit("1.00")))
      world.comeToRest()
      world.loseBank()
      world.ask(.capture(world.draft(kind, "9.00")))
      world.settle(rounds: 10)
      let id = try #require(world.slips.last?.entry.id)
      #expect(world.machine.backlog.ledger[id]?.state == .waiting, "\(story)")
      world.rejected = [id]
      world.comeBack()
      #expect(world.machine.status.blocked == 1 && world.machine.status.exceptions == 1, "\(story)")
      world.crash(.process)
      world.settle()
      #expect(world.machine.backlog.ledger[id]?.state == .blocked, "\(story)")
      if isMended {
        world.rejected = []
        world.ask(.resolve(id, .post, note: "the constraint is gone"))
      } else {
        world.ask(.resolve(id, .post, note: "try again"))
        world.settle()
        #expect(world.machine.backlog.ledger[id]?.state == .blocked, "\(story)")
        world.ask(.void(id, note: "the customer was called"))
      }
      world.settle()
      #expect(world.machine.backlog.ledger[id]?.state == (isMended ? .posted : .voided), "\(story)")
      #expect(
        world.machine.backlog.waitingCount == 0 && world.machine.status.blocked == 0, "\(story)")
      #expect(world.machine.status.control.allSatisfy { $0.agrees }, "\(story)")
    }
  }

  // MARK: What the bank holds

  @Test(
    "A request beyond a limit is an exception to whoever starts next, and each decision ends it")
  func heldKnown() throws {
    for resolution in [Resolution.post, .refuse] {
      var world = World.calm()
      let entry = try world.recordBeyondLimit()
      world.ask(.reconcile)
      world.settle()
      for _ in 0..<2 {
        #expect(world.machine.status.exceptions == 1, "\(resolution)")
        #expect(world.machine.backlog.heldIDs == [entry.id])
        world.crash(.process)
        world.settle()
      }
      world.ask(.resolve(entry.id, resolution, note: "decided"))
      world.settle()
      #expect(
        world.machine.backlog.ledger[entry.id]?.state == (resolution == .post ? .posted : .refused))
      #expect(world.machine.backlog.waitingCount == 0 && world.machine.backlog.heldCount == 0)
    }
  }

  // MARK: Lines that were salvaged

  @Test("Salvaged out of order: what is sent may not be voided, and each outcome is written")
  func salvaged() throws {
    for isLost in [false, true] {
      var world = World.calm()
      let told = world.recordOffline(3).map(\.entry)
      try world.writer?.seal(.dayEnd, at: world.now)
      world.ask(.capture(world.deposit("4.00")))
      world.settle(rounds: 10)
      let last = try #require(world.slips.last?.entry)
      try world.spoilLine(of: told[1].id)
      world.crash(.process)
      world.settle(rounds: 10)
      let numbers = world.machine.backlog.ledger.entries.map(\.entry.number)
      #expect(numbers != numbers.sorted() && world.machine.backlog.ledger.hasOpenLoss)
      world.ask(.heal(planOnly: false))
      world.settle(rounds: 10)

      world.isUp = true
      if isLost { world.fates = [.committedAnswerLost] }
      for _ in 0..<200 where world.books.bookings.isEmpty {
        world.settle(rounds: 1)
        if world.machine.mode == .reconciling { world.ask(.reconcile) }
      }
      for entry in [told[2], last] {
        world.ask(.void(entry.id, note: "not wanted"))
        #expect(world.machine.backlog.voiding.isEmpty, "\(entry.label), lost \(isLost)")
      }
      world.comeToRest()
      for entry in [told[0], told[2], last] {
        #expect(
          world.machine.backlog.ledger[entry.id]?.state == .posted, "\(entry.label), lost \(isLost)"
        )
      }
      #expect(world.forbidden.isEmpty && world.machine.backlog.waitingCount == 0)
    }
  }

  // MARK: Answers that come too late or twice

  @Test("The words that it is taken cannot be written, and the bank has posted it meanwhile")
  func postedWhileReleasing() throws {
    for capacity in [0, Int.max] {
      var world = World.calm()
      world.ask(.capture(world.deposit("100.00")))
      world.comeToRest()
      world.ask(.capture(world.draft(.withdrawal, "9.00")))
      let id = try #require(world.machine.captures.inWriting.first?.id)
      for _ in 0..<50 where !world.pending.contains(where: \.isPost) { world.settle(rounds: 1) }
      let posts = world.pending.firstIndex { $0.isPost }
      let place = try #require(posts)
      guard case .post(let batch) = world.pending.remove(at: place) else {
        Issue.record("no post was under way")
        return
      }
      // It lies with the bank when the deadline passes.
      world.step(.timer(.decision(id)))
      for _ in 0..<50 where world.machine.captures[id]?.phase != .releasing {
        guard !world.pending.isEmpty else { break }
        world.carryOut(world.pending.removeFirst())
      }
      #expect(world.machine.captures[id]?.phase == .releasing)
      world.step(.posted(.success(try world.books.post(batch))))
      world.volume.capacity = capacity
      world.settle(rounds: 20)
      let slip = try #require(world.slips.last)
      #expect(slip.state != .unknown, "\(capacity)")
      world.volume.capacity = .max
      world.comeToRest()
      #expect(world.books.account(world.accounts[0])?.balanceMinorUnits == 91_00)
    }
  }

  @Test("A reversal made up beside the bank's work names what has a second id since")
  func secondIDBeforeItsReversal() throws {
    var world = World.calm()
    let told = world.recordOffline(3).map(\.entry)
    // Its first id was refused before the answer was lost.
    let refused = told[2]
    world.books.inbox[refused.id] = InboxRow(
      id: refused.id, contentHash: refused.contentHash, terminal: refused.terminal.text,
      number: refused.number, outcome: .refused(.insufficientFunds), flags: [],
      decidedAt: world.now)
    world.ask(.capture(Draft(kind: .reversal, memo: "wrong", reverses: refused.id)))
    world.settle(rounds: 10)
    let reversal = try #require(world.slips.last?.entry)
    #expect(reversal.kind == .reversal)
    world.comeBack()
    #expect(world.machine.backlog.ledger[reversal.id]?.state == .posted)
    #expect(world.machine.backlog.ledger[refused.id]?.state == .posted)
  }

  @Test("An outcome whose line the disk refuses is counted once in the estimate")
  func outcomeNotWritten() throws {
    var world = World.calm()
    _ = world.recordOffline(2)
    world.isUp = true
    for _ in 0..<200 where world.books.bookings.isEmpty {
      world.settle(rounds: 1)
      if world.machine.mode == .reconciling { world.ask(.reconcile) }
    }
    world.volume.capacity = 0
    world.settle(rounds: 5)
    world.volume.capacity = .max
    world.loseBank()
    let waiting = world.machine.backlog.ledger.waiting.map(\.entry.id)
    #expect(waiting.count == 2)
    for id in waiting { #expect(world.machine.backlog.unrefreshed[id] == nil) }
  }

  @Test("Whoever asks the same twice in one moment is answered twice")
  func askedTwice() throws {
    for again in 0..<2 {
      var world = World.calm()
      world.loseBank()
      world.ask(.capture(world.deposit("10.00")))
      world.settle(rounds: 10)
      let untold = try world.recordUntold("5.00").id
      for _ in 0..<2 {
        world.ask(again == 0 ? .keep(untold) : .void(untold, note: "nobody was told"))
      }
      world.settle(rounds: 40)
      #expect(world.asked.isEmpty, "\(world.asked)")
      #expect(world.machine.backlog.ledger[untold]?.state == (again == 0 ? .waiting : .voided))
      #expect(world.forbidden.isEmpty)
    }
  }
}

extension Effect {
  fileprivate var isPost: Bool { if case .post = self { true } else { false } }
}

extension World {
  fileprivate func draft(_ kind: EntryKind, _ amount: String) -> Draft {
    Draft(
      kind: kind, account: accounts[0], counterAccount: kind == .transfer ? accounts[1] : nil,
      amount: fixtures.money(amount))
  }

  /// A transfer that was taken beyond a limit, in the ledger of a run that has ended.
  mutating func recordBeyondLimit() throws -> Entry {
    ask(.capture(deposit("100.00")))
    comeToRest()
    let entry = Entry(
      id: fixtures.id(), number: machine.captures.nextNumber(after: machine.backlog.ledger),
      terminal: fixtures.terminal.name,
      operatorName: "ana", kind: .transfer, debit: accounts[0], credit: accounts[1],
      amount: fixtures.money("40.00"), memo: "", capturedAt: now, valueDate: Self.day(of: now))
    let release = ReleaseRecord(
      entry: entry.id, secondID: fixtures.id(), standing: .request, isOverLimit: true,
      wasSent: false, at: now)
    try writer?.append([.entry(EntryRecord(entry)), .released(release)], at: now)
    crash(.process)
    settle()
    return entry
  }

  /// A bad sector in the line of that entry, wherever it stands.
  fileprivate func spoilLine(of id: EntryID) throws {
    for name in try volume.fileNames() where name.hasSuffix(".ledger") {
      guard var bytes = volume[name], let place = bytes.firstRange(of: Array("\"\(id)\"".utf8))
      else {
        continue
      }
      bytes[place.lowerBound + 4] ^= 4
      volume[name] = bytes
      return
    }
  }
}

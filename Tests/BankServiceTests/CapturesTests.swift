import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// The path of an entry from the question to the durable receipt: the captures alone.
@Suite("The captures") struct CapturesTests {
  @Test("Numbers go up without gaps; one whose line was lost is given again")
  func numbers() {
    let scene = BacklogScene()
    var captures = Captures(scene.configuration)
    let entry = scene.make.deposit(to: scene.account, "1.00")
    #expect(captures.nextNumber(after: scene.backlog.ledger) == 1)
    captures.note(entry)
    #expect(captures.nextNumber(after: scene.backlog.ledger) == 1, "it has no number yet")
    captures.write(entry)
    #expect(captures.nextNumber(after: scene.backlog.ledger) == 2)
    captures.endWriting(entry)
    #expect(captures.nextNumber(after: scene.backlog.ledger) == 1)
    #expect(captures.inWriting.isEmpty)
  }

  @Test("Only who waits for the bank, with a durable line, is asked for when the bank is lost")
  func asking() {
    let scene = BacklogScene()
    var captures = Captures(scene.configuration)
    let entries = (0..<3).map { _ in scene.make.deposit(to: scene.account, "1.00") }
    let phases: [Capture.Phase] = [.asking, .lookingUp, .asking]
    for (entry, phase) in zip(entries, phases) {
      captures.open(Capture(ticket: 1, entry: entry, phase: phase, isDurable: false))
    }
    #expect(captures.askingIDs.isEmpty)
    let followed =
      captures.recorded(entries[0].id, isOneCopyOnly: true, isLive: true)
      + captures.recorded(entries[1].id, isOneCopyOnly: false, isLive: true)
    #expect(followed.sent == [entries[0].id, entries[1].id])
    #expect(captures.askingIDs == [entries[0].id])
    #expect(captures[entries[0].id]?.isOneCopyOnly == true)
    captures.enter(.releasing, entries[0].id)
    #expect(captures.askingIDs.isEmpty)
    captures.close(entries[0].id)
    #expect(!captures.isOpen(entries[0].id) && captures.isOpen(entries[1].id))
  }

  // MARK: From a draft to an entry

  private func draft(_ scene: BacklogScene, id: EntryID? = nil) -> Draft {
    Draft(
      kind: .deposit, account: scene.account, amount: scene.make.money("5.00"), id: id)
  }

  @Test("An entry is written before the bank is asked; while that is away, it is looked up first")
  func begun() throws {
    for isAway in [false, true] {
      let scene = BacklogScene()
      var captures = Captures(scene.configuration)
      let effects = captures.capture(
        draft(scene), 1, scene.backlog, isAway ? scene.away : scene.online, scene.moment
      ).effects
      let entry = try #require(captures.inWriting.first)
      #expect(captures[entry.id]?.phase == (isAway ? .lookingUp : .asking))
      let isWritten = effects.contains { if case .append(.capture, _) = $0 { true } else { false } }
      let isLookedUp = effects.contains { if case .lookUp = $0 { true } else { false } }
      #expect(isWritten != isAway && isLookedUp == isAway)
      let next = captures.nextNumber(after: scene.backlog.ledger)
      #expect(next == (isAway ? 1 : 2), "what is looked up has no number yet")
    }
  }

  @Test("A given id is searched for once, asked about at a bank that is there, then it is new")
  func givenID() throws {
    for isAway in [false, true] {
      let scene = BacklogScene()
      let link = isAway ? scene.away : scene.online
      var captures = Captures(scene.configuration)
      let id = scene.make.id()
      let draft = draft(scene, id: id)
      let first = captures.capture(draft, 1, scene.backlog, link, scene.moment).effects
      guard case .searchLedgers(1, _, id)? = first.first else {
        Issue.record("it was not searched for")
        return
      }
      let second = captures.ledgersSearched(
        1, draft, id, .success(nil), scene.backlog, link, scene.moment
      ).effects
      let isChecked = second.contains { if case .checkID = $0 { true } else { false } }
      #expect(isChecked != isAway && captures.isOpen(id) == isAway)
      if isChecked {
        _ = captures.idChecked(1, draft, nil, scene.backlog, link, scene.moment)
      }
      #expect(captures.isOpen(id))
      let again = captures.capture(draft, 2, scene.backlog, link, scene.moment)
      #expect(again.failures.map(\.code) == [Reason.outcomeUnknown.code], "it is being written")
    }
  }

  @Test("The same content is the same entry, asked about again; other content is refused")
  func repeated() throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "5.00")
    scene.ask(entry)
    var captures = Captures(scene.configuration)
    let same = captures.capture(
      draft(scene, id: entry.id), 1, scene.backlog, scene.online, scene.moment)
    guard case .ask(let known, 1)? = same.first else {
      Issue.record("it is not asked about")
      return
    }
    #expect(known.entry == entry)
    var other = draft(scene, id: entry.id)
    other.amount = scene.make.money("6.00")
    let refused = captures.capture(other, 2, scene.backlog, scene.online, scene.moment)
    #expect(refused.failures.map(\.code) == [Reason.contentDiffers.code])
  }

  @Test("What only the bank can allow waits for its first word; without one it is not known")
  func postponed() throws {
    let scene = BacklogScene()
    var captures = Captures(scene.configuration)
    let reversal = Draft(kind: .reversal, reverses: scene.make.id())
    var unanswered = Link(scene.configuration, endpoint: "bank", expectedBank: nil)
    unanswered.goOnUnanswered(700, scene.make.now)
    let later = captures.capture(reversal, 1, scene.backlog, unanswered, scene.moment)
    guard case .postpone(1, _)? = later.first else {
      Issue.record("it does not wait")
      return
    }
    let unknown = captures.capture(reversal, 2, scene.backlog, scene.away, scene.moment)
    #expect(unknown.failures.map(\.code) == [Reason.targetNotKnown.code])
  }

  // MARK: Released, or not

  @Test(
    "What the bank does not decide is taken within the policy, and of unknown outcome beyond it",
    arguments: [true, false])
  func released(isWithin: Bool) throws {
    var scene = BacklogScene(OfflinePolicy())
    let entry = scene.make.withdrawal(from: scene.account, isWithin ? "20.00" : "900000.00")
    scene.ask(entry)
    var captures = Captures(scene.configuration)
    captures.open(Capture(ticket: 1, entry: entry, phase: .asking, isDurable: true))
    let lookUps = captures.release([entry.id, entry.id])
    #expect(lookUps.count == 1 && captures[entry.id]?.phase == .lookingUp)
    let account = Account(
      number: scene.account, holder: "Ada", currency: scene.make.euro,
      balanceMinorUnits: 100_000_000)
    let followed = captures.lookedUp(
      entry.id, [scene.account: account], snapshotAsOf: scene.make.now, Elsewhere(),
      scene.backlog, scene.away, scene.moment)
    let isTaken = followed.contains { if case .expose(entry) = $0 { true } else { false } }
    #expect(isTaken == isWithin)
    #expect(captures[entry.id]?.phase == (isWithin ? .releasing : nil))
    #expect(followed.receipts.map(\.state) == (isWithin ? [] : [.unknown]))
    #expect(followed.sent == (isWithin ? [] : [entry.id]))
  }

  @Test("That it is taken is said when its line is durable; a lost line says nothing of the kind")
  func told() throws {
    for isLost in [false, true] {
      var scene = BacklogScene()
      let entry = scene.make.deposit(to: scene.account, "5.00")
      scene.ask(entry)
      var captures = Captures(scene.configuration)
      captures.open(Capture(ticket: 1, entry: entry, phase: .releasing, isDurable: true))
      let effects: [Effect]
      if isLost {
        effects = captures.lost(
          [], for: .release(entry.id), Failure(.fault, code: "ledger", text: "full", fix: ""),
          scene.backlog, scene.moment)
      } else {
        scene.release(entry)
        effects = captures.told(entry.id, isOneCopyOnly: true, scene.backlog)
      }
      let receipt = try #require(effects.map(Consequence.effect).receipts.first)
      #expect(receipt.state == (isLost ? .unknown : .recorded))
      #expect(receipt.isOneCopyOnly != isLost && !captures.isOpen(entry.id))
    }
  }

  @Test("Who keeps an entry first is told what becomes of it")
  func kept() throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "5.00")
    scene.askUntold(entry)
    var captures = Captures(scene.configuration)
    let first = captures.keep(entry.id, 1, scene.backlog, scene.moment).effects
    guard case .append(.keep(entry.id, 1), let records)? = first.first else {
      Issue.record("it is not written")
      return
    }
    let second = captures.keep(entry.id, 2, scene.backlog, scene.moment)
    #expect(second.failures.map(\.code) == [Reason.outcomeUnknown.code])
    for record in records { scene.write(record) }
    guard case .ask(_, 1)? = captures.kept(entry.id, 1, scene.backlog).first else {
      Issue.record("the bank is not asked")
      return
    }
  }
}

extension [Consequence] {
  /// What the runtime is to do.
  var effects: [Effect] {
    compactMap { if case .effect(let effect) = $0 { effect } else { nil } }
  }

  /// What goes to the bank.
  var sent: [EntryID] {
    compactMap { if case .send(let id) = $0 { id } else { nil } }
  }

  var replies: [Reply] {
    effects.compactMap { if case .reply(_, let reply) = $0 { reply } else { nil } }
  }

  var failures: [Failure] {
    replies.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
  }

  var receipts: [Receipt] {
    replies.compactMap { if case .receipt(let receipt) = $0 { receipt } else { nil } }
  }
}

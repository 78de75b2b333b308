import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What goes to the bank next: the dispatch with a backlog, and nothing else.
@Suite("The dispatch") struct DispatchTests {
  private func dispatch(_ scene: BacklogScene, mostTakenAlong: Int = 500) -> Dispatch {
    Dispatch(
      DeskConfiguration(
        terminal: scene.make.terminal, operatorName: "ana", mostTakenAlong: mostTakenAlong))
  }

  @Test("Nothing overtakes an earlier entry of its own account, nor of one that a transfer links")
  func order() {
    var scene = BacklogScene()
    let other = scene.make.number("000000102")
    let first = scene.make.deposit(to: other, "1.00")
    let link = scene.make.transfer(from: other, to: scene.account, "2.00")
    let free = scene.make.deposit(to: scene.make.number("000000103"), "3.00")
    let asked = scene.make.withdrawal(from: scene.account, "4.00")
    for entry in [first, link, free, asked] { scene.ask(entry) }
    var dispatch = dispatch(scene)
    dispatch.add(asked.id)
    let next = dispatch.next(from: &scene.backlog, isInUse: true)
    #expect(next.job?.ids == [first.id, link.id, asked.id])
    #expect(next.tooFarBehind.isEmpty && !next.endsRun)
  }

  @Test("An entry behind too many others is not sent, and is named", arguments: [2, 3])
  func tooFarBehind(most: Int) {
    var scene = BacklogScene()
    let waiting = (0..<3).map { _ in scene.make.deposit(to: scene.account, "1.00") }
    for entry in waiting { scene.ask(entry) }
    let asked = scene.make.withdrawal(from: scene.account, "4.00")
    scene.ask(asked)
    var dispatch = dispatch(scene, mostTakenAlong: most)
    dispatch.add(asked.id)
    let next = dispatch.next(from: &scene.backlog, isInUse: true)
    #expect(next.tooFarBehind == (most == 2 ? [asked.id] : []))
    #expect((next.job == nil) == (most == 2))
  }

  @Test("A batch goes out once, after the line that lets it go, and the next waits for its answer")
  func letGo() throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "1.00")
    scene.promise(entry)
    var dispatch = dispatch(scene)
    let moment = scene.moment
    let begun = dispatch.startRun(scene.backlog, ticket: 7, moment)
    #expect(begun.count == 1, "the ledger says that it began")
    let job = try #require(dispatch.next(from: &scene.backlog, isInUse: false).job)
    let before = dispatch.begin(job, scene.backlog, moment, isInUse: false)
    guard case .append(.sending, let records)? = before.first, before.count == 1 else {
      Issue.record("it went out before its line")
      return
    }
    #expect(dispatch.lettingGo == entry.number)
    for record in records { scene.write(record) }
    let sent = dispatch.wasLetGo(scene.backlog, moment, isInUse: false)
    #expect(sent.count { if case .post = $0 { true } else { false } } == 1)
    let again = dispatch.wasLetGo(scene.backlog, moment, isInUse: false)
    #expect(again.isEmpty && dispatch.isSending(entry.id))
    let meanwhile = dispatch.next(from: &scene.backlog, isInUse: false)
    #expect(meanwhile.job == nil && !meanwhile.endsRun)
    let answered = dispatch.endJob()
    #expect(answered?.wasReleased(entry.id) == true)
    try scene.decide(entry, .posted)
    let last = dispatch.next(from: &scene.backlog, isInUse: false)
    let ended = dispatch.finishRun(scene.till(), moment)
    let report = ended.compactMap { effect -> ReconciliationReport? in
      if case .reply(7, .reconciled(let report)) = effect { report } else { nil }
    }
    #expect(last.endsRun && report.map(\.waiting) == [0] && dispatch.run == nil)
  }

  // MARK: The bank's answer

  private func decision(
    _ entry: Entry, _ verdict: Decision.Verdict, wasKnown: Bool = false
  ) -> Decision {
    Decision(id: entry.id, bookedAs: entry.id, verdict: verdict, wasKnown: wasKnown)
  }

  private func receipt(_ decisions: [Decision]) -> PostingReceipt {
    PostingReceipt(decisions: decisions, counter: 4, epoch: 1)
  }

  @Test("Who waits is told what the bank has decided, and its line says so")
  func told() throws {
    var scene = BacklogScene()
    let entry = scene.make.deposit(to: scene.account, "1.00")
    scene.ask(entry)
    var captures = Captures(scene.configuration)
    captures.open(Capture(ticket: 3, entry: entry, phase: .asking, isDurable: true))
    var dispatch = dispatch(scene)
    let answered = dispatch.answered(
      receipt([decision(entry, .decided(.posted, []))]),
      of: Job(ids: [entry.id], isReconciliation: false, isUnderWay: true), &scene.backlog,
      &captures, scene.moment)
    #expect(answered.isTelling && answered.accounts == [scene.account])
    guard case .reply(3, .receipt(let receipt))? = answered.effects.first else {
      Issue.record("nobody is told")
      return
    }
    #expect(receipt.state == .posted && !captures.isOpen(entry.id))
    guard case .outcome(let record)? = answered.records.first else {
      Issue.record("nothing is written")
      return
    }
    #expect(record.acknowledgement == Acknowledgement(counter: 4, epoch: 1))
    #expect(!record.needsNotice && scene.backlog.waitingCount == 0)
  }

  @Test("What is refused after it was taken is sent again, for then it gets its second id")
  func overtaken() {
    var scene = BacklogScene()
    let entry = scene.make.withdrawal(from: scene.account, "1.00")
    scene.promise(entry)
    var captures = Captures(scene.configuration)
    var dispatch = dispatch(scene)
    let refused = receipt([decision(entry, .decided(.refused(.insufficientFunds), []))])
    let late = dispatch.answered(
      refused, of: Job(ids: [entry.id], isReconciliation: false, isUnderWay: true),
      &scene.backlog, &captures, scene.moment)
    #expect(late.records.isEmpty && scene.backlog.isWaiting(entry.id))
    let next = dispatch.next(from: &scene.backlog, isInUse: false)
    #expect(next.job?.ids == [entry.id])
    let sent = Job(
      ids: [entry.id], released: [entry.id], isReconciliation: false, isUnderWay: true)
    let last = dispatch.answered(refused, of: sent, &scene.backlog, &captures, scene.moment)
    #expect(last.records.count == 1 && !scene.backlog.isWaiting(entry.id))
    #expect(last.newExceptions == 1, "its cash has moved")
  }

  @Test(
    "What the bank cannot book ends where nobody was promised anything, else waits for a person")
  func blocked() {
    for isTaken in [false, true] {
      var scene = BacklogScene()
      let entry = scene.make.withdrawal(from: scene.account, "1.00")
      if isTaken { scene.promise(entry) } else { scene.ask(entry) }
      var captures = Captures(scene.configuration)
      if !isTaken {
        captures.open(Capture(ticket: 3, entry: entry, phase: .asking, isDurable: true))
      }
      var dispatch = dispatch(scene)
      let answered = dispatch.answered(
        receipt([decision(entry, .blocked(.contentDiffers))]),
        of: Job(ids: [entry.id], isReconciliation: false, isUnderWay: true), &scene.backlog,
        &captures, scene.moment)
      let isVoided = answered.records.contains { if case .void = $0 { true } else { false } }
      #expect(isVoided != isTaken && answered.effects.count == (isTaken ? 0 : 1))
      #expect(scene.backlog.blockedCount == (isTaken ? 1 : 0))
      #expect(!scene.backlog.isSendable(entry.id))
    }
  }

  @Test("What contradicts this till is held, and its cause named")
  func alarm() {
    var scene = BacklogScene()
    let entry = scene.make.withdrawal(from: scene.account, "1.00")
    scene.ask(entry)
    var captures = Captures(scene.configuration)
    var dispatch = dispatch(scene)
    let answered = dispatch.answered(
      receipt([decision(entry, .alarm(.contentDiffers))]),
      of: Job(ids: [entry.id], isReconciliation: false, isUnderWay: true), &scene.backlog,
      &captures, scene.moment)
    #expect(answered.alarm?.code == .terminalCloned && answered.records.isEmpty)
    #expect(scene.backlog.held == [entry.id: .contentDiffers])
  }

  @Test("Of a batch whose answer is lost, what was not taken is asked about again")
  func lost() {
    var scene = BacklogScene()
    let taken = scene.make.deposit(to: scene.account, "1.00")
    let asked = scene.make.deposit(to: scene.make.number("000000102"), "2.00")
    scene.promise(taken)
    scene.ask(asked)
    var dispatch = dispatch(scene)
    dispatch.lost(
      Job(ids: [taken.id, asked.id], isReconciliation: false, isUnderWay: true), scene.backlog)
    let next = dispatch.next(from: &scene.backlog, isInUse: false)
    #expect(next.job?.ids == [asked.id])
  }

  @Test("A run rests while somebody works at the till, until its timer rings; a new one does not")
  func rest() throws {
    var scene = BacklogScene()
    let entries = (0..<3).map { _ in scene.make.deposit(to: scene.account, "1.00") }
    for entry in entries { scene.promise(entry) }
    var configuration = scene.configuration
    configuration.batchSize = 1
    var dispatch = Dispatch(configuration)
    _ = dispatch.startRun(scene.backlog, ticket: nil, scene.moment)
    let job = try #require(dispatch.next(from: &scene.backlog, isInUse: true).job)
    let rests = dispatch.advance(after: job, [], scene.moment, isInUse: true)
    let meanwhile = dispatch.next(from: &scene.backlog, isInUse: true)
    #expect(rests.count == 1 && meanwhile.job == nil && !meanwhile.endsRun)
    dispatch.goOn()
    let next = dispatch.next(from: &scene.backlog, isInUse: true)
    #expect(next.job?.ids == [entries[1].id])
  }

  @Test("The ledger says how much of what waits a run sends", arguments: [true, false])
  func begun(isPart: Bool) {
    var scene = BacklogScene()
    let entries = ["000000101", "000000102"].map {
      scene.make.deposit(to: scene.make.number($0), "1.00")
    }
    for entry in entries { scene.promise(entry) }
    var dispatch = dispatch(scene)
    let chosen: Set<EntryID>? = isPart ? [entries[1].id] : nil
    let effects = dispatch.startRun(scene.backlog, only: chosen, ticket: nil, scene.moment)
    let texts = effects.compactMap { effect -> String? in
      guard case .append(.remark, let records) = effect, case .mode(let mode)? = records.first
      else { return nil }
      return mode.text
    }
    #expect(texts == [isPart ? "1 of 2 waiting" : "2 waiting"])
  }

  @Test("While the bank is away the plan tells what waits, and why nothing more is known of it")
  func planUnasked() throws {
    var scene = BacklogScene()
    let taken = scene.make.withdrawal(from: scene.account, "4.00")
    scene.promise(taken)
    let dispatch = dispatch(scene)
    let away = dispatch.plan(1, scene.till(), scene.away, scene.moment)
    let fault = StoreFault(.connect, "closed")
    let lost = dispatch.planned(2, .failure(fault), silentTerminals: [], scene.till())
    let plans = (away.map(Consequence.effect) + lost).compactMap { consequence in
      if case .effect(.reply(_, .plan(let plan))) = consequence { plan } else { nil }
    }
    #expect(plans.count == 2)
    for plan in plans {
      #expect(plan.lines.map(\.entry) == [taken] && plan.lines[0].predicted == nil)
      #expect(plan.lines[0].view.released == .advice)
      #expect(plan.unasked?.code == CauseCode.connect.description)
      #expect(plan.control == scene.till().controlTotals && plan.silentTerminals.isEmpty)
    }
    let asked = dispatch.plan(3, scene.till(), scene.online, scene.moment)
    guard case .plan(3, let batch)? = asked.first, asked.count == 1 else {
      Issue.record("the bank is not asked")
      return
    }
    #expect(batch.submissions.map(\.entry) == [taken])
  }

  @Test("A reconciliation needs the bank, and there is one at a time")
  func reconcile() {
    var scene = BacklogScene()
    scene.promise(scene.make.deposit(to: scene.account, "1.00"))
    var dispatch = dispatch(scene)
    func refusal(_ effects: [Effect]) -> String? {
      effects.map(Consequence.effect).failures.first?.code
    }
    let away = dispatch.reconcile(1, scene.backlog, scene.away, scene.moment)
    let first = dispatch.reconcile(2, scene.backlog, scene.online, scene.moment)
    let second = dispatch.reconcile(3, scene.backlog, scene.online, scene.moment)
    #expect(refusal(away) == CauseCode.connect.description)
    #expect(refusal(first) == nil && refusal(second) == "under-way")
    let stopped = dispatch.stopRun(scene.till())
    #expect(stopped.count == 2 && dispatch.run == nil)
  }
}

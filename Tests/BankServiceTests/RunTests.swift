import BankCore
import Testing

@testable import BankService
@testable import BankTesting

/// The pace of a reconciliation, which needs neither a ledger nor a bank.
@Suite("How many entries go together") struct RunTests {
  private let make = Fixtures()

  @Test("While somebody works at the till batches are small: what they enter waits for one of them")
  func small() {
    var scene = BacklogScene()
    let entries = (0..<1_200).map { _ in make.deposit(to: scene.account, "1.00") }
    for entry in entries { scene.ask(entry) }
    let ids = entries.map(\.id)
    var run = Run(ticket: nil, queue: ids, most: 8_000)
    let ahead = (0..<2).map { _ in run.lookAhead(isInUse: false) }
    #expect(ahead == [Array(ids[..<1_000]), []], "one batch is chosen at a time")
    var busy = Run(ticket: nil, queue: ids, most: 8_000)
    let aheadInUse = busy.lookAhead(isInUse: true)
    #expect(aheadInUse.isEmpty, "desk and bank take turns")
    let chunk = busy.nextChunk(from: &scene.backlog, isInUse: true)
    #expect(chunk == Array(ids[..<500]))
  }

  @Test(
    "As many go together as the bank decides in a third of a second",
    arguments: [
      (took: 100, pace: 2_000), (took: 200, pace: 1_750), (took: 500, pace: 700),
      (took: 60_000, pace: 500), (took: 0, pace: 2_000), (took: -5_000, pace: 2_000),
    ])
  func pace(took: Int64, pace: Int) {
    let ids = (0..<1_000).map { _ in make.id() }
    var run = Run(ticket: nil, queue: ids, most: 8_000)
    #expect(run.pace == 1_000)
    run.advance(
      after: Job(
        ids: ids, isReconciliation: true, isUnderWay: true,
        sentAt: make.now.advanced(byMilliseconds: -took)), make.now)
    #expect(run.pace == pace)
    #expect(run.progress.done == 1_000)
  }

  @Test("A request behind a held one of its account waits in this run; an advice goes")
  func behindHeld() {
    var scene = BacklogScene()
    let held = make.withdrawal(from: scene.account, "1.00")
    let taken = make.withdrawal(from: scene.account, "2.00")
    let request = make.withdrawal(from: scene.account, "3.00")
    scene.ask(held)
    scene.promise(taken)
    scene.ask(request)
    var run = Run(ticket: nil, queue: [taken.id, request.id], most: 8)
    run.holdBack(behind: held)
    let chunk = run.nextChunk(from: &scene.backlog, isInUse: false)
    #expect(chunk == [taken.id])
    #expect(scene.backlog.held == [request.id: .heldBehind])
  }
}

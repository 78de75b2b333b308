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
    scene.take(entry)
    var dispatch = dispatch(scene)
    dispatch.startRun([entry.id], ticket: 7)
    let moment = Moment(
      now: scene.make.now, today: scene.make.today, ids: (scene.make.id(), scene.make.id()))
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
    let run = dispatch.endRun()
    #expect(last.endsRun && run?.ticket == 7)
  }
}

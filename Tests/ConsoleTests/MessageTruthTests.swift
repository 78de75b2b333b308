import BankCore
import Screen
import Testing

@testable import Console

/// What the message line says of the state is so in the present state, whatever was before.
@Suite struct MessageTruthTests {
  private static var statuses: [(name: String, status: ServiceStatus)] {
    var running = status(.reconciling, waiting: 3)
    running.progress = .init(done: 1, total: 4)
    var blocked = status(.reconciling, waiting: 3)
    blocked.blocked = 1
    blocked.exceptions = 1
    var onlyBlocked = status(.online, waiting: 1)
    onlyBlocked.blocked = 1
    onlyBlocked.exceptions = 1
    var held = status(.manual, waiting: 2)
    let hold = Hold(.hold, by: "eva", since: noon)
    held.hold = hold
    held.cause = hold.cause
    var oldTill = status(.quarantined, waiting: 2)
    oldTill.cause = Cause(.terminalCloned, "the name belongs to another terminal", since: noon)
    oldTill.objectionToEntering = Failure(.fault, code: "not-enrolled", text: "No.", fix: "")
    var closed = status(.manual)
    closed.policy.allowedKinds = []
    return [
      ("online", status()), ("deciding", status(.online, waiting: 1)),
      ("back", status(.reconciling, waiting: 3)), ("running", running), ("blocked", blocked),
      ("only blocked", onlyBlocked), ("suspect", status(.suspect, waiting: 3)),
      ("starting", status(.starting)), ("manual", status(.manual, waiting: 3)), ("held", held),
      ("drill", DrillTests.drill(waiting: 2)), ("wrong bank", status(.quarantined, waiting: 1)),
      ("old till", oldTill), ("closed", closed),
    ]
  }

  private func console(_ states: ServiceStatus...) -> ConsoleState {
    var state = ConsoleState(
      options: ConsoleOptions(), size: Size(columns: 80, rows: 24), status: states[0], now: noon)
    // What began before the console did is seen by it too.
    _ = state.update(.status(states[0]))
    for status in states.dropFirst() { _ = state.update(.status(status)) }
    return state
  }

  private func check(_ text: String, _ status: ServiceStatus, _ about: Comment) {
    if text.contains("The bank is back") { #expect(status.mode.isLive, about) }
    if text.contains("Nothing waits") { #expect(status.waiting == 0, about) }
    if Phrases.bankAway.contains(where: text.contains) {
      #expect(status.mode == .manual && status.hold == nil, about)
    }
    if text.contains("on purpose") { #expect(status.hold != nil, about) }
    if text.contains("entries go to the manual ledger") {
      #expect(status.mode == .manual && status.objectionToEntering == nil, about)
      #expect(!status.offlineTerms(at: noon).kinds.isEmpty, about)
    }
    if text.contains("Nothing is sent") { #expect(status.mode == .quarantined, about) }
    if text.contains("Nothing can be entered") {
      #expect(status.objectionToEntering != nil, about)
    }
    if text.contains("The drill is over") { #expect(!status.isDrill, about) }
    if text.contains("given back") { #expect(status.mode.isLive && status.waiting == 0, about) }
    if text.contains(Phrases.beingReconciled) { #expect(status.progress != nil, about) }
    if text.contains("to reconcile") {
      let count = status.waiting - status.blocked
      #expect(text.contains(count == 1 ? "1 entry" : "\(count) entries"), about)
      #expect(status.mode == .reconciling && status.progress == nil && count > 0, about)
    }
  }

  @Test func itFollowsFromThePresentStatusAlone() {
    let all = Self.statuses
    let before = all.filter { ["online", "manual", "drill"].contains($0.name) }
    for last in all {
      let derivable = Set(before.map { console($0.status, last.status).message?.text })
      for (first, second) in all.flatMap({ first in all.map { (first, $0) } }) {
        let message = console(first.status, second.status, last.status).message
        let about: Comment = "\(first.name), \(second.name), \(last.name): \(message?.text ?? "")"
        #expect(message == nil || derivable.contains(message?.text), about)
        check(message?.text ?? "", last.status, about)
      }
    }
  }

  @Test func whatAKeyCouldNotDoIsNotSaidOfAnotherState() {
    for (key, screen) in [("s", "5"), ("d", "1"), ("b", "6"), ("r", "1")] as [(Key, Key)] {
      for (first, last) in Self.statuses.flatMap({ one in Self.statuses.map { (one, $0) } })
      where first.status.mode != last.status.mode {
        var state = console(first.status)
        _ = state.update(.key(screen))
        _ = state.update(.key(key))
        guard let refused = state.message, refused.subject == .standing else { continue }
        _ = state.update(.status(last.status))
        #expect(
          state.message?.text != refused.text, "\(key) \(first.name), \(last.name): \(refused.text)"
        )
      }
    }
  }

  @Test func leavingSaysWhatIsLeftNow() {
    var desk = ConsoleDesk(status(.manual, waiting: 2))
    desk.press("q")
    #expect(desk.message.contains("Press q again to quit. 2 entries wait in the manual ledger"))
    desk.tell(.status(status(.manual, waiting: 1)))
    #expect(desk.message.contains("1 entry waits in the manual ledger"))
    desk.tell(.status(status(.manual)))
    #expect(!desk.message.contains("again to quit"))
  }

  @Test("the key that leaves is named where q means something else")
  func leavingNamesItsKey() {
    for keys in [["4"], ["d"], ["/"]] as [[Key]] {
      var desk = ConsoleDesk(status(.manual, waiting: 2))
      desk.answerAll()
      for key in keys { desk.press(key) }
      desk.press(.control("c"))
      #expect(desk.message.contains("Press ctrl-c again to quit."), "\(keys): \(desk.message)")
    }
  }

  @Test func theEndOfADrillIsToldOnceItIsOne() {
    var desk = ConsoleDesk(DrillTests.drill(waiting: 3))
    desk.tell(.status(DrillTests.drill(waiting: 3)))
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    #expect(!desk.message.contains("is over"))
    desk.tell(.status(status(.reconciling, waiting: 3)))
    #expect(desk.message.contains("The drill is over. Press 5 to reconcile 3 entries"))
    var running = status(.reconciling, waiting: 2)
    running.progress = .init(done: 1, total: 3)
    desk.tell(.status(running))
    #expect(desk.message.contains(Phrases.beingReconciled))
    var held = status(.reconciling, waiting: 1)
    held.exceptions = 1
    desk.tell(.status(held))
    #expect(desk.message.contains("1 entry waits: screen 5 shows what a person must settle."))
  }
}

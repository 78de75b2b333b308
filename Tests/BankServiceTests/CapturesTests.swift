import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// Who waits for what, and which numbers are given: the captures alone.
@Suite("The captures") struct CapturesTests {
  @Test("Numbers go up without gaps; one whose line was lost is given again")
  func numbers() {
    let scene = BacklogScene()
    var captures = Captures()
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
    var captures = Captures()
    let entries = (0..<3).map { _ in scene.make.deposit(to: scene.account, "1.00") }
    let phases: [Capture.Phase] = [.asking, .lookingUp, .asking]
    for (entry, phase) in zip(entries, phases) {
      captures.open(Capture(ticket: 1, entry: entry, phase: phase, isDurable: false))
    }
    #expect(captures.askingIDs.isEmpty)
    captures.becameDurable(entries[0].id, isOneCopyOnly: true)
    captures.becameDurable(entries[1].id, isOneCopyOnly: false)
    #expect(captures.askingIDs == [entries[0].id])
    #expect(captures[entries[0].id]?.isOneCopyOnly == true)
    captures.enter(.releasing, entries[0].id)
    #expect(captures.askingIDs.isEmpty)
    captures.close(entries[0].id)
    #expect(!captures.isOpen(entries[0].id) && captures.isOpen(entries[1].id))
  }

  @Test("What waited for the bank's first word is asked once, in its order")
  func deferred() {
    var captures = Captures()
    captures.deferUntilAnswered(1, .plan)
    captures.deferUntilAnswered(2, .reconcile)
    let first = captures.takeDeferred()
    let second = captures.takeDeferred()
    #expect(first.map(\.0) == [1, 2] && second.isEmpty)
  }
}

import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// The console is told the time only when it wants to be, and misses nothing by it.
@Suite struct ClockworkTests {
  /// Walks through time by the console's own wishes.
  ///
  /// - Returns: how often it wanted to be told.
  private func walk(
    _ desk: ConsoleDesk, minutes: Int64, _ chance: inout SeededRandom, _ note: String
  ) -> Int {
    var console = desk.console
    let end = console.now.advanced(byMilliseconds: minutes * 60_000)
    var wakes = 0
    var shown = render(console, size: console.size)
    while true {
      let (now, next) = (console.now, Clockwork(console).next)
      #expect(next > now, "\(note): it would never sleep")
      guard next > now, next < end else { return wakes }
      let pause = next.milliseconds(since: now)
      // What changes stays changed until the next wake: right before it is the hardest moment.
      for before in [pause - 2, chance.below(pause)] where before > 0 {
        var asleep = console
        asleep.context.now = now.advanced(byMilliseconds: before)
        let frame = render(asleep, size: asleep.size)
        #expect(
          frame == shown, "\(note) after \(before) of \(pause) ms\n\(shown.text)\n\(frame.text)")
      }
      _ = console.update(.ticked(next))
      shown = render(console, size: console.size)
      wakes += 1
    }
  }

  @Test(arguments: GoldenTests.scenes) func nothingShownChangesUnseen(_ scene: GoldenTests.Scene) {
    var chance = SeededRandom(seed: 7)
    let sizes = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)]
    for size in sizes {
      let wakes = walk(scene.make(size), minutes: 4, &chance, "\(scene.name) \(size)")
      #expect(wakes <= 4 * 5)
    }
  }

  @Test func anHourOfAnOutageAndAnHourOfADay() {
    var chance = SeededRandom(seed: 8)
    for name in ["accounts-online", "accounts-manual"] {
      guard let scene = GoldenTests.scenes.first(where: { $0.name == name }) else { continue }
      let desk = scene.make(Size(columns: 120, rows: 40))
      let wakes = walk(desk, minutes: 60, &chance, name)
      #expect((60...245).contains(wakes), "\(name): \(wakes)")
    }
  }

  /// The oldest snapshot that is paid out from, and midnight at the bank.
  @Test func limitsAndMidnightAreMet() {
    var chance = SeededRandom(seed: 9)
    var status = ConsoleTests.status(.manual, waiting: 1)
    let age = status.policy.maximumSnapshotAgeSeconds * 1000
    status.snapshotAsOf = noon.advanced(byMilliseconds: 90_500 - age)
    let desk = ConsoleDesk(status, bank: ConsoleBank.busy.offline)
    _ = walk(desk, minutes: 4, &chance, "the limit")
    var late = ConsoleDesk(ConsoleTests.status(.manual, waiting: 1), bank: ConsoleBank.busy.offline)
    late.tell(.ticked(noon.advanced(byMilliseconds: 12 * 3_600_000 - 61_234)))
    _ = walk(late, minutes: 4, &chance, "midnight")
  }

  @Test func whatIsDueIsReadAgainInTimeAndNotForEver() {
    var desk = ConsoleDesk(bank: .busy)
    desk.answers = false
    desk.tell(.ticked(noon.advanced(byMilliseconds: 1_500)))
    let due = Clockwork(desk.console).next
    #expect((3_900...4_101).contains(due.milliseconds(since: noon)), "\(due)")
    desk.tell(.ticked(due))
    #expect(desk.unanswered.count == 1)
    // The question is open: only the word live, and then the clock.
    let next = Clockwork(desk.console).next
    #expect((10_000...10_001).contains(next.milliseconds(since: noon)), "\(next)")
    desk.tell(.ticked(next))
    #expect(Clockwork(desk.console).next.milliseconds(since: noon) == 60_000)
    // It fails, and is asked again after a pause.
    let question = desk.unanswered.removeFirst()
    desk.tell(
      .replied(question.token, .failed(Failure(.fault, code: "away", text: "Away.", fix: ""))))
    #expect(Clockwork(desk.console).next.milliseconds(since: desk.console.now) >= 1_000)
  }
}

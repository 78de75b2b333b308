import BankCore
import Screen
import Testing

@testable import Console

/// When a reader of lines is told.
@Suite struct SpeechPaceTests {
  /// Keys and questions in their order.
  private final class Pace {
    private var pace = SpeechPace()
    var isWaiting: Bool { pace.isWaiting }

    func press(_ key: Key, at now: Instant) { pace.press(key, at: now) }
    func isDue(at now: Instant, awaits: Bool, isWriting: Bool) -> Bool {
      pace.isDue(at: now, awaits: awaits, isWriting: isWriting)
    }
  }

  private func at(_ milliseconds: Int64) -> Instant {
    noon.advanced(byMilliseconds: milliseconds)
  }

  @Test func whatAwaitsNothingIsToldAtOnce() {
    let pace = Pace()
    pace.press(.down, at: at(0))
    #expect(pace.isDue(at: at(0), awaits: false, isWriting: false))
    #expect(!pace.isWaiting)
  }

  @Test func anAnswerIsWaitedForAndNotForEver() {
    let pace = Pace()
    #expect(!pace.isDue(at: at(0), awaits: true, isWriting: false))
    #expect(pace.isWaiting)
    #expect(!pace.isDue(at: at(299), awaits: true, isWriting: false))
    #expect(pace.isDue(at: at(299), awaits: false, isWriting: false), "the answer has come")
    #expect(!pace.isDue(at: at(1_000), awaits: true, isWriting: false))
    #expect(pace.isDue(at: at(1_300), awaits: true, isWriting: false))
    let writing = Pace()
    #expect(!writing.isDue(at: at(0), awaits: true, isWriting: true))
    #expect(!writing.isDue(at: at(1_499), awaits: true, isWriting: true))
    #expect(writing.isDue(at: at(1_500), awaits: true, isWriting: true))
  }

  @Test func aHeldKeyIsToldWhenItIsLetGo() {
    let pace = Pace()
    pace.press(.down, at: at(0))
    #expect(pace.isDue(at: at(0), awaits: false, isWriting: false), "the first press")
    for time in stride(from: Int64(30), through: 600, by: 30) {
      pace.press(.down, at: at(time))
      #expect(!pace.isDue(at: at(time), awaits: false, isWriting: false), "\(time)")
    }
    #expect(!pace.isDue(at: at(700), awaits: false, isWriting: false))
    #expect(pace.isDue(at: at(721), awaits: false, isWriting: false))
    #expect(!pace.isWaiting)
  }

  @Test func nobodyIsLeftWithoutAnAnswerWhileAKeyIsHeld() {
    let pace = Pace()
    var told = 0
    for time in stride(from: Int64(0), through: 6_000, by: 30) {
      pace.press(.down, at: at(time))
      if pace.isDue(at: at(time), awaits: false, isWriting: false) { told += 1 }
    }
    #expect((3...6).contains(told), "\(told)")
  }

  @Test func otherKeysAndSlowOnesAreToldEach() {
    let pace = Pace()
    for (index, key) in [Key.down, .up, .down, .enter, .enter].enumerated() {
      pace.press(key, at: at(Int64(index) * 30))
      #expect(pace.isDue(at: at(Int64(index) * 30), awaits: false, isWriting: false))
    }
    for index in 10..<14 {
      pace.press(.down, at: at(Int64(index) * 130))
      #expect(pace.isDue(at: at(Int64(index) * 130), awaits: false, isWriting: false))
    }
  }

  @Test func aClockThatIsSetBackDelaysNothing() {
    let pace = Pace()
    pace.press(.down, at: at(10_000))
    pace.press(.down, at: at(10_030))
    #expect(!pace.isDue(at: at(10_030), awaits: true, isWriting: false))
    #expect(pace.isDue(at: at(0), awaits: true, isWriting: false))
  }
}

import BankCore
import BankTesting
import Testing

@Suite("Outcomes, flags and reasons in words")
struct OutcomeWordsTests {
  @Test("An outcome is read as it was written")
  func outcomes() {
    #expect(Outcome(word: "posted", reason: nil) == .posted)
    for reason in Reason.allCases {
      for outcome in [Outcome.suspense(reason), .refused(reason)] {
        #expect(Outcome(word: outcome.word, reason: outcome.reason?.code) == outcome)
      }
    }
    #expect(Outcome(word: "posted", reason: "R004") == nil)
    #expect(Outcome(word: "refused", reason: nil) == nil)
    #expect(Outcome(word: "refused", reason: "R999") == nil)
    #expect(Outcome(word: "", reason: nil) == nil)
  }

  @Test("Flags are read as they were written, in one order")
  func flags() {
    let all = Set(Flag.allCases)
    #expect(all.words == "back_value,over_limit,overdrawn,probable_duplicate,value_date")
    #expect(Set<Flag>(words: all.words) == all)
    #expect(Set<Flag>().words.isEmpty)
    #expect(Set<Flag>(words: "") == [])
    #expect(Set<Flag>(words: "overdrawn,nonsense") == nil)
  }

  @Test("A resolution is read as it was written")
  func resolutions() {
    let make = Fixtures()
    for resolution in [Resolution.post, .refuse, .to(make.number("1")), .match(make.id())] {
      #expect(Resolution(word: resolution.word, target: resolution.target) == resolution)
    }
    #expect(Resolution(word: "to", target: nil) == nil)
    #expect(Resolution(word: "to", target: "no number") == nil)
    #expect(Resolution(word: "match", target: "1") == nil)
    #expect(Resolution(word: "post", target: "1") == nil)
  }

  @Test("Each reason has a code, a text and a remedy of its own")
  func reasons() {
    #expect(Set(Reason.allCases.map(\.code)).count == Reason.allCases.count)
    #expect(Set(Reason.allCases.map(\.text)).count == Reason.allCases.count)
    for reason in Reason.allCases {
      #expect(reason.text.hasSuffix("."))
      #expect(reason.fix.hasSuffix(".") || reason.fix.hasSuffix(")."))
    }
  }

  @Test("Where nothing was taken and the entry has ended, nobody is sent to post or to void it")
  func atCounter() {
    for reason in [
      Reason.contentDiffers, .numberUsed, .amountTooLarge, .rejectedByDatabase,
    ] {
      let failure = Failure(atCounter: reason)
      #expect(failure.code == reason.code && failure.text == reason.text)
      #expect(!failure.fix.contains(/[Pp]ost it|[Vv]oid it/), "\(reason): \(failure.fix)")
    }
    #expect(Failure(atCounter: .rejectedByDatabase).fix.contains("Nothing was taken"))
    #expect(Failure(atCounter: .amountTooLarge).fix.contains("Nothing was taken"))
  }

  @Test("What is reversed already leaves something to do: the customer, or the exception")
  func alreadyReversed() {
    for kind in EntryKind.allCases {
      let fix = Reason.alreadyReversed.fix(for: kind, isAway: false)
      #expect(!fix.contains("Nothing is left"), "\(kind)")
      // Of a reversal the customer may have been told that it is taken; of all others it is said when
      // their exception is settled, and that stays open.
      #expect(fix.contains(kind == .reversal ? "Tell the customer" : "Accept it (post)"), "\(kind)")
    }
  }
}

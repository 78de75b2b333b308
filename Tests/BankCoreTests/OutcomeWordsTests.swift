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
}

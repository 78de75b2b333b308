import BankCore
import Testing

@Suite("Seeded numbers")
struct SeededRandomTests {
  /// The first numbers of the published generator for this seed. The sample bank is made of them.
  @Test("the numbers of a seed never change")
  func fixed() {
    var random = SeededRandom(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("numbers stay in their bounds, and nothing is picked from nothing")
  func bounds() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<1_000 {
      #expect((3...5).contains(random.number(3...5)))
      #expect(random.below(0) == 0 && random.chance(percent: 100) && !random.chance(percent: 0))
    }
    #expect(random.pick([Int]()) == nil && random.pick([1]) == 1)
  }
}

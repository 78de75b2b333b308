import BankCore
import BankTesting
import Testing

/// Sums are exact or called impossible.
@Suite("Checked sums") struct CheckedSumTests {
  @Test("A sum is the exact one as long as it fits, and never another number", arguments: 0..<20)
  func exactOrImpossible(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var sum = CheckedSum()
    var exact: Int128 = 0
    var wasImpossible = false
    for _ in 0..<200 {
      let amount = Int64(bitPattern: random.next()) >> Int64(random.next() % 40)
      if random.next() % 2 == 0 {
        sum.add(amount)
        exact += Int128(amount)
      } else {
        sum.subtract(amount)
        exact -= Int128(amount)
      }
      if exact > Int128(Int64.max) || exact < Int128(Int64.min) { wasImpossible = true }
      #expect(sum.minorUnits.map { Int128($0) } == (wasImpossible ? nil : exact), "seed \(seed)")
    }
  }

  @Test("Totals that cannot be added do not agree, and say so")
  func impossibleTotals() throws {
    var totals = ControlTotals(try #require(Currency("CZK")))
    #expect(totals.agrees)
    for part in [
      \ControlTotals.captured, \.posted, \.suspense, \.refused, \.voided, \.waiting,
    ] {
      var one = totals
      one[keyPath: part] = CheckedSum(nil)
      #expect(!one.agrees && !one.isExact)
      #expect(one[keyPath: part].words(one.currency) { "\($0)" } == "cannot be added")
    }
    // Sums that wrap around, or stick at the largest number, would agree here.
    totals.captured = CheckedSum(.max)
    totals.posted = CheckedSum(.max)
    totals.refused = 240
    #expect(!totals.agrees)
  }
}

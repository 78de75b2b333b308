/// A small generator of plausible chance: the same seed gives the same numbers for ever, which the
/// standard library's generators do not promise (Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014).
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`; 0 where there is none. The bias is far below anything a sample shows.
  mutating func below(_ bound: Int64) -> Int64 {
    bound > 0 ? Int64(next() % UInt64(bound)) : 0
  }

  mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  mutating func chance(_ percent: Int64) -> Bool { below(100) < percent }

  /// One of `items`; nil where there are none.
  mutating func pick<Item>(_ items: [Item]) -> Item? {
    items.isEmpty ? nil : items[Int(below(Int64(items.count)))]
  }
}

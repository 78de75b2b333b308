/// Numbers that look like chance and are none: the same seed gives the same numbers for ever and on
/// every machine, which the standard library's generators do not promise. The sample bank is made of
/// them, and so are tests (SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 that is below `bound`; 0 where there is none. The bias is far below anything that
  /// shows.
  public mutating func below(_ bound: Int64) -> Int64 {
    bound > 0 ? Int64(next() % UInt64(bound)) : 0
  }

  /// A number of the range, its ends included.
  public mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True so many times in a hundred.
  public mutating func chance(percent: Int64) -> Bool { below(100) < percent }

  /// One of `items`; nil where there are none.
  public mutating func pick<Item>(_ items: [Item]) -> Item? {
    items.isEmpty ? nil : items[Int(below(Int64(items.count)))]
  }
}

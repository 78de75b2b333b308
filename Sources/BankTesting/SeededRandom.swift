/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same run, on every machine.
public struct SeededRandom: RandomNumberGenerator {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 that is below `bound`; 0 where that is 0.
  public mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  public mutating func next(_ bound: UInt64) -> UInt64 { next() % bound }

  /// True one time in `count`.
  public mutating func chance(_ count: UInt64) -> Bool { next(count) == 0 }
}

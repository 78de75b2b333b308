import BankCore

extension SeededRandom {
  /// A number from 0 that is below `bound`; 0 where that is 0.
  public mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  public mutating func next(_ bound: UInt64) -> UInt64 { next() % bound }

  /// True one time in `count`.
  public mutating func chance(_ count: UInt64) -> Bool { next(count) == 0 }
}

/// Positions of the entries that wait, in order. A reconciliation of a hundred thousand entries
/// takes them out one by one, mostly from the front: what is taken out leaves a gap that is closed
/// now and then.
struct WaitingQueue: Sendable {
  /// Positions in ascending order; one that was taken out is stored as its complement.
  private var slots: [Int] = []
  private var front = 0
  private(set) var count = 0

  /// The positions, in order.
  var positions: [Int] { slots[front...].filter { $0 >= 0 } }

  var first: Int? { front < slots.count ? slots[front] : nil }

  mutating func insert(_ position: Int) {
    let index = index(of: position)
    if index < slots.count, Self.position(slots[index]) == position {
      guard slots[index] < 0 else { return }
      slots[index] = position
      front = min(front, index)
    } else {
      slots.insert(position, at: index)
      front = min(front, index)
    }
    count += 1
  }

  mutating func remove(_ position: Int) {
    let index = index(of: position)
    guard index < slots.count, slots[index] == position else { return }
    slots[index] = ~position
    count -= 1
    while front < slots.count, slots[front] < 0 { front += 1 }
    if slots.count > 64, count < slots.count / 2 {
      slots = positions
      front = 0
    }
  }

  private static func position(_ slot: Int) -> Int { slot < 0 ? ~slot : slot }

  /// Where the position stands, or would stand.
  private func index(of position: Int) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = low + (high - low) / 2
      if Self.position(slots[middle]) < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

import BankCore

/// Entry numbers that were given and whose lines are not in the ledger, until somebody has noted
/// what became of them.
struct NumberGaps: Hashable, Sendable {
  struct Gap: Hashable, Sendable {
    var numbers: ClosedRange<Int64>
    /// The line where it was noticed.
    let place: LineReference
    /// That line says itself that they are missing: it is no news.
    let isRecorded: Bool

    func with(_ numbers: ClosedRange<Int64>) -> Gap {
      Gap(numbers: numbers, place: place, isRecorded: isRecorded)
    }
  }

  /// In the order in which they were noticed.
  private(set) var found: [Gap] = []

  var isEmpty: Bool { found.isEmpty }

  /// How many numbers are missing, at most so many as can be listed.
  static let listedAtMost = 1_000

  mutating func add(
    _ numbers: ClosedRange<Int64>, at place: LineReference, isRecorded: Bool = false
  ) {
    found.append(Gap(numbers: numbers, place: place, isRecorded: isRecorded))
  }

  func contains(_ number: Int64) -> Bool { found.contains { $0.numbers.contains(number) } }

  /// The number is not missing any more.
  mutating func remove(_ number: Int64) {
    guard let index = found.firstIndex(where: { $0.numbers.contains(number) }) else { return }
    let gap = found.remove(at: index)
    let (first, last) = (gap.numbers.lowerBound, gap.numbers.upperBound)
    if number < last { found.insert(gap.with(number + 1...last), at: index) }
    if number > first { found.insert(gap.with(first...number - 1), at: index) }
  }

  /// The first of the missing numbers, in order.
  var numbers: [Int64] {
    var numbers: [Int64] = []
    for gap in found.sorted(by: { $0.numbers.lowerBound < $1.numbers.lowerBound }) {
      numbers += gap.numbers.prefix(Self.listedAtMost - numbers.count)
      if numbers.count >= Self.listedAtMost { break }
    }
    return numbers
  }
}

extension MissingEntry {
  init(_ number: Int64, of terminal: TerminalIdentity) {
    let digest = LineHash(of: Array("missing \(terminal.id) \(number)".utf8)).description
    let halves = [digest.prefix(16), digest.dropFirst(16).prefix(16)]
      .map { UInt64($0, radix: 16) ?? 0 }
    // A version 8 UUID (RFC 9562): its bits are the maker's own business.
    let id = Identifier(
      high: halves[0] & ~0xF000 | 0x8000, low: halves[1] & ~(0b11 << 62) | 0b10 << 62)
    self.init(
      id: id, number: number, label: EntryLabel.text(terminal.name.text, number))
  }
}

extension LedgerState {
  /// Entries that were given a number, that the ledger does not hold any more, and that nobody has
  /// noted yet: the first thousand, by number.
  public var missing: [MissingEntry] {
    guard !gaps.isEmpty, let terminal = owner?.terminal else { return [] }
    return gaps.numbers.map { MissingEntry($0, of: terminal) }
  }

  /// `till-1/0002, till-1/0004 to till-1/0009`; nil when none is missing.
  public var missingLabels: String? {
    guard !gaps.isEmpty, let name = owner?.terminal.name.text else { return nil }
    return gaps.found.map(\.numbers).sorted { $0.lowerBound < $1.lowerBound }.map { numbers in
      let first = EntryLabel.text(name, numbers.lowerBound)
      let last = EntryLabel.text(name, numbers.upperBound)
      return numbers.count == 1 ? first : "\(first) to \(last)"
    }.joined(separator: ", ")
  }

  /// Somebody has noted what became of a missing entry.
  mutating func settleMissing(_ id: EntryID) {
    guard let noted = missing.first(where: { $0.id == id }) else { return }
    gaps.remove(noted.number)
  }
}

/// How the letters that were typed are found in a name, in their order: `rcpt` in `receipt`, `tp` in
/// `theme paper`.
struct FuzzyMatch: Hashable, Sendable {
  /// The letters of the name that answer, by their places.
  let offsets: [Int]
  /// How often the letters go on within a word, with others left out: 0 where each one begins a word
  /// or follows the one before.
  let gaps: Int

  /// The best way to find them: the fewest gaps, and of those the shortest part of the name. Nil where
  /// they are not all there. Blanks that were typed do not count.
  init?(_ typed: some StringProtocol, in name: String) {
    let letters = Array(typed.lowercased().filter { !$0.isWhitespace })
    let name = Array(name.lowercased())
    guard Self.holds(name, letters) else { return nil }
    // For each place of the name the best way to have the letters so far end there.
    var ways = [Way?](repeating: nil, count: name.count)
    for (index, letter) in letters.enumerated() {
      let before = ways
      for (place, character) in name.enumerated() {
        guard character == letter else {
          ways[place] = nil
          continue
        }
        let begins = place == 0 || name[place - 1] == " "
        ways[place] =
          index == 0
          ? Way(offsets: [place], gaps: begins ? 0 : 1)
          : Self.best(before[..<place].compactMap { $0?.going(on: place, begins) })
      }
    }
    guard let best = Self.best(ways.compactMap { $0 }) else { return nil }
    offsets = best.offsets
    gaps = best.gaps
  }

  private struct Way {
    var offsets: [Int]
    var gaps: Int

    var length: Int { (offsets.last ?? 0) - (offsets.first ?? 0) }

    func going(on place: Int, _ beginsWord: Bool) -> Way {
      let follows = offsets.last.map { $0 + 1 } == place
      return Way(offsets: offsets + [place], gaps: gaps + (follows || beginsWord ? 0 : 1))
    }
  }

  private static func best(_ ways: [Way]) -> Way? {
    ways.min { ($0.gaps, $0.length) < ($1.gaps, $1.length) }
  }

  /// Most names do not hold the letters at all.
  private static func holds(_ name: [Character], _ letters: [Character]) -> Bool {
    guard !letters.isEmpty else { return false }
    var rest = letters[...]
    for character in name where character == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }
}

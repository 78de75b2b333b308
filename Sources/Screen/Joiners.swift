/// Which joiners belong to the letters around them. Elsewhere a joiner is read without being seen, and two
/// names that differ would look alike.
///
/// These are the contexts in which RFC 5892 (appendix A) allows the two in names, with a letter required
/// behind them, and the zero-width joiner between emoji (UTS #51).
enum Joiners {
  static let nonJoiner: Unicode.Scalar = "\u{200C}"
  static let joiner: Unicode.Scalar = "\u{200D}"

  /// What becomes of a joiner.
  enum Place {
    /// It stays with the character before it: without it, letters would be drawn joined.
    case kept
    /// It is left out, as selectors of a shape are: tmux draws what follows one into the cell before it, and
    /// xterm into the next cell, so that a line would tear. The letters are there without it.
    case leftOut
    /// It is shown as a mark.
    case foreign
  }

  /// - Parameters:
  ///   - base: the character that the joiner's cell begins with.
  ///   - last: the mark before the joiner, or the base.
  ///   - next: what follows.
  static func place(
    of scalar: Unicode.Scalar, base: Unicode.Scalar, last: Unicode.Scalar, next: Unicode.Scalar?
  ) -> Place {
    guard let next else { return .foreign }
    let isLetter = next.properties.isAlphabetic && GlyphKind(of: next) != .combining
    let followsVirama = isLetter && last.properties.canonicalCombiningClass == .virama
    switch scalar {
    case nonJoiner where followsVirama: return .kept
    case nonJoiner: return joinsNext(base) && joinsPrevious(next) ? .kept : .foreign
    case joiner: return followsVirama || isEmoji(base) && isEmoji(next) ? .leftOut : .foreign
    default: return .foreign
    }
  }

  /// Digits and signs are emoji by their property, and ordinary text by their looks.
  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x2000 && scalar.properties.isEmoji
  }

  /// Whether a letter of a cursive script is joined to the one after it (Joining_Type D or L).
  static func joinsNext(_ scalar: Unicode.Scalar) -> Bool {
    dual.contains { $0.contains(scalar.value) }
  }

  /// Whether it is joined to the one before it (Joining_Type D or R).
  static func joinsPrevious(_ scalar: Unicode.Scalar) -> Bool {
    joinsNext(scalar) || right.contains { $0.contains(scalar.value) }
  }

  // Arabic, Syriac, N'Ko and Mandaic, of DerivedJoiningType.txt of the Unicode version of `GlyphTable`.
  private static let dual: [ClosedRange<UInt32>] = [
    0x620...0x620, 0x626...0x626, 0x628...0x628, 0x62A...0x62E, 0x633...0x63F, 0x641...0x647,
    0x649...0x64A, 0x66E...0x66F, 0x678...0x687, 0x69A...0x6BF, 0x6C1...0x6C2, 0x6CC...0x6CC,
    0x6CE...0x6CE, 0x6D0...0x6D1, 0x6FA...0x6FC, 0x6FF...0x6FF, 0x712...0x714, 0x71A...0x71D,
    0x71F...0x727, 0x729...0x729, 0x72B...0x72B, 0x72D...0x72E, 0x74E...0x758, 0x75C...0x76A,
    0x76D...0x770, 0x772...0x772, 0x775...0x777, 0x77A...0x77F, 0x7CA...0x7EA, 0x841...0x845,
    0x848...0x848, 0x84A...0x853, 0x855...0x855, 0x860...0x860, 0x862...0x865, 0x868...0x868,
    0x886...0x886, 0x889...0x88D, 0x8A0...0x8A9, 0x8AF...0x8B0, 0x8B3...0x8B8, 0x8BA...0x8C8,
  ]
  private static let right: [ClosedRange<UInt32>] = [
    0x622...0x625, 0x627...0x627, 0x629...0x629, 0x62F...0x632, 0x648...0x648, 0x671...0x673,
    0x675...0x677, 0x688...0x699, 0x6C0...0x6C0, 0x6C3...0x6CB, 0x6CD...0x6CD, 0x6CF...0x6CF,
    0x6D2...0x6D3, 0x6D5...0x6D5, 0x6EE...0x6EF, 0x710...0x710, 0x715...0x719, 0x71E...0x71E,
    0x728...0x728, 0x72A...0x72A, 0x72C...0x72C, 0x72F...0x72F, 0x74D...0x74D, 0x759...0x75B,
    0x76B...0x76C, 0x771...0x771, 0x773...0x774, 0x778...0x779, 0x840...0x840, 0x846...0x847,
    0x849...0x849, 0x854...0x854, 0x856...0x858, 0x867...0x867, 0x869...0x86A, 0x870...0x882,
    0x88E...0x88E, 0x8AA...0x8AC, 0x8AE...0x8AE, 0x8B1...0x8B2, 0x8B9...0x8B9,
  ]
}

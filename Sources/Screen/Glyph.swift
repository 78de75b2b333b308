/// How one Unicode scalar is shown; the raw values are those of ``GlyphTable``.
enum GlyphKind: UInt32 {
  /// One column.
  case narrow
  /// Two columns: East Asian wide and most emoji.
  case wide
  /// No column of its own: drawn over the character before it.
  case combining
  /// Never sent to a terminal: control, format, bidirectional, invisible, tag, private-use and
  /// unassigned characters. ScreenTests compares them with the rule that `BankCore` states for all
  /// surfaces.
  case hidden
  /// Chooses a shape of the character before it: variation selectors and skin tones.
  case selector

  init(of scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x300 {
      let isPrintable = (value >= 0x20 && value < 0x7F) || (value >= 0xA0 && value != 0xAD)
      self = isPrintable ? .narrow : .hidden
      return
    }
    let runs = GlyphTable.runs
    var low = 0
    var high = runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle] >> 3 <= value { low = middle } else { high = middle }
    }
    self = GlyphKind(rawValue: runs[low] & 7) ?? .hidden
  }
}

/// What one cell, or a pair of them, shows: a base character with its combining marks.
struct Glyph: Equatable {
  let text: String
  /// 1 or 2 columns.
  let width: Int

  /// The same at the end of a text.
  var withoutJoiner: Glyph {
    guard text.unicodeScalars.last == Joiners.nonJoiner else { return self }
    return Glyph(text: String(text.unicodeScalars.dropLast()), width: width)
  }

  static let ellipsis = Glyph(text: "…", width: 1)
  static let space = Glyph(text: " ", width: 1)
  /// Stands for whatever must not reach a terminal and has no picture of its own.
  static let replacement = Glyph(text: "\u{FFFD}", width: 1)

  /// Printable ASCII by scalar value, so that ordinary text costs no allocation or table search.
  static let ascii: [Glyph] = (0..<0x7F).map { value in
    Glyph(text: String(Unicode.Scalar(UInt8(value))), width: 1)
  }
}

/// Cuts text into glyphs that are safe to send to a terminal.
///
/// A glyph is one scalar that takes columns and up to four combining marks: what the C library,
/// ncurses and terminals agree about. Larger grapheme clusters (flags, families, syllables of
/// Indic scripts) become several glyphs. Nothing is dropped in silence, with two exceptions: a
/// first variation selector or skin tone after a base, which changes only its shape, and a joiner
/// that its neighbours need but terminals place differently (``Joiners``).
struct GlyphSequence: Sequence, IteratorProtocol {
  private var scalars: String.UnicodeScalarView.Iterator
  private var upcoming: Unicode.Scalar?
  private var owesReplacement = false

  /// More marks than this on one base come from mischief, and would be drawn over other lines.
  static let greatestMarkCount = 4

  init(_ text: String) {
    scalars = text.unicodeScalars.makeIterator()
    upcoming = scalars.next()
  }

  mutating func next() -> Glyph? {
    if owesReplacement {
      owesReplacement = false
      return .replacement
    }
    guard let scalar = upcoming else { return nil }
    upcoming = scalars.next()
    if scalar.value >= 0x20, scalar.value < 0x7F, (upcoming?.value ?? 0) < 0x300 {
      return Glyph.ascii[Int(scalar.value)]
    }
    switch GlyphKind(of: scalar) {
    case .narrow: return withMarks(Self.plainSpace(scalar), width: 1)
    case .wide: return withMarks(scalar, width: 2)
    case .combining:
      // A mark with nothing to stand on is shown on a dotted circle, as in Unicode's own charts.
      var text = "\u{25CC}".unicodeScalars
      text.append(scalar)
      return withMarks(text, width: 1, count: 1)
    case .hidden, .selector: return Self.visibleMark(for: scalar)
    }
  }

  private mutating func withMarks(_ base: Unicode.Scalar, width: Int) -> Glyph {
    var text = String.UnicodeScalarView()
    text.append(base)
    return withMarks(text, width: width, count: 0)
  }

  private mutating func withMarks(
    _ base: String.UnicodeScalarView, width: Int, count: Int
  ) -> Glyph {
    var text = base
    var count = count
    var choseShape = false
    while let candidate = upcoming, candidate.value >= 0x300 {
      let kind = GlyphKind(of: candidate)
      if kind == .selector, !choseShape {
        choseShape = true
      } else if kind == .combining {
        if count < Self.greatestMarkCount { text.append(candidate) } else { owesReplacement = true }
        count += 1
      } else {
        if kind == .hidden, count < Self.greatestMarkCount { takeJoiner(candidate, into: &text) }
        break
      }
      upcoming = scalars.next()
    }
    return Glyph(text: String(text), width: width)
  }

  /// Takes a joiner that belongs to what it stands between; what stands behind it begins the next glyph.
  private mutating func takeJoiner(
    _ joiner: Unicode.Scalar, into text: inout String.UnicodeScalarView
  ) {
    guard let base = text.first, let last = text.last else { return }
    var following = scalars
    switch Joiners.place(of: joiner, base: base, last: last, next: following.next()) {
    case .kept: text.append(joiner)
    case .leftOut: break
    case .foreign: return
    }
    upcoming = scalars.next()
  }

  // No-break and typographic spaces look like spaces, so they are drawn as spaces.
  private static func plainSpace(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F: " "
    default: scalar
    }
  }

  private static func visibleMark(for scalar: Unicode.Scalar) -> Glyph {
    switch scalar.value {
    case 0..<0x20: picture(0x2400 + scalar.value)
    case 0x7F: picture(0x2421)
    case 0x85, 0x2028, 0x2029: picture(0x2424)
    default: .replacement
    }
  }

  private static func picture(_ value: UInt32) -> Glyph {
    Unicode.Scalar(value).map { Glyph(text: String($0), width: 1) } ?? .replacement
  }
}

/// The columns that text takes on a screen once it is made safe.
public func displayWidth(of text: String) -> Int {
  GlyphSequence(text).reduce(0) { $0 + $1.width }
}

/// Text as a screen shows it: control, bidirectional, invisible, tag, private-use and unassigned
/// characters replaced by visible marks one column wide (`␛` for ESC, `␊` for a line feed, `�`
/// for what has no picture), and at most four combining marks on a base.
public func sanitized(_ text: String) -> String {
  GlyphSequence(text).reduce(into: "") { $0 += $1.text }
}

/// The start of a text that fits a number of columns, ending in `…` where something was cut off.
/// A wide character is never cut in half, and neither is a figure: `10,500…` would be read as
/// another one, so that a figure is there whole, with its currency, or not at all.
public func clipped(_ text: String, toColumns columns: Int) -> String {
  clippedGlyphs(text, toColumns: columns).glyphs.reduce(into: "") { $0 += $1.text }
}

/// The glyphs of a text that fit, and the columns they take.
func clippedGlyphs(_ text: String, toColumns columns: Int) -> (glyphs: [Glyph], width: Int) {
  guard columns > 0 else { return ([], 0) }
  var glyphs: [Glyph] = []
  var width = 0
  for glyph in GlyphSequence(text) {
    guard width + glyph.width <= columns else {
      while width > columns - 1, let last = glyphs.popLast() { width -= last.width }
      if let figure = Figures.parted(Array(GlyphSequence(text)), at: glyphs.count) {
        while glyphs.count > figure, let last = glyphs.popLast() { width -= last.width }
      }
      // A joiner has nothing to stand before any more.
      if let last = glyphs.popLast() { glyphs.append(last.withoutJoiner) }
      glyphs.append(.ellipsis)
      return (glyphs, width + 1)
    }
    glyphs.append(glyph)
    width += glyph.width
  }
  return (glyphs, width)
}

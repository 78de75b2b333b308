import Synchronization

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
    // The run that holds the first scalar of the page, and the one that holds the next page's.
    let page = Int(value >> 8)
    var low = Int(Self.pages[page])
    var high = min(runs.count, Int(Self.pages[page + 1]) + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle] >> 3 <= value { low = middle } else { high = middle }
    }
    self = GlyphKind(rawValue: runs[low] & 7) ?? .hidden
  }
}

extension GlyphKind {
  /// Which run of the table holds the first scalar of each 256, and of what comes behind them all.
  private static let pages: [UInt16] = {
    var pages: [UInt16] = []
    var run = 0
    for page in 0...UInt32(0x1100) {
      while run + 1 < GlyphTable.runs.count, GlyphTable.runs[run + 1] >> 3 <= page << 8 { run += 1 }
      pages.append(UInt16(run))
    }
    return pages
  }()
}

/// What one cell, or a pair of them, shows: a base character with its combining marks.
///
/// It is a number, not a text: a screen has ten thousand of them, and each key draws them again.
struct Glyph: Hashable, Sendable {
  /// The scalar that stands there alone; 0 for none; from ``first`` on, a number of ``LongGlyphs``.
  private let code: UInt32
  private let columns: Int8

  /// 1 or 2 columns, or 0 for the second half of a wide one.
  var width: Int { Int(columns) }

  /// The same at the end of a text.
  var withoutJoiner: Glyph {
    guard scalar == nil, text.unicodeScalars.last == Joiners.nonJoiner else { return self }
    return Glyph(String.UnicodeScalarView(text.unicodeScalars.dropLast()), width: width)
  }

  /// The first number that is no scalar.
  private static let first: UInt32 = 0x11_0000

  init(_ scalar: Unicode.Scalar, width: Int) {
    code = scalar.value
    columns = Int8(width)
  }

  /// - Parameter text: a base with its marks.
  init(_ text: String.UnicodeScalarView, width: Int) {
    if text.count == 1, let scalar = text.first {
      self.init(scalar, width: width)
    } else if let number = LongGlyphs.number(of: String(text)) {
      self.init(code: Self.first + UInt32(number), columns: Int8(width))
    } else {
      self.init("\u{FFFD}", width: width)
    }
  }

  private init(code: UInt32, columns: Int8) {
    self.code = code
    self.columns = columns
  }

  /// The scalar, where it is one without marks.
  var scalar: Unicode.Scalar? { code == 0 ? nil : Unicode.Scalar(code) }

  /// Empty for the second half of a wide one.
  var text: String {
    if code >= Self.first { return LongGlyphs.text(of: Int(code - Self.first)) }
    return scalar.map { String($0) } ?? ""
  }

  static let ellipsis = Glyph("…", width: 1)
  static let space = Glyph(" ", width: 1)
  /// Stands for whatever must not reach a terminal and has no picture of its own.
  static let replacement = Glyph("\u{FFFD}", width: 1)
  /// The second half of a wide one.
  static let continuation = Glyph(code: 0, columns: 0)
}

/// The glyphs that are more than one scalar, each with a number for as long as the process runs.
private enum LongGlyphs {
  private struct Known {
    var numbers: [String: Int] = [:]
    var texts: [String] = []
  }

  private static let known = Mutex(Known())

  /// What people write needs some hundreds; a flood of others comes from mischief.
  private static let most = 1 << 16

  /// - Returns: nil where there are too many.
  static func number(of text: String) -> Int? {
    known.withLock { known in
      if let number = known.numbers[text] { return number }
      guard known.texts.count < most else { return nil }
      known.texts.append(text)
      known.numbers[text] = known.texts.count - 1
      return known.texts.count - 1
    }
  }

  static func text(of number: Int) -> String { known.withLock { $0.texts[number] } }
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
      return Glyph(scalar, width: 1)
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
    // Nearly all stand alone.
    guard let mark = upcoming, mark.value >= 0x300 else { return Glyph(base, width: width) }
    let kind = GlyphKind(of: mark)
    guard kind != .narrow, kind != .wide else { return Glyph(base, width: width) }
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
    return Glyph(text, width: width)
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
    Unicode.Scalar(value).map { Glyph($0, width: 1) } ?? .replacement
  }
}

extension String {
  /// Whether all of it is printable ASCII, as nearly all texts are: a byte is a glyph of one column then.
  ///
  /// It is asked of each text of a picture: without a way out of the loop many bytes are looked at in one
  /// step.
  var isPlain: Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      var others: UInt8 = 0
      for byte in bytes { others |= byte &- 0x20 < 0x5F ? 0 : 1 }
      return others == 0
    } ?? utf8.allSatisfy { $0 &- 0x20 < 0x5F }
  }
}

/// The columns that text takes on a screen once it is made safe.
public func displayWidth(of text: String) -> Int {
  text.isPlain ? text.utf8.count : GlyphSequence(text).reduce(0) { $0 + $1.width }
}

/// Text as a screen shows it: control, bidirectional, invisible, tag, private-use and unassigned
/// characters replaced by visible marks one column wide (`␛` for ESC, `␊` for a line feed, `�`
/// for what has no picture), and at most four combining marks on a base.
public func sanitized(_ text: String) -> String {
  text.isPlain ? text : GlyphSequence(text).reduce(into: "") { $0 += $1.text }
}

/// The start of a text that fits a number of columns, ending in `…` where something was cut off.
/// A wide character is never cut in half, and neither is a figure: `10,500…` would be read as
/// another one, so that a figure is there whole, with its currency, or not at all.
public func clipped(_ text: String, toColumns columns: Int) -> String {
  if text.isPlain, text.utf8.count <= columns { return text }
  return clippedGlyphs(text, toColumns: columns).glyphs.reduce(into: "") { $0 += $1.text }
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

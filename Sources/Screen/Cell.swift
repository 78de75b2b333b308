/// How a cell is emphasised beyond its role's colours.
public struct Attributes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let bold = Attributes(rawValue: 1)
  public static let underline = Attributes(rawValue: 2)
  public static let reverse = Attributes(rawValue: 4)
  public static let dim = Attributes(rawValue: 8)

  /// Every attribute with the word a theme file uses for it.
  static let named: [(word: String, attribute: Attributes)] = [
    ("bold", .bold), ("underline", .underline), ("reverse", .reverse), ("dim", .dim),
  ]
}

/// One cell of a frame: what stands in it and what it is there for.
public struct Cell: Hashable, Sendable {
  let glyph: Glyph
  public var role: Role
  public var attributes: Attributes
  /// The role on whose background it stands: `text` is the page.
  public internal(set) var ground: Role

  init(_ glyph: Glyph, role: Role, attributes: Attributes, ground: Role) {
    self.glyph = glyph
    self.role = role
    self.attributes = attributes
    self.ground = ground
  }

  /// All of it at once: the parts of a cell are eight bytes without a gap, and each picture is compared with
  /// the one before, cell by cell.
  public static func == (one: Cell, other: Cell) -> Bool {
    unsafeBitCast(one, to: UInt64.self) == unsafeBitCast(other, to: UInt64.self)
  }

  /// A cell of the page with nothing in it.
  public static let empty = Cell.blank()

  /// An empty cell.
  static func blank(
    _ role: Role = .text, _ attributes: Attributes = [], ground: Role = .text
  ) -> Cell {
    Cell(.space, role: role, attributes: attributes, ground: ground)
  }

  /// A base character with at most four combining marks; empty in the second cell of a wide one.
  public var text: String { glyph.text }

  /// The character, where it stands without marks; nil too in the second cell of a wide one.
  public var scalar: Unicode.Scalar? { glyph.scalar }

  /// The character without its marks; a blank in the second cell of a wide one.
  public var base: Unicode.Scalar { scalar ?? text.unicodeScalars.first ?? " " }

  /// Columns the text takes: 1, or 2 for a wide character, or 0 for the second cell of one.
  public var width: Int { glyph.width }

  /// Whether this is the second half of the wide character on its left.
  public var isContinuation: Bool { glyph == .continuation }
}

extension ArraySlice<Cell> {
  /// Which cells of a row look otherwise than before, from the first to the last, with wide characters
  /// whole; all of them where nothing is known of the row before.
  public func changes(from before: ArraySlice<Cell>?) -> Range<Int> {
    guard let before, before.count == count else { return indices }
    let offset = before.startIndex - startIndex
    guard var first = indices.first(where: { self[$0] != before[$0 + offset] }),
      var last = indices.last(where: { self[$0] != before[$0 + offset] })
    else { return startIndex..<startIndex }
    func isParted(at index: Int) -> Bool {
      self[index].isContinuation || before[index + offset].isContinuation
    }
    while first > startIndex, isParted(at: first) { first -= 1 }
    while last + 1 < endIndex, isParted(at: last + 1) { last += 1 }
    return first..<last + 1
  }
}

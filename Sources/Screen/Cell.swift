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
  /// A base character with at most four combining marks; empty in the second cell of a wide one.
  public let text: String
  /// Columns the text takes: 1, or 2 for a wide character, or 0 for the second cell of one.
  public let width: Int8
  public var role: Role
  public var attributes: Attributes
  /// The role on whose background it stands: `text` is the page.
  public internal(set) var ground: Role

  init(text: String, width: Int, role: Role, attributes: Attributes, ground: Role) {
    self.text = text
    self.width = Int8(clamping: width)
    self.role = role
    self.attributes = attributes
    self.ground = ground
  }

  /// An empty cell.
  static func blank(
    _ role: Role = .text, _ attributes: Attributes = [], ground: Role = .text
  ) -> Cell {
    Cell(text: " ", width: 1, role: role, attributes: attributes, ground: ground)
  }

  /// Whether this is the second half of the wide character on its left.
  public var isContinuation: Bool { width == 0 }
}

/// The size of a screen, in character cells.
public struct Size: Hashable, Sendable {
  public let columns: Int
  public let rows: Int

  /// Larger screens are used only so far, because a terminal may claim any size.
  public static let greatest = Size(columns: 2000, rows: 1000)

  /// A size of at least one cell and at most ``greatest``; other figures are brought within.
  public init(columns: Int, rows: Int) {
    self.columns = min(max(1, columns), 2000)
    self.rows = min(max(1, rows), 1000)
  }
}

/// A cell of the screen, counted from the top left corner at (0, 0).
public struct Position: Hashable, Sendable {
  public var column: Int
  public var row: Int

  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// Which end of its field a text is aligned to.
public enum Alignment: Hashable, Sendable {
  /// To the left: names, memos.
  case leading
  /// To the right: amounts.
  case trailing
}

/// The size of a screen, in character cells.
public struct Size: Hashable, Sendable {
  public var columns: Int
  public var rows: Int

  /// A size of at least one cell; smaller or negative figures are raised to one.
  public init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
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

/// What stands on some cells of a frame, for whoever clicks there.
public enum ClickTarget: Hashable, Sendable {
  /// A tab, by its place in the tab bar.
  case tab(Int)
  /// A row of the list, so many rows below the selected one.
  case row(Int)
  /// The head of a column of the list, by its title.
  case heading(String)
}

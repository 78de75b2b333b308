/// A press of the mouse on a cell of the screen. Releases and movements are not reported.
public struct MousePress: Hashable, Sendable {
  /// What was pressed or turned.
  public enum Kind: Hashable, Sendable {
    /// The left button.
    case click
    case wheelUp, wheelDown
    /// Another button, or one with shift, alt or control, which means nothing.
    case other
  }

  public let kind: Kind
  public let position: Position

  public init(_ kind: Kind, at position: Position) {
    self.kind = kind
    self.position = position
  }
}

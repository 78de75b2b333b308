import Screen

/// What a terminal reports to the loop that owns it.
public enum TerminalEvent: Hashable, Sendable {
  /// A key was pressed, or a text pasted.
  case key(Key)
  /// The window has another size; everything must be drawn for it.
  case resized(Size)
  /// A ``Waker`` was used: look at what arrived from elsewhere.
  case woken
  /// The process was stopped and goes on, perhaps before another pair of eyes.
  case resumed
  /// The terminal is gone: close the books in order and leave.
  case hangup
  /// The process was asked to end: close the books in order and leave.
  case terminate
}

import Screen

/// What the console's loop needs of a terminal: ``TerminalScreen`` paints frames on it,
/// ``PlainTerminal`` tells speeches line by line.
///
/// It belongs to the one thread that opened it. Only its ``waker`` may be used from others.
public protocol ConsoleTerminal: AnyObject {
  /// What it shows of a state.
  associatedtype Picture: Shown

  /// Interrupts ``waitForEvents(timeoutMilliseconds:)`` from any thread.
  var waker: Waker { get }
  /// The size that frames are to have.
  var size: Size { get }
  /// Keys read since it was opened; a paste is one.
  var keysRead: Int { get }
  /// Whether everything given to ``paint(_:)`` has been sent.
  var isPainted: Bool { get }

  /// Waits until something happens, and reports all of it; nil waits for ever, 0 only looks.
  func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent]
  /// Shows a picture, without waiting for a terminal that takes no output.
  func paint(_ picture: Picture)
  /// Shows everything again.
  func redrawAll()
  /// Shows everything again in that theme's colours.
  func setTheme(_ theme: Theme)
  /// Reports the mouse from now on, or leaves it to the terminal.
  func setMouse(_ isReported: Bool)
  /// Stops the process as ctrl-z does in a shell.
  func suspend()
  /// Gives the terminal back as it was found. Safe to call more than once.
  func close()
}

extension TerminalScreen: ConsoleTerminal {}

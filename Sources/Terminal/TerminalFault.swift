import Screen

/// Why a full screen cannot be shown here. The description is a sentence for the person at the
/// terminal, with the remedy.
public enum TerminalFault: Error, Hashable, CustomStringConvertible {
  /// Standard input or output is a file, a pipe or closed; the stream's name.
  case notATerminal(stream: String)
  /// The terminal cannot move its cursor; the value of `TERM`.
  case tooSimple(type: String)
  /// None of these terminal types is described on this machine.
  case unknownType(tried: [String])
  /// A screen is already open in this process.
  case alreadyOpen
  /// The operating system refused something; what, and its error number.
  case system(operation: String, errorNumber: Int32)

  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "The console needs a terminal, and \(stream) is not one. Run it in a terminal, or use the "
        + "commands (see --help), which need none."
    case .tooSimple(let type):
      "TERM=\(sanitized(type)) cannot show a full screen. Set TERM to what your terminal is "
        + "(often xterm-256color), or use the commands (see --help), which need no screen."
    case .unknownType(let tried):
      "No description of the terminal types \(tried.map(sanitized).joined(separator: ", ")) is "
        + "installed here. Install the package ncurses-base or ncurses-term."
    case .alreadyOpen:
      "The screen is already open in this process."
    case .system(let operation, let errorNumber):
      "The terminal could not be prepared: \(operation) failed with system error \(errorNumber)."
    }
  }
}

import CNcurses
import Glibc
import Screen

/// How a terminal is to be used.
public struct TerminalOptions: Sendable {
  /// The looks of the roles.
  public var theme: Theme
  /// Whether colours are used; from `NO_COLOR` (https://no-color.org) unless said otherwise.
  public var usesColor: Bool
  /// Draws nothing beyond ASCII: for fonts without lines, and for some braille devices.
  public var isASCIIOnly = false
  /// The ASCII letter that stands for another one, where the terminal shows ASCII alone.
  public var likeness: @Sendable (Unicode.Scalar) -> Character? = { _ in nil }
  /// Marks the beginning and end of each frame (private mode 2026), so that terminals that know
  /// the marks never show half a frame.
  public var synchronizesOutput = true
  /// How long an escape byte waits for the rest of a key's sequence.
  public var escapeDelayMilliseconds = 25
  /// Where standard error goes while the screen is open, if it is this terminal; nil keeps it in
  /// memory and replays it when the screen closes.
  public var standardErrorDescriptor: Int32?

  public init(theme: Theme = .terminal) {
    self.theme = theme
    usesColor = (environmentValue("NO_COLOR") ?? "").isEmpty
  }

  /// What the open terminal can show of a theme, before it has said anything itself.
  func canvas(colors: Int) -> Canvas {
    Canvas(
      depth: usesColor
        ? ColorDepth(colors: colors, isExact: colors > 256 || Self.showsMixtures) : .none,
      mixesIntensity: terminal_mixes_intensity())
  }

  /// What the terminal shows of lines, on the background that it answers within a moment; nil where it
  /// shows text alone. For a process without an open screen.
  public var lineCanvas: Canvas? {
    guard let type = environmentValue("TERM"), type != "dumb" else { return nil }
    var canvas = canvas(colors: Int(terminal_colors_of(type)))
    // The same terminals are asked as by a full screen.
    if canvas.depth >= .palette { BackgroundQuestion.ask(&canvas) }
    return canvas.depth == .none ? nil : canvas
  }

  /// Whether the environment says that the terminal shows any mixture of red, green and blue. GNU
  /// screen hands the word of the terminal around it on, and does not understand the mixtures.
  private static var showsMixtures: Bool {
    let word = environmentValue("COLORTERM") ?? ""
    let isScreen =
      environmentValue("TERM")?.hasPrefix("screen") == true && environmentValue("TMUX") == nil
    return (word == "truecolor" || word == "24bit") && !isScreen
  }
}

/// The value of an environment variable, nil where it is not set.
func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

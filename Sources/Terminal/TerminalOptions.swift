import CNcurses
import Glibc
import Screen

/// How a terminal is to be used.
public struct TerminalOptions: Sendable {
  /// The looks of the roles.
  public var theme: Theme
  /// Whether colours are used; from `NO_COLOR` (https://no-color.org) unless said otherwise.
  public var usesColor: Bool
  /// Text in ASCII letters, where the terminal shows ASCII alone.
  public var reading: @Sendable (String) -> String = { $0 }
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
    guard environmentValue("TERM") != nil, !Self.types.contains("dumb") else { return nil }
    let colors = Self.types.lazy.map { Int(terminal_colors_of($0)) }.first { $0 > 0 } ?? 0
    var canvas = canvas(colors: colors)
    // The same terminals are asked as by a full screen.
    if canvas.depth >= .palette { BackgroundQuestion.ask(&canvas) }
    return canvas.depth == .none ? nil : canvas
  }

  /// The descriptions of the terminal that the environment speaks of, the best one first. A type of eight
  /// colours is often what an old configuration has named: where the environment says that more are shown,
  /// its sibling for 256 colours is the true one.
  static var types: [String] {
    let type = environmentValue("TERM") ?? ""
    let sibling = type + "-256color"
    guard !type.isEmpty, type != "dumb", isTmux || showsMixtures else { return [type] }
    return [sibling, type].filter { !$0.hasSuffix("-256color-256color") }
  }

  /// tmux itself draws, and knows 256 colours, whatever it calls itself and whatever is around it.
  private static var isTmux: Bool {
    let isMultiplexer = ["screen", "tmux"].contains {
      environmentValue("TERM")?.hasPrefix($0) == true
    }
    // One of tmux and GNU screen runs in the other.
    return isMultiplexer && environmentValue("TMUX") != nil && environmentValue("STY") == nil
  }

  /// Whether the environment says that the terminal shows any mixture of red, green and blue. GNU
  /// screen hands the word of the terminal around it on, and does not understand the mixtures.
  private static var showsMixtures: Bool {
    let word = environmentValue("COLORTERM") ?? ""
    let isScreen = environmentValue("TERM")?.hasPrefix("screen") == true && !isTmux
    return (word == "truecolor" || word == "24bit") && !isScreen
  }
}

/// The value of an environment variable, nil where it is not set.
func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

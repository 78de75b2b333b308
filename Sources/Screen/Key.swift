/// One press of a key or of the mouse, or one paste.
public enum Key: Hashable, Sendable {
  /// A printable character.
  case character(Character)
  case enter, escape, tab, backTab, backspace, delete
  case up, down, left, right, home, end, pageUp, pageDown
  /// Control with a lower-case letter or one of space `\` `]` `^` `_`. Control with `h`, `i`, `j`
  /// and `m` cannot be told from backspace, tab and enter and arrives as those.
  case control(Character)
  /// F1 to F63. Nothing may depend on these alone: many keyboards and terminals keep them.
  case function(Int)
  /// What a terminal pasted, with line feeds between lines.
  case paste(String)
  /// A press of the mouse; only where the terminal was asked to report them.
  case mouse(MousePress)
  /// A key that the terminal sent and nobody knows.
  case unknown

  private static let named: [Key] =
    [
      .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left,
      .right, .home, .end, .pageUp, .pageDown, .control(" "),
    ] + (1...63).map(Key.function)

  /// The key of that name, as ``name`` writes it; nil where none has it.
  public init?(name: String) {
    if let key = Self.named.first(where: { $0.name == name }) {
      self = key
    } else if name.count == 1, let character = name.first, Key.character(character).name == name {
      self = .character(character)
    } else if name.hasPrefix("ctrl-"), name.count == 6, let letter = name.last,
      "abcdefghijklmnopqrstuvwxyz\\]^_".contains(letter), !"hijm".contains(letter)
    {
      self = .control(letter)
    } else {
      return nil
    }
  }

  /// The name that help, footers and messages use: `enter`, `ctrl-r`, `d`.
  public var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): sanitized(String(character))
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "delete"
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .home: "home"
    case .end: "end"
    case .pageUp: "page-up"
    case .pageDown: "page-down"
    case .control(" "): "ctrl-space"
    case .control(let character): "ctrl-\(character)"
    case .function(let number): "f\(number)"
    case .paste: "paste"
    case .mouse: "the mouse"
    case .unknown: "unknown key"
    }
  }
}

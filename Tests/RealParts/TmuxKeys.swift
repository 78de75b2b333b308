/// The names of keys that tmux understands.
enum TmuxKeys {
  private static let named: Set<String> = [
    "Enter", "Escape", "Tab", "BTab", "BSpace", "Space", "DC", "IC", "Up", "Down", "Left",
    "Right", "Home", "End", "PageUp", "PPage", "PageDown", "NPage", "F1", "F2", "F3", "F4", "F5",
    "F6", "F7", "F8", "F9", "F10", "F11", "F12",
  ]

  /// Whether this is one key: a name, a single character, either with `C-`, `M-` or `S-`.
  static func isKnown(_ key: String) -> Bool {
    var rest = key[...]
    while let modifier = ["C-", "M-", "S-"].first(where: rest.hasPrefix), rest.count > 2 {
      rest = rest.dropFirst(modifier.count)
    }
    return rest.count == 1 || named.contains(String(rest))
  }
}

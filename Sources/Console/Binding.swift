import Screen

/// How long a binding stays in the footer while room grows scarce.
enum FooterRank: Int, Hashable, Sendable, Comparable {
  /// Found in the help and the palette.
  case absent
  /// What everybody tries anyway.
  case obvious
  /// The keys of entries, the same on every screen: one word stands for all of them first.
  case common
  case normal
  /// What one cannot do without.
  case essential

  static func < (a: FooterRank, b: FooterRank) -> Bool { a.rawValue < b.rawValue }
}

/// Something that a key can do, by name.
protocol ConsoleAction: Sendable {
  /// Why it cannot be done now; nil when it can.
  func objection(in console: ConsoleState) -> String?
  /// What it is called as things stand; nil where that is always the word of its binding.
  func word(in console: ConsoleState) -> String?
  /// What one could type for it in this bank; nil where nothing is typed.
  func example(in console: ConsoleState) -> String?
  func perform(on console: inout ConsoleState) -> [ConsoleEffect]
}

extension ConsoleAction {
  func objection(in console: ConsoleState) -> String? { nil }
  func word(in console: ConsoleState) -> String? { nil }
  func example(in console: ConsoleState) -> String? { nil }
}

/// A key, what it is called and the action it stands for. Footer, help, palette and dispatch all read
/// the same bindings, so that none of them can tell another story.
struct Binding: Sendable {
  /// What a key is about, in the order of the help.
  enum Group: CaseIterable, Sendable { case own, entries, lists, moving, screens, rest }

  /// The first is the one that is shown.
  var keys: [Key]
  /// One or two words for the footer and the palette.
  let word: String
  /// What it does, in a sentence for the help.
  let help: String
  var footer = FooterRank.normal
  /// Whether the palette offers it; moving about is quicker by key.
  var isInPalette = true
  let action: any ConsoleAction
  var group = Group.own
  /// The screen whose own it is, as a keymap calls it; nil for what is the same on several screens.
  var scope: String?
  /// What a keymap calls it where its word is that of another one.
  var mapName: String?

  /// The same binding on other keys.
  func with(keys: [Key]) -> Binding {
    var binding = self
    binding.keys = keys
    return binding
  }

  func of(_ group: Group) -> Binding {
    var binding = self
    binding.group = group
    return binding
  }

  /// `page-down`, `d`: the key's name as it is shown.
  var keyName: String { keys.first?.name ?? "" }

  /// What it does, with an example that works in this bank.
  func help(in console: ConsoleState) -> String {
    action.example(in: console).map { "\(help): \($0)" } ?? help
  }

  /// Why it cannot act now; nil when it can.
  func objection(_ console: ConsoleState) -> String? { action.objection(in: console) }
}

extension Binding {
  init(
    _ keys: Key..., word: String, help: String, footer: FooterRank = .normal,
    isInPalette: Bool = true, _ action: any ConsoleAction
  ) {
    self.init(
      keys: keys, word: word, help: help, footer: footer, isInPalette: isInPalette, action: action)
  }
}

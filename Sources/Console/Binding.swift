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

/// A key, what it is called and what it does. Footer, help, palette and dispatch all read the same
/// bindings, so that none of them can tell another story.
struct Binding: Sendable {
  /// The first is the one that is shown.
  let keys: [Key]
  /// One or two words for the footer and the palette.
  let word: String
  /// What it does, in a sentence for the help.
  let help: String
  var footer = FooterRank.normal
  /// Whether the palette offers it; moving about is quicker by key.
  var isInPalette = true
  /// Why it cannot act now; nil when it can.
  var objection: @Sendable (ConsoleState) -> String? = { _ in nil }
  let act: @Sendable (inout ConsoleState) -> [Effect]

  /// The same binding on other keys.
  func with(keys: [Key]) -> Binding {
    Binding(
      keys: keys, word: word, help: help, footer: footer, isInPalette: isInPalette,
      objection: objection, act: act)
  }

  /// `page-down`, `d`: the key's name as it is shown.
  var keyName: String { keys.first?.name ?? "" }
}

extension Binding {
  init(
    _ keys: Key..., word: String, help: String, footer: FooterRank = .normal,
    isInPalette: Bool = true,
    objection: @escaping @Sendable (ConsoleState) -> String? = { _ in nil },
    act: @escaping @Sendable (inout ConsoleState) -> [Effect]
  ) {
    self.init(
      keys: keys, word: word, help: help, footer: footer, isInPalette: isInPalette,
      objection: objection, act: act)
  }
}

import Screen

/// A key, what it is called and what it does. Footer, help, palette and dispatch all read the same
/// bindings, so that none of them can tell another story.
struct Binding: Sendable {
  /// The first is the one that is shown.
  let keys: [Key]
  /// One or two words for the footer and the palette.
  let word: String
  /// What it does, in a sentence for the help.
  let help: String
  var isInFooter = true
  /// Whether the palette offers it; moving about is quicker by key.
  var isInPalette = true
  /// Why it cannot act now; nil when it can.
  var objection: @Sendable (ConsoleState) -> String? = { _ in nil }
  let act: @Sendable (inout ConsoleState) -> [Effect]

  /// `page-down`, `d`: the key's name as it is shown.
  var keyName: String { keys.first?.name ?? "" }
}

extension Binding {
  init(
    _ keys: Key..., word: String, help: String, isInFooter: Bool = true, isInPalette: Bool = true,
    objection: @escaping @Sendable (ConsoleState) -> String? = { _ in nil },
    act: @escaping @Sendable (inout ConsoleState) -> [Effect]
  ) {
    self.init(
      keys: keys, word: word, help: help, isInFooter: isInFooter, isInPalette: isInPalette,
      objection: objection, act: act)
  }
}

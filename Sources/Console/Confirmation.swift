import Screen

/// The keys while a panel asks whether it is to be done: only `y` does it, and only once the
/// question has been on the glass.
enum Confirmation {
  static func bindings(yes: any ConsoleAction, back: any ConsoleAction) -> [Binding] {
    let own = [
      Binding(
        .character("y"), word: "yes", help: "Do it, as the panel says", isInPalette: false, yes),
      Binding(
        .enter, word: "next", help: "Nothing: a question is not passed over by habit",
        footer: .absent, isInPalette: false, Passed()),
      Binding(.escape, word: "back", help: "Back, and nothing is done", isInPalette: false, back),
    ]
    return CommonKeys.following(own)
  }

  private struct Passed: ConsoleAction {
    func objection(in console: ConsoleState) -> String? { "y does it, esc goes back." }
    func perform(on console: inout ConsoleState) -> [Effect] { [] }
  }
}

import Screen

/// The keys while a panel asks whether it is to be done: only `y` does it, and only once the
/// question has been on the glass.
enum Confirmation {
  static func bindings(yes: any ConsoleAction, back: any ConsoleAction) -> [Binding] {
    let own = [
      Binding(
        .character("y"), word: "yes", help: "Yes: do what the panel says", isInPalette: false, yes),
      Binding(
        .enter, word: "next", help: "Does nothing here: press y or esc",
        footer: .absent, isInPalette: false, Passed()),
      Binding(.escape, word: "back", help: "Go back; nothing is done", isInPalette: false, back),
      CommonKeys.help(.character("?"), .function(1)),
    ]
    return CommonKeys.following(own)
  }

  private struct Passed: ConsoleAction {
    func objection(in console: ConsoleState) -> String? { "Press y to confirm, or esc to go back." }
    func perform(on console: inout ConsoleState) -> [ConsoleEffect] { [] }
  }
}

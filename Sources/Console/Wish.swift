import BankCore
import Screen

/// What a screen or a panel wants of the console, in order.
enum Wish: Sendable {
  /// To be done outside of the console.
  case effect(ConsoleEffect)
  /// What another key could do too.
  case perform(any ConsoleAction)
  /// Opens a form in place of whatever lies over the screen.
  case openForm(EntryForm)
  /// Lays a panel over everything else.
  case open(any PanelModel)
  case closePanel
  case closeForm
}

extension ConsoleState {
  /// Does what a screen or a panel wishes.
  ///
  /// - Returns: what is to be done outside, in order.
  mutating func grant(_ wishes: [Wish]) -> [ConsoleEffect] { wishes.flatMap { grant($0) } }

  private mutating func grant(_ wish: Wish) -> [ConsoleEffect] {
    switch wish {
    case .effect(let effect): return [effect]
    case .perform(let action): return action.perform(on: &self)
    case .openForm(let form):
      overlay = nil
      self.form = form
    case .open(let panel): overlay = panel
    case .closePanel: context.closePanel()
    case .closeForm: form = nil
    }
    return []
  }
}

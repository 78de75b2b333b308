import Screen

/// What the mouse does: it chooses, and never more. A click selects a row or a screen, sorts by a column,
/// and opens what is selected; the wheel moves the list. Panels, where money is moved, answer to keys
/// alone.
enum Mouse {
  /// Rows that one notch of the wheel moves by.
  private static let rowsOfNotch = 3

  static func press(_ press: MousePress, on console: inout ConsoleState) -> [ConsoleEffect] {
    guard console.context.usesMouse else {
      console.message = .cannot("The mouse is off. Run :mouse to use it.")
      return []
    }
    guard console.context.screenHasFocus else {
      console.message = .cannot("The mouse does nothing in a panel. The last line lists the keys.")
      return []
    }
    switch press.kind {
    case .wheelUp: return console.changeShownScreen { $0.move(.by(-rowsOfNotch), &$1) }
    case .wheelDown: return console.changeShownScreen { $0.move(.by(rowsOfNotch), &$1) }
    case .click:
      let frame = render(console, size: console.size)
      guard let target = frame.target(at: press.position) else { break }
      return click(target, on: &console)
    case .other: break
    }
    console.message = .cannot("Nothing there answers to the mouse.")
    return []
  }

  private static func click(
    _ target: ClickTarget, on console: inout ConsoleState
  ) -> [ConsoleEffect] {
    // A field of the screen's own is left first: its enter and its letters are not meant.
    let left =
      console.shownScreen.filter?.isTyping == true
      ? ListAction.keepFilter.perform(on: &console) : []
    switch target {
    case .tab(let place):
      guard Screens.all.indices.contains(place) else { return left }
      return left + console.show(Screens.all[place].name)
    case .row(let distance) where distance != 0:
      return left + console.changeShownScreen { $0.move(.by(distance), &$1) }
    case .row: return left + open(&console)
    case .heading(let title): return left + ListAction.sortBy(title).act(on: &console)
    }
  }
}

extension Mouse {
  /// Opens what is selected, where enter only shows more of it. What enter decides is no matter of a click.
  private static func open(_ console: inout ConsoleState) -> [ConsoleEffect] {
    let enter = console.bindings.first { $0.keys.contains(.enter) }
    guard let enter else { return [] }
    guard enter.keys.contains(.right) else {
      console.message = .cannot("A click only selects here. Press enter to go on.")
      return []
    }
    return enter.action.act(on: &console)
  }
}

extension ConsoleAction {
  /// Acts, or says why it cannot.
  fileprivate func act(on console: inout ConsoleState) -> [ConsoleEffect] {
    if let objection = objection(in: console) {
      console.message = .objection(objection)
      return []
    }
    return perform(on: &console)
  }
}

/// `:mouse`: uses the mouse, or leaves it to the terminal for selecting text.
struct MouseAction: ConsoleAction {
  static func command(in console: ConsoleState) -> PaletteCommand {
    PaletteCommand(
      "mouse",
      console.context.usesMouse
        ? "Leave the mouse to the terminal, for selecting text"
        : "Choose with the mouse: rows, screens, columns; the wheel moves the list", MouseAction())
  }

  func objection(in console: ConsoleState) -> String? {
    console.options.isPlain ? "Lines that are read out have no mouse." : nil
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.context.usesMouse.toggle()
    let isUsed = console.context.usesMouse
    console.message = .plain(
      isUsed
        ? "The mouse chooses rows, screens and columns. Most terminals select text with shift."
        : "The mouse is the terminal's again.")
    return [.setMouse(isUsed)]
  }
}

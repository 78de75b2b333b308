import Screen

/// The keys while a panel asks whether it is to be done: only `y` does it, and only once the
/// question has been on the glass.
enum Confirmation {
  static let bindings: [Binding] = [
    Binding(.character("y"), word: "yes", help: "Do it, as the panel says", isInPalette: false) {
      $0.answerYes()
    },
    Binding(
      .enter, word: "next", help: "Nothing: a question is not passed over by habit",
      footer: .absent, isInPalette: false, objection: { _ in "y does it, esc goes back." }
    ) { _ in [] },
    Binding(.escape, word: "back", help: "Back, and nothing is done", isInPalette: false) {
      $0.leaveQuestion()
    },
  ]
}

extension ConsoleState {
  fileprivate mutating func answerYes() -> [Effect] {
    switch overlay {
    case .settle(let panel): settle(panel)
    case .note(let panel): note(panel)
    case .change(let panel): askChange(panel)
    case .notice(let panel): seeTo(panel)
    default: []
    }
  }

  fileprivate mutating func leaveQuestion() -> [Effect] {
    switch overlay {
    case .settle: return leaveSettleStep()
    case .change: return leaveChange()
    default:
      overlay = nil
      return []
    }
  }
}

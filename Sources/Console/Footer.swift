import Screen

/// The last line: the keys that matter here, from the same table that acts on them.
struct Footer {
  private let state: ConsoleState

  init(_ state: ConsoleState) { self.state = state }

  func draw(on frame: inout Frame, in area: Area) {
    var column = 0
    for binding in shown(columns: area.columns) {
      let isAble = binding.objection(state) == nil
      let used = frame.write(
        binding.keyName, at: area.position(column, 0), role: isAble ? .footerKey : .dim)
      frame.write(
        word(of: binding), at: area.position(column + used + 1, 0),
        role: isAble ? .footerText : .dim)
      column += width(of: binding)
    }
  }

  /// The bindings there is room for: the lowest rank goes first, and within it the last.
  private func shown(columns: Int) -> [Binding] {
    var bindings = state.bindings.filter { $0.footer > .absent }
    while bindings.reduce(-2, { $0 + width(of: $1) }) > columns {
      guard let lowest = bindings.map(\.footer).min(),
        let index = bindings.lastIndex(where: { $0.footer == lowest })
      else { break }
      bindings.remove(at: index)
    }
    return bindings
  }

  private func width(of binding: Binding) -> Int {
    displayWidth(of: binding.keyName) + 1 + displayWidth(of: word(of: binding)) + 2
  }

  // On the first screen the way back leads out.
  private func word(of binding: Binding) -> String {
    binding.keys.first == .character("q") && state.screen == .accounts ? "quit" : binding.word
  }
}

import BankCore
import Screen

/// `:`: every command by name with its key, and whole entries as the fast path.
struct Palette: Sendable {
  var field = TextField()
  var highlight = 0

  static let bindings: [Binding] = [
    Binding(.enter, .control("j"), word: "run", help: "Run what is typed or marked") {
      $0.runPalette()
    },
    Binding(.up, .control("p"), .backTab, word: "above", help: "The command above", footer: .absent)
    {
      $0.movePalette(by: -1)
    },
    Binding(.down, .control("n"), .tab, word: "below", help: "The command below") {
      $0.movePalette(by: 1)
    },
    Binding(.escape, word: "close", help: "Back without running anything") { state in
      state.overlay = nil
      return []
    },
  ]
}

/// One command that the palette offers.
struct PaletteCommand: Sendable {
  let keyName: String
  let word: String
  let help: String
  let objection: String?
  let act: @Sendable (inout ConsoleState) -> [Effect]

  init(_ binding: Binding, _ state: ConsoleState) {
    keyName = binding.keyName
    word = binding.word
    help = binding.help
    objection = binding.objection(state)
    act = { binding.action.perform(on: &$0) }
  }

  /// A binding that acts here too, but has its key on other screens only.
  init(keyless binding: Binding, _ state: ConsoleState) {
    self.init(
      binding.word, binding.help, objection: binding.objection(state),
      act: { binding.action.perform(on: &$0) })
  }

  init(
    _ word: String, _ help: String, objection: String? = nil,
    act: @escaping @Sendable (inout ConsoleState) -> [Effect]
  ) {
    keyName = ""
    self.word = word
    self.help = help
    self.objection = objection
    self.act = act
  }

  /// How well it answers what is typed: 0 is best, nil is not at all.
  func rank(_ typed: [Substring]) -> Int? {
    guard !typed.isEmpty else { return 1 }
    let name = word.lowercased()
    if name == typed.joined(separator: " ") { return 0 }
    let names = name.split(separator: " ")
    if typed.allSatisfy({ part in names.contains { $0.hasPrefix(part) } }) { return 1 }
    guard typed.allSatisfy({ $0.count > 2 }) else { return nil }
    let all = names + help.lowercased().split { !$0.isLetter && !$0.isNumber }
    return typed.allSatisfy { part in all.contains { $0.hasPrefix(part) } } ? 2 : nil
  }
}

extension ConsoleState {
  mutating func openPalette(_ text: String) -> [Effect] {
    overlay = .palette(Palette(field: TextField(text)))
    return []
  }

  private var palette: Palette? {
    if case .palette(let palette)? = overlay { palette } else { nil }
  }

  mutating func typeInPalette(_ key: Key) -> [Effect]? {
    guard var palette, palette.field.take(key) else { return nil }
    palette.highlight = 0
    overlay = .palette(palette)
    return []
  }

  mutating func movePalette(by distance: Int) -> [Effect] {
    guard var palette else { return [] }
    let count = paletteCommands(palette.field.trimmed).count
    palette.highlight = max(0, min(count - 1, palette.highlight + distance))
    overlay = .palette(palette)
    return []
  }

  mutating func runPalette() -> [Effect] {
    guard let palette else { return [] }
    if let line = PaletteLine(palette.field.trimmed) { return run(line) }
    let commands = paletteCommands(palette.field.trimmed)
    guard commands.indices.contains(palette.highlight) else {
      message = .cannot("No command of that name. esc closes the list.")
      return []
    }
    let command = commands[palette.highlight]
    overlay = nil
    if let objection = command.objection {
      message = .objection(objection)
      return []
    }
    return command.act(&self)
  }

  /// The commands that answer what is typed, the best first.
  func paletteCommands(_ text: String) -> [PaletteCommand] {
    let typed = text.lowercased().split(separator: " ")
    let bound = bindings(in: helpedContext).filter(\.isInPalette)
      .map { PaletteCommand($0, self) }
    let ranked = (bound + freeCommands).enumerated().compactMap { index, command in
      command.rank(typed).map { (rank: $0, index: index, command: command) }
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.command)
  }

  /// Commands that have no key of their own.
  private var freeCommands: [PaletteCommand] {
    let drill = status.isDrill
    let here = bindings(in: helpedContext).map(\.word)
    let elsewhere = ChangePanel.commands.filter { !here.contains($0.word) }
    return elsewhere.map { PaletteCommand(keyless: $0, self) } + [
      ChangePanel.closePeriod(self),
      PaletteCommand(
        "drill",
        drill ? "End the rehearsal: give the bank back" : "Rehearse an outage: take the bank away"
      ) { $0.toggleDrill() },
      PaletteCommand(
        "reconcile", "Start reconciling, and watch it on screen 5",
        objection: CommonAction.reconcile.objection(in: self)
      ) { CommonAction.reconcile.perform(on: &$0) },
      PaletteCommand(
        context.isHeld ? "unhold" : "hold",
        context.isHeld ? "Give the held bank back" : "Hold the bank: take it away on purpose",
        objection: context.objectionToHolding
      ) { $0.toggleHold() },
      PaletteCommand("goto", "goto NUMBER: open an account") { $0.openPalette("goto ") },
      PaletteCommand("d", "d ACCOUNT AMOUNT MEMO: a whole deposit at once") {
        $0.openPalette("d ")
      },
      PaletteCommand("w", "w ACCOUNT AMOUNT MEMO: a whole withdrawal at once") {
        $0.openPalette("w ")
      },
      PaletteCommand("t", "t FROM TO AMOUNT MEMO: a whole transfer at once") {
        $0.openPalette("t ")
      },
    ]
      + options.themes.map { name in
        PaletteCommand("theme \(name)", "Paint in the theme \(name)") { _ in [.setTheme(name)] }
      }
  }

}

/// Draws the palette.
struct PaletteView {
  private let state: ConsoleState
  private let palette: Palette

  init(_ state: ConsoleState, _ palette: Palette) {
    self.state = state
    self.palette = palette
  }

  func draw(on frame: inout Frame, in area: Area) {
    let columns = Panel.contentColumns(for: state.size.columns)
    let box = Panel(
      title: "Commands", columns: columns, rows: area.rows - 2,
      isASCIIOnly: state.options.isASCIIOnly)
    let inside = box.draw(on: &frame, in: area)
    let (text, caret) = palette.field.window(columns: inside.columns - 1)
    frame.write(":", at: inside.position(0, 0), role: .footerKey)
    frame.write(text, at: inside.position(1, 0), role: .fieldActive, width: inside.columns - 1)
    frame.cursor = inside.position(1 + min(caret, inside.columns - 2), 0)
    if let line = PaletteLine(palette.field.trimmed) {
      frame.writeParagraph(line.inWords, in: inside.below(2), role: .accent)
      frame.write(line.enterInWords, in: inside.below(5), role: .dim)
      return
    }
    drawMarkedInFull(on: &frame, in: inside.below(1))
    drawCommands(on: &frame, in: inside.below(2))
  }

  // The list has room for the beginning of a sentence only.
  private func drawMarkedInFull(on frame: inout Frame, in area: Area) {
    let commands = state.paletteCommands(palette.field.trimmed)
    guard commands.indices.contains(palette.highlight) else { return }
    let marked = commands[palette.highlight]
    frame.write(
      marked.objection ?? marked.help, in: area,
      role: marked.objection == nil ? .information : .warning)
  }

  private func drawCommands(on frame: inout Frame, in area: Area) {
    let commands = state.paletteCommands(palette.field.trimmed)
    guard !commands.isEmpty else {
      frame.write("No command of that name.", in: area, role: .dim)
      return
    }
    let first = max(0, min(palette.highlight - area.rows + 1, commands.count - area.rows))
    for (row, command) in commands.dropFirst(first).prefix(area.rows).enumerated() {
      let isMarked = first + row == palette.highlight
      let role: Role = command.objection == nil ? .text : .dim
      frame.write(isMarked ? ">" : " ", at: area.position(0, row))
      frame.write(command.keyName, at: area.position(2, row), role: .footerKey, width: 9)
      frame.write(command.word, at: area.position(12, row), role: role, width: 16)
      frame.write(
        command.objection ?? command.help, at: area.position(29, row), role: .dim,
        width: area.columns - 29)
      if isMarked { frame.assign(.selection, row: area.row + row, columns: area.columnRange) }
    }
  }
}

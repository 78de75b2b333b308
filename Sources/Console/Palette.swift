import BankCore
import Screen

/// `:`: every command by name with its key, and whole entries as the fast path.
struct Palette: PanelModel {
  var field = TextField()
  var highlight = 0

  private static let keys: [Binding] =
    ([
      Binding(
        .enter, .control("j"), word: "run", help: "Run the typed or selected command",
        PaletteAction.run),
      Binding(
        .up, .control("p"), .backTab, word: "above", help: "The command above", footer: .absent,
        PaletteAction.move(-1)),
      Binding(
        .down, .control("n"), .tab, word: "below", help: "The command below",
        PaletteAction.move(1)),
      Binding(
        .escape, word: "close", help: "Go back without running anything", PaletteAction.close),
    ] + CommonKeys.leaving).withoutShadowed

  var bindings: [Binding] { Self.keys }
  var scrolls: Bool { true }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard field.accept(key) else { return nil }
    highlight = 0
    return []
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    PaletteView(console, self).draw(on: &frame, in: area)
  }
}

/// What the keys of the palette do. Its commands are those of whatever lies below, so they ask the
/// console.
enum PaletteAction: ConsoleAction {
  case run, close
  case move(Int)

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard var palette = console.overlay as? Palette else { return [] }
    switch self {
    case .close: console.overlay = nil
    case .run: return palette.run(on: &console)
    case .move(let distance):
      let count = palette.commands(in: console).count
      palette.highlight = max(0, min(count - 1, palette.highlight + distance))
      console.overlay = palette
    }
    return []
  }
}

/// One command that the palette offers.
struct PaletteCommand: Sendable {
  let keyName: String
  let word: String
  let help: String
  let action: any ConsoleAction

  init(_ binding: Binding) {
    self.init(binding.word, binding.help, keyName: binding.keyName, binding.action)
  }

  /// - Parameter keyName: empty for a command that has no key here.
  init(_ word: String, _ help: String, keyName: String = "", _ action: any ConsoleAction) {
    self.keyName = keyName
    self.word = word
    self.help = help
    self.action = action
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

extension Palette {
  fileprivate func run(on console: inout ConsoleState) -> [ConsoleEffect] {
    if let line = PaletteLine(field.trimmed) { return line.run(on: &console) }
    let commands = commands(in: console)
    guard commands.indices.contains(highlight) else {
      console.message = .cannot("No command has that name. Press esc to close the list.")
      return []
    }
    let action = commands[highlight].action
    let objection = action.objection(in: console)
    console.overlay = nil
    if let objection {
      console.message = .objection(objection)
      return []
    }
    return action.perform(on: &console)
  }

  /// The commands that answer what is typed, the best first.
  func commands(in console: ConsoleState) -> [PaletteCommand] {
    let typed = field.trimmed.lowercased().split(separator: " ")
    let bound = console.bindingsBelow.filter(\.isInPalette).map { PaletteCommand($0) }
    let ranked = (bound + Self.freeCommands(in: console)).enumerated().compactMap {
      index, command in
      command.rank(typed).map { (rank: $0, index: index, command: command) }
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.command)
  }

  /// Commands that have no key of their own, or none here.
  private static func freeCommands(in console: ConsoleState) -> [PaletteCommand] {
    let here = Set(Screens.bindings(of: console.screen).map(\.word))
    let elsewhere = ChangeCommand.bindings.filter { !here.contains($0.word) }
    return elsewhere.map { PaletteCommand($0.word, $0.help, $0.action) } + [
      PaletteCommand(
        "close period", "Close all days through a date; later entries are booked after it",
        ChangeCommand.closePeriod),
      PaletteCommand(
        "drill",
        console.status.isDrill
          ? "End the drill, and give the bank back"
          : "Rehearse an outage: keep the bank away for ten minutes",
        CommonAction.toggleDrill),
      PaletteCommand(
        "reconcile", "Start reconciling, and watch it on screen 5", CommonAction.reconcile),
      PaletteCommand(
        console.context.isHeld ? "unhold" : "hold",
        console.context.isHeld
          ? "End the hold, and give the bank back" : "Hold the bank: keep it away on purpose",
        CommonAction.toggleHold),
      PaletteCommand("goto", "goto NUMBER: open an account", CommonAction.commands("goto ")),
      PaletteCommand(
        "d", "d ACCOUNT AMOUNT MEMO: a whole deposit at once", CommonAction.commands("d ")),
      PaletteCommand(
        "w", "w ACCOUNT AMOUNT MEMO: a whole withdrawal at once", CommonAction.commands("w ")),
      PaletteCommand(
        "t", "t FROM TO AMOUNT MEMO: a whole transfer at once", CommonAction.commands("t ")),
    ]
      + console.options.themes.map { name in
        PaletteCommand("theme \(name)", "Paint in the theme \(name)", CommonAction.setTheme(name))
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
    let commands = palette.commands(in: state)
    guard commands.indices.contains(palette.highlight) else { return }
    let marked = commands[palette.highlight]
    let objection = marked.action.objection(in: state)
    frame.write(
      objection ?? marked.help, in: area, role: objection == nil ? .information : .warning)
  }

  private func drawCommands(on frame: inout Frame, in area: Area) {
    let commands = palette.commands(in: state)
    guard !commands.isEmpty else {
      frame.write("No command has that name.", in: area, role: .dim)
      return
    }
    let first = max(0, min(palette.highlight - area.rows + 1, commands.count - area.rows))
    for (row, command) in commands.dropFirst(first).prefix(area.rows).enumerated() {
      let isMarked = first + row == palette.highlight
      let objection = command.action.objection(in: state)
      let role: Role = objection == nil ? .text : .dim
      frame.write(isMarked ? ">" : " ", at: area.position(0, row))
      frame.write(command.keyName, at: area.position(2, row), role: .footerKey, width: 9)
      frame.write(command.word, at: area.position(12, row), role: role, width: 16)
      frame.write(
        objection ?? command.help, at: area.position(29, row), role: .dim,
        width: area.columns - 29)
      if isMarked { frame.assign(.selection, row: area.row + row, columns: area.columnRange) }
    }
  }
}

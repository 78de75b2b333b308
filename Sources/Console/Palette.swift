import BankCore
import Screen

/// `:`: every command by name with its key, and whole entries as the fast path.
struct Palette: PanelModel {
  var field = TextField()
  var highlight = 0
  /// Whose accounts are typed.
  var lookups = PaletteLookups()
  /// Which of the lines that were run before is shown, counted back from the newest; nil for what is
  /// typed here.
  var recalled: Int?

  private static let keys: [Binding] =
    ([
      Binding(
        .enter, .control("j"), word: "run", help: "Run the typed or selected command",
        PaletteAction.run),
      Binding(
        .up, word: "above, earlier",
        help: "The command above; from the first one, what was run before",
        PaletteAction.up),
      Binding(
        .down, word: "below", help: "The command below, or what was run after it",
        PaletteAction.down),
      Binding(
        .backTab, .control("p"), word: "above", help: "The command above", footer: .absent,
        PaletteAction.move(-1)),
      Binding(
        .tab, .control("n"), word: "below", help: "The command below", footer: .absent,
        PaletteAction.move(1)),
      Binding(
        .escape, word: "close", help: "Go back without running anything; leaves a tour",
        PaletteAction.close),
      CommonKeys.help(.function(1), footer: .absent),
    ] + CommonKeys.leaving).withoutShadowed

  var bindings: [Binding] { Self.keys }
  var scrolls: Bool { true }
  var covers: Bool { true }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard field.accept(key) else { return nil }
    highlight = 0
    recalled = nil
    return look(&context)
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
  case up, down

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard var palette = console.overlay as? Palette else { return [] }
    switch self {
    case .close:
      console.context.uncover()
      if palette.field.isEmpty { return console.leaveTour() }
    case .run: return palette.run(on: &console)
    case .up where palette.highlight == 0: return palette.recall(1, on: &console)
    case .down where palette.recalled != nil: return palette.recall(-1, on: &console)
    case .up: palette.move(-1, on: &console)
    case .down: palette.move(1, on: &console)
    case .move(let distance): palette.move(distance, on: &console)
    }
    return []
  }
}

extension Palette {
  fileprivate mutating func move(_ distance: Int, on console: inout ConsoleState) {
    let count = commands(in: console).count
    highlight = max(0, min(count - 1, highlight + distance))
    console.overlay = self
  }

  /// Puts a line into the field that was run before, or after the one that is there.
  fileprivate mutating func recall(
    _ distance: Int, on console: inout ConsoleState
  ) -> [ConsoleEffect] {
    let lines = console.paletteHistory.lines(of: console.status.operatorName)
    let wanted = (recalled ?? -1) + distance
    guard wanted < lines.count else {
      console.message = .cannot("Nothing was run before that.")
      return []
    }
    recalled = wanted < 0 ? nil : wanted
    field = TextField(wanted < 0 ? "" : lines[lines.count - 1 - wanted])
    highlight = 0
    let wishes = look(&console.context)
    console.overlay = self
    return console.grant(wishes)
  }

  fileprivate func run(on console: inout ConsoleState) -> [ConsoleEffect] {
    let commands = commands(in: console)
    if let line = line(among: commands), line.isWhole || commands.isEmpty {
      if line.isWhole { remember(field.trimmed, in: &console) }
      return line.run(on: &console)
    }
    guard commands.indices.contains(highlight) else {
      console.message = .cannot("No command has that name. Press esc to close the list.")
      return []
    }
    let command = commands[highlight]
    console.context.uncover()
    let objection = command.action.objection(in: console)
    if let objection {
      console.message = .objection(objection)
      return []
    }
    if !command.beginsLine { remember(command.word, in: &console) }
    return command.action.perform(on: &console)
  }

  private func remember(_ line: String, in console: inout ConsoleState) {
    console.paletteHistory.add(line, by: console.status.operatorName)
  }

  /// The instruction that is typed. A theme that is named in part is looked for among the commands.
  func line(among commands: [PaletteCommand]) -> PaletteLine? {
    guard let line = PaletteLine(field.trimmed) else { return nil }
    if case .theme(let name) = line,
      let first = commands.first(where: { $0.word.hasPrefix("theme \(name)") }),
      first.word != "theme \(name)"
    {
      return nil
    }
    return line
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
      title: "Commands", columns: columns, rows: area.rows - 2)
    let inside = box.draw(on: &frame, in: area)
    let (text, caret) = palette.field.window(columns: inside.columns - 1)
    frame.write(":", at: inside.position(0, 0), role: .footerKey)
    frame.write(text, at: inside.position(1, 0), role: .fieldActive, width: inside.columns - 1)
    frame.cursor = inside.position(1 + min(caret, inside.columns - 2), 0)
    let answers = palette.answers(in: state)
    if let line = palette.line(among: answers.map(\.command)) {
      let rows = draw(line, on: &frame, in: inside.below(2))
      if !line.isWhole, !answers.isEmpty {
        drawCommands(answers, on: &frame, in: inside.below(3 + rows))
      }
      return
    }
    drawMarkedInFull(answers, on: &frame, in: inside.below(1))
    drawCommands(answers, on: &frame, in: inside.below(2))
  }

  /// What is typed, whose accounts these are, and what enter does.
  ///
  /// - Returns: the rows that it takes.
  private func draw(_ line: PaletteLine, on frame: inout Frame, in area: Area) -> Int {
    var rows = frame.writeParagraph(line.inWords, in: area.top(2), role: .accent)
    for typed in line.accounts {
      let (text, role) = palette.lookups.inWords(typed)
      let room = area.below(rows)
      if palette.lookups[typed]?.isClear == true {
        frame.write(text, in: room, role: role)
        rows += 1
      } else {
        rows += frame.writeParagraph(text, in: room.top(2), role: role)
      }
    }
    let (text, role) = line.enterInWords(palette.lookups, state.context)
    guard !text.isEmpty else { return rows }
    return rows + 1 + frame.writeParagraph(text, in: area.below(rows + 1).top(3), role: role)
  }

  // The list has room for the beginning of a sentence only.
  private func drawMarkedInFull(
    _ answers: [(command: PaletteCommand, offsets: [Int])], on frame: inout Frame, in area: Area
  ) {
    guard answers.indices.contains(palette.highlight) else { return }
    let marked = answers[palette.highlight].command
    let objection = marked.action.objection(in: state)
    frame.write(
      objection ?? marked.help, in: area, role: objection == nil ? .dim : .warning)
  }

  private func drawCommands(
    _ answers: [(command: PaletteCommand, offsets: [Int])], on frame: inout Frame, in area: Area
  ) {
    guard !answers.isEmpty else {
      frame.write("No command has that name.", in: area, role: .dim)
      return
    }
    let first = max(0, min(palette.highlight - area.rows + 1, answers.count - area.rows))
    for (row, answer) in answers.dropFirst(first).prefix(area.rows).enumerated() {
      let command = answer.command
      let isMarked = first + row == palette.highlight
      let objection = command.action.objection(in: state)
      let role: Role = objection == nil ? .text : .dim
      frame.write(isMarked ? ">" : " ", at: area.position(0, row))
      frame.write(command.keyName, at: area.position(2, row), role: .footerKey, width: 9)
      frame.write(command.word, at: area.position(12, row), role: role, width: 16)
      for (offset, letter) in command.word.enumerated() where answer.offsets.contains(offset) {
        frame.write(String(letter), at: area.position(12 + offset, row), role: .match)
      }
      frame.write(
        objection ?? command.help, at: area.position(29, row), role: .dim,
        width: area.columns - 29)
      if isMarked { frame.assign(.selection, row: area.row + row, columns: area.columnRange) }
    }
  }
}

import BankCore
import Screen

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

  /// It only begins a line, of which the rest is typed.
  var beginsLine: Bool {
    if case .commands? = action as? CommonAction { true } else { false }
  }

  /// How well a command answers what is typed, the best first, and by which letters of its word.
  struct Answer: Comparable {
    /// The whole name, beginnings of its words, its letters, a word of its help, its letters with
    /// others between them.
    enum Kind: Int { case whole, words, letters, help, scattered }

    let kind: Kind
    var gaps = 0
    var offsets: [Int] = []

    static func < (a: Answer, b: Answer) -> Bool {
      (a.kind.rawValue, a.gaps) < (b.kind.rawValue, b.gaps)
    }
  }

  /// Nil where it does not answer what is typed.
  func answer(to typed: [Substring]) -> Answer? {
    guard !typed.isEmpty else { return Answer(kind: .words) }
    let name = word.lowercased()
    let match = FuzzyMatch(typed.joined(), in: name)
    let names = name.split(separator: " ")
    if name == typed.joined(separator: " ") { return Answer(kind: .whole) }
    if typed.allSatisfy({ part in names.contains { $0.hasPrefix(part) } }) {
      return Answer(kind: .words, offsets: match?.offsets ?? [])
    }
    if let match, match.gaps == 0 { return Answer(kind: .letters, offsets: match.offsets) }
    if typed.allSatisfy({ $0.count > 2 }) {
      let all = names + help.lowercased().split { !$0.isLetter && !$0.isNumber }
      if typed.allSatisfy({ part in all.contains { $0.hasPrefix(part) } }) {
        return Answer(kind: .help)
      }
    }
    // One letter somewhere within a word is no likeness.
    guard let match, match.offsets.count > 1 else { return nil }
    return Answer(kind: .scattered, gaps: match.gaps, offsets: match.offsets)
  }
}

extension Palette {
  /// The commands that answer what is typed, the best first, each of them once.
  func commands(in console: ConsoleState) -> [PaletteCommand] {
    answers(in: console).map(\.command)
  }

  /// The commands with what makes them answer.
  func answers(in console: ConsoleState) -> [(command: PaletteCommand, offsets: [Int])] {
    let typed = field.trimmed.lowercased().split(separator: " ")
    var words: Set<String> = []
    let all = Self.allCommands(in: console).filter { words.insert($0.word).inserted }
    let ranked = all.enumerated().compactMap { index, command in
      command.answer(to: typed).map { (answer: $0, index: index, command: command) }
    }
    return ranked.sorted { ($0.answer, $0.index) < ($1.answer, $1.index) }
      .map { ($0.command, $0.answer.offsets) }
  }

  /// The names of all commands on whatever screen, in lower case.
  static var wordsOfCommands: Set<String> {
    var console = ConsoleState(
      options: ConsoleOptions(), size: Layout.fullSize,
      status: ServiceStatus(terminal: "", operatorName: "", endpoint: ""),
      now: Instant(millisecondsSince1970: 0))
    var words: Set<String> = ["hold", "unhold"]
    for screen in Screens.all {
      console.screen = screen.name
      words.formUnion(allCommands(in: console).map { $0.word.lowercased() })
    }
    return words
  }

  /// What has a key here, and then what has none. A nearer command takes the name of one behind it.
  private static func allCommands(in console: ConsoleState) -> [PaletteCommand] {
    let bound = console.bindingsBelow.filter(\.isInPalette)
    let hasHold = bound.contains {
      if case .toggleHold? = $0.action as? CommonAction { true } else { false }
    }
    return bound.map { PaletteCommand($0) } + console.options.templates.commands
      + freeCommands(in: console)
      + (hasHold ? [] : [holdCommand(in: console)]) + lineCommands
      + console.options.themes.map { name in
        PaletteCommand("theme \(name)", "Paint in the theme \(name)", CommonAction.setTheme(name))
      }
  }

  /// Commands that have no key of their own, or none here.
  private static func freeCommands(in console: ConsoleState) -> [PaletteCommand] {
    ChangeCommand.bindings.map { PaletteCommand($0.word, $0.help, $0.action) } + [
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
        "tour",
        console.context.tour == nil
          ? "Be shown around the sample bank, with the keys to press" : "Leave the tour",
        TourAction()),
      MouseAction.command(in: console),
      PaletteCommand(
        "print slip", "Print the slip of the selected entry, or of the last one",
        SlipAction.printSelected),
      PaletteCommand(
        ReconcileScreen.starting.word, ReconcileScreen.starting.help, CommonAction.reconcile),
    ]
  }

  private static func holdCommand(in console: ConsoleState) -> PaletteCommand {
    let isHeld = console.context.isHeld
    return PaletteCommand(
      isHeld ? "unhold" : "hold",
      isHeld ? "End the hold, and give the bank back" : "Hold the bank: keep it away on purpose",
      CommonAction.toggleHold)
  }

  /// What begins a line of which the rest is typed.
  private static let lineCommands: [PaletteCommand] = [
    PaletteCommand(
      "receipt of", "receipt NUMBER: show the receipt of an entry, such as till-1/0024",
      CommonAction.commands("receipt ")),
    PaletteCommand("goto", "goto NUMBER: open an account", CommonAction.commands("goto ")),
    PaletteCommand(
      "d", "d ACCOUNT AMOUNT MEMO: a whole deposit at once", CommonAction.commands("d ")),
    PaletteCommand(
      "w", "w ACCOUNT AMOUNT MEMO: a whole withdrawal at once", CommonAction.commands("w ")),
    PaletteCommand(
      "t", "t FROM TO AMOUNT MEMO: a whole transfer at once", CommonAction.commands("t ")),
  ]
}

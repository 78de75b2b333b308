import BankCore
import Screen

/// The keys that mean the same on every screen.
enum CommonKeys {
  static let onScreens: [Binding] =
    entering.map { $0.of(.entries) } + arranging.map { $0.of(.lists) }
    + finding.map { $0.of(.rest) }
    + moving.map { $0.of(.moving) } + screens.map { $0.of(.screens) } + leaving

  /// Keys that act even while a field takes text.
  static let everywhere: [Binding] =
    [
      Binding(
        .control("p"), word: "commands", help: "Find a command by its name, and run it",
        footer: .absent, isInPalette: false, CommonAction.commands("")
      ).of(.rest),
      help(.function(1), footer: .absent).of(.rest),
    ] + leaving

  /// Of the screen, or of the panel over it.
  static func help(_ keys: Key..., footer: FooterRank = .normal) -> Binding {
    Binding(
      keys: keys, word: "help", help: "Show the keys that act here", footer: footer,
      action: CommonAction.help)
  }

  /// The keys of a field or a panel, and after them those that act everywhere.
  static func following(_ own: [Binding]) -> [Binding] { (own + everywhere).withoutShadowed }

  /// Keys that act in the palette too.
  static let leaving: [Binding] = leavingKeys.map { $0.of(.rest) }

  private static let leavingKeys: [Binding] = [
    Binding(
      .control("l"), word: "redraw", help: "Redraw the whole screen", footer: .absent,
      CommonAction.redraw),
    Binding(
      .control("z"), word: "suspend", help: "Suspend Daybook and return to the shell",
      footer: .absent,
      CommonAction.suspend),
    Binding(
      .control("c"), word: "quit", help: "Leave Daybook; entries that wait are named first",
      footer: .absent, CommonAction.quit),
  ]

  private static let entering: [Binding] = [
    Binding(
      .character("d"), word: "deposit", help: "Take a deposit to the selected account",
      footer: .common, CommonAction.enter(.deposit)),
    Binding(
      .character("w"), word: "withdraw", help: "Pay out from the selected account",
      footer: .common, CommonAction.enter(.withdrawal)),
    Binding(
      .character("t"), word: "transfer", help: "Move money from the selected account to another",
      footer: .common, CommonAction.enter(.transfer)),
  ]

  private static let arranging: [Binding] = [
    Binding(
      .character("/"), word: "find", help: "Show only the rows that hold what you type",
      footer: .obvious, ListAction.filter),
    Binding(
      .character(">"), word: "sort", help: "Sort by the next column", footer: .obvious,
      ListAction.sort(1)),
    Binding(
      .character("<"), word: "sort back", help: "Sort by the column before", footer: .absent,
      ListAction.sort(-1)),
    Binding(
      .character("="), word: "turn order", help: "Turn the order round", footer: .absent,
      ListAction.turnOrder),
    Binding(
      .character(" "), word: "mark", help: "Mark the row; the marked ones are counted and added up",
      footer: .absent, ListAction.mark),
    Binding(
      .character("*"), word: "mark all",
      help: "Mark all rows that are shown, or take their marks away", footer: .absent,
      ListAction.markAll),
    Binding(
      .character("@"), word: "go to day",
      help: "Go to the first line of a day, or the nearest one before it", footer: .absent,
      ListAction.day),
  ]

  private static let finding: [Binding] = [
    named(
      "commands",
      Binding(
        .character(":"), .control("p"), word: "more",
        help: "Find a command, or type a whole entry", footer: .essential,
        isInPalette: false, CommonAction.commands(""))),
    help(.character("?"), .function(1), footer: .essential),
    named(
      "leave",
      Binding(
        .character("q"), word: "back", help: "Back; on the first screen, leave Daybook",
        footer: .essential, isInPalette: false, CommonAction.backOrQuit)),
    Binding(
      .escape, .left, .character("h"), word: "back",
      help: "Drop the marks, then the filter; then back to the screen before this one",
      footer: .absent, isInPalette: false, CommonAction.back),
    Binding(
      .character("-"), word: "last view", help: "Show the screen that was shown before this one",
      footer: .absent, CommonAction.lastView),
    Binding(
      .character("r"), word: "receipt",
      help: "Show the receipt of the selected entry, or the last one", footer: .absent,
      CommonAction.receipt),
    Binding(
      .control("r"), word: "refresh", help: "Refresh everything on this screen",
      footer: .absent, CommonAction.refresh),
  ]

  private static func named(_ name: String, _ binding: Binding) -> Binding {
    var named = binding
    named.mapName = name
    return named
  }

  private static let moving: [Binding] = [
    motion(.up, .character("k"), word: "up", help: "One row up", .by(-1)),
    motion(.down, .character("j"), word: "down", help: "One row down", .by(1)),
    motion(.pageUp, word: "page up", help: "One screen up", .pages(-1)),
    motion(.pageDown, word: "page down", help: "One screen down", .pages(1)),
    motion(.control("u"), word: "half up", help: "Half a screen up", .halfPages(-1)),
    motion(.control("d"), word: "half down", help: "Half a screen down", .halfPages(1)),
    motion(.character("g"), .home, word: "first", help: "To the first row", .first),
    motion(.character("G"), .end, word: "last", help: "To the last row", .last),
  ]

  /// The arrows alone, for places where letters are text.
  static let arrows: [Binding] = [
    motion(.up, word: "up", help: "One row up", .by(-1)),
    motion(.down, word: "down", help: "One row down", .by(1)),
    motion(.pageUp, word: "page up", help: "One screen up", .pages(-1)),
    motion(.pageDown, word: "page down", help: "One screen down", .pages(1)),
  ]

  private static func motion(
    _ keys: Key..., word: String, help: String, _ motion: Motion
  ) -> Binding {
    Binding(
      keys: keys, word: word, help: help, footer: .absent, isInPalette: false,
      action: CommonAction.move(motion))
  }

  private static let screens: [Binding] = Screens.all.map { screen in
    Binding(
      screen.name.digit, word: screen.word,
      help: "Show screen \(screen.name.rawValue), \(screen.title)",
      footer: .absent, CommonAction.show(screen.name))
  }
}

/// A movement of the selection.
enum Motion: Hashable, Sendable {
  case by(Int)
  case pages(Int)
  case halfPages(Int)
  case first, last

  /// Rows to move by on a screen with room for so many; nil for the ends.
  func distance(rows: Int) -> Int? {
    switch self {
    case .by(let count): count
    case .pages(let count): count * max(1, rows - 1)
    case .halfPages(let count): count * max(1, rows / 2)
    case .first, .last: nil
    }
  }
}

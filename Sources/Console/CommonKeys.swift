import BankCore
import Screen

/// The keys that mean the same on every screen.
enum CommonKeys {
  static let onScreens: [Binding] = entering + finding + moving + screens + leaving

  /// Keys that act even while a field takes text.
  static let everywhere: [Binding] =
    [
      Binding(
        .control("p"), word: "commands", help: "Find a command by its name, and run it",
        footer: .absent, isInPalette: false
      ) { $0.openPalette() }
    ] + leaving

  /// Keys that act in the palette too.
  static let leaving: [Binding] = [
    Binding(
      .control("l"), word: "redraw", help: "Paint the whole screen again", footer: .absent
    ) { _ in [.redraw] },
    Binding(
      .control("z"), word: "suspend", help: "Go back to the shell for a while", footer: .absent
    ) { _ in [.suspend] },
    Binding(
      .control("c"), word: "quit", help: "Leave Daybook, naming what is left behind",
      footer: .absent
    ) { $0.quit() },
  ]

  private static let entering: [Binding] = [
    Binding(
      .character("d"), word: "deposit", help: "Take a deposit to the selected account",
      footer: .common,
      objection: { $0.context.objectionToEntering(.deposit) }
    ) { $0.openForm(.deposit) },
    Binding(
      .character("w"), word: "withdraw", help: "Pay out from the selected account",
      footer: .common,
      objection: { $0.context.objectionToEntering(.withdrawal) }
    ) { $0.openForm(.withdrawal) },
    Binding(
      .character("t"), word: "transfer", help: "Move money from the selected account to another",
      footer: .common,
      objection: { $0.context.objectionToEntering(.transfer) }
    ) { $0.openForm(.transfer) },
  ]

  private static let finding: [Binding] = [
    Binding(
      .character(":"), .control("p"), word: "commands",
      help: "Find a command, or type a whole entry: d 2378 1200 rent", footer: .essential,
      isInPalette: false
    ) { $0.openPalette() },
    Binding(
      .character("?"), word: "help", help: "The keys of this screen", footer: .essential,
      isInPalette: false
    ) { state in
      state.overlay = .help(firstRow: 0)
      return []
    },
    Binding(
      .character("q"), word: "back", help: "Back; on the first screen, leave Daybook",
      footer: .essential,
      isInPalette: false
    ) { $0.goBackOrQuit() },
    Binding(
      .escape, .left, .character("h"), word: "back", help: "Back to the screen before this one",
      footer: .absent, isInPalette: false,
      objection: { $0.screen == .accounts ? "This is the first screen; q leaves Daybook." : nil }
    ) { $0.goBack() },
    Binding(
      .character("r"), word: "receipt",
      help: "The receipt of the selected entry, or the last one", footer: .absent,
      objection: { $0.objectionToReceipt }
    ) { $0.showReceipt() },
    Binding(
      .control("r"), word: "refresh", help: "Read everything on this screen again",
      footer: .absent
    ) { $0.refreshByHand() },
  ]

  private static let moving: [Binding] = [
    motion(.up, .character("k"), word: "up", help: "One row up", .by(-1)),
    motion(.down, .character("j"), word: "down", help: "One row down", .by(1)),
    motion(.pageUp, word: "page up", help: "One screen up", .pages(-1)),
    motion(.pageDown, .character(" "), word: "page down", help: "One screen down", .pages(1)),
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
    Binding(keys: keys, word: word, help: help, footer: .absent, isInPalette: false) {
      $0.move(motion)
    }
  }

  private static let screens: [Binding] = [
    screen(.accounts, "accounts"), screen(.account, "account"), screen(.journal, "journal"),
    screen(.ledger, "manual ledger"), screen(.reconcile, "reconcile"),
    screen(.connection, "connection"), screen(.outages, "outages"),
  ]

  private static func screen(_ name: ScreenName, _ word: String) -> Binding {
    Binding(name.digit, word: word, help: "Show screen \(name.rawValue)", footer: .absent) {
      $0.show(name)
    }
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

extension ConsoleState {
  /// The account that `d`, `w` and `t` are about.
  var selectedAccount: AccountView? {
    switch screen {
    case .accounts: accounts.isOutdated ? nil : accounts.list.selectedElement
    case .account: account.view
    default: nil
    }
  }

  /// The entry that is selected on this screen.
  var selectedEntry: EntryID? {
    switch screen {
    case .account: account.list.selected
    case .journal: journal.list.selected
    case .ledger: ledger.list.selected
    case .reconcile: reconcile.selectedEntry
    case .accounts, .connection, .outages: nil
    }
  }

  var objectionToReceipt: String? {
    selectedEntry == nil && captures.last == nil
      ? "No entry is selected, and none was captured since this console opened." : nil
  }

  mutating func showReceipt() -> [Effect] {
    guard let entry = selectedEntry ?? captures.last?.receipt?.entry.id else {
      overlay = captures.last.map { .outcome(serial: $0.serial) }
      return []
    }
    return [ask(.receipt(entry), for: .receipt)]
  }

  /// `ctrl-r`: reads the screen again, and looks for the bank where it is away.
  mutating func refreshByHand() -> [Effect] {
    let probe =
      status.mode == .online ? [] : [ask(.probe, for: .control("Looked for the bank just now."))]
    return probe + refresh()
  }

  mutating func move(_ motion: Motion) -> [Effect] {
    switch screen {
    case .accounts: moveInAccounts(motion)
    case .account: moveInAccount(motion)
    case .journal: moveInJournal(motion)
    case .ledger: moveInLedger(motion)
    case .reconcile: moveInReconcile(motion)
    case .connection: moveInConnection(motion)
    case .outages: change(OutagesScreen.self) { $0.move(motion, &$1) }
    }
  }

  /// Rows of the present screen's list.
  func listRows(_ area: Area) -> Int { Table.visibleRows(in: area) }
}

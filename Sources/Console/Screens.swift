import Screen

/// The screens there are; the raw value is the digit that shows one.
enum ScreenName: Int, Hashable, Sendable, CaseIterable {
  case accounts = 1
  case account, journal, ledger, reconcile, connection, outages

  var digit: Key { .character(Character(String(rawValue))) }
}

/// One line of the table of screens.
struct ScreenDefinition: Sendable {
  let name: ScreenName
  let title: String
  /// What the screen is for, above its keys in the help.
  let about: String
  let bindings: [Binding]
  /// Reads what the screen shows, again.
  let load: @Sendable (inout ConsoleState) -> [Effect]
  let paint: @Sendable (ConsoleState, inout Frame, Area) -> Void
}

extension ScreenDefinition {
  init<S: ScreenModel>(_ type: S.Type) {
    self.init(
      name: S.name, title: S.title, about: S.about, bindings: S.bindings,
      load: { $0.change(S.self) { $0.load(&$1) } },
      paint: { $0[S.self].paint(on: &$1, in: $2, $0.context) })
  }
}

/// The table of screens: the only place that lists them. Dispatch, footer, help and palette are
/// made from it.
enum Screens {
  static let all: [ScreenDefinition] = [
    ScreenDefinition(
      name: .accounts, title: "Accounts",
      about: "The customers' accounts by number. / finds by the beginnings of words of the "
        + "holder's name or of the number; accents do not matter.",
      bindings: AccountsScreen.bindings, load: { $0.loadAccounts() },
      paint: { $0.paintAccounts(on: &$1, in: $2) }),
    ScreenDefinition(
      name: .account, title: "Account",
      about: "One account: what is booked, newest first, with the balance after each line, and "
        + "above it what still waits in the manual ledger.",
      bindings: AccountScreen.bindings, load: { $0.loadAccount() },
      paint: { $0.paintAccount(on: &$1, in: $2) }),
    ScreenDefinition(
      name: .journal, title: "Journal",
      about: "Every transaction of the bank, newest first, as it was booked.",
      bindings: JournalScreen.bindings, load: { $0.loadJournal() },
      paint: { $0.paintJournal(on: &$1, in: $2) }),
    ScreenDefinition(
      name: .ledger, title: "Manual ledger",
      about: "What this terminal has written down, newest first, and what has become of it.",
      bindings: LedgerScreen.bindings, load: { $0.loadLedger() },
      paint: { $0.paintLedger(on: &$1, in: $2) }),
    ScreenDefinition(
      name: .reconcile, title: "Reconcile",
      about: "Above: whether all that was captured is accounted for. Below: what would become of "
        + "each waiting entry, and the exceptions that a person must settle.",
      bindings: ReconcileScreen.bindings, load: { $0.loadReconcile() },
      paint: { $0.paintReconcile(on: &$1, in: $2) }),
    ScreenDefinition(
      name: .connection, title: "Connection",
      about: "What stands between this console and its bank, and what to do about it. While the "
        + "bank is away each layer is examined by itself, over a connection of its own.",
      bindings: ConnectionScreen.bindings, load: { $0.loadConnection() },
      paint: { $0.paintConnection(on: &$1, in: $2) }),
    ScreenDefinition(OutagesScreen.self),
  ]

  private static let byName: [ScreenName: ScreenDefinition] = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  static func definition(_ name: ScreenName) -> ScreenDefinition {
    byName[name] ?? all[0]
  }

  /// The bindings that act in a context, the nearest first.
  static func bindings(in context: KeyContext) -> [Binding] { tables[context] ?? [] }

  private static let tables: [KeyContext: [Binding]] = {
    let contexts =
      ScreenName.allCases.map(KeyContext.screen) + [
        .filter, .form, .review, .supervisor, .help, .palette, .settle, .note, .change, .question,
      ]
    return Dictionary(
      contexts.map { ($0, withoutShadowed(allBindings(in: $0))) },
      uniquingKeysWith: { first, _ in first })
  }()

  private static func allBindings(in context: KeyContext) -> [Binding] {
    switch context {
    case .screen(let name) where name == .accounts || name == .account:
      definition(name).bindings + CommonKeys.onScreens + ChangePanel.commands
    case .screen(let name): definition(name).bindings + CommonKeys.onScreens
    case .filter: AccountsScreen.filterBindings + CommonKeys.everywhere
    case .form: EntryForm.bindings + CommonKeys.everywhere
    case .review: ReviewPanel.bindings + CommonKeys.everywhere
    case .supervisor: ReviewPanel.supervisorBindings + CommonKeys.everywhere
    case .help: HelpPanel.bindings + CommonKeys.everywhere
    case .palette: Palette.bindings + CommonKeys.leaving
    case .settle: SettlePanel.bindings + CommonKeys.everywhere
    case .note: NotePanel.bindings + CommonKeys.everywhere
    case .change: ChangePanel.bindings + CommonKeys.everywhere
    case .question: Confirmation.bindings + CommonKeys.everywhere
    }
  }

  // A key that a nearer binding takes is not listed again: footer and help would promise two
  // things of it.
  private static func withoutShadowed(_ bindings: [Binding]) -> [Binding] {
    var taken: Set<Key> = []
    return bindings.compactMap { binding in
      let free = binding.keys.filter { taken.insert($0).inserted }
      return free.isEmpty ? nil : binding.with(keys: free)
    }
  }

  /// On a screen too small to show anything, only leaving and repainting make sense.
  static func worksWhenTooSmall(_ key: Key) -> Bool {
    switch key {
    case .control("c"), .control("l"), .control("z"): true
    default: false
    }
  }
}

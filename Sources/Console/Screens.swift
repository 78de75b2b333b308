import Screen

/// Which screen; the raw value is the digit that shows it.
struct ScreenName: RawRepresentable, Hashable, Sendable {
  let rawValue: Int

  var digit: Key { .character(Character(String(rawValue))) }
}

/// The table of screens: the only place that lists them. Dispatch, footer, help and palette are
/// made from it.
enum Screens {
  static let all: [any ScreenModel.Type] = [
    AccountsScreen.self, AccountScreen.self, JournalScreen.self, LedgerScreen.self,
    ReconcileScreen.self, ConnectionScreen.self, OutagesScreen.self,
  ]

  static func definition(_ name: ScreenName) -> any ScreenModel.Type {
    all.first { $0.name == name } ?? all[0]
  }

  /// The bindings that act in a context, the nearest first.
  static func bindings(in context: KeyContext) -> [Binding] { tables[context] ?? [] }

  private static let tables: [KeyContext: [Binding]] = {
    let contexts =
      all.map { KeyContext.screen($0.name) } + [
        .form, .review, .supervisor, .help, .palette, .settle, .note, .change, .question,
      ]
    return Dictionary(
      contexts.map { ($0, withoutShadowed(allBindings(in: $0))) },
      uniquingKeysWith: { first, _ in first })
  }()

  private static func allBindings(in context: KeyContext) -> [Binding] {
    switch context {
    case .screen(let name):
      definition(name).bindings + CommonKeys.onScreens + definition(name).furtherBindings
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
  static func withoutShadowed(_ bindings: [Binding]) -> [Binding] {
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
